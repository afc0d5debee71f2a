/* SPDX-License-Identifier: MIT */
/* Tests of the port: what the vectors save, and the halt. */
#include <asm/cp0.h>
#include <asm/cpu.h>
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <asm/trap.h>
#include <tessera/test.h>

#define SOFTWARE_INTERRUPT (CAUSE_IV | 1u << CAUSE_IP_SHIFT) /* line 0, which nobody else uses */

uint32_t registers_damaged(uint32_t cause);

/* From here on only the software line can interrupt. Gives what restore_lines wants. */
static uint32_t only_software_line(uint32_t enable)
{
	uint32_t status = cp0_read(CP0_STATUS);

	cp0_write(CP0_STATUS, enable | 1u << STATUS_IM_SHIFT);
	cp0_barrier();
	return status;
}

static void restore_lines(uint32_t status)
{
	cp0_write(CP0_STATUS, status);
	cp0_barrier();
}

TEST(mips, interrupt_keeps_registers)
{
	unsigned long flags = irq_save();
	uint32_t status = only_software_line(STATUS_IE);
	uint32_t damage = registers_damaged(SOFTWARE_INTERRUPT);
	bool served = !(cp0_read(CP0_CAUSE) & 1u << CAUSE_IP_SHIFT);

	restore_lines(status);
	irq_restore(flags);
	EXPECT_EQ(damage, 0);
	EXPECT(served);
}

TEST(mips, trap_keeps_registers)
{
	unsigned long flags = irq_save();
	uint32_t status = only_software_line(0);
	uint32_t damage = registers_damaged(0);

	restore_lines(status);
	irq_restore(flags);
	EXPECT_EQ(damage, 0);
}

/* An interrupt that is pending when the halt begins ends it at once: nothing else could. */
TEST(mips, halt_ends_at_a_pending_interrupt)
{
	unsigned long flags = irq_save();
	uint32_t status = only_software_line(0);
	uint64_t start = cycle_count(), cycles;
	bool enabled;

	cp0_write(CP0_CAUSE, SOFTWARE_INTERRUPT);
	cpu_wait();
	enabled = irqs_enabled();
	irq_disable();
	cycles = cycle_count() - start;
	restore_lines(status);
	irq_restore(flags);
	EXPECT(enabled);
	EXPECT(cycles < CONFIG_MIPS_COUNT_HZ / CONFIG_HZ);
	EXPECT(cp0_read(CP0_CAUSE) & CAUSE_IV); /* interrupts go to their vector again */
}
