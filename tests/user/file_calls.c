// SPDX-License-Identifier: MIT
/* Calls on files that few programs make: other shapes of stat, places of one's own, sendfile, ioctl, /proc. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

#if __SIZEOF_LONG__ == 8
typedef struct stat full_stat;
#define SYS_stat_at SYS_newfstatat
#else
typedef struct stat64 full_stat;
#define SYS_stat_at SYS_fstatat64
#endif

/* However one asks, it is the same. */
TEST(stat_and_its_kin_agree)
{
	int file = open("/bin/sh", O_RDONLY);
	full_stat by_path, by_descriptor, by_empty_path;
	struct statx all;
	struct stat plain;

	EXPECT_EQ(stat("/bin/sh", &plain), 0);
	EXPECT_EQ(syscall(SYS_stat_at, AT_FDCWD, "/bin/sh", &by_path, 0), 0);
	EXPECT_EQ(syscall(SYS_stat_at, file, "", &by_empty_path, AT_EMPTY_PATH), 0);
#if __SIZEOF_LONG__ == 8
	EXPECT_EQ(fstat(file, &by_descriptor), 0);
#else
	EXPECT_EQ(syscall(SYS_fstat64, file, &by_descriptor), 0);
	EXPECT_EQ(syscall(SYS_stat64, "/bin/sh", &by_path), 0);
	EXPECT_EQ(syscall(SYS_lstat64, "/bin", &by_path), 0);
	EXPECT_EQ(syscall(SYS_stat64, "/bin/sh", &by_path), 0);
#endif
	EXPECT_EQ(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, STATX_BASIC_STATS, &all), 0);
	EXPECT_EQ(by_path.st_ino, by_descriptor.st_ino);
	EXPECT_EQ(by_path.st_ino, by_empty_path.st_ino);
	EXPECT_EQ(by_path.st_ino, plain.st_ino);
	EXPECT_EQ(by_path.st_ino, all.stx_ino);
	EXPECT_EQ(by_path.st_size, all.stx_size);
	EXPECT_EQ(by_path.st_size, plain.st_size);
	EXPECT_EQ(by_path.st_mode, all.stx_mode);
	EXPECT_EQ(by_path.st_nlink, all.stx_nlink);
	EXPECT_EQ(by_path.st_mtime, all.stx_mtime.tv_sec);
	EXPECT_EQ(all.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	EXPECT_ERROR(syscall(SYS_stat_at, file, "", &by_path, 0), ENOENT);
	EXPECT_ERROR(syscall(SYS_stat_at, AT_FDCWD, "/bin/sh", &by_path, 0x40000000), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, STATX_RESERVED, &all), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, 0, unmapped()), EFAULT);
}

TEST(statx_tells)
{
	struct statx a, b;
	struct stat plain;
	int file = open("/bin/sh", O_RDONLY), null = open("/dev/null", O_RDWR);

	ASSERT(stat("/bin/sh", &plain) == 0);
	ASSERT(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, STATX_BASIC_STATS, &a) == 0);
	EXPECT_EQ(a.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	EXPECT_EQ(a.stx_mode, plain.st_mode);
	EXPECT_EQ(a.stx_size, plain.st_size);
	EXPECT_EQ(a.stx_ino, plain.st_ino);
	EXPECT_EQ(a.stx_nlink, plain.st_nlink);
	EXPECT_EQ(a.stx_mtime.tv_sec, plain.st_mtime);
	ASSERT(syscall(SYS_statx, file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &b) == 0);
	EXPECT_EQ(b.stx_ino, a.stx_ino);
	ASSERT(syscall(SYS_statx, null, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &b) == 0);
	EXPECT(S_ISCHR(b.stx_mode) && b.stx_rdev_major == 1 && b.stx_rdev_minor == 3);

	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", AT_STATX_SYNC_TYPE, 0, &a), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, STATX_RESERVED, &a), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0x8, 0, &a), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/nothing", 0, 0, &a), ENOENT);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, 0, unmapped()), EFAULT);
}

