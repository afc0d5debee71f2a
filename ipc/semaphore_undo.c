// SPDX-License-Identifier: MIT
/*
 * What a process took from semaphores and never gave back returns when it dies (as System V's
 * SEM_UNDO). A process has one account for each semaphore that it ever waited for; a post of a
 * unit that it had taken balances it, a post of anything else is a gift. The account holds the
 * semaphore (not a descriptor of it), so a process that closes its descriptor still pays its debt
 * in the end; but when the last descriptor of all goes, nobody is left whom it could be paid to.
 *
 * The accounts hang on the table of descriptors, which dies with the process, and on the semaphore;
 * both lists change while the scheduler is held. Finding one is a search through those of the
 * process: few. Every call goes the long way with this option.
 */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/semaphore_undo.h>

#include "user_ipc.h"
#include "user_semaphore.h"

struct undo_account {
	struct list_node link;	      /* in table->accounts */
	struct list_node object_link; /* in object->accounts */
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

/* Opens the account; false: there is one, which another task of the process has opened, or the last
 * descriptor is gone. */
static bool open_account(struct user_semaphore *object, struct undo_account *account)
{
	bool open;

	*account = (struct undo_account){ .object = object };
	sched_hold();
	open = object->file.descriptors && !find(object);
	if (open) {
		file_get(&object->file);
		list_add_head(&current_files()->accounts, &account->link);
		list_add_head(&object->accounts, &account->object_link);
	}
	sched_release();
	return open;
}

int undo_prepare(struct user_semaphore *object)
{
	struct undo_account *account = find(object);

	if (account)
		return 0;
	account = kmalloc(sizeof(*account));
	if (!account)
		return -ENOMEM;
	if (!open_account(object, account))
		kfree(account);
	return 0;
}

void undo_taken(struct user_semaphore *object)
{
	struct undo_account *account;

	sched_hold();
	account = find(object);
	if (account)
		account->taken++;
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

static void close_account(struct undo_account *account)
{
	file_put(&account->object->file);
	kfree(account);
}

/* Takes an account off both its lists: it is the caller's. NULL: there is none. */
static struct undo_account *take(struct list_node *list, size_t link)
{
	struct undo_account *account = NULL;

	sched_hold();
	if (!list_empty(list)) {
		account = (struct undo_account *)((char *)list->next - link);
		list_remove(&account->link);
		list_remove(&account->object_link);
	}
	sched_release();
	return account;
}

void undo_close(struct user_semaphore *object)
{
	struct undo_account *account;

	while ((account = take(&object->accounts, offsetof(struct undo_account, object_link))))
		close_account(account);
}

void undo_pay(struct file_table *table)
{
	struct undo_account *account;

	while ((account = take(&table->accounts, offsetof(struct undo_account, link)))) {
		while (account->taken--)
			semaphore_post(&account->object->semaphore);
		poll_changed(&account->object->watchers);
		close_account(account);
	}
}
