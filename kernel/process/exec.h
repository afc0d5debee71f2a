/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_EXEC_H
#define PROCESS_EXEC_H

/* Makes the running task, the only one of its process, a new program at `path`, which is in kernel
 * memory, with one argument or none (NULL), and the environment that init has. 0: the frame is ready for user_return; -errno. */
int exec_first(const char *path, const char *word);

#endif
