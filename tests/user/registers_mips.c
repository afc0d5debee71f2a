// SPDX-License-Identifier: MIT
/*
 * Registers of MIPS: each program has its own, the FPU's among them, wherever the kernel and others come in
 * between. (fpu_mips.c has what only the FPU is about.)
 */
#include <arch/system_call.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fpu_mips.h"
#include "test.h"

struct registers {
	uint32_t general[32]; /* 0 and 29 are left alone; 26 and 27 are the kernel's */
	uint32_t hi, lo;
	uint32_t with_fpu; /* else the rest is left alone */
	uint32_t fpu[32], control;
};

_Static_assert(offsetof(struct registers, hi) == 128 && offsetof(struct registers, fpu) == 140 &&
		       offsetof(struct registers, control) == 268,
	       "the offsets below");

/* Loads all registers, makes a system call or waits for *general[4] to change, and stores all. */
void try_call(const struct registers *in, struct registers *out);
void try_wait(const struct registers *in, struct registers *out);

#define TRY(name, what)                                                                         \
	__asm__(".text\n.globl " name "\n.type " name ", @function\n.ent " name "\n" name ":\n" \
		"	load_registers\n" what "	store_registers\n.end " name "\n")

__asm__(".set push\n"
	".set noreorder\n"
	".set noat\n"
	".set hardfloat\n"
	".macro load_registers\n"
	"	addiu	$sp, $sp, -64\n"
	"	sw	$5, 4($sp)\n" /* out */
	".irp n, 16, 17, 18, 19, 20, 21, 22, 23\n"
	"	sw	$\\n, 4 * (\\n - 14)($sp)\n"
	".endr\n"
	"	sw	$28, 40($sp)\n"
	"	sw	$30, 44($sp)\n"
	"	sw	$31, 48($sp)\n"
	"	lw	$8, 136($4)\n" /* with_fpu */
	"	beqz	$8, 1f\n"
	"	lw	$8, 128($4)\n"
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
	"23, 24, 25, 26, 27, 28, 29, 30, 31\n"
	"	lwc1	$f\\n, 140 + 4 * \\n($4)\n"
	".endr\n"
	"	lw	$9, 268($4)\n"
	"	ctc1	$9, $31\n"
	"1:	mthi	$8\n"
	"	lw	$8, 132($4)\n"
	"	mtlo	$8\n"
	".irp n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, "
	"24, 25, 28, 30, 31\n"
	"	lw	$\\n, 4 * \\n($4)\n"
	".endr\n"
	"	lw	$4, 16($4)\n"
	".endm\n"
	".macro store_registers\n"
	"	sw	$2, 0($sp)\n"
	"	lw	$2, 4($sp)\n"
	".irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, "
	"24, 25, 28, 30, 31\n"
	"	sw	$\\n, 4 * \\n($2)\n"
	".endr\n"
	"	lw	$3, 0($sp)\n"
	"	sw	$3, 8($2)\n"
	"	mfhi	$3\n"
	"	sw	$3, 128($2)\n"
	"	mflo	$3\n"
	"	sw	$3, 132($2)\n"
	"	lw	$3, 136($2)\n" /* with_fpu */
	"	beqz	$3, 1f\n"
	"	nop\n"
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
	"23, 24, 25, 26, 27, 28, 29, 30, 31\n"
	"	swc1	$f\\n, 140 + 4 * \\n($2)\n"
	".endr\n"
	"	cfc1	$3, $31\n"
	"	sw	$3, 268($2)\n"
	"1:\n"
	".irp n, 16, 17, 18, 19, 20, 21, 22, 23\n"
	"	lw	$\\n, 4 * (\\n - 14)($sp)\n"
	".endr\n"
	"	lw	$28, 40($sp)\n"
	"	lw	$30, 44($sp)\n"
	"	lw	$31, 48($sp)\n"
	"	jr	$31\n"
	"	addiu	$sp, $sp, 64\n"
	".endm\n");
TRY("try_call", "	syscall\n");
TRY("try_wait", "2:	lw	$2, 0($4)\n	beqz	$2, 2b\n	nop\n");
__asm__(".set pop\n");

/* What system calls may change. */
#define CHANGED (1u << 1 | 1u << 2 | 1u << 3 | 1u << 7 | 0xff00 | 1u << 24 | 1u << 25)
#define WAITED	(1u << 2)

/* Rounding, flags, condition codes. */
#define CONTROL_BITS 0xfe80007f

static void fill(struct registers *registers, uint32_t seed, bool with_fpu)
{
	uint32_t state = seed * 2654435761u + 1, *words = (uint32_t *)registers;

	for (size_t i = 0; i < sizeof(*registers) / sizeof(*words); i++)
		words[i] = random_next(&state);
	registers->control &= CONTROL_BITS;
	registers->with_fpu = with_fpu;
}

