/* SPDX-License-Identifier: MIT */
/*
 * What an architecture provides for user mode (CONFIG_USER_MODE), besides arch.h:
 *
 * asm/user_page.h: the format of user page tables. The walk is portable (mm/address_space/page_table.c)
 * over these, so that the host can build it with a simulated format. All of it inline, or nearly:
 *
 *	typedef ... user_entry			one entry, of a table or of the last level; 0: absent
 *	USER_LEVELS, USER_LEVEL_BITS		levels, and index bits of each; level 0 holds pages. A table
 *						is one page (the root may be smaller, or larger)
 *	USER_START, USER_END			the addresses a program may use: [USER_START, USER_END)
 *	USER_STACK_TOP				where exec puts the stack
 *	struct page_table			{ user_entry *root; ... } the root's kernel address, and what
 *						the architecture keeps beside it (physical root, ASID)
 *	page_table_create(table)		a root that maps the kernel and nothing else; 0 or -ENOMEM.
 *						table_alloc() gives cleared pages without clearing
 *	page_table_destroy(table)		frees the root; its user entries are 0 again, and the CPU does
 *						not use it
 *	entry_is_present(e)			of either kind of entry
 *	entry_table(e), entry_for_table(t, level)	the next table (kernel address); `level`: the entry's own
 *	entry_pfn(e), entry_for_page(pfn, access)	a page that allows AREA_READ, AREA_WRITE, AREA_EXECUTE;
 *						0 in access (PROT_NONE): present to the walk, not to the CPU
 *	entry_allows(e, access)			whether the CPU lets a program make this one access
 *	entry_read_only(e)			the same page without AREA_WRITE
 *	entry_set(slot, e)			stores so that the CPU never sees half an entry
 *
 * What the CPU may remember of the table. `table` may be any space's: a table that is not loaded
 * needs nothing on x86; on MIPS another ASID may still have it.
 *
 *	tlb_entry_added(table, address, slot)	*slot was absent (MIPS: the TLB may hold the invalid half of
 *						a pair, and is given the entry right away; x86: nothing)
 *	tlb_entry_changed(table, address, slot)	*slot was present: another page now, or other access
 *	tlb_entry_removed(table, address)	an entry has gone
 *	tlb_space_changed(table)		many entries have changed or gone, or tables have gone
 *	tlb_table_added(table, level)		an entry of `level` (>= 1) that was absent points to a table
 *						(PAE: the CPU reads the top table only with CR3)
 *
 * Content of pages, by kernel address:
 *
 *	page_clear(to), page_copy(to, from)	a whole page, in as few instructions as the CPU can; `from`
 *						is aligned to 4 bytes
 *	page_code_written(page)			the kernel wrote a page that programs may execute (MIPS:
 *						the instruction cache; x86: nothing)
 *
 * arch_space_load and arch_space_leave (address_space.h).
 *
 * The walk skips what it need not touch: an absent entry of a high level covers many pages.
 *
 * asm/user.h: registers and entry.
 *
 *	struct user_context			in struct task: what user code has and the kernel never
 *						touches: thread pointer (TLS), FPU state
 *	user_frame(thread)			struct trap_frame *: the user's registers, at the top of the
 *						thread's kernel stack, right below the struct thread. On a
 *						system call only what the call may change is saved there;
 *						the calls that need all (clone, fork, vfork, execve,
 *						rt_sigreturn: SYSTEM_CALL_FULL in the table) and
 *						user_exit_work find it complete and may change any of it
 *	user_frame_init(frame, pc, sp)		all registers as a new program finds them
 *	user_frame_copy(to, from)		`from` is a complete frame of a system call: what a call
 *						keeps, the rest is the same or 0
 *	user_frame_set_result(frame, result)	what a system call gives (MIPS: a3 too)
 *	user_frame_result(frame)		... gave: negative errno too
 *	user_frame_system_call(frame)		its number, < 0: not from a system call
 *	user_frame_argument(frame, n)		its n-th argument, 0 .. 5, for traces (MIPS: 4 and 5 are on
 *						the user's stack: 0 if they cannot be read)
 *	user_call_argument(frame, n)		the same, 0 .. 3, while the call runs
 *	user_frame_restart(frame)		the call is made again on return; no longer from a call
 *	user_frame_pc(frame), user_frame_sp(frame), user_frame_set_sp(frame, sp)
 *	user_return(frame) __noreturn		to user mode with these registers: how a new task begins
 *	user_context_init(context)		of a new program: FPU in its initial state, no TLS
 *	user_context_fork(to, from)		`from` is the running task's: `to` becomes the same, as the
 *						registers are now (short when there is little to copy)
 *	user_context_drop(context)		the running task ends: the CPU remembers nothing of it (FPU
 *						registers that are saved lazily)
 *	user_context_save(context)		the running task's registers into its context (before a
 *						signal frame)
 *	user_context_load(context)		the other way round (exec, sigreturn)
 *	user_set_thread_pointer(task, value)	CLONE_SETTLS, and the architecture's own calls. 0 or
 *						-errno; i386 takes a struct user_desc at `value`
 *	user_context_switch(from, to)		inline, part of context_switch when USER_MODE: what differs
 *						between two threads beside the kernel's registers
 *						(address space, kernel stack for traps, FPU, TLS)
 *	signal_frame_push(frame, delivery)	makes a signal's frame on the user's stack and points the
 *						registers to the handler. 0 or -EFAULT
 *	signal_frame_pop(frame, mask)		rt_sigreturn / sigreturn: the registers as before the signal,
 *						and the mask that was. 0 or -EFAULT; any value is survived
 *	USER_ELF_MACHINE, USER_ELF_CLASS, USER_ELF_DATA: what exec accepts
 *	USER_PLATFORM				"x86_64", "i686", "mips": AT_PLATFORM; USER_HWCAP: AT_HWCAP
 *
 * asm/user_copy.h: see user_copy.h.
 *
 * The entry code saves, calls the handler through the table, looks at `thread->work` on the
 * way out (a byte, interrupts masked) and goes to user_exit_work, interrupts on, only when it is not 0; that comes back with interrupts masked when nothing is due any more (WORK_TRACE stays
 * set: no loop around it). Interrupts and exceptions from user mode do the same. Exceptions from user mode go to user_page_fault and user_exception
 * (process.h), those from the kernel at an address of the exception table go to its fix-up, after
 * space_fault has had its chance.
 */
