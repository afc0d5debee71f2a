/* SPDX-License-Identifier: MIT */
/*
 * The start-up order. Each line of kernel_start may rely on all those above it, and on nothing
 * below; that is the only place where the order is written down.
 */
#include <asm/cpu.h>
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <asm/page.h>
#include <tessera/application.h>
#include <tessera/arch.h>
#include <tessera/benchmark.h>
#include <tessera/boot_info.h>
#include <tessera/boot_parameter.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/driver.h>
#include <tessera/errno.h>
#include <tessera/fault.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/monitor.h>
#include <tessera/page.h>
#include <tessera/programs.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/thread.h>
#include <tessera/tick.h>
#include <tessera/version.h>

#define LOG_TAG "kernel"

struct boot_info boot_info;
uint64_t boot_cycles_start, boot_cycles_ready;

/* What to do after start-up, from the command line: all, suites or tests (a,b.c), or fault:KIND;
 * benchmarks. NULL: not asked for. */
static const char *test_filter, *bench_filter;

static int set_test(const char *value)
{
	test_filter = value;
	return 0;
}
BOOT_PARAMETER(test, set_test, NULL);

static int set_bench(const char *value)
{
	bench_filter = value;
	return 0;
}
BOOT_PARAMETER(bench, set_bench, NULL);

static void banner(void)
{
	log_info("Tessera " TESSERA_VERSION ", configuration " CONFIG_CONFIG_NAME
		 ", " CONFIG_ARCH_NAME ", started by %s",
		 boot_info.loader);
	if (*boot_info.command_line)
		log_info("command line: %s", boot_info.command_line);
	if (boot_info.command_line_cut)
		log_warning("command line cut after %zu characters",
			    strlen(boot_info.command_line));
}

void drivers_probe(void)
{
	registry_for_each(drivers, struct driver, driver) {
		int error = driver->probe();

		if (error && error != -ENODEV)
			log_error("driver %s does not start (error %d)", driver->name, error);
	}
}

/* These say whether it failed. */

static bool run_fault(const char *kind)
{
	if (fault_run(kind) == 0) {
		print("fault %s: nothing caught it\n", kind);
	} else {
		print("no fault %s here; these: ", kind);
		fault_list();
	}
	return true; /* what is caught does not come back */
}

static bool report_missing(const char *word, const char *option)
{
	print("%s needs the option %s\n", word, option);
	return true;
}

/* Does what the command line asks for, and then ends the machine; returns if it asks for nothing. */
static void run_requests(void)
{
	bool failed = false;

	if (!test_filter && !bench_filter)
		return;
	if (test_filter && strncmp(test_filter, "fault:", 6) == 0)
		failed = IS_ENABLED(CONFIG_DEBUG_FAULTS)
				 ? run_fault(test_filter + 6)
				 : report_missing("test=fault:", "DEBUG_FAULTS");
	else if (test_filter)
		failed = IS_ENABLED(CONFIG_KERNEL_TESTS) ? tests_run(test_filter) != 0
							 : report_missing("test=", "KERNEL_TESTS");
	if (bench_filter)
		failed |= IS_ENABLED(CONFIG_BENCHMARKS) ? benchmarks_run(bench_filter) == 0
							: report_missing("bench=", "BENCHMARKS");
	machine_exit(failed ? 1 : 0);
}

/* Not inline: that this is reached shows the sweep of configurations that a kernel has started. */
static noinline void __noreturn idle(void)
{
	for (;;) {
		log_flush();
		if (IS_ENABLED(CONFIG_THREADS)) {
			thread_sleep(LOG_FLUSH_NS);
		} else {
			irq_disable();
			cpu_wait();
		}
	}
}

void kernel_start(void)
{
	if (!boot_cycles_start)
		boot_cycles_start = cycle_count();

	boot_parameters_parse(); /* says which consoles and how much log */
	console_init();
	banner();

	/* Memory: first from the map, then from the page allocator, then in bytes. */
	memory_map_finish(DIRECT_MAP_LIMIT);
	arch_paging_init();
	page_init();
	object_init();
	if (IS_ENABLED(CONFIG_THREADS))
		thread_init();

	arch_init();
	irq_init();
	clock_init();
	drivers_probe();
	console_start();
	tick_start();
	irq_enable();
	programs_init();
	boot_cycles_ready = cycle_count();

	run_requests();
	if (IS_ENABLED(CONFIG_APP))
		application_start();
	if (programs_start())
		idle();
	if (IS_ENABLED(CONFIG_MONITOR))
		monitor_run();
	if (!IS_ENABLED(CONFIG_APP))
		log_notice("nothing to do: idle");
	idle();
}
