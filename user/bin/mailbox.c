// SPDX-License-Identifier: MIT
/*
 * mailbox [WORD]...: message boxes. A server takes requests from one box, turns their letters round, and answers
 * into the box of whoever asked: each of three clients has one of its own, made before the fork, and says
 * in its request which.
 */
#include <ipc.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS	 3
#define TEXT_MAX 32

struct request {
	int answer_box; /* a descriptor that server and client share; -1: the server is to end */
	char text[TEXT_MAX];
};

static int serve(int box)
{
	struct request request;
	struct message_request from = { 0 };
	char answer[TEXT_MAX];

	while (message_box_receive(box, &request, sizeof(request), &from) > 0 &&
	       request.answer_box >= 0) {
		size_t n = strnlen(request.text, TEXT_MAX - 1);

		for (size_t i = 0; i < n; i++)
			answer[i] = request.text[n - 1 - i];
		answer[n] = '\0';
		printf("server: a request of process %d\n", from.sender);
		message_box_send(request.answer_box, answer, n + 1, NULL);
	}
	return 0;
}

static int ask(int server_box, int answer_box, const char *text)
{
	struct request request = { .answer_box = answer_box };
	char answer[TEXT_MAX];

	strlcpy(request.text, text, sizeof(request.text));
	if (message_box_send(server_box, &request, sizeof(request), NULL) != 0 ||
	    message_box_receive(answer_box, answer, sizeof(answer), NULL) < 0) {
		perror("mailbox");
		return 1;
	}
	printf("client %d: %s -> %s\n", getpid(), request.text, answer);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const usual[CLIENTS] = { "Tessera", "stressed", "a message" };
	struct request end = { .answer_box = -1 };
	int server_box = message_box_create(4, sizeof(struct request), 0);
	int answer_boxes[CLIENTS];

	for (int i = 0; i < CLIENTS; i++)
		answer_boxes[i] = message_box_create(1, TEXT_MAX, 0);
	if (server_box < 0 || answer_boxes[CLIENTS - 1] < 0) {
		perror("mailbox");
		return 1;
	}
	if (fork() == 0)
		return serve(server_box);
	for (int i = 0; i < CLIENTS; i++)
		if (fork() == 0)
			return ask(server_box, answer_boxes[i],
				   i + 1 < argc ? argv[i + 1] : usual[i]);
	for (int i = 0; i < CLIENTS; i++)
		wait(NULL);
	message_box_send(server_box, &end, sizeof(end), NULL);
	wait(NULL);
	return 0;
}
