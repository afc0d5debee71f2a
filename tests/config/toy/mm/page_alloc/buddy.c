/* SPDX-License-Identifier: MIT */
#include "toy.h"

int page_alloc(void)
{
	return CONFIG_PAGE_BUDDY_MAX_ORDER + ticks();
}
