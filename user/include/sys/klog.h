/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_KLOG_H
#define USER_SYS_KLOG_H

/* The kernel's log, as syslog(2). Type 3 reads all that is kept, 10 says how much that is. */
int klogctl(int type, char *buffer, int n);

#endif
