/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: what a user program sees as memory. A space is a page table and a sorted list of
 * areas; an area says what a range of addresses means before any page of it exists. Pages come on
 * first touch (space_fault), are shared after fork until somebody writes (copy-on-write), and go when
 * their last mapping goes: page->refcount counts mappings, and one more for a source that keeps the
 * page for others.
 *
 * Nothing here ever blocks: there is no disk behind it. Every function takes LOCK_SPACE (one
 * spin_lock for all spaces and sources) for as long as it needs, and none may be called with another
 * lock held, in an interrupt handler, or with interrupts masked. A failure leaves everything as it was.
 *
 * The architecture's part is asm/user_page.h (contract: arch_user.h); mm/address_space/page_table.c
 * walks it. Documentation/address-spaces.md has the pictures.
 */
#ifndef TESSERA_ADDRESS_SPACE_H
#define TESSERA_ADDRESS_SPACE_H

#include <asm/user_page.h>     /* struct page_table, USER_END, the format of entries */
#include <tessera/arch_user.h> /* AREA_READ, AREA_WRITE, AREA_EXECUTE */
#include <tessera/list.h>

struct page;

/* ---- Areas ---- */

/* What an area allows: AREA_READ, AREA_WRITE, AREA_EXECUTE. Whoever may write or execute may read
 * too, as the processors have it. */
#define AREA_ACCESS (AREA_READ | AREA_WRITE | AREA_EXECUTE)
/* What an area is. */
#define AREA_SHARED 0x10u /* fork shares its pages for good instead of copying them on write */
#define AREA_GROWS  0x20u /* a stack of zeros: a fault below it, down to the gap, makes it longer */
#define AREA_BREAK  0x40u /* what brk moves the end of */
/* It may have pages, and page tables may be there on its account. Kept by this room itself. */
#define AREA_TOUCHED 0x80u

struct area {
	struct list_node link;	    /* in the space's list, ordered by address */
	uintptr_t start, end;	    /* page aligned, start < end */
	unsigned flags;		    /* AREA_... */
	struct area_source *source; /* NULL: zero pages */
	size_t source_offset;	    /* of `start` in the source; page aligned */
	size_t source_end; /* where in the source this area sees zeros from; <= source->size */
};

/* ---- Sources ---- */

/*
 * What fills pages on first touch: bytes that stay where they are in kernel memory (a file of the
 * initramfs), or nothing (shared anonymous memory). A source keeps the pages that were filled from it
 * as long as it has users, so two programs from one file share its text, and what maps shared memory
 * sees the same pages. Private areas that write get a copy.
 */
struct area_source {
	unsigned users;	       /* areas, and whoever called source_create or source_get */
	const void *bytes;     /* aligned to 4; NULL: shared anonymous memory */
	size_t size;	       /* bytes; behind them: zeros */
	struct page ***chunks; /* the pages kept, by page number; NULL where there is none yet */
	/* Told when the last user has gone, before the source is freed; LOCK_SPACE is held, so it
	 * makes its owner forget the source and no more. NULL: nobody wants to know. */
	void (*release)(struct area_source *source);
	void *owner;
};

/* A source with one user, the caller. NULL: no memory. */
struct area_source *source_create(const void *bytes, size_t size);

/* One user more, one fewer; the last one's going frees it and the pages that it keeps. */
struct area_source *source_get(struct area_source *source);
void source_put(struct area_source *source);

/* ---- Spaces ---- */

struct address_space {
	struct page_table table; /* first: the architecture's */
	struct list_node areas;	 /* by address */
	struct area *last;	 /* where the last fault or mmap was; NULL: nowhere */
	user_entry *leaf;    /* the table of the last fault, for the addresses that begin with */
	uintptr_t leaf_part; /* this; NULL: none (mm/address_space/space.h) */
	unsigned users;	     /* tasks (and a vfork parent) that hold it */
	unsigned area_count; /* at most USER_AREAS_MAX */
	size_t resident;     /* pages mapped, shared ones too, the zero page as well */
	size_t table_pages;  /* pages of page table, the root not counted */
	size_t mapped, mapped_max; /* pages in areas, and how many there may be (RLIMIT_AS) */
	uintptr_t
		break_start; /* what brk makes: [break_start, break_end), behind a program's data. */
	uintptr_t break_end;   /* Set by exec, inherited by fork; break_end is not page aligned */
	uintptr_t mmap_top;    /* where the search for a free range begins, downwards */
	size_t stack_limit;    /* bytes that a stack may grow to (RLIMIT_STACK) */
	struct list_node link; /* on the list of all spaces */
	bool shares;	       /* it has, or had, shared areas */
};

/* An empty space with one user and the configuration's limits; mmap_top is below the longest stack
 * that ends at USER_STACK_TOP. NULL: no memory. */
struct address_space *space_create(void);

/* One user more, one fewer; the last one's going frees every page, table and area. A space that is
 * still loaded on the CPU is left first (arch_space_leave). Thread context. O(what it holds). */
struct address_space *space_get(struct address_space *space);
void space_put(struct address_space *space);

/*
 * A copy for fork, with one user: the areas, and the pages shared copy-on-write (shared areas: for
 * good). Writable pages become read-only in both, except the one at `written` (0: none), which both
 * write at once as it is their stack: the child has a copy of it from the start. NULL: no memory; then the original is as before
 * (with fewer pages writable until touched). O(pages resident + areas).
 */