/* With an empty path: the descriptor itself, be it a pipe, or the working folder. */
TEST(stat_without_a_path)
{
	char room[512]; /* struct stat, or stat64 */
	struct stat pipe_stat;
	struct statx here, bin;
	int ends[2];

	ASSERT(pipe(ends) == 0);
	EXPECT_EQ(syscall(SYS_stat_at, ends[0], "", room, AT_EMPTY_PATH), 0);
	ASSERT(fstat(ends[0], &pipe_stat) == 0);
	EXPECT(S_ISFIFO(pipe_stat.st_mode));
	ASSERT(fstat(ends[1], &pipe_stat) == 0);
	EXPECT(S_ISFIFO(pipe_stat.st_mode));
	ASSERT(chdir("/bin") == 0);
	ASSERT(syscall(SYS_statx, AT_FDCWD, "", AT_EMPTY_PATH, 0, &here) == 0);
	ASSERT(syscall(SYS_statx, AT_FDCWD, "/bin", 0, 0, &bin) == 0);
	EXPECT_EQ(here.stx_ino, bin.stx_ino);
	EXPECT_ERROR(syscall(SYS_stat_at, AT_FDCWD, "", room, 0), ENOENT);
	EXPECT_ERROR(syscall(SYS_stat_at, 99, "", room, AT_EMPTY_PATH), EBADF);
	EXPECT_ERROR(syscall(SYS_stat_at, AT_FDCWD, unmapped(), room, AT_EMPTY_PATH), EFAULT);
}

TEST(paths_from_a_folder)
{
	int bin = open("/bin", O_RDONLY | O_DIRECTORY), file = open("/bin/sh", O_RDONLY), named;
	char room[512];

	named = open("/bin", O_PATH | O_DIRECTORY);
	ASSERT(bin >= 0 && file >= 0 && named >= 0);
	EXPECT_EQ(syscall(SYS_stat_at, bin, "sh", room, 0), 0);
	EXPECT_EQ(syscall(SYS_stat_at, named, "sh", room, 0), 0);
	EXPECT_EQ(syscall(SYS_stat_at, file, "/bin/sh", room, 0), 0); /* not looked at */
	EXPECT_ERROR(syscall(SYS_stat_at, file, "sh", room, 0), ENOTDIR);
	EXPECT_ERROR(syscall(SYS_stat_at, 99, "sh", room, 0), EBADF);
	EXPECT(syscall(SYS_openat, bin, "sh", O_RDONLY, 0) >= 0);
	EXPECT_EQ(syscall(SYS_faccessat2, bin, "sh", X_OK, 0), 0);
	EXPECT_ERROR(syscall(SYS_faccessat2, bin, "sh", 0x100, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_faccessat2, bin, "sh", R_OK, 0x1), EINVAL);

	/* A name alone can be asked for, and nothing else. */
	named = open("/bin/sh", O_PATH);
	EXPECT_EQ(syscall(SYS_stat_at, named, "", room, AT_EMPTY_PATH), 0);
	EXPECT_ERROR(read(named, room, 1), EBADF);
	EXPECT_ERROR(ioctl(named, FIONBIO, room), EBADF);
	EXPECT_ERROR(lseek(open("/bin", O_RDONLY), -1, SEEK_SET), EINVAL);
	EXPECT(lseek(open("/bin", O_RDONLY), 0, SEEK_END) > 15); /* entries */
}

TEST(long_paths)
{
	char path[600], *end = path;

	for (int i = 0; i < 80; i++, end += 7)
		memcpy(end, "/bin/..", 7);
	memcpy(end, "/bin/sh", 8);
	EXPECT_EQ(access(path, X_OK), 0);
	memcpy(end, "/bin/no", 8);
	EXPECT_ERROR(access(path, X_OK), ENOENT);
}

