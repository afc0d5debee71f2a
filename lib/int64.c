/* SPDX-License-Identifier: MIT */
/*
 * 64-bit arithmetic that the compiler calls for on 32-bit machines. The names and meanings are
 * those of libgcc (GCC Internals, "Routines for integer arithmetic"), which we never link.
 *
 * Division is schoolbook division, in base 2^16 where the divisor fits into 32 bits and with one
 * estimated digit otherwise (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D): the
 * estimate from normalised operands is at most two too large. About 15 instructions when both
 * operands fit into 32 bits, 60 for a 32-bit divisor, 80 at most.
 *
 * Nothing here may use an operation that the compiler turns into a call to this file: only
 * 32-bit operands are shifted by variable amounts and divided.
 */
#include <tessera/compiler.h>

union halves {
	uint64_t whole;
	struct {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		uint32_t high, low;
#else
		uint32_t low, high;
#endif
	};
};

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *remainder);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divmoddi4(int64_t n, int64_t d, int64_t *remainder);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);
int64_t __ashldi3(int64_t value, int n);
int64_t __ashrdi3(int64_t value, int n);
int64_t __lshrdi3(int64_t value, int n);

int64_t __ashldi3(int64_t value, int n)
{
	union halves v = { .whole = (uint64_t)value };

	if (n >= 32) {
		v.high = v.low << (n - 32);
		v.low = 0;
	} else if (n) {
		v.high = v.high << n | v.low >> (32 - n);
		v.low <<= n;
	}
	return (int64_t)v.whole;
}

int64_t __lshrdi3(int64_t value, int n)
{
	union halves v = { .whole = (uint64_t)value };

	if (n >= 32) {
		v.low = v.high >> (n - 32);
		v.high = 0;
	} else if (n) {
		v.low = v.low >> n | v.high << (32 - n);
		v.high >>= n;
	}
	return (int64_t)v.whole;
}

int64_t __ashrdi3(int64_t value, int n)
{
	union halves v = { .whole = (uint64_t)value };

	if (n >= 32) {
		v.low = (uint32_t)((int32_t)v.high >> (n - 32));
		v.high = (uint32_t)((int32_t)v.high >> 31);
	} else if (n) {
		v.low = v.low >> n | v.high << (32 - n);
		v.high = (uint32_t)((int32_t)v.high >> n);
	}
	return (int64_t)v.whole;
}

/*
 * One digit in base 2^16: divides the three digits high:next (high < d) by the two digits of d,
 * whose top bit is set. The remainder replaces *high.
 */
static uint32_t divide_digit(uint32_t *high, uint32_t next, uint32_t d)
{
	uint32_t q = *high / (d >> 16);
	uint32_t r = *high % (d >> 16);

	/* The estimate looked at the first digit of d only; correct it with the second. */
	while (q >= 0x10000 || q * (d & 0xffff) > (r << 16 | next)) {
		q--;
		r += d >> 16;
		if (r >= 0x10000)
			break;
	}
	*high = (*high << 16 | next) - q * d; /* modulo 2^32: the true value fits */
	return q;
}

/* Divides high:low by d, where high < d, so that the quotient has 32 bits. */
static uint32_t divide_wide(uint32_t high, uint32_t low, uint32_t d, uint32_t *remainder)
{
	unsigned shift = (unsigned)__builtin_clz(d);
	uint32_t q;

	if (shift) {
		d <<= shift;
		high = high << shift | low >> (32 - shift);
		low <<= shift;
	}
	q = divide_digit(&high, low >> 16, d) << 16;
	q += divide_digit(&high, low & 0xffff, d);
	*remainder = high >> shift;
	return q;
}

uint64_t __udivmoddi4(uint64_t numerator, uint64_t denominator, uint64_t *remainder)
{
	union halves n = { .whole = numerator }, d = { .whole = denominator };
	union halves q = { .whole = 0 }, r = { .whole = 0 };

	if (!d.high) {
		/* d = 0 traps here as the hardware's division does. */
		q.high = n.high / d.low;
		r.low = n.high % d.low;
		if (r.low) {
			q.low = divide_wide(r.low, n.low, d.low, &r.low);
		} else {
			q.low = n.low / d.low;
			r.low = n.low % d.low;
		}
	} else if (n.whole < d.whole) {
		r = n;
	} else {
		/*
		 * The quotient fits into 32 bits. Estimate it from n / 2 and the top 32 bits of the
		 * normalised d, take 1 off so that it is never too large, and correct upwards.
		 */
		unsigned shift = (unsigned)__builtin_clz(d.high);
		uint32_t top = d.high, unused;
		union halves half = { .high = n.high >> 1, .low = n.high << 31 | n.low >> 1 };

		if (shift)
			top = d.high << shift | d.low >> (32 - shift);
		q.low = divide_wide(half.high, half.low, top, &unused) >> (31 - shift);
		if (q.low)
			q.low--;
		/* q * d without a 64 by 64 bit product. */
		r.whole = n.whole - (uint64_t)q.low * d.low;
		r.high -= q.low * d.high;
		if (r.whole >= d.whole) {
			r.whole -= d.whole;
			q.low++;
		}
	}
	if (remainder)
		*remainder = r.whole;
	return q.whole;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
	return __udivmoddi4(n, d, NULL);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
	uint64_t remainder;

	__udivmoddi4(n, d, &remainder);
	return remainder;
}

/* Signed division truncates; the remainder has the sign of the numerator. */
int64_t __divmoddi4(int64_t n, int64_t d, int64_t *remainder)
{
	uint64_t r;
	uint64_t q = __udivmoddi4(n < 0 ? -(uint64_t)n : (uint64_t)n,
				  d < 0 ? -(uint64_t)d : (uint64_t)d, &r);

	if (remainder)
		*remainder = n < 0 ? (int64_t)-r : (int64_t)r;
	return (n < 0) != (d < 0) ? (int64_t)-q : (int64_t)q;
}

int64_t __divdi3(int64_t n, int64_t d)
{
	return __divmoddi4(n, d, NULL);
}

int64_t __moddi3(int64_t n, int64_t d)
{
	int64_t remainder;

	__divmoddi4(n, d, &remainder);
	return remainder;
}
