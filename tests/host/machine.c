/* SPDX-License-Identifier: MIT */
/*
 * What the portable rooms need from the kernel and the architecture, for the host: memory,
 * output and an end. Like every kernel source it sees no header of the C library.
 */
#include <asm/irqflags.h>
#include <asm/page.h>
#include <tessera/address_space.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/slice.h>
#include <tessera/test.h>
#include <tessera/tick.h>
#include <tessera/vmap.h>

#include "../suites/threads.h"
#include "machine.h"

char *host_memory;
bool host_irqs_on = true;

void vprint(const char *format, va_list args)
{
	vformat_write(host_print, format, args);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprint(format, args);
	va_end(args);
}

/* As on a console with loglevel=4: what goes wrong is shown. */
void log_write(enum log_level level, const char *tag, const char *format, ...)
{
	va_list args;

	if (level > LOG_WARNING)
		return;
	print("[%s] ", tag);
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
}

void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	test_catch_panic(format, args);
	va_end(args);
	print("panic: ");
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
	host_abort();
}

void boot_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	test_catch_panic(format, args);
	va_end(args);
	print("cannot start: ");
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
	host_abort();
}

static void add_memory(phys_addr_t base, phys_addr_t size)
{
	host_allow(host_memory + base, size);
	memory_map_add(base, size, MEMORY_USABLE);
}

void host_start(phys_addr_t size)
{
	phys_addr_t middle = size / 2;

	host_memory = host_reserve(DIRECT_MAP_LIMIT);
	/* As on a PC: no frame 0, a hole below 1 MiB, and one more with ragged edges. */
	add_memory(0x1000, 0x9e000);
	add_memory(0x100000, middle - 0x100000);
	add_memory(middle + 0x5000, size - middle - 0x5000);
	memory_map_finish(DIRECT_MAP_LIMIT);
	page_init();
	object_init();
	if (IS_ENABLED(CONFIG_USER_MODE))
		space_init();
	thread_init();
}

/* ---- Threads and time ---- */

void *stack_alloc(size_t size)
{
	struct page *page = page_alloc(size / PAGE_SIZE, 1, 0);

	return page ? page_address(page) : NULL;
}

void stack_free(void *stack, size_t size)
{
	page_free(virt_to_page(stack), size / PAGE_SIZE);
}

unsigned host_tick_every, host_unmasked;
static uint64_t ticks;

void host_tick(void)
{
	bool outermost = !this_cpu()->irq_depth;

	host_irqs_on = false;
	irq_enter();
	ticks++;
	sched_tick();
	timer_tick(ticks * TICK_NS);
	irq_exit();
	host_irqs_on = outermost || host_irqs_on;
}

#define OFTEN 11 /* coprime to the number of sections in most loops */

static bool ticks_held;

void interrupts_often(bool often)
{
	host_tick_every = often ? OFTEN : 0;
}

void host_hold_ticks(void)
{
	ticks_held |= host_tick_every != 0;
	host_tick_every = 0;
}

void host_let_ticks(void)
{
	if (ticks_held)
		host_tick_every = OFTEN;
	ticks_held = false;
}

uint64_t clock_now(void)
{
	return ticks * TICK_NS;
}

uint64_t clock_source_hz(void)
{
	return NSEC_PER_SEC;
}

int context_switch(struct thread *from, struct thread *to)
{
	if (!from->context.host)
		from->context.host = host_context_create(NULL, 0, NULL);
	host_let_ticks();
	this_cpu()->current = to;
	host_context_switch(from->context.host, to->context.host);
	host_irqs_on = true;
	return current_thread()->wait_result;
}

static void (*thread_begin)(void);

static void begin(void)
{
	host_irqs_on = true;
	thread_begin();
}

void context_init(struct thread_context *context, void *top, void (*start)(void))
{
	struct thread *thread = container_of(context, struct thread, context);

	thread_begin = start;
	context->host =
		host_context_create(thread->stack, (char *)top - (char *)thread->stack, begin);
}
