/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: what a user program sees as memory. A space is a page table and a sorted list of
 * areas; an area says what a range of addresses means before any page of it exists. Pages come on
 * first touch (space_fault), are shared after fork until somebody writes (copy-on-write), and go when
 * their last mapping goes: page->refcount counts mappings.
 *
 * Nothing here ever blocks: there is no disk behind it. Every function takes LOCK_SPACE (a spin_lock)
 * for as long as it needs, and none may be called with a lock further out, or with interrupts masked.
 *
 * The architecture's part is asm/user_page.h; mm/address_space/page_table.c walks it.
 */
#ifndef TESSERA_ADDRESS_SPACE_H
#define TESSERA_ADDRESS_SPACE_H

#include <asm/user_page.h> /* struct page_table, USER_END, the format of entries */
#include <tessera/list.h>
#include <tessera/types.h>

/* What an area allows: PROT_* of the user ABI, the same on every architecture. */
#define AREA_READ    0x1u
#define AREA_WRITE   0x2u
#define AREA_EXECUTE 0x4u
#define AREA_ACCESS  0x7u
/* What an area is. */
#define AREA_SHARED  0x10u /* fork shares its pages for good instead of copying them on write */
#define AREA_GROWS   0x20u /* a stack: a fault below it, down to the guard gap, makes it longer */
#define AREA_BREAK   0x40u /* what brk moves the end of */

struct area_source; /* counted; see below */

struct area {
	struct list_node link;	     /* in the space's list, ordered by address */
	uintptr_t start, end;	     /* page aligned, start < end */
	unsigned flags;		     /* AREA_... */
	struct area_source *source;  /* NULL: zero pages */
	uintptr_t source_offset;     /* of `start` in the source; page aligned */
};

/*
 * What fills pages on first touch: bytes that stay where they are in kernel memory (a file of the
 * initramfs), or the pages of shared anonymous memory. Counted by the areas that use it.
 */
struct area_source {
	unsigned users;
	const void *bytes;   /* NULL: shared anonymous memory, `pages` has them */
	size_t size;	     /* bytes; behind them: zeros */
	struct page **pages; /* shared memory: by page number, NULL until touched; each holds one
			      * count of its page's refcount */
	void (*release)(struct area_source *source); /* the last user has gone; NULL: kfree */
	void *owner;				     /* for release */
};

struct address_space {
	struct page_table table; /* first: the architecture's */
	struct list_node areas;
	struct area *last;	    /* where the last fault was */
	unsigned users;		    /* tasks (and a vfork parent) that hold it */
	unsigned area_count;	    /* at most USER_AREAS_MAX */
	size_t resident;	    /* pages mapped, shared ones too */
	size_t table_pages;	    /* pages of page table */
	size_t mapped;		    /* pages in areas; at most USER_SPACE_MAX_PAGES if that is not 0 */
	uintptr_t break_start, break_end; /* the brk area; break_end need not be page aligned */
	uintptr_t mmap_top;	    /* where the search for a free range begins, downwards */
	uintptr_t stack_limit;	    /* bytes that a stack may grow to */
};

/* An empty space with one user; NULL: no memory. */
struct address_space *space_create(void);

/* One user more, one fewer; the last one's going frees every page, table and area. A space that is
 * still loaded on the CPU is left first (arch_space_leave). Thread context. O(what it holds). */
struct address_space *space_get(struct address_space *space);
void space_put(struct address_space *space);

/*
 * A copy for fork: the areas, and the pages shared copy-on-write (shared areas: for good). Writable
 * pages become read-only in both. NULL: no memory; then the original is as before (perhaps
 * with fewer pages writable until touched). O(pages resident).
 */
struct address_space *space_fork(struct address_space *space);

/*
 * Makes an area: mmap of anonymous memory or of a source. `address` and `length` as mmap (length is
 * rounded up); `flags` AREA_...; source may be NULL; its count goes to the area on success only.
 * Gives the address (as unsigned long; user addresses never look like -errno) or: -EINVAL (length 0, not aligned, range not the user's),
 * -ENOMEM (no range, no memory, too many areas), -EEXIST (SPACE_NOREPLACE and something is there).
 */
#define SPACE_FIXED	0x1u /* exactly there; what was there is unmapped */
#define SPACE_NOREPLACE 0x2u /* exactly there, or -EEXIST */
long space_map(struct address_space *space, uintptr_t address, size_t length, unsigned flags,
	       unsigned how, struct area_source *source, uintptr_t offset);

/* munmap, mprotect, for any overlap of areas. 0; -EINVAL; -ENOMEM (mprotect: a hole; or no memory to
 * split an area, and then nothing has changed). */
int space_unmap(struct address_space *space, uintptr_t address, size_t length);
int space_protect(struct address_space *space, uintptr_t address, size_t length, unsigned access);

/* madvise(MADV_DONTNEED): the pages go, the area stays. 0; -ENOMEM: a hole; -EINVAL. */
int space_discard(struct address_space *space, uintptr_t address, size_t length);

/* brk: gives the new end, or the old one when that cannot be. 0 asks. */
uintptr_t space_break(struct address_space *space, uintptr_t end);

/* The area that holds the address, or NULL. Under LOCK_SPACE or by the only user. */
struct area *space_find(struct address_space *space, uintptr_t address);

/*
 * A page fault at `address` (any value) by an access of one AREA_READ / AREA_WRITE / AREA_EXECUTE.
 * 0: try again; -EFAULT: no area there, or not that access (SIGSEGV; *mapped says whether there is an
 * area: SEGV_ACCERR against SEGV_MAPERR); -ENOMEM: out of memory. First touch, copy-on-write, growing
 * a stack. Called by the architecture's fault entry with interrupts on.
 */
int space_fault(struct address_space *space, uintptr_t address, unsigned access, bool *mapped);

/* Total pages, tables, areas and spaces that exist now: for the ledger test and `memory`. */
struct space_totals {
	size_t spaces, areas, table_pages, resident;
};
void space_totals(struct space_totals *totals);

/* The page that reads of untouched memory see. */
extern struct page *zero_page;

/* Start-up, once, after object_init. */
void space_init(void);

#endif
