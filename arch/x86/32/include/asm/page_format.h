/* SPDX-License-Identifier: MIT */
/* The page table format of i386: one of two. */
#ifndef ASM_PAGE_FORMAT_H
#define ASM_PAGE_FORMAT_H

#include <asm/cpu.h>
#include <asm/page.h>

#ifdef CONFIG_X86_PAE
#include <asm/page_format_pae.h>
#else
#include <asm/page_format_two_level.h>
#endif

#endif
