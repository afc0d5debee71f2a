// SPDX-License-Identifier: MIT
/*
 * The FPU of MIPS belongs to one task at a time, and the kernel moves its registers when another uses it. Programs
 * here are compiled without floating point, so nothing but these lines touches it.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fpu_mips.h"
#include "test.h"

#define REGISTERS 32

#define EACH                                                                                     \
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, " \
	"22, 23, "                                                                               \
	"24, 25, 26, 27, 28, 29, 30, 31\n\t"
#define FPU(code) ".set push\n\t.set hardfloat\n\t" code "\n\t.set pop"

static void fpu_set(uint32_t first)
{
	uint32_t values[REGISTERS];

	for (uint32_t i = 0; i < REGISTERS; i++)
		values[i] = first + i * 0x01010101u;
	__asm__ volatile(FPU(EACH "lwc1 $f\\n, 4 * \\n(%0)\n\t.endr") : : "r"(values) : "memory");
}

static bool fpu_is(uint32_t first)
{
	uint32_t values[REGISTERS];
	bool same = true;

	__asm__ volatile(FPU(EACH "swc1 $f\\n, 4 * \\n(%0)\n\t.endr") : : "r"(values) : "memory");
	for (uint32_t i = 0; i < REGISTERS; i++)
		same &= values[i] == first + i * 0x01010101u;
	return same;
}

static void control_set(uint32_t value)
{
	__asm__ volatile(FPU("ctc1 %0, $31") : : "r"(value));
}

static uint32_t control(void)
{
	uint32_t value;

	__asm__ volatile(FPU("cfc1 %0, $31") : "=r"(value));
	return value & ~0xc0000u; /* what a release 5 processor says of itself */
}

/* A program begins with zeros, not with what another has left. */
TEST(begins_with_zeros)
{
	uint32_t values[REGISTERS] = { 1 }, any = 0;

	NEED_FPU;
	EXPECT_EXIT(0, fpu_set(0x11111111));
	__asm__ volatile(FPU(EACH "swc1 $f\\n, 4 * \\n(%0)\n\t.endr") : : "r"(values) : "memory");
	for (int i = 0; i < REGISTERS; i++)
		any |= values[i];
	EXPECT_EQ(any, 0);
	EXPECT_EQ(control(), 0);
}

TEST(switches_keep_it)
{
	enum { CHILDREN = 3 };
	pid_t children[CHILDREN];

	NEED_FPU;
	for (uint32_t i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			fpu_set(i * 1000);
			control_set(i); /* the rounding mode */
			for (int again = 0; again < 200; again++) {
				sched_yield();
				EXPECT(fpu_is(i * 1000));
				EXPECT_EQ(control(), i);
			}
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		EXPECT_EQ(status_of(children[i]), 0);
}

TEST(fork_copies_it)
{
	pid_t child;

	NEED_FPU;
	fpu_set(0x12345678);
	control_set(3);
	EXPECT_EXIT(0, EXPECT(fpu_is(0x12345678)); EXPECT_EQ(control(), 3); fpu_set(5));
	EXPECT(fpu_is(0x12345678));
	/* Also when they are no longer in the FPU. */
	child = fork();
	if (child == 0) {
		fpu_set(7);
		sleep_ms(30);
		_exit(!fpu_is(7));
	}
	sleep_ms(10);
	EXPECT_EXIT(0, EXPECT(fpu_is(0x12345678)));
	EXPECT_EQ(status_of(child), 0);
}

static void destroy(int number)
{
	fpu_set((uint32_t)number);
	control_set(1);
}

TEST(signals_keep_it)
{
	NEED_FPU;
	fpu_set(0xabcd);
	control_set(2);
	signal(SIGUSR1, destroy);
	kill(getpid(), SIGUSR1);
	EXPECT(fpu_is(0xabcd));
	EXPECT_EQ(control(), 2);
}

/* ---- Exceptions ---- */

#define ENABLE_INEXACT	 (1u << 7)
#define ENABLE_UNDERFLOW (1u << 8)
#define ENABLE_OVERFLOW	 (1u << 9)
#define ENABLE_DIVIDE	 (1u << 10)
#define ENABLE_INVALID	 (1u << 11)

static void divide(uint32_t a, uint32_t b)
{
	__asm__ volatile(FPU("mtc1 %0, $f0\n\tmtc1 %1, $f2\n\tdiv.s $f4, $f0, $f2")
			 :
			 : "r"(a), "r"(b));
}

static void multiply(uint32_t a, uint32_t b)
{
	__asm__ volatile(FPU("mtc1 %0, $f0\n\tmtc1 %1, $f2\n\tmul.s $f4, $f0, $f2")
			 :
			 : "r"(a), "r"(b));
}

static volatile int code;

static void note_code(int number, siginfo_t *info, void *context)
{
	(void)context;
	_exit(number == SIGFPE && info->si_code == code ? 0 : 1);
}

static void expect_code(int expected)
{
	struct sigaction action = { .sa_sigaction = note_code, .sa_flags = SA_SIGINFO };

	code = expected;
	sigaction(SIGFPE, &action, NULL);
}

#define EXPECT_CODE(enable, expected, statement)                         \
	EXPECT_EXIT(0, {                                                 \
		expect_code(expected);                                   \
		control_set(enable);                                     \
		statement;                                               \
		test_fail(__FILE__, __LINE__, "no signal: " #statement); \
	})

#define ONE	 0x3f800000u
#define THREE	 0x40400000u
#define LARGEST	 0x7f7fffffu
#define SMALLEST 0x00800000u

TEST(codes_of_exceptions)
{
	NEED_FPU;
	EXPECT_CODE(ENABLE_DIVIDE, FPE_FLTDIV, divide(ONE, 0));
	EXPECT_CODE(ENABLE_INVALID, FPE_FLTINV, divide(0, 0));
	EXPECT_CODE(ENABLE_OVERFLOW, FPE_FLTOVF, multiply(LARGEST, LARGEST));
	EXPECT_CODE(ENABLE_UNDERFLOW, FPE_FLTUND, multiply(SMALLEST, SMALLEST));
	EXPECT_CODE(ENABLE_INEXACT, FPE_FLTRES, divide(ONE, THREE));
	EXPECT_SIGNAL(SIGFPE, control_set(ENABLE_DIVIDE); divide(ONE, 0));
	EXPECT_EXIT(0, divide(ONE, 0)); /* nobody asked for it */
}

/* ---- A processor without FPU ---- */

static void note_lack(int number, siginfo_t *info, void *context)
{
	(void)context;
	_exit(number == SIGILL && info->si_code == ILL_COPROC ? 5 : 6);
}

TEST(without_fpu_a_clear_signal)
{
	struct sigaction action = { .sa_sigaction = note_lack, .sa_flags = SA_SIGINFO };

	if (has_fpu())
		SKIP("no FPU");
	EXPECT_SIGNAL(SIGILL, USE_FPU);
	sigaction(SIGILL, &action, NULL);
	EXPECT_EXIT(5, USE_FPU);
}
