/* SPDX-License-Identifier: MIT */
/* Text to number, for the command line and the monitor. */
#include <tessera/errno.h>
#include <tessera/string.h>

/* The value of a digit in any base up to 36; 36 or more: no digit. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'z' ? c - 'a' + 10u : 36;
}

/* The power of two that a size suffix stands for. */
static unsigned suffix_shift(char c)
{
	switch (c | ('a' - 'A')) {
	case 'k':
		return 10;
	case 'm':
		return 20;
	case 'g':
		return 30;
	default:
		return 0;
	}
}

int parse_number(const char *s, unsigned base, uint64_t *value)
{
	uint64_t result = 0;
	unsigned shift;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && (base == 0 || base == 16)) {
		base = 16;
		s += 2;
	} else if (base == 0) {
		base = s[0] == '0' ? 8 : 10;
	}
	if (digit_value(*s) >= base)
		return -EINVAL;
	for (; digit_value(*s) < base; s++) {
		if (result > (UINT64_MAX - digit_value(*s)) / base)
			return -ERANGE;
		result = result * base + digit_value(*s);
	}
	shift = suffix_shift(*s);
	if (shift)
		s++;
	if (*s)
		return -EINVAL;
	if (result > UINT64_MAX >> shift)
		return -ERANGE;
	*value = result << shift;
	return 0;
}
