/* SPDX-License-Identifier: MIT */
/*
 * DEBUG_OBJECT_ALLOC: finds misuse of kernel objects, with any variant.
 *
 * Theory of operation. These functions have the contract's names and call the variant (variant.h).
 * Each object in use has a record: where, how long, of which cache, allocated by whom. Records lie in
 * a cache of their own and are found through a hash table, so a wild write into an object cannot
 * harm them, and no pointer is followed before it is known to be an object's.
 *
 *	Behind each object lies a red zone of at least 8 bytes 0xbd, checked when it is freed or
 *	resized: a write past the end.
 *	A new object is filled with 0xa5: use of what nobody has set shows.
 *	A freed object is filled with 0xdf and kept in a queue before the variant gets it. It is checked
 *	when it leaves the queue: a write after free. While it is there, freeing it once more is
 *	known as such.
 *	A pointer without a record is no object: never was, or was freed longer ago, or lies inside
 *	one, and then the message says in which.
 *
 * Every finding is reported before anything is changed.
 *
 * Cost: the red zone (a power of two gets as much again, so that it stays aligned to itself),
 * 7 words for the record, time in proportion to the object's size.
 *
 * What it does badly. A write in front of an object shows as one past the end of the object before
 * it, if at all. A write after free is found when the object leaves the queue: the message
 * knows the object and who freed it, but not who wrote. Reads are not seen.
 */
#include <tessera/bitops.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/string.h>
#include <tessera/symbols.h>

#define OBJECT_ALLOC_DEBUG
#include "variant.h"

#define BYTE_NEW   0xa5
#define BYTE_FREED 0xdf
#define BYTE_RED   0xbd

#define RED_ZONE 16 /* at least this for objects of more than 8 bytes */

/* The queue of freed objects: no more than this many, and bytes in them. */
#define QUEUE_OBJECTS 64
#define QUEUE_BYTES   (4 * PAGE_SIZE)

struct record {
	struct record *next; /* in the hash chain or in the queue */
	unsigned char *object;
	size_t size;		    /* as asked for */
	size_t room;		    /* with its red zone */
	struct object_cache *cache; /* NULL: kmalloc */
	const void *allocated_by;
	const void *freed_by;
};

#define HASH_SIZE 256
static struct record *live[HASH_SIZE];
static size_t live_objects, live_bytes;

static struct record *queue_first, **queue_end = &queue_first;
static size_t queue_objects, queue_bytes;

static struct object_cache *records;

/* Protects all of the above. Outside object_lock. */
static struct spinlock debug_lock = SPINLOCK_INIT(LOCK_OBJECT_DEBUG);

/* ---- Messages ---- */

static const char *cache_name(const struct object_cache *cache)
{
	return cache ? ((const struct object_cache_base *)cache)->name : "kmalloc";
}

/* The function that holds a code address, as text. */
static const char *code_name(const void *address)
{
	static char text[2][64];
	static unsigned turn;
	char *buffer = text[turn++ % 2];
	size_t offset;
	const char *name = symbol_lookup((uintptr_t)address, &offset);

	if (name)
		snprintf(buffer, sizeof(text[0]), "%s+0x%zx", name, offset);
	else
		snprintf(buffer, sizeof(text[0]), "%p", address);
	return buffer;
}

#define OBJECT_FORMAT	    "object %p (%s, %zu bytes)"
#define OBJECT_ARGS(record) (record)->object, cache_name((record)->cache), (record)->size

/* The first of n bytes that is not `byte`, or NULL. Most are: looks at whole words where it can. */
static const unsigned char *find_other(const unsigned char *bytes, unsigned char byte, size_t n)
{
	const unsigned long word = -1ul / 255 * byte;
	const unsigned char *end = bytes + n;

	while (bytes < end) {
		if (IS_ALIGNED((uintptr_t)bytes, sizeof(word)) &&
		    (size_t)(end - bytes) >= sizeof(word) && *(const unsigned long *)bytes == word)
			bytes += sizeof(word);
		else if (*bytes == byte)
			bytes++;
		else
			return bytes;
	}
	return NULL;
}

