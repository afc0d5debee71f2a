/* SPDX-License-Identifier: MIT */
/*
 * A QEMU plugin that counts what an unmodified kernel executes between two code addresses: the
 * instructions, and what instruction counts hide: TLB maintenance (x86: invlpg and loads of CR3;
 * MIPS: tlbwi and tlbwr) and accesses to devices (ports and device memory).
 *
 *	-plugin count_plugin.so,begin=0xADDRESS,end=0xADDRESS[,once=on]
 *
 * Each time the instruction at `end` is reached after one at `begin`, one line on stderr says
 *	# count INSTRUCTIONS TLB DEVICE
 * With once=on QEMU ends there. Addresses are virtual, as the processor sees them at that moment.
 * Debian's QEMU 7.2 comes without qemu-plugin.h, so what is used of version 1 is declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
enum { PLUGIN_NO_REGISTERS = 0 };
enum { PLUGIN_MEMORY_READ_WRITE = 3 };
enum { PLUGIN_INLINE_ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
					   void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
					    int registers, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int operation, void *,
						uint64_t);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *,
				      void (*)(unsigned, qemu_plugin_meminfo_t, uint64_t, void *),
				      int registers, int direction, void *);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t, uint64_t);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

static uint64_t begin_address, end_address;
static bool once, x86, counting;
static uint64_t instructions, tlb, device; /* since QEMU started */
static uint64_t instructions_before, tlb_before, device_before;

static void begin(unsigned cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	if (counting && once)
		return;
	counting = true;
	instructions_before = instructions;
	tlb_before = tlb;
	device_before = device;
}

static void end(unsigned cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	if (!counting)
		return;
	counting = false;
	fprintf(stderr, "# count %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		instructions - instructions_before, tlb - tlb_before, device - device_before);
	if (once)
		_exit(0);
}

static void memory_access(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *arg)
{
	struct qemu_plugin_hwaddr *place = qemu_plugin_get_hwaddr(info, address);

	(void)cpu;
	(void)arg;
	if (place && qemu_plugin_hwaddr_is_io(place))
		device++;
}

/* The counter that an x86 instruction belongs to, or NULL. */
static uint64_t *classify_x86(const uint8_t *code, size_t size)
{
	size_t at = 0;

	/* Operand size, segment and repeat prefixes, and REX, which precedes another byte. */
	while (at + 1 < size && (code[at] == 0x66 || code[at] == 0xf2 || code[at] == 0xf3 ||
				 (code[at] & 0xf0) == 0x40))
		at++;
	if ((code[at] >= 0xe4 && code[at] <= 0xe7) || (code[at] >= 0xec && code[at] <= 0xef) ||
	    (code[at] >= 0x6c && code[at] <= 0x6f))
		return &device; /* in, out, ins, outs */
	if (at + 2 >= size || code[at] != 0x0f)
		return NULL;
	if (code[at + 1] == 0x01 && (code[at + 2] >> 3 & 7) == 7 && code[at + 2] >> 6 != 3)
		return &tlb; /* invlpg */
	if (code[at + 1] == 0x22 && (code[at + 2] >> 3 & 7) == 3)
		return &tlb; /* mov to cr3 */
	return NULL;
}

static uint64_t *classify_mips(const uint8_t *code)
{
	static const uint8_t writes[][4] = {
		{ 0x42, 0, 0, 2 }, { 0x42, 0, 0, 6 }, { 2, 0, 0, 0x42 }, { 6, 0, 0, 0x42 }
	};

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		if (memcmp(code, writes[i], 4) == 0)
			return &tlb;
	return NULL;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	size_t n = qemu_plugin_tb_n_insns(block);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		const uint8_t *code = qemu_plugin_insn_data(insn);
		size_t size = qemu_plugin_insn_size(insn);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		uint64_t *counter = x86 ? classify_x86(code, size) : classify_mips(code);

		if (address == end_address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, end, PLUGIN_NO_REGISTERS,
							       NULL);
		if (address == begin_address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, PLUGIN_NO_REGISTERS,
							       NULL);
		qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_INLINE_ADD_U64,
							   &instructions, 1);
		if (counter)
			qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_INLINE_ADD_U64,
								   counter, 1);
		qemu_plugin_register_vcpu_mem_cb(insn, memory_access, PLUGIN_NO_REGISTERS,
						 PLUGIN_MEMORY_READ_WRITE, NULL);
	}
}

/* The fields of qemu_info_t that are used: the first is the target's name. */
struct info {
	const char *target_name;
};

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
							       const void *info, int argc,
							       char **argv)
{
	const char *target = ((const struct info *)info)->target_name;

	x86 = strcmp(target, "x86_64") == 0 || strcmp(target, "i386") == 0;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "begin=", 6) == 0)
			begin_address = strtoull(argv[i] + 6, NULL, 0);
		else if (strncmp(argv[i], "end=", 4) == 0)
			end_address = strtoull(argv[i] + 4, NULL, 0);
		else if (strcmp(argv[i], "once=on") == 0)
			once = true;
		else
			return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
