/* SPDX-License-Identifier: MIT */
/*
 * Kernel virtual mappings, where the architecture has page tables for them (ARCH_HAS_VMAP).
 *
 * Theory of operation. The architecture gives a range of addresses (arch_vmap_start to _end) and
 * maps or unmaps single pages in it. Here one descriptor per mapping lies on a list in order of
 * address; what is between two neighbours is free. A mapping takes the lowest gap that is large
 * enough, so page tables stay few and dense. The page below every mapping belongs to it and
 * is never mapped: whatever runs off the low end of a stack, or out of the mapping below, faults.
 *
 * `solid` is the last mapping of the gapless part at the start of the range; no search begins lower.
 * When stacks of one size come and go, the next one fits right there.
 *
 * The pages of a stack need no neighbours in physical memory. They hang on the descriptor by the
 * links in their own, because nobody here could ask the page tables for them.
 *
 * Cost: a search is O(1) while the mappings are solid, O(mappings) at worst; freeing and
 * stack_is_guard walk the list. 48 bytes per mapping (28 on 32-bit machines), and the page tables.
 *
 * What it does badly. With thousands of stacks, freeing one is slow; threads that come and go keep
 * theirs. A guard costs a page of address space, which i386 has little of.
 */
#include <tessera/arch.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/list.h>
#include <tessera/lock.h>
#include <tessera/page.h>
#include <tessera/vmap.h>

struct mapping {
	struct list_node link;	/* on the list of mappings */
	uintptr_t start;	/* the lowest mapped byte; the page below is the guard */
	size_t pages;		/* mapped */
	struct list_node stack; /* the pages of a stack; empty: device memory */
};

/* Protects the list, `solid` and the page tables of the range. Outside the locks of the object and
 * the page allocators. */
static struct spinlock vmap_lock = SPINLOCK_INIT(LOCK_VMAP);
static struct list_node mappings = LIST_INIT(mappings);
static struct list_node *solid = &mappings;

static struct mapping *mapping_at(struct list_node *node)
{
	return list_entry(node, struct mapping, link);
}

/* Where a mapping begins, guard included. Behind the last one is the end of the range. */
static uintptr_t lower_end(struct list_node *node)
{
	return node == &mappings ? arch_vmap_end() : mapping_at(node)->start - PAGE_SIZE;
}

/* The first byte behind a mapping. Before the first one is the start of the range. */
static uintptr_t upper_end(struct list_node *node)
{
	if (node == &mappings)
		return arch_vmap_start();
	return mapping_at(node)->start + mapping_at(node)->pages * PAGE_SIZE;
}

/* Puts a mapping, with its guard, into the lowest gap that is large enough. */
static bool mapping_insert(struct mapping *mapping)
{
	struct list_node *before = solid;

	for (;;) {
		struct list_node *behind = before->next;
		size_t gap = lower_end(behind) - upper_end(before);

		if (gap / PAGE_SIZE > mapping->pages) {
			mapping->start = upper_end(before) + PAGE_SIZE;
			list_add_before(behind, &mapping->link);
			return true;
		}
		if (behind == &mappings)
			return false;
		if (gap == 0 && before == solid)
			solid = behind;
		before = behind;
	}
}

/* A descriptor and addresses for so many pages; none of them is mapped yet. */
static struct mapping *mapping_create(size_t pages)
{
	struct mapping *mapping = kmalloc(sizeof(*mapping));

	if (!mapping)
		return NULL;
	mapping->pages = pages;
	list_init(&mapping->stack);
	if (!mapping_insert(mapping)) {
		kfree(mapping);
		return NULL;
	}
	return mapping;
}

/* Undoes mapping_create, the mapping of the first `mapped` pages, and the allocation of a stack's. */
static void mapping_destroy(struct mapping *mapping, size_t mapped)
{
	struct list_node *node;

	while (mapped--)
		arch_vunmap_page(mapping->start + mapped * PAGE_SIZE);
	while ((node = list_pop_head(&mapping->stack)))
		page_free(list_entry(node, struct page, link), 1);
	if (mapping->start < upper_end(solid))
		solid = mapping->link.prev;
	list_remove(&mapping->link);
	kfree(mapping);
}

/* The mapping whose lowest byte is `start`, which `caller` claims to have been given. */
static struct mapping *mapping_find(uintptr_t start, const char *caller)
{
	list_for_each(node, &mappings)
		if (mapping_at(node)->start == start)
			return mapping_at(node);
	panic("%s: nothing is mapped at %p", caller, (void *)start);
}

void *vmap_device(phys_addr_t address, size_t size)
{
	phys_addr_t last = address + size - 1, first_pfn = address >> PAGE_SHIFT;
	size_t pages = (size_t)((last >> PAGE_SHIFT) - first_pfn) + 1, mapped;
	struct mapping *mapping;
	void *result = NULL;

	if (size == 0 || last < address)
		return NULL;
	spin_lock(&vmap_lock);
	mapping = mapping_create(pages);
	if (!mapping)
		goto out;
	for (mapped = 0; mapped < pages; mapped++) {
		if (arch_vmap_page(mapping->start + mapped * PAGE_SIZE,
				   (first_pfn + mapped) << PAGE_SHIFT, VMAP_WRITE | VMAP_DEVICE)) {
			mapping_destroy(mapping, mapped);
			goto out;
		}
	}
	result = (void *)(mapping->start + (uintptr_t)(address % PAGE_SIZE));
out:
	spin_unlock(&vmap_lock);
	return result;
}

void vunmap_device(void *address)
{
	struct mapping *mapping;

	spin_lock(&vmap_lock);
	mapping = mapping_find(ALIGN_DOWN((uintptr_t)address, PAGE_SIZE), __func__);
	mapping_destroy(mapping, mapping->pages);
	spin_unlock(&vmap_lock);
}

void *stack_alloc(size_t size)
{
	size_t pages = size / PAGE_SIZE, mapped;
	struct mapping *mapping;
	void *result = NULL;

	ASSERT(pages && IS_ALIGNED(size, PAGE_SIZE));
	spin_lock(&vmap_lock);
	mapping = mapping_create(pages);
	if (!mapping)
		goto out;
	for (mapped = 0; mapped < pages; mapped++) {
		struct page *page = page_alloc(1, 1, 0);

		if (page)
			list_add_head(&mapping->stack, &page->link);
		if (!page || arch_vmap_page(mapping->start + mapped * PAGE_SIZE, page_to_phys(page),
					    VMAP_WRITE)) {
			mapping_destroy(mapping, mapped);
			goto out;
		}
	}
	result = (void *)mapping->start;
out:
	spin_unlock(&vmap_lock);
	return result;
}

void stack_free(void *stack, size_t size)
{
	struct mapping *mapping;

	spin_lock(&vmap_lock);
	mapping = mapping_find((uintptr_t)stack, __func__);
	ASSERT(!list_empty(&mapping->stack) && mapping->pages == size / PAGE_SIZE);
	mapping_destroy(mapping, mapping->pages);
	spin_unlock(&vmap_lock);
}

bool stack_check(const void *stack)
{
	(void)stack;
	return true; /* or the guard page would have said so */
}

/* Without the lock: a trap cannot wait for it. */
bool stack_is_guard(uintptr_t address)
{
	list_for_each(node, &mappings)
		if (address - lower_end(node) < PAGE_SIZE)
			return !list_empty(&mapping_at(node)->stack);
	return false;
}
