// SPDX-License-Identifier: MIT
/*
 * What a process took from semaphores and never gave back returns when it dies (as System V's
 * SEM_UNDO). A process has one account for each semaphore that it ever waited for; a post of a
 * unit that it had taken balances it, a post of anything else is a gift. The account holds the
 * semaphore (not a descriptor of it), so a process that closes its descriptor still pays its debt
 * in the end.
 *
 * The accounts hang on the table of descriptors, which dies with the process. Finding one is a
 * search through those of the process: few. Every call goes the long way with this option.
 */
#include <tessera/kmalloc.h>

#include "user_ipc.h"
#include "user_semaphore.h"

struct undo_account {
	struct list_node link; /* in table->accounts */
	struct user_semaphore *object;
	unsigned taken;
};

static struct undo_account *find(struct user_semaphore *object)
{
	struct undo_account *account;

	list_for_each_entry(account, &current_files()->accounts, link)
		if (account->object == object)
			return account;
	return NULL;
}

int undo_prepare(struct user_semaphore *object)
{
	struct undo_account *account = find(object), *other;

	if (account)
		return 0;
	account = kmalloc(sizeof(*account));
	if (!account)
		return -ENOMEM;
	account->object = object;
	account->taken = 0;
	sched_hold(); /* another task of the process may be here, too */
	other = find(object);
	if (!other) {
		file_get(&object->file);
		list_add_head(&current_files()->accounts, &account->link);
	}
	sched_release();
	if (other)
		kfree(account);
	return 0;
}

void undo_taken(struct user_semaphore *object)
{
	sched_hold();
	find(object)->taken++;
	sched_release();
}

void undo_posted(struct user_semaphore *object)
{
	struct undo_account *account;

	sched_hold();
	account = find(object);
	if (account && account->taken)
		account->taken--;
	sched_release();
}

void undo_pay(struct file_table *table)
{
	struct list_node *node;

	while ((node = list_pop_head(&table->accounts))) {
		struct undo_account *account = list_entry(node, struct undo_account, link);

		while (account->taken--)
			semaphore_post(&account->object->semaphore);
		poll_changed(&account->object->watchers);
		file_put(&account->object->file);
		kfree(account);
	}
}
