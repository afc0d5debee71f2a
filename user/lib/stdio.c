// SPDX-License-Identifier: MIT
/*
 * Output streams. Text is collected and written at the end of each line: a call of printf costs one system
 * call at most if the line fits into the buffer. Streams are not locked: threads that print at
 * once must agree among themselves.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <tessera/format.h>
#include <unistd.h>

FILE streams[] = {
	{ .descriptor = STDOUT_FILENO, .by_line = 1 },
	{ .descriptor = STDERR_FILENO },
};

static int flush(FILE *file)
{
	size_t done = 0;

	while (done < file->used) {
		ssize_t n = write(file->descriptor, file->buffer + done, file->used - done);

		if (n < 0 && errno != EINTR) {
			file->used = 0;
			return EOF;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	file->used = 0;
	return 0;
}

int fflush(FILE *file)
{
	if (file)
		return flush(file);
	return flush(stdout) | flush(stderr);
}

static void put(FILE *file, const char *text, size_t n)
{
	while (n) {
		size_t piece = BUFSIZ - file->used;

		if (piece > n)
			piece = n;
		memcpy(file->buffer + file->used, text, piece);
		file->used += piece;
		text += piece;
		n -= piece;
		if (file->used == BUFSIZ)
			flush(file);
	}
}

/* After each call: a complete line goes out. */
static int end(FILE *file, int result)
{
	if (!file->by_line || memchr(file->buffer, '\n', file->used))
		return flush(file) ? EOF : result;
	return result;
}

/* lib/format.c hands the text on in pieces, but not whose it is. */
static __thread FILE *formatted;

static void put_piece(const char *text, size_t n)
{
	put(formatted, text, n);
}

int vfprintf(FILE *file, const char *format, va_list args)
{
	int length;

	formatted = file;
	length = vformat_write(put_piece, format, args);
	return end(file, length);
}

int vprintf(const char *format, va_list args)
{
	return vfprintf(stdout, format, args);
}

int fprintf(FILE *file, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vfprintf(file, format, args);
	va_end(args);
	return length;
}

int printf(const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vfprintf(stdout, format, args);
	va_end(args);
	return length;
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
	put(file, bytes, size * count);
	return end(file, 0) ? 0 : count;
}

int fputs(const char *text, FILE *file)
{
	put(file, text, strlen(text));
	return end(file, 0);
}

int puts(const char *text)
{
	put(stdout, text, strlen(text));
	return fputs("\n", stdout);
}

int fputc(int c, FILE *file)
{
	char byte = (char)c;

	put(file, &byte, 1);
	return end(file, (unsigned char)c);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

void perror(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
}
