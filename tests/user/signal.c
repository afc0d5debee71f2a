// SPDX-License-Identifier: MIT
/* Signals: handlers, masks, the alternate stack, interrupted calls, and what kill may do to whom. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static volatile int count, last;
static volatile siginfo_t info;

static void handler(int number)
{
	count++;
	last = number;
}

static void handler_with_info(int number, siginfo_t *from, void *context)
{
	handler(number);
	memcpy((void *)&info, from, sizeof(info));
	if (!context)
		count = -1;
}

static sigset_t set_of(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return set;
}

static void install(int number, void (*function)(int), unsigned long flags)
{
	struct sigaction action = { .sa_handler = function, .sa_flags = flags };

	EXPECT_EQ(sigaction(number, &action, NULL), 0);
}

TEST(handler_runs)
{
	signal(SIGUSR1, handler);
	EXPECT_EQ(raise(SIGUSR1), 0);
	EXPECT_EQ(count, 1);
	EXPECT_EQ(last, SIGUSR1);
	EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
	EXPECT_EQ(count, 2);
}

TEST(handler_learns_who_and_why)
{
	struct sigaction action = { .sa_sigaction = handler_with_info, .sa_flags = SA_SIGINFO };
	pid_t child, self = getpid();

	sigaction(SIGUSR2, &action, NULL);
	kill(getpid(), SIGUSR2);
	EXPECT_EQ(info.si_signo, SIGUSR2);
	EXPECT_EQ(info.si_code, SI_USER);
	EXPECT_EQ(info.si_pid, getpid());
	child = fork();
	if (child == 0) {
		kill(self, SIGUSR2);
		_exit(0);
	}
	status_of(child);
	EXPECT_EQ(info.si_pid, child);
	raise(SIGUSR2);
	EXPECT_EQ(info.si_code, SI_TKILL);
	EXPECT_EQ(count, 3);
}

TEST(default_actions)
{
	static const int ends[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGILL,	SIGTRAP, SIGABRT,
				    SIGBUS,  SIGFPE,  SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2,
				    SIGPIPE, SIGALRM, SIGTERM, SIGSYS };
	static const int does_nothing[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		EXPECT_SIGNAL(ends[i], raise(ends[i]));
	for (size_t i = 0; i < sizeof(does_nothing) / sizeof(does_nothing[0]); i++)
		EXPECT_EXIT(0, raise(does_nothing[i]));
}

TEST(ignored)
{
	signal(SIGTERM, SIG_IGN);
	raise(SIGTERM);
	signal(SIGTERM, SIG_DFL);
	EXPECT_SIGNAL(SIGTERM, raise(SIGTERM));
}

TEST(bad_arguments)
{
	struct sigaction action = { .sa_handler = handler };
	sigset_t set = set_of(SIGUSR1);

	EXPECT_ERROR(sigaction(0, &action, NULL), EINVAL);
	EXPECT_ERROR(sigaction(-1, &action, NULL), EINVAL);
	EXPECT_ERROR(sigaction(1000, &action, NULL), EINVAL);
	EXPECT_ERROR(sigaction(SIGKILL, &action, NULL), EINVAL);
	EXPECT_ERROR(sigaction(SIGSTOP, &action, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 3), EINVAL);
	EXPECT_ERROR(sigprocmask(77, &set, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4), EINVAL);
	EXPECT_ERROR(kill(getpid(), -1), EINVAL);
	EXPECT_ERROR(kill(getpid(), 1000), EINVAL);
	EXPECT_ERROR(kill(0x3fffffff, SIGTERM), ESRCH);
	EXPECT_ERROR(kill(-0x3fffffff, SIGTERM), ESRCH);
	EXPECT_ERROR(tgkill(getpid(), 0x3fffffff, SIGTERM), ESRCH);
	EXPECT_ERROR(tgkill(-1, gettid(), SIGTERM), EINVAL);
	EXPECT_ERROR(tgkill(1, gettid(), SIGTERM), ESRCH);
	EXPECT_EQ(kill(getpid(), 0), 0);
}

TEST(old_action_comes_back)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_NODEFER }, old;

	sigaddset(&action.sa_mask, SIGUSR2);
	EXPECT_EQ(sigaction(SIGUSR1, &action, &old), 0);
	EXPECT(old.sa_handler == SIG_DFL);
	EXPECT_EQ(sigaction(SIGUSR1, NULL, &old), 0);
	EXPECT(old.sa_handler == handler);
	EXPECT(old.sa_flags & SA_NODEFER);
	EXPECT_EQ(sigismember(&old.sa_mask, SIGUSR2), 1);
	EXPECT_EQ(sigismember(&old.sa_mask, SIGUSR1), 0);
}

TEST(blocked_until_unblocked)
{
	sigset_t set = set_of(SIGUSR1), old, pending;

	signal(SIGUSR1, handler);
	EXPECT_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
	EXPECT_EQ(sigismember(&old, SIGUSR1), 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	EXPECT_EQ(count, 0);
	EXPECT_EQ(sigpending(&pending), 0);
	EXPECT_EQ(sigismember(&pending, SIGUSR1), 1);
	EXPECT_EQ(sigismember(&pending, SIGUSR2), 0);
	EXPECT_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	EXPECT_EQ(count, 1); /* they do not queue */
	EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &old), 0);
	EXPECT_EQ(sigismember(&old, SIGUSR1), 0);
}

