// SPDX-License-Identifier: MIT
/*
 * What happens to the registers of x86: whoever comes back from a system call, a preemption or a signal finds
 * all of them as they were, FPU and SSE included, whatever others did with theirs meanwhile.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* All registers but the stack pointer: as many as there are, then what FXSAVE stores. */
struct registers {
	unsigned long general[16];
	uint32_t fpu[128];
} __attribute__((aligned(16)));

_Static_assert(offsetof(struct registers, fpu) == 16 * sizeof(long), "known below");

/* Loads all registers, does the one thing, and stores them again. */
void try_system_call(const struct registers *in, struct registers *out);
void try_spin(const struct registers *in, struct registers *out);
static volatile int *stop; /* shared: the spin is over */

#if __SIZEOF_LONG__ == 8

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, GENERAL = 15 };
#define RESULT	 RAX
#define ARGUMENT RDI
static const char names[][4] = { "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
				 "r9",	"r10", "r11", "r12", "r13", "r14", "r15" };

#define TRY(name, code)                                                                        \
	__asm__(".globl " name "\n" name ":\n\t"                                               \
		"pushq %rbx\n\tpushq %rbp\n\tpushq %r12\n\tpushq %r13\n\tpushq %r14\n\tpushq " \
		"%r15\n\t"                                                                     \
		"pushq %rsi\n\t"                                                               \
		"fxrstor64 128(%rdi)\n\t"                                                      \
		"movq 0(%rdi), %rax\n\tmovq 8(%rdi), %rbx\n\tmovq 16(%rdi), %rcx\n\t"          \
		"movq 24(%rdi), %rdx\n\tmovq 32(%rdi), %rsi\n\tmovq 48(%rdi), %rbp\n\t"        \
		"movq 56(%rdi), %r8\n\tmovq 64(%rdi), %r9\n\tmovq 72(%rdi), %r10\n\t"          \
		"movq 80(%rdi), %r11\n\tmovq 88(%rdi), %r12\n\tmovq 96(%rdi), %r13\n\t"        \
		"movq 104(%rdi), %r14\n\tmovq 112(%rdi), %r15\n\tmovq 40(%rdi), %rdi\n\t" code \
		"\n\t"                                                                         \
		"xchgq %rdi, (%rsp)\n\t"                                                       \
		"movq %rax, 0(%rdi)\n\tmovq %rbx, 8(%rdi)\n\tmovq %rcx, 16(%rdi)\n\t"          \
		"movq %rdx, 24(%rdi)\n\tmovq %rsi, 32(%rdi)\n\tmovq %rbp, 48(%rdi)\n\t"        \
		"movq %r8, 56(%rdi)\n\tmovq %r9, 64(%rdi)\n\tmovq %r10, 72(%rdi)\n\t"          \
		"movq %r11, 80(%rdi)\n\tmovq %r12, 88(%rdi)\n\tmovq %r13, 96(%rdi)\n\t"        \
		"movq %r14, 104(%rdi)\n\tmovq %r15, 112(%rdi)\n\t"                             \
		"popq %rax\n\tmovq %rax, 40(%rdi)\n\t"                                         \
		"fxsave64 128(%rdi)\n\t"                                                       \
		"fninit\n\tmovl $0x1f80, -8(%rsp)\n\tldmxcsr -8(%rsp)\n\t"                     \
		"popq %r15\n\tpopq %r14\n\tpopq %r13\n\tpopq %r12\n\tpopq %rbp\n\tpopq "       \
		"%rbx\n\tret")

TRY("try_system_call", "syscall");
/* `stop` is static: its name is good here. */
TRY("try_spin", "pushq %rax\n1:\tmovq stop(%rip), %rax\n\tcmpl $0, (%rax)\n\tje 1b\n\tpopq %rax");

#else

enum { EAX, EBX, ECX, EDX, ESI, EDI, EBP, GENERAL };
#define RESULT	 EAX
#define ARGUMENT EBX
static const char names[][4] = { "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp" };

