/* SPDX-License-Identifier: MIT */
/*
 * System calls on MIPS (o32): `syscall`, the number in $2, four arguments in $4 to $7, more at 16 and
 * 20 of the stack. The result is in $2, and $7 says whether it is an error. Each of these gives the result,
 * or -errno.
 */
#ifndef USER_ARCH_SYSTEM_CALL_H
#define USER_ARCH_SYSTEM_CALL_H

/* What the kernel need not preserve. */
#define SYSTEM_CALL_CLOBBERS                                                                  \
	"$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", \
		"lo", "memory"

static inline long system_call0(long number)
{
	register long v0 __asm__("$2") = number;
	register long a3 __asm__("$7");

	__asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : : SYSTEM_CALL_CLOBBERS);
	return a3 ? -v0 : v0;
}

static inline long system_call1(long number, long a)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a3 __asm__("$7");

	__asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : "r"(a0) : SYSTEM_CALL_CLOBBERS);
	return a3 ? -v0 : v0;
}

static inline long system_call2(long number, long a, long b)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a3 __asm__("$7");

	__asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : "r"(a0), "r"(a1) : SYSTEM_CALL_CLOBBERS);
	return a3 ? -v0 : v0;
}

static inline long system_call3(long number, long a, long b, long c)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a2 __asm__("$6") = c;
	register long a3 __asm__("$7");

	__asm__ volatile("syscall"
			 : "+r"(v0), "=r"(a3)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : SYSTEM_CALL_CLOBBERS);
	return a3 ? -v0 : v0;
}

static inline long system_call4(long number, long a, long b, long c, long d)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a2 __asm__("$6") = c;
	register long a3 __asm__("$7") = d;

	__asm__ volatile("syscall"
			 : "+r"(v0), "+r"(a3)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : SYSTEM_CALL_CLOBBERS);
	return a3 ? -v0 : v0;
}

/* Arguments five and six go where a called function would look for them. */
static inline long system_call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a2 __asm__("$6") = c;
	register long a3 __asm__("$7") = d;
	register long t0 __asm__("$8") = e;
	register long t1 __asm__("$9") = f;

	__asm__ volatile("addiu $sp, $sp, -32\n\t"
			 "sw $8, 16($sp)\n\t"
			 "sw $9, 20($sp)\n\t"
			 "syscall\n\t"
			 "addiu $sp, $sp, 32"
			 : "+r"(v0), "+r"(a3), "+r"(t0), "+r"(t1)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : "$1", "$3", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
			   "lo", "memory");
	return a3 ? -v0 : v0;
}

#endif
