/* SPDX-License-Identifier: MIT */
/* The strings that a new program finds on its stack. */
#ifndef PROCESS_ARGUMENTS_H
#define PROCESS_ARGUMENTS_H

#include <tessera/types.h>

struct elf_image;

/* One string behind the other, each with its NUL: first what the kernel itself gives (16 random bytes, the
 * platform's name), then the path, then the arguments, then the environment. */
struct arguments {
	char *strings;
	size_t used, size;
	size_t path;  /* where the path begins */
	size_t first; /* where the arguments begin */
	unsigned argc, envc;
	uintptr_t address; /* where the strings will be for the program */
	uintptr_t sp;
};

/* With the kernel's part in it. 0 or -ENOMEM; arguments_free after either. */
int arguments_init(struct arguments *arguments);
void arguments_free(struct arguments *arguments);

/* Adds a string of the kernel's, the path once more, or a string of the user's. 0; -ENOMEM; -E2BIG;
 * -EFAULT. */
int arguments_add(struct arguments *arguments, const char *string);
int arguments_add_path(struct arguments *arguments);
int arguments_add_user(struct arguments *arguments, uintptr_t string);

/* Adds the strings of a NULL-terminated vector in user memory, but for the first `skip`; their number
 * is added to *count. */
int arguments_add_vector(struct arguments *arguments, uintptr_t vector, unsigned skip,
			 unsigned *count);

/* Sets `address` and `sp`, for a stack that ends at USER_STACK_TOP. 0 or -E2BIG. */
int arguments_place(struct arguments *arguments);

/* Writes strings, vectors and auxiliary vector to the stack of the running program. 0 or -EFAULT. */
int arguments_write(const struct arguments *arguments, const struct elf_image *image);

#endif
