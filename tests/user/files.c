// SPDX-License-Identifier: MIT
/* Files that can be read: paths, descriptors, folders. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

TEST(read_and_seek)
{
	unsigned char a[8], b[8];
	int file = open("/bin/sh", O_RDONLY);
	off_t size;

	ASSERT(file >= 0);
	EXPECT_EQ(read(file, a, 8), 8);
	EXPECT_EQ(memcmp(a, "\177ELF", 4), 0);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 8);
	EXPECT_EQ(lseek(file, 2, SEEK_SET), 2);
	EXPECT_EQ(read(file, b, 6), 6);
	EXPECT_EQ(memcmp(a + 2, b, 6), 0);
	size = lseek(file, 0, SEEK_END);
	EXPECT(size > 1000);
	EXPECT_EQ(read(file, a, 8), 0);
	EXPECT_EQ(lseek(file, -3, SEEK_END), size - 3);
	EXPECT_EQ(read(file, a, 8), 3);
	EXPECT_EQ(lseek(file, size + 100, SEEK_SET), size + 100);
	EXPECT_EQ(read(file, a, 8), 0);
	EXPECT_ERROR(lseek(file, -1, SEEK_SET), EINVAL);
	EXPECT_ERROR(lseek(file, 0, 77), EINVAL);
	EXPECT_ERROR(write(file, a, 1), EBADF);
	EXPECT_EQ(close(file), 0);
	EXPECT_ERROR(close(file), EBADF);
	EXPECT_ERROR(read(file, a, 1), EBADF);
}

TEST(bad_paths)
{
	static char longest[5000];

	EXPECT_ERROR(open("", O_RDONLY), ENOENT);
	EXPECT_ERROR(open("/nothing", O_RDONLY), ENOENT);
	EXPECT_ERROR(open("/nothing/x", O_RDONLY), ENOENT);
	EXPECT_ERROR(open("/bin/sh/x", O_RDONLY), ENOTDIR);
	EXPECT_ERROR(open("/bin/sh/", O_RDONLY), ENOTDIR);
	EXPECT_ERROR(open("/bin/sh", O_RDONLY | O_DIRECTORY), ENOTDIR);
	EXPECT_ERROR(open("/bin", O_WRONLY), EISDIR);
	EXPECT_ERROR(open(NULL, O_RDONLY), EFAULT);
	EXPECT_ERROR(open(KERNEL_ADDRESS, O_RDONLY), EFAULT);
	memset(longest, 'a', sizeof(longest) - 1);
	EXPECT_ERROR(open(longest, O_RDONLY), ENAMETOOLONG);
	memset(longest, '/', sizeof(longest) - 1);
	EXPECT_ERROR(open(longest, O_RDONLY), ENAMETOOLONG);
}

TEST(good_paths)
{
	static const char *const paths[] = { "/bin/sh",	       "//bin//sh",	"/./bin/./sh",
					     "/bin/../bin/sh", "/../../bin/sh", "/bin/" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int file = open(paths[i], O_RDONLY);

		EXPECT(file >= 0);
		close(file);
	}
	EXPECT_EQ(chdir("/bin"), 0);
	EXPECT_EQ(close(open("sh", O_RDONLY)), 0);
	EXPECT_EQ(close(open("../bin/./sh", O_RDONLY)), 0);
}

TEST(files_cannot_be_changed)
{
	EXPECT_ERROR(open("/bin/sh", O_WRONLY), EROFS);
	EXPECT_ERROR(open("/bin/sh", O_RDWR), EROFS);
	EXPECT_ERROR(open("/new", O_WRONLY | O_CREAT), EROFS);
	EXPECT_ERROR(open("/bin/sh", O_RDONLY | O_CREAT | O_EXCL), EEXIST);
}

TEST(working_folder)
{
	char name[64], tiny[3];

	EXPECT_EQ(chdir("/bin/.."), 0);
	EXPECT(getcwd(name, sizeof(name)) && strcmp(name, "/") == 0);
	EXPECT_EQ(chdir("tests"), 0);
	EXPECT(getcwd(name, sizeof(name)) && strcmp(name, "/tests") == 0);
	EXPECT_EXIT(0, chdir("/"));
	EXPECT(getcwd(name, sizeof(name)) && strcmp(name, "/tests") == 0);
	errno = 0;
	EXPECT(!getcwd(tiny, sizeof(tiny)) && errno == ERANGE);
	EXPECT_ERROR(chdir("/bin/sh"), ENOTDIR);
	EXPECT_ERROR(chdir("/nowhere"), ENOENT);
}

TEST(folder_lists)
{
	DIR *directory = opendir("/bin");
	struct dirent *entry;
	int count = 0, shells = 0;

	ASSERT(directory != NULL);
	while ((entry = readdir(directory))) {
		count++;
		if (strcmp(entry->d_name, "sh") == 0) {
			shells++;
			EXPECT_EQ(entry->d_type, DT_REG);
		}
	}
	EXPECT_EQ(closedir(directory), 0);
	EXPECT_EQ(shells, 1);
	EXPECT(count > 15);
}

/* However small the buffer is, nothing is left out or comes twice. */
TEST(folder_in_pieces)
{
	char buffer[64] __attribute__((aligned(8)));
	int file = open("/bin", O_RDONLY | O_DIRECTORY);
	int whole = 0, pieces = 0;
	long n;
	DIR *directory = opendir("/bin");

	while (readdir(directory))
		whole++;
	while ((n = syscall(SYS_getdents64, file, buffer, sizeof(buffer))) > 0)
		for (char *at = buffer; at < buffer + n; at += ((struct dirent *)at)->d_reclen)
			pieces++;
	EXPECT_EQ(n, 0);
	EXPECT_EQ(pieces, whole);
	EXPECT_EQ(lseek(file, 0, SEEK_SET), 0);
	EXPECT_ERROR(syscall(SYS_getdents64, file, buffer, 10), EINVAL);
	EXPECT_ERROR(syscall(SYS_getdents64, file, unmapped(), 1000), EFAULT);
	EXPECT_ERROR(read(file, buffer, 10), EISDIR);
	closedir(directory);
}

