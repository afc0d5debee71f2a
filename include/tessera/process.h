/* SPDX-License-Identifier: MIT */
/*
 * Processes and their tasks. A process is what a user sees: an address space, files, children, a
 * status when it has ended. A task is one thread of it, with the kernel thread that carries it. Both
 * are numbered from one table of pids (the first task's tid is the pid), used again only after a
 * full cycle.
 *
 * Locking. Lists, numbers and signals are changed with interrupts masked, because an interrupt handler
 * may send a signal; who walks them in thread context masks too, or holds the scheduler if it only
 * reads. What belongs to one process alone (space, files, name) is changed by its own tasks only, and
 * by the last of them when it ends.
 *
 * Signals, futexes, exec and the calls themselves are in kernel/process/; this header is what other
 * rooms need.
 */
#ifndef TESSERA_PROCESS_H
#define TESSERA_PROCESS_H

#include <asm/user.h> /* struct user_context, struct trap_frame */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/file.h>
#include <tessera/list.h>
#include <tessera/system_call.h>
#include <tessera/thread.h>

#define PROCESS_NAME_MAX 16 /* with its NUL, as Linux's TASK_COMM_LEN */

#define SIGNALS 64

struct pid;
struct process;
struct signal_actions; /* kernel/process/signal.h */

/* Who sent a signal, and why: si_pid, si_code, si_status of the ABI. */
struct signal_origin {
	int sender;
	int16_t code;
	int16_t status;
};

/* Signals that wait to be taken: bit n-1 of the set is signal n, and from[n-1] means something only
 * while that bit is set. So nobody ever clears the array. */
struct pending_signals {
	uint64_t set;
	struct signal_origin from[SIGNALS];
};

struct task {
	struct user_context
		user; /* first: the architecture's registers that the kernel never uses */
	struct thread *thread;
	struct process *process;
	int tid;
	struct pid *id;	       /* the entry of tid in the table (kernel/process/pid.h) */
	struct list_node link; /* in process->tasks */

	uint64_t blocked;	/* signals that stay pending */
	uint64_t saved_blocked; /* with restore_blocked: what rt_sigsuspend, ppoll go back to */
	uint64_t awaited;	/* rt_sigtimedwait: these end the wait */
	bool restore_blocked;
	uintptr_t signal_stack, signal_stack_size; /* sigaltstack; size 0: none */
	uintptr_t fault_address;		   /* of the last exception: si_addr */

	uintptr_t clear_child_tid; /* 0: none */
	uintptr_t set_child_tid;   /* what a new task does first; 0: nothing */
	uintptr_t robust_list;
	uint64_t sleep_until; /* nanosleep, while it is interrupted; 0: not asleep */

	struct process *vfork_child; /* that this task waits for; NULL: none */
	struct wait_queue vfork_done;

	uint8_t policy; /* SCHED_... */
	uint8_t real_time_priority;
	int8_t nice;

	struct pending_signals pending; /* to this task alone */
};

struct process {
	int pid;
	int parent_pid; /* 0: init's */
	struct address_space *space;
	struct file_table *files;
	struct process *parent;
	struct list_node tasks;
	unsigned task_count;

	/* Signals. */
	struct signal_actions *actions; /* NULL: none was ever set */
	uint64_t ignored, caught;	/* SIG_IGN; a handler. Neither: the default */
	unsigned exit_signal;		/* what the parent gets when this ends; 0: nothing */

	/* Its end. */
	bool ending; /* all tasks are to end */
	bool ended;  /* a zombie */
	bool stopped;
	bool report_stop, report_continue; /* wait4 has not told them yet */
	uint8_t stop_signal;
	int status; /* as wait4 gives it */

	/* Others. children: those that have not ended; ended_children: those that have. */
	struct list_node children, ended_children, sibling;
	struct wait_queue child_changed; /* wait4 */
	struct wait_queue continued;	 /* tasks of a stopped process */
	struct wait_queue alone;	 /* exec, until its task is the only one */
	struct task *vfork_parent;	 /* waits until the space is no longer used; NULL: nobody */
	bool has_executed;		 /* execve since fork: setpgid is refused then */
	int group, session;		 /* process group and session: pids */
	struct list_node group_link;

	struct timer alarm; /* SIGALRM */
	uint64_t alarm_time,
		alarm_period; /* when it rings next, 0: never; and how often, 0: once */

	unsigned umask;
	uint64_t started;		      /* clock_now() when it was made */
	uint64_t run_time, children_run_time; /* of ended tasks; of children that were waited for */
	char name[PROCESS_NAME_MAX];

	struct pending_signals pending; /* to the process as a whole */
};

/* The running task and process; only from a thread that is one. thread->task is NULL in kernel
 * threads. */
static inline struct task *current_task(void)
{
	return current_thread()->task;
}

static inline struct process *current_process(void)
{
	return current_task()->process;
}

/* By number, or NULL. No other thread may run meanwhile (sched_hold) as long as it is used; the second
 * gives ended processes too, until they are waited for. O(1). */
struct task *task_by_tid(int tid);
struct process *process_by_pid(int pid);

/* Calls `each` for every process, ended ones too, in order of pid within a cycle, until it gives
 * false. No other thread runs meanwhile, so `each` must not block. Thread context. */
void process_each(bool (*each)(struct process *process, void *arg), void *arg);

/* What exists now: for the ledger test and `processes`. */
struct process_totals {
	unsigned processes; /* ended ones too */
	unsigned tasks;
	unsigned pids; /* numbers in use: of either, and of groups and sessions */
};
void process_totals(struct process_totals *totals);

/* Makes the first process, pid 1, and starts `path` (an ELF file of the initramfs) in it, with `word` as
 * argument if that is not NULL. -errno; logs the reason. Start-up. */
int process_start_init(const char *path, const char *word);

/* ---- Signals ---- */

/* The origin of a signal that the kernel itself sends. */
extern const struct signal_origin signal_from_kernel;

/*
 * Sends a signal (1 .. 64) to a process, to one task, to every process of a group (a pid). Wakes what
 * must notice. Any context but with LOCK_SPACE held. To a group: 0, or -ESRCH when it is empty.
 */
void signal_process(struct process *process, int signal);
void signal_task(struct task *task, int signal);
int signal_group(int group, int signal);

/* Whether the running task has a signal to take: long loops and waits end with -EINTR then. */
static inline bool signal_is_pending(void)
{
	return current_thread()->killed;
}

/* Whether the running task would not notice this signal: it is blocked or ignored. */
bool signal_is_unwanted(int signal);

/*
 * Blocks the signals of a set (as the user has it, `size` bytes) instead of the present ones for the
 * rest of the running call: the first half of ppoll and rt_sigsuspend. The old set comes back on the
 * way to user mode. 0; -EFAULT; -EINVAL: a wrong size.
 */
int signal_block_during_call(uintptr_t user_set, size_t size);

/* ---- What the architecture's entry code calls (interrupts on, full trap frame) ---- */

/* The way back to user mode, when thread->work is not 0 or a switch is due: switches, delivers
 * signals, or ends the task. The frame may have been changed. Comes back with interrupts masked and
 * nothing due. */
void user_exit_work(struct trap_frame *frame);

/* A page fault from user mode. Mends it, or sends SIGSEGV (SIGKILL when memory is exhausted) with a
 * line in the log. */
void user_page_fault(struct trap_frame *frame, uintptr_t address, unsigned access);

/* Any other exception of a user program: `signal` with `code` (SI_... of the ABI) for `address`; `what`
 * is for the log ("divide error"). */
void user_exception(struct trap_frame *frame, int signal, int code, uintptr_t address,
		    const char *what);

#endif
