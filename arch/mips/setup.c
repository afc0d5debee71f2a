/* SPDX-License-Identifier: MIT */
/* The first C code: the CPU's part of start-up. The board's is in <board>/. */
#include <asm/cp0.h>
#include <asm/cycles.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <tessera/arch.h>
#include <tessera/kernel.h>
#include <tessera/linker.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/vmap.h>

#include "user/user.h"

#define LOG_TAG "cpu"

uint32_t cycles_low, cycles_high;

/* At reset all entries are equal and match address 0. Each needs an address of its own, because
 * two that match one address stop the CPU; those of kseg0 match nothing. */
unsigned tlb_flush(void)
{
	unsigned entries = 0;

	if (((cp0_read(CP0_CONFIG) >> CONFIG0_MT_SHIFT) & 7) == CONFIG0_MT_TLB)
		entries = ((cp0_read(CP0_CONFIG1) >> CONFIG1_MMU_SHIFT) & 63) + 1;

	cp0_write(CP0_ENTRYLO0, 0);
	cp0_write(CP0_ENTRYLO1, 0);
	cp0_write(CP0_PAGEMASK, 0);
	cp0_write(CP0_WIRED, 0);
	for (unsigned i = 0; i < entries; i++) {
		cp0_write(CP0_INDEX, i);
		cp0_write(CP0_ENTRYHI, KSEG0_BASE + i * 2 * PAGE_SIZE);
		__asm__ volatile("ehb\n\ttlbwi" : : : "memory");
	}
	cp0_write(CP0_ENTRYHI, 0);
	cp0_barrier();
	return entries;
}

void setup(int argc, char **argv, char **environment)
{
	unsigned tlb_entries;

	boot_cycles_start = cycle_count();
	boot_stack[0] = STACK_GUARD_WORD;
	tlb_entries = tlb_flush();
	log_info("processor 0x%08x, %u TLB entries", (unsigned)cp0_read(CP0_PRID), tlb_entries);
	if (!tlb_entries)
		log_warning("no TLB: accesses to wrong addresses may go unnoticed");
	if (IS_ENABLED(CONFIG_USER_MODE))
		user_cpu_init(tlb_entries);
	board_setup(argc, argv, environment);
	memory_map_reserve(virt_to_phys(__image_start), (size_t)(__image_end - __image_start),
			   "kernel");
	kernel_start();
}

/* kseg0 and kseg1 need no page tables. */
void arch_paging_init(void)
{
}

/* Nothing of the port waits for memory. */
void arch_init(void)
{
}