#define TRY(name, code)                                                                 \
	__asm__(".globl " name "\n" name ":\n\t"                                        \
		"pushl %ebx\n\tpushl %ebp\n\tpushl %esi\n\tpushl %edi\n\t"              \
		"pushl 24(%esp)\n\tmovl 24(%esp), %edi\n\t"                             \
		"fxrstor 64(%edi)\n\t"                                                  \
		"movl 0(%edi), %eax\n\tmovl 4(%edi), %ebx\n\tmovl 8(%edi), %ecx\n\t"    \
		"movl 12(%edi), %edx\n\tmovl 16(%edi), %esi\n\tmovl 24(%edi), %ebp\n\t" \
		"movl 20(%edi), %edi\n\t" code "\n\t"                                   \
		"xchgl %edi, (%esp)\n\t"                                                \
		"movl %eax, 0(%edi)\n\tmovl %ebx, 4(%edi)\n\tmovl %ecx, 8(%edi)\n\t"    \
		"movl %edx, 12(%edi)\n\tmovl %esi, 16(%edi)\n\tmovl %ebp, 24(%edi)\n\t" \
		"popl %eax\n\tmovl %eax, 20(%edi)\n\t"                                  \
		"fxsave 64(%edi)\n\t"                                                   \
		"fninit\n\tmovl $0x1f80, -8(%esp)\n\tldmxcsr -8(%esp)\n\t"              \
		"popl %edi\n\tpopl %esi\n\tpopl %ebp\n\tpopl %ebx\n\tret")

TRY("try_system_call", "int $0x80");
TRY("try_spin", "pushl %eax\n1:\tmovl stop, %eax\n\tcmpl $0, (%eax)\n\tje 1b\n\tpopl %eax");

#endif

/* Any values, but the control words: only bits that may be set, and all exceptions masked. */
static void fill(struct registers *registers, uint32_t seed)
{
	uint32_t *words = (uint32_t *)registers;

	memset(registers, 0, sizeof(*registers));
	for (size_t i = 0; i < GENERAL * sizeof(long) / 4; i++)
		words[i] = random_next(&seed);
	/* Registers of x87 from word 8 on, each in four words, then SSE's. */
	for (size_t i = 8; i < 40 + 4 * (GENERAL > 8 ? 16 : 8); i++)
		registers->fpu[i] = random_next(&seed);
	registers->fpu[0] = 0x37f ^ (seed & 0xc00);   /* rounding */
	registers->fpu[1] = 0xff;		      /* all registers in use */
	registers->fpu[6] = 0x1f80 ^ (seed & 0xe000); /* rounding, flush to zero */
}

/* Words 2 to 5 and half of word 1 say what the last FPU instruction was and where, 7 what the processor can;
 * and a register of x87 ends in the middle of its third word. */
static uint32_t fpu_mask(int word)
{
	if ((word >= 2 && word <= 5) || word == 7 || (word >= 8 && word < 40 && word % 4 == 3))
		return 0;
	if (word == 1)
		return 0xff;
	return word >= 8 && word < 40 && word % 4 == 2 ? 0xffff : ~0u;
}

/* `but`: a bit for each general register that may differ. */
static void expect_same(const struct registers *in, const struct registers *out, unsigned but)
{
	for (int i = 0; i < GENERAL; i++)
		if (in->general[i] != out->general[i] && !(but >> i & 1))
			test_fail(__FILE__, __LINE__, "%s was %#lx and is %#lx", names[i],
				  in->general[i], out->general[i]);
	for (int i = 0; i < 40 + 4 * (GENERAL > 8 ? 16 : 8); i++)
		if ((in->fpu[i] ^ out->fpu[i]) & fpu_mask(i))
			test_fail(__FILE__, __LINE__, "FPU word %d was %#x and is %#x", i,
				  in->fpu[i], out->fpu[i]);
}

/* What Linux changes: the result, and where `syscall` itself stores something. */
#if __SIZEOF_LONG__ == 8
#define CHANGED (1u << RAX | 1u << RCX | 1u << R11)
#else
#define CHANGED (1u << EAX)
#endif

#if __SIZEOF_LONG__ == 8
#define NEED_SSE
#else
#define NEED_SSE                     \
	do {                         \
		if (!has_sse())      \
			SKIP("SSE"); \
	} while (0)

/* The processor's answer to that; the compiler saves ebx. */
static bool has_sse(void)
{
	unsigned a = 1, b, c, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	return d >> 25 & 1;
}
#endif

