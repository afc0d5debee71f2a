/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: creation, end, and what a thread does to itself. Priorities go from 0 (lowest) to
 * THREAD_PRIORITY_MAX (priority.h); the round-robin class keeps them but runs all threads alike.
 */
#ifndef TESSERA_THREAD_H
#define TESSERA_THREAD_H

#include <asm/thread.h> /* struct thread_context, context_switch(), current_thread() */
#include <tessera/clock.h>
#include <tessera/percpu.h>
#include <tessera/timer.h>
#include <tessera/wait.h>

/* A timeout that never ends a wait; 0 means: do not wait at all. Nanoseconds otherwise. */
#define FOREVER UINT64_MAX

typedef int thread_entry(void *arg);

/* What the other side of a message box needs of a waiting sender (receiver). */
struct message_wait {
	void *buffer; /* the message, or where it goes */
	size_t size;
	int sender; /* receiver only: the sender's id */
};

/* Cycles running, and ready but not running (sched_stats.h); switches. */
struct thread_stats {
	uint64_t run, wait;
	uint32_t voluntary, involuntary;
};

struct thread {
	struct thread_context context; /* saved registers while not running; assembly knows it */
	int wait_result;	       /* what the blocking call gives back; set by the waker */
#ifdef CONFIG_USER_MODE
	struct task *task;   /* NULL: a kernel thread */
	int tid, pid;	     /* the task's and its process's; 0: a kernel thread */
	struct file **files; /* the process's descriptors, at hand for every call that takes one */
	struct address_space *space; /* and its space, for the switch */
	struct {
		uintptr_t buffer;
		void *object;
	} call;	      /* what a call needs again after it has waited (ipc/user_*.c) */
	uint8_t work; /* WORK_...: what is to do before it goes back to user mode; masked */
#endif

	/* The scheduler's part: interrupts masked. */
	struct list_node link;	   /* on a level's list, or on a wait queue */
	unsigned long level;	   /* one bit, higher runs first; set by the class. 0: idle */
	unsigned long short_level; /* the same; 0 during a timed wait, which ends the long way */
	uint8_t priority;	   /* effective: the base priority, or inherited through a mutex */
	uint8_t base_priority;
	bool killed; /* every wait ends with -EINTR from now on */
	bool detached;
	bool switching;	     /* being preempted at interrupt exit: not again before it is resumed */
	uint32_t ticks_used; /* of the time slice */
	struct timer timeout;	       /* pending during a timed wait or sleep */
	struct wait_queue *waiting_on; /* NULL: running or ready; else the queue, or WAIT_... */
	struct mutex *blocked_on;      /* while blocked on a mutex: for priority inheritance */

	/* What a waker needs of a blocked thread: the hand-over happens inside the wake-up. */
	union {
		struct event *event;	     /* event_receive: where the event goes */
		unsigned long event_word;    /* event_send: what the receiver takes */
		struct message_wait message; /* message box: buffer and size of either side */
		int *exit_status;	     /* thread_join: where it goes, or NULL */
		struct futex_wait *futex;    /* a program's thread: what it waits for */
	} handover;
#ifdef CONFIG_IPC_EVENT
	struct event *event_reply;	 /* event_exchange: where the answer goes, while sending */
	struct wait_queue event_senders; /* those who wait for this thread to receive */
#endif
	struct list_node mutexes; /* mutexes held that others wait for: what it inherits from */

	/* The thread's life. */
	thread_entry *entry;
	void *arg;
	const char *name; /* kept, not copied */
	int id;		  /* > 0 */
	int exit_status;
	struct wait_queue joiner; /* at most one thread waits in thread_join */
	void *stack;		  /* lowest usable address; this structure lies at its top */
#ifdef CONFIG_SCHED_STATS
	struct thread_stats stats;
#endif
};

static inline bool thread_has_ended(const struct thread *thread)
{
	return thread->waiting_on == WAIT_ENDED;
}

static inline bool thread_is_blocked(const struct thread *thread)
{
	return thread->waiting_on && !thread_has_ended(thread);
}

/*
 * Makes a thread that runs entry(arg) at `priority`; its return value (or thread_exit's argument) is
 * its status. It is ready at once, and runs at once when its priority is higher than the caller's.
 * NULL: no memory, no free id (THREADS_MAX), or a bad priority; nothing is left behind. `name` must
 * outlive the thread. Thread context. O(1) from the cache of ended threads (THREAD_CACHE), else the
 * cost of stack_alloc.
 */
struct thread *thread_create(thread_entry *entry, void *arg, const char *name, unsigned priority);

/* Ends the calling thread. Wakes whoever joins it. */
void thread_exit(int status) __noreturn;

/*
 * Waits for a thread to end, takes its status (status may be NULL) and gives its memory and id
 * back. 0; -EDEADLK: itself; -EINVAL: detached, or another thread joins it; -ETIMEDOUT; -EINTR.
 * The pointer is valid until a successful join.
 */
int thread_join_forever(struct thread *thread, int *status);
int thread_join_timeout(struct thread *thread, int *status, uint64_t timeout);

static __always_inline int thread_join(struct thread *thread, int *status, uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return thread_join_forever(thread, status);
	return thread_join_timeout(thread, status, timeout);
}

/* Nobody will join it: its memory and id return when it ends. -EINVAL: detached or being joined. */
int thread_detach(struct thread *thread);

/* Gives the rest of the time slice to the other ready threads of the same level. O(1). Gives 0. */
int thread_yield(void);

/* Sleeps at least this long. 0, or -EINTR when killed. */
int thread_sleep(uint64_t nanoseconds);

/*
 * Asks a thread to end: whatever it waits for ends with -EINTR, now and in future; the thread
 * itself unwinds and exits. Any context.
 */
void thread_kill(struct thread *thread);

/* Changes the base priority of a ready, running or blocked thread; takes effect at once. -EINVAL. */
int thread_set_priority(struct thread *thread, unsigned priority);

/* The thread with this id, or NULL. The pointer is the caller's to use only while it knows the
 * thread is not joined meanwhile. O(1). */
struct thread *thread_by_id(int id);

/* Calls `each` for every thread, in order of id, until it gives false. No other thread runs meanwhile
 * (interrupts do), so `each` must not block. Thread context. O(THREADS_MAX). */
void thread_each(bool (*each)(struct thread *thread, void *arg), void *arg);

/* Number of threads that exist, ended ones not yet joined included. */
unsigned thread_count(void);

/* Bytes of its stack that a thread never used (DEBUG_STACK), else 0. O(stack size). */
size_t thread_stack_unused(const struct thread *thread);

/* Frees the cached stacks of ended threads (memory pressure, tests). */
void thread_reclaim(void);

/* Start-up, once: makes the caller the first thread ("main"), and the idle thread. */
void thread_init(void);

/* Interrupt entry and exit: entry ends tickless idle, exit switches threads when that is due. */
static inline void irq_enter(void)
{
	this_cpu()->irq_depth++;
	if (IS_ENABLED(CONFIG_NO_HZ_IDLE) && unlikely(this_cpu()->tick_stopped))
		tick_idle_leave();
}
void irq_exit(void);

#endif
