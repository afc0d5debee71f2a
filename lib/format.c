/* SPDX-License-Identifier: MIT */
/*
 * Formatted text, after ISO C 7.21.6.1: one pass over the format, one character at a time into
 * memory. When that is full, vsnprintf goes on writing to nowhere (the length still counts), and
 * vformat_write gives it away and starts again, so that no text is ever too long for it. format_save
 * goes over the format without writing, and keeps the arguments that it meets; format_saved takes
 * them from there.
 *
 * Cost: about 10 instructions per character. Nothing here needs the general 64-bit division, which
 * a small 32-bit kernel can then do without.
 */
#include <tessera/format.h>
#include <tessera/string.h>

/* Where the text goes: memory from `at` to `end`, and what happens when that is used up. */
struct output {
	char *start;
	char *at;
	char *end;
	size_t before;			  /* characters that went through earlier memory */
	void (*full)(struct output *out); /* makes room for at least one character */
};

enum {
	LEFT = 0x01,	   /* - */
	ZERO = 0x02,	   /* 0 */
	PLUS = 0x04,	   /* + */
	SPACE = 0x08,	   /* space */
	ALTERNATE = 0x10,  /* #; the order of these is that in read_conversion */
	SIGNED = 0x20,	   /* conversions d and i */
	UPPER_CASE = 0x40, /* conversion X */
};

#define WORDS_PER_WIDE (sizeof(uint64_t) / sizeof(long))
#define NO_TEXT	       "(null)"

struct conversion {
	unsigned flags;
	int width;
	int precision; /* -1: none given */
	unsigned base; /* 0: text */
	uint64_t number;
	const char *text; /* not ended by NUL */
	int length;	  /* of the text */
	char character;	  /* if that is the text */
};

static noinline void put(struct output *out, char c)
{
	if (out->at == out->end)
		out->full(out);
	*out->at++ = c;
}

static void put_all(struct output *out, const char *text, int n)
{
	while (n-- > 0)
		put(out, *text++);
}

