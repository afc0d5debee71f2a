/* SPDX-License-Identifier: MIT */
/*
 * Physical pages: the page array, and the contract of the page allocators.
 *
 * Variation point: mm/page_alloc/{first_fit,free_list,buddy}.c each fulfil the part headed "what
 * a variant provides"; the rest is common (mm/page_alloc/page_alloc.c and this header). All
 * variants serve every request; what differs is cost and where free memory ends up.
 *
 * Context: threads and start-up code, never interrupt handlers. So the allocators lock with
 * spin_lock (no preemption) and never mask interrupts: searching costs no interrupt latency.
 */
#ifndef TESSERA_PAGE_H
#define TESSERA_PAGE_H

#include <asm/page.h> /* PAGE_SHIFT, PAGE_SIZE, phys_to_virt, virt_to_phys */
#include <tessera/compiler.h>
#include <tessera/list.h>

struct object_cache;
struct spinlock;

/*
 * One per page frame, 16 bytes on 32-bit architectures and 32 on 64-bit ones, in one array.
 *
 * Memory is a sequence of blocks: what one page_alloc gave, free runs (buddy: free blocks), and
 * holes. Only the first descriptor of a block, its head, means something at any time; `state`
 * there holds the kind and the length, so that one can walk from block to block through all of
 * memory (page_find_free, page_each_free). Other descriptors may never have been written: start-up
 * costs the same whatever the size of memory. `state` is the allocator's even while the page is
 * allocated; the rest then belongs to the owner, in every descriptor of the block.
 */
struct page {
	union {
		struct list_node link; /* free: the variant's. Allocated: the owner's */
		struct {	       /* a page of objects (mm/object_alloc/slab.c) */
			struct object_cache *slab_cache;
			void *slab_free;
		};
	};
	uint32_t state; /* a head's: PAGE_FREE..., and the length of its block (PAGE_LENGTH) */
	union {
		uint32_t refcount; /* the owner's: mappings of a user page */
		struct {	   /* a page of objects (slab.c) */
			uint16_t slab_in_use;
			uint16_t slab_anchor;
		};
	};
} __aligned(sizeof(void *) == 8 ? 32 : 16);

_Static_assert(sizeof(struct page) == 4 * sizeof(void *), "a power of two, and room for PAGE_BITS");

/* Bits of state. None of them: an allocated block. */
#define PAGE_FREE     0x1u /* a free block */
#define PAGE_RESERVED 0x2u /* a hole: never the allocator's */
#define PAGE_HOT      0x4u /* freed, but not in the pool (DEBUG_PAGE_ALLOC: in the hot list) */
#define PAGE_MARK     0x8u /* for the variant's own use */
#define PAGE_BITS     0xfu

/* Lengths in state are in bytes of descriptors: a head and its length make the next head. */
#define PAGE_LENGTH(n) ((uint32_t)((n) * sizeof(struct page)))

/* Pages in the block that begins here. */
static inline size_t page_length(const struct page *head)
{
	return head->state / sizeof(struct page);
}

/* The descriptor that lies `length` (as PAGE_LENGTH) behind this one. */
static inline struct page *page_behind(const struct page *page, size_t length)
{
	return (struct page *)((uintptr_t)page + length);
}

/* The head of the block behind the one that begins here. */
static inline struct page *page_next(const struct page *head)
{
	return page_behind(head, head->state & ~PAGE_BITS);
}

/*
 * page_array[pfn] is the descriptor of frame pfn, for page_first_pfn <= pfn <= page_end_pfn. The
 * last of them (page_end_pfn: the first frame above all memory) is a reserved one that ends a walk.
 * The first frame is reserved too, so every page of memory has a neighbour on both sides.
 */
extern struct page *page_array;
extern pfn_t page_first_pfn, page_end_pfn;

static inline pfn_t page_to_pfn(const struct page *page)
{
	return (pfn_t)(page - page_array);
}

