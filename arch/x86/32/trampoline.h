/* SPDX-License-Identifier: MIT */
/* The page at TRAMPOLINE: what a signal handler without restorer returns to. */
#ifndef X86_TRAMPOLINE_H
#define X86_TRAMPOLINE_H

#include <asm/address_space.h>
#include <tessera/types.h>

/* The code, in user_entry.S: of sigreturn, and behind it of rt_sigreturn. */
extern const char trampoline_start[], trampoline_rt[], trampoline_end[];

static inline uint32_t trampoline_sigreturn(void)
{
	return TRAMPOLINE;
}

static inline uint32_t trampoline_rt_sigreturn(void)
{
	return TRAMPOLINE + (uint32_t)(trampoline_rt - trampoline_start);
}

#endif
