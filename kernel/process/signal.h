/* SPDX-License-Identifier: MIT */
/* Signals: what the files of this folder share. */
#ifndef PROCESS_SIGNAL_H
#define PROCESS_SIGNAL_H

#include <tessera/process.h>
#include <tessera/signal.h>

#define SIGNAL_BIT(signal) (1ull << ((signal)-1))

/* Two signals that nobody can block, catch or ignore. */
#define SIGNALS_FIRM (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define SIGNALS_STOP \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
/* Those whose default is to do nothing. */
#define SIGNALS_QUIET \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH) | SIGNAL_BIT(SIGCONT))

/* What rt_sigaction sets; entries are for programs to read back and for handlers to be called with.
 * What a signal does is in process->ignored and process->caught. Shared after fork until one side
 * changes it. */
struct signal_action {
	uintptr_t handler; /* SIG_DFL, SIG_IGN, or an address */
	uintptr_t restorer;
	unsigned long flags;
	uint64_t mask;
};

struct signal_actions {
	unsigned users;
	struct signal_action of[SIGNALS]; /* signal n: of[n - 1] */
};

/* One user more (NULL: the process has none), one fewer. */
struct signal_actions *signal_actions_get(struct process *process);
void signal_actions_put(struct signal_actions *actions);

/* What exec leaves of them: what was ignored stays so. */
void signal_actions_exec(struct process *process);

/* The same as signal_process, or to one task (NULL: whichever takes it), with an origin. */
void signal_send(struct process *process, struct task *task, int signal,
		 const struct signal_origin *origin);

/* A signal that the running task's own instruction caused: it is not blocked or ignored, it kills
 * then. */
void signal_force(int signal, int code, uintptr_t address);
/* Whether a handler would see it. */
bool signal_is_caught(int signal);

/* The set of signals that the task would take now. Masked, or its own. */
static inline uint64_t signals_due(const struct task *task)
{
	return (task->pending.set | task->process->pending.set) & ~task->blocked;
}

/* After any change of blocked or pending sets of the running task: work and killed as they are to
 * be. Masked. */
void signal_update(struct task *task);

/* Changes the mask of the running task. */
void signal_set_blocked(struct task *task, uint64_t blocked);

/* Takes the first pending signal of `among` off; 0: none is there. Masked. */
int signal_take(struct task *task, uint64_t among, struct signal_origin *origin);

/* A stopped process goes on. Masked. */
void process_continue(struct process *process);

/* Sets of signals as the user has them. 0 or -EFAULT. */
int signal_set_load(uint64_t *set, uintptr_t user);
int signal_set_store(uintptr_t user, uint64_t set);

/* Lets the tasks of the process stop until SIGCONT, the running one among them. */
void process_stop(struct process *process, int signal);
/* Sleeps as long as the process is stopped. */
void task_wait_while_stopped(struct task *task);

#endif
