/* SPDX-License-Identifier: MIT */
/*
 * Terminals: modes, and the requests of ioctl(). What differs between architectures, request
 * numbers among it, is in asm/termios.h; flags that Tessera's console keeps but does not act upon
 * are not named here.
 */
#ifndef UAPI_TESSERA_TERMIOS_H
#define UAPI_TESSERA_TERMIOS_H

#include <asm/termios.h> /* TERMIOS_CONTROLS, V..., local flags, requests */

struct termios {
	unsigned int c_iflag;
	unsigned int c_oflag;
	unsigned int c_cflag;
	unsigned int c_lflag;
	unsigned char c_line;
	unsigned char c_cc[TERMIOS_CONTROLS];
};

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
	unsigned short ws_xpixel;
	unsigned short ws_ypixel;
};

/* c_cc[]: this control character does not exist. */
#define CONTROL_NONE 0

/* c_iflag */
#define ISTRIP	0x0020 /* only the low seven bits */
#define INLCR	0x0040 /* NL becomes CR */
#define IGNCR	0x0080 /* CR is dropped */
#define ICRNL	0x0100 /* CR becomes NL */
#define IMAXBEL 0x2000 /* a bell when the queue is full */

/* c_oflag */
#define OPOST 0x0001 /* the next one counts */
#define ONLCR 0x0004 /* NL is written as CR NL */

/* c_cflag, kept for programs that look */
#define CS8    0x0030
#define CREAD  0x0080
#define HUPCL  0x0400
#define B38400 0x000f

/* c_lflag; TOSTOP, IEXTEN: asm/termios.h */
#define ISIG	0x0001 /* control characters send signals */
#define ICANON	0x0002 /* line by line */
#define ECHO	0x0008
#define ECHOE	0x0010 /* erasing rubs out */
#define ECHOK	0x0020 /* KILL begins a new line */
#define ECHONL	0x0040 /* NL is shown even without ECHO */
#define NOFLSH	0x0080 /* a signal leaves the queue alone */
#define ECHOCTL 0x0200 /* control characters are shown as ^X */
#define ECHOKE	0x0800 /* KILL rubs out */

/* What TCFLSH forgets. */
#define TCIFLUSH  0
#define TCOFLUSH  1
#define TCIOFLUSH 2

#endif
