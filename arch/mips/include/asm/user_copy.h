/* SPDX-License-Identifier: MIT */
/*
 * Access to user memory (contract: user_copy.h). Every instruction that touches it has an entry in the
 * table `fixups`: where to go on when the access cannot be made (user/trap.c).
 */
#ifndef ASM_USER_COPY_H
#define ASM_USER_COPY_H

#include <asm/user_page.h>
#include <tessera/errno.h>

struct fixup {
	uint32_t access, go_on;
};

size_t user_copy(void *to, const void *from, size_t n);
size_t user_clear(uintptr_t to, size_t n);

#define FIXUP_ENTRY(access, fixup) \
	".pushsection fixups, \"a\"\n\t.word " access ", " fixup "\n\t.popsection\n"

#ifdef CONFIG_CPU_BIG_ENDIAN
#define WORD_FIRST  "0"
#define WORD_SECOND "3"
#else
#define WORD_FIRST  "3"
#define WORD_SECOND "0"
#endif

/* A word may cross USER_END, but not by as much as the kernel's window is long. */
static __always_inline bool user_word(uintptr_t address)
{
	return address >> 22 < USER_END >> 22;
}

/*
 * gcc before 13.3 takes an asm goto with outputs for one that may go when they are not used, and moves
 * the copy of an output in front of it (its bug 113921). The word volatile, and something behind it
 * that cannot be moved either, keep it from that; the test mips_user.address_space_identifiers fails
 * without.
 */
#define asm_goto_output(...)                        \
	do {                                        \
		__asm__ volatile goto(__VA_ARGS__); \
		__asm__ volatile("");               \
	} while (0)

/* lwl and lwr: each loads one half of a word that may be unaligned. */
static __always_inline int user_load_u32(uintptr_t from, uint32_t *value)
{
	uint32_t word;

	if (!user_word(from))
		return -EFAULT;
	asm_goto_output("1: lwl %0, " WORD_FIRST "(%1)\n"
			"2: lwr %0, " WORD_SECOND "(%1)\n" FIXUP_ENTRY("1b", "%l2")
				FIXUP_ENTRY("2b", "%l2")
			: "=&r"(word)
			: "r"(from)
			:
			: fault);
	*value = word;
	return 0;
fault:
	return -EFAULT;
}

static __always_inline int user_store_u32(uintptr_t to, uint32_t value)
{
	if (!user_word(to))
		return -EFAULT;
	__asm__ goto("1: swl %0, " WORD_FIRST "(%1)\n"
		     "2: swr %0, " WORD_SECOND "(%1)\n" FIXUP_ENTRY("1b", "%l2")
			     FIXUP_ENTRY("2b", "%l2")
		     :
		     : "r"(value), "r"(to)
		     : "memory"
		     : fault);
	return 0;
fault:
	return -EFAULT;
}

static __always_inline int user_load_u8(uintptr_t from, uint8_t *value)
{
	uint32_t byte;

	if (!user_word(from))
		return -EFAULT;
	asm_goto_output("1: lbu %0, 0(%1)\n" FIXUP_ENTRY("1b", "%l2")
			: "=r"(byte)
			: "r"(from)
			:
			: fault);
	*value = (uint8_t)byte;
	return 0;
fault:
	return -EFAULT;
}

static __always_inline int user_store_u8(uintptr_t to, uint8_t value)
{
	if (!user_word(to))
		return -EFAULT;
	__asm__ goto("1: sb %0, 0(%1)\n" FIXUP_ENTRY("1b", "%l2")
		     :
		     : "r"(value), "r"(to)
		     : "memory"
		     : fault);
	return 0;
fault:
	return -EFAULT;
}

/* A few bytes may cross USER_END as well. */
static __always_inline int user_store_pair(uintptr_t to, uint32_t first, unsigned long second)
{
	if (!user_word(to))
		return -EFAULT;
	__asm__ goto("1: swl %0, " WORD_FIRST "(%2)\n"
		     "2: swr %0, " WORD_SECOND "(%2)\n"
		     "3: swl %1, 4 + " WORD_FIRST "(%2)\n"
		     "4: swr %1, 4 + " WORD_SECOND "(%2)\n" FIXUP_ENTRY("1b", "%l3")
			     FIXUP_ENTRY("2b", "%l3") FIXUP_ENTRY("3b", "%l3")
				     FIXUP_ENTRY("4b", "%l3")
		     :
		     : "r"(first), "r"(second), "r"(to)
		     : "memory"
		     : fault);
	return 0;
fault:
	return -EFAULT;
}

/* user_copy, called so that the compiler knows what it leaves alone: n, and a few registers more. */
static __always_inline int user_copy_short(void *to, const void *from, unsigned long n)
{
	register void *a0 __asm__("$4") = to;
	register const void *a1 __asm__("$5") = from;
	register unsigned long a2 __asm__("$6") = n;
	register unsigned long left __asm__("$2");

	__asm__ volatile("jal user_copy"
			 : "=r"(left), "+r"(a0), "+r"(a1)
			 : "r"(a2)
			 : "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25",
			   "$31", "memory");
	return left ? -EFAULT : 0;
}

static __always_inline int user_copy_short_from(void *to, uintptr_t from, unsigned long n)
{
	return user_word(from) ? user_copy_short(to, (const void *)from, n) : -EFAULT;
}

static __always_inline int user_copy_short_to(uintptr_t to, const void *from, unsigned long n)
{
	return user_word(to) ? user_copy_short((void *)to, from, n) : -EFAULT;
}

static __always_inline int user_load_word(uintptr_t from, unsigned long *value)
{
	uint32_t word;
	int error = user_load_u32(from, &word);

	if (!error)
		*value = word;
	return error;
}

static __always_inline int user_store_word(uintptr_t to, unsigned long value)
{
	return user_store_u32(to, value);
}

#endif
