/* SPDX-License-Identifier: MIT */
/*
 * Tickless idle. While the idle thread runs, nobody uses up a time slice, so nothing needs the tick
 * but the timers, and their queue knows when that will be. The tick is stopped up to then.
 *
 * Only an interrupt ends idle. Its entry (irq_enter) asks the timer driver how many ticks have
 * passed and makes up for them in one step before any handler runs: nobody but the idle thread sees
 * a time that stands still, and a timer that was due at the nth tick fires at the nth tick. Between
 * the look at the queue and the halt interrupts are masked, and cpu_wait closes the gap.
 *
 * The method is that of Linux's NO_HZ_IDLE. Cost: the timer is programmed when idle begins and when
 * it ends, and the queue is asked for its next timer; so a system that sleeps for less than a tick
 * at a time pays more than it saves. Where the hardware's longest interval is short (i8254: 54 ms)
 * the CPU still wakes that often.
 */
#include <tessera/percpu.h>
#include <tessera/tick.h>
#include <tessera/timer.h>

void tick_idle_enter(void)
{
	struct cpu *cpu = this_cpu();
	uint64_t next = timer_queue_next();

	/* Still stopped: what ended the halt was no interrupt line's, so nothing has changed. */
	if (cpu->tick_stopped || next <= cpu->next_tick)
		return;
	cpu->tick_stopped = tick_stop((next - cpu->tick_time - 1) / TICK_NS + 1);
}

void tick_idle_leave(void)
{
	this_cpu()->tick_stopped = false;
	tick_by(tick_restart());
}