TEST(kill_and_stop_cannot_be_blocked)
{
	sigset_t all, now;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigprocmask(SIG_SETMASK, NULL, &now);
	EXPECT_EQ(sigismember(&now, SIGKILL), 0);
	EXPECT_EQ(sigismember(&now, SIGSTOP), 0);
	EXPECT_EQ(sigismember(&now, SIGTERM), 1);
	EXPECT_SIGNAL(SIGKILL, raise(SIGKILL));
}

static volatile int depth, deepest;

static void nest(int number)
{
	if (++depth > deepest)
		deepest = depth;
	if (depth < 5 && count < 5)
		raise(number);
	depth--;
	count++;
}

TEST(handler_is_not_entered_twice)
{
	install(SIGUSR1, nest, 0);
	raise(SIGUSR1);
	EXPECT_EQ(deepest, 1);
	EXPECT(count > 1); /* the one raised within comes afterwards */
}

TEST(handler_nests_when_asked)
{
	install(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	EXPECT_EQ(deepest, 5);
	EXPECT_EQ(count, 5);
}

TEST(handler_once)
{
	install(SIGUSR1, handler, SA_RESETHAND);
	EXPECT_SIGNAL(SIGUSR1, {
		raise(SIGUSR1);
		raise(SIGUSR1);
	});
}

static volatile int order[4], ordered;

static void note_order(int number)
{
	if (ordered < 4)
		order[ordered++] = number;
	if (number == SIGUSR1)
		raise(SIGUSR2); /* in its mask */
	if (ordered < 4)
		order[ordered++] = -number;
}

TEST(mask_of_a_handler)
{
	struct sigaction action = { .sa_handler = note_order };

	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	install(SIGUSR2, note_order, 0);
	raise(SIGUSR1);
	EXPECT_EQ(order[0], SIGUSR1);
	EXPECT_EQ(order[1], -SIGUSR1);
	EXPECT_EQ(order[2], SIGUSR2);
	EXPECT_EQ(order[3], -SIGUSR2);
}

TEST(mask_is_inherited_and_handlers_too)
{
	sigset_t set = set_of(SIGUSR2), now;

	signal(SIGUSR1, handler);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR2); /* pending here, not in the child */
	EXPECT_EXIT(1, {
		sigset_t pending;

		raise(SIGUSR1);
		sigpending(&pending);
		sigprocmask(SIG_BLOCK, NULL, &now);
		if (sigismember(&pending, SIGUSR2) || !sigismember(&now, SIGUSR2))
			_exit(9);
		_exit(count);
	});
}

/* ---- Waiting for signals ---- */

TEST(pause_ends_with_a_handler)
{
	pid_t self = getpid(), child;

	signal(SIGUSR1, handler);
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		kill(self, SIGUSR1);
		_exit(0);
	}
	EXPECT_ERROR(pause(), EINTR);
	EXPECT_EQ(count, 1);
	status_of(child);
}

TEST(suspend_lets_one_through)
{
	sigset_t blocked = set_of(SIGUSR1), none, now;
	pid_t self = getpid(), child;

	signal(SIGUSR1, handler);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	child = fork();
	if (child == 0) {
		kill(self, SIGUSR1);
		_exit(0);
	}
	sigemptyset(&none);
	EXPECT_ERROR(sigsuspend(&none), EINTR);
	EXPECT_EQ(count, 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
	status_of(child);
}

TEST(timed_wait)
{
	sigset_t set = set_of(SIGUSR1);
	struct timespec soon = { .tv_nsec = 3000000 }, now = { 0 };
	siginfo_t what;
	int64_t start = now_ns();

	sigprocmask(SIG_BLOCK, &set, NULL);
	EXPECT_ERROR(sigtimedwait(&set, &what, &now), EAGAIN);
	EXPECT_ERROR(sigtimedwait(&set, &what, &soon), EAGAIN);
	EXPECT(now_ns() - start >= 3000000);
	raise(SIGUSR1);
	EXPECT_EQ(sigtimedwait(&set, &what, &soon), SIGUSR1);
	EXPECT_EQ(what.si_signo, SIGUSR1);
	EXPECT_ERROR(sigtimedwait(&set, &what, &now), EAGAIN);
}

TEST(calls_are_interrupted)
{
	int ends[2];
	char byte;
	pid_t self = getpid(), child;

	ASSERT(pipe(ends) == 0);
	install(SIGUSR1, handler, 0);
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		kill(self, SIGUSR1);
		_exit(0);
	}
	EXPECT_ERROR(read(ends[0], &byte, 1), EINTR);
	EXPECT_EQ(count, 1);
	status_of(child);
}

