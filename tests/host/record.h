/* SPDX-License-Identifier: MIT */
/* Recording storms (tests/suites/storm.h). */
#ifndef TESTS_HOST_RECORD_H
#define TESTS_HOST_RECORD_H

#include <tessera/types.h>

/* From now on storms are recorded in the file. False: it cannot be written. */
bool record_storms(const char *path);

#endif
