/* SPDX-License-Identifier: MIT */
/* Resolving paths: names, dots, slashes, links of every kind, and every error. */
#include <tessera/errno.h>
#include <tessera/stat.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../../fs/tree.h"

static struct node *root, *start, *program;

static struct node *add(struct node *directory, const char *name, uint32_t mode, const char *bytes)
{
	struct inode *inode = inode_create(mode);
	struct node *node = NULL;

	if (inode) {
		inode->bytes = bytes;
		inode->size = bytes ? strlen(bytes) : 0;
	}
	if (!inode || node_add(directory, name, strlen(name), inode, &node))
		test_fail(__FILE__, __LINE__, "no memory");
	return node;
}

static struct node *add_directory(struct node *directory, const char *name)
{
	return add(directory, name, S_IFDIR | 0755, NULL);
}

static void add_link(struct node *directory, const char *name, const char *target)
{
	add(directory, name, S_IFLNK | 0777, target);
}

/*
 *	/bin/tool	/home/user/notes	/home/link -> user	/home/user/up -> ..
 *	/absolute -> /home/user			/program -> bin/tool	/dangling -> nowhere/at/all
 *	/loop -> loop2, /loop2 -> loop		/slash -> bin/tool/	/trail -> home/user/
 */
static void make_tree(void)
{
	struct node *home, *bin;

	root = tree_create();
	bin = add_directory(root, "bin");
	home = add_directory(root, "home");
	start = add_directory(home, "user");
	program = add(bin, "tool", S_IFREG | 0755, "x");
	add(start, "notes", S_IFREG | 0644, "n");
	add_link(home, "link", "user");
	add_link(start, "up", "..");
	add_link(root, "absolute", "/home/user");
	add_link(root, "program", "bin/tool");
	add_link(root, "dangling", "nowhere");
	add_link(root, "far", "nowhere/at/all");
	add_link(root, "loop", "loop2");
	add_link(root, "loop2", "loop");
	add_link(root, "slash", "bin/tool/");
	add_link(root, "trail", "home/user/");
}

static int find_flags(const char *path, unsigned flags, struct node **node)
{
	struct path_context context = { .root = root, .start = start, .executable = program };

	return path_find(&context, path, strlen(path), flags, node);
}

static int error_of(const char *path)
{
	struct node *node;

	return find_flags(path, 0, &node);
}

/* Whether a path leads to where another, without links, says. */
static bool leads_to(const char *path, const char *place)
{
	struct node *node;
	char text[64];

	return find_flags(path, 0, &node) == 0 &&
	       node_path(node, text, sizeof(text)) == (ssize_t)strlen(place) + 1 &&
	       strcmp(text, place) == 0;
}

TEST(path, names_dots_and_slashes)
{
	make_tree();
	EXPECT(leads_to("/", "/"));
	EXPECT(leads_to("////", "/"));
	EXPECT(leads_to("/..", "/"));
	EXPECT(leads_to("/../../bin", "/bin"));
	EXPECT(leads_to(".", "/home/user"));
	EXPECT(leads_to("..", "/home"));
	EXPECT(leads_to("notes", "/home/user/notes"));
	EXPECT(leads_to("./../user/./notes", "/home/user/notes"));
	EXPECT(leads_to("/bin/", "/bin"));
	EXPECT(leads_to("//bin//tool", "/bin/tool"));
	EXPECT(leads_to("../../bin/tool", "/bin/tool"));
	tree_free(root);
}

TEST(path, links)
{
	make_tree();
	EXPECT(leads_to("/home/link/notes", "/home/user/notes"));
	EXPECT(leads_to("/home/link/", "/home/user"));
	EXPECT(leads_to("up/link/up", "/home"));
	EXPECT(leads_to("/absolute/up/user/notes", "/home/user/notes"));
	EXPECT(leads_to("/program", "/bin/tool"));
	EXPECT(leads_to("/trail", "/home/user"));
	EXPECT(leads_to("/trail/notes", "/home/user/notes"));
	EXPECT(leads_to("/absolute/../link/up/../bin/./tool", "/bin/tool"));
	tree_free(root);
}

