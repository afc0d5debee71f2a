// SPDX-License-Identifier: MIT
/* Files again: from the descriptor of a folder, all that is told of them, at a place, and from one to another. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

#if __SIZEOF_LONG__ == 8
typedef struct stat full_stat;
#define SYS_fstatat SYS_newfstatat
#else
typedef struct stat64 full_stat;
#define SYS_fstatat SYS_fstatat64
#endif

TEST(relative_to_a_folder)
{
	int bin = open("/bin", O_RDONLY | O_DIRECTORY), root = open("/", O_RDONLY | O_DIRECTORY);
	int file = (int)syscall(SYS_openat, bin, "sh", O_RDONLY, 0);

	ASSERT(bin >= 0 && root >= 0 && file >= 0);
	EXPECT_EQ(close((int)syscall(SYS_openat, bin, "../bin/sh", O_RDONLY, 0)), 0);
	EXPECT_EQ(close((int)syscall(SYS_openat, -1, "/bin/sh", O_RDONLY, 0)), 0);
	EXPECT_ERROR(syscall(SYS_openat, root, "sh", O_RDONLY, 0), ENOENT);
	EXPECT_ERROR(syscall(SYS_openat, file, "sh", O_RDONLY, 0), ENOTDIR);
	EXPECT_ERROR(syscall(SYS_openat, -1, "sh", O_RDONLY, 0), EBADF);
	EXPECT_ERROR(syscall(SYS_openat, bin, unmapped(), O_RDONLY, 0), EFAULT);
	EXPECT_EQ(chdir("/bin"), 0);
	EXPECT_EQ(close((int)syscall(SYS_openat, AT_FDCWD, "sh", O_RDONLY, 0)), 0);
	EXPECT_EQ(syscall(SYS_fchdir, root), 0);
	EXPECT_EQ(close((int)syscall(SYS_openat, AT_FDCWD, "bin/sh", O_RDONLY, 0)), 0);
	EXPECT_ERROR(syscall(SYS_fchdir, file), ENOTDIR);
	EXPECT_ERROR(syscall(SYS_fchdir, 99), EBADF);
}

TEST(access_from_a_folder)
{
	int bin = open("/bin", O_RDONLY | O_DIRECTORY);

	EXPECT_EQ(syscall(SYS_faccessat, bin, "sh", X_OK), 0);
	EXPECT_EQ(syscall(SYS_faccessat2, bin, "sh", R_OK | X_OK, AT_EACCESS), 0);
	EXPECT_ERROR(syscall(SYS_faccessat, bin, "nothing", F_OK), ENOENT);
	EXPECT_ERROR(syscall(SYS_faccessat2, bin, "sh", F_OK, 0x40000000), EINVAL);
	EXPECT_ERROR(access("/bin/sh", 8), EINVAL);
	EXPECT_ERROR(access(KERNEL_ADDRESS, F_OK), EFAULT);
}

TEST(links)
{
	char path[64] = "", again[64] = "";
	full_stat link, program;
	int self = open("/proc/self", O_RDONLY | O_DIRECTORY);
	long n = syscall(SYS_readlink, "/proc/self/exe", path, sizeof(path) - 1);

	ASSERT(self >= 0 && n > 0);
	EXPECT_EQ(syscall(SYS_readlinkat, self, "exe", again, sizeof(again) - 1), n);
	EXPECT(strcmp(path, again) == 0);
	EXPECT_EQ(syscall(SYS_readlinkat, self, "exe", again, 3), 3); /* what fits */
	EXPECT_ERROR(syscall(SYS_readlinkat, self, "exe", again, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_readlinkat, self, "nothing", again, 3), ENOENT);
	EXPECT_EQ(syscall(SYS_fstatat, self, "exe", &link, AT_SYMLINK_NOFOLLOW), 0);
	EXPECT(S_ISLNK(link.st_mode));
	EXPECT_EQ(syscall(SYS_fstatat, self, "exe", &program, 0), 0);
	EXPECT(S_ISREG(program.st_mode));
	EXPECT_ERROR(syscall(SYS_openat, self, "exe", O_RDONLY | 0400000 /* O_NOFOLLOW */, 0),
		     ELOOP);
}

/* However one asks, it is the same. */
TEST(stat_and_its_kin_agree)
{
	int file = open("/bin/sh", O_RDONLY);
	full_stat by_path, by_descriptor, by_empty_path;
	struct statx all;
	struct stat plain;

	EXPECT_EQ(stat("/bin/sh", &plain), 0);
	EXPECT_EQ(syscall(SYS_fstatat, AT_FDCWD, "/bin/sh", &by_path, 0), 0);
	EXPECT_EQ(syscall(SYS_fstatat, file, "", &by_empty_path, AT_EMPTY_PATH), 0);
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
	EXPECT_ERROR(syscall(SYS_fstatat, file, "", &by_path, 0), ENOENT);
	EXPECT_ERROR(syscall(SYS_fstatat, AT_FDCWD, "/bin/sh", &by_path, 0x40000000), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, STATX_RESERVED, &all), EINVAL);
	EXPECT_ERROR(syscall(SYS_statx, AT_FDCWD, "/bin/sh", 0, 0, unmapped()), EFAULT);
}

