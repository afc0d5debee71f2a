/* SPDX-License-Identifier: MIT */
/*
 * The library: memory and string functions against byte-by-byte references, formatted text
 * against a table of exact results, 64-bit arithmetic against bitwise long division.
 */
#include <tessera/bitops.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/list.h>
#include <tessera/string.h>
#include <tessera/test.h>

/* A fixed random sequence (Marsaglia's xorshift64). */
static uint64_t random_state = 88172645463325252ull;

static uint64_t random64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

#define BLOCK 160 /* above two rounds of the eight-word loops */

static unsigned char area[BLOCK + 32], expected[BLOCK + 32], source[BLOCK + 32];

static void fill(unsigned char *bytes)
{
	for (unsigned i = 0; i < BLOCK + 32; i++)
		bytes[i] = (unsigned char)random64();
}

static bool same(const unsigned char *a, const unsigned char *b)
{
	for (unsigned i = 0; i < BLOCK + 32; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Makes area and expected equal and random. */
static void prepare(void)
{
	fill(area);
	for (unsigned i = 0; i < BLOCK + 32; i++)
		expected[i] = area[i];
}

TEST(lib, memcpy_every_alignment_and_length)
{
	fill(source);
	for (unsigned to = 0; to < 8; to++) {
		for (unsigned from = 0; from < 8; from++) {
			for (unsigned n = 0; n <= BLOCK; n += n < 40 ? 1 : 7) {
				prepare();
				for (unsigned i = 0; i < n; i++)
					expected[to + i] = source[from + i];
				EXPECT(memcpy(area + to, source + from, n) == area + to);
				EXPECT(same(area, expected));
			}
		}
	}
}

TEST(lib, memset_every_alignment_and_length)
{
	for (unsigned to = 0; to < 8; to++) {
		for (unsigned n = 0; n <= BLOCK; n += n < 40 ? 1 : 7) {
			prepare();
			for (unsigned i = 0; i < n; i++)
				expected[to + i] = 0xa5;
			EXPECT(memset(area + to, 0x7a5, n) == area + to);
			EXPECT(same(area, expected));
		}
	}
}

TEST(lib, memmove_overlapping)
{
	for (unsigned to = 0; to < 24; to++) {
		for (unsigned from = 0; from < 24; from++) {
			for (unsigned n = 0; n <= BLOCK; n += 13) {
				prepare();
				for (unsigned i = 0; i < n; i++)
					expected[to + i] = area[from + i];
				EXPECT(memmove(area + to, area + from, n) == area + to);
				EXPECT(same(area, expected));
			}
		}
	}
}

TEST(lib, memcmp_and_memchr)
{
	EXPECT_EQ(memcmp("abc", "abd", 2), 0);
	EXPECT(memcmp("abc", "abd", 3) < 0);
	EXPECT(memcmp("\xff", "\x01", 1) > 0); /* bytes are unsigned */
	EXPECT_EQ(memcmp("a", "b", 0), 0);
	EXPECT(memchr("abca", 'c', 4) != NULL);
	EXPECT(memchr("abca", 'c', 2) == NULL);
	EXPECT(memchr("ab\xff", 0x1ff, 3) != NULL);
}

TEST(lib, strings)
{
	const char *s = "a/b/c";

	EXPECT_EQ(strlen(""), 0);
	EXPECT_EQ(strlen(s), 5);
	EXPECT_EQ(strnlen(s, 3), 3);
	EXPECT_EQ(strnlen(s, 9), 5);
	EXPECT_EQ(strcmp("a", "a"), 0);
	EXPECT(strcmp("a", "ab") < 0);
	EXPECT(strcmp("\xff", "a") > 0);
	EXPECT_EQ(strncmp("abx", "aby", 2), 0);
	EXPECT(strncmp("abx", "aby", 3) < 0);
	EXPECT_EQ(strncmp("a", "a", 9), 0);
	EXPECT(strchr(s, '/') == s + 1);
	EXPECT(strrchr(s, '/') == s + 3);
	EXPECT(strchr(s, '\0') == s + 5);
	EXPECT(strrchr(s, '\0') == s + 5);
	EXPECT(strchr(s, 'x') == NULL);
	EXPECT(strrchr(s, 'x') == NULL);
	EXPECT(strstr(s, "b/c") == s + 2);
	EXPECT(strstr(s, "") == s);
	EXPECT(strstr(s, "b/d") == NULL);
	EXPECT(strstr("", "a") == NULL);
}

TEST(lib, strlcpy_and_strlcat)
{
	char buffer[6] = "?????";

	EXPECT_EQ(strlcpy(buffer, "abc", sizeof(buffer)), 3);
	EXPECT_EQ(strcmp(buffer, "abc"), 0);
	EXPECT_EQ(strlcat(buffer, "defg", sizeof(buffer)), 7);
	EXPECT_EQ(strcmp(buffer, "abcde"), 0);
	EXPECT_EQ(strlcpy(buffer, "12345678", sizeof(buffer)), 8);
	EXPECT_EQ(strcmp(buffer, "12345"), 0);
	EXPECT_EQ(strlcpy(buffer, "x", 0), 1);
	EXPECT_EQ(strcmp(buffer, "12345"), 0);
	EXPECT_EQ(strlcat(buffer, "x", 3), 4); /* no NUL within 3: nothing is written */
	EXPECT_EQ(strcmp(buffer, "12345"), 0);
}

static void expect_number(const char *text, unsigned base, int result, uint64_t value)
{
	uint64_t got = 77;

	EXPECT_EQ(parse_number(text, base, &got), result);
	EXPECT_EQ(got, result ? 77 : value); /* untouched after an error */
}

TEST(lib, parse_number)
{
	expect_number("0", 0, 0, 0);
	expect_number("1234", 0, 0, 1234);
	expect_number("0x1f", 0, 0, 0x1f);
	expect_number("0X1F", 16, 0, 0x1f);
	expect_number("ff", 16, 0, 0xff);
	expect_number("0755", 0, 0, 0755);
	expect_number("101", 2, 0, 5);
	expect_number("4k", 0, 0, 4096);
	expect_number("0x10M", 0, 0, 0x10ull << 20);
	expect_number("16G", 0, 0, 16ull << 30);
	expect_number("18446744073709551615", 0, 0, UINT64_MAX);
	expect_number("18446744073709551616", 0, -ERANGE, 0);
	expect_number("99999999999999999999", 0, -ERANGE, 0);
	expect_number("18446744073709551615k", 0, -ERANGE, 0);
	expect_number("", 0, -EINVAL, 0);
	expect_number("-1", 0, -EINVAL, 0);
	expect_number(" 1", 0, -EINVAL, 0);
	expect_number("1 ", 0, -EINVAL, 0);
	expect_number("0x", 0, -EINVAL, 0);
	expect_number("08", 0, -EINVAL, 0);
	expect_number("12x", 0, -EINVAL, 0);
	expect_number("k", 0, -EINVAL, 0);
	expect_number("1kk", 0, -EINVAL, 0);
	expect_number("12", 2, -EINVAL, 0);
}

/* By way of kept arguments. */
static int __printf(3, 4) format_later(char *buffer, size_t size, const char *format, ...)
{
	unsigned long saved[32];
	size_t used;
	va_list args;

	va_start(args, format);
	used = format_save(saved, sizeof(saved), format, args);
	va_end(args);
	EXPECT(used < sizeof(saved) && used % sizeof(long) == 0);
	return format_saved(buffer, size, format, saved, used);
}

/* The text and the length that the format must give, at once and later. */
#define EXPECT_TEXT(text, ...)                                                                     \
	do {                                                                                       \
		char got[64];                                                                      \
		int length = snprintf(got, sizeof(got), __VA_ARGS__);                              \
                                                                                                   \
		EXPECT_EQ(length, sizeof(text) - 1);                                               \
		if (strcmp(got, text) != 0)                                                        \
			test_fail(__FILE__, __LINE__, "%s gives \"%s\"", #__VA_ARGS__, got);       \
		length = format_later(got, sizeof(got), __VA_ARGS__);                              \
		EXPECT_EQ(length, sizeof(text) - 1);                                               \
		if (strcmp(got, text) != 0)                                                        \
			test_fail(__FILE__, __LINE__, "%s gives \"%s\" later", #__VA_ARGS__, got); \
	} while (0)

TEST(lib, format_integers)
{
	EXPECT_TEXT("0", "%d", 0);
	EXPECT_TEXT("-1", "%d", -1);
	EXPECT_TEXT("2147483647", "%i", 2147483647);
	EXPECT_TEXT("-2147483648", "%d", -2147483647 - 1);
	EXPECT_TEXT("4294967295", "%u", 4294967295u);
	EXPECT_TEXT("deadbeef DEADBEEF", "%x %X", 0xdeadbeefu, 0xdeadbeefu);
	EXPECT_TEXT("755", "%o", 0755);
	EXPECT_TEXT("-128 255", "%hhd %hhu", (signed char)-128, (unsigned char)255);
	EXPECT_TEXT("-32768 65535", "%hd %hu", (short)-32768, (unsigned short)65535);
	EXPECT_TEXT("-2 4", "%ld %lu", -2l, 4ul);
	EXPECT_TEXT("18446744073709551615", "%llu", UINT64_MAX + 0ull);
	EXPECT_TEXT("-9223372036854775808", "%lld", INT64_MIN + 0ll);
	EXPECT_TEXT("123456789abcdef0", "%llx", 0x123456789abcdef0ull);
	EXPECT_TEXT("1777777777777777777777", "%llo", ~0ull);
	EXPECT_TEXT("12 -12 7", "%zu %zd %td", (size_t)12, (ssize_t)-12, (ptrdiff_t)7);
	EXPECT_TEXT("5000000000", "%jd", (intmax_t)5000000000);
}

TEST(lib, format_width_and_flags)
{
	EXPECT_TEXT("   42|42   |00042", "%5d|%-5d|%05d", 42, 42, 42);
	EXPECT_TEXT("  -42|-0042", "%5d|%05d", -42, -42);
	EXPECT_TEXT("+42| 42|-42", "%+d|% d|%+d", 42, 42, -42);
	EXPECT_TEXT("0x2a|0X2A|052|0", "%#x|%#X|%#o|%#x", 42, 42, 42, 0);
	EXPECT_TEXT("0x002a|  0x2a", "%#06x|%#6x", 42, 42);
	EXPECT_TEXT("00042|  042", "%.5d|%5.3d", 42, 42);
	EXPECT_TEXT("||0", "%.0d|%.0x|%#.0o", 0, 0, 0);
	EXPECT_TEXT("   42|42   ", "%*d|%*d", 5, 42, -5, 42);
	EXPECT_TEXT("00042|42", "%.*d|%.*d", 5, 42, -1, 42);
	EXPECT_TEXT("   00042", "%8.5d", 42);
}

TEST(lib, format_text)
{
	const char *volatile nothing = NULL; /* the compiler would warn of it */

	EXPECT_TEXT("", "%s", "");
	EXPECT_TEXT("abc|  abc|abc  ", "%s|%5s|%-5s", "abc", "abc", "abc");
	EXPECT_TEXT("ab||a", "%.2s|%.0s|%.*s", "abc", "abc", 1, "abc");
	EXPECT_TEXT("   ab", "%5.2s", "abc");
	EXPECT_TEXT("x|  y|z  ", "%c|%3c|%-3c", 'x', 'y', 'z');
	EXPECT_TEXT("100%", "100%%");
	EXPECT_TEXT("0x1234", "%p", (void *)0x1234);
	EXPECT_TEXT("(null)", "%s", nothing);
}

TEST(lib, format_cuts_at_the_end_of_the_buffer)
{
	char buffer[8] = "???????";

	EXPECT_EQ(snprintf(buffer, 4, "%d", 123456), 6);
	EXPECT_EQ(strcmp(buffer, "123"), 0);
	EXPECT_EQ(buffer[4], '?');
	EXPECT_EQ(snprintf(buffer, 1, "abc"), 3);
	EXPECT_EQ(buffer[0], '\0');
	EXPECT_EQ(snprintf(NULL, 0, "%s %d", "abc", 7), 5);
	EXPECT_EQ(snprintf(buffer, 8, "%7d", 1), 7);
	EXPECT_EQ(strcmp(buffer, "      1"), 0);
	EXPECT_EQ(snprintf(buffer, 8, "%100d", 1), 100);
}

static char collected[300];
static size_t collected_length;

static void collect(const char *text, size_t n)
{
	memcpy(collected + collected_length, text, n);
	collected_length += n;
}

static int __printf(1, 2) format_collect(const char *format, ...)
{
	va_list args;
	int length;

	collected_length = 0;
	va_start(args, format);
	length = vformat_write(collect, format, args);
	va_end(args);
	return length;
}

TEST(lib, format_in_pieces)
{
	EXPECT_EQ(format_collect("%*s%d", 250, "", 42), 252);
	EXPECT_EQ(collected_length, 252);
	EXPECT_EQ(memcmp(collected + 249, " 42", 3), 0);
	EXPECT_EQ(format_collect("%s", ""), 0);
	EXPECT_EQ(collected_length, 0);
	EXPECT_EQ(format_collect("%064d", 0), 64);
	EXPECT_EQ(collected_length, 64);
}

static size_t __printf(3, 4) save(unsigned long *saved, size_t size, const char *format, ...)
{
	size_t used;
	va_list args;

	va_start(args, format);
	used = format_save(saved, size, format, args);
	va_end(args);
	return used;
}

/* Whatever there is room for: what comes out is the beginning of the text, and "..." if that is not all. */
TEST(lib, format_saves_what_there_is_room_for)
{
	static const char format[] = "%u: %s, %.3s; %llx %c|";
	static const char whole[] = "7: a text of some length, abc; 123456789abcdef0 x|";
	unsigned long saved[16];
	char got[64];

	for (size_t size = 0; size <= sizeof(saved); size += sizeof(long)) {
		size_t used, length;

		memset(saved, 0x55, sizeof(saved));
		used = save(saved, size, format, 7u, "a text of some length", "abcdef",
			    0x123456789abcdef0ull, 'x');
		ASSERT_TRUE(used <= size);
		for (size_t i = size; i < sizeof(saved); i++)
			EXPECT_EQ(((unsigned char *)saved)[i], 0x55);
		length = (size_t)format_saved(got, sizeof(got), format, saved, used);
		EXPECT_EQ(length, strlen(got));
		if (strcmp(got, whole) == 0)
			continue;
		EXPECT(size < 72);
		ASSERT_TRUE(length >= 3);
		EXPECT_EQ(strcmp(got + length - 3, "..."), 0);
		EXPECT_EQ(memcmp(got, whole, length - 3), 0);
	}
	EXPECT_EQ(strcmp(got, whole), 0);
}

TEST(lib, bit_operations)
{
	for (unsigned i = 0; i < BITS_PER_LONG; i++) {
		unsigned long bit = 1ul << i;

		EXPECT_EQ(bit_first(bit | (bit << 1)), i);
		EXPECT_EQ(bit_last(bit | (bit >> 1)), i);
		EXPECT_EQ(log2_ceil(bit), i);
		EXPECT_EQ(log2_floor(bit), i);
		EXPECT(is_power_of_two(bit));
		if (i > 1) {
			EXPECT_EQ(log2_ceil(bit - 1), i);
			EXPECT_EQ(log2_floor(bit - 1), i - 1);
			EXPECT(!is_power_of_two(bit - 1));
		}
	}
	EXPECT(!is_power_of_two(0));
	EXPECT_EQ(log2_ceil(5), 3);
}

struct item {
	int value;
	struct list_node link;
};

/* The values on the list as a decimal number, first item first; -1 if the back links disagree. */
static int list_digits(struct list_node *list)
{
	struct list_node *before = list;
	struct item *item;
	int digits = 0;

	list_for_each_entry(item, list, link) {
		if (item->link.prev != before)
			return -1;
		before = &item->link;
		digits = digits * 10 + item->value;
	}
	return list->prev == before ? digits : -1;
}

TEST(lib, lists)
{
	struct list_node list = LIST_INIT(list);
	struct item items[6];
	unsigned count = 0;

	for (int i = 0; i < 6; i++)
		items[i].value = i;
	EXPECT(list_empty(&list));
	EXPECT(list_pop_head(&list) == NULL);
	list_add_tail(&list, &items[1].link);
	list_add_tail(&list, &items[2].link);
	list_add_head(&list, &items[3].link);
	list_add_before(&items[2].link, &items[4].link);
	list_add_before(&list, &items[5].link);
	EXPECT_EQ(list_digits(&list), 31425);
	list_remove(&items[4].link);
	EXPECT_EQ(list_digits(&list), 3125);
	EXPECT(list_pop_head(&list) == &items[3].link);
	EXPECT(list_first_entry(&list, struct item, link) == &items[1]);
	list_for_each_safe(node, &list) {
		list_remove(node);
		count++;
	}
	EXPECT_EQ(count, 3);
	EXPECT(list_empty(&list));
}

/* Division bit by bit: the slow and certain way. */
static uint64_t divide_slowly(uint64_t n, uint64_t d, uint64_t *remainder)
{
	uint64_t quotient = 0, rest = 0;

	for (int bit = 63; bit >= 0; bit--) {
		bool carry = rest >> 63;

		rest = rest << 1 | (n >> bit & 1);
		if (carry || rest >= d) {
			rest -= d;
			quotient |= 1ull << bit;
		}
	}
	*remainder = rest;
	return quotient;
}

/* Random numbers of every length, and those around the powers of two. */
static uint64_t random_operand(void)
{
	uint64_t value = random64() >> (random64() & 63);

	switch (random64() & 3) {
	case 0:
		return (1ull << (value & 63)) + (random64() & 3) - 1;
	case 1:
		return ~value;
	default:
		return value;
	}
}

static void check_division(uint64_t n, uint64_t d)
{
	uint64_t remainder, quotient = divide_slowly(n, d, &remainder);
	int64_t sn = (int64_t)n, sd = (int64_t)d;

	EXPECT_EQ(n / d, quotient);
	EXPECT_EQ(n % d, remainder);
	if (sd == -1)
		return; /* the most negative number overflows */
	EXPECT_EQ((sn / sd) * sd + sn % sd, sn);
	EXPECT((sn % sd < 0) == (sn < 0 && sn % sd != 0)); /* the sign of the numerator */
	EXPECT((sn % sd < 0 ? -(uint64_t)(sn % sd) : (uint64_t)(sn % sd)) <
	       (sd < 0 ? -(uint64_t)sd : (uint64_t)sd));
}

TEST(lib, division_64_bits)
{
	for (unsigned i = 0; i < 2000; i++) {
		uint64_t d = random_operand();

		if (d) {
			check_division(random_operand(), d);
			/* Quotients that are exact, and just not, are where estimates fail. */
			check_division(d * (random64() & 0xffffff), d);
			check_division(d * (random64() & 0xffff) - 1, d);
		}
	}
}

TEST(lib, shifts_64_bits)
{
	for (unsigned i = 0; i < 500; i++) {
		uint64_t value = random_operand(), left = value, right = value;
		int64_t signed_right = (int64_t)value;

		for (volatile unsigned n = 0; n < 64; n++) {
			EXPECT_EQ(value << n, left);
			EXPECT_EQ(value >> n, right);
			EXPECT_EQ((int64_t)value >> n, signed_right);
			left += left;
			right /= 2;
			signed_right =
				(int64_t)((uint64_t)signed_right >> 1 | (value & 1ull << 63));
		}
	}
}

TEST(lib, counting_bits)
{
	for (unsigned i = 0; i < 500; i++) {
		uint64_t value = random_operand();
		int count = 0, first = 0;

		for (int bit = 63; bit >= 0; bit--) {
			if (value >> bit & 1) {
				count++;
				first = bit + 1;
			}
		}
		EXPECT_EQ(__builtin_popcountll(value), count);
		EXPECT_EQ(__builtin_ffsll((long long)value), first);
		EXPECT_EQ(__builtin_parityll(value), count & 1);
		EXPECT_EQ(__builtin_popcount((unsigned)value) +
				  __builtin_popcount((unsigned)(value >> 32)),
			  count);
	}
}
