/* SPDX-License-Identifier: MIT */
/*
 * Random traces against a model that knows nothing of areas, tables or copy-on-write: it has a
 * description and eight bytes for each page of each program, and copies all of that on fork. After
 * each step everything that is mapped must be allowed by the model and have the model's bytes, and areas,
 * counts and reference counts must be what the model makes them. Where allocations can be made to
 * fail they do now and then, and then the step has not happened.
 *
 * The pages lie in three windows, at places where page tables of every level begin and end.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/fault_injection.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../random.h"
#include "user_memory.h"

#define WINDOWS	     3
#define WINDOW_PAGES 16
#define PAGES	     (WINDOWS * WINDOW_PAGES)
#define SPACES	     4
#define SEGMENTS     40 /* one more than are ever in use */
#define FILE_PAGES   3
#define FILE_SIZE    (2 * PAGE_SIZE + 1234)
#define SHARED_PAGES 6 /* of the shared memory that the test itself holds */

static const unsigned sample_at[] = { 0, 1, 7, 1233, 1234, 2048, 4094, 4095 };
#define SAMPLES ARRAY_SIZE(sample_at)

enum kind { NOTHING, ZEROS, BREAK, FILE, SEGMENT };

/* What the model knows of a page. */
struct model_page {
	enum kind kind;
	bool shared;
	unsigned access;
	unsigned segment;	      /* SEGMENT: which one */
	size_t offset;		      /* FILE, SEGMENT: where in it */
	size_t end;		      /* FILE: zeros from here on */
	unsigned char bytes[SAMPLES]; /* not SEGMENT: those are in the segment */
};

struct model {
	struct address_space *space; /* NULL: none */
	uintptr_t break_end;
	struct model_page pages[PAGES];
};

static struct model models[SPACES];
static unsigned char segments[SEGMENTS][WINDOW_PAGES][SAMPLES]; /* the first is the test's */
static struct random dice;
static struct area_source *file, *shared;
static unsigned char *file_bytes;
static unsigned step;

static unsigned below(unsigned n)
{
	return random_below(&dice, n);
}

static uintptr_t window_start(unsigned window)
{
	const uintptr_t half = WINDOW_PAGES / 2 * PAGE_SIZE;

	return window == 0   ? 3 * user_span(1) - half
	       : window == 1 ? user_span(USER_LEVELS - 1) - half
			     : USER_END - WINDOW_PAGES * PAGE_SIZE;
}

static uintptr_t address_of(unsigned page)
{
	return window_start(page / WINDOW_PAGES) + page % WINDOW_PAGES * PAGE_SIZE;
}

static void wrong(const char *what, const struct model *model, unsigned page)
{
	test_fail(__FILE__, __LINE__, "step %u, space %u, page %u: %s", step,
		  (unsigned)(model - models), page, what);
}

/* ---- The model ---- */

static unsigned char *model_bytes(struct model_page *page)
{
	return page->kind == SEGMENT ? segments[page->segment][page->offset / PAGE_SIZE]
				     : page->bytes;
}

/* Makes a page as it is before anybody has touched it. */
static void model_fresh(struct model_page *page)
{
	if (page->kind == SEGMENT)
		return;
	for (unsigned i = 0; i < SAMPLES; i++) {
		size_t place = page->offset + sample_at[i];

		page->bytes[i] = page->kind == FILE && place < page->end ? file_bytes[place] : 0;
	}
}

static bool segment_in_use(unsigned segment)
{
	for (unsigned i = 0; i < SPACES; i++)
		for (unsigned j = 0; j < PAGES; j++)
			if (models[i].space && models[i].pages[j].kind == SEGMENT &&
			    models[i].pages[j].segment == segment)
				return true;
	return false;
}

static unsigned segment_new(void)
{
	unsigned segment = 1;

	while (segment < SEGMENTS - 1 && segment_in_use(segment))
		segment++;
	EXPECT(!segment_in_use(segment));
	memset(segments[segment], 0, sizeof(segments[segment]));
	return segment;
}

