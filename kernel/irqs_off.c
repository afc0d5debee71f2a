/* SPDX-License-Identifier: MIT */
/*
 * The longest stretch with interrupts masked: two readings of the cycle counter and a comparison
 * for each masked section. The counter's reading and the bookkeeping count into the stretch
 * (some ten instructions), so the figure errs on the safe side.
 *
 * All of it changes with interrupts masked.
 */
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/irqs_off.h>
#include <tessera/monitor.h>
#include <tessera/symbols.h>

struct stretch {
	uint64_t cycles;
	const void *from, *to;
};

static uint64_t begun_at;
static const void *begun_by;
static struct stretch longest;

void irqs_off_begin(const void *where)
{
	begun_by = where ? where : CALLER();
	begun_at = cycle_count();
}

void irqs_off_end(void)
{
	uint64_t cycles = cycle_count() - begun_at;

	if (cycles > longest.cycles && begun_by)
		longest = (struct stretch){ .cycles = cycles, .from = begun_by, .to = CALLER() };
	begun_by = NULL;
}

void irqs_off_ignore(void)
{
	begun_by = NULL;
}

void irqs_off_clear(void)
{
	unsigned long flags = irq_save();

	longest = (struct stretch){ 0 };
	irq_restore(flags);
}

static struct stretch read_longest(void)
{
	unsigned long flags = irq_save();
	struct stretch copy = longest;

	irq_restore(flags);
	return copy;
}

uint64_t irqs_off_longest(void)
{
	return cycles_to_instructions(read_longest().cycles);
}

static void print_place(const char *word, const void *address)
{
	size_t offset;
	const char *name = symbol_lookup((uintptr_t)address, &offset);

	if (name)
		print("%s %s+0x%zx", word, name, offset);
	else
		print("%s %p", word, address);
}

void irqs_off_show(void)
{
	struct stretch copy = read_longest();

	print("interrupts were off for at most %llu instructions, ",
	      (unsigned long long)cycles_to_instructions(copy.cycles));
	print_place("from", copy.from);
	print_place(" to", copy.to);
	print("\n");
}

static void show_irqs_off(int argc, char **argv)
{
	irqs_off_show();
}
MONITOR_COMMAND(irqs_off, "irqsoff", "the longest stretch with interrupts off", show_irqs_off);
