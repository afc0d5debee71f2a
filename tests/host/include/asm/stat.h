/* SPDX-License-Identifier: MIT */
/* The host build asks for no file's status: tessera/stat.h needs the header to be there. */