/* Whether two pages side by side are one area. */
static bool model_joins(const struct model_page *a, const struct model_page *b)
{
	if (a->kind != b->kind || a->access != b->access || a->shared != b->shared)
		return false;
	return (a->kind != FILE && a->kind != SEGMENT) ||
	       (a->segment == b->segment && a->offset + PAGE_SIZE == b->offset && a->end == b->end);
}

static bool model_any(const struct model *model, unsigned first, unsigned count, bool mapped)
{
	for (unsigned i = first; i < first + count; i++)
		if ((model->pages[i].kind != NOTHING) == mapped)
			return true;
	return false;
}

/* ---- Is the space as the model says? ---- */

/* The owner's link in the descriptor counts the mappings that the test finds. */
static uintptr_t mappings(struct page *page, int more)
{
	uintptr_t count = (uintptr_t)page->link.next + (uintptr_t)more;

	page->link.next = (struct list_node *)count;
	return count;
}

static void check_page(struct model *model, unsigned i)
{
	struct model_page *expected = &model->pages[i];
	user_entry entry = user_look(model->space, address_of(i));
	const unsigned char *bytes;

	if (!entry_is_present(entry))
		return;
	if (expected->kind == NOTHING) {
		wrong("a page where nothing is", model, i);
		return;
	}
	for (unsigned access = 1; access <= AREA_WRITE; access *= 2)
		if (entry_allows(entry, access) && !(expected->access & access))
			wrong("more access than the area", model, i);
	bytes = page_address(pfn_to_page(entry_pfn(entry)));
	for (unsigned j = 0; j < SAMPLES; j++)
		if (bytes[sample_at[j]] != model_bytes(expected)[j])
			wrong("another content", model, i);
}

static void check_space(struct model *model)
{
	unsigned areas = 0, mapped = 0, resident = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		const struct model_page *page = &model->pages[i];
		struct page *found = user_page(model->space, address_of(i));

		mapped += page->kind != NOTHING;
		areas += page->kind != NOTHING &&
			 (i % WINDOW_PAGES == 0 || !model_joins(page - 1, page));
		resident += found != NULL;
		if (found)
			mappings(found, 1);
		check_page(model, i);
	}
	if (model->space->area_count != areas || model->space->mapped != mapped ||
	    model->space->resident != resident)
		test_fail(__FILE__, __LINE__,
			  "step %u, space %u: %u areas, %u pages mapped, %u resident, but it says "
			  "%u, %zu, %zu",
			  step, (unsigned)(model - models), areas, mapped, resident,
			  model->space->area_count, model->space->mapped, model->space->resident);
}

/* A page is counted once for each mapping, and once by the source that keeps it. */
static void check_counts(void)
{
	for (unsigned i = 0; i < SPACES; i++) {
		for (unsigned j = 0; j < PAGES && models[i].space; j++) {
			struct page *page = user_page(models[i].space, address_of(j));
			const struct model_page *expected = &models[i].pages[j];
			uintptr_t kept;

			if (!page)
				continue;
			kept = page->refcount - mappings(page, 0);
			if (kept > 1 || (expected->kind == SEGMENT && kept != 1) ||
			    (expected->kind == ZEROS && page != zero_page && kept != 0))
				wrong("a wrong reference count", &models[i], j);
		}
	}
}

static void check_all(void)
{
	for (unsigned i = 0; i < SPACES; i++)
		for (unsigned j = 0; j < PAGES && models[i].space; j++) {
			struct page *page = user_page(models[i].space, address_of(j));

			if (page)
				page->link.next = NULL;
		}
	for (unsigned i = 0; i < SPACES; i++)
		if (models[i].space)
			check_space(&models[i]);
	check_counts();
}

/* ---- Steps ---- */

/* Whether an allocation of the step was made to fail: then -ENOMEM is right and nothing happened. */
static bool injected(void)
{
	return fault_injection_disarm();
}

