/* SPDX-License-Identifier: MIT */
/* A host test program: the portable rooms in one configuration, and their suites. */
#include <tessera/test.h>

#include "machine.h"

#define MEMORY_SIZE (64ull << 20)

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	host_start(MEMORY_SIZE);
	return tests_run(argc > 1 ? argv[1] : "all") != 0;
}
