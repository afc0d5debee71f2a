/* SPDX-License-Identifier: MIT */
/*
 * The wait queue with timeout, kill and destruction. Every wait ends for exactly one reason; who is
 * woken was waiting; nobody is left behind when the queue is destroyed; no timer outlives its wait.
 *
 * MUTATION_TIMER_STAYS: the waker forgets the timer, which later ends a wait that is not its own.
 */
#include "queue.pml"

#define ROUNDS 2

#define Q 0
byte wakes, woken;
bool destroyed;

active [THREADS] proctype waiter()
{
	byte me = _pid;
	byte round, result;

	do
	:: round < ROUNDS ->
		atomic {
			if
			:: destroyed -> break
			:: else ->
				if
				:: true -> queue_block(Q, me, true)
				:: true -> queue_block(Q, me, false)
				fi
			fi
		}
		atomic {
			wait_state[me] != WAITING;
			wait_result(me, result);
			if
			:: result == WOKEN -> woken++
			:: else
			fi;
			result = 0;
			round++
		}
	:: else -> break
	od
}

active proctype waker()
{
	do
	:: atomic { queue_length[Q] > 0 && wakes < THREADS -> wakes++; wait_end(Q, QUEUE_FIRST(Q), WOKEN) }
	:: atomic { !destroyed -> destroyed = true;
		do
		:: queue_length[Q] > 0 -> wait_end(Q, QUEUE_FIRST(Q), GONE)
		:: else -> break
		od }; break
	od
}

/* The tick: any pending timer may be due. */
active [THREADS] proctype timer()
{
	byte t = _pid - THREADS - 1;

end:	do
	:: atomic { timer_pending[t] -> timer_pending[t] = false; wait_end(Q, t, TIMED_OUT) }
	od
}

active proctype killer()
{
	atomic {
		if
		:: wait_state[0] == WAITING -> wait_end(Q, 0, KILLED)
		:: wait_state[1] == WAITING -> wait_end(Q, 1, KILLED)
		:: wait_state[2] == WAITING -> wait_end(Q, 2, KILLED)
		:: true /* or nobody */
		fi
	}
}

/* When everybody is through: nothing is left, and every wake-up arrived. */
active proctype account()
{
	timeout;
	assert(queue_length[Q] == 0);
	assert(woken == wakes)
}
