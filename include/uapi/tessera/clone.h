/* SPDX-License-Identifier: MIT */
/* Flags of clone; the lowest byte is the signal that the parent gets when the child ends. */
#ifndef UAPI_TESSERA_CLONE_H
#define UAPI_TESSERA_CLONE_H

#define CSIGNAL		    0x000000ff
#define CLONE_VM	    0x00000100 /* the same address space */
#define CLONE_FS	    0x00000200 /* the same umask and working directory */
#define CLONE_FILES	    0x00000400 /* the same descriptors */
#define CLONE_SIGHAND	    0x00000800 /* the same signal handlers */
#define CLONE_PTRACE	    0x00002000
#define CLONE_VFORK	    0x00004000 /* the parent sleeps until the child execs or ends */
#define CLONE_PARENT	    0x00008000
#define CLONE_THREAD	    0x00010000 /* one more task of this process */
#define CLONE_NEWNS	    0x00020000
#define CLONE_SYSVSEM	    0x00040000
#define CLONE_SETTLS	    0x00080000
#define CLONE_PARENT_SETTID 0x00100000
#define CLONE_CHILD_CLEARTID \
	0x00200000 /* the tid there becomes 0 and a futex is woken at its end */
#define CLONE_DETACHED	   0x00400000
#define CLONE_UNTRACED	   0x00800000
#define CLONE_CHILD_SETTID 0x01000000

#endif
