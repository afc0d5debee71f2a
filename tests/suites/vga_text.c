/* SPDX-License-Identifier: MIT */
/* The VGA text console: what is written, and what is then in the adapter's memory. */
#include <asm/io.h>
#include <tessera/boot_info.h>
#include <tessera/console.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/vmap.h>

#define WINDOW	     0xb8000
#define WINDOW_CELLS (0x8000 / 2)

enum { MISC_OUTPUT = 0x3cc, GRAPHICS_INDEX = 0x3ce, CRTC_INDEX = 0x3d4 };
#define GRAPHICS_MODE 0x06
#define MODE_BITS     0x0d
#define MODE_TEXT     0x0c /* with the window at 0xb8000 */
#define CRTC_COLUMNS  0x01
#define CRTC_START    0x0c
#define CRTC_CURSOR   0x0e

static const volatile uint16_t *window;

static unsigned crtc_read(unsigned index)
{
	outb(CRTC_INDEX, (uint8_t)index);
	return inb(CRTC_INDEX + 1);
}

static unsigned crtc_pair(unsigned index)
{
	return crtc_read(index) << 8 | crtc_read(index + 1);
}

/* UEFI leaves a display that is in another mode. */
static bool has_text_display(void)
{
	outb(GRAPHICS_INDEX, GRAPHICS_MODE);
	return boot_info.screen != SCREEN_GRAPHICS && inb(MISC_OUTPUT) != 0xff &&
	       (inb(GRAPHICS_INDEX + 1) & MODE_BITS) == MODE_TEXT;
}

static void show(const char *text)
{
	console_write(text, strlen(text));
}

/* Whether a line of the screen begins so, from its first cell on. */
static bool line_is(unsigned line, const char *text)
{
	unsigned cell = crtc_pair(CRTC_START) + line * (crtc_read(CRTC_COLUMNS) + 1);

	for (; *text; text++, cell++)
		if ((window[cell] & 0xff) != (unsigned char)*text)
			return false;
	return true;
}

/* Down to that of the cursor. */
static unsigned lines_shown(void)
{
	return (crtc_pair(CRTC_CURSOR) - crtc_pair(CRTC_START)) / (crtc_read(CRTC_COLUMNS) + 1) + 1;
}

static unsigned cursor_column(void)
{
	return (crtc_pair(CRTC_CURSOR) - crtc_pair(CRTC_START)) % (crtc_read(CRTC_COLUMNS) + 1);
}

TEST(vga_text, control_characters)
{
	if (!has_text_display())
		SKIP("a display");
	window = vmap_device(WINDOW, WINDOW_CELLS * sizeof(*window));
	ASSERT_TRUE(window != NULL);
	show("\033[2Jab\bc\tX");
	EXPECT(line_is(0, "ac      X "));
	EXPECT_EQ(cursor_column(), 9);
	show("\rz\033[31mY\033Q");
	EXPECT(line_is(0, "zY      X "));
	EXPECT_EQ(cursor_column(), 2);
	show("\b\b\b\b!\n");
	EXPECT(line_is(0, "!Y      X "));
	EXPECT_EQ(cursor_column(), 0);
	vunmap_device((void *)(uintptr_t)window);
}

TEST(vga_text, long_lines_and_scrolling)
{
	unsigned columns;
	char digits[] = "0\n";

	if (!has_text_display())
		SKIP("a display");
	window = vmap_device(WINDOW, WINDOW_CELLS * sizeof(*window));
	ASSERT_TRUE(window != NULL);
	columns = crtc_read(CRTC_COLUMNS) + 1;
	show("\033[2J");
	for (unsigned i = 0; i < columns; i++)
		show("-");
	show("over\n");
	EXPECT(line_is(1, "over "));
	/* More lines than the adapter's memory holds at once. */
	for (unsigned i = 0; i < 2 * WINDOW_CELLS / columns; i++) {
		digits[0] = (char)('0' + i % 10);
		show(digits);
	}
	/* The last line is the empty one below. */
	digits[1] = '\0';
	EXPECT(line_is(lines_shown() - 2, digits));
	EXPECT(line_is(lines_shown() - 1, " "));
	vunmap_device((void *)(uintptr_t)window);
}
