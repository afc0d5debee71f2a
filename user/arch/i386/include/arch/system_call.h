/* SPDX-License-Identifier: MIT */
/*
 * System calls on i386: `int $0x80`, the number in eax, arguments in ebx ecx edx esi edi ebp. Each
 * gives what the kernel gives: a result, or -errno.
 */
#ifndef USER_ARCH_SYSTEM_CALL_H
#define USER_ARCH_SYSTEM_CALL_H

static inline long system_call0(long number)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number) : "memory");
	return result;
}

static inline long system_call1(long number, long a)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a) : "memory");
	return result;
}

static inline long system_call2(long number, long a, long b)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b) : "memory");
	return result;
}

static inline long system_call3(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}

static inline long system_call4(long number, long a, long b, long c, long d)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d)
			 : "memory");
	return result;
}

/* The compiler may need ebp for itself, so the sixth argument gets there through the stack. */
static inline long system_call6(long number, long a, long b, long c, long d, long e, long f)
{
	long result;

	__asm__ volatile("pushl %7\n\t"
			 "pushl %%ebp\n\t"
			 "movl 4(%%esp), %%ebp\n\t"
			 "int $0x80\n\t"
			 "popl %%ebp\n\t"
			 "addl $4, %%esp"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), "g"(f)
			 : "memory", "cc");
	return result;
}

#endif
