// SPDX-License-Identifier: MIT
/*
 * The reader of cpio archives (cpio.h). The format is cpio(5)'s "new ASCII": a header of a magic
 * and 13 numbers of eight hexadecimal digits, the name with its NUL, the data; name and data begin
 * and end at multiples of four bytes from the archive's start. An entry TRAILER!!! ends it. Magic
 * 070702 is the same with a sum over the data's bytes.
 */
#include <tessera/compiler.h>
#include <tessera/errno.h>
#include <tessera/string.h>

#include "cpio.h"
#include "tree.h"

#define MAGIC_SIZE 6u
#define DIGITS	   8u
#define TRAILER	   "TRAILER!!!"
#define ALIGNMENT  4u

/* In the order of the header. */
enum {
	INODE,
	MODE,
	UID,
	GID,
	LINKS,
	TIME,
	SIZE,
	DEVICE_MAJOR,
	DEVICE_MINOR,
	MAJOR,
	MINOR,
	NAME_SIZE,
	SUM,
	FIELDS
};

#define HEADER_SIZE (MAGIC_SIZE + FIELDS * DIGITS)

static int corrupt(struct cpio_reader *reader, size_t offset, const char *problem)
{
	reader->offset = offset;
	reader->problem = problem;
	return -EINVAL;
}

static bool starts_with(const char *bytes, size_t n, const char *start, size_t length)
{
	return n >= length && memcmp(bytes, start, length) == 0;
}

/* What people give instead of an archive in this format. */
static const char *name_format(const char *bytes, size_t n)
{
	if (starts_with(bytes, n, "070707", 6) || starts_with(bytes, n, "\xc7\x71", 2) ||
	    starts_with(bytes, n, "\x71\xc7", 2))
		return "an older cpio format; make the archive with cpio --format=newc";
	if (starts_with(bytes, n, "\x1f\x8b", 2) ||
	    starts_with(bytes, n,
			"\xfd"
			"7zXZ",
			5) ||
	    starts_with(bytes, n, "BZh", 3) || starts_with(bytes, n, "\x28\xb5\x2f\xfd", 4) ||
	    starts_with(bytes, n, "\x02\x21\x4c\x18", 4) || starts_with(bytes, n, "\x5d\0\0", 3))
		return "compressed; unpack it first";
	return "no cpio header of format newc";
}

/* Reads eight digits; false: one of them is none. */
static bool read_number(const char *digits, uint32_t *value)
{
	uint32_t result = 0;

	for (unsigned i = 0; i < DIGITS; i++) {
		char c = digits[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a') + 10;
		else
			return false;
		result = result << 4 | digit;
	}
	*value = result;
	return true;
}

static bool sum_is(const char *data, size_t size, uint32_t expected)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += (unsigned char)data[i];
	return sum == expected;
}

/* Zeros, up to where the next archive may begin. */
static void skip_zeros(struct cpio_reader *reader)
{
	while (reader->offset < reader->size && !reader->bytes[reader->offset])
		reader->offset++;
}

/* One entry, a trailer too: 0 or -EINVAL. */
static int read_entry(struct cpio_reader *reader, struct cpio_entry *entry)
{
	size_t start = reader->offset, left = reader->size - start, at;
	const char *header = reader->bytes + start;
	uint32_t fields[FIELDS];
	bool sum;

	if (left < MAGIC_SIZE || memcmp(header, "07070", MAGIC_SIZE - 1) != 0 ||
	    (header[MAGIC_SIZE - 1] != '1' && header[MAGIC_SIZE - 1] != '2'))
		return corrupt(reader, start, name_format(header, left));
	if (left < HEADER_SIZE)
		return corrupt(reader, start, "the header is cut off");
	sum = header[MAGIC_SIZE - 1] == '2';
	for (unsigned i = 0; i < FIELDS; i++) {
		at = MAGIC_SIZE + i * DIGITS;
		if (!read_number(header + at, &fields[i]))
			return corrupt(reader, start + at, "not a hexadecimal number");
	}

	/* The name. Sizes are compared with what is left, so nothing overflows. */
	at = start + HEADER_SIZE;
	if (!fields[NAME_SIZE] || fields[NAME_SIZE] > PATH_MAX)
		return corrupt(reader, start, "the length of the name makes no sense");
	if (fields[NAME_SIZE] > reader->size - at)
		return corrupt(reader, at, "the name goes on behind the end");
	entry->name = reader->bytes + at;
	entry->name_length = fields[NAME_SIZE] - 1;
	if (strnlen(entry->name, fields[NAME_SIZE]) != entry->name_length)
		return corrupt(reader, at, "the name is not as long as the header says");

	at = MIN(ALIGN_UP(at + fields[NAME_SIZE], ALIGNMENT), reader->size);
	if (fields[SIZE] > reader->size - at)
		return corrupt(reader, at, "the data goes on behind the end");
	entry->data = reader->bytes + at;
	entry->size = fields[SIZE];
	if (sum && S_ISREG(fields[MODE]) && !sum_is(entry->data, entry->size, fields[SUM]))
		return corrupt(reader, at, "the checksum of the data is wrong");
	reader->offset = MIN(ALIGN_UP(at + entry->size, ALIGNMENT), reader->size);

	entry->offset = start;
	entry->inode = fields[INODE];
	entry->mode = fields[MODE];
	entry->uid = fields[UID];
	entry->gid = fields[GID];
	entry->links = fields[LINKS];
	entry->time = fields[TIME];
	entry->device_major = fields[DEVICE_MAJOR];
	entry->device_minor = fields[DEVICE_MINOR];
	entry->major = fields[MAJOR];
	entry->minor = fields[MINOR];
	return 0;
}

int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry)
{
	for (;;) {
		if (reader->offset == reader->size)
			return corrupt(reader, reader->offset, "there is no trailer");
		if (read_entry(reader, entry))
			return -EINVAL;
		if (strcmp(entry->name, TRAILER) != 0)
			return 1;
		skip_zeros(reader);
		if (reader->offset == reader->size)
			return 0;
	}
}
