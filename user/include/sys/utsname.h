/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_UTSNAME_H
#define USER_SYS_UTSNAME_H

#include <tessera/utsname.h>

int uname(struct utsname *names);

#endif
