/* SPDX-License-Identifier: MIT */
/* The kernel monitor: keys in, lines out; completion. The echo shows up between the TAP lines. */
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../../kernel/monitor/monitor.h"

#define UP    "\033[A"
#define DOWN  "\033[B"
#define RIGHT "\033[C"
#define LEFT  "\033[D"

/* The line that comes of these keys (at most 60 characters) and Enter. */
static const char *type_keys(const char *keys)
{
	static char line[LINE_SIZE];

	while (*keys)
		console_input(*keys++);
	console_input('\r');
	line_read(line);
	return line;
}

#define EXPECT_LINE(keys, text) EXPECT_EQ(strcmp(type_keys(keys), (text)), 0)

TEST(monitor, editing)
{
	EXPECT_LINE("", "");
	EXPECT_LINE("help", "help");
	EXPECT_LINE("hxe\b\bel\177lp", "help");
	EXPECT_LINE("elp\001h", "help");	  /* ^A */
	EXPECT_LINE("el\001h\005p", "help");	  /* ^E */
	EXPECT_LINE("elp\033[Hh", "help");	  /* Home */
	EXPECT_LINE("el\033[1~h\033OFp", "help"); /* Home, End */
	EXPECT_LINE("hp" LEFT "el" RIGHT "!", "help!");
	EXPECT_LINE(LEFT LEFT "a" RIGHT RIGHT "b", "ab");
	EXPECT_LINE("heXlp" LEFT LEFT LEFT "\033[3~", "help"); /* Delete */
	EXPECT_LINE("help me" LEFT LEFT "\013!", "help !");    /* ^K */
	EXPECT_LINE("nonsense\025help", "help");	       /* ^U */
	EXPECT_LINE("panic now please\027\027x", "panic x");   /* ^W */
	EXPECT_LINE("panic", "panic");
}

TEST(monitor, cancel)
{
	char line[LINE_SIZE];

	for (const char *key = "reboot\003"; *key; key++) /* ^C */
		console_input(*key);
	line_read(line);
	EXPECT_EQ(strcmp(line, ""), 0);
}

TEST(monitor, too_long)
{
	char line[LINE_SIZE];

	for (unsigned i = 0; i < 4; i++)
		EXPECT_EQ(strlen(type_keys("0123456789012345678901234567890123456789")), 40);
	/* More than the queue holds comes in two parts; what does not fit is not taken. */
	type_keys("0123456789012345678901234567890123456789");
	for (unsigned i = 0; i < 2; i++)
		for (const char *key = UP "01234567890123456789012345"; *key; key++)
			console_input(*key);
	console_input('\r');
	line_read(line);
	EXPECT(strlen(line) < LINE_SIZE);
}

TEST(monitor, history)
{
	if (!history_get(0) && CONFIG_MONITOR_HISTORY < 3)
		SKIP("MONITOR_HISTORY");
	type_keys("first");
	type_keys("second");
	type_keys("second"); /* kept once */
	type_keys("");	     /* not kept */
	EXPECT_LINE(UP, "second");
	EXPECT_LINE(UP UP, "first");
	EXPECT_LINE(UP UP DOWN, "first");
	EXPECT_LINE("typed" UP UP DOWN DOWN, "typed"); /* what was typed comes back */
	EXPECT_LINE(UP "!", "typed!");
	EXPECT_LINE(DOWN "x", "x");
	EXPECT(history_get(0) == NULL);
	EXPECT(history_get(CONFIG_MONITOR_HISTORY + 1) == NULL);
}

TEST(monitor, completion)
{
	char more[20];

	EXPECT_EQ(command_complete("hel", 3, more, sizeof(more)), 1);
	EXPECT_EQ(strcmp(more, "p"), 0);
	EXPECT_EQ(command_complete("help", 4, more, sizeof(more)), 1);
	EXPECT_EQ(strcmp(more, ""), 0);
	EXPECT_EQ(command_complete("helpx", 5, more, sizeof(more)), 0);
	EXPECT(command_complete("", 0, more, sizeof(more)) > 5);
	EXPECT_LINE("rebo\tnow", "reboot now");
	EXPECT_LINE("xyz\t", "xyz");
}
