/* SPDX-License-Identifier: MIT */
/*
 * Physical pages: the page array and the contract of the page allocators.
 *
 * Variation point: mm/page_alloc/{first_fit,free_list,buddy}.c each fulfil the part headed
 * "what a variant provides"; the rest is common (mm/page_alloc/page_alloc.c and this header).
 * All variants serve every request; what differs is cost and fragmentation.
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

/*
 * One per page frame, 16 bytes on 32-bit architectures and 32 on 64-bit ones, in one array from
 * page_first_pfn to page_end_pfn. A descriptor means something only at the ends of a free run
 * or block and on allocated pages; nothing else is ever initialised or read, so start-up cost
 * does not grow with memory (DEBUG_PAGE_ALLOC clears the whole array first).
 */
struct page {
	union {
		struct list_node link; /* free: the allocator's. Allocated: the owner's */
		struct {	       /* a page of objects (mm/object_alloc/slab.c) */
			struct object_cache *slab_cache;
			void *slab_free;
		};
		const void *owner; /* DEBUG_PAGE_ALLOC: who allocated it */
	};
	uint32_t state; /* an enum page_state, and above it the allocator's length or order */
	union {
		uint32_t refcount;     /* the owner's: mappings of a user page */
		uint32_t object_pages; /* first page of a large kernel object: how many it has */
		struct {	       /* a page of objects (slab.c) */
			uint16_t slab_in_use;
			uint16_t slab_anchor;
		};
		struct { /* a page of blocks (mm/object_alloc/slob.c) */
			uint16_t slob_first;
			uint16_t slob_largest;
		};
	};
} __aligned(sizeof(void *) == 8 ? 32 : 16);

/* The kinds in the low PAGE_STATE_BITS of state; the rest is the variant's. */
#define PAGE_STATE_BITS 4
enum page_state {
	PAGE_ALLOCATED = 0,
	PAGE_FREE = 1,	    /* head of a free run or block */
	PAGE_FREE_TAIL = 2, /* last page of a free run, where a variant needs it */
	PAGE_HOT = 3,	    /* in the hot list */
	PAGE_RESERVED = 4,  /* never the allocator's */
};

extern struct page *page_array; /* biased: page_array[pfn] is the descriptor of frame pfn */
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

/* Flags of page_alloc. */
#define PAGE_ZERO	       0x1			  /* cleared */
#define PAGE_BELOW(bits)       ((unsigned)(bits) << 8) /* wholly below physical address 2^bits */
#define PAGE_BELOW_BITS(flags) (((flags) >> 8) & 0xff)

/*
 * Gives `count` (>= 1) physically contiguous pages whose first frame number is a multiple of
 * `align` (a power of two, in pages; 1: any), or NULL when no such run is free. The pages have
 * undefined content unless PAGE_ZERO. Cost: see the variant's file; one page from the hot list
 * (PAGE_HOT_LIST) is O(1) in all variants.
 */
struct page *page_alloc(size_t count, size_t align, unsigned flags);

/*
 * Takes back exactly what one page_alloc gave. With DEBUG_PAGE_ALLOC a double free, a wrong
 * count, and pages that are not the allocator's are found and reported with page and caller
 * through panic; without it they are the caller's bug.
 */
void page_free(struct page *first, size_t count);

#define PAGE_ORDERS 32
struct page_stats {
	size_t total;		  /* pages that the allocator was given */
	size_t free;		  /* of them free now (the hot list included) */
	size_t largest_run;	  /* pages in the longest run of free pages */
	size_t hot;		  /* pages in the hot list */
	size_t metadata_bytes;	  /* the page array and the variant's own tables */
	size_t runs[PAGE_ORDERS]; /* free runs (buddy: blocks) of 2^k .. 2^(k+1)-1 pages */
};

/* Fills *stats. Walks all free runs: O(total pages) at worst; for people and tests. */
void page_stats(struct page_stats *stats);

/*
 * The unusable-space index of Linux (extfrag/unusable_index): the part of the free memory, in
 * thousandths, that a request for 2^order pages cannot use. 0 when nothing is free.
 */
unsigned page_unusable_index(const struct page_stats *stats, unsigned order);

/* Number of free pages, an unlocked snapshot. O(1). */
size_t page_free_count(void);

/* Sizes the page array from the memory map, takes it with boot_alloc and gives every free range
 * to the variant. Start-up, once. */
void page_init(void);

#endif