static void fill(struct output *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

/* A field: prefix, zeros and text, filled up with spaces to the width. */
static void put_field(struct output *out, const struct conversion *how, const char *prefix,
		      int zeros, const char *text, int n)
{
	int prefix_length = (int)strlen(prefix);
	int pad = how->width - prefix_length - zeros - n;

	if (!(how->flags & LEFT))
		fill(out, ' ', pad);
	put_all(out, prefix, prefix_length);
	fill(out, '0', zeros);
	put_all(out, text, n);
	if (how->flags & LEFT)
		fill(out, ' ', pad);
}

/*
 * Divides by a base of at most 16, and gives the remainder. Where a machine word is not enough, it is
 * schoolbook division by one digit: the high word, then the halves of the low one.
 */
static unsigned divide(uint64_t *value, unsigned base)
{
	unsigned long word = (unsigned long)*value;

	if (word == *value) {
		*value = word / base;
		return word % base;
	} else {
		uint32_t high = (uint32_t)(*value >> 32), low = (uint32_t)*value;
		uint32_t upper = high % base << 16 | low >> 16;
		uint32_t lower = upper % base << 16 | (low & 0xffff);

		*value = (uint64_t)(high / base) << 32 | (upper / base << 16 | lower / base);
		return lower % base;
	}
}

static void put_number(struct output *out, const struct conversion *how)
{
	uint64_t value = how->number;
	const char *digits = how->flags & UPPER_CASE ? "0123456789ABCDEF" : "0123456789abcdef";
	char buffer[22]; /* 2^64 in octal */
	char *end = buffer + sizeof(buffer), *start = end;
	const char *prefix = "";
	int count, zeros;

	if (how->flags & SIGNED) {
		if ((int64_t)value < 0) {
			value = -value;
			prefix = "-";
		} else if (how->flags & PLUS) {
			prefix = "+";
		} else if (how->flags & SPACE) {
			prefix = " ";
		}
	} else if (how->base == 16 && how->flags & ALTERNATE && value) {
		prefix = how->flags & UPPER_CASE ? "0X" : "0x";
	}

	while (value)
		*--start = digits[divide(&value, how->base)];
	count = (int)(end - start);
	if (how->precision >= 0)
		zeros = how->precision - count;
	else if ((how->flags & (LEFT | ZERO)) == ZERO)
		zeros = MAX(how->width - (int)strlen(prefix) - count, !count);
	else
		zeros = !count;
	if (how->base == 8 && how->flags & ALTERNATE && zeros <= 0 && (count || !how->precision))
		zeros = 1; /* `#` makes the first digit a 0 */
	put_field(out, how, prefix, MAX(zeros, 0), start, count);
}

/* ---- Arguments ---- */

/*
 * They come from the caller, or from where format_save kept them: a word for each number (two, the
 * lower first, where it is wider), and each text with its NUL, filled up to words. What found no room
 * ends the text.
 *
 * The list is in a structure because a va_list parameter may be an array type.
 */
struct arguments {
	va_list list;
	bool saved; /* then they are not in the list, but here */
	const unsigned long *at, *end;
	bool cut; /* one was wanted that had found no room */
};

static unsigned long saved_word(struct arguments *args)
{
	if (args->at < args->end)
		return *args->at++;
	args->cut = true;
	return 0;
}

/* length: of an integer; that of a pointer is 1. */
static unsigned long read_word(struct arguments *args, int length)
{
	if (args->saved)
		return saved_word(args);
	return length > 0 ? va_arg(args->list, unsigned long) : va_arg(args->list, unsigned);
}

static uint64_t read_wide(struct arguments *args)
{
	uint64_t low;

	if (!args->saved)
		return va_arg(args->list, uint64_t);
	low = saved_word(args);
	return WORDS_PER_WIDE == 1 ? low : (uint64_t)saved_word(args) << 32 | low;
}

static uint64_t read_number(struct arguments *args, int length, bool is_signed)
{
	unsigned long word;
	unsigned rest; /* bits that are not the number's */

	if (length >= 2)
		return read_wide(args);
	rest = length > 0 ? 0 : 8 * (unsigned)sizeof(long) - (32u >> -length);
	word = read_word(args, length) << rest;
	return is_signed ? (uint64_t)((long)word >> rest) : word >> rest;
}

static const char *read_text(struct arguments *args, struct conversion *how)
{
	size_t most = (size_t)how->precision;
	const char *text;
	size_t room, length;

	if (!args->saved) {
		text = (const char *)read_word(args, 1);
		if (!text)
			text = NO_TEXT;
		how->length = (int)strnlen(text, most);
		return text;
	}
	text = (const char *)args->at;
	room = (size_t)((const char *)args->end - text);
	length = strnlen(text, room);
	how->length = (int)MIN(length, most);
	if (length == room)
		args->cut = true;
	else
		args->at += length / sizeof(long) + 1;
	return text;
}

/* ---- Conversions ---- */

/* A width or precision: digits, or `*` for the next argument. */
static inline const char *read_count(int *count, const char *format, struct arguments *args)
{
	int value = 0;

	if (*format == '*') {
		*count = (int)read_number(args, 0, true);
		return format + 1;
	}
	for (; *format >= '0' && *format <= '9'; format++)
		value = value * 10 + (*format - '0');
	*count = value;
	return format;
}

/* Lengths are counted: hh -2, h -1, none 0, l 1, ll 2; the others stand for one of these. */
static int length_of(char c)
{
	switch (c) {
	case 'h':
		return -1;
	case 'l':
	case 'z':
	case 't': /* as wide as a long everywhere */
		return 1;
	case 'j':
		return 2;
	default:
		return 0;
	}
}

/* Reads what stands behind a percent sign, and its argument; gives the place behind it. */
static const char *read_conversion(struct conversion *how, const char *format,
				   struct arguments *args)
{
	static const char flags[] = "-0+ #", numbers[] = "xudpXio"; /* the usual ones first */
	static const uint8_t bases[] = { 16, 10, 10, 16, 16, 10, 8 };
	static const uint8_t number_flags[] = { 0, 0, SIGNED, ALTERNATE, UPPER_CASE, SIGNED, 0 };
	const char *start = format - 1; /* the percent sign */
	const char *found;
	int length = 0;

	how->flags = 0;
	how->precision = -1;
	how->base = 0;
	/* All flags stand before '1' in ASCII: most conversions need no search. */
	for (; *format && *format < '1' && (found = strchr(flags, *format)); format++)
		how->flags |= 1u << (found - flags);
	format = read_count(&how->width, format, args);
	if (how->width < 0) {
		how->flags |= LEFT;
		how->width = -how->width;
	}
	if (*format == '.')
		format = read_count(&how->precision, format + 1, args);
	for (int part; (part = length_of(*format)); format++)
		length += part;

	if (*format && (found = strchr(numbers, *format))) {
		how->base = bases[found - numbers];
		how->flags |= number_flags[found - numbers];
		if (*format == 'p')
			length = 1;
		how->number = read_number(args, length, how->flags & SIGNED);
	} else if (*format == 's') {
		how->text = read_text(args, how);
	} else if (*format == 'c') {
		how->character = (char)read_number(args, 0, true);
		how->text = &how->character;
		how->length = !args->cut;
	} else { /* a percent sign; or a mistake of the caller's: shown as it stands */
		bool percent = *format == '%';

		if (!*format)
			format--;
		how->width = 0;
		how->text = percent ? format : start;
		how->length = (int)(format - how->text) + 1;
	}
	return format + 1;
}

static size_t format_text(struct output *out, const char *format, struct arguments *args)
{
	struct conversion how;

	while (*format && !args->cut) {
		if (*format != '%') {
			put(out, *format++);
			continue;
		}
		format = read_conversion(&how, format + 1, args);
		if (how.base && !args->cut)
			put_number(out, &how);
		else if (!how.base)
			put_field(out, &how, "", 0, how.text, how.length);
	}
	if (args->cut)
		put_all(out, "...", 3);
	return out->before + (size_t)(out->at - out->start);
}

/* What no longer fits goes round in a few bytes that nobody reads. */
struct bounded_output {
	struct output out;
	char scratch[16];
};

static void discard(struct output *out)
{
	struct bounded_output *bounded = container_of(out, struct bounded_output, out);

	out->before += (size_t)(out->at - out->start);
	out->start = out->at = bounded->scratch;
	out->end = bounded->scratch + sizeof(bounded->scratch);
}

static int format_bounded(char *buffer, size_t size, const char *format, struct arguments *args)
{
	size_t room = size ? size - 1 : 0;
	struct bounded_output bounded = { .out = {
						  .start = buffer,
						  .at = buffer,
						  .end = buffer + room,
						  .full = discard,
					  } };
	size_t length = format_text(&bounded.out, format, args);

	if (size)
		buffer[MIN(length, room)] = '\0';
	return (int)length;
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list list)
{
	struct arguments args = { .saved = false };
	int length;

	va_copy(args.list, list);
	length = format_bounded(buffer, size, format, &args);
	va_end(args.list);
	return length;
}

int snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(buffer, size, format, args);
	va_end(args);
	return length;
}

