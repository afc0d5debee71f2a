/* SPDX-License-Identifier: MIT */
/* The console as a terminal: its state, shared by the two halves (terminal.c, terminal_input.c). */
#ifndef FS_TERMINAL_H
#define FS_TERMINAL_H

#include <tessera/file.h>
#include <tessera/termios.h>
#include <tessera/wait.h>

#define TERMINAL_QUEUE 1024u /* characters; a power of two */

/* What a place in the queue holds besides its character. */
#define LINE_END    0x100u /* a read in canonical mode ends behind it */
#define END_OF_FILE 0x200u /* it is not given to the reader */

struct terminal {
	struct termios modes;
	struct winsize size;
	int session; /* whose controlling terminal it is; 0: nobody's */
	int group;   /* the foreground process group */

	/* Interrupts masked. Counters of characters: queue[first % TERMINAL_QUEUE] is the next
	 * to be read; from `readable` on it is a line that is still being edited. */
	uint16_t queue[TERMINAL_QUEUE];
	unsigned first, readable, end;
	bool literal; /* the next character is no control character (VLNEXT) */
	struct wait_queue readers;
	struct poll_source watchers;
};

extern struct terminal terminal;

static inline bool terminal_has(unsigned flag)
{
	return terminal.modes.c_lflag & flag;
}

/* A typed character. Any context. */
void terminal_input(char c);

/* All that was typed can be read, as in raw mode; forgets what was typed. Masked. */
void terminal_commit(void);
void terminal_flush(void);

#endif
