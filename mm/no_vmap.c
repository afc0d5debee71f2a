/* SPDX-License-Identifier: MIT */
/*
 * Kernel virtual mappings, where the architecture has no page tables for them: device memory is where
 * a fixed window shows it (device_to_virt in asm/page.h), and stacks are pages of the direct map.
 *
 * A stack has no guard page, so its lowest word is a guard that nobody may write, and stack_check
 * compares. That sees a stack that ran over after it happened, and only if it wrote just there; a
 * function with a large frame can step over it. It costs nothing where nobody looks.
 */
#include <asm/page.h>
#include <tessera/kernel.h>
#include <tessera/page.h>
#include <tessera/vmap.h>

void *vmap_device(phys_addr_t address, size_t size)
{
	phys_addr_t last = address + size - 1;

	if (size == 0 || last < address || !device_to_virt(last))
		return NULL;
	return device_to_virt(address);
}

void vunmap_device(void *address)
{
	(void)address;
}

void *stack_alloc(size_t size)
{
	struct page *page;
	uint32_t *stack;

	ASSERT(size && IS_ALIGNED(size, PAGE_SIZE));
	page = page_alloc(size / PAGE_SIZE, 1, 0);
	if (!page)
		return NULL;
	stack = page_address(page);
	*stack = STACK_GUARD_WORD;
	return stack;
}

void stack_free(void *stack, size_t size)
{
	page_free(virt_to_page(stack), size / PAGE_SIZE);
}

bool stack_check(const void *stack)
{
	return *(const volatile uint32_t *)stack == STACK_GUARD_WORD;
}

bool stack_is_guard(uintptr_t address)
{
	(void)address;
	return false;
}
