/* SPDX-License-Identifier: MIT */
/*
 * Archives and the tree that comes of them: what a good one gives, and for every way in which one
 * can be corrupt the offset that is reported and what of it is left.
 */
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/kmalloc.h>
#include <tessera/stat.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../../fs/archive.h"
#include "../../fs/tree.h"

#define HEADER 110u

/* The archive that a test puts together, and the tree that it gives. */
static char bytes[8192];
static size_t size;
static struct node *root;
static struct archive_report report;

struct entry {
	const char *name;
	uint32_t mode;
	const char *data; /* NULL: none */
	uint32_t inode, links;
	uint32_t sum; /* not 0: format 070702 */
};

static void pad(void)
{
	while (size % 4)
		bytes[size++] = '\0';
}

/* Appends an entry and gives the offset of its header. */
static size_t add(const struct entry *entry)
{
	size_t start = size, name = strlen(entry->name) + 1;
	size_t data = entry->data ? strlen(entry->data) : 0;

	snprintf(bytes + size, sizeof(bytes) - size,
		 "%s%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		 entry->sum ? "070702" : "070701", entry->inode, entry->mode, 1, 2,
		 entry->links ? entry->links : 1, 1000, data, 3, 4, 5, 6, name, entry->sum);
	size += HEADER;
	memcpy(bytes + size, entry->name, name);
	size += name;
	pad();
	memcpy(bytes + size, entry->data ? entry->data : "", data);
	size += data;
	pad();
	return start;
}

static size_t add_file(const char *name, const char *data)
{
	return add(&(struct entry){ .name = name, .mode = S_IFREG | 0644, .data = data });
}

static size_t add_directory(const char *name)
{
	return add(&(struct entry){ .name = name, .mode = S_IFDIR | 0700 });
}

static size_t add_link(const char *name, const char *target)
{
	return add(&(struct entry){ .name = name, .mode = S_IFLNK | 0777, .data = target });
}

static size_t add_trailer(void)
{
	return add(&(struct entry){ .name = "TRAILER!!!" });
}

static void begin(void)
{
	size = 0;
	memset(bytes, 0, sizeof(bytes));
}

/* Reads what was put together into a tree of its own. */
static bool read(void)
{
	root = tree_create();
	if (!root) {
		test_fail(__FILE__, __LINE__, "no memory");
		return false;
	}
	archive_read(root, bytes, size, &report);
	return true;
}

static int find(const char *path, unsigned flags, struct node **node)
{
	struct path_context context = { .root = root, .start = root };

	return path_find(&context, path, strlen(path), flags, node);
}

/* Whether a path leads to a file of that content. */
static bool holds(const char *path, const char *content)
{
	struct node *node;

	return find(path, 0, &node) == 0 && node_is(node, S_IFREG) &&
	       node->inode->size == strlen(content) &&
	       memcmp(node->inode->bytes, content, strlen(content)) == 0;
}

static bool is_directory(const char *path)
{
	struct node *node;

	return find(path, 0, &node) == 0 && node_is(node, S_IFDIR);
}

static void expect_corrupt(size_t offset, const char *problem, unsigned entries)
{
	if (!read())
		return;
	EXPECT_EQ(report.offset, offset);
	EXPECT(report.problem && strstr(report.problem, problem));
	EXPECT_EQ(report.entries, entries);
	tree_free(root);
}

static void expect_skipped(size_t offset, const char *problem, unsigned entries)
{
	if (!read())
		return;
	EXPECT(!report.problem);
	EXPECT_EQ(report.skipped, 1);
	EXPECT_EQ(report.skipped_offset, offset);
	EXPECT(report.skipped_problem && strstr(report.skipped_problem, problem));
	EXPECT_EQ(report.entries, entries);
	tree_free(root);
}

/* ---- What a good archive gives ---- */

TEST(archive, gives_files_directories_and_links)
{
	struct node *node;

	begin();
	add_directory("bin");
	add_file("bin/tool", "abcde");
	add_link("link", "bin/tool");
	add_file("./dotted/../x", "skipped");
	add_file("empty", NULL);
	add_trailer();
	if (!read())
		return;
	EXPECT(!report.problem);
	EXPECT_EQ(report.entries, 4);
	EXPECT_EQ(report.skipped, 1);
	EXPECT(holds("/bin/tool", "abcde"));
	EXPECT(holds("link", "abcde"));
	EXPECT(holds("/empty", ""));
	EXPECT_EQ(find("/bin", 0, &node), 0);
	EXPECT_EQ(node->inode->mode, S_IFDIR | 0700);
	EXPECT_EQ(node->inode->links, 2);
	EXPECT_EQ(find("/bin/tool", 0, &node), 0);
	EXPECT_EQ(node->inode->uid, 1);
	EXPECT_EQ(node->inode->gid, 2);
	EXPECT_EQ(node->inode->time, 1000);
	EXPECT_EQ(node->inode->major, 5);
	EXPECT_EQ(node->inode->minor, 6);
	tree_free(root);
}

