/* SPDX-License-Identifier: MIT */
/*
 * A host test program: the portable rooms in one configuration, and their suites.
 *
 *	PROGRAM [FILTER [FILE]]		(FILE: where to record the storms)
 */
#include <tessera/test.h>

#include "machine.h"
#include "record.h"

#define MEMORY_SIZE (64ull << 20)

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	if (argc > 2 && !record_storms(argv[2]))
		return 2;
	host_start(MEMORY_SIZE);
	return tests_run(argc > 1 ? argv[1] : "all") != 0;
}
