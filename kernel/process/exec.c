// SPDX-License-Identifier: MIT
/*
 * execve: another program in the same process. The new space is made complete first, beside the old
 * one: file checked, segments mapped, the pages of the stack that will hold the arguments touched. Up
 * to there any failure leaves the caller as it was. Then the other tasks of the process end, the
 * spaces are exchanged, and the arguments copied: that cannot fail any more.
 *
 * A file that begins with #! is run by the program that it names, with at most one argument, as on
 * Linux; that program must be ELF.
 */
#include <tessera/descriptor.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "arguments.h"
#include "elf.h"
#include "exec.h"
#include "life.h"
#include "pid.h"
#include "signal.h"
#include "trace.h"

/* A call of execve. */
struct exec {
	struct arguments arguments;
	struct executable file;
	struct elf_image image;
	struct address_space *space;
	struct file_table *files; /* a copy, where another process has the table too; else NULL */
	char name[PROCESS_NAME_MAX]; /* of the process */
};

#define SCRIPT_LINE 128 /* of #! that counts, as on Linux up to 5.0 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next word off a line; NULL: there is none. */
static char *next_word(char **line)
{
	char *word = *line, *end;

	while (is_blank(*word))
		word++;
	if (!*word)
		return NULL;
	for (end = word; *end && !is_blank(*end); end++)
		;
	*line = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/* The last word, which may have blanks in it but not at its end. */
static char *rest_of(char *line)
{
	size_t n;

	while (is_blank(*line))
		line++;
	n = strlen(line);
	while (n && is_blank(line[n - 1]))
		line[--n] = '\0';
	return n ? line : NULL;
}

/* The file is a script: its interpreter becomes the program, and the first arguments are that one's
 * name, its argument if there is one, and the script's path. */
static int use_interpreter(struct exec *exec)
{
	struct arguments *arguments = &exec->arguments;
	char line[SCRIPT_LINE + 1], *rest = line, *interpreter, *argument, *end;
	size_t n = MIN(exec->file.size - 2, (size_t)SCRIPT_LINE);
	int error;

	memcpy(line, (const char *)exec->file.bytes + 2, n);
	line[n] = '\0';
	end = strchr(line, '\n');
	if (!end && n == SCRIPT_LINE)
		return -ENOEXEC;
	if (end)
		*end = '\0';
	interpreter = next_word(&rest);
	if (!interpreter)
		return -ENOEXEC;
	argument = rest_of(rest);
	source_put(exec->file.source);
	exec->file.source = NULL;
	error = executable_find(interpreter, &exec->file);
	if (!error)
		error = arguments_add(arguments, interpreter);
	if (!error && argument)
		error = arguments_add(arguments, argument);
	if (!error)
		error = arguments_add_path(arguments);
	arguments->argc = argument ? 3 : 2;
	return error;
}

static const char *path_of(const struct exec *exec)
{
	return exec->arguments.strings + exec->arguments.path;
}

/* The caller puts the path in next. 0 or -ENOMEM; exec_end after either. */
static int exec_begin(struct exec *exec)
{
	int error = arguments_init(&exec->arguments);

	exec->arguments.path = exec->arguments.used;
	exec->file.source = NULL;
	exec->space = NULL;
	exec->files = NULL;
	return error;
}

static void exec_end(struct exec *exec)
{
	arguments_free(&exec->arguments);
	if (exec->file.source)
		source_put(exec->file.source);
}

/* The path is in: finds the file and checks it. *script: the first argument is to be left out, others
 * are there in its place. */
static int find_program(struct exec *exec, bool *script)
{
	int error = executable_find(path_of(exec), &exec->file);
	const char *bytes = exec->file.bytes;

	if (error)
		return error;
	strlcpy(exec->name, exec->file.name, sizeof(exec->name));
	exec->arguments.first = exec->arguments.used;
	*script = exec->file.size > 2 && bytes[0] == '#' && bytes[1] == '!';
	if (*script)
		error = use_interpreter(exec);
	return error ? error : elf_check(&exec->file, &exec->image);
}

static int make_stack(struct exec *exec)
{
	uintptr_t start = ALIGN_DOWN(exec->arguments.sp, (uintptr_t)PAGE_SIZE);
	unsigned access =
		AREA_READ | AREA_WRITE | (exec->image.executable_stack ? AREA_EXECUTE : 0);
	long result = space_map(exec->space, start, USER_STACK_TOP - start, access | AREA_GROWS,
				SPACE_FIXED);

	for (uintptr_t page = start; !space_failed(result) && page < USER_STACK_TOP;
	     page += PAGE_SIZE) {
		bool mapped;

		result = space_fault(exec->space, page, AREA_WRITE, &mapped);
	}
	return space_failed(result) ? (int)result : 0;
}

/* A space with the program and its stack. The caller frees what there is. */
static int make_space(struct exec *exec)
{
	int error = arguments_place(&exec->arguments);

	if (error)
		return error;
	exec->space = space_create();
	if (!exec->space)
		return -ENOMEM;
	error = elf_map(&exec->image, exec->space);
	if (!error)
		error = make_stack(exec);
	exec->space->break_start = exec->space->break_end = exec->image.end;
	return error;
}

/* Closing what is close-on-exec is not to be seen by a process that shares the descriptors. */
static int unshare_files(struct exec *exec)
{
	struct process *process = current_process();

	if (process->files->users <= process->task_count)
		return 0;
	exec->files = file_table_copy(process->files);
	return exec->files ? 0 : -ENOMEM;
}

static bool is_alone(const struct task *self)
{
	return self->process->task_count == 1;
}

/* Ends all other tasks. The one that is left is the process's first from then on. 0, or -EINTR: this
 * one is to end itself. */
static int become_alone(struct task *self)
{
	struct process *process = self->process;
	struct pid *own, *old;
	int error;

	if (is_alone(self) && self->tid == process->pid)
		return 0;
	irq_disable();
	if (!task_is_ending())
		process_end_tasks(process, self);
	sched_unlock_enable();
	error = task_wait_firmly(&process->alone, is_alone);
	if (error)
		return error;
	irq_disable();
	own = pid_find(process->pid);
	old = self->id;
	if (own != old) {
		pid_set_task(own, self);
		own->uses++;
		self->id = own;
		self->tid = self->thread->tid = own->number;
		pid_clear_task(old);
		pid_put(old);
	}
	irq_enable();
	return 0;
}

static void exchange_spaces(struct process *process, struct address_space *space)
{
	struct address_space *old = process->space;

	irq_disable();
	process->space = current_thread()->space = space;
	arch_space_load(space);
	irq_enable();
	space_put(old);
	process_leave_parent(process);
}

/* What a new program does not inherit from the old one. */
static void reset(struct exec *exec, struct task *self)
{
	struct process *process = self->process;

	if (exec->files) {
		file_table_put(process->files);
		process->files = exec->files;
		thread_set_files(self->thread, exec->files);
	}
	memcpy(process->name, exec->name, sizeof(process->name));
	process->has_executed = true;
	process->exit_signal = process->parent ? SIGCHLD : 0;
	self->clear_child_tid = self->robust_list = 0;
	self->signal_stack_size = 0;
	self->sleep_until = 0;
	signal_actions_exec(process);
	file_table_exec(process->files, exec->file.node);
	user_context_init(&self->user);
	user_context_load(&self->user);
	trace_begin(self);
}

/* All strings are gathered: becomes the program, or fails and nothing has changed. */
static int become(struct exec *exec)
{
	struct task *self = current_task();
	struct trap_frame *frame = user_frame(self->thread);
	int error = make_space(exec);

	if (!error)
		error = unshare_files(exec);
	if (!error)
		error = become_alone(self);
	if (error) {
		if (exec->space)
			space_put(exec->space);
		if (exec->files)
			file_table_put(exec->files);
		return error;
	}
	exchange_spaces(self->process, exec->space);
	reset(exec, self);
	error = arguments_write(&exec->arguments, &exec->image);
	ASSERT(!error); /* the pages are there, and nobody else knows the space */
	user_frame_init(frame, exec->image.entry, exec->arguments.sp);
	return 0;
}

static int exec_user(struct exec *exec, uintptr_t path, uintptr_t argv, uintptr_t envp)
{
	struct arguments *arguments = &exec->arguments;
	bool script;
	int error = arguments_add_user(arguments, path);

	if (!error && !*path_of(exec))
		error = -ENOENT;
	if (!error)
		error = find_program(exec, &script);
	if (!error)
		error = arguments_add_vector(arguments, argv, script, &arguments->argc);
	if (!error && !arguments->argc) {
		/* Programs rely on there being one. */
		error = arguments_add(arguments, "");
		arguments->argc = 1;
	}
	if (!error)
		error = arguments_add_vector(arguments, envp, 0, &arguments->envc);
	return error ? error : become(exec);
}

long sys_execve(unsigned long path, unsigned long argv, unsigned long envp)
{
	struct exec exec;
	int error = exec_begin(&exec);

	if (!error)
		error = exec_user(&exec, path, argv, envp);
	exec_end(&exec);
	return error;
}

int exec_first(const char *path, const char *word)
{
	static const char *const environment[] = { "HOME=/", "PATH=/bin:/sbin", "TERM=linux" };
	struct exec exec;
	struct arguments *arguments = &exec.arguments;
	bool script;
	int error = exec_begin(&exec);

	if (!error)
		error = arguments_add(arguments, path);
	if (!error)
		error = find_program(&exec, &script);
	if (!error && !script) {
		error = arguments_add_path(arguments);
		arguments->argc = 1;
	}
	if (!error && word) {
		error = arguments_add(arguments, word);
		arguments->argc++;
	}
	for (size_t i = 0; !error && i < ARRAY_SIZE(environment); i++) {
		error = arguments_add(arguments, environment[i]);
		arguments->envc++;
	}
	if (!error)
		error = become(&exec);
	exec_end(&exec);
	return error;
}
