/* SPDX-License-Identifier: MIT */
/*
 * Every system call, by the room that has it; Documentation/system-calls.md says what each does.
 * The order of the arguments is Linux's; where architectures differ there are two handlers. On a
 * 64-bit architecture NAME takes 64-bit times and offsets; on a 32-bit one NAME is the time64 call,
 * and NAME_time32 the old one. Calls that a configuration lacks are sys_not_implemented
 * (kernel/process/not_implemented.c).
 */
#ifndef TESSERA_SYSTEM_CALLS_H
#define TESSERA_SYSTEM_CALLS_H

/* ---- kernel/process: life ---- */
long sys_exit(unsigned long status);
long sys_exit_group(unsigned long status);
long sys_clone(unsigned long flags, unsigned long stack, unsigned long parent_tid,
	       unsigned long child_tid, unsigned long tls);
long sys_clone_tls_first(unsigned long flags, unsigned long stack, unsigned long parent_tid,
			 unsigned long tls, unsigned long child_tid);
long sys_fork(void);
long sys_vfork(void);
long sys_execve(unsigned long path, unsigned long argv, unsigned long envp);
long sys_wait4(unsigned long pid, unsigned long status, unsigned long options,
	       unsigned long rusage);
long sys_getpid(void);
long sys_getppid(void);
long sys_gettid(void);
long sys_set_tid_address(unsigned long address);
long sys_getuid(void);
long sys_geteuid(void);
long sys_getgid(void);
long sys_getegid(void);
long sys_getgroups(unsigned long size, unsigned long list);
long sys_getpgrp(void);
long sys_getpgid(unsigned long pid);
long sys_setpgid(unsigned long pid, unsigned long group);
long sys_getsid(unsigned long pid);
long sys_setsid(void);
long sys_sched_yield(void);
long sys_getpriority(unsigned long which, unsigned long who);
long sys_setpriority(unsigned long which, unsigned long who, unsigned long nice);
long sys_sched_setscheduler(unsigned long pid, unsigned long policy, unsigned long param);
long sys_sched_getscheduler(unsigned long pid);
long sys_sched_getparam(unsigned long pid, unsigned long param);
long sys_sched_setparam(unsigned long pid, unsigned long param);
long sys_sched_get_priority_max(unsigned long policy);
long sys_sched_get_priority_min(unsigned long policy);
long sys_sched_getaffinity(unsigned long pid, unsigned long size, unsigned long mask);
long sys_prlimit64(unsigned long pid, unsigned long resource, unsigned long new_limit,
		   unsigned long old_limit);
long sys_getrlimit(unsigned long resource, unsigned long limit);
long sys_setrlimit(unsigned long resource, unsigned long limit);
long sys_getrusage(unsigned long who, unsigned long usage);
long sys_set_robust_list(unsigned long head, unsigned long size);
long sys_get_robust_list(unsigned long pid, unsigned long head, unsigned long size);
long sys_umask(unsigned long mask);

/* ---- kernel/process: signals ---- */
long sys_kill(unsigned long pid, unsigned long signal);
long sys_tgkill(unsigned long group, unsigned long tid, unsigned long signal);
long sys_tkill(unsigned long tid, unsigned long signal);
long sys_rt_sigaction(unsigned long signal, unsigned long action, unsigned long old,
		      unsigned long size);
long sys_rt_sigprocmask(unsigned long how, unsigned long set, unsigned long old,
			unsigned long size);
long sys_rt_sigpending(unsigned long set, unsigned long size);
long sys_rt_sigsuspend(unsigned long set, unsigned long size);
long sys_rt_sigtimedwait(unsigned long set, unsigned long info, unsigned long timeout,
			 unsigned long size);
long sys_rt_sigtimedwait_time32(unsigned long set, unsigned long info, unsigned long timeout,
				unsigned long size);
