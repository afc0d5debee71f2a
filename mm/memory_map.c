/* SPDX-License-Identifier: MIT */
/*
 * The physical memory map and the boot allocator.
 *
 * Theory of operation. The map is a table of ranges, sorted and disjoint from the first entry on,
 * and everything that happens to memory before the page allocator stands is one operation on it:
 * painting a range with a type, where the less usable type wins. What the firmware reports is
 * painted; so is the kernel image, what boot_alloc gives out, and what lies above the limit.
 * Neighbours of the same type and name become one entry. So the order of the reports does not
 * matter, and free memory is simply what is still painted usable.
 *
 * When the table is full, memory is given up, never safety: a range that splits another one keeps
 * only the larger remainder of it, and from then on no usable memory is entered.
 *
 * Cost: O(n) for each operation and n entries; n is about ten on real machines. What it does badly:
 * boot_alloc'ed memory is never freed.
 */
#include <asm/page.h>
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>

#define LOG_TAG "memory"

#define ADDRESS_TOP (~(phys_addr_t)0) /* the last byte is never ours */

struct memory_map memory_map;
phys_addr_t boot_alloc_limit = ADDRESS_TOP;

static bool boot_alloc_open;

/* ---- The table ---- */

static void remove_at(struct memory_map *map, unsigned i)
{
	map->count--;
	for (; i < map->count; i++)
		map->ranges[i] = map->ranges[i + 1];
}

static bool insert_at(struct memory_map *map, unsigned i, phys_addr_t base, phys_addr_t end,
		      enum memory_type type, const char *name)
{
	if (map->count == MEMORY_RANGES_MAX) {
		map->full = true;
		return false;
	}
	for (unsigned k = map->count++; k > i; k--)
		map->ranges[k] = map->ranges[k - 1];
	map->ranges[i] = (struct memory_range){ base, end, type, name };
	return true;
}

/* Takes [base, end) out of entry i, where they overlap. Gives the index of what follows the gap. */
static unsigned cut_out(struct memory_map *map, unsigned i, phys_addr_t base, phys_addr_t end)
{
	struct memory_range *range = &map->ranges[i];
	phys_addr_t low = range->base, high = range->end;
	bool left = low < base;
	bool right = end < high;

	if (!left && !right) {
		remove_at(map, i);
		return i;
	}
	if (left && right && !insert_at(map, i + 1, end, high, range->type, range->name)) {
		left = base - low >= high - end;
		right = !left;
	}
	if (left)
		range->end = base;
	else
		range->base = end;
	return left ? i + 1 : i;
}

/* Makes entries from `i` to `last` one with the entry before them where they touch and are alike. */
static void merge(struct memory_map *map, unsigned i, unsigned last)
{
	i += i == 0;
	while (i <= last && i < map->count) {
		struct memory_range *below = &map->ranges[i - 1], *range = &map->ranges[i];

		if (below->end == range->base && below->type == range->type &&
		    below->name == range->name) {
			below->end = range->end;
			remove_at(map, i);
			last--;
		} else {
			i++;
		}
	}
}

/* What boot_alloc mostly does: an entry of this kind takes [base, end) from the more usable entry
 * `i` above it, and neither comes nor goes. */
static bool grow(struct memory_map *map, unsigned i, phys_addr_t base, phys_addr_t end,
		 enum memory_type type, const char *name)
{
	struct memory_range *range = &map->ranges[i], *below = range - 1;

	if (i == 0 || below->name != name || below->type != type || range->type >= type ||
	    range->base != base || below->end != base || end >= range->end)
		return false;
	below->end = end;
	range->base = end;
	return true;
}

int memory_map_paint(struct memory_map *map, phys_addr_t base, phys_addr_t end,
		     enum memory_type type, const char *name)
{
	phys_addr_t at = base; /* what is below is done */
	bool was_full = map->full, complete;
	unsigned first = 0, i;

