/* SPDX-License-Identifier: MIT */
/*
 * IS_ENABLED(CONFIG_X): 1 when the option is y, else 0. An ordinary constant, so code that is
 * switched off is still parsed and checked, and then dropped. The compiler reads this file
 * before every source file, after the configuration's own macros.
 *
 * An option that is y is a macro for 1; any other is no macro at all. Pasting its value behind
 * a prefix gives a name that is itself a macro only for 1, and that one adds an argument to the
 * list; the second argument is then 1 if it came and 0 if not.
 */
#ifndef TESSERA_KCONFIG_H
#define TESSERA_KCONFIG_H

#define __OPTION_VALUE_1		      , 1
#define __SECOND_ARGUMENT(first, second, ...) second
#define __HAS_EXTRA(argument)		      __SECOND_ARGUMENT(argument, 0, 0)
#define __IS_ONE(value)			      __HAS_EXTRA(~__OPTION_VALUE_##value)
#define __IS_OPTION(value)		      __IS_ONE(value)
#define IS_ENABLED(option)		      __IS_OPTION(option)

#endif
