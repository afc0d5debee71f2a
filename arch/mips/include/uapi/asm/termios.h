/* SPDX-License-Identifier: MIT */
/* Terminals: control characters, flags and requests as Linux counts them on MIPS. */
#ifndef UAPI_ASM_TERMIOS_H
#define UAPI_ASM_TERMIOS_H

#define TERMIOS_CONTROLS 23

#define VINTR	 0
#define VQUIT	 1
#define VERASE	 2
#define VKILL	 3
#define VMIN	 4
#define VTIME	 5
#define VEOL2	 6
#define VSTART	 8
#define VSTOP	 9
#define VSUSP	 10
#define VREPRINT 12
#define VDISCARD 13
#define VWERASE	 14
#define VLNEXT	 15
#define VEOF	 16
#define VEOL	 17

#define IEXTEN 0x0100
#define TOSTOP 0x8000

#define TCSBRK	   0x5405
#define TCXONC	   0x5406
#define TCFLSH	   0x5407
#define TCGETS	   0x540d
#define TCSETS	   0x540e
#define TCSETSW	   0x540f
#define TCSETSF	   0x5410
#define FIONREAD   0x467f
#define TIOCNOTTY  0x5471
#define TIOCSCTTY  0x5480
#define FIOCLEX	   0x6601
#define FIONCLEX   0x6602
#define FIONBIO	   0x667e
#define TIOCGSID   0x7416
#define TIOCOUTQ   0x7472
#define TIOCSWINSZ 0x80087467
#define TIOCGWINSZ 0x40087468
#define TIOCSPGRP  0x80047476
#define TIOCGPGRP  0x40047477

#endif
