/* SPDX-License-Identifier: MIT */
/* System-call numbers, for assembly. */
#ifndef USER_CALLS_H
#define USER_CALLS_H

/* One table for Linux's numbers of o32, from 4000, and Tessera's own, from 7000: the hole costs 10 KiB,
 * and a second range would cost each of our own calls six instructions. */
#define CALLS_FIRST   4000
#define CALLS_COUNT   3012
#define CALLS_MISSING 0 /* the index of a call that does not exist */

#define USER_END_INDEX 511 /* USER_END >> 22 */

#endif
