/* SPDX-License-Identifier: MIT */
/*
 * The semaphore of ipc/semaphore.c: the steps, which a replay of a storm uses too, and below them
 * processes that take them in every order.
 *
 * Units are conserved; while anybody waits the count is 0; a unit handed to a waiter is not stolen.
 *
 * MUTATION_COUNT_AND_WAKE: the post also counts the unit that it hands over.
 */
#include "queue.pml"

#ifndef INITIAL
#define INITIAL 1
#endif

#define Q 0
byte count = INITIAL;

inline semaphore_invariant()
{
	assert(count == 0 || queue_length[Q] == 0)
}

/* Takes a unit or begins to wait. */
inline semaphore_wait(t, timed)
{
	if
	:: count > 0 -> count--; wait_state[t] = WOKEN
	:: else -> queue_block(Q, t, timed)
	fi;
	semaphore_invariant()
}

inline semaphore_post()
{
	if
	:: queue_length[Q] > 0 ->
		wait_end(Q, QUEUE_FIRST(Q), WOKEN)
#ifdef MUTATION_COUNT_AND_WAKE
		; count++
#endif
	:: else -> count++
	fi;
	semaphore_invariant()
}

inline semaphore_end(t, reason)
{
	wait_end(Q, t, reason);
	semaphore_invariant()
}

#ifdef REPLAY

#define WAIT 10 /* thread, timed */
#define TRY  11 /* thread */
#define POST 12 /* thread */

active proctype replay()
{
	do
	:: true ->
		next(step);
		if
		:: step == WAIT ->
			next(me);
			next(timed);
			semaphore_wait(me, timed)
		:: step == TRY ->
			next(me);
			if
			:: count > 0 -> semaphore_wait(me, false)
			:: else -> wait_state[me] = NOT_NOW
			fi
		:: step == POST ->
			next(me);
			semaphore_post();
			wait_state[me] = WOKEN
		:: step == STATE ->
			replay_line();
			next(value);
			assert(count == value);
			replay_queue(Q)
		:: step == RESULT -> replay_result()
		:: step == PRIORITY -> replay_priority()
		:: step == END ->
			replay_end();
			semaphore_end(me, reason)
		:: step == OVER -> break
		fi
	od
}

#else

byte taken, posted;

active [THREADS] proctype taker()
{
	byte me = _pid;
	byte round, result;

	do
	:: round < 2 ->
		atomic {
			if
			:: true -> semaphore_wait(me, true)
			:: true -> semaphore_wait(me, false)
			fi
		}
		atomic {
			wait_state[me] != WAITING;
			wait_result(me, result);
			if
			:: result == WOKEN -> taken++
			:: else
			fi;
			result = 0;
			round++
		}
	:: else -> break
	od
}

active proctype poster()
{
	do
	:: atomic { posted < 4 -> posted++; semaphore_post() }
	:: else -> break
	od
}

active [THREADS] proctype timer()
{
	byte t = _pid - THREADS - 1;

end:	do
	:: atomic { timer_pending[t] -> timer_pending[t] = false; semaphore_end(t, TIMED_OUT) }
	od
}

active proctype killer()
{
	atomic {
		if
		:: wait_state[0] == WAITING -> semaphore_end(0, KILLED)
		:: wait_state[1] == WAITING -> semaphore_end(1, KILLED)
		:: wait_state[2] == WAITING -> semaphore_end(2, KILLED)
		:: true /* or nobody */
		fi
	}
}

/* Nothing more happens: the account. Somebody may wait for a unit that nobody will post. */
active proctype account()
{
	timeout;
	assert(INITIAL + posted == taken + count);
	atomic {
		do
		:: queue_length[Q] > 0 -> semaphore_end(QUEUE_FIRST(Q), GONE)
		:: else -> break
		od
	}
}

#endif
