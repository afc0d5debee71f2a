// SPDX-License-Identifier: MIT
/* Numbers in text, as ISO C reads them. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static int digit(char c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	const char *start = s;
	unsigned long value = 0;
	int negative = 0, any = 0;

	while (isspace(*s))
		s++;
	if (*s == '-' || *s == '+')
		negative = *s++ == '-';
	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' && digit(s[2]) < 16) {
		s += 2;
		base = 16;
	} else if (base == 0) {
		base = *s == '0' ? 8 : 10;
	}
	for (; digit(*s) < base; s++, any = 1) {
		if (__builtin_mul_overflow(value, (unsigned long)base, &value) ||
		    __builtin_add_overflow(value, (unsigned long)digit(*s), &value)) {
			errno = ERANGE;
			value = ULONG_MAX;
		}
	}
	if (end)
		*end = (char *)(any ? s : start);
	return negative ? -value : value;
}

long strtol(const char *s, char **end, int base)
{
	return (long)strtoul(s, end, base);
}

int atoi(const char *s)
{
	return (int)strtol(s, NULL, 10);
}
