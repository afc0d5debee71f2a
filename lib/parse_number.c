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

/* How many times 1024 a size suffix stands for. */
static unsigned suffix_power(char c)
{
	switch (c | ('a' - 'A')) {
	case 'k':
		return 1;
	case 'm':
		return 2;
	case 'g':
		return 3;
	default:
		return 0;
	}
}

/* value * factor + term, or false if it has more than 64 bits. In two halves, because a 64-bit
 * division to compare with would be dear on a 32-bit machine. */
static bool multiply_add(uint64_t *value, uint32_t factor, uint32_t term)
{
	uint64_t low = (*value & UINT32_MAX) * factor + term;
	uint64_t high = (*value >> 32) * factor + (low >> 32);

	*value = high << 32 | (uint32_t)low;
	return !(high >> 32);
}

int parse_number(const char *s, unsigned base, uint64_t *value)
{
	uint64_t result = 0;
	unsigned power;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && (base == 0 || base == 16)) {
		base = 16;
		s += 2;
	} else if (base == 0) {
		base = s[0] == '0' ? 8 : 10;
	}
	if (digit_value(*s) >= base)
		return -EINVAL;
	for (; digit_value(*s) < base; s++)
		if (!multiply_add(&result, base, digit_value(*s)))
			return -ERANGE;

	power = suffix_power(*s);
	if (s[power > 0])
		return -EINVAL;
	for (; power; power--)
		if (!multiply_add(&result, 1024, 0))
			return -ERANGE;
	*value = result;
	return 0;
}
