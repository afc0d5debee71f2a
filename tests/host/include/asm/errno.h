/* SPDX-License-Identifier: MIT */
/* The error numbers of x86. */
#include "../../../../arch/x86/include/uapi/asm/errno.h"
