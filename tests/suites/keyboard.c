/* SPDX-License-Identifier: MIT */
/*
 * The PS/2 keyboard: scan codes in, characters out. The controller can be told to hand over a byte as if the
 * keyboard had sent it, which raises the interrupt as a key does.
 */
#include <asm/io.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/irq.h>
#include <tessera/string.h>
#include <tessera/test.h>

#define KEYBOARD_IRQ 1

enum { DATA = 0x60, COMMAND = 0x64, STATUS = 0x64 };
#define STATUS_FULL  0x03 /* a byte is on its way, in either direction */
#define PRETEND_SENT 0xd2

static void nothing(unsigned irq, void *arg)
{
}

/* Whether somebody listens to the keyboard: only a machine with a display has one. */
static bool has_keyboard(void)
{
	if (irq_request(KEYBOARD_IRQ, nothing, NULL, "test"))
		return true;
	irq_free(KEYBOARD_IRQ);
	return false;
}

static void wait_for_controller(void)
{
	uint64_t end = clock_now() + 10 * NSEC_PER_MSEC;

	while ((inb(STATUS) & STATUS_FULL) && clock_now() < end)
		;
}

/* Sends these codes and compares what is typed by them. */
static bool types(const char *codes, const char *expected)
{
	bool same = true;
	int c;

	for (; *codes; codes++) {
		wait_for_controller();
		outb(COMMAND, PRETEND_SENT);
		wait_for_controller();
		outb(DATA, (uint8_t)*codes);
		wait_for_controller();
	}
	for (; (c = console_try_read()) >= 0; expected += *expected != '\0')
		same &= (char)c == *expected;
	return same && !*expected;
}

TEST(keyboard, characters)
{
	if (!has_keyboard())
		SKIP("a display");
	while (console_try_read() >= 0)
		;
	EXPECT(types("\x1e\x9e\x30\xb0", "ab"));
	EXPECT(types("\x1c\x9c\x39\xb9\x0e\x8e", "\r \177"));
	EXPECT(types("\x3b\xbb\x57\x7f", "")); /* F1, F11, and what is no key */
}

TEST(keyboard, shift_and_control)
{
	if (!has_keyboard())
		SKIP("a display");
	EXPECT(types("\x2a\x1e\x9e\x02\xaa\x1e", "A!a"));
	EXPECT(types("\x36\x1e\xb6\x1e", "Aa"));
	EXPECT(types("\x1d\x2e\x9d\x2e", "\003c"));
	EXPECT(types("\x3a\xba\x1e\x02\x2a\x1e\xaa\x3a\xba\x1e",
		     "A1aa")); /* caps lock: letters only */
}

TEST(keyboard, special_keys)
{
	if (!has_keyboard())
		SKIP("a display");
	EXPECT(types("\xe0\x48\xe0\xc8\xe0\x50", "\033[A\033[B"));
	EXPECT(types("\xe0\x2a\xe0\x53\x1e\xe0\xaa", "\033[3~a")); /* in a pretended shift */
	EXPECT(types("\xe0\x37\xe0\xb7\x1e", "a"));
	EXPECT(types("\x47\x4a\x4e\x4c\x52", "\033[H-+"));
}
