/* SPDX-License-Identifier: MIT */
/*
 * Processes and their tasks. A process is what a user sees: an address space, files, children, a
 * status when it has ended. A task is one thread of it, with the kernel thread that carries it. Both
 * are numbered from one table of pids (the first task's tid is the pid), used again only after a
 * full cycle.
 *
 * Signals, futexes, exec and the calls themselves are in kernel/process/; this header is what other
 * rooms need.
 */
#ifndef TESSERA_PROCESS_H
#define TESSERA_PROCESS_H

#include <asm/user.h> /* struct user_context, struct trap_frame */
#include <tessera/address_space.h>
#include <tessera/file.h>
#include <tessera/list.h>
#include <tessera/thread.h>

#define PROCESS_NAME_MAX 16 /* with its NUL, as Linux's TASK_COMM_LEN */

struct process;
struct signal_actions; /* kernel/process/signal.h */

struct task {
	struct user_context user; /* first: the architecture's registers that the kernel never uses */
	struct thread *thread;
	struct process *process;
	int tid;
	struct list_node link;	  /* in process->tasks */
	uint64_t pending, blocked; /* signals, bit n-1 is signal n */
	uint64_t saved_blocked;	  /* rt_sigsuspend: what to go back to */
	bool restore_blocked;
	uintptr_t signal_stack, signal_stack_size;
	uintptr_t clear_child_tid; /* 0: none */
	uintptr_t robust_list;
	/* The rest of what kernel/process needs is added here by it. */
};

struct process {
	int pid;
	char name[PROCESS_NAME_MAX];
	struct address_space *space;
	struct file_table *files;
	struct signal_actions *actions;
	uint64_t pending; /* signals to the process as a whole */
	struct process *parent;
	struct list_node children, sibling;
	struct list_node tasks;
	unsigned task_count;
	struct wait_queue child_ended; /* wait4 sleeps here */
	int status;		       /* as wait4 gives it, once it has ended */
	bool ended;		       /* a zombie */
	/* The rest of what kernel/process needs is added here by it. */
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

/* By number, or NULL. No other thread may run meanwhile (sched_hold) as long as it is used. O(1). */
struct task *task_by_tid(int tid);
struct process *process_by_pid(int pid);

/* Makes the first process, pid 1, and starts `path` (an ELF file of the initramfs) in it. -errno;
 * logs the reason. Start-up. */
int process_start_init(const char *path);

/*
 * Sends a signal (1 .. 64) to a process, to one task. Wakes what must notice. Any context but with
 * LOCK_SPACE held. 0; -EINVAL.
 */
int signal_process(struct process *process, int signal);
int signal_task(struct task *task, int signal);

/* Whether the running task has a signal to take: long loops and waits end with -EINTR then. */
bool signal_is_pending(void);

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
