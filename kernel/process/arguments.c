// SPDX-License-Identifier: MIT
/*
 * What a new program finds on its stack, from the stack pointer up: the number of arguments, pointers to
 * them, NULL, pointers to the environment, NULL, the auxiliary vector (System V ABI), and above these the
 * strings themselves. The strings are gathered in kernel memory while the old program's memory still
 * exists, and copied once to the new one's stack; the pointers are worked out again from the
 * strings, so there is no second table. At most USER_ARGUMENTS_MAX in all.
 */
#include <tessera/auxv.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>

#include <asm/user.h>

#include "arguments.h"
#include "elf.h"
#include "random.h"

#define LIMIT	     (CONFIG_USER_ARGUMENTS_MAX * 1024ul)
#define RANDOM_BYTES 16

int arguments_init(struct arguments *arguments)
{
	memset(arguments, 0, sizeof(*arguments));
	arguments->strings = kmalloc(PAGE_SIZE);
	if (!arguments->strings)
		return -ENOMEM;
	arguments->size = PAGE_SIZE;
	random_bytes(arguments->strings, RANDOM_BYTES);
	arguments->used = RANDOM_BYTES;
	return arguments_add(arguments, USER_PLATFORM);
}

void arguments_free(struct arguments *arguments)
{
	kfree(arguments->strings);
}

static int grow(struct arguments *arguments)
{
	char *strings;

	if (arguments->size >= LIMIT)
		return -E2BIG;
	strings = krealloc(arguments->strings, 2 * arguments->size);
	if (!strings)
		return -ENOMEM;
	arguments->strings = strings;
	arguments->size *= 2;
	return 0;
}

static int reserve(struct arguments *arguments, size_t n)
{
	while (arguments->size - arguments->used < n) {
		int error = grow(arguments);

		if (error)
			return error;
	}
	return 0;
}

int arguments_add(struct arguments *arguments, const char *string)
{
	size_t n = strlen(string) + 1;
	int error = reserve(arguments, n);

	if (error)
		return error;
	memcpy(arguments->strings + arguments->used, string, n);
	arguments->used += n;
	return 0;
}

int arguments_add_path(struct arguments *arguments)
{
	size_t n = strlen(arguments->strings + arguments->path) + 1;
	int error = reserve(arguments, n);

	if (error)
		return error;
	memcpy(arguments->strings + arguments->used, arguments->strings + arguments->path, n);
	arguments->used += n;
	return 0;
}

int arguments_add_user(struct arguments *arguments, uintptr_t string)
{
	for (;;) {
		ssize_t n = copy_string_from_user(arguments->strings + arguments->used, string,
						  arguments->size - arguments->used);
		int error;

		if (n >= 0) {
			arguments->used += (size_t)n + 1;
			return 0;
		}
		if (n != -ENAMETOOLONG)
			return (int)n;
		error = grow(arguments);
		if (error)
			return error;
	}
}

int arguments_add_vector(struct arguments *arguments, uintptr_t vector, unsigned skip,
			 unsigned *count)
{
	unsigned long string;

	if (!vector)
		return 0;
	for (unsigned n = 0;; n++, vector += sizeof(string)) {
		int error;

		if (user_load_word(vector, &string))
			return -EFAULT;
		if (!string)
			return 0;
		if (n < skip)
			continue;
		error = arguments_add_user(arguments, string);
		if (error)
			return error;
		++*count;
	}
}

/* Fixed entries of the auxiliary vector, the end included. */
#define AUXILIARY 18

int arguments_place(struct arguments *arguments)
{
	size_t words = 1 + arguments->argc + 1 + arguments->envc + 1 + 2 * AUXILIARY;

	if (arguments->used + words * sizeof(long) > LIMIT)
		return -E2BIG;
	arguments->address = ALIGN_DOWN((uintptr_t)USER_STACK_TOP - sizeof(long) - arguments->used,
					(uintptr_t)16);
	arguments->sp = ALIGN_DOWN(arguments->address - words * sizeof(long), (uintptr_t)16);
	return 0;
}

/* Writes words upwards; after a failure the rest is left out. */
struct writer {
	uintptr_t to;
	int error;
};

static void put(struct writer *writer, unsigned long word)
{
	if (!writer->error)
		writer->error = user_store_word(writer->to, word);
	writer->to += sizeof(word);
}

static void put_pair(struct writer *writer, unsigned long type, unsigned long value)
{
	put(writer, type);
	put(writer, value);
}

/* Pointers to `count` strings from `offset` on, and NULL. Gives the offset behind them. */
static size_t put_pointers(struct writer *writer, const struct arguments *arguments, size_t offset,
			   unsigned count)
{
	while (count--) {
		put(writer, arguments->address + offset);
		offset += strlen(arguments->strings + offset) + 1;
	}
	put(writer, 0);
	return offset;
}

static void put_auxiliary(struct writer *writer, const struct arguments *arguments,
			  const struct elf_image *image)
{
	uintptr_t end = writer->to + 2 * AUXILIARY * sizeof(long);

	if (image->headers) {
		put_pair(writer, AT_PHDR, image->headers);
		put_pair(writer, AT_PHENT, sizeof(struct elf_segment));
		put_pair(writer, AT_PHNUM, image->header.phnum);
	}
	put_pair(writer, AT_PAGESZ, PAGE_SIZE);
	put_pair(writer, AT_BASE, 0);
	put_pair(writer, AT_FLAGS, 0);
	put_pair(writer, AT_ENTRY, image->entry);
	put_pair(writer, AT_UID, 0);
	put_pair(writer, AT_EUID, 0);
	put_pair(writer, AT_GID, 0);
	put_pair(writer, AT_EGID, 0);
	put_pair(writer, AT_SECURE, 0);
	put_pair(writer, AT_HWCAP, USER_HWCAP);
	put_pair(writer, AT_CLKTCK, CLOCKS_PER_SECOND);
	put_pair(writer, AT_RANDOM, arguments->address);
	put_pair(writer, AT_PLATFORM, arguments->address + RANDOM_BYTES);
	put_pair(writer, AT_EXECFN, arguments->address + arguments->path);
	while (writer->to < end)
		put_pair(writer, AT_NULL, 0);
}

int arguments_write(const struct arguments *arguments, const struct elf_image *image)
{
	struct writer writer = { arguments->sp, 0 };
	size_t offset;

	put(&writer, arguments->argc);
	offset = put_pointers(&writer, arguments, arguments->first, arguments->argc);
	put_pointers(&writer, arguments, offset, arguments->envc);
	put_auxiliary(&writer, arguments, image);
	if (writer.error)
		return writer.error;
	return copy_to_user(arguments->address, arguments->strings, arguments->used);
}