static inline struct page *pfn_to_page(pfn_t pfn)
{
	return page_array + pfn;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return (phys_addr_t)page_to_pfn(page) << PAGE_SHIFT;
}

/* The page's address in the direct map. */
static inline void *page_address(const struct page *page)
{
	return phys_to_virt(page_to_phys(page));
}

static inline struct page *virt_to_page(const void *address)
{
	return pfn_to_page((pfn_t)(virt_to_phys(address) >> PAGE_SHIFT));
}

/* ---- Allocation ---- */

/* Flags of page_alloc. */
#define PAGE_ZERO	       0x1		       /* cleared */
#define PAGE_BELOW(bits)       ((unsigned)(bits) << 8) /* wholly below physical address 2^bits */
#define PAGE_BELOW_BITS(flags) (((flags) >> 8) & 0xff)

/*
 * page_alloc gives `count` (>= 1) physically contiguous pages whose first frame number is a
 * multiple of `align` (a power of two, in pages; 1: any), or NULL. NULL means that there is no
 * such run of free pages: whatever is free can be had. The pages have undefined content unless
 * PAGE_ZERO. Cost: see the variant's file; one page from the hot list (PAGE_HOT_LIST) is O(1) in
 * all variants.
 *
 * page_free takes back exactly what one page_alloc gave. With DEBUG_PAGE_ALLOC a double free, a
 * wrong count, and pages that are not the allocator's are found and reported with page and
 * callers through panic; without it they are the caller's bug.
 *
 * Where the arguments are constants that ask for just any one page, the call goes straight to
 * the shortest path.
 */
static __always_inline struct page *page_alloc(size_t count, size_t align, unsigned flags);
static __always_inline void page_free(struct page *first, size_t count);

/* ---- What there is ---- */

#define PAGE_ORDERS 32u
struct page_stats {
	size_t total;		   /* pages that the allocator was given */
	size_t free;		   /* of them free now (the hot list included) */
	size_t largest_run;	   /* pages in the longest run of free pages */
	size_t hot;		   /* pages that were in the hot list */
	size_t metadata_bytes;	   /* the page array and DEBUG_PAGE_ALLOC's notes */
	size_t runs[PAGE_ORDERS];  /* longest possible free runs, of 2^k .. 2^(k+1)-1 pages */
	size_t pages[PAGE_ORDERS]; /* the pages in them */
};

/*
 * Fills *stats. Empties the hot list first, so that its pages count into the runs that they
 * belong to. Walks all blocks: O(pages) at worst; for people and tests.
 */
void page_stats(struct page_stats *stats);

/*
 * The unusable-space index after Linux (extfrag/unusable_index): the part of the free memory, in
 * thousandths, that lies in runs too short for a request of 2^order pages. 0 when nothing is free.
 */
unsigned page_unusable_index(const struct page_stats *stats, unsigned order);

/*
 * Calls `each` for every longest possible run of free pages in ascending order, after emptying
 * the hot list. `each` must neither allocate nor free pages. O(blocks).
 */
void page_each_free(void (*each)(pfn_t first, size_t count, void *arg), void *arg);

/* Number of free pages, the hot list's included; an unlocked snapshot. O(1). */
size_t page_free_count(void);

/*
 * Sizes the page array from the memory map, takes it with boot_alloc and gives every free range
 * to the variant. Start-up, once (a test program on the host: as often as it likes).
 */
void page_init(void);

/* ---- What a variant provides (one file, besides a theory of operation) ---- */

/*
 * All free pages together, those in the hot list left out, are the pool. The variant takes page_lock
 * in each of these functions, and whenever the lock is free every head is valid: from page_first_pfn
 * on, page_next() leads from head to head up to page_end_pfn. The head of an allocated block is
 * PAGE_LENGTH(count) and no more, that of a free one has PAGE_FREE set and perhaps PAGE_MARK.
 */
extern struct spinlock page_lock;