static void expect_call_keeps(long number, long argument)
{
	struct registers in, out;

	fill(&in, (uint32_t)number + 1);
	in.general[RESULT] = (unsigned long)number;
	in.general[ARGUMENT] = (unsigned long)argument;
	try_system_call(&in, &out);
	expect_same(&in, &out, CHANGED);
}

TEST(system_calls_keep_registers)
{
	static const struct timespec millisecond = { .tv_nsec = 1000000 };

	NEED_SSE;
	expect_call_keeps(SYS_getpid, 1);
	expect_call_keeps(SYS_sched_yield, 2);
	expect_call_keeps(SYS_close, -1);
#if __SIZEOF_LONG__ == 8
	expect_call_keeps(SYS_nanosleep, (long)&millisecond);
#else
	expect_call_keeps(SYS_nanosleep_time32, (long)&millisecond);
#endif
	expect_call_keeps(5000, 3);
	expect_call_keeps(0x7fffffff, 4);
	expect_call_keeps(-1, 5);
}

TEST(unknown_calls_fail)
{
	static const long numbers[] = { 500, 1023, 1500, 0x10000, 0x7fffffff, -1 };
	struct registers in, out;

	NEED_SSE;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		fill(&in, 1);
		in.general[RESULT] = (unsigned long)numbers[i];
		try_system_call(&in, &out);
		EXPECT_EQ(out.general[RESULT], -ENOSYS);
	}
}

TEST(fork_copies_registers)
{
	struct registers in, out;
	pid_t self = getpid();

	NEED_SSE;
	fill(&in, 7);
	in.general[RESULT] = SYS_fork;
	try_system_call(&in, &out);
	expect_same(&in, &out, CHANGED);
	if (getpid() != self)
		_exit(out.general[RESULT] == 0 ? 3 : 4);
	EXPECT_EQ(WEXITSTATUS(status_of((pid_t)out.general[RESULT])), 3);
}

/* Several spin with values of their own, so that every tick changes between them. */
TEST(preemption_keeps_registers)
{
	enum { SPINNERS = 4 };
	struct registers in, out;
	pid_t children[SPINNERS];

	NEED_SSE;
	stop = shared_pages(1);
	for (int i = 0; i < SPINNERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			fill(&in, (uint32_t)i + 100);
			try_spin(&in, &out);
			expect_same(&in, &out, 0);
			_exit(0);
		}
	}
	sleep_ms(TIMES(200, 5000));
	*stop = 1;
	for (int i = 0; i < SPINNERS; i++)
		EXPECT_EQ(status_of(children[i]), 0);
}

/* The same with nothing but an FPU: the sum goes wrong as soon as one register is lost. */
static double sum(unsigned count)
{
	long double a = 1, b = 2, c = 3;

	while (count--) {
		a = a * 1.0000001L + b / 3;
		b = b * 0.9999999L + c;
		c = c - a / 7;
		a = a / (1 + a * 1e-9L);
	}
	return (double)(a + b + c);
}

