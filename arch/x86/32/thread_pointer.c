/* SPDX-License-Identifier: MIT */
/*
 * Where a program's FS and GS begin: i386 has no other thread pointer. A program describes a segment
 * (set_thread_area), is given one of three entries of the descriptor table for it, and loads its
 * selector into GS. The entries belong to the task: switch.S stores the first with every switch, the
 * other two as soon as any program has used them, which none does that is not an emulator.
 *
 * Only 32-bit data segments can be had, as on Linux: a stack segment of 16 bits would show programs
 * half of the kernel's stack pointer after iret. Base and limit may be anything; what a program can
 * reach is for the page tables to say.
 *
 * Source: Intel SDM volume 3A, sections 3.4.5 and 5.2.
 */
#include <asm/user.h>
#include <asm/user_access.h>
#include <tessera/process.h>
#include <tessera/user_copy.h>

/* Linux's struct user_desc. */
struct segment {
	uint32_t entry, base, limit;
	union {
		struct {
			uint32_t is_32bit : 1, contents : 2, read_only : 1, limit_in_pages : 1,
				not_present : 1, useable : 1;
		};
		uint32_t flags;
	};
};

_Static_assert(sizeof(struct segment) == 16, "Linux, asm/ldt.h");

#define ANY_ENTRY    UINT32_MAX
#define EXPANDS_DOWN 1 /* `contents`; 0: data, above it: code */

/* Bits of a descriptor's upper half. */
#define DESCRIPTOR_DATA	    0x0000f100 /* present, privilege level 3, data, accessed */
#define DESCRIPTOR_WRITE    0x00000200
#define DESCRIPTOR_DOWN	    0x00000400
#define DESCRIPTOR_USEABLE  0x00100000
#define DESCRIPTOR_32BIT    0x00400000
#define DESCRIPTOR_IN_PAGES 0x00800000

/* Read by switch.S. */
bool user_tls_more;

static uint64_t make_descriptor(const struct segment *segment)
{
	uint32_t low = (segment->limit & 0xffff) | segment->base << 16;
	uint32_t high = (segment->base >> 16 & 0xff) | (segment->base & 0xff000000) |
			(segment->limit & 0xf0000) | DESCRIPTOR_DATA | DESCRIPTOR_32BIT;

	if (!segment->read_only)
		high |= DESCRIPTOR_WRITE;
	if (segment->contents == EXPANDS_DOWN)
		high |= DESCRIPTOR_DOWN;
	if (segment->useable)
		high |= DESCRIPTOR_USEABLE;
	if (segment->limit_in_pages)
		high |= DESCRIPTOR_IN_PAGES;
	return (uint64_t)high << 32 | low;
}

#define PLAIN_FLAGS 0x51 /* is_32bit, limit_in_pages, useable */
#define PLAIN_HIGH  0x00dff300

static uint64_t make_plain_descriptor(uint32_t base)
{
	uint32_t high = PLAIN_HIGH | (base >> 16 & 0xff) | (base & 0xff000000);

	return (uint64_t)high << 32 | base << 16 | 0xffff;
}

static void read_descriptor(struct segment *segment, uint64_t descriptor)
{
	uint32_t low = (uint32_t)descriptor, high = (uint32_t)(descriptor >> 32);

	*segment = (struct segment){
		.entry = segment->entry,
		.base = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000),
		.limit = (low & 0xffff) | (high & 0xf0000),
		.is_32bit = !!(high & DESCRIPTOR_32BIT),
		.contents = high & DESCRIPTOR_DOWN ? EXPANDS_DOWN : 0,
		.read_only = !(high & DESCRIPTOR_WRITE),
		.limit_in_pages = !!(high & DESCRIPTOR_IN_PAGES),
		.not_present = !descriptor,
		.useable = !!(high & DESCRIPTOR_USEABLE),
	};
}

/* The two ways to say that an entry is to be given back. */
static bool is_empty(const struct segment *segment)
{
	return !segment->base && !segment->limit && !segment->contents && !segment->is_32bit &&
	       !segment->limit_in_pages && !segment->useable &&
	       segment->read_only == segment->not_present;
}

static bool makes_sense(const struct segment *segment)
{
	return is_empty(segment) ||
	       (segment->is_32bit && segment->contents <= EXPANDS_DOWN && !segment->not_present);
}