static void check_red_zone(const struct record *record)
{
	const unsigned char *end = record->object + record->size, *bad;

	bad = find_other(end, BYTE_RED, record->room - record->size);
	if (bad)
		panic(OBJECT_FORMAT ": written past its end, 0x%02x at offset %zu; "
				    "allocated by %s",
		      OBJECT_ARGS(record), *bad, (size_t)(bad - record->object),
		      code_name(record->allocated_by));
}

static void check_freed(const struct record *record)
{
	const unsigned char *bad = find_other(record->object, BYTE_FREED, record->room);

	if (bad)
		panic(OBJECT_FORMAT ": written after it was freed, 0x%02x at offset %zu; "
				    "freed by %s, allocated by %s",
		      OBJECT_ARGS(record), *bad, (size_t)(bad - record->object),
		      code_name(record->freed_by), code_name(record->allocated_by));
}

/* Says what a pointer is that is no object in use. */
static void __noreturn __cold report_stray(const void *object, const void *caller)
{
	for (const struct record *record = queue_first; record; record = record->next)
		if (record->object == object)
			panic(OBJECT_FORMAT ": freed twice, first by %s, now used by %s",
			      OBJECT_ARGS(record), code_name(record->freed_by), code_name(caller));
	for (unsigned i = 0; i < HASH_SIZE; i++)
		for (const struct record *record = live[i]; record; record = record->next) {
			size_t offset = (uintptr_t)object - (uintptr_t)record->object;

			if (offset < record->room)
				panic("no object at %p: it is %zu bytes inside " OBJECT_FORMAT
				      "; used by %s, allocated by %s",
				      object, offset, OBJECT_ARGS(record), code_name(caller),
				      code_name(record->allocated_by));
		}
	panic("no object at %p: never allocated, or freed long ago; used by %s", object,
	      code_name(caller));
}

/* ---- Records ---- */

static struct record **hash_chain(const void *object)
{
	uintptr_t address = (uintptr_t)object;

	return &live[(address >> 3 ^ address >> 11) % HASH_SIZE];
}

/* The word that leads to the record of an object in use. */
static struct record **find_live(const void *object, const void *caller)
{
	struct record **link = hash_chain(object);

	while (*link && (*link)->object != object)
		link = &(*link)->next;
	if (!*link)
		report_stray(object, caller);
	return link;
}

/* Makes the variant's object, if there is one, an object in use. */
static void *object_begin(unsigned char *object, size_t size, size_t room,
			  struct object_cache *cache, const void *caller)
{
	struct record **chain = hash_chain(object), *record;

	if (!object)
		return NULL;
	record = variant_object_cache_alloc(records);
	if (!record) {
		if (cache)
			variant_object_cache_free(cache, object);
		else
			variant_kfree(object);
		return NULL;
	}
	*record = (struct record){
		.next = *chain,
		.object = object,
		.size = size,
		.room = room,
		.cache = cache,
		.allocated_by = caller,
	};
	*chain = record;
	live_objects++;
	live_bytes += room;
	memset(object, BYTE_NEW, size);
	memset(object + size, BYTE_RED, room - size);
	return object;
}

/* Gives the object that was freed first to the variant. */
static void queue_release(void)
{
	struct record *record = queue_first;

	check_freed(record);
	queue_first = record->next;
	if (!queue_first)
		queue_end = &queue_first;
	queue_objects--;
	queue_bytes -= record->room;
	if (record->cache)
		variant_object_cache_free(record->cache, record->object);
	else
		variant_kfree(record->object);
	variant_object_cache_free(records, record);
}

static void object_end(struct object_cache *cache, void *object, const void *caller)
{
	struct record **link = find_live(object, caller), *record = *link;

	if (record->cache != cache)
		panic(OBJECT_FORMAT ": freed to %s by %s", OBJECT_ARGS(record), cache_name(cache),
		      code_name(caller));
	check_red_zone(record);

	*link = record->next;
	live_objects--;
	live_bytes -= record->room;
	memset(record->object, BYTE_FREED, record->room);
	record->freed_by = caller;
	record->next = NULL;
	*queue_end = record;
	queue_end = &record->next;
	queue_objects++;
	queue_bytes += record->room;
	while (queue_objects > QUEUE_OBJECTS || queue_bytes > QUEUE_BYTES)
		queue_release();
}