/* `find . | cpio` begins with the root itself. */
TEST(archive, the_root_may_be_in_it)
{
	begin();
	add_directory(".");
	add_file("./file", "x");
	add_directory("/");
	add_trailer();
	if (!read())
		return;
	EXPECT_EQ(report.entries, 3);
	EXPECT_EQ(root->inode->mode, S_IFDIR | 0700);
	EXPECT(root->children == root->youngest);
	EXPECT(holds("/file", "x"));
	tree_free(root);
}

TEST(archive, makes_missing_parents)
{
	begin();
	add_file("a/b/c/file", "x");
	add_directory("./a/b/"); /* gives what was made its attributes */
	add_trailer();
	if (!read())
		return;
	EXPECT_EQ(report.entries, 2);
	EXPECT_EQ(report.skipped, 0);
	EXPECT(holds("a//b/./c/file", "x"));
	EXPECT(is_directory("a/b/"));
	tree_free(root);
}

TEST(archive, the_last_of_equal_names_counts)
{
	begin();
	add_file("file", "old");
	add_file("file", "newer");
	add_link("link", "file");
	add_file("link", "plain");
	add_directory("folder");
	add_file("folder/inside", "stays");
	add_directory("folder");
	add_trailer();
	if (!read())
		return;
	EXPECT_EQ(report.skipped, 0);
	EXPECT(holds("file", "newer"));
	EXPECT(holds("link", "plain"));
	EXPECT(holds("folder/inside", "stays"));
	tree_free(root);
}

/* cpio gives the data to the last of the names. */
TEST(archive, hard_links_are_one_file)
{
	struct node *a, *b;
	struct entry entry = { .mode = S_IFREG | 0755, .inode = 7, .links = 3 };

	begin();
	entry.name = "a";
	add(&entry);
	entry.name = "b";
	add(&entry);
	add(&(struct entry){
		.name = "other", .mode = S_IFREG, .inode = 8, .links = 2, .data = "o" });
	entry.name = "c";
	entry.data = "shared";
	add(&entry);
	add_trailer();
	if (!read())
		return;
	EXPECT(holds("a", "shared"));
	EXPECT(holds("b", "shared"));
	EXPECT(holds("c", "shared"));
	EXPECT(holds("other", "o"));
	EXPECT_EQ(find("a", 0, &a), 0);
	EXPECT_EQ(find("b", 0, &b), 0);
	EXPECT(a->inode == b->inode);
	EXPECT_EQ(a->inode->links, 3);
	tree_free(root);
}

TEST(archive, archives_one_behind_the_other)
{
	size_t second;

	begin();
	add_file("a", "1");
	add_trailer();
	size = ALIGN_UP(size, (size_t)512);
	add_file("b", "2");
	add_trailer();
	second = size;
	size += 1000; /* zeros, as cpio fills up a block */
	if (!read())
		return;
	EXPECT(!report.problem);
	EXPECT(holds("a", "1"));
	EXPECT(holds("b", "2"));
	tree_free(root);

	bytes[second + 100] = 'x';
	expect_corrupt(second + 100, "no cpio header", 2);
}

TEST(archive, checks_the_sum_of_070702)
{
	size_t at;

	begin();
	at = add(&(struct entry){ .name = "f", .mode = S_IFREG, .data = "ab", .sum = 'a' + 'b' });
	add_trailer();
	if (!read())
		return;
	EXPECT(!report.problem);
	EXPECT(holds("f", "ab"));
	tree_free(root);
	bytes[at + HEADER + 2]++;
	expect_corrupt(at + HEADER + 2, "checksum", 0);
}

/* ---- What ends the reading, where, and what is left ---- */

TEST(archive, no_header)
{
	size_t at;

	begin();
	add_file("good", "1");
	at = add_file("bad", "2");
	add_trailer();
	bytes[at] = '1';
	expect_corrupt(at, "no cpio header", 1);
	memcpy(bytes + at, "070707", 6);
	expect_corrupt(at, "older cpio", 1);
	memcpy(bytes + at, "070703", 6);
	expect_corrupt(at, "no cpio header", 1);
	memcpy(bytes, "\x1f\x8b\x08\x00", 4);
	expect_corrupt(0, "compressed", 0);
	memcpy(bytes,
	       "\xfd"
	       "7zXZ",
	       5);
	expect_corrupt(0, "compressed", 0);
	memcpy(bytes, "\x28\xb5\x2f\xfd", 4);
	expect_corrupt(0, "compressed", 0);
}

TEST(archive, bad_digits_in_every_field)
{
	static const char bad[] = { 'g', ' ', '-', 'x', '\0', '/', ':', '@', '`', 'G' };
	size_t at;

	begin();
	add_file("good", "1");
	at = add_file("bad", "2");
	add_trailer();
	for (unsigned field = 0; field < 13; field++) {
		size_t digit = at + 6 + field * 8 + field % 8;
		char was = bytes[digit];

		bytes[digit] = bad[field % sizeof(bad)];
		expect_corrupt(at + 6 + field * 8, "not a hexadecimal number", 1);
		bytes[digit] = was;
	}
}

