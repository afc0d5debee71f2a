/* SPDX-License-Identifier: MIT */
/*
 * mksymbols: the table of function names that the kernel's backtraces use (KERNEL_SYMBOLS).
 *
 *	mksymbols KERNEL.ELF >table.S	the table of a linked kernel
 *	mksymbols >table.S		an empty table, to link a kernel for the first time
 *
 * The output is assembly with the symbols that <tessera/symbols.h> declares. The kernel is linked
 * once with the empty table and once with the real one; the table lies behind .text, so the
 * second link moves no function (and scripts/build.mk compares to make sure).
 *
 * Reads ELF itself, 32 and 64 bit and both byte orders, because `nm` does not tell a function from
 * a label. A function is a symbol of type function or, for assembly without .type, of none,
 * between __text_start and __text_end; of several at one address the best one stays.
 */
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	const char *name;
	int rank; /* which of several names for one address stays: the highest */
};

static const unsigned char *image;
static size_t image_size;
static bool wide, big_endian;

static void fail(const char *message)
{
	fprintf(stderr, "mksymbols: %s\n", message);
	exit(1);
}

static const void *at(uint64_t offset, uint64_t size)
{
	if (offset > image_size || size > image_size - offset)
		fail("the ELF file is cut short");
	return image + offset;
}

/* The `size` bytes at `field` as a number in the file's byte order. */
static uint64_t number(const void *field, size_t size)
{
	const unsigned char *bytes = field;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[big_endian ? i : size - 1 - i];
	return value;
}

/* A member of an ELF structure that has the same name in both widths. */
#define FIELD(pointer, type, member)                               \
	(wide ? number(&((const Elf64_##type *)(pointer))->member, \
		       sizeof(((const Elf64_##type *)0)->member))  \
	      : number(&((const Elf32_##type *)(pointer))->member, \
		       sizeof(((const Elf32_##type *)0)->member)))
#define SIZE(type) (wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

static void load(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes;
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 ||
	    fseek(file, 0, SEEK_SET)) {
		perror(path);
		exit(1);
	}
	bytes = malloc(size + 1);
	if (!bytes || fread(bytes, 1, size, file) != (size_t)size)
		fail("cannot read the ELF file");
	fclose(file);
	bytes[size] = '\0'; /* ends the last name even in a broken string table */
	image = bytes;
	image_size = size;
	if (size < EI_NIDENT || memcmp(image, ELFMAG, SELFMAG))
		fail("not an ELF file");
	wide = image[EI_CLASS] == ELFCLASS64;
	big_endian = image[EI_DATA] == ELFDATA2MSB;
}

static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->rank != y->rank)
		return y->rank - x->rank;
	return strcmp(x->name, y->name);
}

/* Reads the symbols of the kernel's text into an array, sorted, one per address. */
static size_t read_symbols(struct symbol **result, uint64_t *text_start)
{
	const void *header = at(0, SIZE(Ehdr)), *table = NULL;
	uint64_t sections = FIELD(header, Ehdr, e_shoff), start = 0, end = 0;
	const char *strings = NULL;
	size_t count = 0, total, kept = 0;
	struct symbol *list;

	for (unsigned i = 0; i < FIELD(header, Ehdr, e_shnum); i++) {
		const void *section = at(sections + i * SIZE(Shdr), SIZE(Shdr));
		const void *linked;

		if (FIELD(section, Shdr, sh_type) != SHT_SYMTAB)
			continue;
		linked = at(sections + FIELD(section, Shdr, sh_link) * SIZE(Shdr), SIZE(Shdr));
		count = FIELD(section, Shdr, sh_size) / SIZE(Sym);
		table = at(FIELD(section, Shdr, sh_offset), count * SIZE(Sym));
		strings = at(FIELD(linked, Shdr, sh_offset), FIELD(linked, Shdr, sh_size));
	}
	if (!table)
		fail("the kernel has no symbols");

	list = calloc(count + 1, sizeof(*list));
	if (!list)
		fail("out of memory");
	total = 0;
	for (size_t i = 0; i < count; i++) {
		const char *symbol = (const char *)table + i * SIZE(Sym);
		const char *name = strings + FIELD(symbol, Sym, st_name);
		uint64_t value = FIELD(symbol, Sym, st_value);
		unsigned info = FIELD(symbol, Sym, st_info);

		if (!strcmp(name, "__text_start"))
			start = value;
		else if (!strcmp(name, "__text_end"))
			end = value;
		else if (*name && *name != '.' && *name != '$' &&
			 FIELD(symbol, Sym, st_shndx) < SHN_LORESERVE &&
			 (ELF32_ST_TYPE(info) == STT_FUNC || ELF32_ST_TYPE(info) == STT_NOTYPE))
			list[total++] = (struct symbol){
				.address = value,
				.name = name,
				.rank = 2 * (ELF32_ST_TYPE(info) == STT_FUNC) +
					(ELF32_ST_BIND(info) == STB_GLOBAL),
			};
	}
	if (!end)
		fail("the linker script does not define __text_start and __text_end");

	qsort(list, total, sizeof(*list), compare);
	for (size_t i = 0; i < total; i++)
		if (list[i].address >= start && list[i].address < end &&
		    (!kept || list[i].address != list[kept - 1].address))
			list[kept++] = list[i];
	*result = list;
	*text_start = start;
	return kept;
}

static void label(const char *name)
{
	printf("\n\t.globl %s\n%s:\n", name, name);
}

int main(int argc, char **argv)
{
	struct symbol *list = NULL;
	size_t count = 0, offset = 0;
	uint64_t start = 0;

	if (argc > 2)
		fail("usage: mksymbols [KERNEL.ELF]");
	if (argc == 2) {
		load(argv[1]);
		count = read_symbols(&list, &start);
	}

	printf("\t.section .rodata.kernel_symbols, \"a\"\n\t.balign 4\n");
	label("kernel_symbol_count");
	printf("\t.long %zu\n", count);
	label("kernel_symbol_offsets");
	for (size_t i = 0; i < count; i++)
		printf("\t.long %#llx\n", (unsigned long long)(list[i].address - start));
	label("kernel_symbol_name_offsets");
	for (size_t i = 0; i < count; i++) {
		printf("\t.long %zu\n", offset);
		offset += strlen(list[i].name) + 1;
	}
	label("kernel_symbol_names");
	for (size_t i = 0; i < count; i++)
		printf("\t.asciz \"%s\"\n", list[i].name);
	if (fflush(stdout) || ferror(stdout))
		fail("cannot write the table");
	return 0;
}
