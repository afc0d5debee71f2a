/* SPDX-License-Identifier: MIT */
#include <tessera/asm_offsets.h>

struct pair {
	long first;
	long second;
};

void asm_offsets(void)
{
	DEFINE(PAIR_SIZE, sizeof(struct pair));
	DEFINE(MINUS_ONE, -1);
	OFFSET(PAIR_SECOND, pair, second);
}