/* Cut after every byte: what came whole is there, and the offset never lies. */
TEST(archive, cut_anywhere)
{
	size_t first, second, whole;

	begin();
	first = add_file("one", "11");
	second = add_file("two", "2222");
	whole = add_trailer() + HEADER + sizeof("TRAILER!!!");
	for (size = 1; size < whole; size++) {
		if (!read())
			return;
		EXPECT(report.problem);
		EXPECT(report.offset <= size);
		EXPECT_EQ(report.entries, (size >= second - 2) + (size >= second + HEADER + 6 + 4));
		EXPECT(size < second - 2 || holds("one", "11"));
		tree_free(root);
	}
	EXPECT_EQ(first, 0);
}

TEST(archive, no_trailer)
{
	begin();
	add_file("good", "1");
	expect_corrupt(size, "no trailer", 1);
}

static void set_field(size_t at, unsigned field, uint32_t value)
{
	char digits[9];

	snprintf(digits, sizeof(digits), "%08x", value);
	memcpy(bytes + at + 6 + field * 8, digits, 8);
}

enum { FIELD_MODE = 1, FIELD_SIZE = 6, FIELD_NAME_SIZE = 11 };

TEST(archive, sizes_that_make_no_sense)
{
	static const uint32_t sizes[] = { 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff, 4096 };
	size_t at;

	begin();
	add_file("good", "1");
	at = add_file("bad", "2222");
	add_trailer();
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		set_field(at, FIELD_SIZE, sizes[i]);
		expect_corrupt(at + HEADER + 6, "data goes on", 1);
	}
	set_field(at, FIELD_SIZE, 4);
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		set_field(at, FIELD_NAME_SIZE, sizes[i]);
		if (sizes[i] > PATH_MAX)
			expect_corrupt(at, "length of the name", 1);
		else
			expect_corrupt(at + HEADER, "name goes on", 1);
	}
	set_field(at, FIELD_NAME_SIZE, 0);
	expect_corrupt(at, "length of the name", 1);
	set_field(at, FIELD_NAME_SIZE, 3);
	expect_corrupt(at + HEADER, "not as long", 1);
	set_field(at, FIELD_NAME_SIZE, 5);
	expect_corrupt(at + HEADER, "not as long", 1);
}

/* ---- What is skipped ---- */

TEST(archive, names_that_lead_upwards)
{
	static const char *const names[] = { "..", "../x", "/../x", "a/..", "a/../../x" };

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		size_t at;

		begin();
		add_file("good", "1");
		at = add_file(names[i], "2");
		add_trailer();
		expect_skipped(at, "upwards", 1);
	}
}

TEST(archive, names_in_conflict)
{
	size_t at;

	begin();
	add_file("file", "1");
	at = add_file("file/below", "2");
	add_trailer();
	expect_skipped(at, "no directory", 1);

	begin();
	add_file("file", "1");
	at = add_directory("file");
	add_trailer();
	expect_skipped(at, "one name", 1);

	begin();
	add_directory("folder");
	at = add_file("folder", "2");
	add_trailer();
	expect_skipped(at, "one name", 1);

	begin();
	at = add_file("./", "the root");
	add_trailer();
	expect_skipped(at, "one name", 0);
}

TEST(archive, entries_of_no_sense)
{
	size_t at;

	begin();
	at = add_link("link", NULL);
	add_trailer();
	expect_skipped(at, "target", 0);

	begin();
	at = add_link("link", "abc");
	bytes[at + HEADER + 6 + 1] = '\0';
	add_trailer();
	expect_skipped(at, "target", 0);

	begin();
	at = add_file("odd", "1");
	set_field(at, FIELD_MODE, 0x3000);
	add_trailer();
	expect_skipped(at, "no known type", 0);

	begin();
	memset(bytes + 2000, 'n', NAME_MAX + 1);
	memcpy(bytes + 4000, bytes + 2000, NAME_MAX + 1);
	at = add_file(bytes + 4000, "1");
	add_trailer();
	expect_skipped(at, "too long", 0);
}

TEST(archive, gives_all_memory_back)
{
	struct object_stats before, after;

	begin();
	add_file("a/b/c", "1");
	add_file("a/b/c", "2");
	add_link("a/l", "b");
	add(&(struct entry){ .name = "h1", .mode = S_IFREG, .inode = 9, .links = 2 });
	add(&(struct entry){ .name = "h2", .mode = S_IFREG, .inode = 9, .links = 2, .data = "h" });
	add_file("h1", "replaced");
	add_file("a", "conflict");
	object_stats(&before);
	expect_corrupt(size, "no trailer", 6);
	object_stats(&after);
	EXPECT_EQ(after.in_use, before.in_use);
}
