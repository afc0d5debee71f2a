// SPDX-License-Identifier: MIT
/* Instructions of MIPS that trap, and those that belong to the kernel. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define TRAP(signal, code) \
	EXPECT_SIGNAL(signal, __asm__ volatile(".set push\n\t.set noat\n\t" code "\n\t.set pop"))

TEST(arithmetic)
{
	TRAP(SIGFPE, "lui $8, 0x7fff\n\tori $8, $8, 0xffff\n\taddi $8, $8, 1");
	TRAP(SIGFPE, "lui $8, 0x8000\n\taddiu $9, $0, 1\n\tsub $8, $8, $9");
	TRAP(SIGFPE, "teq $0, $0, 7"); /* what compilers put behind a division: divisor is zero */
}

TEST(traps)
{
	TRAP(SIGTRAP,
	     ".set mips32r2\n\tsdbbp 5"); /* a debugger's, and privileged until it is left */
	TRAP(SIGTRAP, "break");
	TRAP(SIGTRAP, "teq $0, $0");
	TRAP(SIGFPE, "break 7");
	TRAP(SIGFPE, "break 6");
}

TEST(illegal_instructions)
{
	TRAP(SIGILL, ".word 0x0000003f");
	TRAP(SIGILL, ".word 0x7000003e");
	TRAP(SIGILL, ".word 0xfc000000");
	TRAP(SIGILL, ".word 0x4a000000"); /* coprocessor 2 */
}

TEST(privileged_instructions)
{
	TRAP(SIGILL, "mfc0 $8, $12");
	TRAP(SIGILL, "mtc0 $0, $12");
	TRAP(SIGILL, "mtc0 $0, $10");
	TRAP(SIGILL, "tlbwr");
	TRAP(SIGILL, "tlbwi");
	TRAP(SIGILL, "tlbp");
	TRAP(SIGILL, "eret");
	TRAP(SIGILL, "wait");
	TRAP(SIGILL, "di");
	TRAP(SIGILL, "ei");
	TRAP(SIGILL, "cache 0, 0($sp)");
	TRAP(SIGILL, "rdpgpr $8, $9");
}

TEST(unaligned_access)
{
	TRAP(SIGBUS, "lw $8, 1($sp)");
	TRAP(SIGBUS, "lh $8, 1($sp)");
	TRAP(SIGBUS, "sw $8, 2($sp)");
	TRAP(SIGBUS, "sh $8, 3($sp)");
	/* Into the text, because QEMU looks first whether memory may be executed (P5600). */
	TRAP(SIGBUS, "bal 1f\n\tnop\n1:\taddiu $8, $31, 2\n\tjr $8\n\tnop");
	/* These are for it. */
	EXPECT_EXIT(0, __asm__ volatile("ulw $8, 1($sp)" : : : "$1", "$8"));
}

/* P5600 can forbid it, others cannot: tests/boot/table.py knows where the line in the log must be. */
TEST(data_is_not_executable_where_that_can_be)
{
	volatile uint32_t code[2] = { 0x03e00008, 0 }; /* jr $31; nop */
	pid_t child = fork();
	int status;

	if (child == 0) {
		syscall(SYS_cacheflush, code, sizeof(code), 3);
		((void (*)(void))code)();
		_exit(0);
	}
	status = status_of(child);
	EXPECT(status == 0 || status == SIGSEGV);
}

/* A fault in the slot behind a branch: the return goes to the branch. */
TEST(faults_in_delay_slots)
{
	TRAP(SIGTRAP, ".set noreorder\n\tb 1f\n\tbreak\n1:\tnop");
	TRAP(SIGSEGV, ".set noreorder\n\tb 1f\n\tlw $8, 0($0)\n1:\tnop");
	TRAP(SIGILL, ".set noreorder\n\tb 1f\n\tmfc0 $8, $12\n1:\tnop");
}

static char *volatile page;

static void mend(int number)
{
	(void)number;
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
}

TEST(handler_mends_a_delay_slot)
{
	long loaded = 7, branched = 0;

	page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGSEGV, mend);
	__asm__ volatile(".set push\n\t"
			 ".set noreorder\n\t"
			 "b 1f\n\t"
			 "lw %0, 0(%2)\n\t"
			 "li %1, 5\n"
			 "1:\taddiu %1, %1, 1\n\t"
			 ".set pop"
			 : "+r"(loaded), "+r"(branched)
			 : "r"(page)
			 : "memory");
	EXPECT_EQ(loaded, 0);
	EXPECT_EQ(branched, 1);
}

TEST(user_local_in_a_delay_slot)
{
	unsigned long direct, in_slot;

	__asm__ volatile(".set push\n\t.set mips32r2\n\trdhwr $3, $29\n\tmove %0, $3\n\t.set pop"
			 : "=r"(direct)
			 :
			 : "$3");
	__asm__ volatile(".set push\n\t"
			 ".set mips32r2\n\t"
			 ".set noreorder\n\t"
			 "b 1f\n\t"
			 "rdhwr $3, $29\n\t"
			 "move $3, $0\n"
			 "1:\tmove %0, $3\n\t"
			 ".set pop"
			 : "=r"(in_slot)
			 :
			 : "$3");
	EXPECT(direct != 0);
	EXPECT_EQ(in_slot, direct);
}

/* What was written as data is executed only when the caches have been told. */
TEST(written_code)
{
	uint32_t *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(code != MAP_FAILED);
	for (uint32_t n = 0; n < 3; n++) {
		code[0] = 0x24020000 | n; /* li v0, n */
		code[1] = 0x03e00008;	  /* jr ra */
		code[2] = 0;
		EXPECT_EQ(syscall(SYS_cacheflush, code, 3 * sizeof(*code), 3), 0);
		EXPECT_EQ(((int (*)(void))code)(), n);
	}
	EXPECT_ERROR(syscall(SYS_cacheflush, KERNEL_ADDRESS, 64, 3), EFAULT);
}

static volatile int plain_signal;
static volatile long plain_second = -1;

static void plain(int number, long second, void *context)
{
	plain_signal = context ? number : 0;
	plain_second = second;
}

/* The older frame, for handlers that are told no more than the signal; the library asks for the other. */
TEST(plain_handlers)
{
	struct {
		unsigned flags;
		void (*handler)(int, long, void *);
		uint32_t mask[4];
	} action = { 0, plain, { 0 } };

	EXPECT_EQ(syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, sizeof(action.mask)), 0);
	for (int again = 0; again < 3; again++) {
		plain_signal = 0;
		EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
		EXPECT_EQ(plain_signal, SIGUSR1);
		EXPECT_EQ(plain_second, 0);
	}
}
