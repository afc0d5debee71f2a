// SPDX-License-Identifier: MIT
/*
 * The scheduler's decisions that are not on the shortest paths: preemption, yield, the tick, and
 * changes of priority. sched.h explains levels and the woken slot; the class keeps the lists.
 */
#include <tessera/clock.h>
#include <tessera/lock.h>
#include <tessera/mutex.h>
#include <tessera/sched.h>
#include <tessera/slice.h>

struct cpu boot_cpu;

/* Is there a ready thread that goes before `thread`, which is running? */
static bool higher_ready(const struct cpu *cpu, const struct thread *thread)
{
	/* Level 0 is idle; else all bits up to the level's own. */
	unsigned long up_to = thread->level ? thread->level | (thread->level - 1) : 0;

	return cpu->ready > up_to;
}

static bool equal_or_higher_ready(const struct cpu *cpu, const struct thread *thread)
{
	return cpu->woken || cpu->ready >= thread->level;
}

void sched_ready(struct thread *thread)
{
	struct cpu *cpu = this_cpu();
	struct thread *running = current_thread();

	if (thread->level > running->level) {
		sched_flush(cpu);
		sched_set_due(cpu);
	} else if (thread->level == running->level && !equal_or_higher_ready(cpu, thread)) {
		cpu->woken = thread;
		return;
	}
	sched_class_enqueue_tail(thread);
}

/* Takes the next thread to run off the run queue. */
static struct thread *pick(struct cpu *cpu)
{
	struct thread *next = cpu->woken;

	if (next) {
		cpu->woken = NULL;
		return next;
	}
	next = sched_class_pick();
	return next ? next : cpu->idle;
}

int sched_switch(struct thread *self)
{
	struct thread *next;

	if (IS_ENABLED(CONFIG_DEBUG_LOCKS))
		lock_debug_switch();
	next = pick(this_cpu());
	return sched_switch_to(self, next);
}

/* The running thread goes behind all ready threads of its level and the next one runs. */
static int switch_to_tail(struct cpu *cpu, struct thread *self, bool voluntary)
{
	struct thread *next = pick(cpu);

	self->wait_result = 0;
	/* The slot is empty now; it may be the whole queue of the level that goes on running. */
	if (next->level == self->level && cpu->ready < self->level)
		cpu->woken = self;
	else
		sched_class_enqueue_tail(self);
	sched_account_ready_switch(self, next, voluntary);
	return context_switch(self, next);
}

/* Does what `resched` asks for, if it still holds. Masked; returns with interrupts enabled. */
static int switch_if_due(struct cpu *cpu, struct thread *self)
{
	sched_clear_due(cpu);
	if (self->level && self->ticks_used >= SLICE_TICKS) {
		self->ticks_used = 0;
		if (equal_or_higher_ready(cpu, self))
			return switch_to_tail(cpu, self, false);
	} else if (higher_ready(cpu, self)) {
		/* Higher is ready, so the slot is empty. */
		struct thread *next = sched_class_pick();

		self->wait_result = 0;
		if (self->level)
			sched_class_enqueue_head(self);
		sched_account_ready_switch(self, next, false);
		return context_switch(self, next);
	}
	irq_enable();
	return 0;
}

int sched_preempt_enable(void)
{
	struct cpu *cpu = this_cpu();

	if (cpu->preempt_count) {
		irq_enable();
		return 0;
	}
	return switch_if_due(cpu, current_thread());
}

void sched_preempt_check(void)
{
	if (this_cpu()->irq_depth || !irqs_enabled())
		return; /* interrupt exit, or the end of the masked section, sees to it */
	irq_disable();
	sched_preempt_enable();
}

int sched_preempt(unsigned long flags)
{
	if (this_cpu()->irq_depth || !irq_flags_enabled(flags)) {
		irq_restore(flags);
		return 0;
	}
	return sched_preempt_enable();
}

/* `resched` is set, at the end of the outermost handler. */
static noinline void preempt_at_irq_exit(struct cpu *cpu, struct thread *self)
{
	int result = self->wait_result; /* not yet given back, if this is the end of a switch */

	if (!IS_ENABLED(CONFIG_PREEMPT_KERNEL) && self->level)
		return; /* its next block, yield or wake-up sees to it */
	if (cpu->preempt_count || self->switching)
		return;
	/*
	 * A switch comes back with interrupts enabled; one that arrives before they are masked again
	 * must not switch once more, or frames could pile up on this stack. It is seen to here.
	 */
	self->switching = true;
	do {
		switch_if_due(cpu, self);
		irq_disable();
	} while (unlikely(cpu->resched));
	self->switching = false;
	self->wait_result = result;
}

void irq_exit(void)
{
	struct cpu *cpu = this_cpu();

	if (!--cpu->irq_depth && unlikely(cpu->resched))
		preempt_at_irq_exit(cpu, current_thread());
}

static int yield_to_list(struct cpu *cpu, struct thread *self)
{
	if (equal_or_higher_ready(cpu, self))
		return switch_to_tail(cpu, self, true);
	irq_enable();
	return 0;
}

/* Two threads that yield to each other: the slot is the whole run queue. */
static __always_inline int yield_masked(struct cpu *cpu, struct thread *self)
{
	struct thread *next = cpu->woken;

	if (unlikely(!next || cpu->ready >= self->level))
		return yield_to_list(cpu, self);
	self->wait_result = 0;
	cpu->woken = self;
	sched_account_ready_switch(self, next, true);
	return context_switch(self, next);
}

int thread_yield(void)
{
	struct cpu *cpu = this_cpu();
	struct thread *self = current_thread();

	/* An unmasked look: whoever becomes ready after it, came after it. */
	if (!READ_ONCE(cpu->woken) && READ_ONCE(cpu->ready) < self->level)
		return 0;
	irq_disable();
	return yield_masked(cpu, self);
}

void sched_slice_used(void)
{
	struct thread *self = current_thread();
	struct cpu *cpu = this_cpu();

	if (self->level && equal_or_higher_ready(cpu, self))
		sched_set_due(cpu);
}

void sched_set_priority(struct thread *thread, unsigned priority, bool unmask)
{
	struct cpu *cpu = this_cpu();
	unsigned long level = thread->level;

	thread->priority = priority;
	sched_class_set_level(thread);
	/* Nobody loses his place for nothing. */
	if (thread->level == level)
		return;
	thread->level = level; /* until it is off the list of its old level */
	if (thread == current_thread()) {
		sched_flush(cpu);
		sched_class_set_level(thread);
		if (higher_ready(cpu, thread))
			sched_set_due(cpu);
	} else if (!thread->waiting_on) {
		if (thread == cpu->woken)
			cpu->woken = NULL;
		else
			sched_class_dequeue(thread);
		sched_class_set_level(thread);
		sched_ready(thread);
	} else {
		sched_class_set_level(thread);
	}
	if (thread->short_level)
		thread->short_level = thread->level;
	if (wait_is_queue(thread->waiting_on)) {
		list_remove(&thread->link);
		wait_insert(thread->waiting_on, thread, unmask);
	}
}
