/* SPDX-License-Identifier: MIT */
/*
 * Formatted text, the subset of ISO C printf that a kernel uses: flags `-`, `0`, `+`, space, `#`;
 * width and precision (also `*`); lengths hh h l ll z j t; conversions d i u x X o c s p %.
 * There is no floating point and no %n. Any context; O(length of the result).
 */
#ifndef TESSERA_FORMAT_H
#define TESSERA_FORMAT_H

#include <stdarg.h>
#include <tessera/compiler.h>

/*
 * Writes at most size bytes into buffer, the last of them NUL (size 0: nothing). Gives the
 * length that the whole text has without its NUL.
 */
int vsnprintf(char *buffer, size_t size, const char *format, va_list args) __printf(3, 0);
int snprintf(char *buffer, size_t size, const char *format, ...) __printf(3, 4);

/* Gives text of any length to `write`, in pieces. Gives its length. */
int vformat_write(void (*write)(const char *text, size_t n), const char *format, va_list args)
	__printf(2, 0);

/*
 * For a text that is wanted later or never: keeps the arguments, for a tenth of what the text costs.
 * Texts among them are copied. Gives how much of `place` is used, at most size, a multiple of a long's
 * size. O(length of the format and of the texts).
 */
size_t format_save(unsigned long *place, size_t size, const char *format, va_list args)
	__printf(3, 0);

/* The text, as vsnprintf; where an argument had found no room it is cut, and ends in "...". */
int format_saved(char *buffer, size_t size, const char *format, const unsigned long *saved,
		 size_t saved_size);

#endif
