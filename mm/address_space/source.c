// SPDX-License-Identifier: MIT
/*
 * Sources: what is behind the areas that are not just zeros. A source keeps each page that was
 * filled from it for the next one who touches it, in any space: shared memory needs that to be
 * shared, and a program that is started again finds its text already there. So the pages of a source
 * are a small page cache whose entries live as long as somebody maps the file.
 *
 * The pages are found in two steps, chunk and page, so that large shared memory of which little is
 * touched costs little: at first 1/512 (1/1024 on 32 bits) of a pointer for each page.
 */
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "space.h"

#define CHUNK_PAGES (PAGE_SIZE / sizeof(struct page *))

size_t source_count, source_page_count;

static size_t source_pages(const struct area_source *source)
{
	return bytes_to_pages(source->size) + (source->size % PAGE_SIZE != 0);
}

static size_t source_chunks(const struct area_source *source)
{
	return (source_pages(source) + CHUNK_PAGES - 1) / CHUNK_PAGES;
}

/* Pages in this chunk: the last one is only as long as it must be. */
static size_t chunk_length(const struct area_source *source, size_t chunk)
{
	return MIN(source_pages(source) - chunk * CHUNK_PAGES, CHUNK_PAGES);
}

struct area_source *source_create(const void *bytes, size_t size)
{
	struct area_source *source = kmalloc(sizeof(*source));

	if (!source)
		return NULL;
	*source = (struct area_source){ .users = 1, .bytes = bytes, .size = size };
	if (size &&
	    !(source->chunks = kzalloc_array(source_chunks(source), sizeof(struct page **)))) {
		kfree(source);
		return NULL;
	}
	spin_lock(&space_lock);
	source_count++;
	spin_unlock(&space_lock);
	return source;
}

struct area_source *source_get(struct area_source *source)
{
	spin_lock(&space_lock);
	source->users++;
	spin_unlock(&space_lock);
	return source;
}

/* Nobody maps the pages any more: each has the one count that the source holds. */
static void chunk_free(struct page **chunk, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!chunk[i])
			continue;
		page_free(chunk[i], 1);
		source_page_count--;
	}
	kfree(chunk);
}

void source_drop(struct area_source *source)
{
	if (--source->users)
		return;
	if (source->release)
		source->release(source);
	for (size_t i = 0; i < source_chunks(source); i++)
		if (source->chunks[i])
			chunk_free(source->chunks[i], chunk_length(source, i));
	kfree(source->chunks);
	kfree(source);
	source_count--;
}

void source_put(struct area_source *source)
{
	spin_lock(&space_lock);
	source_drop(source);
	spin_unlock(&space_lock);
}

void source_fill(const struct area_source *source, size_t offset, size_t end, struct page *page)
{
	char *to = page_address(page);
	size_t n = source->bytes && end > offset ? MIN(end - offset, PAGE_SIZE) : 0;

	if (n == 0) {
		page_clear(to);
		return;
	}
	if (n == PAGE_SIZE) {
		page_copy(to, (const char *)source->bytes + offset);
	} else {
		memcpy(to, (const char *)source->bytes + offset, n);
		memset(to + n, 0, PAGE_SIZE - n);
	}
	page_code_written(to);
}

struct page *source_page(struct area_source *source, size_t offset)
{
	size_t number = bytes_to_pages(offset);
	struct page ***chunk = &source->chunks[number / CHUNK_PAGES], **place;

	if (!*chunk &&
	    !(*chunk = kzalloc_array(chunk_length(source, number / CHUNK_PAGES), sizeof(**chunk))))
		return NULL;
	place = &(*chunk)[number % CHUNK_PAGES];
	if (!*place) {
		if (!(*place = user_page_alloc()))
			return NULL;
		source_fill(source, offset, source->size, *place);
		source_page_count++;
	}
	(*place)->refcount++;
	return *place;
}
