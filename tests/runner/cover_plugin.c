/* SPDX-License-Identifier: MIT */
/*
 * A QEMU plugin that sees which instructions an unmodified kernel executes.
 *
 *	-plugin cover_plugin.so[,out=FILE][,stop=0xADDRESS]
 *
 * out: when QEMU ends, a line "ADDRESS COUNT" is added to FILE for each instruction that was executed, by
 * its virtual address. stop: QEMU ends with status 0 when the instruction there is reached: so a kernel without
 * console and tests can show that it has started.
 * Debian's QEMU 7.2 comes without qemu-plugin.h, so what is used of version 1 is declared here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { PLUGIN_NO_REGISTERS = 0 };
enum { PLUGIN_INLINE_ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
					   void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
					    int registers, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int operation, void *,
						uint64_t);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

/* What is known of one address; a chained hash table. */
struct place {
	struct place *next;
	uint64_t address, count;
};

#define BUCKETS 65536
static struct place *buckets[BUCKETS];
static const char *out_path;
static uint64_t stop_address;

static struct place *place_of(uint64_t address)
{
	struct place **bucket = &buckets[(address >> 1) % BUCKETS];
	struct place *place;

	for (place = *bucket; place; place = place->next)
		if (place->address == address)
			return place;
	place = calloc(1, sizeof(*place));
	if (!place) {
		fprintf(stderr, "cover_plugin: no memory\n");
		_exit(1);
	}
	place->address = address;
	place->next = *bucket;
	*bucket = place;
	return place;
}

static void write_out(qemu_plugin_id_t id, void *arg)
{
	FILE *file = out_path ? fopen(out_path, "a") : NULL;

	(void)id;
	(void)arg;
	if (!out_path)
		return;
	if (!file) {
		fprintf(stderr, "cover_plugin: cannot write %s\n", out_path);
		_exit(1);
	}
	for (unsigned i = 0; i < BUCKETS; i++)
		for (struct place *place = buckets[i]; place; place = place->next)
			if (place->count)
				fprintf(file, "%" PRIx64 " %" PRIu64 "\n", place->address,
					place->count);
	fclose(file);
}

static void stop(unsigned cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	write_out(0, NULL);
	_exit(0);
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	size_t n = qemu_plugin_tb_n_insns(block);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		if (out_path)
			qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_INLINE_ADD_U64,
								   &place_of(address)->count, 1);
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
		if (strncmp(argv[i], "out=", 4) == 0)
			out_path = strdup(argv[i] + 4);
		else if (strncmp(argv[i], "stop=", 5) == 0)
			stop_address = strtoull(argv[i] + 5, NULL, 0);
		else
			return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, write_out, NULL);
	return 0;
}
