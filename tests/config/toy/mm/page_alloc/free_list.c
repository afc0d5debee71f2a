/* SPDX-License-Identifier: MIT */
#include "toy.h"

int page_alloc(void)
{
	return 2;
}
