/* SPDX-License-Identifier: MIT */
/* sysinfo */
#ifndef UAPI_TESSERA_SYSINFO_H
#define UAPI_TESSERA_SYSINFO_H

#include <stdint.h>

struct sysinfo {
	long uptime; /* seconds */
	unsigned long loads[3];
	unsigned long totalram, freeram, sharedram, bufferram; /* in units of mem_unit bytes */
	unsigned long totalswap, freeswap;
	uint16_t procs; /* tasks */
	uint16_t pad;
	unsigned long totalhigh, freehigh;
	uint32_t mem_unit;
	char fill[20 - 2 * sizeof(long) - sizeof(int)];
};

#endif
