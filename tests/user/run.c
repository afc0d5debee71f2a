// SPDX-License-Identifier: MIT
/*
 * /tests/run [-L] [FILTER]...: runs all test programs of its folder as one Test Anything Protocol stream, or those
 * cases whose names (PROGRAM.CASE) begin with one of the words. The status says whether all passed.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAMS_MAX  64
#define ARGUMENTS_MAX 24

/* In the folder, but no test programs. */
static const char *const others[] = { "run", "bench", "hello" };

static char *programs[PROGRAMS_MAX];
static unsigned program_count;

static int is_program(const struct dirent *entry)
{
	if (entry->d_type != DT_REG || program_count == PROGRAMS_MAX)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(entry->d_name, others[i]) == 0)
			return 0;
	return 1;
}

static int find_programs(const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	char path[256];

	if (!directory)
		return -1;
	while ((entry = readdir(directory))) {
		if (!is_program(entry))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		programs[program_count++] = strdup(path);
	}
	return closedir(directory);
}

/* Runs a program with the filter's words behind these; its exit status. */
static int start(char *program, char *const options[], char *const filter[])
{
	char *argv[ARGUMENTS_MAX + 4];
	int n = 0, status;
	pid_t pid;

	argv[n++] = program;
	for (; *options; options++)
		argv[n++] = *options;
	for (; *filter && n < ARGUMENTS_MAX; filter++)
		argv[n++] = *filter;
	argv[n] = NULL;
	pid = vfork();
	if (pid == 0) {
		execv(program, argv);
		_exit(255);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 255;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

int main(int argc, char **argv)
{
	static char *const count_only[] = { "-c", NULL };
	char number[12], *options[] = { "-n", number, NULL, NULL };
	unsigned counts[PROGRAMS_MAX], total = 0, done = 0, bad = 0;
	char folder[128];
	char *end;

	strlcpy(folder, argv[0], sizeof(folder));
	end = strrchr(folder, '/');
	if (end)
		*end = '\0';
	if (argc > 1 && strcmp(argv[1], "-L") == 0) {
		options[2] = "-L";
		argv++;
	}
	argv++;
	if (find_programs(end ? folder : ".") != 0) {
		printf("Bail out! %s: %s\n", folder, strerror(errno));
		return 1;
	}
	for (unsigned i = 0; i < program_count; i++) {
		counts[i] = (unsigned)start(programs[i], count_only, argv);
		if (counts[i] == 255) {
			printf("Bail out! %s does not start\n", programs[i]);
			return 1;
		}
		total += counts[i];
	}
	printf("TAP version 13\n1..%u\n", total);
	for (unsigned i = 0; i < program_count; i++) {
		if (!counts[i])
			continue;
		snprintf(number, sizeof(number), "%u", done);
		bad |= start(programs[i], options, argv) != 0;
		done += counts[i];
	}
	return bad != 0;
}
