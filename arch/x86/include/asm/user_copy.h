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
#define DEFINE_USER_LOAD(name, type)                                                               \
	static __always_inline int name(uintptr_t from, type *value)                               \
	{                                                                                          \
		if (unlikely(from > USER_END - sizeof(type)))                                      \
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
		if (unlikely(to > USER_END - sizeof(type)))                                    \
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

#endif
