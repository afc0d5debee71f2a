/* SPDX-License-Identifier: MIT */
/* Files and processes. Calls give -1 on failure, and errno says why. */
#ifndef USER_UNISTD_H
#define USER_UNISTD_H

#include <stddef.h>
#include <sys/types.h>
#include <tessera/fcntl.h>

#define STDIN_FILENO  0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

extern char **environ;

ssize_t read(int descriptor, void *buffer, size_t n);
ssize_t write(int descriptor, const void *buffer, size_t n);
int close(int descriptor);
off_t lseek(int descriptor, off_t offset, int whence);
int dup(int descriptor);
int dup2(int descriptor, int wanted);
int pipe(int descriptors[2]);
int pipe2(int descriptors[2], int flags);
int access(const char *path, int mode);
int isatty(int descriptor);
int chdir(const char *path);
char *getcwd(char *buffer, size_t size);

pid_t fork(void);
pid_t vfork(void) __attribute__((returns_twice));
int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);
/* Looks for a name without a slash in the folders of PATH. */
int execvp(const char *name, char *const argv[]);
int execl(const char *path, const char *arg, ...);
void _exit(int status) __attribute__((noreturn));

pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
int setpgid(pid_t pid, pid_t group);
pid_t getpgrp(void);
pid_t setsid(void);
int tcsetpgrp(int descriptor, pid_t group);

unsigned sleep(unsigned seconds);
int usleep(unsigned microseconds);
int pause(void);

/* The end of the data segment: brk sets it, sbrk moves it and gives where it was. */
int brk(void *end);
void *sbrk(intptr_t increment);

/* Any call by its number (sys/syscall.h). */
long syscall(long number, ...);

#endif
