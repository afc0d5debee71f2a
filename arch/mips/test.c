/* SPDX-License-Identifier: MIT */
/* Tests of the port: what the vectors save, and the halt. */
#include <asm/cp0.h>
#include <asm/cpu.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/malta.h>
#include <tessera/irq.h>
#include <tessera/test.h>

#define SOFTWARE_LINE	   0
#define SOFTWARE_INTERRUPT (CAUSE_IV | 1u << (CAUSE_IP_SHIFT + SOFTWARE_LINE))

/* The PC's interval timer, which nobody else uses on Malta: channel 0 raises irq 0. */
#define PIT_CHANNEL_0 0x40
#define PIT_CONTROL   0x43
#define PIT_ONCE      0x30 /* channel 0, mode 0: an edge when the count reaches 0 */
#define PIT_PERIODIC  0x36 /* channel 0, mode 3: as after reset */
#define PIT_IRQ	      0
#define PIT_COUNT     50 /* of 0.84 us */

uint32_t registers_damaged(bool interrupt);
irq_handler registers_destroy;

/* Masks interrupts, and all lines of the CPU but this one, until restore_lines. */
static uint32_t only_line(unsigned line)
{
	uint32_t status = cp0_read(CP0_STATUS);

	cp0_write(CP0_STATUS, 1u << (STATUS_IM_SHIFT + line));
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
	unsigned long flags;
	uint32_t status, damage;

	ASSERT_TRUE(irq_request(PIT_IRQ, registers_destroy, NULL, "test") == 0);
	flags = irq_save();
	outb(PIT_CONTROL, PIT_ONCE);
	outb(PIT_CHANNEL_0, PIT_COUNT);
	outb(PIT_CHANNEL_0, 0);
	status = only_line(MALTA_CASCADE_LINE);
	damage = registers_damaged(true);
	restore_lines(status);
	irq_restore(flags);
	irq_free(PIT_IRQ);
	/* QEMU 7.2 under -icount sleep=off jumps ahead by a turn of Count, and hangs at the second jump,
	 * when the CPU waits while no other timer of the machine runs. */
	outb(PIT_CONTROL, PIT_PERIODIC);
	outb(PIT_CHANNEL_0, 0);
	outb(PIT_CHANNEL_0, 0);
	EXPECT_EQ(damage, 0);
}

TEST(mips, trap_keeps_registers)
{
	unsigned long flags = irq_save();
	uint32_t status = only_line(SOFTWARE_LINE);
	uint32_t damage = registers_damaged(false);

	restore_lines(status);
	irq_restore(flags);
	EXPECT_EQ(damage, 0);
}

/* An interrupt that is pending when the halt begins ends it: nothing else could, so a kernel that
 * misses it hangs here. */
TEST(mips, halt_ends_at_a_pending_interrupt)
{
	unsigned long flags = irq_save();
	uint32_t status = only_line(SOFTWARE_LINE);
	bool enabled;

	cp0_write(CP0_CAUSE, SOFTWARE_INTERRUPT);
	cpu_wait();
	enabled = irqs_enabled();
	irq_disable();
	restore_lines(status);
	irq_restore(flags);
	EXPECT(enabled);
}
