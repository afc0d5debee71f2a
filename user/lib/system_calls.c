// SPDX-License-Identifier: MIT
/*
 * The system calls as C functions: -1 and errno instead of -errno. A call that fails with EINTR is not made
 * again; SA_RESTART is the program's choice.
 */
#include <arch/system_call.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

#define CALL0(name)	  system_call_result(system_call0(SYS_##name))
#define CALL1(name, a)	  system_call_result(system_call1(SYS_##name, (long)(a)))
#define CALL2(name, a, b) system_call_result(system_call2(SYS_##name, (long)(a), (long)(b)))
#define CALL3(name, a, b, c) \
	system_call_result(system_call3(SYS_##name, (long)(a), (long)(b), (long)(c)))
#define CALL4(name, a, b, c, d) \
	system_call_result(system_call4(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d)))
#define CALL6(name, a, b, c, d, e, f)                                                           \
	system_call_result(system_call6(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), \
					(long)(e), (long)(f)))

long syscall(long number, ...)
{
	va_list args;
	long a[6];

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	return system_call_result(system_call6(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

/* ---- Files ---- */

ssize_t read(int descriptor, void *buffer, size_t n)
{
	return CALL3(read, descriptor, buffer, n);
}

ssize_t write(int descriptor, const void *buffer, size_t n)
{
	return CALL3(write, descriptor, buffer, n);
}

ssize_t readv(int descriptor, const struct iovec *pieces, int count)
{
	return CALL3(readv, descriptor, pieces, count);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count)
{
	return CALL3(writev, descriptor, pieces, count);
}

int open(const char *path, int flags, ...)
{
	return (int)CALL4(openat, AT_FDCWD, path, flags, 0);
}

int close(int descriptor)
{
	return (int)CALL1(close, descriptor);
}

off_t lseek(int descriptor, off_t offset, int whence)
{
	return CALL3(lseek, descriptor, offset, whence);
}

int dup(int descriptor)
{
	return (int)CALL1(dup, descriptor);
}

int dup2(int descriptor, int wanted)
{
	return (int)CALL2(dup2, descriptor, wanted);
}

int pipe2(int descriptors[2], int flags)
{
	return (int)CALL2(pipe2, descriptors, flags);
}

int pipe(int descriptors[2])
{
	return pipe2(descriptors, 0);
}

int access(const char *path, int mode)
{
	return (int)CALL2(access, path, mode);
}

int fcntl(int descriptor, int command, ...)
{
	va_list args;
	long argument;

	va_start(args, command);
	argument = va_arg(args, long);
	va_end(args);
	return (int)CALL3(fcntl, descriptor, command, argument);
}

int ioctl(int descriptor, unsigned long request, ...)
{
	va_list args;
	long argument;

	va_start(args, request);
	argument = va_arg(args, long);
	va_end(args);
	return (int)CALL3(ioctl, descriptor, request, argument);
}

int isatty(int descriptor)
{
	struct termios modes;

	return tcgetattr(descriptor, &modes) == 0;
}

int tcgetattr(int descriptor, struct termios *modes)
{
	return (int)CALL3(ioctl, descriptor, TCGETS, modes);
}

int tcsetattr(int descriptor, int when, const struct termios *modes)
{
	return (int)CALL3(ioctl, descriptor, TCSETS + when, modes);
}

int tcsetpgrp(int descriptor, pid_t group)
{
	return (int)CALL3(ioctl, descriptor, TIOCSPGRP, &group);
}

int stat(const char *path, struct stat *result)
{
	return (int)CALL2(stat, path, result);
}

int lstat(const char *path, struct stat *result)
{
	return (int)CALL2(lstat, path, result);
}

int fstat(int descriptor, struct stat *result)
{
	return (int)CALL2(fstat, descriptor, result);
}

int chdir(const char *path)
{
	return (int)CALL1(chdir, path);
}

char *getcwd(char *buffer, size_t size)
{
	return CALL2(getcwd, buffer, size) < 0 ? NULL : buffer;
}

int poll(struct pollfd *entries, unsigned long count, int timeout)
{
	return (int)CALL3(poll, entries, count, timeout);
}

/* ---- Processes ---- */

pid_t fork(void)
{
	return (pid_t)CALL0(fork);
}

/* Where vfork (start.S) ends: the kernel's result as C functions give it. */
pid_t vfork_result(long result);
pid_t vfork_result(long result)
{
	return (pid_t)system_call_result(result);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)CALL3(execve, path, argv, envp);
}

void _exit(int status)
{
	for (;;)
		system_call1(SYS_exit_group, status);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return (pid_t)CALL4(wait4, pid, status, options, usage);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}

pid_t getpid(void)
{
	return (pid_t)system_call0(SYS_getpid);
}

pid_t getppid(void)
{
	return (pid_t)system_call0(SYS_getppid);
}

pid_t gettid(void)
{
	return (pid_t)system_call0(SYS_gettid);
}

int setpgid(pid_t pid, pid_t group)
{
	return (int)CALL2(setpgid, pid, group);
}

pid_t getpgrp(void)
{
	return (pid_t)CALL0(getpgrp);
}

pid_t setsid(void)
{
	return (pid_t)CALL0(setsid);
}

int sched_yield(void)
{
	return (int)system_call0(SYS_sched_yield);
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return (int)CALL3(sched_setscheduler, pid, policy, param);
}

int sched_getscheduler(pid_t pid)
{
	return (int)CALL1(sched_getscheduler, pid);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	return (int)CALL2(sched_getparam, pid, param);
}

int sched_get_priority_max(int policy)
{
	return (int)CALL1(sched_get_priority_max, policy);
}

int sched_get_priority_min(int policy)
{
	return (int)CALL1(sched_get_priority_min, policy);
}

/* The kernel gives 20 - nice, so that it is never negative. */
int getpriority(int which, unsigned who)
{
	long result = CALL2(getpriority, which, who);

	return result < 0 ? -1 : (int)(20 - result);
}

int setpriority(int which, unsigned who, int nice)
{
	return (int)CALL3(setpriority, which, who, nice);
}

int getrlimit(int resource, struct rlimit *limit)
{
	return (int)CALL2(getrlimit, resource, limit);
}

int setrlimit(int resource, const struct rlimit *limit)
{
	return (int)CALL2(setrlimit, resource, limit);
}

int getrusage(int who, struct rusage *usage)
{
	return (int)CALL2(getrusage, who, usage);
}

/* ---- Signals ---- */

int kill(pid_t pid, int signal)
{
	return (int)CALL2(kill, pid, signal);
}

int tgkill(pid_t process, pid_t thread, int signal)
{
	return (int)CALL3(tgkill, process, thread, signal);
}

int raise(int signal)
{
	return tgkill(getpid(), gettid(), signal);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)CALL4(rt_sigprocmask, how, set, old, SIGNAL_SET_SIZE);
}

int sigpending(sigset_t *set)
{
	return (int)CALL2(rt_sigpending, set, SIGNAL_SET_SIZE);
}

int sigsuspend(const sigset_t *mask)
{
	return (int)CALL2(rt_sigsuspend, mask, SIGNAL_SET_SIZE);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	return (int)CALL4(rt_sigtimedwait, set, info, timeout, SIGNAL_SET_SIZE);
}

int sigaltstack(const stack_t *stack, stack_t *old)
{
	return (int)CALL2(sigaltstack, stack, old);
}

/* ---- Memory ---- */

/* Where there is no call with an offset in bytes (SYS_mmap takes a structure on i386), it is in pages. */
void *mmap(void *address, size_t length, int access, int flags, int descriptor, off_t offset)
{
#if __SIZEOF_LONG__ == 8
	return (void *)CALL6(mmap, address, length, access, flags, descriptor, offset);
#else
	if (offset & 0xfff)
		return (void *)system_call_result(-EINVAL);
	return (void *)CALL6(mmap2, address, length, access, flags, descriptor,
			     (unsigned long)offset >> 12);
#endif
}

int munmap(void *address, size_t length)
{
	return (int)CALL2(munmap, address, length);
}

int mprotect(void *address, size_t length, int access)
{
	return (int)CALL3(mprotect, address, length, access);
}

int madvise(void *address, size_t length, int advice)
{
	return (int)CALL3(madvise, address, length, advice);
}

/* The call gives the end as it is afterwards: the old one if it failed. */
int brk(void *end)
{
	if (system_call1(SYS_brk, (long)end) == (long)end)
		return 0;
	errno = ENOMEM;
	return -1;
}

void *sbrk(intptr_t increment)
{
	char *end = (char *)system_call1(SYS_brk, 0);

	return increment == 0 || brk(end + increment) == 0 ? end : (void *)-1;
}

/* ---- Time ---- */

int clock_gettime(clockid_t clock, struct timespec *time)
{
	return (int)CALL2(clock_gettime, clock, time);
}

int clock_getres(clockid_t clock, struct timespec *time)
{
	return (int)CALL2(clock_getres, clock, time);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
		    struct timespec *remain)
{
	return (int)-system_call4(SYS_clock_nanosleep, clock, flags, (long)request, (long)remain);
}

int nanosleep(const struct timespec *request, struct timespec *remain)
{
	return (int)CALL4(clock_nanosleep, CLOCK_REALTIME, 0, request, remain);
}

unsigned sleep(unsigned seconds)
{
	struct timespec request = { .tv_sec = seconds }, remain = { 0 };

	return nanosleep(&request, &remain) == 0 ? 0 : (unsigned)remain.tv_sec + 1;
}

int usleep(unsigned microseconds)
{
	struct timespec request = { .tv_sec = microseconds / 1000000,
				    .tv_nsec = microseconds % 1000000 * 1000 };

	return nanosleep(&request, NULL);
}

time_t time(time_t *result)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	if (result)
		*result = now.tv_sec;
	return now.tv_sec;
}

/* ---- The system ---- */

int uname(struct utsname *names)
{
	return (int)CALL1(uname, names);
}

int sysinfo(struct sysinfo *info)
{
	return (int)CALL1(sysinfo, info);
}

int klogctl(int type, char *buffer, int n)
{
	return (int)CALL3(syslog, type, buffer, n);
}

int machine_reboot(unsigned command, int status)
{
	return (int)CALL4(reboot, REBOOT_MAGIC1, REBOOT_MAGIC2, command, status);
}
