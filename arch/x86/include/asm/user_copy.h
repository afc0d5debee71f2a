/* SPDX-License-Identifier: MIT */
/* User memory (tessera/user_copy.h has the contract): user_copy.S of each width, and single words. */
#ifndef ASM_USER_COPY_H
#define ASM_USER_COPY_H

#include <asm/page.h>
#include <asm/user_access.h>
#include <tessera/errno.h>

size_t user_copy(void *to, const void *from, size_t n);
size_t user_clear(uintptr_t to, size_t n);

/* A load that gives -EFAULT where it cannot be; alignment does not matter. */
#ifdef CONFIG_64BIT
/* The so many bytes from here on are the user's, or nobody's: an access to the hole between user and
 * kernel addresses faults, and has an entry in the exception table. */
static __always_inline bool user_bytes(uintptr_t address, size_t size)
{
	return likely((intptr_t)address >= 0);
}
#else
static __always_inline bool user_bytes(uintptr_t address, size_t size)
{
	return likely(address <= USER_END - size);
}
#endif

#define DEFINE_USER_LOAD(name, type)                                                               \
	static __always_inline int name(uintptr_t from, type *value)                               \
	{                                                                                          \
		if (unlikely(!user_bytes(from, sizeof(type))))                                     \
			return -EFAULT;                                                            \
		__asm__ goto volatile(                                                             \
			USER_ACCESS_BEGIN                                                          \
			"1: mov %1, %0\n\t" USER_ACCESS_END EXCEPTION_ENTRY("1b", "%l[fault]")     \
			: "=q"(*value)                                                             \
			: "m"(*(const type *)from)                                                 \
			:                                                                          \
			: fault);                                                                  \
		__asm__ volatile(""); /* gcc before 13.3 moves copies of *value up (bug 113921) */ \
		return 0;                                                                          \
fault:                                                                                             \
		return -EFAULT;                                                                    \
	}

#define DEFINE_USER_STORE(name, type)                                                          \
	static __always_inline int name(uintptr_t to, type value)                              \
	{                                                                                      \
		if (unlikely(!user_bytes(to, sizeof(type))))                                   \
			return -EFAULT;                                                        \
		__asm__ goto volatile(                                                         \
			USER_ACCESS_BEGIN                                                      \
			"1: mov %1, %0\n\t" USER_ACCESS_END EXCEPTION_ENTRY("1b", "%l[fault]") \
			:                                                                      \
			: "m"(*(type *)to), "q"(value)                                         \
			: "memory"                                                             \
			: fault);                                                              \
		return 0;                                                                      \
fault:                                                                                         \
		return -EFAULT;                                                                \
	}

DEFINE_USER_LOAD(user_load_word, unsigned long)
DEFINE_USER_LOAD(user_load_u32, uint32_t)
DEFINE_USER_LOAD(user_load_u8, uint8_t)
DEFINE_USER_STORE(user_store_word, unsigned long)
DEFINE_USER_STORE(user_store_u32, uint32_t)
DEFINE_USER_STORE(user_store_u8, uint8_t)

static __always_inline int user_store_pair(uintptr_t to, uint32_t first, unsigned long second)
{
	if (unlikely(!user_bytes(to, 2 * sizeof(long))))
		return -EFAULT;
	__asm__ goto volatile(USER_ACCESS_BEGIN
			      "1: mov %1, %0\n\t"
			      "2: mov %3, %2\n\t" USER_ACCESS_END EXCEPTION_ENTRY("1b", "%l[fault]")
				      EXCEPTION_ENTRY("2b", "%l[fault]")
			      :
			      : "m"(*(uint32_t *)to), "r"(first),
				"m"(*(unsigned long *)(to + sizeof(long))), "r"(second)
			      : "memory"
			      : fault);
	return 0;
fault:
	return -EFAULT;
}

/* By words, and what is left by bytes. */
#ifdef CONFIG_64BIT
#define USER_COPY_WORDS "shr $3, %%rcx\n\t" USER_ACCESS_BEGIN "1: rep movsq\n\t"
#define USER_COPY_REST	"mov %k3, %%ecx\n\tand $7, %%ecx\n"
#else
#define USER_COPY_WORDS "shr $2, %%ecx\n\t" USER_ACCESS_BEGIN "1: rep movsl\n\t"
#define USER_COPY_REST	"mov %3, %%ecx\n\tand $3, %%ecx\n"
#endif

static __always_inline int user_copy_short(void *to, const void *from, unsigned long n)
{
	unsigned long count = n;

	__asm__ goto volatile(USER_COPY_WORDS USER_COPY_REST
			      "2: rep movsb\n\t" USER_ACCESS_END EXCEPTION_ENTRY("1b", "%l[fault]")
				      EXCEPTION_ENTRY("2b", "%l[fault]")
			      : "+&D"(to), "+&S"(from), "+&c"(count)
			      : "g"(n)
			      : "memory"
			      : fault);
	return 0;
fault:
	return -EFAULT;
}

static __always_inline int user_copy_short_from(void *to, uintptr_t from, unsigned long n)
{
	return user_bytes(from, n) ? user_copy_short(to, (const void *)from, n) : -EFAULT;
}

static __always_inline int user_copy_short_to(uintptr_t to, const void *from, unsigned long n)
{
	return user_bytes(to, n) ? user_copy_short((void *)to, from, n) : -EFAULT;
}

#endif
