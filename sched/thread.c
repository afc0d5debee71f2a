// SPDX-License-Identifier: MIT
/*
 * The life of threads. A thread is one allocation: a guarded stack with its struct thread at the top.
 * A few ended ones are kept (THREAD_CACHE), so that creating and joining costs neither page tables
 * nor clearing; a cached thread keeps whatever is the same for every thread: empty lists, a timer
 * that is not pending. Ids come from a queue: an id returns to its tail and is used again only after
 * all others have been.
 *
 * The end: thread_exit hands the CPU to the joiner through the ordinary wake-up, and the joiner,
 * then on another stack, gives the memory back. A detached thread is left on a list that the next
 * thread_create or the idle thread clears.
 */
#include <asm/cpu.h>
#include <tessera/event.h>
#include <tessera/mutex.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/vmap.h>

#define STACK_SIZE (CONFIG_THREAD_STACK_SIZE * 1024ul)
#define IDS	   CONFIG_THREADS_MAX

/* All below: interrupts masked. */
static struct thread *threads[IDS + 1]; /* by id; [0] is never used */
static uint16_t id_after[IDS + 1];	/* queue of ids that have been used before */
static unsigned id_first, id_last;
static unsigned ids_fresh = 1; /* from here on no id has ever been used */
static unsigned count;
static struct list_node cache = LIST_INIT(cache);
static unsigned cached;
static struct list_node dead = LIST_INIT(dead); /* detached and ended */

static struct thread main_thread;

static int id_take(void)
{
	unsigned id = ids_fresh;

	if (id <= IDS) {
		ids_fresh++;
	} else {
		id = id_first;
		if (!id)
			return 0;
		id_first = id_after[id];
	}
	count++;
	return id;
}

static void id_give(unsigned id)
{
	threads[id] = NULL;
	id_after[id] = 0;
	if (id_first)
		id_after[id_last] = id;
	else
		id_first = id;
	id_last = id;
	count--;
}

/* What is true of every thread that does not exist yet. */
static void prepare(struct thread *thread)
{
	memset(thread, 0, sizeof(*thread));
	timer_init(&thread->timeout, wait_timed_out);
	list_init(&thread->mutexes);
	wait_queue_init(&thread->joiner);
	event_thread_init(thread);
}

/* What an unused stack is filled with (DEBUG_STACK). */
#define STACK_PATTERN 0xa5

static size_t stack_bytes(const struct thread *thread)
{
	return (size_t)((const char *)thread - (const char *)thread->stack);
}

static struct thread *thread_new(void)
{
	void *stack = stack_alloc(STACK_SIZE);
	struct thread *thread;

	if (!stack)
		return NULL;
	thread = (struct thread *)((char *)stack + STACK_SIZE) - 1;
	thread = (struct thread *)ALIGN_DOWN((uintptr_t)thread, 16);
	prepare(thread);
	thread->stack = stack;
	if (IS_ENABLED(CONFIG_DEBUG_STACK))
		memset(stack, STACK_PATTERN, stack_bytes(thread));
	return thread;
}

static void thread_free(struct thread *thread)
{
	stack_free(thread->stack, STACK_SIZE);
}

/* Gives an ended thread's id and memory back. Not on its own stack. */
static void thread_release(struct thread *thread)
{
	unsigned long flags = irq_save();

	id_give(thread->id);
	if (cached < CONFIG_THREAD_CACHE) {
		cached++;
		list_add_head(&cache, &thread->link);
		irq_restore(flags);
	} else {
		irq_restore(flags);
		thread_free(thread);
	}
}

static void release_dead(void)
{
	for (;;) {
		unsigned long flags = irq_save();
		struct list_node *node = list_pop_head(&dead);

		irq_restore(flags);
		if (!node)
			return;
		thread_release(list_entry(node, struct thread, link));
	}
}

static void thread_start(void)
{
	struct thread *self = current_thread();

	thread_exit(self->entry(self->arg));
}

struct thread *thread_create(thread_entry *entry, void *arg, const char *name, unsigned priority)
{
	struct thread *thread;
	unsigned long flags;

