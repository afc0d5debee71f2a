// SPDX-License-Identifier: MIT
/* ls [-l] [PATH]...: what is in folders; -l: kind, rights, size and target too. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int details;

static void print_mode(unsigned mode)
{
	static const struct {
		unsigned type;
		char letter;
	} types[] = { { S_IFREG, '-' }, { S_IFDIR, 'd' }, { S_IFCHR, 'c' },
		      { S_IFLNK, 'l' }, { S_IFIFO, 'p' }, { S_IFBLK, 'b' } };
	char letter = '?';

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & S_IFMT) == types[i].type)
			letter = types[i].letter;
	putchar(letter);
	for (int bit = 8; bit >= 0; bit--)
		putchar(mode >> bit & 1 ? "xwr"[bit % 3] : '-');
}

static int show(const char *path, const char *name)
{
	struct stat stat;
	char target[128];
	long n;

	if (!details) {
		puts(name);
		return 0;
	}
	if (lstat(path, &stat) != 0) {
		perror(path);
		return 1;
	}
	print_mode(stat.st_mode);
	printf(" %8ld %s", (long)stat.st_size, name);
	if (S_ISLNK(stat.st_mode)) {
		n = syscall(SYS_readlink, path, target, sizeof(target));
		printf(" -> %.*s", n > 0 ? (int)n : 0, target);
	}
	putchar('\n');
	return 0;
}

static int list(const char *path)
{
	struct stat stat_;
	struct dirent *entry;
	char file[256];
	int bad = 0;
	DIR *directory;

	if (stat(path, &stat_) != 0) {
		perror(path);
		return 1;
	}
	if (!S_ISDIR(stat_.st_mode))
		return show(path, path);
	directory = opendir(path);
	if (!directory) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		bad |= show(file, entry->d_name);
	}
	closedir(directory);
	return bad;
}

int main(int argc, char **argv)
{
	int first = 1, bad = 0;

	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		details = 1;
		first = 2;
	}
	if (first == argc)
		return list(".");
	for (int i = first; i < argc; i++) {
		if (argc - first > 1)
			printf("%s:\n", argv[i]);
		bad |= list(argv[i]);
	}
	return bad;
}
