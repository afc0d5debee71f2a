/* SPDX-License-Identifier: MIT */
#ifndef USER_STDLIB_H
#define USER_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);

/* exit writes out what stdout holds. */
void exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

char *getenv(const char *name);
/* 0, or -1 with errno (no memory). The name may not hold a `=`. */
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);

int atoi(const char *s);
long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);

#endif
