// SPDX-License-Identifier: MIT
/*
 * What a signal handler on x86 is told and may change: codes and addresses of exceptions, and the frame on its
 * stack, which the kernel takes back whatever has become of it.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Linux's frames, as far as they are looked at here. */
#if __SIZEOF_LONG__ == 8
struct context {
	unsigned long flags, link;
	stack_t stack;
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	unsigned long rdi, rsi, rbp, rbx, rdx, ax, rcx, sp, ip, eflags;
	uint16_t cs, gs, fs, ss;
	unsigned long error, vector, old_mask, cr2;
	uint32_t *fpu;
};
#define FXSAVE(fpu) (fpu)
#define NULL_CALL   "movl $39, %%eax\n\tsyscall\n\t"
#else
struct context {
	unsigned long flags, link;
	stack_t stack;
	uint16_t gs, gs_high, fs, fs_high, es, es_high, ds, ds_high;
	unsigned long edi, esi, ebp, sp, ebx, edx, ecx, ax, vector, error, ip;
	uint16_t cs, cs_high;
	unsigned long eflags, sp_at_signal;
	uint16_t ss, ss_high;
	uint32_t *fpu;
	unsigned long old_mask, cr2;
};
#define FXSAVE(fpu) ((fpu) + 28)
#define NULL_CALL   "movl $20, %%eax\n\tint $0x80\n\t"
#endif

static void handle(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	sigaction(number, &action, NULL);
}

/* ---- Codes ---- */

/* What the next signal should say. */
static struct {
	int signal, code;
	enum { NOWHERE, HERE, AT } where;
	void *address;
} expected;

static void compare(int number, siginfo_t *info, void *arg)
{
	const struct context *context = arg;
	void *address = expected.where == HERE ? (void *)context->ip : expected.address;

	if (number != expected.signal || info->si_signo != number ||
	    info->si_code != expected.code || info->si_addr != address)
		test_fail(__FILE__, __LINE__, "signal %d code %d address %p, not %d, %d, %p",
			  number, info->si_code, info->si_addr, expected.signal, expected.code,
			  address);
	_exit(0);
}

