/* SPDX-License-Identifier: MIT */
/*
 * Every operation that allocates, with each of its allocations failing in turn: it gives an error or
 * succeeds, and an error leaves nothing behind. (Device mappings are in the suite vmap's file.)
 */
#include "fault_injection.h"

#include <tessera/kmalloc.h>
#include <tessera/message_box.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/semaphore.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/vmap.h>

#include "threads.h"

/* No operation here makes so many allocations. */
#define MANY 200

#define MIDDLE PRIORITY_DEFAULT

/* The attempt that is running. */
static unsigned failing; /* the number of the allocation that is to fail */
static bool failed;	 /* it did */

void failing_begin(void)
{
	fault_injection_arm(failing);
}

void failing_end(void)
{
	failed = fault_injection_disarm();
}

struct account {
	struct ledger ledger;
	unsigned waiters;
	bool timers;
};

static bool count_waiter(struct thread *thread, void *arg)
{
	*(unsigned *)arg += thread_is_blocked(thread);
	return true;
}

static struct account account(void)
{
	struct account account = { .ledger = ledger() };

	thread_each(count_waiter, &account.waiters);
	account.timers = timer_queue_next() != UINT64_MAX;
	return account;
}

/* Whether all is as before, but for at most `kept` pages that are in use now. */
static bool account_same(const struct account *before, size_t kept)
{
	struct account now = account();

	return before->ledger.pages - now.ledger.pages <= kept &&
	       now.ledger.objects == before->ledger.objects &&
	       now.ledger.threads == before->ledger.threads && now.waiters == before->waiters &&
	       now.timers == before->timers;
}

unsigned repeat_failing(const char *name, attempt *attempt, size_t argument, size_t kept)
{
	struct account before = account();

	for (failing = 1; failing < MANY; failing++) {
		bool succeeded = attempt(argument);

		if (!account_same(&before, kept))
			test_fail(__FILE__, __LINE__,
				  "%s(%zu): something is left behind when allocation "
				  "%u fails",
				  name, argument, failing);
		if (!failed) {
			if (!succeeded)
				test_fail(__FILE__, __LINE__, "%s(%zu): an error without a failure",
					  name, argument);
			break;
		}
		/* Nothing is kept for reuse that a second try could free. */
		if (failing == 1 && succeeded)
			test_fail(__FILE__, __LINE__,
				  "%s(%zu): no error when the first allocation fails", name,
				  argument);
	}
	EXPECT(failing < MANY);
	return failing - 1;
}

#define EXPECT_SAFE(attempt, argument) EXPECT(repeat_failing(#attempt, attempt, argument, 0) > 0)

/* ---- The injection itself ---- */

/* Takes a page and gives it back, so many times: how often there was none. */
static int count_failures(void *times)
{
	int failures = 0;

	for (intptr_t i = 0; i < (intptr_t)times; i++) {
		struct page *page = page_alloc(1, 1, 0);

		if (page)
			page_free(page, 1);
		else
			failures++;
	}
	return failures;
}

TEST(fault_injection, one_fails_and_no_other)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	fault_injection_arm(3);
	EXPECT_EQ(count_failures((void *)2), 0);
	EXPECT_EQ(count_failures((void *)1), 1);
	EXPECT_EQ(count_failures((void *)10), 0);
	EXPECT(fault_injection_disarm());
	fault_injection_arm(3);
	EXPECT_EQ(count_failures((void *)2), 0);
	EXPECT(!fault_injection_disarm());
	EXPECT_EQ(count_failures((void *)10), 0);
}

/* Whoever tries again because of it, does not do so for ever when memory is wanting as well. */
TEST(fault_injection, happens_once)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT(!fault_injection_happened()); /* also if an earlier one failed, and that is over */
	fault_injection_arm(2);
	EXPECT_EQ(count_failures((void *)1), 0);
	EXPECT(!fault_injection_happened());
	EXPECT_EQ(count_failures((void *)1), 1);
	EXPECT(fault_injection_happened());
	EXPECT(!fault_injection_happened());
	EXPECT(fault_injection_disarm());
}

static int fail_after_gate(void *times)
{
	wait_for_gate(NULL);
	return count_failures(times);
}

