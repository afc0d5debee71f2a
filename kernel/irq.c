/* SPDX-License-Identifier: MIT */
/*
 * Interrupt requests: one handler per line, found by its number.
 *
 * The table changes only with interrupts masked, because irq_dispatch reads it from interrupts.
 */
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/irq.h>
#include <tessera/log.h>
#include <tessera/monitor.h>
#include <tessera/thread.h>

#define LOG_TAG "irq"

struct irq_line {
	irq_handler *handler;
	void *arg;
	const char *name;
	uint64_t count;
};

static struct irq_line lines[IRQ_COUNT];
static unsigned spurious;

int irq_request(unsigned irq, irq_handler *handler, void *arg, const char *name)
{
	unsigned long flags;
	int error = -EBUSY;

	if (irq >= IRQ_COUNT || !irqchip_has(irq))
		return -EINVAL;
	flags = irq_save();
	if (!lines[irq].handler) {
		lines[irq].handler = handler;
		lines[irq].arg = arg;
		lines[irq].name = name;
		irqchip_unmask(irq);
		error = 0;
	}
	irq_restore(flags);
	return error;
}

void irq_free(unsigned irq)
{
	unsigned long flags = irq_save();

	irqchip_mask(irq);
	lines[irq].handler = NULL;
	lines[irq].name = NULL;
	irq_restore(flags);
}

void irq_mask(unsigned irq)
{
	unsigned long flags = irq_save();

	irqchip_mask(irq);
	irq_restore(flags);
}

void irq_unmask(unsigned irq)
{
	unsigned long flags = irq_save();

	irqchip_unmask(irq);
	irq_restore(flags);
}

uint64_t irq_count(unsigned irq)
{
	unsigned long flags = irq_save();
	uint64_t count = lines[irq].count;

	irq_restore(flags);
	return count;
}

const char *irq_name(unsigned irq)
{
	return lines[irq].name;
}

void irq_dispatch(unsigned irq)
{
	struct irq_line *line = &lines[irq];

	if (IS_ENABLED(CONFIG_THREADS))
		irq_enter();
	line->count++;
	if (likely(line->handler)) {
		line->handler(irq, line->arg);
	} else {
		irqchip_mask(irq);
		log_warning("line %u was raised but has no handler: masked", irq);
	}
	irqchip_eoi(irq);
	if (IS_ENABLED(CONFIG_THREADS))
		irq_exit();
}

void irq_spurious(void)
{
	spurious++;
}

void irq_init(void)
{
	irqchip_init();
}

static void show_irqs(int argc, char **argv)
{
	print("irq       count  name\n");
	for (unsigned irq = 0; irq < IRQ_COUNT; irq++)
		if (irq_name(irq) || irq_count(irq))
			print("%3u %11llu  %s\n", irq, (unsigned long long)irq_count(irq),
			      irq_name(irq) ? irq_name(irq) : "(no handler)");
	print("spurious: %u\n", spurious);
}
MONITOR_COMMAND(irqs, "irqs", "interrupt lines, how often each was raised, and by whom", show_irqs);
