/* SPDX-License-Identifier: MIT */
/* Start-up, end, and broken invariants. */
#ifndef TESSERA_KERNEL_H
#define TESSERA_KERNEL_H

#include <stdarg.h>
#include <tessera/compiler.h>

struct trap_frame;

/*
 * The portable kernel's first function. The architecture calls it once on the boot stack with
 * interrupts off, the trap vectors set, boot_info filled and the loader's memory map added
 * (memory_map_add, memory_map_reserve). Never returns.
 */
void kernel_start(void) __noreturn;

/*
 * cycle_count() at the kernel's first instructions, and when start-up was over (tests or benchmarks
 * can begin, or the monitor's first prompt stands): the figure boot.prompt. The architecture may
 * set the first as early as it likes; kernel_start does if it is still 0.
 */
extern uint64_t boot_cycles_start, boot_cycles_ready;

/*
 * An invariant of the kernel is broken: prints the cause, registers, a symbolised backtrace,
 * the configuration's name and the last log lines on every console, and stops the machine with
 * a failing status. No input from a user program, a loader or a device may lead here. Any
 * context; never returns. panic_frame reports a trap: registers and backtrace are the frame's.
 */
void panic(const char *format, ...) __printf(1, 2) __noreturn __cold;
void panic_frame(const struct trap_frame *frame, const char *format, ...)
	__printf(2, 3) __noreturn __cold;

/* Prints the call chain with names (KERNEL_SYMBOLS): from the frame, or (NULL) of the caller. */
void backtrace_print(const struct trap_frame *frame);

/*
 * The machine cannot run this kernel (too little memory, a needed device or CPU feature absent):
 * says so in one line that names the thing and the mend, and stops with a failing status.
 * Unlike panic it is no bug and prints no registers. Start-up only.
 */
void boot_fail(const char *format, ...) __printf(1, 2) __noreturn __cold;

/* Checks an invariant in builds with DEBUG_ASSERT; costs nothing otherwise. */
#define ASSERT(condition)                                                                      \
	do {                                                                                   \
		if (IS_ENABLED(CONFIG_DEBUG_ASSERT) && unlikely(!(condition)))                 \
			panic("assertion failed: %s (%s:%d)", #condition, __FILE__, __LINE__); \
	} while (0)

#endif
