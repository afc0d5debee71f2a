/* SPDX-License-Identifier: MIT */
/*
 * What an architecture provides for user mode (CONFIG_USER_MODE), besides arch.h:
 *
 * asm/user_page.h: the format of user page tables. The walk is portable (mm/address_space/page_table.c)
 * over these, so that the host can build it with a simulated format:
 *
 *	typedef ... user_entry			one entry, of a table or of the last level
 *	USER_LEVELS, USER_LEVEL_BITS		levels, and index bits of each; level 0 holds pages
 *	USER_START, USER_END			the addresses a program may use: [USER_START, USER_END)
 *	USER_STACK_TOP				where exec puts the stack
 *	struct page_table			{ user_entry *root; ... } the root's kernel address, and what
 *						the architecture keeps beside it (physical root, ASID)
 *	page_table_create(table)		a root that maps the kernel and nothing else; 0 or -ENOMEM
 *	page_table_destroy(table)		frees the root (the tables below are gone)
 *	entry_is_present(e), entry_phys(e)	of either kind of entry
 *	entry_for_table(phys)			the entry of the next table
 *	entry_for_page(phys, access)		of a page that allows AREA_READ, AREA_WRITE, AREA_EXECUTE;
 *						0 in access (PROT_NONE): present to the walk, not to the CPU
 *	entry_is_writable(e), entry_read_only(e)
 *	tlb_forget_page(space, address)		an entry allows less than before, or has gone
 *	tlb_forget_space(space)			many of them
 *	tlb_entry_changed(space, address, e)	an entry allows more than before (MIPS: puts it into the
 *						TLB right away; x86: nothing, the CPU walks again)
 *	arch_space_load(space)			the CPU uses this space from now on (interrupts masked)
 *	arch_space_leave(space)			if it is loaded: loads the kernel's own
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
 *	user_frame_set_result(frame, result)	what a system call gives (MIPS: a3 too)
 *	user_frame_result(frame)		... gave: negative errno too
 *	user_frame_system_call(frame)		its number, < 0: not from a system call
 *	user_frame_restart(frame)		the call is made again on return; no longer from a call
 *	user_frame_pc(frame), user_frame_sp(frame), user_frame_set_sp(frame, sp)
 *	user_return(frame) __noreturn		to user mode with these registers: how a new task begins
 *	user_context_init(context)		of a new program: FPU in its initial state, no TLS
 *	user_context_save(context)		the running task's registers into its context (before
 *						fork copies it, before a signal frame)
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
 * The entry code saves, calls the handler through the table, looks at `thread->work` and `cpu->resched`
 * on the way out (a byte each) and goes to user_exit_work only when one is set. Interrupts from
 * user mode do the same. Exceptions from user mode go to user_page_fault and user_exception
 * (process.h), those from the kernel at an address of the exception table go to its fix-up, after
 * space_fault has had its chance.
 */
#ifndef TESSERA_ARCH_USER_H
#define TESSERA_ARCH_USER_H

#include <tessera/types.h>

/* thread->work: why the way back to user mode is not straight. */
#define WORK_SIGNAL 0x1 /* a signal may be due */
#define WORK_EXIT   0x2 /* the task is to end */
#define WORK_TRACE  0x4 /* USER_TRACE: every call of this task is logged */

struct trap_frame;

/* What signal_frame_push needs. */
struct signal_delivery {
	int signal;
	uintptr_t handler;
	uintptr_t restorer; /* SA_RESTORER, or 0: the kernel's trampoline where the ABI has one */
	unsigned long flags; /* SA_... */
	uint64_t mask;	    /* to go back to */
	int code;	    /* siginfo: si_code */
	int sender;	    /* si_pid */
	uintptr_t address;  /* si_addr */
	uintptr_t stack, stack_size; /* the alternate stack if it is to be used, else 0 */
	uintptr_t old_stack, old_stack_size; /* for uc_stack */
};

#endif
