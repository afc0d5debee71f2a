/* SPDX-License-Identifier: MIT */
/*
 * What all models share: threads, and a wait queue from which any thread can be taken, as
 * include/tessera/wait.h describes it: in order of priority, first in, first out among equals. (Only a
 * replay has priorities.) A masked section of the kernel is an atomic step here.
 *
 * THREADS and the queue's length are small; the properties are about pairs and triples of threads.
 */
#ifndef THREADS
#define THREADS 3
#endif

#define NONE 255

/* Why a wait ended; RUNNING: it is not waiting. */
#define RUNNING   0
#define WAITING   1
#define WOKEN     2
#define TIMED_OUT 3
#define KILLED    4
#define GONE      5

byte wait_state[THREADS];	/* one of the above */
bool timer_pending[THREADS];

/* Queues have numbers, because an inline cannot take a structure. */
#ifndef QUEUES
#define QUEUES 1
#endif
byte queue_thread[QUEUES * THREADS];
byte queue_length[QUEUES];

#define QUEUE_AT(q, i) queue_thread[(q) * THREADS + (i)]
#define QUEUE_FIRST(q) QUEUE_AT(q, 0)

byte level[THREADS];

byte found, position, ending;

/* Puts a thread behind all of its priority and above. */
inline queue_insert(q, t)
{
	position = queue_length[q];
	do
	:: position > 0 && level[QUEUE_AT(q, position - 1)] < level[t] ->
		QUEUE_AT(q, position) = QUEUE_AT(q, position - 1);
		position--
	:: else -> break
	od;
	QUEUE_AT(q, position) = t;
	queue_length[q]++;
	position = 0
}

/* The thread begins to wait; its timer is set when the wait is a timed one. */
inline queue_block(q, t, timed)
{
	assert(wait_state[t] == RUNNING);
	assert(!timer_pending[t]);
	queue_insert(q, t);
	wait_state[t] = WAITING;
	timer_pending[t] = timed
}

/* Takes thread t off the queue, if it is there; `found` says so. */
inline queue_remove(q, t)
{
	found = 0;
	position = 0;
	do
	:: position < queue_length[q] && !found && QUEUE_AT(q, position) == t -> found = 1
	:: position < queue_length[q] && !found && QUEUE_AT(q, position) != t -> position++
	:: position < queue_length[q] && found ->
		if
		:: position + 1 < queue_length[q] -> QUEUE_AT(q, position) = QUEUE_AT(q, position + 1)
		:: else
		fi;
		position++
	:: position >= queue_length[q] -> break
	od;
	if
	:: found -> queue_length[q]--
	:: else
	fi;
	position = 0
}

/* Ends a wait: exactly once, and nothing is left behind. (An argument is text, and the text `the first
 * of the queue` means another thread once the first has gone: so it is kept.) */
inline wait_end(q, t, reason)
{
	ending = t;
	assert(wait_state[ending] == WAITING);
	queue_remove(q, ending);
	assert(found);
	found = 0;
#ifndef MUTATION_TIMER_STAYS
	timer_pending[ending] = false;
#endif
	wait_state[ending] = reason;
	ending = 0
}

/* The thread runs again and takes the result of its wait. */
inline wait_result(t, result)
{
	assert(wait_state[t] != WAITING);
	result = wait_state[t];
	wait_state[t] = RUNNING
}

#ifdef REPLAY

/*
 * The replay of a trace: tests/models/replay writes it down as numbers, which next() reads, and each
 * model has a process `replay` that takes its steps. The steps that are not the models' own:
 */
#define OVER     0 /* the end of the trace */
#define STATE    1 /* line, then what the state is here */
#define RESULT   2 /* thread, reason: so its call ended, says the thread itself */
#define END      3 /* thread, reason: its wait ends by a timeout or a kill */
#define PRIORITY 4 /* thread, its priority from now on */

#define NOT_NOW 7 /* the result of a call that does not wait, where it would have to */

short step, value, length, slot;
byte me, other, word, reason;
bool timed;

/* The queue holds just these threads, in this order, with a timer or without. */
inline replay_queue(q)
{
	next(length);
	assert(queue_length[q] == length);
	slot = 0;
	do
	:: slot < length ->
		next(me);
		next(timed);
		assert(QUEUE_AT(q, slot) == me && timer_pending[me] == timed);
		slot++
	:: else -> break
	od
}

inline replay_line()
{
	next(value);
	printf("line %d\n", value)
}

inline replay_result()
{
	next(me);
	next(reason);
	assert(wait_state[me] == reason && !timer_pending[me]);
	wait_state[me] = RUNNING
}

/* A thread that waits loses its place only if its priority is another one. */
inline replay_priority()
{
	next(me);
	next(value);
	if
	:: level[me] != value ->
		level[me] = value;
		slot = 0;
		do
		:: slot < QUEUES ->
			queue_remove(slot, me);
			if
			:: found -> queue_insert(slot, me)
			:: else
			fi;
			slot++
		:: else -> break
		od;
		found = 0
	:: else
	fi
}

/* Only a timed wait can end by itself. */
inline replay_end()
{
	next(me);
	next(reason);
	assert(reason == KILLED || timer_pending[me])
}

#endif
