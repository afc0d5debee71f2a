/* SPDX-License-Identifier: MIT */
/*
 * The message box of ipc/message_box.c. At most one of these holds: receivers wait (the ring is empty),
 * senders wait (it is full). Every message that a send says was sent is received once or is still
 * there; a message too large for a waiting receiver stays.
 *
 * MUTATION_SLOT_STAYS_FREE: a receive does not let the first waiting sender have the slot it emptied.
 */
#define QUEUES 2
#ifndef THREADS
#define THREADS 4
#endif
#include "queue.pml"

#define SENDERS   0	/* the queues */
#define RECEIVERS 1

#ifndef SLOTS
#define SLOTS 1
#endif

#ifndef IS_SENDER
#define IS_SENDER(t) ((t) < 2)
#endif

#define TOO_SMALL 6	/* one more reason for a wait to end */

byte ring[SLOTS];
byte held;
byte message[THREADS];	/* of a waiting sender; what a receiver got */
bool small[THREADS];	/* the receiver's buffer holds no even message */

inline box_invariant()
{
	assert(queue_length[RECEIVERS] == 0 || held == 0);
	assert(queue_length[SENDERS] == 0 || held == SLOTS)
}

#define FITS(t, m) (!small[t] || (m) % 2)

/* At the tail of the ring. */
inline ring_put(m)
{
	assert(held < SLOTS);
	ring[held] = m;
	held++
}

inline box_send(t, m, timed)
{
	/* Receivers without room are told so, and leave. */
	do
	:: queue_length[RECEIVERS] > 0 && !FITS(QUEUE_FIRST(RECEIVERS), m) ->
		wait_end(RECEIVERS, QUEUE_FIRST(RECEIVERS), TOO_SMALL)
	:: else -> break
	od;
	if
	:: queue_length[RECEIVERS] > 0 ->
		message[QUEUE_FIRST(RECEIVERS)] = m;
		wait_end(RECEIVERS, QUEUE_FIRST(RECEIVERS), WOKEN);
		wait_state[t] = WOKEN
	:: queue_length[RECEIVERS] == 0 && held < SLOTS ->
		ring_put(m);
		wait_state[t] = WOKEN
	:: queue_length[RECEIVERS] == 0 && held == SLOTS ->
		message[t] = m;
		queue_block(SENDERS, t, timed)
	fi;
	box_invariant()
}

inline box_receive(t, timed)
{
	if
	:: held == 0 -> queue_block(RECEIVERS, t, timed)
	:: held > 0 && !FITS(t, ring[0]) -> wait_state[t] = TOO_SMALL
	:: held > 0 && FITS(t, ring[0]) ->
		message[t] = ring[0];
		held--;
		position = 0;
		do
		:: position < held -> ring[position] = ring[position + 1]; position++
		:: else -> break
		od;
		position = 0;
#ifndef MUTATION_SLOT_STAYS_FREE
		if
		:: queue_length[SENDERS] > 0 ->
			ring_put(message[QUEUE_FIRST(SENDERS)]);
			wait_end(SENDERS, QUEUE_FIRST(SENDERS), WOKEN)
		:: else
		fi;
#endif
		wait_state[t] = WOKEN
	fi;
	box_invariant()
}

/* A timeout, a kill, or the end of the box. */
inline box_end(t, reason)
{
	if
	:: IS_SENDER(t) -> wait_end(SENDERS, t, reason)
	:: else -> wait_end(RECEIVERS, t, reason)
	fi;
	box_invariant()
}

#ifdef REPLAY

#define SEND	    10 /* thread, message, timed */
#define SEND_NOW    11 /* thread, message */
#define RECEIVE	    12 /* thread, timed */
#define RECEIVE_NOW 13 /* thread */
#define RECEIVED    14 /* thread, message: its call gave this one */

active proctype replay()
{
	do
	:: true ->
		next(step);
		if
		:: step == SEND ->
			next(me);
			next(word);
			next(timed);
			box_send(me, word, timed)
		:: step == SEND_NOW ->
			next(me);
			next(word);
			if
			:: held < SLOTS -> box_send(me, word, false)
			:: else -> wait_state[me] = NOT_NOW
			fi
		:: step == RECEIVE ->
			next(me);
			next(timed);
			box_receive(me, timed)
		:: step == RECEIVE_NOW ->
			next(me);
			if
			:: held > 0 -> box_receive(me, false)
			:: else -> wait_state[me] = NOT_NOW
			fi
		:: step == RECEIVED ->
			next(me);
			next(word);
			assert(message[me] == word)
		:: step == STATE ->
			replay_line();
			next(value);
			assert(held == value);
			replay_queue(SENDERS);
			replay_queue(RECEIVERS)
		:: step == RESULT -> replay_result()
		:: step == PRIORITY -> replay_priority()
		:: step == END ->
			replay_end();
			box_end(me, reason)
		:: step == OVER -> break
		fi
	od
}

#else

byte sent, received;

/* Threads 0 and 1 send; a message is number * 2 + sender, so the second's are odd. */
active [2] proctype sender()
{
	byte me = _pid;
	byte number = 1, result;

	do
	:: number < 3 ->
		atomic {
			if
			:: true -> box_send(me, number * 2 + me, true)
			:: true -> box_send(me, number * 2 + me, false)
			fi
		}
		atomic {
			wait_state[me] != WAITING;
			wait_result(me, result);
			if
			:: result == WOKEN -> sent++
			:: else
			fi;
			result = 0;
			number++
		}
	:: else -> break
	od
}

/* Thread 3 has a small buffer. */
active [2] proctype receiver()
{
	byte me = _pid;
	byte round, result, m;

	small[3] = true;
	do
	:: round < 2 ->
		atomic {
			if
			:: true -> box_receive(me, true)
			:: true -> box_receive(me, false)
			fi
		}
		atomic {
			wait_state[me] != WAITING;
			wait_result(me, result);
			m = message[me];
			if
			:: result == WOKEN ->
				received++;
				assert(FITS(me, m))
			:: else
			fi;
			round++;
			result = 0;
			m = 0
		}
	:: else -> break
	od
}

active [THREADS] proctype timer()
{
	byte t = _pid - THREADS;

end:	do
	:: atomic { timer_pending[t] -> timer_pending[t] = false; box_end(t, TIMED_OUT) }
	od
}

active proctype account()
{
	timeout;
	assert(sent == received + held)
}

#endif