TEST(preemption_keeps_the_fpu)
{
	enum { CHILDREN = 3 };
	pid_t children[CHILDREN];

	for (unsigned i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			double first = sum(100000 + i);

			for (int again = 0; again < TIMES(10, 200); again++)
				EXPECT(sum(100000 + i) == first);
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		EXPECT_EQ(status_of(children[i]), 0);
}

static void destroy_fpu(int number)
{
	(void)number;
	__asm__ volatile("fninit\n\tfldpi\n\tfldpi\n\tfldpi" : : : "memory");
}

TEST(signals_keep_the_fpu)
{
	pid_t parent = getpid(), child;
	double first = sum(100000);

	signal(SIGUSR1, destroy_fpu);
	child = fork();
	if (child == 0) {
		for (;;) {
			kill(parent, SIGUSR1);
			sleep_ms(1);
		}
	}
	for (int again = 0; again < TIMES(20, 200); again++)
		EXPECT(sum(100000) == first);
	kill(child, SIGKILL);
	EXPECT_EQ(status_of(child), SIGKILL);
}

static volatile int handled;
static uint32_t control_seen, mxcsr_seen;

static void destroy(int number)
{
	uint16_t control;
	uint32_t mxcsr;

	(void)number;
	__asm__ volatile("fnstcw %0\n\tstmxcsr %1" : "=m"(control), "=m"(mxcsr));
	control_seen = control;
	mxcsr_seen = mxcsr;
	mxcsr = 0x9f80;
	__asm__ volatile("fninit\n\tfldpi\n\tfldpi\n\tldmxcsr %0\n\t"
			 "pcmpeqd %%xmm0, %%xmm0\n\tpcmpeqd %%xmm7, %%xmm7\n\tpxor %%xmm3, %%xmm3"
			 :
			 : "m"(mxcsr)
			 : "memory");
	handled++;
}

TEST(signals_keep_registers)
{
	struct registers in, out;
	pid_t child;
	volatile int *done;

	NEED_SSE;
	stop = shared_pages(1);
	done = stop + 1;
	child = fork();
	if (child == 0) {
		signal(SIGUSR1, destroy);
		*done = 1;
		fill(&in, 55);
		try_spin(&in, &out);
		expect_same(&in, &out, 0);
		/* Handlers have an FPU in its initial state. */
		EXPECT(handled > 0);
		EXPECT_EQ(control_seen, 0x37f);
		EXPECT_EQ(mxcsr_seen, 0x1f80);
		_exit(0);
	}
	while (!*done)
		sleep_ms(1);
	for (int i = 0; i < TIMES(20, 500); i++) {
		kill(child, SIGUSR1);
		sleep_ms(2);
	}
	*stop = 1;
	EXPECT_EQ(status_of(child), 0);
}

#if __SIZEOF_LONG__ == 8

enum { SET_GS = 0x1001, SET_FS, GET_FS, GET_GS };

static long arch_prctl(long code, unsigned long value)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(SYS_arch_prctl), "D"(code), "S"(value)
			 : "rcx", "r11", "memory");
	return result;
}

static unsigned long gs_word(void)
{
	unsigned long value;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(value));
	return value;
}

TEST(thread_pointers)
{
	static unsigned long mine = 0x1234, childs = 0x5678;
	unsigned long base = 0, was = 1;
	pid_t child;

	EXPECT_EQ(arch_prctl(GET_GS, (unsigned long)&was), 0);
	EXPECT_EQ(was, 0);
	EXPECT_EQ(arch_prctl(SET_GS, (unsigned long)&mine), 0);
	EXPECT_EQ(arch_prctl(GET_GS, (unsigned long)&base), 0);
	EXPECT_EQ(base, (unsigned long)&mine);
	EXPECT_EQ(gs_word(), mine);
	child = fork();
	if (child == 0) {
		EXPECT_EQ(gs_word(), mine);
		EXPECT_EQ(arch_prctl(SET_GS, (unsigned long)&childs), 0);
		for (int i = 0; i < 20; i++) {
			sleep_ms(1);
			EXPECT_EQ(gs_word(), childs);
		}
		_exit(0);
	}
	for (int i = 0; i < 20; i++) {
		sleep_ms(1);
		EXPECT_EQ(gs_word(), mine);
	}
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(arch_prctl(GET_FS, (unsigned long)&base), 0);
	EXPECT(base != 0);
	EXPECT_EQ(arch_prctl(SET_FS, base), 0);
	EXPECT_EQ(arch_prctl(GET_FS, 1), -EFAULT);
	EXPECT_EQ(arch_prctl(SET_GS, 0x800000000000), -EPERM);
	EXPECT_EQ(arch_prctl(0x7777, 0), -EINVAL);
}

#else

/* Linux's struct user_desc. */
struct segment {
	int entry;
	unsigned base, limit;
	unsigned is_32bit : 1, contents : 2, read_only : 1, limit_in_pages : 1, not_present : 1,
		useable : 1;
};

static long thread_area(long number, struct segment *segment)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(segment) : "memory");
	return result;
}

static struct segment segment_at(const void *base)
{
	return (struct segment){ .entry = -1,
				 .base = (unsigned)base,
				 .limit = 0xfffff,
				 .is_32bit = 1,
				 .limit_in_pages = 1,
				 .useable = 1 };
}

static void load_gs(int entry)
{
	__asm__ volatile("movl %0, %%gs" : : "r"(entry * 8 + 3));
}

static unsigned gs_word(void)
{
	unsigned value;

	__asm__ volatile("movl %%gs:0, %0" : "=r"(value));
	return value;
}

