/* SPDX-License-Identifier: MIT */
/*
 * The two lock types. On one CPU a spin_lock keeps other threads out (nothing to do while the
 * kernel is not preemptible) and a spin_lock_irqsave keeps interrupt handlers out as well. Data
 * that an interrupt handler touches needs the second type everywhere.
 *
 * Whoever holds a lock takes only locks further down the list `lock_order`. DEBUG_LOCKS checks that,
 * and that no thread takes a lock twice, takes one in an interrupt, leaves the CPU with one, or lacks one that
 * it must hold. O(1).
 */
#ifndef TESSERA_LOCK_H
#define TESSERA_LOCK_H

#include <asm/irqflags.h>
#include <tessera/compiler.h>
#include <tessera/percpu.h>

/* Outermost first. */
enum lock_order {
	LOCK_PIPE,
	LOCK_SPACE,
	LOCK_VMAP,
	LOCK_PAGE_TABLES,
	LOCK_OBJECT_DEBUG,
	LOCK_OBJECT,
	LOCK_PAGE,
	LOCK_FILE,
};

/* One CPU: exclusion comes from preemption and interrupt masking alone. */
struct spinlock {
#ifdef CONFIG_DEBUG_LOCKS
	enum lock_order order;
#endif
};

/* clang-format off */
#ifdef CONFIG_DEBUG_LOCKS
#define SPINLOCK_INIT(place) { .order = (place) }
#else
#define SPINLOCK_INIT(place) {}
#endif
/* clang-format on */

/* sched/lock_debug.c: notes a lock as held (as free); panics when that breaks a rule. */
void lock_debug_take(const struct spinlock *lock, const void *caller);
void lock_debug_give(const struct spinlock *lock, const void *caller);
void lock_debug_expect(const struct spinlock *lock, const void *caller);

/* Does what became due while preemption was off (sched/sched.c). */
void sched_preempt_check(void);

/* Thread context. Between the two no other thread runs, so nothing in between may block. */
static inline void spin_lock(struct spinlock *lock)
{
	if (IS_ENABLED(CONFIG_PREEMPT_KERNEL))
		this_cpu()->preempt_count++;
	barrier();
	/* Only now: a switch in between would leave it noted as held. */
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS))
		lock_debug_take(lock, CALLER());
}

static inline void spin_unlock(struct spinlock *lock)
{
	barrier();
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS))
		lock_debug_give(lock, CALLER());
	if (IS_ENABLED(CONFIG_PREEMPT_KERNEL) && !--this_cpu()->preempt_count &&
	    unlikely(this_cpu()->resched))
		sched_preempt_check();
}

/* Panics under DEBUG_LOCKS if the caller does not hold the lock. */
static inline void spin_lock_expect(const struct spinlock *lock)
{
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS))
		lock_debug_expect(lock, CALLER());
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
