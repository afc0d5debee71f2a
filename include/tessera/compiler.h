/* SPDX-License-Identifier: MIT */
/* Words for the compiler: attributes, branch hints, and arithmetic on constants. */
#ifndef TESSERA_COMPILER_H
#define TESSERA_COMPILER_H

#include <tessera/types.h>

#define __noreturn     __attribute__((noreturn))
#define __printf(f, a) __attribute__((format(printf, f, a)))
#define __packed       __attribute__((packed))
#define __aligned(n)   __attribute__((aligned(n)))
#define __section(s)   __attribute__((section(s)))
#define __used	       __attribute__((used))
#define __cold	       __attribute__((cold))
#define __weak	       __attribute__((weak))
#define noinline       __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Keeps the compiler (not the processor) from moving memory accesses across this point. */
#define barrier() __asm__ volatile("" ::: "memory")

/* Reads or writes memory exactly once, as written. */
#define READ_ONCE(x)	 (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)	      (1ul << (n))

#define MIN(a, b)                                      \
	({                                             \
		__typeof__(a) __min_a = (a);           \
		__typeof__(b) __min_b = (b);           \
		__min_a < __min_b ? __min_a : __min_b; \
	})
#define MAX(a, b)                                      \
	({                                             \
		__typeof__(a) __max_a = (a);           \
		__typeof__(b) __max_b = (b);           \
		__max_a > __max_b ? __max_a : __max_b; \
	})

/* clang-format would take what stands before a minus for a cast. */
/* clang-format off */
/* Rounding to a power of two `a`. */
#define ALIGN_UP(x, a)	 (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
/* clang-format on */

#define __stringify_1(x) #x
#define __stringify(x)	 __stringify_1(x)

/* The address that the current function returns to: names the caller in a message. */
#define CALLER() __builtin_return_address(0)

#endif