#define EXPECT_CODE(number, si_code, place, at, statement)               \
	EXPECT_EXIT(0, {                                                 \
		expected.signal = (number);                              \
		expected.code = (si_code);                               \
		expected.where = (place);                                \
		expected.address = (at);                                 \
		handle(number, compare);                                 \
		statement;                                               \
		test_fail(__FILE__, __LINE__, "no signal: " #statement); \
	})

#define DIVIDE "xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\tdivl %%ecx"

/* Unmasks the exceptions of a control word, and makes one. */
static void fpu_error(uint16_t control, float a, float b)
{
	volatile float result;

	__asm__ volatile("fldcw %1\n\tflds %2\n\tfdivs %3\n\tfwait\n\tfstps %0\n\tfwait"
			 : "=m"(result)
			 : "m"(control), "m"(a), "m"(b));
}

static void poke(char *address)
{
	__asm__ volatile("" : "+r"(address)); /* the compiler is not to know it */
	*(volatile char *)address = 1;
}

#if __SIZEOF_LONG__ == 4
static void out_of_bounds(void)
{
	int bounds[2] = { 3, 5 };

	__asm__ volatile("boundl %0, %1" : : "r"(7), "m"(bounds));
}
#endif

TEST(codes_of_exceptions)
{
	EXPECT_CODE(SIGFPE, FPE_INTDIV, HERE, NULL,
		    __asm__ volatile(DIVIDE
				     :
				     :
				     : "eax", "ecx", "edx"));
	EXPECT_CODE(SIGILL, ILL_ILLOPN, HERE, NULL, __asm__ volatile("ud2"));
	EXPECT_CODE(SIGTRAP, SI_KERNEL, NOWHERE, NULL, __asm__ volatile("int3"));
	EXPECT_CODE(SIGSEGV, SI_KERNEL, NOWHERE, NULL, __asm__ volatile("hlt"));
	EXPECT_CODE(SIGSEGV, SI_KERNEL, NOWHERE, NULL, __asm__ volatile("int $14"));
#if __SIZEOF_LONG__ == 4
	EXPECT_CODE(SIGSEGV, SI_KERNEL, NOWHERE, NULL,
		    __asm__ volatile("movb $0x7f, %%al\n\taddb $1, %%al\n\tinto"
				     :
				     :
				     : "eax"));
	EXPECT_CODE(SIGSEGV, SI_KERNEL, NOWHERE, NULL, out_of_bounds());
#else
	EXPECT_CODE(SIGSEGV, SI_KERNEL, NOWHERE, NULL, poke((char *)0xdeadbeefdeadbeef));
#endif
}

TEST(codes_of_the_fpu)
{
	EXPECT_CODE(SIGFPE, FPE_FLTDIV, HERE, NULL, fpu_error(0x37b, 1, 0));
	EXPECT_CODE(SIGFPE, FPE_FLTINV, HERE, NULL, fpu_error(0x37e, 0, 0));
	EXPECT_CODE(SIGFPE, FPE_FLTRES, HERE, NULL, fpu_error(0x35f, 1, 3));
	EXPECT_CODE(SIGFPE, FPE_FLTOVF, HERE, NULL, fpu_error(0x377, 1e38f, 1e-10f));
}

TEST(codes_of_page_faults)
{
	static const char constant[] = "constant";
	char *none = unmapped(),
	     *read_only = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_CODE(SIGSEGV, SEGV_MAPERR, AT, none + 5, *(volatile char *)(none + 5));
	EXPECT_CODE(SIGSEGV, SEGV_MAPERR, AT, (void *)8, poke((char *)8));
	EXPECT_CODE(SIGSEGV, SEGV_ACCERR, AT, read_only + 9, poke(read_only + 9));
	EXPECT_CODE(SIGSEGV, SEGV_ACCERR, AT, (void *)(uintptr_t)constant,
		    poke((char *)(uintptr_t)constant));
}

/* ---- Single steps ---- */

static volatile int steps;

static void count_step(int number, siginfo_t *info, void *arg)
{
	EXPECT_EQ(number, SIGTRAP);
	EXPECT_EQ(info->si_code, TRAP_TRACE);
	EXPECT(!(((struct context *)arg)->eflags >> 17)); /* no strange flags */
	steps++;
}

/* The flag is set behind the first popf, and cleared by the second; a system call lies in between. */
TEST(single_steps)
{
	handle(SIGTRAP, count_step);
#if __SIZEOF_LONG__ == 8
	__asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tnop\n\tnop\n\t" NULL_CALL
			 "nop\n\tpushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq\n\tnop"
			 :
			 :
			 : "rax", "rcx", "r11", "memory");
#else
	__asm__ volatile("pushfl\n\torl $0x100, (%%esp)\n\tpopfl\n\tnop\n\tnop\n\t" NULL_CALL
			 "nop\n\tpushfl\n\tandl $~0x100, (%%esp)\n\tpopfl\n\tnop"
			 :
			 :
			 : "eax", "memory");
#endif
	/* nop, nop, mov, system call (which may swallow its own), nop, push, and, pop */
	EXPECT(steps == 7 || steps == 8);
}

/* ---- Frames ---- */

static void skip_two_bytes(int number, siginfo_t *info, void *arg)
{
	struct context *context = arg;

	(void)number;
	(void)info;
	context->ip += 2;
	context->ax = 0x1234;
	FXSAVE(context->fpu)[40] = 0x5678; /* the first word of xmm0 */
	FXSAVE(context->fpu)[6] = 0x3f80;  /* MXCSR: round downwards */
}

