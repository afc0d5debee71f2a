/* SPDX-License-Identifier: MIT */
/* wait4: its options, and what its status says. */
#ifndef UAPI_TESSERA_WAIT_STATUS_H
#define UAPI_TESSERA_WAIT_STATUS_H

#define WNOHANG	    1 /* 0 instead of waiting */
#define WUNTRACED   2 /* stopped children too */
#define WCONTINUED  8 /* and those that go on */
#define __WNOTHREAD 0x20000000
#define __WALL	    0x40000000
#define __WCLONE    0x80000000u

#define W_EXITED(code)	  (((code)&0xff) << 8)
#define W_STOPPED(signal) ((signal) << 8 | 0x7f)
#define W_CONTINUED	  0xffff
#define W_CORE		  0x80

#define WEXITSTATUS(status)  (((status) >> 8) & 0xff)
#define WTERMSIG(status)     ((status)&0x7f)
#define WSTOPSIG(status)     WEXITSTATUS(status)
#define WCOREDUMP(status)    ((status)&W_CORE)
#define WIFEXITED(status)    (!WTERMSIG(status))
#define WIFSTOPPED(status)   (((status)&0xff) == 0x7f)
#define WIFSIGNALED(status)  (WTERMSIG(status) && !WIFSTOPPED(status) && !WIFCONTINUED(status))
#define WIFCONTINUED(status) ((status) == W_CONTINUED)

#endif
