// SPDX-License-Identifier: MIT
/*
 * The life of threads. A thread is one allocation: a guarded stack with its struct thread at the top.
 * A few ended ones are kept (THREAD_CACHE), so that creating and joining costs neither page tables
 * nor clearing; a cached thread keeps whatever is the same for every thread: empty lists, a timer
 * that is not pending. Ids come from a queue: an id returns to its tail and is used again only after
 * all others have been.
 *
 * The end: thread_exit hands the status and the CPU to the joiner and puts itself into the cache, with
 * interrupts masked until it has left its stack. When the cache is full it is left on a list that
 * the next thread_create or the idle thread clears.
 */
#include <asm/cpu.h>
#include <asm/page.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/event.h>
#include <tessera/mutex.h>
#include <tessera/priority.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/tick.h>
#include <tessera/vmap.h>

#define STACK_SIZE ALIGN_UP(CONFIG_THREAD_STACK_SIZE * 1024ul, PAGE_SIZE)
#define IDS	   CONFIG_THREADS_MAX

/* By id; [0] is never used. Interrupts masked, as all below. */
static struct thread *threads[IDS + 1];

/* The queue of ids that have been used before: who comes after whom, [0] the first of all. */
static uint16_t id_after[IDS + 1];

static struct {
	struct thread *cache; /* linked by link.next */
	unsigned cached;
	unsigned count;
	unsigned ids_fresh;    /* from here on no id has ever been used */
	unsigned id_last;      /* in the queue; 0: it is empty */
	struct list_node dead; /* ended and not cached: the memory is to be given back */
} pool = { .ids_fresh = 1, .dead = LIST_INIT(pool.dead) };

static struct thread main_thread;

static unsigned id_take(void)
{
	unsigned id = pool.ids_fresh;

	if (likely(id <= IDS)) {
		pool.ids_fresh++;
	} else {
		id = id_after[0];
		id_after[0] = id_after[id];
		if (id == pool.id_last)
			pool.id_last = 0;
	}
	return id;
}

static void id_give(unsigned id)
{
	threads[id] = NULL;
	id_after[pool.id_last] = (uint16_t)id;
	id_after[id] = 0;
	pool.id_last = id;
}

/* What is true of every thread that does not exist yet. */
static void prepare(struct thread *thread)
{
	memset(thread, 0, sizeof(*thread));
	timer_init(&thread->timeout, wait_timed_out);
	list_init(&thread->mutexes);
	wait_queue_init(&thread->joiner);
	event_thread_init(thread);
	sched_class_set_level(thread);
	thread->short_level = thread->level;
}

/* What an unused stack is filled with (DEBUG_STACK), but for the guard word at its end. */
#define STACK_PATTERN 0xa5
#define STACK_GUARD   sizeof(uint32_t)

static size_t stack_bytes(const struct thread *thread)
{
	return (size_t)((const char *)thread - (const char *)thread->stack);
}

static void stack_paint(struct thread *thread)
{
	memset((char *)thread->stack + STACK_GUARD, STACK_PATTERN,
	       stack_bytes(thread) - STACK_GUARD);
}

/* The last page, but not the guard word of a stack that has no other. */
#define CLEARED_FROM MAX(STACK_SIZE - PAGE_SIZE, STACK_GUARD)

static struct thread *thread_new(void)
{
	void *stack = stack_alloc(STACK_SIZE);
	struct thread *thread;

	if (!stack)
		return NULL;
	/* The page that is written most. If a program ran from it, QEMU has its translation, and
	 * watches each write (a hundred times slower) until one goes where the code was. */
	if (IS_ENABLED(CONFIG_USER_MODE))
		memset((char *)stack + CLEARED_FROM, 0, STACK_SIZE - CLEARED_FROM);
	thread = (struct thread *)((char *)stack + STACK_SIZE) - 1;
	thread = (struct thread *)ALIGN_DOWN((uintptr_t)thread, 16);
	prepare(thread);
	thread->stack = stack;
	return thread;
}

static void thread_free(struct thread *thread)
{
	stack_free(thread->stack, STACK_SIZE);
}

static void release_dead(void)
{
	for (;;) {
		unsigned long flags = irq_save();
		struct list_node *node = list_pop_head(&pool.dead);

		irq_restore(flags);
		if (!node)
			return;
		thread_free(list_entry(node, struct thread, link));
	}
}