#ifndef TESSERA_ARCH_USER_H
#define TESSERA_ARCH_USER_H

#include <tessera/types.h>

/* Kinds of access, as PROT_* of the user ABI: of an area, an entry, a fault. */
#define AREA_READ    0x1u
#define AREA_WRITE   0x2u
#define AREA_EXECUTE 0x4u

/* thread->work: why the way back to user mode is not straight. */
#define WORK_SIGNAL 0x1 /* a signal may be due */
#define WORK_EXIT   0x2 /* the task is to end */
#define WORK_TRACE  0x4 /* USER_TRACE: every call of this task is logged */
#define WORK_SWITCH 0x8 /* a switch may be due: cpu->resched was set while it ran */

struct trap_frame;

/* What signal_frame_push needs. */
struct signal_delivery {
	int signal;
	uintptr_t handler;
	uintptr_t restorer;  /* SA_RESTORER, or 0: the kernel's trampoline where the ABI has one */
	unsigned long flags; /* SA_... */
	uint64_t mask;	     /* to go back to */
	int code;	     /* siginfo: si_code */
	int sender;	     /* si_pid */
	int status;	     /* si_status */
	uintptr_t address;   /* si_addr */
	uintptr_t stack, stack_size;	     /* the alternate stack if it is to be used, else 0 */
	uintptr_t old_stack, old_stack_size; /* for uc_stack */
};

#endif
