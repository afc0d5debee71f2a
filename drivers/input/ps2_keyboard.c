/* SPDX-License-Identifier: MIT */
/*
 * The PS/2 keyboard behind the i8042 controller of the PC, US layout, by interrupt.
 *
 * The controller translates to scan-code set 1, in which a key is one byte with the top bit set
 * on release, or two with 0xe0 in front. Special keys become the escape sequences of a
 * terminal, so the monitor's line editor sees no difference from the serial line.
 *
 * Sources: IBM PS/2 Technical Reference, "Keyboard and Auxiliary Device Controller"; Microsoft,
 * Keyboard Scan Code Specification (2000). Not done: the lamps, Alt, and the digits of the keypad
 * (its keys are the arrows that are printed on them).
 */
#include <asm/io.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/irq.h>
#include <tessera/keyboard.h>
#include <tessera/log.h>

#define LOG_TAG "keyboard"

#define KEYBOARD_IRQ 1

enum { DATA = 0x60, STATUS = 0x64 /* when read */, COMMAND = 0x64 /* when written */ };

#define STATUS_OUTPUT 0x01 /* a byte waits for us */
#define STATUS_INPUT  0x02 /* our last byte is not yet taken */
#define STATUS_MOUSE  0x20 /* the byte that waits is the mouse's */

#define READ_CONFIGURATION  0x20
#define WRITE_CONFIGURATION 0x60
#define ENABLE_KEYBOARD	    0xae
#define KEYS_INTERRUPT	    0x01
#define KEYS_DISABLED	    0x10 /* the keyboard's clock is held */
#define KEYS_TRANSLATE	    0x40

#define KEYBOARD_SEND_KEYS 0xf4
#define KEYBOARD_ACK	   0xfa

#define ANSWER_TIME (20 * NSEC_PER_MSEC)

/* Scan codes that change the meaning of others. */
enum {
	LEFT_SHIFT = 0x2a,
	RIGHT_SHIFT = 0x36,
	CONTROL = 0x1d,
	CAPS_LOCK = 0x3a,
	PRINT_SCREEN = 0x37
};
#define RELEASED 0x80
#define EXTENDED 0xe0

/* By scan code, from 0. NUL: no character. */
static const char plain[] =
	"\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
	"\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool shift, control, caps_lock, extended;

static void type(const char *text)
{
	while (*text)
		console_input(*text++);
}

/* The keys from 0x47 to 0x53, on the keypad or (after 0xe0) on their own; "": none. */
static const char *special_key(unsigned code)
{
	/* clang-format off */
	static const char *const keys[] = {
		"\033[H", "\033[A", "",  "-", /* Home, Up, PgUp, - */
		"\033[D", "",      "\033[C", "+", /* Left, 5, Right, + */
		"\033[F", "\033[B", "",  "", "\033[3~", /* End, Down, PgDn, Insert, Delete */
	};
	/* clang-format on */

	return code >= 0x47 && code - 0x47 < ARRAY_SIZE(keys) ? keys[code - 0x47] : "";
}

static char character(unsigned code)
{
	char c = code < sizeof(plain) ? plain[code] : '\0';

	if (shift != (caps_lock && c >= 'a' && c <= 'z'))
		c = code < sizeof(shifted) ? shifted[code] : '\0';
	return control ? c & 0x1f : c;
}

static void key(unsigned byte)
{
	bool pressed = !(byte & RELEASED);
	unsigned code = byte & ~RELEASED;
	bool was_extended = extended;

	extended = byte == EXTENDED;
	if (extended)
		return;
	if (code == CONTROL) {
		control = pressed;
	} else if (was_extended &&
		   (code == LEFT_SHIFT || code == RIGHT_SHIFT || code == PRINT_SCREEN)) {
		return; /* keyboards put pretended shifts around the special keys */
	} else if (code == LEFT_SHIFT || code == RIGHT_SHIFT) {
		shift = pressed;
	} else if (!pressed) {
		return;
	} else if (code == CAPS_LOCK) {
		caps_lock = !caps_lock;
	} else if (code >= 0x47) {
		type(special_key(code));
	} else if (character(code)) {
		console_input(character(code));
	}
}

static void keyboard_interrupt(unsigned irq, void *arg)
{
	unsigned status;

	while ((status = inb(STATUS)) & STATUS_OUTPUT) {
		unsigned byte = inb(DATA);

		if (!(status & STATUS_MOUSE))
			key(byte);
	}
}

/* Waits until the status has the bits of `mask` as in `wanted`. */
static bool status_becomes(unsigned mask, unsigned wanted)
{
	uint64_t end = clock_now() + ANSWER_TIME;

	while ((inb(STATUS) & mask) != wanted)
		if (clock_now() > end)
			return false;
	return true;
}

static bool send(unsigned port, unsigned byte)
{
	if (!status_becomes(STATUS_INPUT, 0))
		return false;
	outb(port, (uint8_t)byte);
	return true;
}

/* The byte that the controller or the keyboard answers, or -ENODEV. */
static int receive(void)
{
	return status_becomes(STATUS_OUTPUT, STATUS_OUTPUT) ? inb(DATA) : -ENODEV;
}

/* Sets the controller up and lets the keyboard send. */
static int start_controller(void)
{
	int configuration;

	if (inb(STATUS) == 0xff)
		return -ENODEV; /* nothing at this port */
	for (unsigned i = 0; i < 16 && inb(STATUS) & STATUS_OUTPUT; i++)
		inb(DATA); /* typed before now */
	if (!send(COMMAND, ENABLE_KEYBOARD) || !send(COMMAND, READ_CONFIGURATION))
		return -ENODEV;
	configuration = receive();
	if (configuration < 0)
		return configuration;
	configuration |= KEYS_INTERRUPT | KEYS_TRANSLATE;
	configuration &= ~KEYS_DISABLED;
	if (!send(COMMAND, WRITE_CONFIGURATION) || !send(DATA, (unsigned)configuration) ||
	    !send(DATA, KEYBOARD_SEND_KEYS))
		return -ENODEV;
	return receive() == KEYBOARD_ACK ? 0 : -ENODEV;
}

void keyboard_start(void)
{
	int error = start_controller();

	if (!error)
		error = irq_request(KEYBOARD_IRQ, keyboard_interrupt, NULL, "keyboard");
	if (error)
		log_info("no keyboard (error %d)", error);
}
