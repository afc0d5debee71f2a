/* SPDX-License-Identifier: MIT */
/* The ranges of system-call numbers, for assembly. */
#ifndef USER_CALLS_H
#define USER_CALLS_H

#define CALLS_FIRST	4000 /* Linux's numbers of o32 */
#define CALLS_COUNT	452
#define CALLS_OWN_FIRST 7000 /* Tessera's: their entries follow in the table */
#define CALLS_OWN_COUNT 12
#define CALLS_MISSING	(CALLS_COUNT + CALLS_OWN_COUNT) /* the entry behind both */

#define USER_END_INDEX 511 /* USER_END >> 22 */

#endif
