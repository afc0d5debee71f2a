/* SPDX-License-Identifier: MIT */
/* Where a program begins and where a thread begins. */

	.text
	.set reorder
	.globl _start
	.ent _start
_start:
	move $ra, $zero			/* the end of every backtrace */
	move $a0, $sp
	addiu $sp, $sp, -24		/* room for the arguments of what is called */
	li $t0, -8
	and $sp, $sp, $t0
	jal program_start
	break
	.end _start

/* long thread_clone(flags, stack, parent_tid, child_tid, tls): clone. The new thread finds a function and
 * its argument on its stack, calls it, and ends. */
	.globl thread_clone
	.ent thread_clone
thread_clone:
	lw $t0, 16($sp)			/* the kernel takes tls before child_tid */
	sw $a3, 16($sp)
	move $a3, $t0
	li $v0, 4120			/* clone */
	syscall
	bnez $a3, 2f
	beqz $v0, 1f
	jr $ra
1:	move $ra, $zero
	lw $t9, 0($sp)
	lw $a0, 4($sp)
	addiu $sp, $sp, -16
	jalr $t9
	move $a0, $zero
	li $v0, 4001			/* exit */
	syscall
	break
2:	negu $v0, $v0
	jr $ra
	.end thread_clone

/* pid_t vfork(void): clone(CLONE_VM | CLONE_VFORK | SIGCHLD). The child runs on this stack first; nothing
 * is on it. */
	.globl vfork
	.ent vfork
vfork:
	li $a0, 0x4112
	move $a1, $zero
	li $v0, 4120
	syscall
	move $a0, $v0
	beqz $a3, 1f
	negu $a0, $v0
1:	j vfork_result
	.end vfork

	.section .note.GNU-stack, "", @progbits
