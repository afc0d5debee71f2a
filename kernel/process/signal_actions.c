// SPDX-License-Identifier: MIT
/*
 * What a process does about signals: rt_sigaction. The table of actions is shared after fork, and
 * copied by whoever changes it next; a process that never set one has none.
 *
 * Sets in user memory are words of a long, lowest signals first, in as many bytes as the architecture's
 * ABI has (MIPS: twice as many as there are signals); in the kernel they are 64 bits.
 */
#include <tessera/kmalloc.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "signal.h"

static void set_from_words(uint64_t *set, const unsigned long *words)
{
	*set = 0;
	for (unsigned i = 0; i < sizeof(*set) / sizeof(long); i++)
		*set |= (uint64_t)words[i] << (i * 8 * sizeof(long));
}

static void set_to_words(unsigned long *words, uint64_t set)
{
	memset(words, 0, SIGNAL_SET_SIZE);
	for (unsigned i = 0; i < sizeof(set) / sizeof(long); i++)
		words[i] = (unsigned long)(set >> (i * 8 * sizeof(long)));
}

int signal_set_load(uint64_t *set, uintptr_t user)
{
	unsigned long words[SIGNAL_SET_WORDS];

	if (copy_from_user(words, user, sizeof(words)))
		return -EFAULT;
	set_from_words(set, words);
	return 0;
}

int signal_set_store(uintptr_t user, uint64_t set)
{
	unsigned long words[SIGNAL_SET_WORDS];

	set_to_words(words, set);
	return copy_to_user(user, words, sizeof(words));
}

/* ---- Actions ---- */

struct signal_actions *signal_actions_get(struct process *process)
{
	struct signal_actions *actions;

	sched_hold(); /* another task may be replacing them */
	actions = process->actions;
	if (actions)
		actions->users++;
	sched_release();
	return actions;
}

void signal_actions_put(struct signal_actions *actions)
{
	unsigned users;

	sched_hold();
	users = --actions->users;
	sched_release();
	if (!users)
		kfree(actions);
}

void signal_actions_exec(struct process *process)
{
	struct signal_actions *actions = process->actions;

	process->caught = 0;
	process->actions = NULL;
	if (actions)
		signal_actions_put(actions);
}

/* The process's own table, to be changed. NULL: no memory. The scheduler is held. */
static struct signal_actions *own_actions(struct process *process)
{
	struct signal_actions *actions = process->actions, *own;

	if (actions && actions->users == 1)
		return actions;
	own = kmalloc(sizeof(*own));
	if (!own)
		return NULL;
	if (actions) {
		memcpy(own, actions, sizeof(*own));
		actions->users--;
	} else {
		memset(own, 0, sizeof(*own));
	}
	own->users = 1;
	process->actions = own;
	return own;
}

static int load_action(struct signal_action *action, uintptr_t user)
{
	struct kernel_sigaction from;

	if (copy_from_user(&from, user, sizeof(from)))
		return -EFAULT;
	action->handler = from.handler;
	action->flags = from.flags;
	action->restorer = 0;
#ifdef KERNEL_SIGACTION_RESTORER
	if (from.flags & SA_RESTORER)
		action->restorer = from.restorer;
#endif
	set_from_words(&action->mask, from.mask);
	action->mask &= ~SIGNALS_FIRM;
	return 0;
}

static int store_action(uintptr_t user, const struct signal_action *action)
{
	struct kernel_sigaction to;

	memset(&to, 0, sizeof(to));
	to.handler = action->handler;
	to.flags = (__typeof__(to.flags))action->flags;
#ifdef KERNEL_SIGACTION_RESTORER
	to.restorer = action->restorer;
#endif
	set_to_words(to.mask, action->mask);
	return copy_to_user(user, &to, sizeof(to));
}

/* What a signal does now, as rt_sigaction tells it. */
static struct signal_action present_action(const struct process *process, int signal)
{
	struct signal_action action = { .handler = SIG_DFL };

	if (process->actions)
		action = process->actions->of[signal - 1];
	if (process->ignored & SIGNAL_BIT(signal))
		action.handler = SIG_IGN;
	else if (!(process->caught & SIGNAL_BIT(signal)))
		action.handler = SIG_DFL;
	return action;
}

/* The scheduler is held. */
static int set_action(struct process *process, int signal, const struct signal_action *action)
{
	struct signal_actions *actions = own_actions(process);
	uint64_t bit = SIGNAL_BIT(signal);
	unsigned long flags;

	if (!actions)
		return -ENOMEM;
	flags = irq_save();
	actions->of[signal - 1] = *action;
	process->ignored &= ~bit;
	process->caught &= ~bit;
	if (action->handler == SIG_IGN)
		process->ignored |= bit;
	else if (action->handler != SIG_DFL)
		process->caught |= bit;
	/* What is pending and would do nothing any more is gone. */
	if (process->ignored & bit || (!(process->caught & bit) && bit & SIGNALS_QUIET)) {
		process->pending.set &= ~bit;
		list_for_each(node, &process->tasks)
			list_entry(node, struct task, link)->pending.set &= ~bit;
	}
	irq_restore(flags);
	return 0;
}

long sys_rt_sigaction(unsigned long signal, unsigned long user_action, unsigned long old,
		      unsigned long size)
{
	struct process *process = current_process();
	struct signal_action action, before;
	int error = 0;

	if (size != SIGNAL_SET_SIZE || signal < 1 || signal > SIGNALS ||
	    (user_action && SIGNAL_BIT(signal) & SIGNALS_FIRM))
		return -EINVAL;
	if (user_action && load_action(&action, user_action))
		return -EFAULT;
	sched_hold();
	before = present_action(process, (int)signal);
	if (user_action)
		error = set_action(process, (int)signal, &action);
	sched_release();
	if (error)
		return error;
	return old ? store_action(old, &before) : 0;
}
