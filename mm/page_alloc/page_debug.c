/* SPDX-License-Identifier: MIT */
/*
 * DEBUG_PAGE_ALLOC: finds a page_free that is wrong before it does harm.
 *
 * PAGE_LENGTH(count), without any other bit, stands only in the head of an allocated block: it is
 * changed at once when the block is freed, and no variant writes it anywhere else. So one comparison
 * tells whether `first` and `count` are what page_alloc gave. If not, a walk from the beginning of
 * memory finds the block that the page is really in.
 *
 * Who allocated and who freed each page last stands in an array beside the page array. Cost: two
 * words per page, ten instructions per call and three per page.
 */
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>
#include <tessera/symbols.h>

#include "page_debug.h"

struct note {
	const void *allocated_by, *freed_by;
};

static struct note *notes; /* biased, as page_array */
static size_t notes_bytes;

void page_debug_init(pfn_t first, pfn_t end)
{
	size_t frames = end + 1 - first;

	notes_bytes = frames * sizeof(struct note);
	notes = (struct note *)boot_alloc(notes_bytes, sizeof(struct note)) - first;
	memset(notes + first, 0, notes_bytes);
	memset(pfn_to_page(first), 0, frames * sizeof(struct page));
}

size_t page_debug_bytes(void)
{
	return notes_bytes;
}

void page_debug_alloc(struct page *first, size_t count, const void *caller)
{
	struct note *note = notes + page_to_pfn(first);

	first->state = PAGE_LENGTH(count); /* the hot list left PAGE_HOT there */
	for (size_t i = 0; i < count; i++)
		note[i].allocated_by = caller;
}

/* ---- Messages ---- */

struct place {
	char text[64];
};

/* A code address for people. */
static struct place name_place(const void *address)
{
	struct place place;
	size_t offset;
	const char *name = symbol_lookup((uintptr_t)address, &offset);

	if (!address)
		strlcpy(place.text, "nobody", sizeof(place.text));
	else if (name)
		snprintf(place.text, sizeof(place.text), "%s+0x%zx", name, offset);
	else
		snprintf(place.text, sizeof(place.text), "%p", address);
	return place;
}

/* The head of the block that the page is in. */
static struct page *find_head(const struct page *page)
{
	struct page *head = pfn_to_page(page_first_pfn);

	while (head + page_length(head) <= page)
		head += page_length(head);
	return head;
}

static bool is_descriptor(const struct page *page)
{
	return page >= pfn_to_page(page_first_pfn) && page < pfn_to_page(page_end_pfn) &&
	       ((uintptr_t)page - (uintptr_t)page_array) % sizeof(struct page) == 0;
}

#define PAGE_FORMAT "page_free by %s: page %#lx (physical %#llx) "

/* Says what is wrong with a page_free by `caller`. */
static void __noreturn __cold report(struct page *first, size_t count, const void *caller)
{
	const struct place by = name_place(caller);
	const pfn_t pfn = page_to_pfn(first);
	const unsigned long long physical = page_to_phys(first);
	const struct page *head = find_head(first);
	const size_t length = page_length(head);
	const struct place allocator = name_place(notes[pfn].allocated_by);

	if (head->state & PAGE_RESERVED)
		panic(PAGE_FORMAT "never was the page allocator's", by.text, pfn, physical);
	if (head->state & (PAGE_FREE | PAGE_HOT))
		panic(PAGE_FORMAT "is free already: allocated by %s, freed by %s", by.text, pfn,
		      physical, allocator.text, name_place(notes[pfn].freed_by).text);
	if (head != first)
		panic(PAGE_FORMAT "is not the first page: it is number %zu of %zu allocated by %s",
		      by.text, pfn, physical, (size_t)(first - head) + 1, length, allocator.text);
	panic(PAGE_FORMAT "with the wrong count %zu: %zu were allocated by %s", by.text, pfn,
	      physical, count, length, allocator.text);
}

void page_debug_free(struct page *first, size_t count, const void *caller)
{
	struct note *note;

	if (!is_descriptor(first))
		panic("page_free by %s: %p is no page descriptor", name_place(caller).text, first);
	if (count == 0 || first->state != PAGE_LENGTH(count))
		report(first, count, caller);

	note = notes + page_to_pfn(first);
	for (size_t i = 0; i < count; i++)
		note[i].freed_by = caller;
	first->state |= PAGE_HOT;
}