	if (priority > THREAD_PRIORITY_MAX)
		return NULL;
	if (unlikely(!list_empty(&dead)))
		release_dead();
	flags = irq_save();
	if (likely(cached)) {
		cached--;
		thread = list_entry(list_pop_head(&cache), struct thread, link);
	} else {
		irq_restore(flags);
		thread = thread_new();
		if (!thread)
			return NULL;
		flags = irq_save();
	}
	thread->id = id_take();
	if (unlikely(!thread->id)) {
		irq_restore(flags);
		thread_free(thread);
		return NULL;
	}
	threads[thread->id] = thread;
	thread->entry = entry;
	thread->arg = arg;
	thread->name = name;
	thread->priority = thread->base_priority = priority;
	thread->killed = thread->detached = false;
	thread->waiting_on = NULL;
	thread->ticks_used = 0;
	context_init(&thread->context, thread, thread_start);
	sched_class_set_level(thread);
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
	if (self->detached)
		list_add_tail(&dead, &self->link);
	else if (!wait_queue_empty(&self->joiner))
		wait_end(wait_first(&self->joiner), 0);
	sched_switch(self);
	__builtin_unreachable();
}

int thread_join(struct thread *thread, int *status, uint64_t timeout)
{
	int result;

	if (thread == current_thread())
		return -EDEADLK;
	irq_disable();
	if (thread->detached || !wait_queue_empty(&thread->joiner)) {
		irq_enable();
		return -EINVAL;
	}
	if (!thread_has_ended(thread)) {
		result = timeout == FOREVER ? wait_block_forever(&thread->joiner)
					    : wait_block(&thread->joiner, timeout);
		if (result < 0)
			return result;
	} else {
		irq_enable();
	}
	if (status)
		*status = thread->exit_status;
	thread_release(thread);
	return 0;
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
			list_add_tail(&dead, &thread->link);
	}
	irq_restore(flags);
	return result;
}

int thread_sleep(uint64_t nanoseconds)
{
	int result;

	irq_disable();
	if (!current_thread()->killed)
		timer_set(&current_thread()->timeout, nanoseconds);
	result = wait_block_alone(WAIT_SLEEP);
	return result == -ETIMEDOUT ? 0 : result;
}

void thread_kill(struct thread *thread)
{
	unsigned long flags = irq_save();

	thread->killed = true;
	if (thread_is_blocked(thread))
		wait_wake(thread, -EINTR);
	wait_unlock(flags);
}

int thread_set_priority(struct thread *thread, unsigned priority)
{
	unsigned long flags;

	if (priority > THREAD_PRIORITY_MAX)
		return -EINVAL;
	flags = irq_save();
	thread->base_priority = priority;
	mutex_priority_changed(thread);
	wait_unlock(flags);
	return 0;
}

struct thread *thread_by_id(int id)
{
	return id > 0 && id <= IDS ? threads[id] : NULL;
}

void thread_each(bool (*each)(struct thread *thread, void *arg), void *arg)
{
	for (int id = 1; id <= IDS; id++) {
		if (threads[id] && !each(threads[id], arg))
			return;
	}
}

unsigned thread_count(void)
{
	return count;
}

size_t thread_stack_unused(const struct thread *thread)
{
	const unsigned char *stack = thread->stack;
	size_t n = 0;

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
		struct list_node *node = list_pop_head(&cache);

		if (node)
			cached--;
		irq_restore(flags);
		if (!node)
			return;
		thread_free(list_entry(node, struct thread, link));
	}
}

static int __noreturn idle(void *arg)
{
	for (;;) {
		if (!list_empty(&dead))
			release_dead();
		irq_disable();
		cpu_wait(); /* whatever an interrupt makes ready runs at its exit */
	}
}

void thread_init(void)
{
	struct thread *main = &main_thread;
	struct thread *thread;

	sched_class_init();
	timer_queue_init();
	prepare(main);
	main->name = "main";
	main->priority = main->base_priority = THREAD_PRIORITY_DEFAULT;
	main->id = id_take();
	threads[main->id] = main;
	sched_class_set_level(main);
	current_thread_set(main);

	thread = thread_new();
	if (!thread)
		boot_fail("no memory for the idle thread's stack of %u KiB", CONFIG_THREAD_STACK_SIZE);
	thread->name = "idle";
	thread->entry = idle;
	context_init(&thread->context, thread, thread_start);
	this_cpu()->idle = thread; /* level 0, no id: never on a run queue */
}
