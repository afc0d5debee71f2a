/* SPDX-License-Identifier: MIT */
/* The pieces of readv() and writev(). */
#ifndef UAPI_TESSERA_UIO_H
#define UAPI_TESSERA_UIO_H

#include <stddef.h>

#define IOV_MAX 1024

struct iovec {
	void *iov_base;
	size_t iov_len;
};

#endif