TEST(handlers_change_registers)
{
	unsigned long ax = 0;
	uint32_t xmm[4], mxcsr;

#if __SIZEOF_LONG__ == 4
	unsigned a = 1, b, c, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	if (!(d >> 25 & 1))
		SKIP("SSE");
#endif
	handle(SIGILL, skip_two_bytes);
	__asm__ volatile("ud2\n\tmovups %%xmm0, %1\n\tstmxcsr %2"
			 : "+a"(ax), "=m"(xmm), "=m"(mxcsr)
			 :
			 : "memory");
	EXPECT_EQ(ax, 0x1234);
	EXPECT_EQ(xmm[0], 0x5678);
	EXPECT_EQ(mxcsr, 0x3f80);
	mxcsr = 0x1f80;
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static void no_fpu(int number, siginfo_t *info, void *arg)
{
	struct context *context = arg;

	(void)number;
	(void)info;
	context->ip += 2;
	context->fpu = NULL;
}

TEST(frames_without_fpu_state)
{
	uint16_t control = 0x27f;

	handle(SIGILL, no_fpu);
	__asm__ volatile("fldcw %0\n\tud2\n\tfnstcw %0" : "+m"(control) : : "memory");
	EXPECT_EQ(control, 0x37f);
}

/* Frames in which single bytes are different: what comes of it is the program's own business. */
static uint32_t state;
static volatile int rounds;

/* The program goes on where it was, or nowhere: if it went on elsewhere in its text, it might do anything,
 * even fail the case. */
static bool is_near(size_t place)
{
	return place - offsetof(struct context, ip) < 3;
}

static void change_bytes(int number, siginfo_t *info, void *arg)
{
	struct context *context = arg;
	uint8_t *fpu = (uint8_t *)context->fpu;

	(void)number;
	(void)info;
	context->ip += 2;
	for (uint32_t n = random_next(&state) % 6; n; n--) {
		uint32_t place = random_next(&state);
		uint8_t value = (uint8_t)random_next(&state);

		if (place >> 31)
			fpu[place % 600] = value;
		else if (!is_near(place % sizeof(*context)))
			((uint8_t *)context)[place % sizeof(*context)] = value;
	}
}

static void fuzz_frames(uint32_t seed)
{
	static const int ends[] = { SIGSEGV, SIGBUS, SIGTRAP, SIGFPE };

	state = seed;
	handle(SIGILL, change_bytes);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], SIG_DFL);
	for (rounds = 0; rounds < 20; rounds++)
		__asm__ volatile("ud2" : : : "memory");
	_exit(0);
}

TEST(frames_survive_any_change)
{
	for (int i = 0; i < TIMES(150, 10000); i++) {
		pid_t child = fork();

		if (child == 0)
			fuzz_frames((uint32_t)i * 7919 + 1);
		sleep_ms(2);
		kill(child, SIGKILL); /* it may spin */
		status_of(child);
	}
	EXPECT_EXIT(3, _exit(3));
}

#if __SIZEOF_LONG__ == 4

/* Without a restorer the kernel has the code that a handler returns to, in either form. */
static volatile int calls, last_number;

static void old_handler(int number)
{
	last_number = number;
	calls++;
}

static void install(int number, void *handler, unsigned long flags)
{
	struct kernel_sigaction action = { .handler = (unsigned long)handler, .flags = flags };
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(SYS_rt_sigaction), "b"(number), "c"(&action), "d"(0), "S"(8)
			 : "memory");
	EXPECT_EQ(result, 0);
}

TEST(handlers_without_restorer)
{
	install(SIGUSR1, old_handler, 0);
	install(SIGUSR2, old_handler, SA_SIGINFO);
	for (int i = 0; i < 3; i++) {
		raise(SIGUSR1);
		EXPECT_EQ(last_number, SIGUSR1);
		raise(SIGUSR2);
		EXPECT_EQ(last_number, SIGUSR2);
	}
	EXPECT_EQ(calls, 6);
}

/* The page of that code is for reading and executing only. */
TEST(trampoline_is_read_only)
{
	install(SIGUSR1, old_handler, 0);
	EXPECT_SIGNAL(SIGSEGV, poke((char *)0xffffe000));
}

#endif
