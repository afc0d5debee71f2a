/* SPDX-License-Identifier: MIT */
/*
 * The log: a ring of records, and a cursor that follows behind and shows them on the consoles.
 *
 * log_write puts format and arguments into the ring, with interrupts masked, and shows whatever is
 * due: only then, and in a replay, is there a text, so a line that nobody sees costs next to
 * nothing. The slow part, showing (a serial line is slow), happens with interrupts on
 * only, and in one context at a time: who logs with interrupts masked just leaves the line in the
 * ring, and whoever logs or prints next with interrupts on, or is about to idle, shows it. So the
 * log works in every context, lines come out whole and in order, and a chatty interrupt handler
 * costs no latency. Start-up and panic, where nothing waits for an interrupt, show at once. Before
 * there is a console the cursor simply stays.
 *
 * A record never wraps: when the end of the ring is too near, the rest is left unused and the record
 * goes to the beginning. The oldest records make way.
 *
 * Cost: a line that is not shown about 100 instructions, 5 for each character of the format and 8 for
 * each of its texts; shown, as much as it takes to format, and the console's own cost.
 */
#include <asm/atomic.h>
#include <asm/irqflags.h>
#include <tessera/boot_parameter.h>
#include <tessera/clock.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/log.h>
#include <tessera/monitor.h>
#include <tessera/string.h>

#include "console_internal.h"

#define TEXT_MAX      240 /* longer texts are cut, and end in "..." */
#define ARGUMENTS_MAX 240 /* more of them cut the text, too */

struct record {
	uint64_t time;	    /* nanoseconds; 0 without LOG_TIMESTAMPS */
	const char *tag;    /* NULL: nothing here, the next is at the beginning of the ring */
	const char *format; /* of the text */
	uint16_t size;	    /* distance to the next record, a multiple of RECORD_ALIGN */
	uint8_t level;
	uint8_t arguments_size;
	unsigned long arguments[]; /* by format_save */
};

#define RECORD_ALIGN sizeof(uint64_t)
#define RING_SIZE    (CONFIG_LOG_BUFFER_SIZE * 1024u)

_Static_assert(ARGUMENTS_MAX <= UINT8_MAX, "their size fits into the record");
_Static_assert(RING_SIZE >= 2 * (sizeof(struct record) + ARGUMENTS_MAX),
	       "the ring holds two long lines");

/* A record and its arguments, taken out of the ring. */
union record_copy {
	struct record record;
	char bytes[sizeof(struct record) + ARGUMENTS_MAX];
};

/* A place in the ring, and the number of the record there, counted from the first ever. */
struct cursor {
	unsigned number;
	unsigned offset;
};

/* All of it changes with interrupts masked. oldest <= shown <= next. */
static char ring[RING_SIZE] __aligned(RECORD_ALIGN);
static struct cursor oldest; /* the oldest record that is still there */
static struct cursor next;   /* where the next one goes */
static struct cursor shown;  /* the first that is not yet shown, or passed over */
/* Whether somebody shows lines now: an exchange takes it, so that of two threads one does. */
static unsigned long showing;

static int console_level = CONFIG_LOG_LEVEL_CONSOLE;

static int set_loglevel(const char *value)
{
	uint64_t level;

	if (parse_number(value, 0, &level) || level > LOG_DEBUG)
		return -EINVAL;
	log_set_console_level((int)level);
	return 0;
}
BOOT_PARAMETER(loglevel, set_loglevel,
	       "0 to 7: show log lines up to this level (3 errors, 6 information, 7 debugging)");

void log_set_console_level(int level)
{
	console_level = level;
}

static struct record *record_at(const struct cursor *cursor)
{
	return (struct record *)(ring + cursor->offset);
}

static void step(struct cursor *cursor)
{
	cursor->offset += record_at(cursor)->size;
	cursor->number++;
	if (cursor->number != next.number &&
	    (RING_SIZE - cursor->offset < sizeof(struct record) || !record_at(cursor)->tag))
		cursor->offset = 0;
}

