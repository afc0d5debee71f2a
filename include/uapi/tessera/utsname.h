/* SPDX-License-Identifier: MIT */
/* uname */
#ifndef UAPI_TESSERA_UTSNAME_H
#define UAPI_TESSERA_UTSNAME_H

#define UTSNAME_LENGTH 65 /* with the NUL */

struct utsname {
	char sysname[UTSNAME_LENGTH];
	char nodename[UTSNAME_LENGTH];
	char release[UTSNAME_LENGTH];
	char version[UTSNAME_LENGTH];
	char machine[UTSNAME_LENGTH];
	char domainname[UTSNAME_LENGTH];
};

#endif
