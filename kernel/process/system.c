// SPDX-License-Identifier: MIT
/*
 * The machine as programs see it: its name, its memory, its end, its log. uname says "Linux" and a
 * release that the C libraries of today take for new enough, because programs choose by these what they
 * rely on; `version` says whose kernel it is.
 */
#include <tessera/arch.h>
#include <tessera/clock.h>
#include <tessera/kmalloc.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/reboot.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/sysinfo.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>
#include <tessera/utsname.h>
#include <tessera/version.h>

#include "life.h"

#define LOG_TAG "process"

static struct utsname utsname = {
	.sysname = "Linux",
	.nodename = "tessera",
	.release = "6.1.0-tessera",
	.version = "Tessera " TESSERA_VERSION " " CONFIG_CONFIG_NAME,
	.machine = USER_PLATFORM,
	.domainname = "(none)",
};

long sys_uname(unsigned long name)
{
	return copy_to_user(name, &utsname, sizeof(utsname));
}

long sys_sethostname(unsigned long user_name, unsigned long length)
{
	char name[UTSNAME_LENGTH];

	if (length >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, user_name, length))
		return -EFAULT;
	name[length] = '\0';
	memcpy(utsname.nodename, name, length + 1);
	return 0;
}

long sys_sysinfo(unsigned long user)
{
	struct process_totals totals;
	struct page_stats pages;
	struct sysinfo info;

	process_totals(&totals);
	page_stats(&pages);
	memset(&info, 0, sizeof(info));
	info.uptime = (long)(clock_now() / NSEC_PER_SEC);
	info.totalram = pages.total;
	info.freeram = pages.free;
	info.procs = (uint16_t)MIN(totals.tasks, 65535u);
	info.mem_unit = PAGE_SIZE;
	return copy_to_user(user, &info, sizeof(info));
}

static bool is_magic(unsigned long magic1, unsigned long magic2)
{
	uint32_t second = (uint32_t)magic2;

	return (uint32_t)magic1 == REBOOT_MAGIC1 &&
	       (second == REBOOT_MAGIC2 || second == REBOOT_MAGIC2A || second == REBOOT_MAGIC2B ||
		second == REBOOT_MAGIC2C);
}

long sys_reboot(unsigned long magic1, unsigned long magic2, unsigned long command,
		unsigned long arg)
{
	if (!is_magic(magic1, magic2))
		return -EINVAL;
	switch ((uint32_t)command) {
	case REBOOT_RESTART:
		log_notice("%s restarts the machine", current_process()->name);
		log_flush();
		machine_reboot();
	case REBOOT_HALT:
	case REBOOT_POWER_OFF:
		log_notice("%s switches the machine off", current_process()->name);
		log_flush();
		machine_poweroff();
	case REBOOT_EXIT:
		log_flush();
		machine_exit(arg ? 1 : 0);
	case REBOOT_CAD_ON:
	case REBOOT_CAD_OFF:
		return 0; /* there is no ^Alt-Del to be told of */
	default:
		return -EINVAL;
	}
}

/* ---- The log ---- */

enum {
	LOG_READ_ALL = 3,
	LOG_CONSOLE_OFF = 6,
	LOG_CONSOLE_ON = 7,
	LOG_CONSOLE_LEVEL = 8,
	LOG_SIZE_UNREAD = 9,
	LOG_SIZE_BUFFER = 10,
};

#define LOG_SIZE (CONFIG_LOG_BUFFER_SIZE * 1024ul)

/* The newest lines that fit, whole. */
static long read_log(uintptr_t buffer, size_t length)
{
	size_t n = MIN(length, 2 * LOG_SIZE);
	char *text;
	long result;

	if (!n)
		return 0;
	text = kmalloc(n);
	if (!text)
		return -ENOMEM;
	n = log_copy(text, n);
	result = copy_to_user(buffer, text, n) ? -EFAULT : (long)n;
	kfree(text);
	return result;
}

long sys_syslog(unsigned long type, unsigned long buffer, unsigned long length)
{
	switch (type) {
	case LOG_READ_ALL:
		return (int)length < 0 ? -EINVAL : read_log(buffer, length);
	case LOG_CONSOLE_OFF:
		log_set_console_level(LOG_ALERT);
		return 0;
	case LOG_CONSOLE_ON:
		log_set_console_level(CONFIG_LOG_LEVEL_CONSOLE);
		return 0;
	case LOG_CONSOLE_LEVEL:
		if (length < 1 || length > LOG_DEBUG + 1)
			return -EINVAL;
		log_set_console_level((int)length - 1); /* Linux shows what is below it */
		return 0;
	case LOG_SIZE_UNREAD:
		return 0;
	case LOG_SIZE_BUFFER:
		return LOG_SIZE;
	default:
		return -EINVAL;
	}
}