TEST(read_at_a_place)
{
	char whole[16], part[4];
	int file = open("/bin/sh", O_RDONLY), ends[2];

	ASSERT(file >= 0 && pipe(ends) == 0 && read(file, whole, 16) == 16);
#if __SIZEOF_LONG__ == 8
#define READ_AT(file, buffer, n, at) syscall(SYS_pread64, file, buffer, n, (long)(at))
#elif defined(__mips__)
#define HIGH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define READ_AT(file, buffer, n, at)                                                   \
	syscall(SYS_pread64_pair, file, buffer, n, 0, HIGH ? (at) < 0 ? -1 : 0 : (at), \
		HIGH	   ? (at)                                                      \
		: (at) < 0 ? -1                                                        \
			   : 0)
#else
#define READ_AT(file, buffer, n, at) \
	syscall(SYS_pread64_halves, file, buffer, n, at, (at) < 0 ? -1 : 0)
#endif
	EXPECT_EQ(READ_AT(file, part, 4, 5), 4);
	EXPECT_EQ(memcmp(part, whole + 5, 4), 0);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 16); /* where it was */
	EXPECT_ERROR(READ_AT(file, part, 4, -1), EINVAL);
	EXPECT_ERROR(READ_AT(ends[0], part, 4, 0), ESPIPE);
	EXPECT_ERROR(READ_AT(99, part, 4, 0), EBADF);
	EXPECT_ERROR(lseek(ends[0], 0, SEEK_CUR), ESPIPE);
}

TEST(far_offsets)
{
	int file = open("/bin/sh", O_RDONLY);
#if __SIZEOF_LONG__ == 8
	EXPECT_EQ(lseek(file, 0x7fffffffffffffff, SEEK_SET), 0x7fffffffffffffff);
	EXPECT_ERROR(lseek(file, 1, SEEK_CUR), EOVERFLOW);
#else
	uint64_t now = 0;

	EXPECT_EQ(syscall(SYS_llseek, file, 0x12345678, 0x9abcdef0, &now, SEEK_SET), 0);
	EXPECT(now == 0x123456789abcdef0);
	EXPECT_ERROR(lseek(file, 0, SEEK_CUR), EOVERFLOW);
	EXPECT_ERROR(syscall(SYS_llseek, file, 0, 0, unmapped(), SEEK_SET), EFAULT);
#endif
}

TEST(pieces_of_files)
{
	char a[10], b[10], whole[20];
	struct iovec pieces[3] = { { a, 10 }, { NULL, 0 }, { b, 10 } };
	int file = open("/bin/sh", O_RDONLY), zero = open("/dev/zero", O_RDWR), ends[2];

	ASSERT(file >= 0 && zero >= 0 && pipe(ends) == 0 && read(file, whole, 20) == 20);
	EXPECT_EQ(lseek(file, 0, SEEK_SET), 0);
	EXPECT_EQ(readv(file, pieces, 3), 20);
	EXPECT_EQ(memcmp(a, whole, 10), 0);
	EXPECT_EQ(memcmp(b, whole + 10, 10), 0);
	EXPECT_EQ(writev(zero, pieces, 3), 20);
	pieces[2].iov_base = unmapped();
	EXPECT_EQ(readv(zero, pieces, 3), 10); /* as far as it goes */
	EXPECT_ERROR(writev(ends[1], pieces, 3), EFAULT);
	EXPECT_ERROR(readv(file, unmapped(), 1), EFAULT);
	EXPECT_ERROR(readv(file, pieces, 100000), EINVAL);
	pieces[0].iov_len = (size_t)-1;
	EXPECT_ERROR(readv(file, pieces, 3), EINVAL);
	EXPECT_ERROR(writev(file, pieces, 3), EBADF);
}