static unsigned random_access(void)
{
	static const unsigned choice[] = { 0,
					   AREA_READ,
					   AREA_READ | AREA_EXECUTE,
					   AREA_READ | AREA_WRITE,
					   AREA_READ | AREA_WRITE,
					   AREA_READ | AREA_WRITE,
					   AREA_READ | AREA_WRITE | AREA_EXECUTE };

	return choice[below(ARRAY_SIZE(choice))];
}

static void random_range(unsigned *first, unsigned *count)
{
	unsigned start = below(WINDOW_PAGES);

	*count = 1 + below(below(3) ? 4 : WINDOW_PAGES - start);
	*count = MIN(*count, WINDOW_PAGES - start);
	*first = below(WINDOWS) * WINDOW_PAGES + start;
}

/* What is to be mapped: the first page of it, and how many bytes of the file it shows. */
static struct model_page random_page(unsigned count, size_t *size)
{
	struct model_page page = { .kind = ZEROS, .access = random_access() };
	unsigned kind = below(8);

	*size = SIZE_MAX;
	if (kind >= 4 && kind < 6) {
		page.kind = FILE;
		page.shared = below(4) == 0;
		page.offset = below(FILE_PAGES + 1) * PAGE_SIZE;
		if (!page.shared && below(2))
			*size = below(FILE_PAGES * PAGE_SIZE);
		page.end = page.offset >= FILE_SIZE	      ? 0
			   : *size >= FILE_SIZE - page.offset ? FILE_SIZE
							      : page.offset + *size;
	} else if (kind >= 6) {
		page.kind = SEGMENT;
		page.shared = true;
		if (kind == 6 && count <= SHARED_PAGES)
			page.offset = below(SHARED_PAGES + 1 - count) * PAGE_SIZE;
		else
			page.segment = segment_new();
	}
	return page;
}

static long map_page(struct address_space *space, uintptr_t address, unsigned count, unsigned how,
		     const struct model_page *page, size_t size)
{
	unsigned flags = page->access | (page->shared ? AREA_SHARED : 0);
	size_t length = count * PAGE_SIZE - below(PAGE_SIZE);

	if (page->kind == FILE)
		return space_map_source(space, address, length, flags, how, file, page->offset,
					size);
	if (page->kind == SEGMENT && page->segment == 0)
		return space_map_source(space, address, length, flags, how, shared, page->offset,
					SIZE_MAX);
	return space_map(space, address, length, flags, how);
}

static void model_map(struct model *model, unsigned first, unsigned count, struct model_page page)
{
	for (unsigned i = first; i < first + count; i++) {
		model->pages[i] = page;
		model_fresh(&model->pages[i]);
		page.offset += PAGE_SIZE;
	}
}

static void step_map(struct model *model)
{
	unsigned first, count, how = below(3) ? SPACE_FIXED : SPACE_NOREPLACE;
	struct model_page page;
	long result, expected;
	size_t size;

	random_range(&first, &count);
	page = random_page(count, &size);
	expected = (long)address_of(first);
	if (page.kind == FILE && page.shared && page.access & AREA_WRITE)
		expected = -EACCES;
	else if (how == SPACE_NOREPLACE && model_any(model, first, count, true))
		expected = -EEXIST;
	result = map_page(model->space, address_of(first), count, how, &page, size);
	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, expected);
	if (result == (long)address_of(first))
		model_map(model, first, count, page);
}