/*
 * Gives an ended thread's id and memory back. A thread does this for itself as well, while it still
 * runs on that memory: interrupts stay masked until it has left it, so nobody on this CPU, whose
 * cache it is, takes it before.
 */
static __always_inline void retire(struct thread *thread)
{
	id_give((unsigned)thread->id);
	pool.count--;
	if ((int)pool.cached < CONFIG_THREAD_CACHE) {
		pool.cached++;
		thread->link.next = (struct list_node *)pool.cache;
		pool.cache = thread;
	} else {
		list_add_tail(&pool.dead, &thread->link);
	}
}

static struct thread *cache_take(void)
{
	struct thread *thread = pool.cache;

	if (thread) {
		pool.cache = (struct thread *)thread->link.next;
		pool.cached--;
	}
	return thread;
}

static void thread_start(void)
{
	struct thread *self = current_thread();

	thread_exit(self->entry(self->arg));
}

/* Names the thread and makes it ready. Masked; false: no free id. */
static __always_inline bool thread_begin(struct thread *thread, unsigned priority)
{
	unsigned id = id_take();

	if (unlikely(!id))
		return false;
	threads[id] = thread;
	pool.count++;
	thread->id = (int)id;
	thread->base_priority = (uint8_t)priority;
	if (thread->priority != priority) {
		thread->priority = (uint8_t)priority;
		sched_class_set_level(thread);
		thread->short_level = thread->level;
	}
	thread->killed = thread->detached = false;
	thread->waiting_on = NULL;
	thread->ticks_used = 0;
	sched_account_begin(thread, false);
	context_init(&thread->context, thread, thread_start);
	return true;
}

struct thread *thread_create(thread_entry *entry, void *arg, const char *name, unsigned priority)
{
	unsigned long flags;
	struct thread *thread;

	if (unlikely(priority > THREAD_PRIORITY_MAX))
		return NULL;
	if (unlikely(!list_empty(&pool.dead)))
		release_dead();
	flags = irq_save();
	thread = cache_take();
	if (unlikely(!thread || IS_ENABLED(CONFIG_DEBUG_STACK))) {
		irq_restore(flags);
		if (!thread)
			thread = thread_new();
		if (!thread)
			return NULL;
		if (IS_ENABLED(CONFIG_DEBUG_STACK))
			stack_paint(thread);
		flags = irq_save();
	}
	if (unlikely(!thread_begin(thread, priority))) {
		irq_restore(flags);
		thread_free(thread);
		return NULL;
	}
	thread->entry = entry;
	thread->arg = arg;
	thread->name = name;
	if (likely(sched_slot_takes(this_cpu(), thread))) {
		this_cpu()->woken = thread;
		irq_restore(flags);
		return thread;
	}
	sched_ready(thread);
	wait_unlock(flags);
	return thread;
}

void thread_exit(int status)
{
	struct thread *self = current_thread();

	ASSERT(list_empty(&self->mutexes));
	irq_disable();
	self->exit_status = status;
	self->waiting_on = WAIT_ENDED;
	event_thread_exit(self);
	if (likely(!wait_queue_empty(&self->joiner))) {
		struct thread *joiner = wait_first(&self->joiner);

		if (joiner->handover.exit_status)
			*joiner->handover.exit_status = status;
		retire(self);
		if (likely(wait_end_is_short(joiner))) {
			wait_hand_over(joiner, 0, true);
			sched_switch_to(self, joiner);
			__builtin_unreachable();
		}
		wait_end(joiner, 0);
	} else if (self->detached) {
		retire(self);
	}
	sched_switch(self);
	__builtin_unreachable();
}

/* The thread has ended already. Masked; returns with interrupts enabled. */
static noinline int join_ended(struct thread *thread, int *status)
{
	if (status)
		*status = thread->exit_status;
	retire(thread);
	irq_enable();
	release_dead();
	return 0;
}

static int join_error(int error)
{
	irq_enable();
	return error;
}

int thread_join_timeout(struct thread *thread, int *status, uint64_t timeout)
{
	struct thread *self = current_thread();

	irq_disable();
	if (thread == self)
		return join_error(-EDEADLK);
	if (thread->detached || !wait_queue_empty(&thread->joiner))
		return join_error(-EINVAL);
	if (thread_has_ended(thread))
		return join_ended(thread, status);
	self->handover.exit_status = status;
	return wait_block(&thread->joiner, timeout);
}