TEST(stat_tells)
{
	struct stat a, b;
	int file = open("/bin/sh", O_RDONLY);

	EXPECT_EQ(stat("/bin/sh", &a), 0);
	EXPECT_EQ(fstat(file, &b), 0);
	EXPECT(S_ISREG(a.st_mode) && a.st_mode & S_IXUSR);
	EXPECT_EQ(a.st_size, lseek(file, 0, SEEK_END));
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(stat("/bin", &a), 0);
	EXPECT(S_ISDIR(a.st_mode));
	EXPECT_EQ(fstat(STDIN_FILENO, &a), 0);
	EXPECT_ERROR(stat("/nothing", &a), ENOENT);
	EXPECT_ERROR(stat("/bin/sh", KERNEL_ADDRESS), EFAULT);
	EXPECT_ERROR(fstat(99, &a), EBADF);
}

TEST(duplicates_share_the_position)
{
	char byte;
	int a = open("/bin/sh", O_RDONLY), b = dup(a), c;

	EXPECT(b > a);
	EXPECT_EQ(read(a, &byte, 1), 1);
	EXPECT_EQ(lseek(b, 0, SEEK_CUR), 1);
	EXPECT_EQ(dup2(a, 15), 15);
	EXPECT_EQ(lseek(15, 10, SEEK_SET), 10);
	EXPECT_EQ(lseek(a, 0, SEEK_CUR), 10);
	EXPECT_EQ(close(a), 0);
	EXPECT_EQ(lseek(b, 0, SEEK_CUR), 10);
	c = open("/bin/sh", O_RDONLY);
	EXPECT_EQ(c, a); /* the lowest that is free */
	EXPECT_EQ(lseek(c, 0, SEEK_CUR), 0);
	EXPECT_EQ(dup2(b, b), b);
	EXPECT_ERROR(dup2(99, 98), EBADF);
	EXPECT_ERROR(dup2(b, -1), EBADF);
	EXPECT_ERROR(dup2(b, 1 << 20), EBADF);
	EXPECT_ERROR(dup(77), EBADF);
	EXPECT_EXIT(0, lseek(b, 5, SEEK_SET));
	EXPECT_EQ(lseek(b, 0, SEEK_CUR), 5); /* with children, too */
}

