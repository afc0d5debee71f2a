/* SPDX-License-Identifier: MIT */
/*
 * The only way from the kernel to user memory. Any pointer will do: what is not the user's (unmapped, the
 * kernel's, wrapping, unmapped meanwhile by another thread) gives -EFAULT; what has not been
 * touched yet is faulted in on the way. The copy itself is the architecture's (exception table:
 * a fault inside it that space_fault cannot mend goes on at the fix-up).
 *
 * Thread context of a user task, interrupts on, no spin_lock held but LOCK_PIPE, which stands before those
 * that a page fault takes. With interrupts masked it works, too, but mends nothing: memory that is not
 * there just now gives -EFAULT, and the caller tries again with interrupts on.
 */
#ifndef TESSERA_USER_COPY_H
#define TESSERA_USER_COPY_H

#include <asm/user_copy.h>
/*
 * asm/user_copy.h provides:
 *	size_t user_copy(void *to, const void *from, size_t n)	bytes NOT copied (0: all); the user's side
 *								must lie below USER_END: not checked
 *	size_t user_clear(uintptr_t to, size_t n)		the same, zeros
 *	int user_load_word(uintptr_t from, unsigned long *value), user_store_word(uintptr_t to,
 *	unsigned long value): 0 or -EFAULT, checked, aligned or not; inline and short. The same for
 *	uint32_t as user_load_u32, user_store_u32, and for a byte as user_load_u8, user_store_u8.
 *	user_store_pair(to, first, second): a uint32_t at `to` and a word at to + sizeof(long)
 *	user_copy_short_from(to, from, n), user_copy_short_to: at most a page; 0 or -EFAULT, checked,
 *	inline where the CPU copies by itself
 */
#include <asm/user_page.h> /* USER_END */
#include <tessera/errno.h>
#include <tessera/types.h>

/* Whether [address, address + size) lies in user space; no wrap. O(1). */
static inline bool user_range(uintptr_t address, size_t size)
{
	return size <= USER_END && address <= USER_END - size;
}

/* 0 or -EFAULT; after -EFAULT part of the destination may have been written. O(n). */
static inline int copy_from_user(void *to, uintptr_t from, size_t n)
{
	return user_range(from, n) && !user_copy(to, (const void *)from, n) ? 0 : -EFAULT;
}

static inline int copy_to_user(uintptr_t to, const void *from, size_t n)
{
	return user_range(to, n) && !user_copy((void *)to, from, n) ? 0 : -EFAULT;
}

static inline int clear_user(uintptr_t to, size_t n)
{
	return user_range(to, n) && !user_clear(to, n) ? 0 : -EFAULT;
}

/* A string and its NUL into `to`, at most `size` bytes. Its length without the NUL; -EFAULT;
 * -ENAMETOOLONG: no NUL within `size`. kernel/process/user_string.c */
ssize_t copy_string_from_user(char *to, uintptr_t from, size_t size);

#endif