static void flush(void)
{
	while (queue_first)
		queue_release();
}

void object_debug_flush(void)
{
	spin_lock(&debug_lock);
	flush();
	spin_unlock(&debug_lock);
}

/* ---- The contract ---- */

/* What to ask the variant for, so that the object is aligned as kmalloc promises. */
static size_t room_for(size_t size)
{
	if (is_power_of_two(size) && size < PAGE_SIZE)
		return MAX(2 * size, (size_t)16);
	return size + RED_ZONE;
}

void *kmalloc_for(size_t size, const void *caller)
{
	void *object;
	size_t room;

	if (size == 0 || size > SIZE_MAX - RED_ZONE)
		return NULL;
	room = room_for(size);
	spin_lock(&debug_lock);
	object = object_begin(variant_kmalloc_any(room), size, room, NULL, caller);
	if (!object && queue_first) {
		flush();
		object = object_begin(variant_kmalloc_any(room), size, room, NULL, caller);
	}
	spin_unlock(&debug_lock);
	return object;
}

void kfree_for(void *object, const void *caller)
{
	if (!object)
		return;
	spin_lock(&debug_lock);
	object_end(NULL, object, caller);
	spin_unlock(&debug_lock);
}

void *kmalloc_any(size_t size)
{
	return kmalloc_for(size, CALLER());
}

void kfree(void *object)
{
	kfree_for(object, CALLER());
}

size_t kmalloc_usable_size(const void *object)
{
	size_t size;

	spin_lock(&debug_lock);
	size = (*find_live(object, CALLER()))->size;
	spin_unlock(&debug_lock);
	return size;
}

/* Never grows: a moved object shows who kept the old pointer. */
bool object_resize(void *object, size_t size)
{
	struct record *record;
	bool fits;

	spin_lock(&debug_lock);
	record = *find_live(object, CALLER());
	check_red_zone(record);
	fits = size <= record->size;
	if (fits) {
		memset(record->object + size, BYTE_RED, record->size - size);
		record->size = size;
	}
	spin_unlock(&debug_lock);
	return fits;
}

struct object_cache *object_cache_create(const char *name, size_t size, size_t align)
{
	struct object_cache *cache;

	if (size == 0 || size > CACHE_SIZE_MAX)
		return NULL;
	cache = variant_object_cache_create(name, size + RED_ZONE, align);
	if (cache)
		((struct object_cache_base *)cache)->object_size = size;
	return cache;
}

void *object_cache_alloc(struct object_cache *cache)
{
	size_t size = ((struct object_cache_base *)cache)->object_size, room = size + RED_ZONE;
	const void *caller = CALLER();
	void *object;

	spin_lock(&debug_lock);
	object = object_begin(variant_object_cache_alloc(cache), size, room, cache, caller);
	if (!object && queue_first) {
		flush();
		object = object_begin(variant_object_cache_alloc(cache), size, room, cache, caller);
	}
	spin_unlock(&debug_lock);
	return object;
}

void object_cache_free(struct object_cache *cache, void *object)
{
	if (!object)
		return;
	spin_lock(&debug_lock);
	object_end(cache, object, CALLER());
	spin_unlock(&debug_lock);
}

int object_cache_destroy(struct object_cache *cache)
{
	object_debug_flush();
	return variant_object_cache_destroy(cache);
}

void object_stats(struct object_stats *stats)
{
	object_debug_flush();
	variant_object_stats(stats);
	stats->in_use = live_objects;
	stats->bytes = live_bytes;
}

void object_reclaim(void)
{
	object_debug_flush();
	variant_object_reclaim();
}

void object_init(void)
{
	variant_object_init();
	records = variant_object_cache_create("debug records", sizeof(struct record), 0);
	if (!records)
		boot_fail("no memory for the records of DEBUG_OBJECT_ALLOC: give the machine more");
}