struct piecewise_output {
	struct output out;
	void (*write)(const char *text, size_t n);
	char piece[64];
};

static void write_piece(struct output *out)
{
	struct piecewise_output *piecewise = container_of(out, struct piecewise_output, out);

	piecewise->write(out->start, (size_t)(out->at - out->start));
	out->before += (size_t)(out->at - out->start);
	out->at = out->start;
}

int vformat_write(void (*write)(const char *text, size_t n), const char *format, va_list list)
{
	struct piecewise_output piecewise = { .write = write };
	struct arguments args = { .saved = false };
	size_t length;

	piecewise.out = (struct output){
		.start = piecewise.piece,
		.at = piecewise.piece,
		.end = piecewise.piece + sizeof(piecewise.piece),
		.full = write_piece,
	};
	va_copy(args.list, list);
	length = format_text(&piecewise.out, format, &args);
	va_end(args.list);
	write_piece(&piecewise.out);
	return (int)length;
}

static unsigned long *save_word(unsigned long *at, const unsigned long *end, unsigned long word)
{
	if (at < end)
		*at++ = word;
	return at;
}

/* At most `most` characters of it count. Gives the end of the room if that is not enough. */
static unsigned long *save_text(unsigned long *at, unsigned long *end, const char *text,
				size_t most)
{
	size_t room = (size_t)((char *)end - (char *)at), n = 0;
	char *copy = (char *)at;

	if (!text)
		text = NO_TEXT;
	most = MIN(most, room);
	while (n < most && (copy[n] = text[n]))
		n++;
	if (n == room)
		return end;
	copy[n] = '\0';
	return at + n / sizeof(long) + 1;
}

/* A reading of the format that looks at nothing but what each argument is. */
size_t format_save(unsigned long *place, size_t size, const char *format, va_list list)
{
	unsigned long *at = place, *end = place + size / sizeof(long), word;
	struct arguments args = { .saved = false };

	va_copy(args.list, list);
	while (*format) {
		size_t most = SIZE_MAX;
		int length = 0;
		char c;

		if (*format++ != '%')
			continue;
		/* Up to the letter: flags, width, precision and length. */
		for (;;) {
			c = *format++;
			if (c > '9') {
				int part = length_of(c);

				if (!part)
					break;
				length += part;
			} else if (c == '.') {
				most = 0;
			} else if (c == '*') {
				word = read_word(&args, 0);
				at = save_word(at, end, word);
				if (most != SIZE_MAX)
					most = word;
			} else if (c == '%' || c == '\0') {
				break;
			} else if (most != SIZE_MAX) {
				most = most * 10 + (size_t)(c - '0');
			}
		}
		if (c == '\0')
			break;
		if (c == '%')
			continue;
		if (c == 's' || c == 'p')
			length = 1;
		if (length >= 2 && WORDS_PER_WIDE > 1) {
			uint64_t wide = read_wide(&args);

			at = save_word(at, end, (unsigned long)wide);
			word = (unsigned long)(wide >> 32);
		} else {
			word = read_word(&args, length);
		}
		if (c == 's')
			at = save_text(at, end, (const char *)word, most);
		else
			at = save_word(at, end, word);
	}
	va_end(args.list);
	return (size_t)((char *)at - (char *)place);
}

int format_saved(char *buffer, size_t size, const char *format, const unsigned long *saved,
		 size_t saved_size)
{
	struct arguments args = {
		.saved = true,
		.at = saved,
		.end = saved + saved_size / sizeof(long),
	};

	return format_bounded(buffer, size, format, &args);
}