/* Architectures pass the 64-bit offset in different ways. */
static long read_at(int file, void *buffer, size_t n, long offset)
{
#if defined(__x86_64__)
	return syscall(SYS_pread64, file, buffer, n, offset);
#elif defined(__i386__)
	return syscall(SYS_pread64_halves, file, buffer, n, offset, offset >> 31);
#elif __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return syscall(SYS_pread64_pair, file, buffer, n, 0, offset >> 31, offset);
#else
	return syscall(SYS_pread64_pair, file, buffer, n, 0, offset, offset >> 31);
#endif
}

TEST(read_at_a_place)
{
	char whole[16], part[8];
	int file = open("/bin/sh", O_RDONLY), ends[2];

	EXPECT_EQ(read(file, whole, 16), 16);
	EXPECT_EQ(read_at(file, part, 8, 4), 8);
	EXPECT_EQ(memcmp(whole + 4, part, 8), 0);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 16); /* which it leaves alone */
	EXPECT_EQ(read_at(file, part, 8, lseek(file, 0, SEEK_END)), 0);
	EXPECT_ERROR(read_at(file, part, 8, -1), EINVAL);
	EXPECT_ERROR(read_at(file, unmapped(), 8, 0), EFAULT);
	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(read_at(ends[0], part, 1, 0), ESPIPE);
}

#if __SIZEOF_LONG__ == 4
TEST(seek_far)
{
	int file = open("/bin/sh", O_RDONLY);
	int64_t at = -1;

	EXPECT_EQ(syscall(SYS_llseek, file, 1, 2, &at, SEEK_SET), 0);
	EXPECT(at == 0x100000002);
	EXPECT_EQ(read(file, &at, 1), 0);
	EXPECT_ERROR(lseek(file, 0, SEEK_CUR), EOVERFLOW);
	EXPECT_ERROR(syscall(SYS_llseek, file, 0, 0, &at, 9), EINVAL);
	EXPECT_ERROR(syscall(SYS_llseek, file, 0, 0, unmapped(), SEEK_SET), EFAULT);
}
#endif

TEST(from_a_file_to_a_pipe)
{
	char sent[100], received[100];
	int file = open("/bin/sh", O_RDONLY), ends[2];
	long offset = 10;

	ASSERT(pipe(ends) == 0);
	EXPECT_EQ(read(file, sent, 100), 100);
	EXPECT_EQ(lseek(file, 0, SEEK_SET), 0);
	EXPECT_EQ(syscall(SYS_sendfile, ends[1], file, NULL, 60), 60);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 60);
	EXPECT_EQ(read(ends[0], received, 100), 60);
	EXPECT_EQ(memcmp(sent, received, 60), 0);
	EXPECT_EQ(syscall(SYS_sendfile, ends[1], file, &offset, 20), 20);
	EXPECT_EQ(offset, 30);
	EXPECT_EQ(lseek(file, 0, SEEK_CUR), 60);
	EXPECT_EQ(read(ends[0], received, 100), 20);
	EXPECT_EQ(memcmp(sent + 10, received, 20), 0);
	EXPECT_ERROR(syscall(SYS_sendfile, file, file, NULL, 1), EBADF);
	EXPECT_ERROR(syscall(SYS_sendfile, ends[1], 99, NULL, 1), EBADF);
	EXPECT_ERROR(syscall(SYS_sendfile, ends[1], ends[0], NULL, 1), EINVAL);
	EXPECT_ERROR(syscall(SYS_sendfile, ends[1], file, unmapped(), 1), EFAULT);
}

TEST(duplicates_at_a_number)
{
	int file = open("/bin/sh", O_RDONLY);

	EXPECT_EQ(syscall(SYS_dup3, file, 20, O_CLOEXEC), 20);
	EXPECT_EQ(fcntl(20, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(syscall(SYS_dup3, file, 20, 0), 20);
	EXPECT_EQ(fcntl(20, F_GETFD), 0);
	EXPECT_ERROR(syscall(SYS_dup3, file, file, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_dup3, file, 21, O_NONBLOCK), EINVAL);
	EXPECT_ERROR(syscall(SYS_dup3, 99, 21, 0), EBADF);
	EXPECT_ERROR(syscall(SYS_dup3, file, 1 << 20, 0), EBADF);
}