TEST(thread_areas)
{
	static unsigned mine = 0x1234, childs = 0x5678;
	struct segment segment = segment_at(&mine), seen;
	pid_t child;

	EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), 0);
	EXPECT(segment.entry >= 6);
	load_gs(segment.entry);
	EXPECT_EQ(gs_word(), mine);
	seen = (struct segment){ .entry = segment.entry };
	EXPECT_EQ(thread_area(SYS_get_thread_area, &seen), 0);
	EXPECT(memcmp(&seen, &segment, sizeof(seen)) == 0);
	child = fork();
	if (child == 0) {
		EXPECT_EQ(gs_word(), mine);
		segment.base = (unsigned)&childs;
		EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), 0);
		for (int i = 0; i < 20; i++) {
			sleep_ms(1);
			EXPECT_EQ(gs_word(), childs);
		}
		_exit(0);
	}
	for (int i = 0; i < 20; i++) {
		sleep_ms(1);
		EXPECT_EQ(gs_word(), mine);
	}
	EXPECT_EQ(status_of(child), 0);
}

TEST(thread_areas_that_cannot_be)
{
	static unsigned word;
	struct segment segment = segment_at(&word);

	segment.entry = 1;
	EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), -EINVAL);
	EXPECT_EQ(thread_area(SYS_get_thread_area, &segment), -EINVAL);
	segment = segment_at(&word);
	segment.is_32bit = 0; /* of 16 bits: iret would show half of the kernel's stack pointer */
	EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), -EINVAL);
	segment = segment_at(&word);
	segment.contents = 2; /* code */
	EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), -EINVAL);
	segment = segment_at(&word);
	segment.not_present = 1;
	EXPECT_EQ(thread_area(SYS_set_thread_area, &segment), -EINVAL);
	EXPECT_EQ(thread_area(SYS_set_thread_area, (struct segment *)1), -EFAULT);
	EXPECT_EQ(thread_area(SYS_get_thread_area, KERNEL_ADDRESS), -EFAULT);
	/* There are three, of which the library may have one. */
	for (int i = 0; i < 4; i++) {
		long result;

		segment = segment_at(&word);
		result = thread_area(SYS_set_thread_area, &segment);
		EXPECT(result == 0 || (i >= 2 && result == -ESRCH));
		if (i == 3)
			EXPECT_EQ(result, -ESRCH);
	}
}

#define NULL_CALL "movl $20, %%eax\n\tint $0x80\n\t"
#define CLEAR	  "movl $243, %%eax\n\tint $0x80\n\t" /* set_thread_area */

/* Selectors whose descriptor goes while they are loaded: the kernel comes back to this and must live. */
TEST(segments_that_go_away)
{
	static struct segment all, none;

	all = segment_at(NULL);
	EXPECT_EQ(thread_area(SYS_set_thread_area, &all), 0);
	none = (struct segment){ .entry = all.entry, .read_only = 1, .not_present = 1 };

#define TRY_SEGMENT(name)                                                                          \
	EXPECT_EXIT(0, __asm__ volatile("movl %0, %%" name "\n\t" CLEAR NULL_CALL                  \
					"movl %%ss, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es" \
					:                                                          \
					: "S"(all.entry * 8 + 3), "b"(&none)                       \
					: "eax", "memory"))
	TRY_SEGMENT("gs");
	TRY_SEGMENT("fs");
	TRY_SEGMENT("es");
	TRY_SEGMENT("ds");
	EXPECT_SIGNAL(SIGSEGV, __asm__ volatile("movl %0, %%ss\n\t" CLEAR
						:
						: "S"(all.entry * 8 + 3), "b"(&none)
						: "eax", "memory"));
	/* And while it is preempted. */
	stop = shared_pages(1);
	EXPECT_EXIT(0, {
		if (fork() == 0) {
			sleep_ms(30);
			*stop = 1;
			_exit(0);
		}
		__asm__ volatile("movl %0, %%gs\n\tmovl %0, %%es\n\t" CLEAR
				 "1:\tcmpl $0, (%%edx)\n\tje 1b\n\t"
				 "movl %%ds, %%eax\n\tmovl %%eax, %%es"
				 :
				 : "S"(all.entry * 8 + 3), "b"(&none), "d"(stop)
				 : "eax", "memory");
	});
}

#endif