struct address_space *space_fork(struct address_space *space, uintptr_t written);

/*
 * mmap of zero pages, private or (AREA_SHARED) shared with those forked later. `length` is rounded up;
 * `address` is where the range should begin if that is free (0: anywhere), or with SPACE_FIXED where
 * it does. Gives the address (user addresses never look like -errno), or
 *	-EINVAL  length 0; fixed and not page aligned, or below USER_START
 *	-ENOMEM  no such range; no memory; too many areas (USER_AREAS_MAX) or pages (mapped_max)
 *	-EEXIST  SPACE_NOREPLACE, and something is there
 * O(areas passed + pages unmapped).
 */
#define SPACE_FIXED	0x1u /* exactly there; what was there is unmapped */
#define SPACE_NOREPLACE 0x2u /* exactly there, or -EEXIST */
long space_map(struct address_space *space, uintptr_t address, size_t length, unsigned flags,
	       unsigned how);

/* Whether that is an error: addresses are negative too, where programs have more than 2 GiB. */
static inline bool space_failed(long result)
{
	return (unsigned long)result > USER_END;
}

/*
 * The same of a source: the area shows `size` bytes from `offset` (page aligned, else -EINVAL) of
 * it, as far as it has them (SIZE_MAX: all), and zeros behind, also within the last page: so a
 * segment of a program is one area of its file size in memory size. The area counts as a user of the
 * source from then on; the caller keeps his own count. AREA_SHARED with bytes: to be read only, now
 * and (space_protect) later, -EACCES.
 */
long space_map_source(struct address_space *space, uintptr_t address, size_t length, unsigned flags,
		      unsigned how, struct area_source *source, size_t offset, size_t size);

/*
 * munmap, mprotect, madvise(MADV_DONTNEED: the pages go, the area stays), for any overlap of areas.
 * 0, or
 *	-EINVAL  `address` is not page aligned; unmap: length 0, or not a range of user addresses
 *	-ENOMEM  protect, discard: part of the range is in no area (Linux discards the rest; here nothing
 *		 happens). unmap, protect: no memory to split an area, or too many areas
 *	-EACCES  protect: see space_map_source
 * O(areas passed + pages in the range that are resident).
 */
int space_unmap(struct address_space *space, uintptr_t address, size_t length);
int space_protect(struct address_space *space, uintptr_t address, size_t length, unsigned access);
int space_discard(struct address_space *space, uintptr_t address, size_t length);

/* brk: gives the new end, or the old one when that cannot be. 0 asks. */
uintptr_t space_break(struct address_space *space, uintptr_t end);

/* The area that holds the address, or NULL. No other thread may use the space meanwhile
 * (sched_hold, or the only user). O(areas between it and `last`). */
struct area *space_find(struct address_space *space, uintptr_t address);

/*
 * What a word of memory is known by, whichever space and address it is seen through: shared memory by
 * its source, anything else by its space. For futexes. 0, or -EFAULT: no area there (which a space
 * that shares nothing does not look for).
 */
struct memory_key {
	const void *memory;
	uintptr_t offset;
};
int space_key_of_area(struct address_space *space, uintptr_t address, struct memory_key *key);

static __always_inline int space_key(struct address_space *space, uintptr_t address,
				     struct memory_key *key)
{
	if (unlikely(space->shares))
		return space_key_of_area(space, address, key);
	key->memory = space;
	key->offset = address;
	return 0;
}

/*
 * A page fault at `address` (any value) by an access of one AREA_READ / AREA_WRITE / AREA_EXECUTE.
 * 0: try again; -EFAULT: no area there, or not that access (SIGSEGV; *mapped says whether there is an
 * area: SEGV_ACCERR against SEGV_MAPERR); -ENOMEM: out of memory. First touch, copy-on-write, growing
 * a stack. The architecture's fault entry calls it with interrupts on, for user code and for
 * user_copy, which holds no lock.
 */
int space_fault(struct address_space *space, uintptr_t address, unsigned access, bool *mapped);

/* What exists now: for the ledger test and `memory`. O(spaces). */
struct space_totals {
	size_t spaces, areas;
	size_t table_pages; /* of page table, the roots not counted */
	size_t table_cache; /* cleared pages kept for page tables (USER_TABLE_CACHE) */
	size_t resident;    /* pages mapped, once for each mapping */
	size_t sources;
	size_t source_pages; /* that sources keep */
};
void space_totals(struct space_totals *totals);

/* Frees the pages kept for page tables (memory pressure, tests). */
void space_reclaim(void);

/* The page that reads of untouched memory see. */
extern struct page *zero_page;

/* Start-up, once, after object_init. */
void space_init(void);

/* ---- For the architecture ---- */

/* The CPU uses this space from now on (interrupts masked). In arch/<x>. */
void arch_space_load(struct address_space *space);
/* If the CPU uses it: the kernel's own from now on. In arch/<x>. */
void arch_space_leave(struct address_space *space);

/*
 * A cleared page for a page table, from a small stock of them (USER_TABLE_CACHE). What goes back must
 * be all zeros again; so a table's life costs no clearing. NULL: no memory. LOCK_SPACE is held: the stock
 * is there for all spaces.
 */
void *table_alloc(void);
void table_free(void *table);

#endif