/* More than one read can move is cut, not refused. */
TEST(counts_without_bounds)
{
	int null = open("/dev/null", O_RDWR), ends[2];
	char byte;

	ASSERT(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	EXPECT_EQ(read(null, &byte, (size_t)-1 >> 1), 0);
	EXPECT_EQ(write(null, &byte, 0x7fffffff), 0x7ffff000);
	EXPECT_EQ(read(ends[0], &byte, (size_t)-1 >> 1), 1);
	EXPECT_EQ(byte, 'x');
}

TEST(descriptors_to_places)
{
	int file = open("/bin/sh", O_RDONLY), null = open("/dev/null", O_RDWR);

	EXPECT_EQ(syscall(SYS_dup3, file, 12, O_CLOEXEC), 12);
	EXPECT_EQ(fcntl(12, F_GETFD), FD_CLOEXEC);
	EXPECT_ERROR(syscall(SYS_dup3, file, file, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_dup3, file, 13, O_NONBLOCK), EINVAL);
	EXPECT_ERROR(syscall(SYS_dup3, 99, 13, 0), EBADF);
	EXPECT_EQ(ioctl(12, FIONCLEX), 0);
	EXPECT_EQ(fcntl(12, F_GETFD), 0);
	EXPECT_EQ(ioctl(12, FIOCLEX), 0);
	EXPECT_EQ(fcntl(12, F_GETFD), FD_CLOEXEC);
	EXPECT_ERROR(ioctl(99, FIOCLEX), EBADF);
	EXPECT_EQ(fcntl(null, F_SETFL, O_NONBLOCK | O_APPEND), 0);
	EXPECT_EQ(fcntl(null, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_APPEND),
		  O_RDWR | O_NONBLOCK | O_APPEND);
	EXPECT_ERROR(fcntl(99, F_SETFL, 0), EBADF);
}

TEST(pipes_without_waiting)
{
	int ends[2], on = 1, off = 0, count = -1;
	char byte;

	ASSERT(pipe(ends) == 0);
	EXPECT_EQ(ioctl(ends[0], FIONBIO, &on), 0);
	EXPECT_ERROR(read(ends[0], &byte, 1), EAGAIN);
	EXPECT_EQ(ioctl(ends[0], FIONBIO, &off), 0);
	EXPECT_EQ(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
	EXPECT_ERROR(ioctl(ends[0], FIONBIO, unmapped()), EFAULT);
	EXPECT_EQ(write(ends[1], "abc", 3), 3);
	EXPECT_EQ(ioctl(ends[0], FIONREAD, &count), 0);
	EXPECT_EQ(count, 3);
	count = -1;
	EXPECT_EQ(ioctl(ends[1], FIONREAD, &count), 0);
	EXPECT_EQ(count, 3);
	EXPECT_ERROR(ioctl(ends[0], 0x1234, &count), ENOTTY);
}

TEST(send_a_file)
{
	char first[32], sent[32];
	int file = open("/bin/sh", O_RDONLY), null = open("/dev/null", O_RDWR), ends[2];
	long offset = 4;

	ASSERT(file >= 0 && pipe(ends) == 0 && read(file, first, 32) == 32);
	EXPECT_EQ(syscall(SYS_sendfile, ends[1], file, &offset, 8), 8);
	EXPECT_EQ(offset, 12);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 32); /* not its own position */
	EXPECT_EQ(read(ends[0], sent, 32), 8);
	EXPECT_EQ(memcmp(sent, first + 4, 8), 0);
	EXPECT_EQ(lseek(file, 2, SEEK_SET), 2);
	EXPECT_EQ(syscall(SYS_sendfile, ends[1], file, NULL, 8), 8);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 10);
	EXPECT_EQ(read(ends[0], sent, 32), 8);
	EXPECT_EQ(memcmp(sent, first + 2, 8), 0);
	EXPECT(lseek(file, 0, SEEK_END) > 0);
	EXPECT_EQ(syscall(SYS_sendfile, null, file, NULL, 8), 0);
#if __SIZEOF_LONG__ == 4
	uint64_t far = 4;

	EXPECT_EQ(syscall(SYS_sendfile64, null, file, &far, 8), 8);
	EXPECT_EQ(far, 12);
	EXPECT_EQ(syscall(SYS_sendfile64, null, file, NULL, 8), 0);
	far = (uint64_t)-1;
	EXPECT_ERROR(syscall(SYS_sendfile64, null, file, &far, 8), EINVAL);
	EXPECT_ERROR(syscall(SYS_sendfile64, null, file, unmapped(), 8), EFAULT);
#endif
	offset = -1;
	EXPECT_ERROR(syscall(SYS_sendfile, null, file, &offset, 8), EINVAL);
	EXPECT_ERROR(syscall(SYS_sendfile, null, file, unmapped(), 8), EFAULT);
	EXPECT_ERROR(syscall(SYS_sendfile, file, file, NULL, 8), EBADF);
	EXPECT_ERROR(syscall(SYS_sendfile, null, ends[1], NULL, 8), EBADF);
}

