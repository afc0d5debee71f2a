// SPDX-License-Identifier: MIT
/* Instructions of x86 that trap, and flags and segments that a program can set but must not harm anybody with. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define TRAP(signal, code) EXPECT_SIGNAL(signal, __asm__ volatile(code))

#if __SIZEOF_LONG__ == 8
#define PUSHF	  "pushfq\n\t"
#define POPF	  "popfq\n\t"
#define LONG	  "q"
#define NULL_CALL "movl $39, %%eax\n\tsyscall\n\t"
#else
#define PUSHF	  "pushfl\n\t"
#define POPF	  "popfl\n\t"
#define LONG	  "l"
#define NULL_CALL "movl $20, %%eax\n\tint $0x80\n\t"
#endif

TEST(arithmetic)
{
	TRAP(SIGFPE, "xorl %ecx, %ecx\n\txorl %edx, %edx\n\tmovl $7, %eax\n\tdivl %ecx");
	TRAP(SIGFPE, "movl $-1, %ecx\n\tmovl $0x80000000, %eax\n\tcltd\n\tidivl %ecx");
}

TEST(illegal_instructions)
{
	TRAP(SIGILL, "ud2");
	TRAP(SIGILL, ".byte 0x0f, 0xff, 0xc0");
	TRAP(SIGILL, ".byte 0xf0, 0x90"); /* lock nop */
	TRAP(SIGTRAP, "int3");
	TRAP(SIGSEGV, ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,"
		      "0x66,0x66,0x90"); /* longer than 15 bytes */
}

TEST(privileged_instructions)
{
	TRAP(SIGSEGV, "hlt");
	TRAP(SIGSEGV, "cli");
	TRAP(SIGSEGV, "sti");
	TRAP(SIGSEGV, "inb $0x60, %al");
	TRAP(SIGSEGV, "outb %al, $0x80");
	TRAP(SIGSEGV, "movw $0xf4, %dx\n\toutl %eax, %dx");
	TRAP(SIGSEGV, "wbinvd");
	TRAP(SIGSEGV, "clts");
	TRAP(SIGSEGV, "rdmsr");
	TRAP(SIGSEGV, "wrmsr");
#if __SIZEOF_LONG__ == 8
	TRAP(SIGSEGV, "movq %cr0, %rax");
	TRAP(SIGSEGV, "movq %rax, %cr3");
	TRAP(SIGSEGV, "movq %cr4, %rax");
	TRAP(SIGSEGV, "movq %rax, %dr7");
	TRAP(SIGSEGV, "invlpg (%rsp)");
	TRAP(SIGSEGV, "subq $16, %rsp\n\tlgdt (%rsp)");
	TRAP(SIGSEGV, "subq $16, %rsp\n\tlidt (%rsp)");
	TRAP(SIGSEGV, "sysretq");
	TRAP(SIGSEGV, "swapgs");
#else
	TRAP(SIGSEGV, "movl %cr0, %eax");
	TRAP(SIGSEGV, "movl %eax, %cr3");
	TRAP(SIGSEGV, "movl %eax, %dr7");
	TRAP(SIGSEGV, "invlpg (%esp)");
	TRAP(SIGSEGV, "subl $16, %esp\n\tlgdt (%esp)");
	TRAP(SIGSEGV, "subl $16, %esp\n\tlidt (%esp)");
#endif
	TRAP(SIGSEGV, "xorl %eax, %eax\n\tlldt %ax");
	TRAP(SIGSEGV, "movw $0x28, %ax\n\tltr %ax");
}

/* Gates that belong to the kernel. */
TEST(software_interrupts)
{
	TRAP(SIGSEGV, "int $0");
	TRAP(SIGSEGV, "int $2");
	TRAP(SIGSEGV, "int $8");
	TRAP(SIGSEGV, "int $13");
	TRAP(SIGSEGV, "int $14");
	TRAP(SIGSEGV, "int $32");
	TRAP(SIGSEGV, "int $48");
	TRAP(SIGSEGV, "int $239");
	TRAP(SIGSEGV, "int $255");
}

