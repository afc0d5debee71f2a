/* SPDX-License-Identifier: MIT */
/* Threads of a process, and a lock for them. Functions give 0 or an error number. */
#ifndef USER_PTHREAD_H
#define USER_PTHREAD_H

#include <stddef.h>

typedef struct user_thread *pthread_t;
typedef struct {
	size_t stack_size;
} pthread_attr_t;
typedef struct {
	int state; /* 0: free, 1: taken, 2: taken, and somebody may wait */
} pthread_mutex_t;

#define PTHREAD_MUTEX_INITIALIZER \
	{                         \
		0                 \
	}

/* attr: NULL. A thread must be joined. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
		   void *arg);
int pthread_join(pthread_t thread, void **result);
void pthread_exit(void *result) __attribute__((noreturn));
pthread_t pthread_self(void);

int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_trylock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);

#endif