/* What a shell reads to show who is there. */
TEST(list_of_processes)
{
	static char text[8192];
	char name[16] = "";
	int file = open("/proc/processes", O_RDONLY), pid = 0;
	ssize_t n;
	struct stat stat;
	char *line;

	if (file < 0)
		return; /* Linux */
	n = read(file, text, sizeof(text) - 1);
	ASSERT(n > 0);
	EXPECT_EQ(lseek(file, 0, SEEK_END), n);
	EXPECT_EQ(read(file, name, 1), 0);
	EXPECT(fstat(file, &stat) == 0 && S_ISREG(stat.st_mode));
	EXPECT_EQ(lseek(file, 2, SEEK_SET), 2);
	EXPECT_EQ(read(file, name, 3), 3);
	EXPECT_EQ(memcmp(name, "PID", 3), 0);
	EXPECT_EQ(lseek(file, 0, SEEK_SET), 0);
	EXPECT_ERROR(read(file, unmapped(), 10), EFAULT);
	/* We are in it, and run. */
	for (line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
		char *word = line + 1;

		if ((pid = (int)strtol(word, &word, 10)) == getpid())
			break;
	}
	EXPECT_EQ(pid, getpid());
	EXPECT(line && strstr(line, " R "));
}

TEST(link_of_the_program)
{
	int self = open("/proc/self", O_RDONLY | O_DIRECTORY);
	char path[64], again[64];
	full_stat stat;
	long n = syscall(SYS_readlink, "/proc/self/exe", path, 64);

	EXPECT_EQ(syscall(SYS_readlinkat, self, "exe", again, 64), n);
	EXPECT(n > 0 && memcmp(path, again, (size_t)n) == 0);
	EXPECT_ERROR(syscall(SYS_readlinkat, self, "nothing", again, 64), ENOENT);
	EXPECT_EQ(syscall(SYS_stat_at, self, "exe", &stat, AT_SYMLINK_NOFOLLOW), 0);
	EXPECT(S_ISLNK(stat.st_mode));
	EXPECT_EQ(syscall(SYS_stat_at, self, "exe", &stat, 0), 0);
	EXPECT(S_ISREG(stat.st_mode));

	EXPECT_EQ(syscall(SYS_readlink, "/proc/self/exe", path, 3), 3); /* cut */
	EXPECT_ERROR(syscall(SYS_readlink, "/proc/self/exe", path, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_readlink, "/proc/self/exe", unmapped(), 64), EFAULT);
	EXPECT_ERROR(syscall(SYS_readlink, "/nothing", path, 64), ENOENT);
	EXPECT_ERROR(open("/proc/self/exe", O_RDONLY | O_NOFOLLOW), ELOOP);
}

TEST(zeros)
{
	char buffer[8] = "xxxxxxx";
	struct iovec piece = { buffer, 8 };
	int zero = open("/dev/zero", O_RDWR);
	struct stat stat;

	EXPECT_EQ(writev(zero, &piece, 1), 8);
	EXPECT_EQ(write(zero, buffer, 8), 8);
	EXPECT_EQ(readv(zero, &piece, 1), 8);
	EXPECT_EQ(buffer[0] | buffer[7], 0);
	EXPECT_ERROR(read(zero, unmapped(), 8), EFAULT);
	EXPECT(fstat(zero, &stat) == 0 && S_ISCHR(stat.st_mode));
}

TEST(change_folder_by_descriptor)
{
	char name[64];
	int bin = open("/bin", O_RDONLY), file = open("/bin/sh", O_RDONLY);

	EXPECT_EQ(syscall(SYS_fchdir, bin), 0);
	EXPECT(getcwd(name, sizeof(name)) && strcmp(name, "/bin") == 0);
	EXPECT_EQ(access("sh", X_OK), 0);
	EXPECT_ERROR(syscall(SYS_fchdir, file), ENOTDIR);
	EXPECT_ERROR(syscall(SYS_fchdir, 99), EBADF);
	EXPECT_ERROR(syscall(SYS_getcwd, unmapped(), 64), EFAULT);
}
