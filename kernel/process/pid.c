// SPDX-License-Identifier: MIT
/*
 * The table of pids. It has as many entries as there can be tasks and ended processes at once; the
 * number in an entry says which cycle it is in: an entry that comes back from its user gives its
 * number plus the size of the table next time. A free entry has its last number with a minus, and one
 * without a task a tid that belongs into another entry, so that nobody finds it. Free entries stand in a queue, so a number comes back only
 * after every other free entry has been used as often as there are cycles below PID_MAX; and finding the
 * entry of a number is one division by a constant.
 *
 * Take, give and find are O(1). It costs 34 bytes an entry (66 on 64 bits), whether used or not.
 */
#include <tessera/pid_table.h>
#include <tessera/sched.h>

#include "pid.h"

#define ENTRIES CONFIG_TASKS_MAX
#define PID_MAX MAX(32767, ENTRIES) /* small numbers are easier to type */

struct pid pids[ENTRIES];

/* The queue of free entries that have been used before; by index plus 1, 0 is nobody. */
static uint16_t next_free[ENTRIES];
static unsigned fresh = 1; /* from here on no number has ever been used, up to ENTRIES */
static unsigned free_first, free_last;
static unsigned in_use;

_Static_assert(ENTRIES < UINT16_MAX, "an index fits into the queue");

/* Every number that is none is looked for in an entry with another tid. */
void pid_init(void)
{
	pid_clear_task(pid_place(0));
}

void pid_set_task(struct pid *pid, struct task *task)
{
	pid->task = task;
	pid->thread = task->thread;
	pid->tid = pid->number;
}

void pid_clear_task(struct pid *pid)
{
	pid->task = NULL;
	pid->tid = pid->number + 1;
}

struct pid *pid_take(void)
{
	struct pid *pid;
	unsigned index;

	if (fresh <= ENTRIES) {
		pid = pid_place((int)fresh);
		pid->number = (int)fresh++;
		list_init(&pid->group);
	} else {
		index = free_first;
		if (!index--)
			return NULL;
		free_first = next_free[index];
		pid = &pids[index];
		pid->number = ENTRIES - pid->number;
		if (pid->number > PID_MAX)
			pid->number = index ? (int)index : ENTRIES;
	}
	pid_clear_task(pid);
	pid->uses = 1;
	in_use++;
	return pid;
}

static void give(struct pid *pid)
{
	unsigned index = (unsigned)(pid - pids);

	pid->number = -pid->number;
	next_free[index] = 0;
	if (free_first)
		next_free[free_last - 1] = (uint16_t)(index + 1);
	else
		free_first = index + 1;
	free_last = index + 1;
	in_use--;
}

void pid_put(struct pid *pid)
{
	if (!--pid->uses)
		give(pid);
}

struct pid *pid_find(int number)
{
	struct pid *pid = pid_place(number);

	return number > 0 && pid->number == number ? pid : NULL;
}

struct task *task_by_tid(int tid)
{
	return pid_task(tid);
}

struct process *process_by_pid(int number)
{
	struct pid *pid = pid_find(number);

	return pid ? pid->process : NULL;
}

static void join_group(struct process *process, struct pid *group)
{
	process->group = group->number;
	list_add_tail(&group->group, &process->group_link);
	group->uses++;
}

void pid_join(struct process *process, int group, int session)
{
	struct pid *pid = pid_find(session);

	join_group(process, pid_find(group));
	process->session = session;
	pid->uses++;
}

void pid_leave(struct process *process)
{
	list_remove(&process->group_link);
	pid_put(pid_find(process->group));
	pid_put(pid_find(process->session));
}

void pid_move(struct process *process, int group, int session)
{
	struct pid *old_group = pid_find(process->group), *old_session = pid_find(process->session);

	/* What it leaves may be what it joins: so that is given back last. */
	list_remove(&process->group_link);
	pid_join(process, group, session);
	pid_put(old_group);
	pid_put(old_session);
}

void process_each(bool (*each)(struct process *process, void *arg), void *arg)
{
	sched_hold();
	for (unsigned number = 1; number < fresh; number++) {
		struct process *process = pid_place((int)number)->process;

		if (process && !each(process, arg))
			break;
	}
	sched_release();
}

unsigned pid_count(void)
{
	return in_use;
}

bool pid_none_is_left(void)
{
	return in_use == ENTRIES;
}
