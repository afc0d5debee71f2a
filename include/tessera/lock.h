/* SPDX-License-Identifier: MIT */
/*
 * The two lock types. On one CPU a spin_lock keeps other threads out (nothing to do while the
 * kernel is not preemptible) and a spin_lock_irqsave keeps interrupt handlers out as well. Data
 * that an interrupt handler touches needs the second type everywhere.
 *
 * Lock order (outer first): see Documentation/threads.md. O(1), any context as stated.
 */
#ifndef TESSERA_LOCK_H
#define TESSERA_LOCK_H

#include <asm/irqflags.h>
#include <tessera/compiler.h>
#include <tessera/percpu.h>

struct spinlock {
	/* One CPU: exclusion comes from preemption and interrupt masking alone. */
};

/* clang-format off */
#define SPINLOCK_INIT {}
/* clang-format on */

/* Does what became due while preemption was off (sched/sched.c). */
void sched_preempt_check(void);

/* Thread context. Between the two no other thread runs, so nothing in between may block. */
static inline void spin_lock(struct spinlock *lock)
{
	(void)lock;
	if (IS_ENABLED(CONFIG_PREEMPT_KERNEL))
		this_cpu()->preempt_count++;
	barrier();
}

static inline void spin_unlock(struct spinlock *lock)
{
	(void)lock;
	barrier();
	if (IS_ENABLED(CONFIG_PREEMPT_KERNEL) && !--this_cpu()->preempt_count &&
	    unlikely(this_cpu()->resched))
		sched_preempt_check();
}

/* Any context. Gives the interrupt state for the matching unlock; nests. */
static inline unsigned long spin_lock_irqsave(struct spinlock *lock)
{
	(void)lock;
	return irq_save();
}

static inline void spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags)
{
	(void)lock;
	irq_restore(flags);
}

#endif