int thread_join_forever(struct thread *thread, int *status)
{
	struct thread *self;

	irq_disable();
	self = current_thread();
	if (unlikely(thread == self || thread->detached || !wait_queue_empty(&thread->joiner) ||
		     thread_has_ended(thread)))
		return thread_join_timeout(thread, status, FOREVER);
	self->handover.exit_status = status;
	return wait_block_forever(&thread->joiner);
}

int thread_detach(struct thread *thread)
{
	unsigned long flags = irq_save();
	int result = 0;

	if (thread->detached || !wait_queue_empty(&thread->joiner)) {
		result = -EINVAL;
	} else {
		thread->detached = true;
		if (thread_has_ended(thread))
			retire(thread);
	}
	irq_restore(flags);
	return result;
}

int thread_sleep(uint64_t nanoseconds)
{
	int result;

	irq_disable();
	if (!current_thread()->killed)
		wait_set_timeout(current_thread(), nanoseconds);
	result = wait_block_alone(WAIT_SLEEP);
	return result == -ETIMEDOUT ? 0 : result;
}

void thread_kill(struct thread *thread)
{
	unsigned long flags = irq_save();

	thread->killed = true;
	if (thread_is_blocked(thread))
		wait_wake(thread, -EINTR, irq_flags_enabled(flags));
	wait_unlock(flags);
}

int thread_set_priority(struct thread *thread, unsigned priority)
{
	unsigned long flags;

	if (priority > THREAD_PRIORITY_MAX)
		return -EINVAL;
	flags = irq_save();
	thread->base_priority = priority;
	mutex_priority_changed(thread, irq_flags_enabled(flags));
	wait_unlock(flags);
	return 0;
}

struct thread *thread_by_id(int id)
{
	return id > 0 && id <= IDS ? threads[id] : NULL;
}

void thread_each(bool (*each)(struct thread *thread, void *arg), void *arg)
{
	/* Nobody else runs meanwhile, so no thread comes or goes under our hands. */
	sched_hold();
	for (int id = 1; id <= IDS; id++) {
		if (threads[id] && !each(threads[id], arg))
			break;
	}
	sched_release();
}

unsigned thread_count(void)
{
	return pool.count;
}

size_t thread_stack_unused(const struct thread *thread)
{
	const unsigned char *stack = thread->stack;
	size_t n = STACK_GUARD;

	if (!IS_ENABLED(CONFIG_DEBUG_STACK) || !stack)
		return 0;
	while (n < stack_bytes(thread) && stack[n] == STACK_PATTERN)
		n++;
	return n;
}

void thread_reclaim(void)
{
	release_dead();
	for (;;) {
		unsigned long flags = irq_save();
		struct thread *thread = cache_take();

		irq_restore(flags);
		if (!thread)
			return;
		thread_free(thread);
	}
}

/*
 * The idle thread. It may be left at any interrupt, PREEMPT_KERNEL or not, so it holds the scheduler
 * while it is inside an allocator.
 */
static int __noreturn idle(void *arg)
{
	for (;;) {
		if (!list_empty(&pool.dead)) {
			sched_hold();
			release_dead();
			sched_release();
		}
		irq_disable();
		if (IS_ENABLED(CONFIG_NO_HZ_IDLE)) {
			if (console_wake_for_log()) {
				sched_unlock_enable();
				continue;
			}
			tick_idle_enter();
		}
		cpu_wait(); /* whatever an interrupt makes ready runs at its exit */
	}
}

void thread_init(void)
{
	struct thread *main = &main_thread;
	struct thread *thread;

	sched_class_init();
	timer_queue_init();
	this_cpu()->next_tick = TICK_NS;
	prepare(main);
	main->name = "main";
	main->priority = main->base_priority = THREAD_PRIORITY_DEFAULT;
	main->id = (int)id_take();
	threads[main->id] = main;
	pool.count++;
	sched_class_set_level(main);
	main->short_level = main->level;
	current_thread_set(main);
	sched_account_begin(main, true);

	thread = thread_new();
	if (!thread)
		boot_fail("no memory for the idle thread's stack of %u KiB",
			  CONFIG_THREAD_STACK_SIZE);
	if (IS_ENABLED(CONFIG_DEBUG_STACK))
		stack_paint(thread);
	thread->name = "idle";
	thread->level = thread->short_level = 0; /* and no id: never on a run queue */
	thread->entry = idle;
	sched_account_begin(thread, false); /* always ready when it does not run */
	context_init(&thread->context, thread, thread_start);
	this_cpu()->idle = thread;
}
