/* SPDX-License-Identifier: MIT */
#ifndef USER_DIRENT_H
#define USER_DIRENT_H

#include <sys/types.h>
#include <tessera/dirent.h>

#define dirent dirent64

typedef struct directory DIR;

/* NULL with errno: cannot be opened. */
DIR *opendir(const char *path);
/* NULL: no more. Valid until the next call. */
struct dirent *readdir(DIR *directory);
int closedir(DIR *directory);

#endif