TEST(path, a_link_itself)
{
	struct node *node;

	make_tree();
	EXPECT_EQ(find_flags("/home/link", PATH_NOFOLLOW, &node), 0);
	EXPECT(node_is(node, S_IFLNK));
	EXPECT_EQ(find_flags("/home/link/", PATH_NOFOLLOW, &node), 0); /* the slash follows it */
	EXPECT(node_is(node, S_IFDIR));
	EXPECT_EQ(find_flags("/absolute/up/link", PATH_NOFOLLOW, &node), 0);
	EXPECT(node_is(node, S_IFLNK));
	EXPECT_EQ(find_flags("/dangling", PATH_NOFOLLOW, &node), 0);
	EXPECT_EQ(find_flags("/loop", PATH_NOFOLLOW, &node), 0);
	tree_free(root);
}

TEST(path, what_is_not_there)
{
	struct node *node;

	make_tree();
	EXPECT_EQ(error_of(""), -ENOENT);
	EXPECT_EQ(find_flags("/none", 0, &node), -ENOENT);
	EXPECT(node == root); /* where it could be made */
	EXPECT_EQ(find_flags("none", 0, &node), -ENOENT);
	EXPECT(node == start);
	EXPECT_EQ(find_flags("/none/deeper", 0, &node), -ENOENT);
	EXPECT(!node);
	EXPECT_EQ(find_flags("/dangling", 0, &node), -ENOENT);
	EXPECT(node == root);
	EXPECT_EQ(find_flags("/far", 0, &node), -ENOENT);
	EXPECT(!node);
	EXPECT_EQ(error_of("/bi"), -ENOENT);
	EXPECT_EQ(error_of("/binn"), -ENOENT);
	tree_free(root);
}

TEST(path, what_is_no_directory)
{
	make_tree();
	EXPECT_EQ(error_of("/bin/tool/"), -ENOTDIR);
	EXPECT_EQ(error_of("/bin/tool/x"), -ENOTDIR);
	EXPECT_EQ(error_of("/bin/tool/."), -ENOTDIR);
	EXPECT_EQ(error_of("/bin/tool/.."), -ENOTDIR);
	EXPECT_EQ(error_of("/program/"), -ENOTDIR);
	EXPECT_EQ(error_of("/program/x"), -ENOTDIR);
	EXPECT_EQ(error_of("/slash"), -ENOTDIR);
	tree_free(root);
}

TEST(path, loops)
{
	make_tree();
	EXPECT_EQ(error_of("/loop"), -ELOOP);
	EXPECT_EQ(error_of("/loop/x"), -ELOOP);
	EXPECT_EQ(error_of("/loop2/"), -ELOOP);
	tree_free(root);
}

/* A chain of as many links as are allowed, and one more. */
TEST(path, as_many_links_as_allowed)
{
	static char names[LINKS_MAX + 2][8];
	struct node *node;

	make_tree();
	strlcpy(names[0], "bin", sizeof(names[0]));
	for (unsigned i = 1; i <= LINKS_MAX + 1; i++) {
		names[i][0] = (char)('a' + i / 26);
		names[i][1] = (char)('a' + i % 26);
		names[i][2] = '\0';
		add_link(root, names[i], names[i - 1]);
	}
	start = root;
	EXPECT_EQ(find_flags(names[LINKS_MAX], 0, &node), 0);
	EXPECT_EQ(find_flags(names[LINKS_MAX + 1], 0, &node), -ELOOP);
	tree_free(root);
}

TEST(path, names_that_are_too_long)
{
	static char path[NAME_MAX + 3];

	make_tree();
	path[0] = '/';
	memset(path + 1, 'n', NAME_MAX + 1);
	EXPECT_EQ(error_of(path), -ENAMETOOLONG);
	path[NAME_MAX + 1] = '\0';
	EXPECT_EQ(error_of(path), -ENOENT);
	tree_free(root);
}

TEST(path, text_of_a_node)
{
	struct node *node;
	char text[16];

	make_tree();
	EXPECT_EQ(find_flags("/home/user/notes", 0, &node), 0);
	EXPECT_EQ(node_path(node, text, 16), -ERANGE);
	EXPECT_EQ(find_flags("/home/user", 0, &node), 0);
	EXPECT_EQ(node_path(node, text, 10), -ERANGE);
	EXPECT_EQ(node_path(node, text, 11), 11);
	EXPECT(strcmp(text, "/home/user") == 0);
	EXPECT_EQ(node_path(root, text, 1), -ERANGE);
	EXPECT_EQ(node_path(root, text, 2), 2);
	tree_free(root);
}
