// SPDX-License-Identifier: MIT
/*
 * Threads, and the lock of Ulrich Drepper's "Futexes Are Tricky" (mutex2). A thread's memory is one mapping:
 * a guard page, the stack, and at its upper end the thread's variables and what we know of it. It outlives the
 * thread: one is kept for the next thread. The kernel clears the thread's tid when it has left its
 * stack for good, and wakes who waits for that.
 */
#include <arch/thread.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <tessera/futex.h>
#include <unistd.h>

#include "internal.h"

#define MEMORY_SIZE (64ul << 10)
#define GUARD_SIZE  4096ul
#define FLAGS                                                                               \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

struct user_thread {
	int tid; /* 0: it has ended */
	void *(*start)(void *);
	void *argument, *result;

	/* The same for each thread that has this memory. */
	char *memory;
	uintptr_t *stack; /* where it begins */
	void *pointer;	  /* to its variables */
	void *tls;	  /* the same as clone() takes it */
	struct tls_descriptor descriptor;
	struct user_thread **self; /* its own variable of this name */
};

static __thread struct user_thread *self;
static struct user_thread *kept; /* the memory of one that has ended, or NULL */

/* ---- The lock ---- */

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int free = 0;

	return __atomic_compare_exchange_n(&mutex->state, &free, 1, 0, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED)
		       ? 0
		       : EBUSY;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (pthread_mutex_trylock(mutex) == 0)
		return 0;
	while (__atomic_exchange_n(&mutex->state, 2, __ATOMIC_ACQUIRE) != 0)
		system_call4(SYS_futex, (long)&mutex->state, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, 0);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (__atomic_exchange_n(&mutex->state, 0, __ATOMIC_RELEASE) == 2)
		system_call3(SYS_futex, (long)&mutex->state, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	return 0;
}

/* ---- Threads ---- */

/* Another thread's variable has the same distance from its pointer as this one's. */
static struct user_thread **self_of(const char *pointer)
{
	char *own = self ? self->pointer : tls_first;

	return (struct user_thread **)(pointer + ((char *)&self - own));
}

static struct user_thread *thread_make(void)
{
	struct user_thread *thread;
	char *memory, *variables;

	memory =
		mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	mprotect(memory, GUARD_SIZE, PROT_NONE);
	thread = (struct user_thread *)(memory + MEMORY_SIZE) - 1;
	thread->memory = memory;
	variables = (char *)(((uintptr_t)thread - tls_size()) & -16ul);
	thread->stack = (uintptr_t *)variables - 4;
	thread->pointer = tls_make(variables);
	thread->tls = tls_for_clone(thread->pointer, &thread->descriptor);
	thread->self = self_of(thread->pointer);
	return thread;
}

static struct user_thread *thread_take(void)
{
	struct user_thread *thread = __atomic_exchange_n(&kept, NULL, __ATOMIC_ACQUIRE);

	if (!thread)
		return thread_make();
	tls_reset(thread->pointer);
	return thread;
}

static void thread_give_back(struct user_thread *thread)
{
	struct user_thread *before = __atomic_exchange_n(&kept, thread, __ATOMIC_RELEASE);

	if (before)
		munmap(before->memory, MEMORY_SIZE);
}

static void thread_begin(struct user_thread *thread)
{
	thread->result = thread->start(thread->argument);
}

int pthread_create(pthread_t *result, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	struct user_thread *thread = thread_take();
	long tid;

	(void)attr;
	if (!thread)
		return EAGAIN;
	thread->start = start;
	thread->argument = arg;
	*thread->self = thread;
	thread->stack[0] = (uintptr_t)thread_begin;
	thread->stack[1] = (uintptr_t)thread;
	tid = thread_clone(FLAGS, thread->stack, &thread->tid, &thread->tid, thread->tls);
	if (tid < 0) {
		thread_give_back(thread);
		return (int)-tid;
	}
	*result = thread;
	return 0;
}

int pthread_join(pthread_t thread, void **result)
{
	int tid;

	while ((tid = __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE)) != 0)
		system_call4(SYS_futex, (long)&thread->tid, FUTEX_WAIT, tid, 0);
	if (result)
		*result = thread->result;
	thread_give_back(thread);
	return 0;
}

/* The first thread has no record: it ends without a result. */
void pthread_exit(void *result)
{
	if (self)
		self->result = result;
	for (;;)
		system_call1(SYS_exit, 0);
}

pthread_t pthread_self(void)
{
	return self;
}
