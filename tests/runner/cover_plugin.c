/* SPDX-License-Identifier: MIT */
/*
 * A QEMU plugin that sees which instructions an unmodified kernel executes.
 *
 *	-plugin cover_plugin.so[,out=FILE][,stop=0xADDRESS]
 *
 * out: FILE grows by a record, two numbers of 64 bits, for each instruction that was translated: its virtual
 * address, and how often it was executed. The records are the file itself, mapped into memory, so what was
 * counted is there however QEMU ends. stop: QEMU ends with status 0 when the instruction there is reached: so
 * a kernel without console and tests can show that it has started.
 * Debian's QEMU 7.2 comes without qemu-plugin.h, so what is used of version 1 is declared here.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { PLUGIN_NO_REGISTERS = 0 };
enum { PLUGIN_INLINE_ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
					   void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
					    int registers, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int operation, void *,
						uint64_t);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

/* What the file holds of an instruction. Unused records are 0. */
struct record {
	uint64_t address, count;
};

/* Finds the record of an address; a chained hash table. */
struct place {
	struct place *next;
	struct record *record;
};

#define BUCKETS 65536
#define CHUNK	4096 /* records; a whole number of pages of any host */
static struct place *buckets[BUCKETS];
static int out = -1;
static uint64_t stop_address;

static void fail(const char *what)
{
	fprintf(stderr, "cover_plugin: cannot %s\n", what);
	_exit(1);
}

/* A new record at the end of the file. Records do not move: translated code adds to them. */
static struct record *new_record(void)
{
	static struct record *chunk;
	static size_t used = CHUNK;
	const size_t size = CHUNK * sizeof(*chunk);
	off_t end;

	if (used == CHUNK) {
		end = lseek(out, 0, SEEK_END);
		if (end < 0 || ftruncate(out, end + (off_t)size))
			fail("make the file longer");
		chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, out, end);
		if (chunk == MAP_FAILED)
			fail("map the file");
		used = 0;
	}
	return &chunk[used++];
}

static struct record *record_of(uint64_t address)
{
	struct place **bucket = &buckets[(address >> 1) % BUCKETS];
	struct place *place;

	for (place = *bucket; place; place = place->next)
		if (place->record->address == address)
			return place->record;
	place = malloc(sizeof(*place));
	if (!place)
		fail("get memory");
	place->record = new_record();
	place->record->address = address;
	place->next = *bucket;
	*bucket = place;
	return place->record;
}

static void stop(unsigned cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	_exit(0);
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	size_t n = qemu_plugin_tb_n_insns(block);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		if (out >= 0)
			qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_INLINE_ADD_U64,
								   &record_of(address)->count, 1);
		if (stop_address && address == stop_address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, PLUGIN_NO_REGISTERS,
							       NULL);
	}
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
							       const void *info, int argc,
							       char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "out=", 4) == 0) {
			out = open(argv[i] + 4, O_RDWR | O_CREAT, 0666);
			if (out < 0)
				fail("open the file");
		} else if (strncmp(argv[i], "stop=", 5) == 0)
			stop_address = strtoull(argv[i] + 5, NULL, 0);
		else
			return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
