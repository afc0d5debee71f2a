// SPDX-License-Identifier: MIT
/*
 * The initramfs: the archive that is linked into the image (INITRAMFS_IN_IMAGE) and the one that
 * the loader handed over become one tree, the loader's on top. Below both lie the devices and
 * /proc/self/exe, which are there without any archive.
 */
#include <tessera/boot_info.h>
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "archive.h"
#include "device.h"

#define LOG_TAG	  "initramfs"
#define NO_MEMORY "no memory for the file tree"

struct node *tree_root;

/* initramfs_data.S */
extern const char initramfs_data[], initramfs_data_end[];

static void read_archive(const char *whose, const void *bytes, size_t size)
{
	struct archive_report report;

	archive_read(tree_root, bytes, size, &report);
	log_info("%s archive: %u files, %zu KiB", whose, report.entries, size / 1024);
	if (report.skipped)
		log_warning(
			"%s archive: %u of its files are left out; the first, at offset %zu: %s",
			whose, report.skipped, report.skipped_offset, report.skipped_problem);
	if (report.problem)
		log_error("%s archive is corrupt at offset %zu of %zu: %s; what stands before is "
			  "used",
			  whose, report.offset, size, report.problem);
}

/* Where the loader puts it is not ours to choose. */
static void read_loader_archive(void)
{
	phys_addr_t start = boot_info.initramfs, size = boot_info.initramfs_size;

	if (!size)
		return;
	if (start >= DIRECT_MAP_LIMIT || size > DIRECT_MAP_LIMIT - start) {
		log_error("the loader's archive (0x%llx, %llu KiB) is out of the kernel's reach, "
			  "which ends at 0x%llx: load it lower, or use INITRAMFS_IN_IMAGE",
			  (unsigned long long)start, (unsigned long long)size / 1024,
			  (unsigned long long)DIRECT_MAP_LIMIT);
		return;
	}
	read_archive("the loader's", phys_to_virt(start), (size_t)size);
}

/* A node that needs no archive. */
static struct node *add_own(struct node *directory, const char *name, struct inode *inode)
{
	struct node *node;

	if (!inode || node_add(directory, name, strlen(name), inode, &node))
		boot_fail(NO_MEMORY);
	return node;
}

static struct node *add_directory(struct node *directory, const char *name)
{
	return add_own(directory, name, inode_create(S_IFDIR | 0755));
}

static void add_devices(struct node *directory)
{
	for (unsigned i = 0; i < device_count; i++) {
		struct inode *inode = inode_create(S_IFCHR | 0666);

		if (inode) {
			inode->major = devices[i].major;
			inode->minor = devices[i].minor;
		}
		add_own(directory, devices[i].name, inode);
	}
}

void initramfs_init(void)
{
	struct node *proc;

	tree_root = tree_create();
	if (!tree_root)
		boot_fail(NO_MEMORY);
	add_devices(add_directory(tree_root, "dev"));
	proc = add_directory(tree_root, "proc");
	add_own(add_directory(proc, "self"), "exe", &executable_link);
	if (proc_create(proc))
		boot_fail(NO_MEMORY);

	if (IS_ENABLED(CONFIG_INITRAMFS_IN_IMAGE))
		read_archive("the image's", initramfs_data,
			     (size_t)(initramfs_data_end - initramfs_data));
	read_loader_archive();
}
