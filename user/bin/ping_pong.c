// SPDX-License-Identifier: MIT
/*
 * ping_pong [ROUNDS]: events. Two processes hand a number to and fro; each adds one. An event is a rendezvous:
 * who sends waits until the other takes the word, so nothing is ever kept.
 */
#include <ipc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Gives every number back to who sent it, one larger, until it is 0. */
static int answer(void)
{
	struct event_message event;

	while (event_receive(&event, NULL) == 0 && event.word != 0)
		event_send(event.sender, event.word + 1, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;
	struct event_message event = { .word = 0 };
	pid_t partner = fork();

	if (partner < 0) {
		perror("ping_pong");
		return 1;
	}
	if (partner == 0)
		return answer();
	for (unsigned long i = 0; i < rounds; i++) {
		/* Sends, and waits for the answer, in one call. */
		if (event_exchange(partner, event.word + 1, &event, NULL) != 0) {
			perror("ping_pong");
			break;
		}
		printf("round %lu: %d answers %lu\n", i + 1, event.sender, event.word);
	}
	event_send(partner, 0, NULL);
	wait(NULL);
	return 0;
}
