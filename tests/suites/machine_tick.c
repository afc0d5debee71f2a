// SPDX-License-Identifier: MIT
#include "threads.h"

void interrupts_often(bool often)
{
}