/* Aligns the page array: page_first_pfn is a multiple of 2^this, and the array begins at a multiple
 * of as many descriptors (of fewer only when no block in memory can be as long). */
extern const unsigned page_pool_order;

/* Start-up: makes the pool empty. */
void page_pool_init(void);

/*
 * Start-up: adds a range of pages, the lowest range first. No descriptor in it was ever written. The
 * frames beside it are holes and marked so: the one before it, the one behind it, and in the hole
 * before it every frame where an aligned block of 2^k pages begins that reaches up to the range.
 */
void page_pool_add(pfn_t first, size_t count);

/* Takes any page: NULL when the pool is empty. */
struct page *page_take_one(void);

/* Takes `count` pages aligned to `align` with all frame numbers below `end` (PFN_ANY: no limit),
 * as page_alloc. */
struct page *page_take(size_t count, size_t align, pfn_t end);
#define PFN_ANY (~(pfn_t)0)

/* Gives back what one of those two gave. */
void page_give_one(struct page *page);
void page_give(struct page *first, size_t count);

/* Pages in the pool. No lock. O(1). */
size_t page_pool_free(void);

/* ---- What the common part has for variants ---- */

/*
 * Searches all of memory for the lowest run of free pages that fits (arguments as page_take) across
 * the borders of free blocks. Gives its first page, and in *block the head of the free block in
 * which that page lies. NULL: there is none. O(blocks). The caller holds page_lock.
 */
struct page *page_find_free(size_t count, size_t align, pfn_t end, struct page **block);

/* Where pages with frame numbers below `end` (or PFN_ANY) end. */
static inline struct page *page_limit(pfn_t end)
{
	return pfn_to_page(MIN(end, page_end_pfn));
}

/* The lowest place for `count` pages aligned to `align` in [start, stop), or NULL. O(1). */
static inline struct page *page_fit(struct page *start, struct page *stop, size_t count,
				    size_t align)
{
	struct page *place = start;

	if (align > 1) {
		pfn_t pfn = ALIGN_UP(page_to_pfn(start), align);

		if (pfn >= page_end_pfn)
			return NULL;
		place = pfn_to_page(pfn);
	}
	return place < stop && (size_t)(stop - place) >= count ? place : NULL;
}

/* ---- The short paths ---- */

struct page *page_alloc_run(size_t count, size_t align, unsigned flags);
void page_free_run(struct page *first, size_t count);

/* One page from (to) the hot list, and behind it the variant. */
struct page *page_alloc_hot(void);
void page_free_hot(struct page *page);

static __always_inline struct page *page_take_single(void)
{
	return IS_ENABLED(CONFIG_PAGE_HOT) ? page_alloc_hot() : page_take_one();
}

static __always_inline void page_give_single(struct page *page)
{
	if (IS_ENABLED(CONFIG_PAGE_HOT))
		page_free_hot(page);
	else
		page_give_one(page);
}

/* Whether the arguments are constants and need no look at run time: none where every call is
 * looked at. */
#define page_plain(condition)                                                           \
	(!IS_ENABLED(CONFIG_DEBUG_PAGE_ALLOC) && !IS_ENABLED(CONFIG_FAULT_INJECTION) && \
	 !IS_ENABLED(CONFIG_PAGE_RECORD) && __builtin_constant_p(condition) && (condition))

static __always_inline struct page *page_alloc(size_t count, size_t align, unsigned flags)
{
	if (page_plain(count == 1 && align == 1 && flags == 0))
		return page_take_single();
	if (page_plain(count > 1 && flags == 0 && !IS_ENABLED(CONFIG_PAGE_HOT)))
		return page_take(count, align, PFN_ANY);
	return page_alloc_run(count, align, flags);
}

static __always_inline void page_free(struct page *first, size_t count)
{
	if (page_plain(count == 1))
		page_give_single(first);
	else if (page_plain(count > 1))
		page_give(first, count);
	else
		page_free_run(first, count);
}

#endif
