// SPDX-License-Identifier: MIT
/* What the system calls of semaphores and message boxes share (user_ipc.h). */
#include "user_ipc.h"

long ipc_take_long_way(ipc_long_way *way)
{
	const struct trap_frame *frame = user_frame(current_thread());

	irq_enable();
	return way(user_call_argument(frame, 0), user_call_argument(frame, 1),
		   user_call_argument(frame, 2), user_call_argument(frame, 3));
}

long ipc_block_slow(struct wait_queue *queue)
{
	return wait_block_slow(queue);
}

int ipc_get(unsigned descriptor, const struct file_operations *operations, struct file **result)
{
	struct file *file = descriptor_get((int)descriptor);

	if (!file)
		return -EBADF;
	if (file->operations != operations) {
		file_put(file);
		return -EINVAL;
	}
	*result = file;
	return 0;
}

long ipc_open(struct file *file, unsigned long flags)
{
	file->access = 0; /* neither read nor written */
	return descriptor_open(file, (unsigned)flags);
}