TEST(fault_injection, belongs_to_one_thread)
{
	struct thread *other;
	int failures = -1;

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	gate_close();
	other = thread_create(fail_after_gate, (void *)10, "other", MIDDLE);
	ASSERT_TRUE(other);
	let_others_run();
	fault_injection_arm(1);
	gate_open();
	EXPECT_EQ(thread_join(other, &failures, FOREVER), 0);
	EXPECT_EQ(failures, 0);
	EXPECT_EQ(count_failures((void *)1), 1);
	EXPECT(fault_injection_disarm());
}

/* ---- Pages ---- */

static bool all_zero(const char *bytes, size_t n)
{
	while (n && !bytes[n - 1])
		n--;
	return n == 0;
}

static bool one_page(size_t unused)
{
	struct page *page;

	FAILING(page = page_alloc(1, 1, 0));
	if (page)
		page_free(page, 1);
	return page;
}

static bool zeroed_pages(size_t count)
{
	struct page *page;

	FAILING(page = page_alloc(count, 1, PAGE_ZERO));
	if (!page)
		return false;
	EXPECT(all_zero(page_address(page), count * PAGE_SIZE));
	page_free(page, count);
	return true;
}

static bool aligned_low_pages(size_t count)
{
	struct page *page;

	FAILING(page = page_alloc(count, 4, PAGE_BELOW(32)));
	if (page)
		page_free(page, count);
	return page;
}

TEST(fault_injection, pages)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(one_page, 0);
	EXPECT_SAFE(zeroed_pages, 1);
	EXPECT_SAFE(zeroed_pages, 3);
	EXPECT_SAFE(aligned_low_pages, 5);
}

/* ---- Objects ---- */

static bool object_of_constant_size(size_t unused)
{
	void *object;

	FAILING(object = kmalloc(96));
	kfree(object);
	return object;
}

static bool object(size_t size)
{
	void *object;

	FAILING(object = kmalloc(size));
	kfree(object);
	return object;
}

static bool cleared_object(size_t size)
{
	char *object;

	FAILING(object = kzalloc(size));
	EXPECT(!object || all_zero(object, size));
	kfree(object);
	return object;
}

static bool cleared_array(size_t count)
{
	char *object;

	FAILING(object = kzalloc_array(count, 24));
	EXPECT(!object || all_zero(object, count * 24));
	kfree(object);
	return object;
}

static bool object_from_nothing(size_t size)
{
	void *object;

	FAILING(object = krealloc(NULL, size));
	kfree(object);
	return object;
}

/* To three times the size. Failing leaves the old one as it was. */
static bool larger_object(size_t size)
{
	char *object = kmalloc(size), *moved;
	bool same = true;

	if (!object) {
		EXPECT(object);
		return true;
	}
	memset(object, 'x', size);
	FAILING(moved = krealloc(object, 3 * size));
	for (size_t i = 0; i < size; i++)
		same &= (moved ? moved : object)[i] == 'x';
	EXPECT(same);
	kfree(moved ? moved : object);
	return moved;
}

TEST(fault_injection, objects)
{
	static const size_t sizes[] = { 1,
					8,
					64,
					100,
					700,
					2000,
					PAGE_SIZE - 1,
					PAGE_SIZE,
					5000,
					3 * PAGE_SIZE,
					6 * PAGE_SIZE + 1 };

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(object_of_constant_size, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_SAFE(object, sizes[i]);
		EXPECT_SAFE(cleared_object, sizes[i]);
		EXPECT_SAFE(cleared_array, 1 + sizes[i] / 24);
		EXPECT_SAFE(object_from_nothing, sizes[i]);
		/* Tripled where it lies it may need no memory at all; else nothing but memory. */
		repeat_failing("larger_object", larger_object, sizes[i], 0);
	}
}

static bool new_cache(size_t size)
{
	struct object_cache *cache;

	FAILING(cache = object_cache_create("failing", size, 16));
	if (cache)
		EXPECT_EQ(object_cache_destroy(cache), 0);
	return cache;
}

