/* SPDX-License-Identifier: MIT */
/*
 * Formatted text, after ISO C 7.21.6.1: one pass over the format, one character at a time into
 * memory. When that is full, vsnprintf goes on writing to nowhere (the length still counts), and
 * vformat_write gives it away and starts again, so that no text is ever too long for it.
 *
 * Cost: about 8 instructions per character. Nothing here needs the general 64-bit division, which
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
	ALTERNATE = 0x10,  /* #; the order of these is that in convert */
	SIGNED = 0x20,	   /* conversions d and i */
	UPPER_CASE = 0x40, /* conversion X */
};

struct conversion {
	unsigned flags;
	int width;
	int precision; /* -1: none given */
	unsigned base;
};

/* Puts n characters: from text on, or (step 0) the first of it again and again. */
static void put(struct output *out, const char *text, int step, int n)
{
	while (n > 0) {
		int piece = MIN(n, (int)(out->end - out->at));
		char *at = out->at;

		out->at += piece;
		n -= piece;
		for (; piece; piece--, text += step)
			*at++ = *text;
		if (n > 0)
			out->full(out);
	}
}

/* A field: prefix, zeros and text, filled up with spaces to the width. */
static void put_field(struct output *out, const struct conversion *how, const char *prefix,
		      int zeros, const char *text, int n)
{
	int prefix_length = (int)strlen(prefix);
	int pad = how->width - prefix_length - zeros - n;

	if (!(how->flags & LEFT))
		put(out, " ", 0, pad);
	put(out, prefix, 1, prefix_length);
	put(out, "0", 0, zeros);
	put(out, text, 1, n);
	if (how->flags & LEFT)
		put(out, " ", 0, pad);
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

static void put_number(struct output *out, uint64_t value, const struct conversion *how)
{
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

/* Lengths are counted: hh -2, h -1, none 0, l 1, ll 2; the others stand for one of these. */
static int read_length(const char **format)
{
	int length = 0;

	for (;; (*format)++) {
		switch (**format) {
		case 'h':
			length--;
			break;
		case 'l':
			length++;
			break;
		case 'j':
			length = 2;
			break;
		case 'z':
		case 't':
			length = 1; /* as wide as a long everywhere */
			break;
		default:
			return length;
		}
	}
}

/* Reading happens through a pointer because a va_list parameter may be an array type. */
struct arguments {
	va_list list;
};

/* A width or precision: digits, or `*` for the next argument. */
static int read_count(const char **format, struct arguments *args)
{
	int value = 0;

	if (**format == '*') {
		(*format)++;
		return va_arg(args->list, int);
	}
	for (; **format >= '0' && **format <= '9'; (*format)++)
		value = value * 10 + (**format - '0');
	return value;
}

static uint64_t read_number(struct arguments *args, int length, bool is_signed)
{
	uint64_t value;

	if (length >= 2)
		return va_arg(args->list, uint64_t);
	if (length == 1) {
		unsigned long word = va_arg(args->list, unsigned long);

		return is_signed ? (uint64_t)(long)word : word;
	}
	value = va_arg(args->list, unsigned);
	if (length == 0)
		return is_signed ? (uint64_t)(int)value : value;
	if (length == -1)
		return is_signed ? (uint64_t)(short)value : (unsigned short)value;
	return is_signed ? (uint64_t)(signed char)value : (unsigned char)value;
}

/* Carries out one conversion; gives the place behind it in the format. */
static const char *convert(struct output *out, const char *format, struct arguments *args)
{
	static const char flags[] = "-0+ #", numbers[] = "xudpXio"; /* the usual ones first */
	static const uint8_t bases[] = { 16, 10, 10, 16, 16, 10, 8 };
	static const uint8_t number_flags[] = { 0, 0, SIGNED, ALTERNATE, UPPER_CASE, SIGNED, 0 };
	const char *start = format - 1; /* the percent sign */
	struct conversion how = { .precision = -1 };
	const char *found;
	int length;

	/* All flags stand before '1' in ASCII: most conversions need no search. */
	for (; *format && *format < '1' && (found = strchr(flags, *format)); format++)
		how.flags |= 1u << (found - flags);
	how.width = read_count(&format, args);
	if (how.width < 0) {
		how.flags |= LEFT;
		how.width = -how.width;
	}
	if (*format == '.') {
		format++;
		how.precision = read_count(&format, args);
	}
	length = read_length(&format);

	if (*format && (found = strchr(numbers, *format))) {
		how.base = bases[found - numbers];
		how.flags |= number_flags[found - numbers];
		if (*format == 'p')
			length = 1;
		put_number(out, read_number(args, length, how.flags & SIGNED), &how);
	} else if (*format == 's') {
		const char *text = va_arg(args->list, const char *);

		if (!text)
			text = "(null)";
		put_field(out, &how, "", 0, text, (int)strnlen(text, (size_t)how.precision));
	} else if (*format == 'c') {
		char c = (char)va_arg(args->list, int);

		put_field(out, &how, "", 0, &c, 1);
	} else if (*format == '%') {
		put(out, format, 1, 1);
	} else { /* a mistake of the caller's: shown as it stands */
		if (!*format)
			format--;
		put(out, start, 1, (int)(format - start) + 1);
	}
	return format + 1;
}

static size_t format_text(struct output *out, const char *format, va_list list)
{
	struct arguments args;

	va_copy(args.list, list);
	while (*format) {
		const char *start = format;

		while (*format && *format != '%')
			format++;
		put(out, start, 1, (int)(format - start));
		if (*format)
			format = convert(out, format + 1, &args);
	}
	va_end(args.list);
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

int vsnprintf(char *buffer, size_t size, const char *format, va_list args)
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

int vformat_write(void (*write)(const char *text, size_t n), const char *format, va_list args)
{
	struct piecewise_output piecewise = { .write = write };
	size_t length;

	piecewise.out = (struct output){
		.start = piecewise.piece,
		.at = piecewise.piece,
		.end = piecewise.piece + sizeof(piecewise.piece),
		.full = write_piece,
	};
	length = format_text(&piecewise.out, format, args);
	write_piece(&piecewise.out);
	return (int)length;
}
