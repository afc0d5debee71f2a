/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_SYSINFO_H
#define USER_SYS_SYSINFO_H

#include <tessera/sysinfo.h>

int sysinfo(struct sysinfo *info);

#endif
