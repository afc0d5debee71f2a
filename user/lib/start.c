// SPDX-License-Identifier: MIT
/*
 * The beginning of every program. The kernel leaves on the stack: argc, the arguments and NULL, the
 * environment and NULL, and the auxiliary vector.
 */
#include <arch/thread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "internal.h"

/* Room for the first thread's variables; a program with more asks for memory. */
#define TLS_ROOM 256

int main(int argc, char **argv, char **envp);
void program_start(unsigned long *stack);

char **environ;

static const unsigned long *auxv;

unsigned long getauxval(unsigned long type)
{
	const unsigned long *entry = auxv;

	while (entry[0] != AT_NULL && entry[0] != type)
		entry += 2;
	return entry[0] == type ? entry[1] : 0;
}

static void tls_start(void)
{
	static char room[TLS_ROOM] __attribute__((aligned(16)));
	void *memory = room;

	tls_init();
	if (tls_size() > sizeof(room))
		memory = (void *)(((uintptr_t)sbrk((intptr_t)tls_size() + 16) + 15) & -16ul);
	tls_first = tls_make(memory);
	if (thread_pointer_set(tls_first) != 0) {
		static const char message[] = "the kernel gives no thread pointer\n";

		system_call3(SYS_write, STDERR_FILENO, (long)message, sizeof(message) - 1);
		_exit(127);
	}
}

void program_start(unsigned long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **end = argv + argc + 1;

	environ = end;
	while (*end)
		end++;
	auxv = (unsigned long *)(end + 1);
	tls_start();
	exit(main(argc, argv, environ));
}

void exit(int status)
{
	fflush(NULL);
	_exit(status);
}
