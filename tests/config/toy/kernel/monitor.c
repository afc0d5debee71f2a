/* SPDX-License-Identifier: MIT */
#include "toy.h"

const char file_name[] = __FILE__;

int monitor(void)
{
	return CONFIG_HISTORY + MONITOR_FLAG + file_name[0];
}