/* Lets `next` go on at the beginning of the ring. */
static void wrap(void)
{
	if (RING_SIZE - next.offset >= sizeof(struct record))
		record_at(&next)->tag = NULL;
	next.offset = 0;
	if (shown.number == next.number)
		shown = next;
	if (oldest.number == next.number)
		oldest = next;
}

/* Makes room for `size` bytes in one piece at `next`. */
static void make_room(unsigned size)
{
	for (;;) {
		bool empty = oldest.number == next.number;

		if (empty || oldest.offset < next.offset) { /* free up to the ring's end */
			if (RING_SIZE - next.offset >= size)
				return;
			wrap();
		} else { /* free up to the oldest record */
			if (oldest.offset - next.offset >= size)
				return;
			if (shown.number == oldest.number)
				step(&shown);
			step(&oldest);
		}
	}
}

/* Not inlined, so that the arguments are off the stack again before anything is shown. */
static noinline void store(enum log_level level, const char *tag, const char *format, va_list args)
{
	unsigned long saved[ARGUMENTS_MAX / sizeof(long)];
	size_t used = format_save(saved, sizeof(saved), format, args);
	unsigned size = ALIGN_UP((unsigned)(sizeof(struct record) + used), RECORD_ALIGN);
	uint64_t now = IS_ENABLED(CONFIG_LOG_TIMESTAMPS) ? clock_now() : 0;
	unsigned long flags = irq_save();
	struct record *record;

	make_room(size);
	record = record_at(&next);
	record->time = now;
	record->tag = tag;
	record->format = format;
	record->size = (uint16_t)size;
	record->level = (uint8_t)level;
	record->arguments_size = (uint8_t)used;
	for (size_t i = 0; i < used / sizeof(long); i++)
		record->arguments[i] = saved[i];
	next.offset += size;
	next.number++;
	irq_restore(flags);
}

void log_write(enum log_level level, const char *tag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	store(level, tag, format, args);
	va_end(args);
	if ((int)level <= console_level)
		log_flush();
}

/* What stands before the text of a line for people; its length. */
static size_t make_prefix(char *to, size_t size, const struct record *record)
{
	static const char *const marks[] = { "emergency: ", "alert: ", "critical: ", "error: ",
					     "warning: " };
	const char *mark = record->level < ARRAY_SIZE(marks) ? marks[record->level] : "";
	int n = 0;

	if (IS_ENABLED(CONFIG_LOG_TIMESTAMPS)) {
		unsigned long seconds = (unsigned long)(record->time / NSEC_PER_SEC);
		unsigned long rest = (unsigned long)(record->time - seconds * NSEC_PER_SEC);

		n = snprintf(to, size, "[%5lu.%06lu] ", seconds, rest / 1000);
	}
	n += snprintf(to + n, size - (size_t)n, "%s: %s", record->tag, mark);
	return (size_t)n;
}

/* The text itself, in TEXT_MAX + 1 bytes; its length. */
static size_t make_text(char *to, const struct record *record)
{
	int n = format_saved(to, TEXT_MAX + 1, record->format, record->arguments,
			     record->arguments_size);

	if (n > TEXT_MAX) {
		n = TEXT_MAX;
		memcpy(to + TEXT_MAX - 3, "...", 3);
	}
	return (size_t)n;
}

static void write_on(struct console *console, const char *text, size_t n)
{
	if (console)
		console->write(console, text, n);
	else
		console_write(text, n);
}

/* Writes a line as people see it, to one console or (NULL) to all. */
static void write_line(const union record_copy *copy, struct console *console)
{
	char text[TEXT_MAX + 1];

	if (!console)
		console_fresh_line();
	write_on(console, text, make_prefix(text, sizeof(text), &copy->record));
	write_on(console, text, make_text(text, &copy->record));
	write_on(console, "\n", 1);
}

/*
 * Takes a copy of the record at the cursor if its level is within the bounds, and moves the cursor
 * on. One record at a time, so that interrupts are never masked for long. NOTHING: the cursor
 * has reached record number `end`.
 */
