/* SPDX-License-Identifier: MIT */
/* CONFIG_BASE in a comment makes nobody depend on it. */
#ifndef TOY_H
#define TOY_H

int main(void);
int monitor(void);
int page_alloc(void);

static inline int ticks(void)
{
	return CONFIG_HZ; // and neither does CONFIG_HISTORY here
}

#endif
