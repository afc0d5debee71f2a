/* SPDX-License-Identifier: MIT */
/*
 * Memory and string functions with the meanings of ISO C (7.24) and the BSD strl*. The compiler
 * may call memcpy, memset, memmove and memcmp by itself. Any context. O(n).
 */
#ifndef TESSERA_STRING_H
#define TESSERA_STRING_H

#include <tessera/compiler.h>

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *part);

/*
 * Copies (appends) at most size - 1 bytes and always ends the result with NUL when size > 0.
 * Gives the length that it tried to make: a result >= size means that it was cut.
 */
size_t strlcpy(char *to, const char *from, size_t size);
size_t strlcat(char *to, const char *from, size_t size);

/*
 * Reads an unsigned number in the given base (0: decimal, or hexadecimal after 0x, octal after
 * 0), with an optional suffix K, M or G (powers of 1024). The whole string must be the number.
 * 0, -EINVAL (not a number) or -ERANGE (more than 64 bits); *value is set only on success.
 */
int parse_number(const char *s, unsigned base, uint64_t *value);

#endif
