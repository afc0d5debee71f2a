// SPDX-License-Identifier: MIT
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/message_box.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

TEST(message_box, limits)
{
	EXPECT(!message_box_create(0, 8));
	EXPECT(!message_box_create(CONFIG_MESSAGE_BOX_MAX_SLOTS + 1, 8));
	EXPECT(!message_box_create(1, CONFIG_MESSAGE_BOX_MAX_SIZE + 1));
}

TEST(message_box, keeps_order_length_and_content)
{
	struct message_box *box = message_box_create(4, 13);
	struct message_box_info info;
	char text[16];
	int sender;

	ASSERT_TRUE(box);
	EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL, 0), -EAGAIN);
	for (unsigned round = 0; round < 3; round++) {
		EXPECT_EQ(message_box_send(box, "hello, world!", 13, FOREVER), 0);
		EXPECT_EQ(message_box_send(box, "", 0, 0), 0);
		EXPECT_EQ(message_box_send(box, "abc", 3, TICK), 0);
		EXPECT_EQ(message_box_send(box, "12345678", 8, 0), 0);
		EXPECT_EQ(message_box_send(box, "full", 4, 0), -EAGAIN);
		EXPECT_EQ(message_box_send(box, "full", 4, 2 * TICK), -ETIMEDOUT);
		EXPECT_EQ(message_box_send(box, "hello, world!!", 14, FOREVER), -EMSGSIZE);
		message_box_info(box, &info);
		EXPECT(info.slots == 4 && info.size == 13 && info.messages == 4);
		EXPECT(info.senders == 0 && info.receivers == 0);

		EXPECT_EQ(message_box_receive(box, text, 12, NULL, FOREVER), -EMSGSIZE);
		EXPECT_EQ(message_box_receive(box, text, 13, &sender, FOREVER), 13);
		EXPECT(memcmp(text, "hello, world!", 13) == 0);
		EXPECT_EQ(sender, current_thread()->id);
		EXPECT_EQ(message_box_receive(box, text, 0, NULL, 0), 0);
		EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL, TICK), 3);
		EXPECT(memcmp(text, "abc", 3) == 0);
		EXPECT_EQ(message_box_receive(box, text, 8, NULL, 0), 8);
		EXPECT(memcmp(text, "12345678", 8) == 0);
	}
	message_box_free(box);
}

static struct message_box *shared;

static int produce(void *arg)
{
	for (unsigned i = 0; i < 100; i++) {
		unsigned text[2] = { (unsigned)(uintptr_t)arg, i };
		int result = message_box_send(shared, text, sizeof(text), FOREVER);

		if (result)
			return result;
	}
	return 0;
}

/* Nothing is lost, doubled or overtaken, with a box that is always full or always empty. */
static void producers_and_consumer(unsigned slots, unsigned consumer_priority)
{
	struct thread *threads[3];
	unsigned next[3] = { 0 };
	int result;

	shared = message_box_create(slots, 8);
	ASSERT_TRUE(shared);
	for (unsigned i = 0; i < 3; i++)
		threads[i] = thread_create(produce, (void *)(uintptr_t)i, "producer", MIDDLE);
	thread_set_priority(current_thread(), consumer_priority);
	for (unsigned n = 0; n < 300; n++) {
		unsigned text[2];
		int sender;

		EXPECT_EQ(message_box_receive(shared, text, sizeof(text), &sender, FOREVER), 8);
		ASSERT_TRUE(text[0] < 3);
		EXPECT_EQ(text[1], next[text[0]]);
		next[text[0]]++;
		EXPECT_EQ(sender, threads[text[0]]->id);
	}
	thread_set_priority(current_thread(), MIDDLE);
	for (unsigned i = 0; i < 3; i++) {
		EXPECT_EQ(thread_join(threads[i], &result, FOREVER), 0);
		EXPECT_EQ(result, 0);
	}
	message_box_free(shared);
}

TEST(message_box, producers_with_a_fast_consumer)
{
	producers_and_consumer(2, PRIORITY_MAX);
}

TEST(message_box, producers_with_a_slow_consumer)
{
	producers_and_consumer(1, 0);
	producers_and_consumer(5, MIDDLE);
}

static int receive_small(void *arg)
{
	char text[4];

	return (int)message_box_receive(shared, text, sizeof(text), NULL, FOREVER);
}

static int receive_large(void *arg)
{
	char text[8] = "";
	int result = (int)message_box_receive(shared, text, sizeof(text), NULL, FOREVER);

	return result == 6 && memcmp(text, "sixsix", 6) == 0 ? 66 : result;
}

TEST_IN_TURN(message_box, small_buffer_of_a_waiting_receiver_loses_nothing)
{
	struct thread *small, *large;
	int result;

	shared = message_box_create(2, 8);
	ASSERT_TRUE(shared);
	small = thread_create(receive_small, NULL, "small", MIDDLE);
	large = thread_create(receive_large, NULL, "large", MIDDLE);
	let_others_run();
	EXPECT_EQ(message_box_send(shared, "sixsix", 6, 0), 0);
	EXPECT_EQ(thread_join(small, &result, FOREVER), 0);
	EXPECT_EQ(result, -EMSGSIZE);
	EXPECT_EQ(thread_join(large, &result, FOREVER), 0);
	EXPECT_EQ(result, 66);
	/* Alone, the message is kept. */
	small = thread_create(receive_small, NULL, "small", MIDDLE);
	let_others_run();
	EXPECT_EQ(message_box_send(shared, "sixsix", 6, 0), 0);
	EXPECT_EQ(thread_join(small, &result, FOREVER), 0);
	EXPECT_EQ(result, -EMSGSIZE);
	large = thread_create(receive_large, NULL, "large", MIDDLE);
	EXPECT_EQ(thread_join(large, &result, FOREVER), 0);
	EXPECT_EQ(result, 66);
	message_box_free(shared);
}

static int send_one(void *arg)
{
	return message_box_send(shared, arg, 4, FOREVER);
}

TEST(message_box, free_and_kill_end_the_wait)
{
	struct thread *a, *b, *c;
	int result;

	shared = message_box_create(1, 8);
	ASSERT_TRUE(shared);
	EXPECT_EQ(message_box_send(shared, "full", 4, 0), 0);
	a = thread_create(send_one, "lost", "a", MIDDLE);
	b = thread_create(send_one, "kept", "b", MIDDLE);
	let_others_run();
	thread_kill(a);
	EXPECT_EQ(thread_join(a, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
	message_box_free(shared);
	EXPECT_EQ(thread_join(b, &result, FOREVER), 0);
	EXPECT_EQ(result, -EIDRM);

	shared = message_box_create(1, 8);
	c = thread_create(receive_small, NULL, "c", MIDDLE);
	let_others_run();
	message_box_free(shared);
	EXPECT_EQ(thread_join(c, &result, FOREVER), 0);
	EXPECT_EQ(result, -EIDRM);
}