TEST(calls_go_on)
{
	int ends[2];
	char byte = 0;
	pid_t self = getpid(), child;

	ASSERT(pipe(ends) == 0);
	install(SIGUSR1, handler, SA_RESTART);
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		kill(self, SIGUSR1);
		sleep_ms(5);
		write(ends[1], "x", 1);
		_exit(0);
	}
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(count, 1);
	EXPECT_EQ(status_of(child), 0);
}

/* A signal that does nothing does not end a call either. */
TEST(ignored_signals_do_not_interrupt)
{
	int ends[2];
	char byte = 0;
	pid_t self = getpid(), child;

	ASSERT(pipe(ends) == 0);
	signal(SIGUSR1, SIG_IGN);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 3; i++) {
			sleep_ms(2);
			kill(self, SIGUSR1);
			kill(self, SIGWINCH);
		}
		write(ends[1], "y", 1);
		_exit(0);
	}
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'y');
	status_of(child);
}

TEST(sleep_says_what_is_left)
{
	struct timespec request = { .tv_nsec = 400000000 }, left = { 0 };
	pid_t self = getpid(), child;

	signal(SIGUSR1, handler);
	child = fork();
	if (child == 0) {
		sleep_ms(20);
		kill(self, SIGUSR1);
		_exit(0);
	}
	EXPECT_ERROR(nanosleep(&request, &left), EINTR);
	EXPECT(left.tv_sec == 0 && left.tv_nsec > 100000000 && left.tv_nsec <= 390000000);
	status_of(child);
}

/* ---- The alternate stack ---- */

static char alternate[8192] __attribute__((aligned(16)));
static volatile uintptr_t handler_stack;
static volatile int on_stack;

static void note_stack(int number)
{
	stack_t now;
	char here;

	handler_stack = (uintptr_t)&here;
	sigaltstack(NULL, &now);
	on_stack = now.ss_flags == SS_ONSTACK;
	handler(number);
}

TEST(alternate_stack)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) }, old;

	EXPECT_EQ(sigaltstack(&stack, &old), 0);
	EXPECT_EQ(old.ss_flags, SS_DISABLE);
	install(SIGUSR1, note_stack, SA_ONSTACK);
	install(SIGUSR2, note_stack, 0);
	raise(SIGUSR1);
	EXPECT(handler_stack - (uintptr_t)alternate < sizeof(alternate));
	EXPECT_EQ(on_stack, 1);
	raise(SIGUSR2);
	EXPECT(handler_stack - (uintptr_t)alternate >= sizeof(alternate));
	EXPECT_EQ(on_stack, 0);
	EXPECT_EQ(sigaltstack(NULL, &old), 0);
	EXPECT_EQ(old.ss_sp, alternate);
	stack.ss_size = 100;
	EXPECT_ERROR(sigaltstack(&stack, NULL), ENOMEM);
	stack.ss_flags = 0x40;
	EXPECT_ERROR(sigaltstack(&stack, NULL), EINVAL);
	stack.ss_flags = SS_DISABLE;
	EXPECT_EQ(sigaltstack(&stack, NULL), 0);
}

static void leave(int number)
{
	(void)number;
	_exit(42);
}

static int __attribute__((noinline)) endless(int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return n < 1 << 30 ? endless(n + 1) + room[0] : 0;
}

/* The only way to survive the end of the stack. */
TEST(stack_overflow_is_handled)
{
	EXPECT_EXIT(42, {
		stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
		struct rlimit limit = { 1 << 20, 1 << 20 }; /* or memory may end first */

		setrlimit(RLIMIT_STACK, &limit);
		sigaltstack(&stack, NULL);
		install(SIGSEGV, leave, SA_ONSTACK);
		endless(0);
	});
}

TEST(bad_alternate_stack)
{
	EXPECT_SIGNAL(SIGSEGV, {
		stack_t stack = { .ss_sp = unmapped(), .ss_size = 8192 };

		sigaltstack(&stack, NULL);
		install(SIGUSR1, handler, SA_ONSTACK);
		raise(SIGUSR1);
	});
}

TEST(bad_handler)
{
	EXPECT_SIGNAL(SIGSEGV, {
		signal(SIGUSR1, (sighandler_t)(uintptr_t)unmapped());
		raise(SIGUSR1);
	});
#ifdef __mips__
	EXPECT_SIGNAL(SIGBUS, { /* an address error */
#else
	EXPECT_SIGNAL(SIGSEGV, {
#endif
				signal(SIGUSR1, (sighandler_t)KERNEL_ADDRESS);
				raise(SIGUSR1);
	});
}