#define DEFINE_SELECTOR(name)                                                   \
	static uint16_t read_##name(void)                                       \
	{                                                                       \
		uint16_t selector;                                              \
                                                                                \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(selector));       \
		return selector;                                                \
	}                                                                       \
                                                                                \
	static void write_##name(uint16_t selector)                             \
	{                                                                       \
		__asm__ goto volatile("1: mov %0, %%" #name                     \
				      "\n\t" EXCEPTION_ENTRY("1b", "%l[fault]") \
				      :                                         \
				      : "r"(selector)                           \
				      :                                         \
				      : fault);                                 \
		return;                                                         \
fault:                                                                          \
		__asm__ volatile("mov %0, %%" #name : : "r"(0));                \
	}

DEFINE_SELECTOR(fs)
DEFINE_SELECTOR(gs)

void thread_pointer_init(struct user_context *context)
{
	for (unsigned i = 0; i < TLS_ENTRIES; i++)
		context->tls[i] = 0;
	context->fs = context->gs = 0;
}

void thread_pointer_fork(struct user_context *to, const struct user_context *from)
{
	for (unsigned i = 0; i < TLS_ENTRIES; i++)
		to->tls[i] = from->tls[i];
	thread_pointer_save(to);
}

void thread_pointer_save(struct user_context *context)
{
	context->fs = read_fs();
	context->gs = read_gs();
}

void thread_pointer_load(const struct user_context *context)
{
	unsigned long flags = irq_save();

	for (unsigned i = 0; i < TLS_ENTRIES; i++)
		gdt[TLS_FIRST + i] = context->tls[i];
	write_fs(context->fs);
	write_gs(context->gs);
	irq_restore(flags);
}

static int set_entry(struct task *task, struct segment *segment)
{
	struct user_context *context = &task->user;
	uint32_t i = segment->entry - TLS_FIRST;
	unsigned long flags;

	if (i >= TLS_ENTRIES || !makes_sense(segment))
		return -EINVAL;
	flags = irq_save(); /* a switch reads it */
	if (i > 0)
		user_tls_more = true;
	context->tls[i] = is_empty(segment) ? 0 : make_descriptor(segment);
	if (task == current_task()) {
		/* Selectors that are loaded take what is new. */
		thread_pointer_save(context);
		thread_pointer_load(context);
	}
	irq_restore(flags);
	return 0;
}

static int read_segment(struct segment *segment, uintptr_t description)
{
	return copy_from_user(segment, description, sizeof(*segment));
}

/* What C libraries give every thread: all of memory, from its own base on. */
static bool is_plain(const struct segment *segment)
{
	return segment->entry == TLS_FIRST && segment->limit == 0xfffff &&
	       segment->flags == PLAIN_FLAGS;
}

int user_set_thread_pointer(struct task *task, unsigned long description)
{
	struct segment segment;

	if (read_segment(&segment, description))
		return -EFAULT;
	/* A task that does not run yet: nothing is loaded. */
	if (likely(is_plain(&segment) && task != current_task())) {
		task->user.tls[0] = make_plain_descriptor(segment.base);
		return 0;
	}
	return set_entry(task, &segment);
}

/* The number of a free entry; ANY_ENTRY: there is none. */
static uint32_t free_entry(const struct user_context *context)
{
	for (uint32_t i = 0; i < TLS_ENTRIES; i++)
		if (!context->tls[i])
			return TLS_FIRST + i;
	return ANY_ENTRY;
}

long sys_set_thread_area(unsigned long description)
{
	struct task *self = current_task();
	struct segment segment;

	if (read_segment(&segment, description))
		return -EFAULT;
	if (segment.entry == ANY_ENTRY) {
		segment.entry = free_entry(&self->user);
		if (segment.entry == ANY_ENTRY)
			return -ESRCH;
		if (user_store_u32(description + offsetof(struct segment, entry), segment.entry))
			return -EFAULT;
	}
	return set_entry(self, &segment);
}

long sys_get_thread_area(unsigned long description)
{
	struct segment segment;

	if (read_segment(&segment, description))
		return -EFAULT;
	if (segment.entry - TLS_FIRST >= TLS_ENTRIES)
		return -EINVAL;
	read_descriptor(&segment, current_task()->user.tls[segment.entry - TLS_FIRST]);
	return copy_to_user(description, &segment, sizeof(segment));
}