TEST(segments)
{
	TRAP(SIGSEGV, "movl $0xffff, %eax\n\tmovl %eax, %ds");
	TRAP(SIGSEGV, "movl $0x8, %eax\n\tmovl %eax, %es"); /* the kernel's */
	TRAP(SIGSEGV, "movl $0x8, %eax\n\tmovl %eax, %ss");
	TRAP(SIGSEGV, "movl $0x10, %eax\n\tmovl %eax, %ss");
	TRAP(SIGSEGV, "movl $0xfff8, %eax\n\tmovl %eax, %gs");
	/* A far return would be worth a try too, but QEMU 7.2 reads its stack as the kernel would. */
#if __SIZEOF_LONG__ == 4
	TRAP(SIGSEGV, "ljmp $0x8, $0");
#endif
	/* Null selectors are allowed until they are used, and the kernel does not mind. */
	EXPECT_EXIT(
		0, __asm__ volatile(
			   "xorl %%eax, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es\n\t" NULL_CALL
#if __SIZEOF_LONG__ == 4
			   "movl %%ss, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es"
#endif
			   :
			   :
			   : "eax", "ecx", "memory"));
}

/* Flags that change what the kernel's own instructions would do. */
static void call_with_flags(unsigned long flags)
{
	__asm__ volatile(PUSHF "or" LONG " %0, (%%"
#if __SIZEOF_LONG__ == 8
			       "rsp)\n\t"
#else
			       "esp)\n\t"
#endif
			 POPF NULL_CALL "cld"
			 :
			 : "r"(flags)
#if __SIZEOF_LONG__ == 8
			 : "rax", "rcx", "r11", "memory");
#else
			 : "eax", "memory");
#endif
}

TEST(flags_do_not_reach_the_kernel)
{
	EXPECT_EXIT(0, call_with_flags(0x400));		/* direction */
	EXPECT_EXIT(0, call_with_flags(0x4000));	/* nested task */
	EXPECT_EXIT(0, call_with_flags(0x40000));	/* alignment check */
	EXPECT_EXIT(0, call_with_flags(0x3000));	/* I/O privilege: cannot be set */
	EXPECT_SIGNAL(SIGTRAP, call_with_flags(0x100)); /* trap */
	/* None of them is left over. */
	EXPECT_EXIT(0, sleep_ms(1));
}

/* Nothing below 64 KiB can be taken for a table of descriptors. */
TEST(no_local_descriptors)
{
	unsigned long *low = mmap((void *)0x10000, 0x10000, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	ASSERT(low != MAP_FAILED);
	TRAP(SIGSEGV, "movl $0x7, %eax\n\tmovl %eax, %es");
	TRAP(SIGSEGV, "movl $0xfff7, %eax\n\tmovl %eax, %es");
}

static volatile int traps;

static void count_trap(int number)
{
	(void)number;
	traps++;
}

TEST(breakpoints_can_be_handled)
{
	signal(SIGTRAP, count_trap);
	__asm__ volatile("int3");
	__asm__ volatile("int3");
	EXPECT_EQ(traps, 2);
}

#if __SIZEOF_LONG__ == 8

TEST(stack_and_data_are_not_executable)
{
	static unsigned char data[] = { 0xc3 }; /* ret */
	unsigned char stack[] = { 0xc3 };
	unsigned char *heap = pages(1);

	heap[0] = 0xc3;
	EXPECT_SIGNAL(SIGSEGV, ((void (*)(void))(uintptr_t)data)());
	EXPECT_SIGNAL(SIGSEGV, ((void (*)(void))(uintptr_t)stack)());
	EXPECT_SIGNAL(SIGSEGV, ((void (*)(void))(uintptr_t)heap)());
	EXPECT_EQ(mprotect(heap, PAGE, PROT_READ | PROT_EXEC), 0);
	EXPECT_EXIT(0, ((void (*)(void))(uintptr_t)heap)());
}

/* SYSCALL as the last instruction below the hole in the address space: the address behind it is not canonical,
 * which SYSRET on some processors finds out too late. */
TEST(system_call_at_the_end_of_memory)
{
	for (uintptr_t end = 0x7ffffffff000; end <= 0x800000000000; end += PAGE) {
		unsigned char *page =
			mmap((void *)(end - PAGE), PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		pid_t child;

		if (page == MAP_FAILED)
			continue;
		memcpy(page + PAGE - 7, "\xb8\x27\x00\x00\x00\x0f\x05", 7); /* getpid */
		child = fork();
		if (child == 0)
			((void (*)(void))(uintptr_t)(page + PAGE - 7))();
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGSEGV);
	}
}

TEST(thread_pointer_outside)
{
	/* arch_prctl(ARCH_SET_FS) with an address that no base register takes. */
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(158l), "D"(0x1002l), "S"(0x8000000000000000)
			 : "rcx", "r11", "memory");
	EXPECT_EQ(result, -EPERM);
}

#endif
