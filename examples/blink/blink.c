/* SPDX-License-Identifier: MIT */
/*
 * A lamp that blinks: an application in three threads. A timer posts a semaphore ten times a second;
 * the thread "switch" waits for it and sends the lamp's next state to a message box; the thread
 * "lamp" shows what arrives. The entry thread starts them and cleans up when they have ended.
 */
#include <tessera/application.h>
#include <tessera/clock.h>
#include <tessera/errno.h>
#include <tessera/log.h>
#include <tessera/message_box.h>
#include <tessera/priority.h>
#include <tessera/semaphore.h>
#include <tessera/thread.h>
#include <tessera/timer.h>

#define LOG_TAG "blink"
#define PERIOD	(NSEC_PER_SEC / 10)
#define SLOTS	4

struct change {
	int number;
	bool on;
};

static struct semaphore pulses = SEMAPHORE_INIT(pulses, 0);
static struct message_box *changes;

/* Runs in the timer interrupt: it may post, but not wait. */
static void pulse(struct timer *timer)
{
	semaphore_post(&pulses);
}

static int switch_thread(void *unused)
{
	struct change change = { .on = false };

	while (change.number < CONFIG_BLINK_COUNT) {
		int error = semaphore_wait(&pulses, FOREVER);

		change.number++;
		change.on = !change.on;
		if (!error)
			error = message_box_send(changes, &change, sizeof(change), FOREVER);
		if (error)
			return error;
	}
	return 0;
}

static int lamp_thread(void *unused)
{
	struct change change = { .number = 0 };

	while (change.number < CONFIG_BLINK_COUNT) {
		int length = message_box_receive(changes, &change, sizeof(change), NULL, FOREVER);

		if (length < 0)
			return length;
		log_notice("lamp %s, %d of %d", change.on ? "on" : "off", change.number,
			   CONFIG_BLINK_COUNT);
	}
	return 0;
}

/* Waits for the end of a thread, which may not exist; gives its status. */
static int end_of(struct thread *thread)
{
	int status, error;

	if (!thread)
		return -ENOMEM;
	error = thread_join(thread, &status, FOREVER);
	return error ? error : status;
}

int application_main(void)
{
	struct thread *lamp, *lamp_switch;
	struct timer timer;
	int switch_status, lamp_status;

	changes = message_box_create(SLOTS, sizeof(struct change));
	if (!changes)
		return -ENOMEM;
	lamp = thread_create(lamp_thread, NULL, "lamp", THREAD_PRIORITY_DEFAULT);
	lamp_switch = thread_create(switch_thread, NULL, "switch", THREAD_PRIORITY_DEFAULT);
	if (!lamp && lamp_switch) /* one without the other would wait for ever */
		thread_kill(lamp_switch);
	if (lamp && !lamp_switch)
		thread_kill(lamp);

	timer_init(&timer, pulse);
	timer_set_periodic(&timer, PERIOD, PERIOD);
	switch_status = end_of(lamp_switch);
	lamp_status = end_of(lamp);
	timer_cancel(&timer);
	message_box_free(changes);
	return switch_status ? switch_status : lamp_status;
}