/* mmap without an address gives the highest one that is free below mmap_top: the second window's end. */
static void step_map_anywhere(struct model *model)
{
	const struct model_page *window = &model->pages[WINDOW_PAGES];
	unsigned count = 1 + below(5), free = 0;
	int place = WINDOW_PAGES;
	struct model_page page;
	size_t size;
	long result, expected;

	while (free < count && place > -(int)count)
		free = --place < 0 || window[place].kind == NOTHING ? free + 1 : 0;
	page = random_page(count, &size);
	expected = (long)(window_start(1) + (uintptr_t)(place * (intptr_t)PAGE_SIZE));
	if (page.kind == FILE && page.shared && page.access & AREA_WRITE)
		expected = -EACCES;
	result = map_page(model->space, 0, count, 0, &page, size);
	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, expected);
	if (result != expected || expected == -EACCES)
		return;
	if (place >= 0)
		model_map(model, WINDOW_PAGES + (unsigned)place, count, page);
	else
		EXPECT_EQ(space_unmap(model->space, (uintptr_t)result, count * PAGE_SIZE), 0);
	/* Below the window nobody looks; but it may have joined an area, or cut one just now. */
	if (place < 0 && place + (int)count > 0)
		EXPECT(!model_any(model, WINDOW_PAGES, (unsigned)(place + (int)count), true));
}

static void step_unmap(struct model *model)
{
	unsigned first, count;
	int result;

	random_range(&first, &count);
	result = space_unmap(model->space, address_of(first), count * PAGE_SIZE);
	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, 0);
	for (unsigned i = first; i < first + count; i++)
		model->pages[i] = (struct model_page){ 0 };
}

static void step_protect(struct model *model)
{
	unsigned first, count, access = random_access();
	int result, expected = 0;

	random_range(&first, &count);
	for (unsigned i = first; i < first + count; i++)
		if (model->pages[i].kind == FILE && model->pages[i].shared && access & AREA_WRITE)
			expected = -EACCES;
	if (model_any(model, first, count, false))
		expected = -ENOMEM;
	result = space_protect(model->space, address_of(first), count * PAGE_SIZE, access);
	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, expected);
	for (unsigned i = first; i < first + count && !result; i++)
		model->pages[i].access = access;
}

static void step_discard(struct model *model)
{
	unsigned first, count;
	int result;

	random_range(&first, &count);
	result = space_discard(model->space, address_of(first), count * PAGE_SIZE);
	injected();
	EXPECT_EQ(result, model_any(model, first, count, false) ? -ENOMEM : 0);
	for (unsigned i = first; i < first + count && !result; i++)
		model_fresh(&model->pages[i]);
}

/* The break begins with the first window. */
static void step_break(struct model *model)
{
	uintptr_t start = window_start(0), end = start + below(WINDOW_PAGES / 2 * PAGE_SIZE),
		  result;
	unsigned old = (unsigned)(ALIGN_UP(model->break_end - start, PAGE_SIZE) / PAGE_SIZE);
	unsigned new = (unsigned)(ALIGN_UP(end - start, PAGE_SIZE) / PAGE_SIZE);

	result = space_break(model->space, end);
	if (injected() && result == model->break_end)
		return;
	if (new > old && model_any(model, old, new - old, true))
		end = model->break_end;
	EXPECT_EQ(result, end);
	if (result != end || end == model->break_end)
		return;
	model->break_end = end;
	for (unsigned i = new; i < old; i++)
		model->pages[i] = (struct model_page){ 0 };
	if (new > old)
		model_map(model, old, new - old,
			  (struct model_page){ .kind = BREAK, .access = AREA_READ | AREA_WRITE });
}

static void step_fork(struct model *model)
{
	for (unsigned i = 0; i < SPACES; i++) {
		struct address_space *child;

		if (models[i].space)
			continue;
		child = space_fork(model->space, below(2) ? address_of(below(PAGES)) : 0);
		if (!injected() || child)
			EXPECT(child);
		if (child)
			models[i] = *model;
		models[i].space = child;
		return;
	}
}

static void step_exit(struct model *model)
{
	unsigned alive = 0;

	injected();
	for (unsigned i = 0; i < SPACES; i++)
		alive += models[i].space != NULL;
	if (alive > 1) {
		space_put(model->space);
		model->space = NULL;
	}
}

static void step_read(struct model *model)
{
	unsigned i = below(PAGES), sample = below(SAMPLES);
	struct model_page *page = &model->pages[i];
	int result = user_read(model->space, address_of(i) + sample_at[sample]);

	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, page->access & AREA_READ ? model_bytes(page)[sample] : -EFAULT);
}

