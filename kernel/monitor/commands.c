/* SPDX-License-Identifier: MIT */
/* The commands that belong to no other room. */
#include <tessera/arch.h>
#include <tessera/benchmark.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/fault.h>
#include <tessera/kernel.h>
#include <tessera/monitor.h>
#include <tessera/string.h>
#include <tessera/test.h>

/* The command after `last` in alphabetical order; NULL: it was the final one. */
static const struct monitor_command *command_after(const struct monitor_command *last)
{
	const struct monitor_command *first = NULL;

	registry_for_each(monitor_commands, struct monitor_command, command)
		if ((!last || strcmp(command->usage, last->usage) > 0) &&
		    (!first || strcmp(command->usage, first->usage) < 0))
			first = command;
	return first;
}

static void show_help(int argc, char **argv)
{
	const struct monitor_command *command = NULL;

	while ((command = command_after(command)))
		print("%-16s %s\n", command->usage, command->help);
	print("Keys: arrows, Home, End, Tab, ^A ^E ^K ^U ^W ^L ^C\n");
}
MONITOR_COMMAND(help, "help", "this list", show_help);

extern const char kernel_config[], kernel_config_end[];

static void show_config(int argc, char **argv)
{
	if (IS_ENABLED(CONFIG_KCONFIG_IN_IMAGE))
		console_write(kernel_config, (size_t)(kernel_config_end - kernel_config));
	else
		print("config needs the option KCONFIG_IN_IMAGE\n");
}
MONITOR_COMMAND(config, "config", "the configuration of this kernel", show_config);

static void show_clock(int argc, char **argv)
{
	uint64_t now = clock_now();

	print("%llu.%09llu s since start-up, %llu ticks of 1/%d s, clock: %s\n",
	      (unsigned long long)(now / NSEC_PER_SEC), (unsigned long long)(now % NSEC_PER_SEC),
	      (unsigned long long)tick_count(), CONFIG_HZ, clock_source_name());
}
MONITOR_COMMAND(clock, "clock", "time since start-up, ticks, and where the time comes from",
		show_clock);

static void run_tests(int argc, char **argv)
{
	if (IS_ENABLED(CONFIG_KERNEL_TESTS))
		print("%u failed\n", tests_run(argc > 1 ? argv[1] : "all"));
	else
		print("test needs the option KERNEL_TESTS\n");
}
MONITOR_COMMAND(test, "test [FILTER]", "test suites: all, or those whose names begin so",
		run_tests);

static void run_benchmarks(int argc, char **argv)
{
	if (IS_ENABLED(CONFIG_BENCHMARKS))
		benchmarks_run(argc > 1 ? argv[1] : "all");
	else
		print("bench needs the option BENCHMARKS\n");
}
MONITOR_COMMAND(bench, "bench [FILTER]", "benchmarks: all, or those whose names begin so",
		run_benchmarks);

static void run_panic(int argc, char **argv)
{
	if (argc < 2)
		panic("asked for at the monitor");
	if (!IS_ENABLED(CONFIG_DEBUG_FAULTS)) {
		print("panic KIND needs the option DEBUG_FAULTS\n");
	} else if (fault_run(argv[1]) == -ENOENT) {
		print("no such kind; there are: ");
		fault_list();
	} else {
		print("nothing caught it\n");
	}
}
MONITOR_COMMAND(panic, "panic [KIND]", "break the kernel: by a panic, or by a kind of fault",
		run_panic);

static void run_reboot(int argc, char **argv)
{
	machine_reboot();
}
MONITOR_COMMAND(reboot, "reboot", "start the machine anew", run_reboot);

static void run_poweroff(int argc, char **argv)
{
	machine_poweroff();
}
MONITOR_COMMAND(poweroff, "poweroff", "switch the machine off", run_poweroff);