long sys_rt_sigreturn(void);
long sys_sigreturn(void);
long sys_sigaltstack(unsigned long stack, unsigned long old);
long sys_pause(void);
long sys_alarm(unsigned long seconds);
long sys_setitimer(unsigned long which, unsigned long value, unsigned long old);
long sys_getitimer(unsigned long which, unsigned long value);

/* ---- kernel/process: futexes, time, system ---- */
long sys_futex(unsigned long word, unsigned long operation, unsigned long value,
	       unsigned long timeout, unsigned long word2, unsigned long value3);
long sys_futex_time32(unsigned long word, unsigned long operation, unsigned long value,
		      unsigned long timeout, unsigned long word2, unsigned long value3);
long sys_nanosleep(unsigned long request, unsigned long remain);
long sys_nanosleep_time32(unsigned long request, unsigned long remain);
long sys_clock_nanosleep(unsigned long clock, unsigned long flags, unsigned long request,
			 unsigned long remain);
long sys_clock_nanosleep_time32(unsigned long clock, unsigned long flags, unsigned long request,
				unsigned long remain);
long sys_clock_gettime(unsigned long clock, unsigned long time);
long sys_clock_gettime32(unsigned long clock, unsigned long time);
long sys_clock_getres(unsigned long clock, unsigned long time);
long sys_clock_getres_time32(unsigned long clock, unsigned long time);
long sys_gettimeofday(unsigned long time, unsigned long zone);
long sys_time(unsigned long time);
long sys_times(unsigned long buffer);
long sys_uname(unsigned long name);
long sys_sysinfo(unsigned long info);
long sys_reboot(unsigned long magic1, unsigned long magic2, unsigned long command,
		unsigned long arg);
long sys_syslog(unsigned long type, unsigned long buffer, unsigned long length);
long sys_getrandom(unsigned long buffer, unsigned long size, unsigned long flags);
long sys_sethostname(unsigned long name, unsigned long length);
long sys_prctl(unsigned long option, unsigned long a, unsigned long b, unsigned long c,
	       unsigned long d);

/* ---- kernel/process: memory ---- */
long sys_mmap(unsigned long address, unsigned long length, unsigned long access,
	      unsigned long flags, unsigned long descriptor, unsigned long offset);
long sys_mmap2(unsigned long address, unsigned long length, unsigned long access,
	       unsigned long flags, unsigned long descriptor, unsigned long page_offset);
long sys_munmap(unsigned long address, unsigned long length);
long sys_mprotect(unsigned long address, unsigned long length, unsigned long access);
long sys_madvise(unsigned long address, unsigned long length, unsigned long advice);
long sys_brk(unsigned long end);
long sys_mremap(unsigned long old, unsigned long old_size, unsigned long new_size,
		unsigned long flags, unsigned long new_address);

/* ---- fs: files ---- */
long sys_read(unsigned long descriptor, unsigned long buffer, unsigned long n);
long sys_write(unsigned long descriptor, unsigned long buffer, unsigned long n);
long sys_readv(unsigned long descriptor, unsigned long vector, unsigned long count);
long sys_writev(unsigned long descriptor, unsigned long vector, unsigned long count);
long sys_pread64(unsigned long descriptor, unsigned long buffer, unsigned long n,
		 unsigned long offset);
/* 32-bit architectures: the offset in two registers, low half first; the same in an aligned pair, in the
 * byte order of the machine (MIPS). */
long sys_pread64_halves(unsigned long descriptor, unsigned long buffer, unsigned long n,
			unsigned long low, unsigned long high);
long sys_pread64_pair(unsigned long descriptor, unsigned long buffer, unsigned long n,
		      unsigned long unused, unsigned long first, unsigned long second);
long sys_open(unsigned long path, unsigned long flags, unsigned long mode);
long sys_openat(unsigned long directory, unsigned long path, unsigned long flags,
		unsigned long mode);
