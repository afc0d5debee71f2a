/* SPDX-License-Identifier: MIT */
/*
 * The event rendezvous of ipc/event.c: send, receive and exchange, with timeouts and kills. A word
 * passes exactly once: what a sender is told it said, its receiver heard; a sender that gave up was
 * never heard. An exchange that is answered heard the answer to its own question.
 *
 * Queue t holds the threads that wait to send to thread t. A receiver waits on no queue.
 *
 * MUTATION_SENDER_NOT_ENDED: the receiver hears the word and leaves the sender waiting, so that it may
 * be heard again, or time out though it was heard.
 */
#define THREADS 3
#define QUEUES	3
#include "queue.pml"

byte word_of[THREADS];	/* what a waiting sender wants to say */
bool exchanges[THREADS]; /* and then to hear the answer */
bool receiving[THREADS];
byte heard[THREADS], heard_from[THREADS];
bool heard_exchange[THREADS]; /* the sender waits for an answer */
bool ended[THREADS];

byte taker, sender_of;

/* Thread t, which waits to receive, gets a word. */
inline deliver(t, from, what, exchange)
{
	assert(receiving[t] && wait_state[t] == WAITING);
	heard[t] = what;
	heard_from[t] = from;
	heard_exchange[t] = exchange;
	receiving[t] = false;
	timer_pending[t] = false;
	wait_state[t] = WOKEN
}

/* Thread t takes the word of the first that waits to send to it, and on along the chain: an exchange
 * to whose thread somebody already waits to send is complete at once. */
inline take(t)
{
	taker = t;
	do
	:: true ->
		sender_of = QUEUE_FIRST(taker);
		heard[taker] = word_of[sender_of];
		heard_from[taker] = sender_of;
		heard_exchange[taker] = exchanges[sender_of];
		if
		:: exchanges[sender_of] && queue_length[sender_of] == 0 ->
			queue_remove(taker, sender_of);
			assert(found);
			found = 0;
			receiving[sender_of] = true;
			break
		:: exchanges[sender_of] && queue_length[sender_of] > 0 ->
			wait_end(taker, sender_of, WOKEN);
			taker = sender_of
		:: !exchanges[sender_of] ->
#ifndef MUTATION_SENDER_NOT_ENDED
			wait_end(taker, sender_of, WOKEN);
#endif
			break
		fi
	od;
	taker = 0;
	sender_of = 0;
	wait_state[t] = WOKEN
}

inline receive_wait(t, timed)
{
	assert(wait_state[t] == RUNNING);
	receiving[t] = true;
	wait_state[t] = WAITING;
	timer_pending[t] = timed
}

inline event_receive(t, timed)
{
	if
	:: queue_length[t] > 0 -> take(t)
	:: else -> receive_wait(t, timed)
	fi
}

inline event_send(t, to, what, timed)
{
	if
	:: receiving[to] -> deliver(to, t, what, false); wait_state[t] = WOKEN
	:: !receiving[to] && ended[to] -> wait_state[t] = GONE
	:: !receiving[to] && !ended[to] ->
		word_of[t] = what;
		exchanges[t] = false;
		queue_block(to, t, timed)
	fi
}

inline event_exchange(t, to, what, timed)
{
	if
	:: receiving[to] ->
		deliver(to, t, what, true);
		if
		:: queue_length[t] > 0 -> take(t)
		:: else -> receive_wait(t, timed)
		fi
	:: !receiving[to] && ended[to] -> wait_state[t] = GONE
	:: !receiving[to] && !ended[to] ->
		word_of[t] = what;
		exchanges[t] = true;
		queue_block(to, t, timed)
	fi
}

/* A timeout or a kill, whatever the thread waits for. */
inline event_end(t, reason)
{
	assert(wait_state[t] == WAITING);
	if
	:: receiving[t] -> receiving[t] = false
	:: else ->
		queue_remove(0, t);
		if
		:: !found -> queue_remove(1, t)
		:: else
		fi;
		if
		:: !found -> queue_remove(2, t)
		:: else
		fi;
		assert(found);
		found = 0
	fi;
	timer_pending[t] = false;
	wait_state[t] = reason
}

#ifndef REPLAY

#define SERVER 0

byte said, speaker_heard;

/* Receives; answers an exchange with the question plus 100, by an exchange. */
active proctype server()
{
	byte round, result, partner, word;
	bool answer;

	do
	:: round < 4 ->
		atomic {
			if
			:: answer -> event_exchange(SERVER, partner, word, true)
			:: !answer -> event_receive(SERVER, true)
			fi;
			answer = false
		}
		atomic {
			wait_state[SERVER] != WAITING;
			wait_result(SERVER, result);
			if
			:: result == WOKEN ->
				answer = heard_exchange[SERVER];
				partner = heard_from[SERVER];
				word = heard[SERVER] + 100;
				if
				:: partner == 1 -> speaker_heard++
				:: else
				fi
			:: else
			fi;
			round++
		}
	:: else -> break
	od;
	atomic {
		ended[SERVER] = true;
		do
		:: queue_length[SERVER] > 0 -> wait_end(SERVER, QUEUE_FIRST(SERVER), GONE)
		:: else -> break
		od
	}
}

/* Says two words, the first with a timeout. */
active proctype speaker()
{
	byte n, result;

	do
	:: n < 2 ->
		atomic { event_send(1, SERVER, 10 + n, n == 0) }
		atomic {
			wait_state[1] != WAITING;
			wait_result(1, result);
			if
			:: result == WOKEN -> said++
			:: else
			fi;
			n++
		}
	:: else -> break
	od
}

/* Asks one question, then a second one; an answer that comes is that question's, or (when the first
 * was given up) the first's. */
active proctype client()
{
	byte n, result;
	bool gave_up;

	do
	:: n < 2 ->
		atomic {
			if
			:: true -> event_exchange(2, SERVER, 20 + n, true)
			:: true -> event_exchange(2, SERVER, 20 + n, false)
			fi
		}
		atomic {
			wait_state[2] != WAITING;
			wait_result(2, result);
			if
			:: result == WOKEN ->
				assert(heard_from[2] == SERVER);
				assert(heard[2] == 120 + n || (gave_up && heard[2] == 119 + n))
			:: result == TIMED_OUT -> gave_up = true
			:: else
			fi;
			n++
		}
	:: else -> break
	od
}

active [THREADS] proctype timer()
{
	byte t = _pid - THREADS;

end:	do
	:: atomic { timer_pending[t] -> timer_pending[t] = false; event_end(t, TIMED_OUT) }
	od
}

/* Each word said by the speaker was heard once, and none that it was not told of. */
active proctype account()
{
	timeout;
	assert(said == speaker_heard)
}

#endif
