/* SPDX-License-Identifier: MIT */
/*
 * The clock of the PC: the processor's time stamp counter, scaled to nanoseconds.
 *
 * Method. The counter's rate is measured against a reference (HPET, else the i8254) in two steps: at
 * start-up over some microseconds, good to a few percent, so that the boot does not wait; and again
 * CLOCK_REFINE_TICKS ticks later over all the time since then, good to some parts in a million.
 * With the second measurement the clock goes on from where it is at the new rate: it never jumps
 * and never goes back. Nothing is assumed about the rate but that it is constant and at least
 * RATE_MIN (the scale would not fit below that); processors from before 2006 that change it with
 * their clock make the clock drift.
 *
 * Cost: a reading is about 15 instructions (x86_64). Source of the scaling: multiply and shift,
 * as every system with a TSC clock does it.
 */
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/log.h>

#include "clock_reference.h"

#define LOG_TAG "clock"

#define SOURCE_NAME "tsc %u.%03u MHz (%s)"

#define SCALE_SHIFT	28
#define RATE_MIN	63000000 /* NSEC_PER_SEC << SCALE_SHIFT divided by it fits 32 bits */
#define SHORT_COUNTS	32	 /* of the reference for the first measurement, and at least ... */
#define SHORT_FACTOR	32	 /* ... so many times what reading it takes: a few percent */
#define SHORT_TRIES_MAX 10000	 /* then the reference does not run */

struct sample {
	uint64_t tsc;	 /* in the middle of the reading */
	uint64_t length; /* of the reading, in cycles */
	uint32_t reference;
};

/* How to read the time: set once, replaced once by the other element, and then left alone. */
struct timebase {
	uint64_t tsc; /* at this count ... */
	uint64_t ns;  /* ... it was this time */
	uint32_t scale;
};

static struct timebase timebases[2];
static const struct timebase *timebase;

static const struct clock_reference *reference;
static struct sample start;
static uint64_t rate; /* Hz */

/* cycles * scale >> SCALE_SHIFT, where the product has up to 96 bits. */
static inline uint64_t scale_cycles(uint64_t cycles, uint32_t scale)
{
	uint64_t low = (cycles & UINT32_MAX) * scale;
	uint64_t high = (cycles >> 32) * scale;

	return (high << (32 - SCALE_SHIFT)) + (low >> SCALE_SHIFT);
}

static inline uint64_t time_at(const struct timebase *base, uint64_t tsc)
{
	return base->ns + scale_cycles(tsc - base->tsc, base->scale);
}

uint64_t clock_now(void)
{
	const struct timebase *base;
	uint64_t now;

	/* Again if the tick replaced the base in between: mixed up, the two might go back. */
	do {
		base = READ_ONCE(timebase);
		if (unlikely(!base))
			return 0;
		now = time_at(base, cycle_count());
	} while (unlikely(base != READ_ONCE(timebase)));
	return now;
}

static struct sample take_sample(void)
{
	struct sample sample = { .tsc = cycle_count() };

	sample.reference = reference->read();
	sample.length = cycle_count() - sample.tsc;
	sample.tsc += sample.length / 2;
	return sample;
}

/* The best of a few: a reading that the machine was slow in says little about the time. */
static struct sample take_good_sample(void)
{
	struct sample best = take_sample();

	for (int i = 0; i < 2; i++) {
		struct sample sample = take_sample();

		if (sample.length < best.length)
			best = sample;
	}
	return best;
}

/* Counts of the reference between two samples less than one period apart. */
static uint64_t counts_between(const struct sample *from, const struct sample *to)
{
	return to->reference >= from->reference
		       ? to->reference - from->reference
		       : to->reference + reference->period - from->reference;
}

static uint64_t rate_of(uint64_t cycles, uint64_t counts)
{
	return cycles * reference->hz / counts;
}

static void use_rate(struct timebase *base, uint64_t tsc, uint64_t ns, uint64_t hz)
{
	rate = hz;
	base->tsc = tsc;
	base->ns = ns;
	base->scale = (uint32_t)((NSEC_PER_SEC << SCALE_SHIFT) / hz);
	barrier(); /* complete before it is seen */
	WRITE_ONCE(timebase, base);
}

/* The first measurement. False: the reference stands still, or the rate makes no sense. */
static bool measure_short(void)
{
	uint64_t counts, hz;
	struct sample now;

	start = take_good_sample();
	for (unsigned tries = 0;; tries++) {
		now = take_sample();
		counts = counts_between(&start, &now);
		if (counts >= SHORT_COUNTS &&
		    now.tsc - start.tsc >= SHORT_FACTOR * (start.length + now.length))
			break;
		if (tries == SHORT_TRIES_MAX)
			return false;
	}
	hz = rate_of(now.tsc - start.tsc, counts);
	if (hz < RATE_MIN)
		return false;
	use_rate(&timebases[0], start.tsc, 0, hz);
	return true;
}

void clock_init(void)
{
	const struct clock_reference *i8254 = i8254_reference();
	unsigned khz;

	reference = hpet_reference();
	if (!reference || !measure_short()) {
		reference = i8254;
		if (!measure_short())
			boot_fail("no clock: neither a HPET nor an i8254 timer runs; a machine "
				  "with one of them is needed");
	}
	khz = (unsigned)(rate / 1000);
	log_info(SOURCE_NAME, khz / 1000, khz % 1000, reference->name);
}

void clock_refine(void)
{
	static unsigned ticks;
	struct sample now;
	uint64_t cycles, expected, counts, hz;

	if (ticks > CLOCK_REFINE_TICKS || ticks++ < CLOCK_REFINE_TICKS)
		return;
	now = take_good_sample();
	cycles = now.tsc - start.tsc;
	counts = counts_between(&start, &now);

	/* The reference may have gone round; the first measurement is good enough to say how often. */
	expected = cycles * reference->hz / rate;
	if (expected > counts)
		counts += (expected - counts + reference->period / 2) / reference->period *
			  reference->period;
	hz = rate_of(cycles, counts);
	if (hz < rate - rate / 8 || hz > rate + rate / 8) {
		log_warning("the rate of the time stamp counter is not constant");
		return;
	}
	use_rate(&timebases[1], now.tsc, time_at(timebase, now.tsc), hz);
}

const char *clock_source_name(void)
{
	static char name[40];
	unsigned khz = (unsigned)(rate / 1000);

	if (!reference)
		return "none";
	snprintf(name, sizeof(name), SOURCE_NAME, khz / 1000, khz % 1000, reference->name);
	return name;
}

uint64_t clock_source_hz(void)
{
	return rate;
}
