/* SPDX-License-Identifier: MIT */
/*
 * Address to function name: a binary search for the last function that starts at or before the
 * address. The table holds no function sizes, so padding between two functions counts as part
 * of the first.
 */
#include <tessera/linker.h>
#include <tessera/symbols.h>

const char *symbol_lookup(uintptr_t address, size_t *offset)
{
	uintptr_t start = (uintptr_t)__text_start;
	uint32_t low = 0, high = kernel_symbol_count;

	if (address < start || address >= (uintptr_t)__text_end)
		return NULL;

	/* Functions before `low` start at or before the address, those from `high` on after it. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (kernel_symbol_offsets[middle] <= address - start)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	*offset = address - start - kernel_symbol_offsets[low - 1];
	return kernel_symbol_names + kernel_symbol_name_offsets[low - 1];
}
