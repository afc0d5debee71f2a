// SPDX-License-Identifier: MIT
/* What a program must not do: each kind of bad access ends it, and nothing else. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static volatile char sink;

static void peek(const void *address)
{
	sink = *(const volatile char *)address;
}

static void poke(void *address)
{
	*(volatile char *)address = 1;
}

static void jump(void *address)
{
	((void (*)(void))(uintptr_t)address)();
}

/* Bad in every way: nothing there, not a program's, half of it. */
static void *const bad_addresses[] = {
	NULL,
	(void *)1,
	(void *)0xfff,
	(void *)0x1000,
	(void *)-1,
	(void *)-PAGE,
#if __SIZEOF_LONG__ == 8
	(void *)0x800000000000,
	(void *)0x7ffffffff000,
	(void *)0x7fffffffffff,
	(void *)0xffff800000000000,
	(void *)0xffffffff80000000,
	(void *)0xffffffffff600000,
	(void *)0x8000000000000000,
	(void *)0xdeadbeefdeadbeef,
#elif defined(__mips__)

	(void *)0x80000000,
	(void *)0xa0000000,
	(void *)0xbfc00000,
	(void *)0xc0000000,
	(void *)0xe0000000,
#else
	(void *)0xc0000000,
	(void *)0xc0000ffe,
	(void *)0xf0000000,
#endif
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* SIGSEGV, or SIGBUS where the CPU refuses the address before it looks whether anything is there. */
static void expect_bad(void (*access)(void *), void *address, const char *what)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		access(address);
		_exit(0);
	}
	status = status_of(child);
	if (!WIFSIGNALED(status) || (WTERMSIG(status) != SIGSEGV && WTERMSIG(status) != SIGBUS))
		test_fail(__FILE__, __LINE__, "%s %p: status %#x", what, address, status);
}

TEST(bad_reads)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++)
		expect_bad((void (*)(void *))peek, bad_addresses[i], "read");
	expect_bad((void (*)(void *))peek, KERNEL_ADDRESS, "read");
	expect_bad((void (*)(void *))peek, unmapped(), "read");
}

TEST(bad_writes)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++)
		expect_bad(poke, bad_addresses[i], "write");
	expect_bad(poke, KERNEL_ADDRESS, "write");
	expect_bad(poke, unmapped(), "write");
}

TEST(bad_jumps)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++)
		expect_bad(jump, bad_addresses[i], "jump");
	expect_bad(jump, KERNEL_ADDRESS, "jump");
	expect_bad(jump, unmapped(), "jump");
}

TEST(kernel_memory_stays)
{
	/* What bad_writes tried has changed nothing: the kernel still works. */
	EXPECT(getpid() > 0);
	EXPECT_EXIT(3, _exit(3));
}

TEST(constants_are_read_only)
{
	static const char constant[] = "constant";

	EXPECT_SIGNAL(SIGSEGV, poke((void *)(uintptr_t)constant));
}

static volatile int handled;
static siginfo_t seen;
static char *volatile page;

static void mend(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	seen = *info;
	handled++;
	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE) != 0)
		mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
}

static void catch_faults(void)
{
	struct sigaction action = { .sa_sigaction = mend, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &action, NULL);
}

/* A program handles its own page faults: the service that JOS gives. */
TEST(handler_mends_by_mprotect)
{
	page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	catch_faults();
	poke(page + 100);
	EXPECT_EQ(page[100], 1);
	EXPECT_EQ(handled, 1);
	EXPECT_EQ(seen.si_signo, SIGSEGV);
	EXPECT_EQ(seen.si_code, SEGV_ACCERR);
	EXPECT_EQ((long)seen.si_addr, (long)(page + 100));
}

TEST(handler_mends_by_mmap)
{
	page = unmapped();
	catch_faults();
	poke(page + 8);
	EXPECT_EQ(page[8], 1);
	EXPECT_EQ(handled, 1);
	EXPECT_EQ(seen.si_code, SEGV_MAPERR);
	EXPECT_EQ((long)seen.si_addr, (long)(page + 8));
}

TEST(handler_serves_many_faults)
{
	char *memory = mmap(NULL, 100 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	catch_faults();
	for (int i = 0; i < 100; i++) {
		page = memory + (size_t)i * PAGE;
		poke(page);
	}
	EXPECT_EQ(handled, 100);
}

/* A fault while the handler of that very fault runs cannot be told to anybody. */
static void fault_again(int number)
{
	(void)number;
	poke(NULL);
}

TEST(fault_in_the_handler)
{
	EXPECT_SIGNAL(SIGSEGV, {
		signal(SIGSEGV, fault_again);
		poke(NULL);
	});
}

TEST(ignored_or_blocked_faults_end_the_program)
{
	EXPECT_SIGNAL(SIGSEGV, {
		signal(SIGSEGV, SIG_IGN);
		poke(NULL);
	});
	EXPECT_SIGNAL(SIGSEGV, {
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
		poke(NULL);
	});
}

/* ---- A stack that cannot be ---- */

#if defined(__x86_64__)
#define WITH_STACK(address, code)                                                               \
	__asm__ volatile("movq %%rsp, %%rbx\n\tmovq %0, %%rsp\n\t" code "\n\tmovq %%rbx, %%rsp" \
			 :                                                                      \
			 : "r"(address)                                                         \
			 : "rax", "rbx", "rcx", "r11", "memory")
#define CALL_GETPID "movl $39, %%eax\n\tsyscall"
#define PUSH	    "pushq %%rax"
#elif defined(__i386__)
#define WITH_STACK(address, code)                                                               \
	__asm__ volatile("movl %%esp, %%esi\n\tmovl %0, %%esp\n\t" code "\n\tmovl %%esi, %%esp" \
			 :                                                                      \
			 : "r"(address)                                                         \
			 : "eax", "esi", "memory")
#define CALL_GETPID "movl $20, %%eax\n\tint $0x80"
#define PUSH	    "pushl %%eax"
#else
#define WITH_STACK(address, code)                                                                 \
	__asm__ volatile("move $16, $sp\n\tmove $sp, %0\n\t" code "\n\tmove $sp, $16"             \
			 :                                                                        \
			 : "r"(address)                                                           \
			 : "$1", "$2", "$3", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", \
			   "$15", "$16", "$24", "$25", "memory")
#define CALL_GETPID "li $2, 4020\n\tsyscall"
#define PUSH	    "sw $2, -4($sp)"
#endif

TEST(system_call_with_a_bad_stack)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++)
		EXPECT_EXIT(0, WITH_STACK(bad_addresses[i], CALL_GETPID));
	EXPECT_EXIT(0, WITH_STACK(KERNEL_ADDRESS, CALL_GETPID));
}