TEST(flags)
{
	int file = open("/bin/sh", O_RDONLY | O_CLOEXEC), copy;

	EXPECT_EQ(fcntl(file, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(file, F_SETFD, 0), 0);
	EXPECT_EQ(fcntl(file, F_GETFD), 0);
	EXPECT_EQ(fcntl(file, F_GETFL) & O_ACCMODE, O_RDONLY);
	copy = fcntl(file, F_DUPFD, 12);
	EXPECT_EQ(copy, 12);
	EXPECT_EQ(fcntl(file, F_DUPFD_CLOEXEC, 12), 13);
	EXPECT_EQ(fcntl(13, F_GETFD), FD_CLOEXEC);
	EXPECT_ERROR(fcntl(file, F_DUPFD, -1), EINVAL);
	EXPECT_ERROR(fcntl(99, F_GETFD), EBADF);
	EXPECT_ERROR(fcntl(file, 12345, 0), EINVAL);
}

TEST(bad_descriptors)
{
	static const int bad[] = { -1, 99, 1 << 20, 0x7fffffff, -0x7fffffff - 1 };
	char byte;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_ERROR(read(bad[i], &byte, 1), EBADF);
		EXPECT_ERROR(write(bad[i], "", 1), EBADF);
		EXPECT_ERROR(close(bad[i]), EBADF);
		EXPECT_ERROR(lseek(bad[i], 0, SEEK_SET), EBADF);
		EXPECT_ERROR(fcntl(bad[i], F_GETFL), EBADF);
		EXPECT_ERROR(ioctl(bad[i], TCGETS, NULL), EBADF);
	}
}

TEST(bad_buffers)
{
	char *memory = pages(2);
	int file = open("/bin/sh", O_RDONLY);

	munmap(memory + PAGE, PAGE);
	EXPECT_ERROR(read(file, unmapped(), 10), EFAULT);
	EXPECT_ERROR(read(file, KERNEL_ADDRESS, 10), EFAULT);
	EXPECT_ERROR(read(file, (void *)-10, 20), EFAULT);
	EXPECT_EQ(lseek(file, 0, SEEK_SET), 0);
	/* Across the end: as far as it goes, or not at all. */
	EXPECT(read(file, memory + PAGE - 10, 20) != 20);
	EXPECT_EQ(mprotect(memory, PAGE, PROT_READ), 0);
	EXPECT_ERROR(read(file, memory, 10), EFAULT);
	EXPECT_EQ(read(file, memory, 0), 0);
	EXPECT_ERROR(write(STDOUT_FILENO, unmapped(), 10), EFAULT);
	EXPECT_ERROR(write(STDOUT_FILENO, KERNEL_ADDRESS, 10), EFAULT);
}

TEST(too_many_descriptors)
{
	int first = open("/bin/sh", O_RDONLY), last = first, ends[2], now;
	struct rlimit limit;

	while ((now = dup(first)) >= 0)
		last = now;
	EXPECT_EQ(errno, EMFILE);
	EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	EXPECT_EQ(last, limit.rlim_cur - 1);
	EXPECT_ERROR(open("/bin/sh", O_RDONLY), EMFILE);
	EXPECT_ERROR(pipe(ends), EMFILE);
	close(last);
	EXPECT_ERROR(pipe(ends), EMFILE); /* one is not enough */
	EXPECT_EQ(open("/bin/sh", O_RDONLY), last);
}

TEST(own_program)
{
	char path[64] = "";
	long n = syscall(SYS_readlink, "/proc/self/exe", path, sizeof(path) - 1);

	EXPECT(n > 0 && strcmp(strrchr(path, '/'), "/files") == 0);
	EXPECT_EQ(access("/proc/self/exe", X_OK), 0);
	EXPECT_ERROR(syscall(SYS_readlink, "/bin/sh", path, sizeof(path)), EINVAL);
}

TEST(null_and_zero)
{
	char buffer[16] = "xxxxxxxxxxxxxxx";
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY);

	ASSERT(null >= 0 && zero >= 0);
	EXPECT_EQ(write(null, buffer, 16), 16);
	EXPECT_EQ(read(null, buffer, 16), 0);
	EXPECT_EQ(read(zero, buffer, 16), 16);
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(buffer[i], 0);
	EXPECT(!isatty(null));
	EXPECT_ERROR(ioctl(null, TCGETS, buffer), ENOTTY);
}
