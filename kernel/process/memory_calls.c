// SPDX-License-Identifier: MIT
/*
 * mmap and its relatives: the ABI's flags turned into areas (address_space.h), nothing more. Flags
 * that only give advice (MAP_NORESERVE, MAP_STACK, MAP_POPULATE, ...) are accepted and change
 * nothing.
 */
#include <tessera/errno.h>
#include <tessera/mman.h>
#include <tessera/sched.h>
#include <tessera/system_calls.h>

#include "life.h"

_Static_assert(PROT_READ == AREA_READ && PROT_WRITE == AREA_WRITE && PROT_EXEC == AREA_EXECUTE,
	       "PROT_... are AREA_...");

/* A program on its way here counts on the page that it touches first being zero, so what is only
 * reserved costs nothing but the area. */
static unsigned area_flags(unsigned long access, unsigned long flags)
{
	unsigned result = access & AREA_ACCESS;

	if (flags & MAP_SHARED)
		result |= AREA_SHARED;
	if (flags & MAP_GROWSDOWN)
		result |= AREA_GROWS;
	return result;
}

static unsigned how(unsigned long flags)
{
	return flags & MAP_FIXED_NOREPLACE ? SPACE_FIXED | SPACE_NOREPLACE
	       : flags & MAP_FIXED	   ? SPACE_FIXED
					   : 0;
}

static long map_file(unsigned long address, unsigned long length, unsigned long access,
		     unsigned long flags, int descriptor, unsigned long offset)
{
	struct file *file = descriptor_get(descriptor);
	struct area_source *source;
	long result;

	if (!file)
		return -EBADF;
	source = file->operations->map ? file->operations->map(file) : NULL;
	file_put(file);
	if (!source)
		return -ENODEV;
	result = space_map_source(current_process()->space, address, length,
				  area_flags(access, flags), how(flags), source, offset, SIZE_MAX);
	source_put(source);
	return result;
}

static long map(unsigned long address, unsigned long length, unsigned long access,
		unsigned long flags, unsigned long descriptor, unsigned long offset)
{
	unsigned long type = flags & MAP_TYPE;

	if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS))
		return map_file(address, length, access, flags, (int)descriptor, offset);
	return space_map(current_process()->space, address, length, area_flags(access, flags),
			 how(flags));
}

long sys_mmap(unsigned long address, unsigned long length, unsigned long access,
	      unsigned long flags, unsigned long descriptor, unsigned long offset)
{
	if (offset % PAGE_SIZE)
		return -EINVAL;
	return map(address, length, access, flags, descriptor, offset);
}

/* The offset is in units of 4096 bytes, whatever the size of a page. */
long sys_mmap2(unsigned long address, unsigned long length, unsigned long access,
	       unsigned long flags, unsigned long descriptor, unsigned long page_offset)
{
	if (page_offset > SIZE_MAX / 4096 || page_offset * 4096 % PAGE_SIZE)
		return flags & MAP_ANONYMOUS ? -EINVAL : -EOVERFLOW;
	return map(address, length, access, flags, descriptor, page_offset * 4096);
}

long sys_munmap(unsigned long address, unsigned long length)
{
	return space_unmap(current_process()->space, address, length);
}

long sys_mprotect(unsigned long address, unsigned long length, unsigned long access)
{
	if (access & ~(unsigned long)(AREA_ACCESS | PROT_GROWSDOWN | PROT_GROWSUP))
		return -EINVAL;
	return space_protect(current_process()->space, address, length, access & AREA_ACCESS);
}

long sys_madvise(unsigned long address, unsigned long length, unsigned long advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_FREE: /* may keep the content, need not */
		return space_discard(current_process()->space, address, length);
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
		return address % PAGE_SIZE ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

long sys_brk(unsigned long end)
{
	return (long)space_break(current_process()->space, end);
}

/* Makes the range at `old` longer if it is the end of a private anonymous area and the addresses behind
 * it are free. */
static long grow_in_place(struct address_space *space, uintptr_t old, size_t old_size,
			  size_t new_size)
{
	unsigned flags = 0;
	struct area *area;
	int error = 0;
	long result;

	sched_hold();
	area = space_find(space, old);
	if (!area || area->end < old + old_size)
		error = -EFAULT;
	else if (area->end != old + old_size || area->source)
		error = -ENOMEM;
	else
		flags = area->flags;
	sched_release();
	if (error)
		return error;
	result = space_map(space, old + old_size, new_size - old_size, flags,
			   SPACE_FIXED | SPACE_NOREPLACE);
	return space_failed(result) ? -ENOMEM : (long)old;
}

/* Moving is not supported: whoever allows it (malloc) copies by himself when he gets -ENOMEM. */
long sys_mremap(unsigned long old, unsigned long old_size, unsigned long new_size,
		unsigned long flags, unsigned long new_address)
{
	struct address_space *space = current_process()->space;
	int error;

	if (flags & ~(unsigned long)MREMAP_MAYMOVE || old % PAGE_SIZE || !new_size || !old_size ||
	    old >= USER_END || old_size > USER_END - old)
		return -EINVAL;
	if (new_size > USER_END)
		return -ENOMEM;
	old_size = ALIGN_UP(old_size, PAGE_SIZE);
	new_size = ALIGN_UP(new_size, PAGE_SIZE);
	if (new_size > old_size)
		return grow_in_place(space, old, old_size, new_size);
	error = old_size > new_size ? space_unmap(space, old + new_size, old_size - new_size) : 0;
	return error ? error : (long)old;
}