enum take { NOTHING, PASSED_OVER, TAKEN };

static enum take take_record(union record_copy *copy, struct cursor *cursor, unsigned end,
			     int lowest, int highest)
{
	unsigned long flags = irq_save();
	enum take result = NOTHING;

	if ((int)(cursor->number - oldest.number) < 0)
		*cursor = oldest; /* they were overwritten since */
	if ((int)(cursor->number - end) < 0) {
		const struct record *record = record_at(cursor);

		result = PASSED_OVER;
		if (record->level >= lowest && record->level <= highest) {
			memcpy(copy->bytes, record, sizeof(*record) + record->arguments_size);
			result = TAKEN;
		}
		step(cursor);
	}
	irq_restore(flags);
	return result;
}

void log_flush(void)
{
	union record_copy copy;
	enum take result;

	if (!console_ready() || !atomic_compare_exchange(&showing, 0, 1))
		return;
	while ((result = take_record(&copy, &shown, next.number, 0, console_level)))
		if (result == TAKEN)
			write_line(&copy, NULL);
	showing = 0;
}

bool log_is_behind(void)
{
	return shown.number != next.number;
}

/* Writes the lines up to record number `end` with a level within the bounds: the last `lines` of
 * them, or all (0), on one console or (NULL) all. */
static void show_again(unsigned end, int lowest, int highest, unsigned lines,
		       struct console *console)
{
	union record_copy copy;
	struct cursor cursor = oldest;
	unsigned count = 0;
	enum take result;

	while (lines && (result = take_record(&copy, &cursor, end, lowest, highest)))
		count += result == TAKEN;
	cursor = oldest;
	while ((result = take_record(&copy, &cursor, end, lowest, highest)))
		if (result == TAKEN && (!lines || count-- <= lines))
			write_line(&copy, console);
}

void log_replay_on(struct console *console, unsigned lines)
{
	show_again(next.number, 0, LOG_DEBUG, lines, console);
}

void log_replay(unsigned lines)
{
	log_replay_on(NULL, lines);
}

void log_show_past(struct console *console)
{
	show_again(shown.number, 0, console_level, 0, console);
}

void log_show_hidden(unsigned lines)
{
	if (console_level < LOG_DEBUG)
		print("the last log lines that were not shown:\n");
	show_again(next.number, console_level + 1, LOG_DEBUG, lines, NULL);
}

/* A line of log_copy; its length. to NULL: only that. */
static size_t copy_line(char *to, const struct record *record)
{
	char text[TEXT_MAX + 1];
	size_t prefix = make_prefix(text, sizeof(text), record), n;

	if (to) {
		to[0] = '<';
		to[1] = (char)('0' + record->level);
		to[2] = '>';
		memcpy(to + 3, text, prefix);
	}
	n = make_text(text, record);
	if (to) {
		memcpy(to + 3 + prefix, text, n);
		to[3 + prefix + n] = '\n';
	}
	return 3 + prefix + n + 1;
}

size_t log_copy(char *to, size_t size)
{
	unsigned end = next.number;
	union record_copy copy;
	struct cursor cursor = oldest;
	size_t all = 0, used = 0;

	while (take_record(&copy, &cursor, end, 0, LOG_DEBUG))
		all += copy_line(NULL, &copy.record);
	cursor = oldest;
	while (take_record(&copy, &cursor, end, 0, LOG_DEBUG)) {
		size_t n = copy_line(NULL, &copy.record);

		if (all <= size && used + n <= size)
			used += copy_line(to + used, &copy.record);
		all -= MIN(n, all);
	}
	return used;
}

void log_panic_flush(void)
{
	showing = 0; /* whoever was at it will not come back */
	log_flush();
}

static void show_log(int argc, char **argv)
{
	uint64_t lines = 0;

	if (argc > 2 || (argc == 2 && parse_number(argv[1], 0, &lines)))
		print("usage: log [LINES]\n");
	else
		log_replay((unsigned)lines);
}
MONITOR_COMMAND(log, "log [LINES]", "the log again, or its last lines", show_log);