long sys_creat(unsigned long path, unsigned long mode);
long sys_close(unsigned long descriptor);
long sys_lseek(unsigned long descriptor, unsigned long offset, unsigned long whence);
long sys_llseek(unsigned long descriptor, unsigned long high, unsigned long low,
		unsigned long result, unsigned long whence);
long sys_dup(unsigned long descriptor);
long sys_dup2(unsigned long descriptor, unsigned long wanted);
long sys_dup3(unsigned long descriptor, unsigned long wanted, unsigned long flags);
long sys_pipe(unsigned long descriptors);
long sys_pipe2(unsigned long descriptors, unsigned long flags);
long sys_fcntl(unsigned long descriptor, unsigned long command, unsigned long argument);
long sys_fcntl64(unsigned long descriptor, unsigned long command, unsigned long argument);
long sys_ioctl(unsigned long descriptor, unsigned long request, unsigned long argument);
long sys_getdents64(unsigned long descriptor, unsigned long buffer, unsigned long n);
long sys_stat(unsigned long path, unsigned long buffer);
long sys_lstat(unsigned long path, unsigned long buffer);
long sys_fstat(unsigned long descriptor, unsigned long buffer);
long sys_newfstatat(unsigned long directory, unsigned long path, unsigned long buffer,
		    unsigned long flags);
long sys_stat64(unsigned long path, unsigned long buffer);
long sys_lstat64(unsigned long path, unsigned long buffer);
long sys_fstat64(unsigned long descriptor, unsigned long buffer);
long sys_fstatat64(unsigned long directory, unsigned long path, unsigned long buffer,
		   unsigned long flags);
long sys_statx(unsigned long directory, unsigned long path, unsigned long flags, unsigned long mask,
	       unsigned long buffer);
long sys_access(unsigned long path, unsigned long mode);
long sys_faccessat(unsigned long directory, unsigned long path, unsigned long mode);
long sys_faccessat2(unsigned long directory, unsigned long path, unsigned long mode,
		    unsigned long flags);
long sys_readlink(unsigned long path, unsigned long buffer, unsigned long n);
long sys_readlinkat(unsigned long directory, unsigned long path, unsigned long buffer,
		    unsigned long n);
long sys_getcwd(unsigned long buffer, unsigned long n);
long sys_chdir(unsigned long path);
long sys_fchdir(unsigned long descriptor);
long sys_poll(unsigned long descriptors, unsigned long count, unsigned long timeout_ms);
long sys_ppoll(unsigned long descriptors, unsigned long count, unsigned long timeout,
	       unsigned long mask, unsigned long size);
long sys_ppoll_time32(unsigned long descriptors, unsigned long count, unsigned long timeout,
		      unsigned long mask, unsigned long size);
long sys_sendfile(unsigned long out, unsigned long in, unsigned long offset, unsigned long n);
long sys_sendfile64(unsigned long out, unsigned long in, unsigned long offset, unsigned long n);

/* ---- ipc: Tessera's own, from TESSERA_CALLS up in this order ---- */
long sys_semaphore_create(unsigned long initial, unsigned long flags);
long sys_semaphore_wait(unsigned long descriptor, unsigned long timeout);
long sys_semaphore_post(unsigned long descriptor);
long sys_semaphore_exchange(unsigned long post, unsigned long wait, unsigned long timeout);
long sys_semaphore_value(unsigned long descriptor, unsigned long value);
long sys_message_box_create(unsigned long slots, unsigned long size, unsigned long flags);
long sys_message_box_send(unsigned long descriptor, unsigned long buffer, unsigned long n,
			  unsigned long timeout);
long sys_message_box_receive(unsigned long descriptor, unsigned long buffer, unsigned long n,
			     unsigned long request);
long sys_message_box_info(unsigned long descriptor, unsigned long info);
long sys_event_send(unsigned long pid, unsigned long word, unsigned long timeout);
long sys_event_receive(unsigned long event, unsigned long timeout);
long sys_event_exchange(unsigned long pid, unsigned long word, unsigned long event,
			unsigned long timeout);

#endif
