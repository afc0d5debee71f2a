// SPDX-License-Identifier: MIT
/*
 * Checks of the spin_locks (DEBUG_LOCKS). Each lock has a place in the order of lock.h, and what a CPU
 * holds is a set of places, a word; so each check is a comparison. Two locks never share a place, or
 * the second would count as taken twice, as it should: their order would be open.
 */
#include <tessera/lock.h>
#include <tessera/sched.h>

void lock_debug_take(const struct spinlock *lock, const void *caller)
{
	struct cpu *cpu = this_cpu();
	unsigned bit = 1u << lock->order;

	if (cpu->irq_depth)
		panic("spin_lock %u is taken in an interrupt, by %p", lock->order, caller);
	if (cpu->locks_held & bit)
		panic("spin_lock %u is taken twice, by %p", lock->order, caller);
	if (cpu->locks_held > bit)
		panic("spin_lock %u is taken inside one that goes after it (held: 0x%x), by %p",
		      lock->order, cpu->locks_held, caller);
	cpu->locks_held |= bit;
}

void lock_debug_give(const struct spinlock *lock, const void *caller)
{
	struct cpu *cpu = this_cpu();
	unsigned bit = 1u << lock->order;

	if (!(cpu->locks_held & bit))
		panic("spin_lock %u is given back by %p, but nobody holds it", lock->order, caller);
	cpu->locks_held &= ~bit;
}

void lock_debug_expect(const struct spinlock *lock, const void *caller)
{
	if (!(this_cpu()->locks_held & (1u << lock->order)))
		panic("spin_lock %u is not held at %p", lock->order, caller);
}

void lock_debug_switch(void)
{
	if (this_cpu()->locks_held)
		panic("a thread leaves the CPU with spin_locks (held: 0x%x)",
		      this_cpu()->locks_held);
}
