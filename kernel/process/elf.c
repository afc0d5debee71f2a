// SPDX-License-Identifier: MIT
/*
 * ELF files. Nothing in a file is believed: every offset, size and address is checked here, against
 * the file and against user space, before anything is mapped; so what elf_map does can fail for lack
 * of memory only. Each segment becomes one area that shows the file's bytes and zeros behind them,
 * and pages are filled when they are touched: starting a large program costs no more than a
 * small one.
 *
 * Understood are static programs, at fixed addresses (ET_EXEC) or anywhere (ET_DYN without an
 * interpreter: static-pie; they are put at a fixed place too). Segments may not share a page.
 */
#include <asm/user.h>
#include <tessera/errno.h>
#include <tessera/string.h>

#include "elf.h"

#define ET_EXEC	     2
#define ET_DYN	     3
#define PT_LOAD	     1
#define PT_INTERP    3
#define PT_GNU_STACK 0x6474e551
#define PF_X	     1
#define PF_W	     2
#define PF_R	     4

#define EI_CLASS   4
#define EI_DATA	   5
#define EI_VERSION 6

#define SEGMENTS_MAX 64

/* Where a program that can run anywhere is put: far from what others grow towards. */
#define DYN_BIAS ALIGN_DOWN((uintptr_t)(USER_END / 4), (uintptr_t)0x10000)

static bool header_is_good(const struct elf_header *header, size_t size)
{
	return memcmp(header->ident, "\177ELF", 4) == 0 &&
	       header->ident[EI_CLASS] == USER_ELF_CLASS &&
	       header->ident[EI_DATA] == USER_ELF_DATA && header->ident[EI_VERSION] == 1 &&
	       header->version == 1 && header->machine == USER_ELF_MACHINE &&
	       (header->type == ET_EXEC || header->type == ET_DYN) &&
	       header->phentsize == sizeof(struct elf_segment) && header->phnum > 0 &&
	       header->phnum <= SEGMENTS_MAX && header->phoff <= size &&
	       header->phnum * sizeof(struct elf_segment) <= size - header->phoff;
}

/* The n-th program header; files need not align them. */
static struct elf_segment segment_at(const struct elf_image *image, unsigned n)
{
	struct elf_segment segment;

	memcpy(&segment,
	       (const char *)image->file->bytes + image->header.phoff + n * sizeof(segment),
	       sizeof(segment));
	return segment;
}

static uintptr_t page_down(uintptr_t address)
{
	return ALIGN_DOWN(address, (uintptr_t)PAGE_SIZE);
}

static uintptr_t page_up(uintptr_t address)
{
	return ALIGN_UP(address, (uintptr_t)PAGE_SIZE);
}

/* Whether a segment lies in the file, in user space, and above those before it. */
static bool segment_is_good(const struct elf_image *image, const struct elf_segment *segment)
{
	uintptr_t start = segment->vaddr + image->bias;
	size_t size = image->file->size;

	if (segment->filesz > segment->memsz || segment->offset > size ||
	    segment->filesz > size - segment->offset)
		return false;
	if (start < segment->vaddr || start < USER_START || start > USER_STACK_TOP ||
	    segment->memsz > USER_STACK_TOP - start)
		return false;
	return (start - segment->offset) % PAGE_SIZE == 0 && page_down(start) >= image->end;
}

/* Takes note of one PT_LOAD segment. False: it is broken. */
static bool note_segment(struct elf_image *image, const struct elf_segment *segment)
{
	const struct elf_header *header = &image->header;
	uintptr_t start = segment->vaddr + image->bias;
	size_t headers_end = header->phoff + header->phnum * sizeof(struct elf_segment);

	if (!segment->memsz)
		return true;
	if (!segment_is_good(image, segment))
		return false;
	if (header->phoff >= segment->offset && headers_end <= segment->offset + segment->filesz)
		image->headers = start + (header->phoff - segment->offset);
	if (segment->flags & PF_X && header->entry - segment->vaddr < segment->memsz)
		image->entry = header->entry + image->bias;
	image->end = page_up(start + segment->memsz);
	return true;
}

int elf_check(const struct executable *file, struct elf_image *image)
{
	memset(image, 0, sizeof(*image));
	image->file = file;
	if (file->size < sizeof(image->header))
		return -ENOEXEC;
	memcpy(&image->header, file->bytes, sizeof(image->header));
	if (!header_is_good(&image->header, file->size))
		return -ENOEXEC;
	image->bias = image->header.type == ET_DYN ? DYN_BIAS : 0;
	for (unsigned i = 0; i < image->header.phnum; i++) {
		struct elf_segment segment = segment_at(image, i);

		if (segment.type == PT_INTERP)
			return -ENOEXEC;
		if (segment.type == PT_GNU_STACK)
			image->executable_stack = segment.flags & PF_X;
		if (segment.type == PT_LOAD && !note_segment(image, &segment))
			return -ENOEXEC;
	}
	return image->entry ? 0 : -ENOEXEC;
}

static unsigned segment_access(const struct elf_segment *segment)
{
	return (segment->flags & PF_R ? AREA_READ : 0) | (segment->flags & PF_W ? AREA_WRITE : 0) |
	       (segment->flags & PF_X ? AREA_EXECUTE : 0);
}

int elf_map(const struct elf_image *image, struct address_space *space)
{
	for (unsigned i = 0; i < image->header.phnum; i++) {
		struct elf_segment segment = segment_at(image, i);
		uintptr_t start = segment.vaddr + image->bias;
		size_t before = start % PAGE_SIZE; /* of the first page */
		long result;

		if (segment.type != PT_LOAD || !segment.memsz)
			continue;
		if (segment.filesz)
			result = space_map_source(space, start - before, segment.memsz + before,
						  segment_access(&segment), SPACE_FIXED,
						  image->file->source, segment.offset - before,
						  segment.filesz + before);
		else
			result = space_map(space, start - before, segment.memsz + before,
					   segment_access(&segment), SPACE_FIXED);
		if (space_failed(result))
			return (int)result;
	}
	return 0;
}