/* `changed`: registers that may differ; of hi and lo with the temporary ones. */
static void expect_same(const struct registers *in, const struct registers *out, uint32_t changed)
{
	const uint32_t nobodys = 1u | 1u << 26 | 1u << 27 | 1u << 29;

	for (int i = 0; i < 32; i++)
		if (!((changed | nobodys) >> i & 1) && out->general[i] != in->general[i])
			test_fail(__FILE__, __LINE__, "register %d is %#x, not %#x", i,
				  out->general[i], in->general[i]);
	if (!(changed & 1u << 1) && (out->hi != in->hi || out->lo != in->lo))
		test_fail(__FILE__, __LINE__, "hi and lo are %#x %#x, not %#x %#x", out->hi,
			  out->lo, in->hi, in->lo);
	if (!in->with_fpu)
		return;
	for (int i = 0; i < 32; i++)
		if (out->fpu[i] != in->fpu[i])
			test_fail(__FILE__, __LINE__, "floating-point register %d is %#x, not %#x",
				  i, out->fpu[i], in->fpu[i]);
	if ((out->control & CONTROL_BITS) != in->control)
		test_fail(__FILE__, __LINE__, "the FPU's control is %#x, not %#x", out->control,
			  in->control);
}

static void run(void (*try)(const struct registers *in, struct registers *out),
		const struct registers *in, struct registers *out)
{
	out->with_fpu = in->with_fpu;
	try(in, out);
}

static void expect_call_keeps(long number, long argument, bool with_fpu)
{
	struct registers in, out;

	fill(&in, (uint32_t)number + with_fpu, with_fpu);
	in.general[2] = (uint32_t)number;
	in.general[4] = (uint32_t)argument;
	run(try_call, &in, &out);
	expect_same(&in, &out, CHANGED);
}

static void expect_calls_keep(bool with_fpu)
{
	static const struct timespec millisecond = { .tv_nsec = 1000000 };

	expect_call_keeps(SYS_getpid, 1, with_fpu);
	expect_call_keeps(SYS_sched_yield, 2, with_fpu);
	expect_call_keeps(SYS_close, -1, with_fpu);
	expect_call_keeps(SYS_nanosleep_time32, (long)&millisecond, with_fpu);
	expect_call_keeps(6999, 3, with_fpu);
	expect_call_keeps(0x7fffffff, 4, with_fpu);
	expect_call_keeps(-1, 5, with_fpu);
}

TEST(system_calls_keep_registers)
{
	expect_calls_keep(false);
}

TEST(system_calls_keep_the_fpu)
{
	NEED_FPU;
	expect_calls_keep(true);
}

TEST(unknown_calls_fail)
{
	static const long numbers[] = { 0, 3999, 4999, 5000, 6999, 7500, 0x7fffffff, -1 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		EXPECT_EQ(system_call0(numbers[i]), -ENOSYS);
}

/* Several wait with values of their own, so that every tick changes between them; some without FPU. */
static void spinners(unsigned fpus)
{
	enum { SPINNERS = 4 };
	volatile int *stop = shared_pages(1);
	struct registers in, out;
	pid_t children[SPINNERS];

	for (unsigned i = 0; i < SPINNERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			fill(&in, i + 100, fpus >> i & 1);
			in.general[4] = (uint32_t)stop;
			run(try_wait, &in, &out);
			expect_same(&in, &out, WAITED);
			_exit(0);
		}
	}
	sleep_ms(TIMES(200, 5000));
	*stop = 1;
	for (int i = 0; i < SPINNERS; i++)
		EXPECT_EQ(status_of(children[i]), 0);
}

TEST(preemption_keeps_registers)
{
	spinners(0);
}

TEST(preemption_keeps_the_fpu)
{
	NEED_FPU;
	spinners(0xb);
}

static volatile int handled;
static bool handler_with_fpu;

/* Changes all that a handler may, which is everything. */
static void destroy(int number)
{
	struct registers in, out;

	(void)number;
	fill(&in, 4711 + (uint32_t)handled, handler_with_fpu);
	in.general[2] = SYS_getpid;
	run(try_call, &in, &out);
	__asm__ volatile("mthi $0\n\tmtlo $0" : : : "hi", "lo");
	handled++;
}

static void signals_keep(bool with_fpu)
{
	volatile int *stop = shared_pages(1), *begun = stop + 1;
	struct registers in, out;
	pid_t child = fork();

	if (child == 0) {
		handler_with_fpu = with_fpu;
		signal(SIGUSR1, destroy);
		*begun = 1;
		fill(&in, 55, with_fpu);
		in.general[4] = (uint32_t)stop;
		run(try_wait, &in, &out);
		expect_same(&in, &out, WAITED);
		EXPECT(handled > 0);
		_exit(0);
	}
	while (!*begun)
		sleep_ms(1);
	for (int i = 0; i < TIMES(20, 500); i++) {
		kill(child, SIGUSR1);
		sleep_ms(2);
	}
	*stop = 1;
	EXPECT_EQ(status_of(child), 0);
}

TEST(signals_keep_registers)
{
	signals_keep(false);
}

TEST(signals_keep_the_fpu)
{
	NEED_FPU;
	signals_keep(true);
}

/* ---- Code that a program writes ---- */

#define LI_V0  0x24020000u
#define JR_RA  0x03e00008u
#define BCACHE 3

TEST(written_code_runs)
{
	uint32_t *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (uint32_t i = 0; i < 20; i++) {
		code[0] = JR_RA;
		code[1] = LI_V0 | i; /* the delay slot */
		EXPECT_EQ(syscall(SYS_cacheflush, code, 8, BCACHE), 0);
		EXPECT_EQ(((uint32_t(*)(void))code)(), i);
	}
	EXPECT_ERROR(syscall(SYS_cacheflush, KERNEL_ADDRESS, 8, BCACHE), EFAULT);
}
