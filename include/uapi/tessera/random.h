/* SPDX-License-Identifier: MIT */
/* Flags of getrandom. */
#ifndef UAPI_TESSERA_RANDOM_H
#define UAPI_TESSERA_RANDOM_H

#define GRND_NONBLOCK 1
#define GRND_RANDOM   2
#define GRND_INSECURE 4

#endif
