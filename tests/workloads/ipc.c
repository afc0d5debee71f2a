/* SPDX-License-Identifier: MIT */
/*
 * Semaphores, events and message boxes among themselves: each carries the same bytes from one thread to
 * another, in the way that it is made for.
 *
 *	semaphore	the bytes lie in shared memory (copied in and out of it), the semaphore says when
 *	event		a word at a time
 *	message_box	the box copies them
 *
 *	PRIMITIVE.pingpong/BYTES	there and back
 *	PRIMITIVE.stream/BYTES		one way, one after the other, as fast as the receiver takes
 *					them: for each, and for each byte
 */
#include <asm/irqflags.h>
#include <tessera/benchmark.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/event.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/message_box.h>
#include <tessera/priority.h>
#include <tessera/semaphore.h>
#include <tessera/string.h>

#include "../bench/threads.h"
#include "cost.h"

#define MIDDLE	THREAD_PRIORITY_DEFAULT
#define SAMPLES 64
#define STREAM	256
#define LARGEST 1024

COST(samples);

static unsigned long mine[LARGEST / sizeof(long)], theirs[LARGEST / sizeof(long)];
static struct thread *partner;
static char name[48];

/* A way to carry bytes there (0) and back (1). */
struct carrier {
	const char *name;
	size_t largest;
	void (*open)(size_t size);
	void (*send)(unsigned way, const void *bytes, size_t size);
	void (*receive)(unsigned way, void *bytes, size_t size);
	void (*close)(void);
};

/* ---- The three ---- */

#ifdef CONFIG_IPC_SEMAPHORE
static unsigned long shared[2][LARGEST / sizeof(long)];
static struct semaphore full[2], empty[2];

static void open_semaphores(size_t size)
{
	for (unsigned way = 0; way < 2; way++) {
		semaphore_init(&full[way], 0);
		semaphore_init(&empty[way], 1);
	}
}

static void send_by_semaphore(unsigned way, const void *bytes, size_t size)
{
	semaphore_wait(&empty[way], FOREVER);
	memcpy(shared[way], bytes, size);
	semaphore_post(&full[way]);
}

static void receive_by_semaphore(unsigned way, void *bytes, size_t size)
{
	semaphore_wait(&full[way], FOREVER);
	memcpy(bytes, shared[way], size);
	semaphore_post(&empty[way]);
}

static void close_semaphores(void)
{
}

static const struct carrier by_semaphore = { "semaphore",	   LARGEST,
					     open_semaphores,	   send_by_semaphore,
					     receive_by_semaphore, close_semaphores };
#endif

#ifdef CONFIG_IPC_EVENT
static struct thread *ends[2]; /* who receives what goes this way */

static void open_events(size_t size)
{
	ends[1] = current_thread();
}

static void send_by_event(unsigned way, const void *bytes, size_t size)
{
	const unsigned long *words = bytes;

	for (size_t i = 0; i < size / sizeof(long); i++)
		event_send(way ? ends[1] : partner, words[i], FOREVER);
}

static void receive_by_event(unsigned way, void *bytes, size_t size)
{
	unsigned long *words = bytes;

	for (size_t i = 0; i < size / sizeof(long); i++) {
		struct event event;

		event_receive(&event, FOREVER);
		words[i] = event.word;
	}
}

static void close_events(void)
{
}

static const struct carrier by_event = { "event",	LARGEST,	  open_events,
					 send_by_event, receive_by_event, close_events };
#endif

#ifdef CONFIG_IPC_MESSAGE_BOX
#define LARGEST_MESSAGE \
	(CONFIG_MESSAGE_BOX_MAX_SIZE < LARGEST ? CONFIG_MESSAGE_BOX_MAX_SIZE : LARGEST)

static struct message_box *boxes[2];

static void open_boxes(size_t size)
{
	for (unsigned way = 0; way < 2; way++) {
		boxes[way] = message_box_create(8, size);
		if (!boxes[way])
			panic("workload: no message box of %zu bytes", size);
	}
}

static void send_by_box(unsigned way, const void *bytes, size_t size)
{
	message_box_send(boxes[way], bytes, size, FOREVER);
}

static void receive_by_box(unsigned way, void *bytes, size_t size)
{
	message_box_receive(boxes[way], bytes, size, NULL, FOREVER);
}

static void close_boxes(void)
{
	for (unsigned way = 0; way < 2; way++)
		message_box_free(boxes[way]);
}

static const struct carrier by_box = { "message_box", LARGEST_MESSAGE, open_boxes,
				       send_by_box,   receive_by_box,  close_boxes };
#endif

/* ---- What each does ---- */

struct task {
	const struct carrier *carrier;
	size_t size;
	unsigned times;
	bool answer;
};

static int answer(void *arg)
{
	const struct task *task = arg;

	for (unsigned i = 0; i < task->times; i++) {
		task->carrier->receive(0, theirs, task->size);
		if (task->answer)
			task->carrier->send(1, theirs, task->size);
	}
	return 0;
}

static void begin(struct task *task)
{
	task->carrier->open(task->size);
	partner = thread_create(answer, task, "partner", MIDDLE);
	if (!partner)
		panic("workload: no memory for a thread");
	bench_after_tick();
}

static void close(struct task *task, const char *workload)
{
	task->carrier->close();
	snprintf(name, sizeof(name), "ipc.%s.%s/%zu", task->carrier->name, workload, task->size);
}

static void pingpong(const struct carrier *carrier, size_t size)
{
	struct task task = { carrier, size, SAMPLES + 1, true };

	begin(&task);
	for (unsigned i = 0; i <= SAMPLES; i++) {
		uint64_t tick = tick_count(), start = cost_now(), end;

		carrier->send(0, mine, size);
		carrier->receive(1, mine, size);
		end = cost_now();
		if (i > 0 && tick == tick_count()) /* the first finds the partner not waiting yet */
			cost_add(&samples, start, end);
	}
	thread_join(partner, NULL, FOREVER);
	close(&task, "pingpong");
	cost_report(name, "roundtrip", &samples, cost_scratch);
	cost_clear(&samples);
}

static void stream(const struct carrier *carrier, size_t size)
{
	struct task task = { carrier, size, STREAM, false };
	uint64_t start;
	uint32_t cost;

	begin(&task);
	start = cost_now();
	for (unsigned i = 0; i < STREAM; i++)
		carrier->send(0, mine, size);
	thread_join(partner, NULL, FOREVER); /* it has taken all */
	cost = cost_between(start, cost_now());
	close(&task, "stream");
	work_figure(name, "message", cost, STREAM, "instructions", false);
	work_figure(name, "byte", cost, STREAM * size, "instructions", false);
}

static void measure(const struct carrier *carrier)
{
	work_begin();
	irq_enable();
	for (size_t size = sizeof(long); size <= carrier->largest; size *= size < 16 ? 2 : 4) {
		pingpong(carrier, size);
		stream(carrier, size);
	}
	work_end(name);
	irq_enable();
}

#ifdef CONFIG_IPC_SEMAPHORE
BENCHMARK(work_ipc_semaphore)
{
	measure(&by_semaphore);
}
#endif

#ifdef CONFIG_IPC_EVENT
BENCHMARK(work_ipc_event)
{
	measure(&by_event);
}
#endif

#ifdef CONFIG_IPC_MESSAGE_BOX
BENCHMARK(work_ipc_message_box)
{
	measure(&by_box);
}
#endif
