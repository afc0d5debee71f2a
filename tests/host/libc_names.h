/* SPDX-License-Identifier: MIT */
/*
 * Read before every kernel source of a host program: our functions get names of their own, so
 * that they stand beside the C library's (which the sanitizers and the compiler call) and are
 * tested instead of them.
 */
#define memchr	  tessera_memchr
#define memcmp	  tessera_memcmp
#define memcpy	  tessera_memcpy
#define memmove	  tessera_memmove
#define memset	  tessera_memset
#define snprintf  tessera_snprintf
#define strchr	  tessera_strchr
#define strcmp	  tessera_strcmp
#define strlcat	  tessera_strlcat
#define strlcpy	  tessera_strlcpy
#define strlen	  tessera_strlen
#define strncmp	  tessera_strncmp
#define strnlen	  tessera_strnlen
#define strrchr	  tessera_strrchr
#define strstr	  tessera_strstr
#define vsnprintf tessera_vsnprintf
