/* SPDX-License-Identifier: MIT */
/*
 * What an architecture provides, besides the headers below (arch/<x>/include/asm/), which keep
 * the hot paths inline:
 *
 *	asm/page.h	PAGE_SHIFT, PAGE_SIZE, phys_to_virt(), virt_to_phys(), DIRECT_MAP_LIMIT (first
 *			physical address that the direct map cannot reach); without ARCH_HAS_VMAP also
 *			device_to_virt() (device memory, NULL when out of reach)
 *	asm/irqflags.h	irq_save(), irq_restore(), irq_restore_unchanged(), irq_enable(),
 *			irq_disable(), irqs_enabled(), irq_flags_enabled()
 *	asm/cpu.h	cpu_relax(), cpu_wait() (halt until an interrupt; interrupts on afterwards)
 *	asm/thread.h	struct thread_context, context_init(), context_switch(), current_thread()
 *	asm/atomic.h	atomic_compare_exchange()
 *	asm/trap.h	struct trap_frame, trap_frame_pc(), trap_frame_sp()
 *	asm/cycles.h	cycle_count(): a free-running counter, 64 bits, clock_source_hz() per second;
 *			cycle_count_masked(): with interrupts masked; cycles_to_instructions(): guest instructions of a difference under -icount shift=0
 *	asm/io.h	ISA ports: uint8_t inb(unsigned port), void outb(unsigned port, uint8_t value),
 *			inw/outw/inl/outl (little endian; MIPS: the ISA window); device memory:
 *			uint32_t mmio_read32(const volatile void *address), void mmio_write32(volatile
 *			void *address, uint32_t value), and the same for 8, 16 (and 64) bits, in the
 *			CPU's byte order
 *	asm/errno.h	the error numbers that differ between architectures
 */
#ifndef TESSERA_ARCH_H
#define TESSERA_ARCH_H

#include <tessera/compiler.h>

struct trap_frame;

/* Builds and enters the final kernel page tables, using boot_alloc. After memory_map_finish. */
void arch_paging_init(void);

/* The rest of the port that needs memory: descriptors, stacks for faults. After object_init. */
void arch_init(void);

/* Prints all registers of the frame, in the architecture's own words; NULL: as they are at the
 * call (panic without a trap). Panic context. */
void arch_print_registers(const struct trap_frame *frame);

/*
 * Calls `each` with the return addresses of the call chain, innermost first: from the frame, or
 * from the caller of this function when frame is NULL. Survives a broken stack. Panic context.
 * `certain` is false when an address was found by scanning the stack (x86 without frame
 * pointers). Stops when `each` gives false.
 */
void arch_backtrace(const struct trap_frame *frame,
		    bool (*each)(uintptr_t address, bool certain, void *arg), void *arg);

/*
 * Ends the machine. machine_exit: under QEMU leaves with the given status when a way is there
 * (0 success, 1 failure), else powers off or halts. None returns.
 */
void machine_exit(int status) __noreturn;
void machine_poweroff(void) __noreturn;
void machine_reboot(void) __noreturn;

/* Registers the board's early consoles (called by console_init). */
void arch_console_init(void);

/* Kernel page tables for mm/vmap.c, where the architecture selects ARCH_HAS_VMAP. One page;
 * the protection is a combination of VMAP_*. -ENOMEM: no memory for a table. */
#define VMAP_WRITE  0x1
#define VMAP_DEVICE 0x2 /* uncached */
int arch_vmap_page(uintptr_t virtual, phys_addr_t physical, unsigned protection);
void arch_vunmap_page(uintptr_t virtual);
/* The range that mm/vmap.c hands out: arch_vmap_start() .. arch_vmap_end(). */
uintptr_t arch_vmap_start(void);
uintptr_t arch_vmap_end(void);

/* What each kind of deliberate fault does (for `panic KIND` and `test=fault:KIND`): runs it and
 * does not return if the CPU catches it. -ENOENT: the CPU offers no such kind. Kinds: "divide",
 * "read", "write-text", "exec-data", "instruction", "stack", "null". */
int arch_fault(const char *kind);
const char *const *arch_fault_kinds(void); /* NULL-terminated */

#endif
