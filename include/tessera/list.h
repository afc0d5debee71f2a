/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists with the links inside the objects (as in Linux and LK): a list
 * is a node that points at itself when empty. Every operation is O(1) and takes no memory.
 * The caller does the locking.
 */
#ifndef TESSERA_LIST_H
#define TESSERA_LIST_H

#include <tessera/compiler.h>

struct list_node {
	struct list_node *next;
	struct list_node *prev;
};

/* clang-format off */
#define LIST_INIT(name) { &(name), &(name) }
/* clang-format on */

static inline void list_init(struct list_node *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_node *list)
{
	return list->next == list;
}

/* Puts `node` between two neighbours that are adjacent. */
static inline void list_insert_between(struct list_node *node, struct list_node *prev,
				       struct list_node *next)
{
	next->prev = node;
	node->next = next;
	node->prev = prev;
	prev->next = node;
}

static inline void list_add_head(struct list_node *list, struct list_node *node)
{
	list_insert_between(node, list, list->next);
}

static inline void list_add_tail(struct list_node *list, struct list_node *node)
{
	list_insert_between(node, list->prev, list);
}

/* Puts `node` just before `place`, which is on a list (or is a list: then at its tail). */
static inline void list_add_before(struct list_node *place, struct list_node *node)
{
	list_insert_between(node, place->prev, place);
}

/* Takes `node` off its list; its own links are left dangling. */
static inline void list_remove(struct list_node *node)
{
	struct list_node *next = node->next, *prev = node->prev;

	next->prev = prev;
	prev->next = next;
}

/* Puts `node` where `old` is; the links of `old` are left dangling. */
static inline void list_replace(struct list_node *old, struct list_node *node)
{
	list_insert_between(node, old->prev, old->next);
}

/* Takes the first node off the list, or gives NULL. */
static inline struct list_node *list_pop_head(struct list_node *list)
{
	struct list_node *node = list->next;

	if (node == list)
		return NULL;
	list_remove(node);
	return node;
}

#define list_entry(node, type, member)	     container_of(node, type, member)
#define list_first_entry(list, type, member) list_entry((list)->next, type, member)

#define list_for_each(node, list) \
	for (struct list_node *node = (list)->next; node != (list); node = node->next)

/* The same when the loop may remove `node`. */
#define list_for_each_safe(node, list)                                                         \
	for (struct list_node *node = (list)->next, *node##_next = node->next; node != (list); \
	     node = node##_next, node##_next = node->next)

#define list_for_each_entry(pos, list, member)                                               \
	for (pos = list_first_entry(list, __typeof__(*pos), member); &pos->member != (list); \
	     pos = list_first_entry(&pos->member, __typeof__(*pos), member))

#endif
