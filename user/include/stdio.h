/* SPDX-License-Identifier: MIT */
/*
 * Formatted output. A stream is a descriptor with a buffer; it is written out at the end of each line (stderr:
 * after each call), so that the output of several processes comes in order. Input: read().
 */
#ifndef USER_STDIO_H
#define USER_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF    (-1)
#define BUFSIZ 512

typedef struct stream {
	int descriptor;
	int by_line; /* written out when a line is complete */
	size_t used;
	char buffer[BUFSIZ];
} FILE;

extern FILE streams[2];
#define stdout (&streams[0])
#define stderr (&streams[1])

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));
int vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
int vfprintf(FILE *file, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
int snprintf(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int vsnprintf(char *buffer, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

int puts(const char *text);
int fputs(const char *text, FILE *file);
int putchar(int c);
int fputc(int c, FILE *file);
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file);
int fflush(FILE *file); /* NULL: all */

/* "WHAT: why the last call failed", on stderr. */
void perror(const char *what);

#endif
