/* SPDX-License-Identifier: MIT */
#include "toy.h"

#include <tessera/symbols.h>

int main(void)
{
	const char *name = 0;
	size_t offset = 0;

	if (IS_ENABLED(CONFIG_KERNEL_SYMBOLS))
		name = symbol_lookup((uintptr_t)main, &offset);
	return page_alloc() + (name && *name) + (IS_ENABLED(CONFIG_MONITOR) ? monitor() : 0);
}
