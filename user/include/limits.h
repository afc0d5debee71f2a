/* SPDX-License-Identifier: MIT */
/* The compiler's own file asks for one of the system's; these are the limits that are used. */
#ifndef USER_LIMITS_H
#define USER_LIMITS_H

#define CHAR_BIT  __CHAR_BIT__
#define INT_MAX	  __INT_MAX__
#define INT_MIN	  (-INT_MAX - 1)
#define UINT_MAX  (2u * INT_MAX + 1)
#define LONG_MAX  __LONG_MAX__
#define LONG_MIN  (-LONG_MAX - 1)
#define ULONG_MAX (2ul * LONG_MAX + 1)

#define PATH_MAX 4096

#endif
