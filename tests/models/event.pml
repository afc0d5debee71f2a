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
#ifndef THREADS
#define THREADS 3
#endif
#define QUEUES THREADS
#include "queue.pml"

byte word_of[THREADS];	/* what a waiting sender wants to say */
bool exchanges[THREADS]; /* and then to hear the answer */
bool receiving[THREADS];
byte heard[THREADS], heard_from[THREADS];
bool heard_exchange[THREADS]; /* the sender waits for an answer */
bool ended[THREADS];

byte taker, sender_of, place;

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

/* The thread ends, and so does the wait of everybody who sends to it. */
inline event_exit(t)
{
	ended[t] = true;
	do
	:: queue_length[t] > 0 -> wait_end(t, QUEUE_FIRST(t), GONE)
	:: else -> break
	od
}

/* A timeout or a kill, whatever the thread waits for. */
inline event_end(t, reason)
{
	assert(wait_state[t] == WAITING);
	if
	:: receiving[t] -> receiving[t] = false
	:: else ->
		do
		:: !found && place < QUEUES -> queue_remove(place, t); place++
		:: else -> break
		od;
		place = 0;
		assert(found);
		found = 0
	fi;
	timer_pending[t] = false;
	wait_state[t] = reason
}

#ifdef REPLAY

#define SEND	    10 /* thread, receiver, word, timed */
#define SEND_NOW    11 /* thread, receiver, word */
#define RECEIVE	    12 /* thread, timed */
#define RECEIVE_NOW 13 /* thread */
#define EXCHANGE    14 /* thread, receiver, word, timed */
#define EXIT	    15 /* thread */
#define HEARD	    16 /* thread, word, from whom: so says its call */

short receivers;

/* The threads that receive, then all queues that are not empty, by thread, and NONE. */
inline replay_state()
{
	next(length);
	do
	:: length > 0 ->
		next(me);
		next(timed);
		assert(receiving[me] && timer_pending[me] == timed);
		receivers++;
		length--
	:: else -> break
	od;
	other = 0;
	do
	:: other < THREADS ->
		receivers = receivers - receiving[other];
		other++
	:: else -> break
	od;
	assert(receivers == 0);
	next(value);
	other = 0;
	do
	:: other < THREADS ->
		if
		:: value == other -> replay_queue(other); next(value)
		:: else -> assert(queue_length[other] == 0)
		fi;
		other++
	:: else -> break
	od
}

active proctype replay()
{
	do
	:: true ->
		next(step);
		if
		:: step == SEND ->
			next(me);
			next(other);
			next(word);
			next(timed);
			event_send(me, other, word, timed)
		:: step == SEND_NOW ->
			next(me);
			next(other);
			next(word);
			if
			:: receiving[other] || ended[other] -> event_send(me, other, word, false)
			:: else -> wait_state[me] = NOT_NOW
			fi
		:: step == RECEIVE ->
			next(me);
			next(timed);
			event_receive(me, timed)
		:: step == RECEIVE_NOW ->
			next(me);
			if
			:: queue_length[me] > 0 -> event_receive(me, false)
			:: else -> wait_state[me] = NOT_NOW
			fi
		:: step == EXCHANGE ->
			next(me);
			next(other);
			next(word);
			next(timed);
			event_exchange(me, other, word, timed)
		:: step == EXIT ->
			next(me);
			event_exit(me)
		:: step == HEARD ->
			next(me);
			next(word);
			next(other);
			assert(heard[me] == word && heard_from[me] == other)
		:: step == STATE ->
			replay_line();
			replay_state()
		:: step == RESULT -> replay_result()
		:: step == PRIORITY -> replay_priority()
		:: step == END ->
			replay_end();
			event_end(me, reason)
		:: step == OVER -> break
		fi
	od
}

#else

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
	atomic { event_exit(SERVER) }
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