/* What lies right below such an address is a good stack: our own. */
static bool is_end_of_stack(const void *address)
{
	return (uintptr_t)address - (uintptr_t)&address < 1 << 24;
}

TEST(push_to_a_bad_stack)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++) {
		pid_t child;
		int status;

		if (is_end_of_stack(bad_addresses[i]))
			continue;
		child = fork();
		if (child == 0) {
			WITH_STACK(bad_addresses[i], PUSH);
			_exit(0);
		}
		status = status_of(child);
		EXPECT(WIFSIGNALED(status));
	}
}

/* The interrupt comes while the stack pointer is anything. */
static void spin_without_stack(void *address)
{
	register void *stack __asm__(
#if defined(__x86_64__)
		"rdx"
#elif defined(__i386__)
		"edx"
#else
		"$8"
#endif
		) = address;

#if defined(__x86_64__)
	__asm__ volatile("movq %0, %%rsp\n1:\tjmp 1b" : : "r"(stack) : "memory");
#elif defined(__i386__)
	__asm__ volatile("movl %0, %%esp\n1:\tjmp 1b" : : "r"(stack) : "memory");
#else
	__asm__ volatile("move $sp, %0\n1:\tb 1b\n\tnop" : : "r"(stack) : "memory");
#endif
}

TEST(interrupts_with_a_bad_stack)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i += 3) {
		pid_t child = fork();

		if (child == 0)
			spin_without_stack(bad_addresses[i]);
		sleep_ms(3);
		kill(child, SIGKILL);
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	}
}

/* A handler that has no stack to run on. */
static void nothing(int number)
{
	(void)number;
}

TEST(signal_with_a_bad_stack)
{
	volatile int *ready = shared_pages(1);

	for (size_t i = 0; i < COUNT(bad_addresses); i += 2) {
		pid_t child;

		if (is_end_of_stack(bad_addresses[i]))
			continue;
		*ready = 0;
		child = fork();
		if (child == 0) {
			signal(SIGUSR1, nothing);
			*ready = 1;
			spin_without_stack(bad_addresses[i]);
		}
		while (!*ready)
			sleep_ms(1);
		kill(child, SIGUSR1);
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGSEGV);
	}
}

TEST(sigreturn_without_a_frame)
{
	for (size_t i = 0; i < COUNT(bad_addresses); i++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
#if defined(__x86_64__)
			WITH_STACK(bad_addresses[i], "movl $15, %%eax\n\tsyscall\n\tud2");
#elif defined(__i386__)
			WITH_STACK(bad_addresses[i], "movl $173, %%eax\n\tint $0x80\n\tud2");
#else
			WITH_STACK(bad_addresses[i], "li $2, 4193\n\tsyscall\n\tbreak");
#endif
			_exit(0);
		}
		status = status_of(child);
		EXPECT(WIFSIGNALED(status));
	}
}

/* Frames full of anything: the kernel takes no register from them that would give the program more rights. */
TEST(sigreturn_with_garbage)
{
	uint32_t state = 4711;

	for (int i = 0; i < TIMES(60, 5000); i++) {
		pid_t child;
		uint32_t *frame = pages(2);

		for (size_t n = 0; n < 2 * PAGE / 4; n++) {
			uint32_t number = random_next(&state);

			frame[n] = i % 3 == 0 ? number : i % 3 == 1 ? number & 0x33 : 0;
			/* Here and there something that makes sense. */
			if (number % 7 == 0)
				frame[n] = (uint32_t)(uintptr_t)KERNEL_ADDRESS;
			else if (number % 7 == 1)
				frame[n] = (uint32_t)(uintptr_t)nothing;
			else if (number % 7 == 2)
				frame[n] = (uint32_t)(uintptr_t)frame;
		}
		child = fork();
		if (child == 0) {
#if defined(__x86_64__)
			WITH_STACK(frame, "movl $15, %%eax\n\tsyscall\n\tud2");
#elif defined(__i386__)
			if (i % 2)
				WITH_STACK(frame, "movl $119, %%eax\n\tint $0x80\n\tud2");
			else
				WITH_STACK(frame, "movl $173, %%eax\n\tint $0x80\n\tud2");
#else
			WITH_STACK(frame, "li $2, 4193\n\tsyscall\n\tbreak");
#endif
			_exit(0);
		}
		sleep_ms(1);
		kill(child, SIGKILL); /* it may spin */
		status_of(child);
		munmap(frame, 2 * PAGE);
	}
	EXPECT_EXIT(3, _exit(3));
}
