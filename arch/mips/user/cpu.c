/* SPDX-License-Identifier: MIT */
/*
 * What the processor has for user mode, found out once at start-up:
 *
 *	XI bits		data is not executable (Config3.RXI)
 *	UserLocal	the thread pointer has a register (Config3.ULRI); else rdhwr traps, and the
 *			instruction in switch.S that loads the register is taken out
 *	HWREna		which registers rdhwr gives to programs
 *	FPU		Config1.FP
 *
 * Instruction fetch sees what the kernel wrote only after synci of each line. Caches with ways larger
 * than a page, and no hardware against it, show one page under several indices: neither this synci nor
 * memory that kernel and program both write through different addresses would be right then, and
 * that is said in the log. QEMU has no caches.
 */
#include <asm/irqflags.h>
#include <asm/setup.h>
#include <asm/user.h>
#include <asm/user_page.h>
#include <tessera/kernel.h>
#include <tessera/log.h>

#include "user.h"

#define LOG_TAG "cpu"

extern uint32_t user_local_write[]; /* switch.S */

static uint32_t cache_step; /* bytes that one synci takes care of; 0: nothing to do */

void page_code_written(const void *page)
{
	const char *end = (const char *)page + PAGE_SIZE;

	if (!cache_step)
		return;
	for (const char *line = page; line < end; line += cache_step)
		__asm__ volatile("synci 0(%0)" : : "r"(line) : "memory");
	__asm__ volatile("sync" : : : "memory");
}

/* Bytes in a way: more than a page means that one page has several places. */
static unsigned cache_way(uint32_t config1, unsigned sets_shift, unsigned line_shift)
{
	unsigned line = (config1 >> line_shift) & 7;
	unsigned sets = 64u << ((config1 >> sets_shift) & 7);

	return line ? sets * (2u << line) : 0;
}

static void check_aliases(uint32_t config1)
{
	bool larger = cache_way(config1, CONFIG1_DS_SHIFT, CONFIG1_DL_SHIFT) > PAGE_SIZE ||
		      cache_way(config1, CONFIG1_IS_SHIFT, CONFIG1_IL_SHIFT) > PAGE_SIZE;

	if (larger && !(cp0_read(CP0_CONFIG7) & CONFIG7_AR))
		log_debug("the caches may hold a page twice: programs may see old data");
}

void user_cpu_init(unsigned tlb_entries)
{
	uint32_t config1 = cp0_read(CP0_CONFIG1), config3 = cp0_read(CP0_CONFIG3);
	uint32_t registers = HWRENA_ALWAYS;

	if (!tlb_entries)
		panic("user mode needs a processor with a TLB; QEMU: -cpu 24Kf");
	tlb_init();
	__asm__("rdhwr %0, $1" : "=r"(cache_step));
	check_aliases(config1);
	if (config3 & CONFIG3_RXI)
		cp0_write(CP0_PAGEGRAIN, cp0_read(CP0_PAGEGRAIN) | PAGEGRAIN_XIE);
	if (config3 & CONFIG3_ULRI) {
		registers |= HWRENA_USERLOCAL;
	} else {
		*user_local_write = 0; /* nop */
		if (cache_step)
			__asm__ volatile("synci 0(%0)\n\tsync"
					 :
					 : "r"(user_local_write)
					 : "memory");
	}
	cp0_write(CP0_HWRENA, registers);
	cp0_barrier();
	signal_init();
	log_info("user mode: %s FPU, thread pointer %s, data %s",
		 config1 & CONFIG1_FP ? "an" : "no",
		 config3 & CONFIG3_ULRI ? "in a register" : "by emulation",
		 config3 & CONFIG3_RXI ? "not executable" : "executable");
}
