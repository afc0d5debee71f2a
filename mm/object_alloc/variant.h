/* SPDX-License-Identifier: MIT */
/*
 * With DEBUG_OBJECT_ALLOC the names of the contract belong to debug.c, and what a variant defines
 * under them is called variant_*. So the checks work with every variant, no variant knows of them,
 * and without the option nothing is left of them. For the variants and debug.c only.
 */
#ifndef OBJECT_ALLOC_VARIANT_H
#define OBJECT_ALLOC_VARIANT_H

#include "object_alloc.h"

#ifdef CONFIG_DEBUG_OBJECT_ALLOC

void *variant_kmalloc_any(size_t size);
void variant_kfree(void *object);
size_t variant_kmalloc_usable_size(const void *object);
bool variant_object_resize(void *object, size_t size);
struct object_cache *variant_object_cache_create(const char *name, size_t size, size_t align);
void *variant_object_cache_alloc(struct object_cache *cache);
void variant_object_cache_free(struct object_cache *cache, void *object);
int variant_object_cache_destroy(struct object_cache *cache);
void variant_object_stats(struct object_stats *stats);
void variant_object_reclaim(void);
void variant_object_init(void);

#ifndef OBJECT_ALLOC_DEBUG /* debug.c itself sees both names */
#define kmalloc_any	     variant_kmalloc_any
#define kfree		     variant_kfree
#define kmalloc_usable_size  variant_kmalloc_usable_size
#define object_resize	     variant_object_resize
#define object_cache_create  variant_object_cache_create
#define object_cache_alloc   variant_object_cache_alloc
#define object_cache_free    variant_object_cache_free
#define object_cache_destroy variant_object_cache_destroy
#define object_stats(stats)  variant_object_stats(stats) /* not the struct of that name */
#define object_reclaim	     variant_object_reclaim
#define object_init	     variant_object_init
#endif

#endif
#endif