/* The first object of a cache needs a page, and the others do not. */
static bool objects_of_cache(size_t size)
{
	struct object_cache *cache = object_cache_create("failing", size, 0);
	void *objects[3] = { NULL };
	bool complete = true;

	if (!cache) {
		EXPECT(cache);
		return true;
	}
	FAILING(for (unsigned i = 0; i < ARRAY_SIZE(objects); i++) complete &=
		(objects[i] = object_cache_alloc(cache)) != NULL);
	for (unsigned i = 0; i < ARRAY_SIZE(objects); i++)
		object_cache_free(cache, objects[i]);
	EXPECT_EQ(object_cache_destroy(cache), 0);
	return complete;
}

TEST(fault_injection, object_caches)
{
	static const size_t sizes[] = { 1, 72, 1500, PAGE_SIZE, 3 * PAGE_SIZE };

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_SAFE(new_cache, sizes[i]);
		EXPECT_SAFE(objects_of_cache, sizes[i]);
	}
}

/* ---- Stacks and threads ---- */

static bool stack(size_t pages)
{
	void *stack;

	FAILING(stack = stack_alloc(pages * PAGE_SIZE));
	if (stack)
		stack_free(stack, pages * PAGE_SIZE);
	return stack;
}

static int return_seven(void *unused)
{
	return 7;
}

/* The account before has emptied the cache of ended threads. `cached`: fill it. */
static bool thread(size_t cached)
{
	struct thread *thread;
	int status = 0;

	for (; cached; cached--) {
		thread = thread_create(return_seven, NULL, "ended", MIDDLE);
		EXPECT(thread && thread_join(thread, NULL, FOREVER) == 0);
	}
	FAILING(thread = thread_create(return_seven, NULL, "failing", MIDDLE));
	if (!thread)
		return false;
	EXPECT_EQ(thread_join(thread, &status, FOREVER), 0);
	EXPECT_EQ(status, 7);
	return true;
}

/* Several at once: those that there are go on when the next one fails. */
static bool three_threads(size_t unused)
{
	struct thread *threads[3];
	bool complete = true;
	int status;

	gate_close();
	FAILING(for (unsigned i = 0; i < ARRAY_SIZE(threads); i++) {
		threads[i] = thread_create(wait_for_gate, NULL, "failing", MIDDLE);
		complete &= threads[i] != NULL;
	});
	let_others_run();
	gate_open();
	for (unsigned i = 0; i < ARRAY_SIZE(threads); i++)
		if (threads[i])
			EXPECT(thread_join(threads[i], &status, FOREVER) == 0 && status == 0);
	return complete;
}

TEST(fault_injection, stacks)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(stack, 1);
	EXPECT_SAFE(stack, 4);
}

TEST(fault_injection, threads)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(thread, 0);
	EXPECT_SAFE(three_threads, 0);
	if (CONFIG_THREAD_CACHE)
		EXPECT_EQ(repeat_failing("thread", thread, 1, 0), 0);
}

/* ---- Objects of the rooms above ---- */

#ifdef CONFIG_IPC_SEMAPHORE

static bool semaphore(size_t unused)
{
	struct semaphore *semaphore;

	FAILING(semaphore = semaphore_create(3));
	if (!semaphore)
		return false;
	EXPECT_EQ(semaphore_value(semaphore), 3);
	semaphore_free(semaphore);
	return true;
}

TEST(fault_injection, semaphores)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(semaphore, 0);
}

#endif

#ifdef CONFIG_IPC_MESSAGE_BOX

static bool message_box(size_t slots)
{
	struct message_box *box;
	char byte = 0;

	FAILING(box = message_box_create((unsigned)slots, 1));
	if (!box)
		return false;
	EXPECT_EQ(message_box_send(box, "m", 1, 0), 0);
	EXPECT_EQ(message_box_receive(box, &byte, 1, NULL, 0), 1);
	EXPECT_EQ(byte, 'm');
	message_box_free(box);
	return true;
}

TEST(fault_injection, message_boxes)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		SKIP("FAULT_INJECTION");
	EXPECT_SAFE(message_box, 1);
	EXPECT_SAFE(message_box, CONFIG_MESSAGE_BOX_MAX_SLOTS);
}

#endif