	if (base >= end)
		return 0;
	if (was_full && type == MEMORY_USABLE)
		return -ENOSPC;
	/* Most loaders report in ascending order. */
	if (!IS_ENABLED(CONFIG_OPTIMIZE_SIZE) &&
	    (map->count == 0 || map->ranges[map->count - 1].end <= base)) {
		if (!insert_at(map, map->count, base, end, type, name))
			return -ENOSPC;
		merge(map, map->count - 1, map->count - 1);
		return 0;
	}
	while (first < map->count && map->ranges[first].end <= base)
		first++;
	if (!IS_ENABLED(CONFIG_OPTIMIZE_SIZE) && grow(map, first, base, end, type, name))
		return 0;

	/* What is more usable makes room. */
	map->full = false;
	i = first;
	while (i < map->count && map->ranges[i].base < end) {
		if (map->ranges[i].type < type)
			i = cut_out(map, i, base, end);
		else
			i++;
	}
	/* What is left is not: the gaps are ours. */
	for (i = first; at < end; i++) {
		bool last = i == map->count || map->ranges[i].base >= end;
		phys_addr_t gap_end = last ? end : map->ranges[i].base;

		if (gap_end > at && insert_at(map, i, at, gap_end, type, name))
			i++;
		if (last)
			break;
		at = MAX(at, map->ranges[i].end);
	}
	merge(map, first, i);
	complete = !map->full;
	map->full |= was_full;
	return complete ? 0 : -ENOSPC;
}

/* ---- What is reported ---- */

static int report(phys_addr_t base, phys_addr_t end, enum memory_type type, const char *name)
{
	int error = memory_map_paint(&memory_map, base, end, type, name);

	if (error)
		log_warning("more than %u ranges: some memory at %#llx is not used",
			    MEMORY_RANGES_MAX, (unsigned long long)base);
	return error;
}

/* The end of a range, at most the top of the address space. */
static phys_addr_t checked_end(phys_addr_t base, phys_addr_t size)
{
	if (size <= ADDRESS_TOP - base)
		return base + size;
	log_warning("the range of %#llx bytes at %#llx wraps around: cut", (unsigned long long)size,
		    (unsigned long long)base);
	return ADDRESS_TOP;
}

int memory_map_add(phys_addr_t base, phys_addr_t size, enum memory_type type)
{
	return report(base, checked_end(base, size), type, NULL);
}

int memory_map_reserve(phys_addr_t base, phys_addr_t size, const char *name)
{
	phys_addr_t end = checked_end(base, size);

	if (size == 0)
		return 0;
	if (end < ADDRESS_TOP - PAGE_SIZE)
		end = ALIGN_UP(end, PAGE_SIZE);
	return report(ALIGN_DOWN(base, PAGE_SIZE), end, MEMORY_TAKEN, name);
}

/* ---- The finished map ---- */

static bool is_ram(const struct memory_range *range)
{
	return range->type == MEMORY_USABLE || range->type == MEMORY_TAKEN;
}

void memory_map_clip(struct memory_map *map, phys_addr_t limit)
{
	unsigned i = 0;

	while (i < map->count) {
		struct memory_range *range = &map->ranges[i];
		phys_addr_t base = range->base, end = range->end;

		if (is_ram(range) && base >= limit) {
			range->type = MEMORY_UNREACHABLE;
			range->name = NULL;
			merge(map, i, i + 1);
			continue; /* with what is in this place now */
		}
		if (is_ram(range) && end > limit) {
			range->end = limit;
			insert_at(map, i + 1, limit, end, MEMORY_UNREACHABLE, NULL);
			continue;
		}
		if (range->type == MEMORY_USABLE) {
			base = MAX(ALIGN_UP(base, PAGE_SIZE), (phys_addr_t)PAGE_SIZE);
			end = ALIGN_DOWN(end, PAGE_SIZE);
			if (base >= end) {
				remove_at(map, i);
				continue;
			}
			range->base = base;
			range->end = end;
		}
		i++;
	}
}

