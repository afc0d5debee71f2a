/* SPDX-License-Identifier: MIT */
#ifndef TESSERA_VERSION_H
#define TESSERA_VERSION_H

#define TESSERA_VERSION "0.1"

#endif
