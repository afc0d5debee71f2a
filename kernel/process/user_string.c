// SPDX-License-Identifier: MIT
/*
 * Strings from user memory (user_copy.h). They are copied in pieces that do not cross a multiple of
 * PIECE, because only as much as the string itself has need be readable; a piece is looked through for
 * the NUL in kernel memory, where nobody can change it meanwhile.
 */
#include <tessera/string.h>
#include <tessera/user_copy.h>

#define PIECE 64

ssize_t copy_string_from_user(char *to, uintptr_t from, size_t size)
{
	size_t n = 0;

	while (n < size) {
		size_t piece = MIN(PIECE - (from + n) % PIECE, size - n);
		const char *end;

		if (copy_from_user(to + n, from + n, piece))
			return -EFAULT;
		end = memchr(to + n, '\0', piece);
		if (end)
			return end - to;
		n += piece;
	}
	return -ENAMETOOLONG;
}
