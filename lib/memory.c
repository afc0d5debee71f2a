/* SPDX-License-Identifier: MIT */
/*
 * Blocks of memory: copy, fill, compare, search.
 *
 * The destination is brought to a word boundary byte by byte, then whole words move. A source
 * that is not aligned alike is read through a type without alignment, for which the compiler
 * takes whatever the CPU has (plain loads on x86, lwl/lwr on MIPS).
 *
 * Cost: a page of 4 KiB is cleared in 704 instructions with words of 8 bytes, in 1408 with words of
 * 4, and copied in 1280 and 2432. Eight words a round are written out because the compiler does
 * not unroll a loop by itself and these are worth it.
 * Backward copies (memmove to an overlapping higher place) and comparisons go byte by byte:
 * nothing here does them in bulk.
 */
#include <tessera/string.h>

/* The compiler would otherwise see memset in the loop of memset, and call it. */
#ifdef __clang__
#define NOT_BY_ITSELF
#else
#define NOT_BY_ITSELF __attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

typedef unsigned long __attribute__((may_alias)) word;
typedef unsigned long __attribute__((may_alias, aligned(1))) unaligned_word;

#define WORD	   sizeof(word)
#define EIGHT	   (8 * WORD)
#define OFFSET(p)  ((uintptr_t)(p) & (WORD - 1))
#define SMALL_CODE IS_ENABLED(CONFIG_OPTIMIZE_SIZE)
#define SMALL	   (2 * WORD) /* below it the set-up costs more than it saves */

NOT_BY_ITSELF void *memcpy(void *to, const void *from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (n >= SMALL) {
		for (; OFFSET(t); n--)
			*t++ = *f++;
		if (!OFFSET(f)) {
			for (; n >= EIGHT; n -= EIGHT, t += EIGHT, f += EIGHT) {
				((word *)t)[0] = ((const word *)f)[0];
				((word *)t)[1] = ((const word *)f)[1];
				((word *)t)[2] = ((const word *)f)[2];
				((word *)t)[3] = ((const word *)f)[3];
				((word *)t)[4] = ((const word *)f)[4];
				((word *)t)[5] = ((const word *)f)[5];
				((word *)t)[6] = ((const word *)f)[6];
				((word *)t)[7] = ((const word *)f)[7];
			}
		}
		for (; n >= WORD; n -= WORD, t += WORD, f += WORD)
			*(word *)t = *(const unaligned_word *)f;
	}
	while (n--)
		*t++ = *f++;
	return to;
}

NOT_BY_ITSELF void *memmove(void *to, const void *from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	/* memcpy goes upwards and reads each word before it writes one at the same or a lower place. */
	if ((uintptr_t)t - (uintptr_t)f >= n)
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

static __always_inline void set_eight(void *to, word w)
{
	word *words = to;

	words[0] = w;
	words[1] = w;
	words[2] = w;
	words[3] = w;
	words[4] = w;
	words[5] = w;
	words[6] = w;
	words[7] = w;
}

NOT_BY_ITSELF void *memset(void *to, int byte, size_t n)
{
	unsigned char *t = to;

	if (n >= SMALL) {
		word w = (word)(unsigned char)byte * (~0ul / 0xff);

		for (; OFFSET(t); n--)
			*t++ = (unsigned char)byte;
		for (; !SMALL_CODE && n >= 4 * EIGHT; n -= 4 * EIGHT, t += 4 * EIGHT) {
			set_eight(t, w);
			set_eight(t + EIGHT, w);
			set_eight(t + 2 * EIGHT, w);
			set_eight(t + 3 * EIGHT, w);
		}
		for (; n >= EIGHT; n -= EIGHT, t += EIGHT)
			set_eight(t, w);
		for (; n >= WORD; n -= WORD, t += WORD)
			*(word *)t = w;
	}
	while (n--)
		*t++ = (unsigned char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int byte, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)byte)
			return (void *)p;
	return NULL;
}