static void step_write(struct model *model)
{
	unsigned i = below(PAGES), sample = below(SAMPLES);
	struct model_page *page = &model->pages[i];
	unsigned char byte = (unsigned char)below(256);
	int result = user_write(model->space, address_of(i) + sample_at[sample], byte);

	if (injected() && result == -ENOMEM)
		return;
	EXPECT_EQ(result, page->access & AREA_WRITE ? 0 : -EFAULT);
	if (!result)
		model_bytes(page)[sample] = byte;
}

static void step_execute(struct model *model)
{
	const bool no_execute = !entry_allows(entry_for_page(1, AREA_READ), AREA_EXECUTE);
	unsigned i = below(PAGES);
	const struct model_page *page = &model->pages[i];
	int result = user_touch(model->space, address_of(i), AREA_EXECUTE);

	if (injected() && result == -ENOMEM)
		return;
	if (page->access & AREA_EXECUTE)
		EXPECT_EQ(result, 0);
	else if (no_execute || !(page->access & AREA_READ))
		EXPECT_EQ(result, -EFAULT);
}

static void random_step(void)
{
	static void (*const steps[])(struct model *) = {
		step_map,   step_map,	  step_map,   step_map_anywhere, step_unmap, step_unmap,
		step_fork,  step_protect, step_break, step_protect,	 step_exit,  step_discard,
		step_write, step_write,	  step_write, step_write,	 step_write, step_write,
		step_read,  step_read,	  step_read,  step_read,	 step_read,  step_execute,
	};
	struct model *model = &models[below(SPACES)];

	if (!model->space)
		return;
	fault_injection_arm(below(3) ? 1u << 30 : 1 + below(9)); /* mostly never */
	steps[below(ARRAY_SIZE(steps))](model);
	fault_injection_disarm();
}

static bool trace_begin(void)
{
	struct page *pages = page_alloc(FILE_PAGES, 1, 0);

	if (!pages)
		return false;
	file_bytes = page_address(pages);
	for (size_t i = 0; i < FILE_PAGES * PAGE_SIZE; i++)
		file_bytes[i] = (unsigned char)(i % 251 + 1);
	memset(models, 0, sizeof(models));
	memset(segments, 0, sizeof(segments));
	file = source_create(file_bytes, FILE_SIZE);
	shared = source_create(NULL, SHARED_PAGES * PAGE_SIZE);
	models[0].space = space_create();
	if (!file || !shared || !models[0].space)
		return false;
	models[0].space->mmap_top = window_start(2 - 1) + WINDOW_PAGES * PAGE_SIZE;
	models[0].space->break_start = models[0].space->break_end = window_start(0);
	models[0].break_end = window_start(0);
	return true;
}

static void trace_end(void)
{
	for (unsigned i = 0; i < SPACES; i++)
		if (models[i].space)
			space_put(models[i].space);
	EXPECT_EQ(file->users, 1);
	EXPECT_EQ(shared->users, 1);
	source_put(file);
	source_put(shared);
	page_free(virt_to_page(file_bytes), FILE_PAGES);
}

static void run_trace(uint32_t seed)
{
	size_t free = user_pages_free();
	struct space_totals before, after;

	space_totals(&before);
	dice.state = seed;
	ASSERT_TRUE(trace_begin());
	for (step = 1; step <= CONFIG_TEST_STORM_STEPS; step++) {
		random_step();
		check_all();
	}
	trace_end();
	EXPECT_EQ(user_pages_free(), free);
	space_totals(&after);
	EXPECT(!memcmp(&before, &after, sizeof(before)));
}

TEST(storm, address_space_1)
{
	run_trace(1);
}

TEST(storm, address_space_2)
{
	run_trace(0x51ab5);
}

TEST(storm, address_space_3)
{
	run_trace(0xdeadbee);
}
