/* SPDX-License-Identifier: MIT */
/* The auxiliary vector: pairs of longs behind the environment on a new program's stack. */
#ifndef UAPI_TESSERA_AUXV_H
#define UAPI_TESSERA_AUXV_H

#define AT_NULL	    0
#define AT_PHDR	    3 /* the program headers: where, size of one, number */
#define AT_PHENT    4
#define AT_PHNUM    5
#define AT_PAGESZ   6
#define AT_BASE	    7 /* of the interpreter: 0 */
#define AT_FLAGS    8
#define AT_ENTRY    9
#define AT_UID	    11
#define AT_EUID	    12
#define AT_GID	    13
#define AT_EGID	    14
#define AT_PLATFORM 15 /* a string */
#define AT_HWCAP    16
#define AT_CLKTCK   17 /* of times() */
#define AT_SECURE   23
#define AT_RANDOM   25 /* 16 bytes */
#define AT_HWCAP2   26
#define AT_EXECFN   31 /* the path, as execve was given it */

#endif