const char *memory_range_name(const struct memory_range *range)
{
	static const char *const names[] = {
		[MEMORY_USABLE] = "free",
		[MEMORY_TAKEN] = "taken",
		[MEMORY_UNREACHABLE] = "out of reach",
		[MEMORY_ACPI] = "ACPI",
		[MEMORY_RESERVED] = "reserved",
	};

	return range->name ? range->name : names[range->type];
}

void memory_map_finish(phys_addr_t limit)
{
	memory_map_clip(&memory_map, MIN(limit, MEMORY_LIMIT));
	boot_alloc_open = true;

	for (unsigned i = 0; i < memory_map.count; i++) {
		const struct memory_range *range = &memory_map.ranges[i];

		log_at(range->type == MEMORY_UNREACHABLE ? LOG_WARNING : LOG_INFO,
		       "0x%09llx-0x%09llx %s", (unsigned long long)range->base,
		       (unsigned long long)range->end - 1, memory_range_name(range));
	}
}

static phys_addr_t sum(const struct memory_map *map, bool (*counts)(const struct memory_range *))
{
	phys_addr_t bytes = 0;

	for (unsigned i = 0; i < map->count; i++)
		if (counts(&map->ranges[i]))
			bytes += map->ranges[i].end - map->ranges[i].base;
	return bytes;
}

static bool is_unreachable(const struct memory_range *range)
{
	return range->type == MEMORY_UNREACHABLE;
}

phys_addr_t memory_map_usable(void)
{
	return sum(&memory_map, is_ram);
}

phys_addr_t memory_map_unreachable(void)
{
	return sum(&memory_map, is_unreachable);
}

const struct memory_range *memory_map_ranges(unsigned *count)
{
	*count = memory_map.count;
	return memory_map.ranges;
}

phys_addr_t memory_map_end(void)
{
	phys_addr_t end = 0;

	for (unsigned i = 0; i < memory_map.count; i++)
		if (is_ram(&memory_map.ranges[i]))
			end = memory_map.ranges[i].end;
	return end;
}

void memory_map_each_free(void (*each)(pfn_t first, pfn_t count, void *arg), void *arg)
{
	for (unsigned i = 0; i < memory_map.count; i++) {
		const struct memory_range *range = &memory_map.ranges[i];

		if (range->type == MEMORY_USABLE)
			each((pfn_t)(range->base >> PAGE_SHIFT),
			     (pfn_t)((range->end - range->base) >> PAGE_SHIFT), arg);
	}
}

/* ---- The boot allocator ---- */

phys_addr_t memory_map_find(const struct memory_map *map, phys_addr_t size, phys_addr_t align,
			    phys_addr_t limit)
{
	for (unsigned i = 0; i < map->count; i++) {
		const struct memory_range *range = &map->ranges[i];
		phys_addr_t base = ALIGN_UP(range->base, align), end = MIN(range->end, limit);

		if (range->type == MEMORY_USABLE && base < end && end - base >= size)
			return base;
	}
	return 0;
}

void *boot_alloc(size_t size, size_t align)
{
	phys_addr_t bytes = ALIGN_UP((phys_addr_t)size, PAGE_SIZE);
	phys_addr_t base;

	if (!boot_alloc_open)
		panic("boot_alloc (%zu bytes) before memory_map_finish or after page_init", size);
	base = memory_map_find(&memory_map, bytes, MAX(align, (size_t)PAGE_SIZE), boot_alloc_limit);
	if (!base)
		boot_fail("too little memory: start-up needs %lu KiB in one piece (aligned to "
			  "%lu KiB); the machine has %lu KiB in all: give it more, or a "
			  "smaller kernel",
			  (unsigned long)(bytes >> 10), (unsigned long)(align >> 10),
			  (unsigned long)(memory_map_usable() >> 10));
	memory_map_paint(&memory_map, base, base + bytes, MEMORY_TAKEN, "start-up");
	return phys_to_virt(base);
}

void memory_map_close(void)
{
	boot_alloc_open = false;
}
