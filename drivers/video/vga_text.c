/* SPDX-License-Identifier: MIT */
/*
 * The VGA text screen as a console, where the firmware left the adapter in text mode.
 *
 * The window of 32 KiB at 0xb8000 holds several screens. Scrolling moves the line at which the CRT
 * controller begins, and only when the window's end is reached are the lines that stay copied
 * to its beginning: reading video memory is slow.
 *
 * Of the terminal's escape sequences it knows "clear the screen" (ESC [ 2 J) and skips the others.
 *
 * Source: IBM VGA Technical Reference (1992), chapter 2. There is no colour and only one page.
 */
#include <asm/io.h>
#include <asm/irqflags.h>
#include <tessera/boot_info.h>
#include <tessera/console.h>
#include <tessera/driver.h>
#include <tessera/errno.h>
#include <tessera/keyboard.h>
#include <tessera/log.h>
#include <tessera/vmap.h>

#define LOG_TAG "vga"

#define WINDOW	     0xb8000
#define WINDOW_CELLS (0x8000 / 2)

enum {
	GRAPHICS_INDEX = 0x3ce,
	MISC_OUTPUT = 0x3cc, /* when read */
	CRTC_INDEX = 0x3d4,  /* its data port and the graphics controller's are the next one */
};

#define MISC_COLOUR	  0x01 /* the CRT controller is at 0x3d4, not at 0x3b4 */
#define GRAPHICS_MODE	  0x06
#define MODE_BITS	  0x0d /* text, and the window of 32 KiB at 0xb8000: */
#define MODE_TEXT_B8000	  0x0c
#define CRTC_COLUMNS	  0x01 /* less 1 */
#define CRTC_OVERFLOW	  0x07 /* bits 8 and 9 of CRTC_SCAN_LINES in bits 1 and 6 */
#define CRTC_CELL_HEIGHT  0x09 /* in bits 0 to 4, less 1 */
#define CRTC_CURSOR_START 0x0a
#define CRTC_CURSOR_END	  0x0b
#define CRTC_START	  0x0c /* two registers, high byte first */
#define CRTC_CURSOR	  0x0e /* two */
#define CRTC_SCAN_LINES	  0x12 /* less 1 */

#define BLANK 0x0720 /* a space, grey on black */
#define GREY  0x0700

static volatile uint16_t *window;
static unsigned columns, rows;
static unsigned start;	     /* cell at the top left */
static unsigned row, column; /* of the cursor */

/* Inside an escape sequence: after ESC, after ESC [. */
static enum { PLAIN, ESCAPE, SEQUENCE } state;

static uint8_t register_read(unsigned port, unsigned index)
{
	outb(port, (uint8_t)index);
	return inb(port + 1);
}

static void register_write(unsigned port, unsigned index, unsigned value)
{
	outb(port, (uint8_t)index);
	outb(port + 1, (uint8_t)value);
}

static void crtc_write_pair(unsigned index, unsigned value)
{
	register_write(CRTC_INDEX, index, value >> 8);
	register_write(CRTC_INDEX, index + 1, value & 0xff);
}

static void blank(unsigned from, unsigned count)
{
	while (count--)
		window[from++] = BLANK;
}

static void clear(void)
{
	start = row = column = 0;
	blank(0, rows * columns);
}

static void scroll(void)
{
	if (start + (rows + 1) * columns > WINDOW_CELLS) {
		for (unsigned i = 0; i < (rows - 1) * columns; i++)
			window[i] = window[start + columns + i];
		start = 0;
	} else {
		start += columns;
	}
	blank(start + (rows - 1) * columns, columns);
}

static void new_line(void)
{
	column = 0;
	if (row + 1 < rows)
		row++;
	else
		scroll();
}

static void put_plain(char c)
{
	switch (c) {
	case '\n':
		new_line();
		break;
	case '\r':
		column = 0;
		break;
	case '\b':
		if (column)
			column--;
		break;
	case '\t':
		do
			put_plain(' ');
		while (column % 8);
		break;
	case 0x1b:
		state = ESCAPE;
		break;
	default:
		if (column == columns)
			new_line();
		window[start + row * columns + column++] = (uint16_t)(GREY | (unsigned char)c);
	}
}

static void put(char c)
{
	if (state == PLAIN) {
		put_plain(c);
	} else if (state == ESCAPE) {
		state = c == '[' ? SEQUENCE : PLAIN;
	} else if (c >= '@') { /* the sequence's last character */
		if (c == 'J')
			clear();
		state = PLAIN;
	}
}

static void vga_write(struct console *console, const char *text, size_t n)
{
	unsigned long flags;

	/* An interrupt handler may log, but not between the parts of one change. */
	while (n--) {
		flags = irq_save();
		put(*text++);
		irq_restore(flags);
	}
	flags = irq_save();
	crtc_write_pair(CRTC_START, start);
	crtc_write_pair(CRTC_CURSOR, start + row * columns + MIN(column, columns - 1));
	irq_restore(flags);
}

static void vga_start(struct console *console)
{
	keyboard_start();
}

static struct console vga_console = { .name = "vga", .write = vga_write, .start = vga_start };

/* What the screen shows, from the adapter itself; all ports read 0xff where there is none. */
static bool is_in_text_mode(void)
{
	unsigned misc = inb(MISC_OUTPUT);

	return misc != 0xff && misc & MISC_COLOUR &&
	       (register_read(GRAPHICS_INDEX, GRAPHICS_MODE) & MODE_BITS) == MODE_TEXT_B8000;
}

static void read_geometry(void)
{
	unsigned overflow = register_read(CRTC_INDEX, CRTC_OVERFLOW);
	unsigned lines = register_read(CRTC_INDEX, CRTC_SCAN_LINES);
	unsigned height = (register_read(CRTC_INDEX, CRTC_CELL_HEIGHT) & 0x1f) + 1;

	lines |= (overflow & 0x02) << 7 | (overflow & 0x40) << 3;
	columns = register_read(CRTC_INDEX, CRTC_COLUMNS) + 1u;
	rows = (lines + 1) / height;
}

static int vga_text_probe(void)
{
	if (boot_info.screen == SCREEN_GRAPHICS || !is_in_text_mode())
		return -ENODEV;
	read_geometry();
	if (rows < 2 || (rows + 1) * columns > WINDOW_CELLS)
		return -ENODEV; /* no text mode after all */
	window = vmap_device(WINDOW, WINDOW_CELLS * sizeof(*window));
	if (!window)
		return -ENOMEM;
	clear();
	register_write(CRTC_INDEX, CRTC_CURSOR_START, 13); /* the cursor: a bar at the bottom */
	register_write(CRTC_INDEX, CRTC_CURSOR_END, 14);
	log_info("text console, %u columns, %u rows", columns, rows);
	console_register(&vga_console); /* console= may keep it aside, for when there is no other */
	return 0;
}
DRIVER(vga_text, vga_text_probe);
