/* SPDX-License-Identifier: MIT */
/* What a table of descriptors has to do with units that its process took (ipc/semaphore_undo.c). */
#ifndef TESSERA_SEMAPHORE_UNDO_H
#define TESSERA_SEMAPHORE_UNDO_H

#include <tessera/descriptor.h>

#ifdef CONFIG_IPC_SEMAPHORE_UNDO

static inline void undo_begin(struct file_table *table)
{
	list_init(&table->accounts);
}

/* The process is gone: gives back what it took from semaphores. */
void undo_pay(struct file_table *table);

#else

static inline void undo_begin(struct file_table *table)
{
	(void)table;
}

static inline void undo_pay(struct file_table *table)
{
	(void)table;
}

#endif

#endif
