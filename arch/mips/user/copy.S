/* SPDX-License-Identifier: MIT */
/*
 * Copying to and from user memory, and whole pages.
 *
 * A copy goes in blocks of 32 bytes and then in words. The registers that say how far it has come
 * change only behind a block, so when an access fails inside one, the fix-up goes over the same block
 * byte by byte, up to the byte that cannot be accessed. Unaligned memory is copied by lwl, lwr, swl and
 * swr, a word at a time.
 *
 * Cost: 32 bytes 19 instructions; a word 5, unaligned 7; a page cleared 1043, copied 2099.
 */
#include <asm/asm.h>
#include <asm/page.h>

#include "access.S"

	.set	noreorder
	.set	noat

#ifdef CONFIG_CPU_BIG_ENDIAN
#define FIRST  0
#define SECOND 3
#else
#define FIRST  3
#define SECOND 0
#endif

	.text
/* size_t user_copy(void *to, const void *from, size_t n): how many bytes are not copied. It leaves n, v1
 * and a3 alone (asm/user_copy.h). */
FUNCTION(user_copy)
	or	t0, a0, a1
	andi	t0, t0, 3
	bnez	t0, .Lunaligned
	 addu	t9, a1, a2			/* the source ends here */
	sltiu	t8, a2, 32
	bnez	t8, .Lwords
	 andi	t8, a2, 31
	subu	t8, t9, t8			/* the blocks end here */
1:	user_access .Lbytes, lw t0, 0(a1)
	user_access .Lbytes, lw t1, 4(a1)
	user_access .Lbytes, lw t2, 8(a1)
	user_access .Lbytes, lw t3, 12(a1)
	user_access .Lbytes, lw t4, 16(a1)
	user_access .Lbytes, lw t5, 20(a1)
	user_access .Lbytes, lw t6, 24(a1)
	user_access .Lbytes, lw t7, 28(a1)
	user_access .Lbytes, sw t0, 0(a0)
	user_access .Lbytes, sw t1, 4(a0)
	user_access .Lbytes, sw t2, 8(a0)
	user_access .Lbytes, sw t3, 12(a0)
	user_access .Lbytes, sw t4, 16(a0)
	user_access .Lbytes, sw t5, 20(a0)
	user_access .Lbytes, sw t6, 24(a0)
	user_access .Lbytes, sw t7, 28(a0)
	addiu	a1, a1, 32
	bne	a1, t8, 1b
	 addiu	a0, a0, 32
	beq	a1, t9, .Ldone
.Lwords:
	 andi	t8, a2, 3
	subu	t8, t9, t8			/* the words end here */
	beq	a1, t8, .Lbytes
	 nop
1:	user_access .Lbytes, lw t0, 0(a1)
	user_access .Lbytes, sw t0, 0(a0)
	addiu	a1, a1, 4
	bne	a1, t8, 1b
	 addiu	a0, a0, 4
.Lbytes:
	beq	a1, t9, .Ldone
	 nop
1:	user_access .Ldone, lb t0, 0(a1)
	user_access .Ldone, sb t0, 0(a0)
	addiu	a1, a1, 1
	bne	a1, t9, 1b
	 addiu	a0, a0, 1
.Ldone:
	jr	ra
	 subu	v0, t9, a1
.Lunaligned:
	andi	t8, a2, 3
	subu	t8, t9, t8
	beq	a1, t8, .Lbytes
	 nop
1:	user_access .Lbytes, lwl t0, FIRST(a1)
	user_access .Lbytes, lwr t0, SECOND(a1)
	user_access .Lbytes, swl t0, FIRST(a0)
	user_access .Lbytes, swr t0, SECOND(a0)
	addiu	a1, a1, 4
	bne	a1, t8, 1b
	 addiu	a0, a0, 4
	b	.Lbytes
	 nop
END_FUNCTION(user_copy)

/* size_t user_clear(uintptr_t to, size_t n): how many bytes are not cleared */
FUNCTION(user_clear)
	andi	t0, a0, 3
	bnez	t0, .Lclear_bytes
	 sltiu	t8, a1, 32
	bnez	t8, .Lclear_words
	 sltiu	t8, a1, 4
1:
	.irp	offset, 0, 4, 8, 12, 16, 20, 24, 28
	user_access .Lclear_bytes, sw zero, \offset(a0)
	.endr
	addiu	a1, a1, -32
	sltiu	t8, a1, 32
	beqz	t8, 1b
	 addiu	a0, a0, 32
	sltiu	t8, a1, 4
.Lclear_words:
	bnez	t8, .Lclear_bytes
	 nop
	user_access .Lclear_bytes, sw zero, 0(a0)
	addiu	a1, a1, -4
	addiu	a0, a0, 4
	b	.Lclear_words
	 sltiu	t8, a1, 4
.Lclear_bytes:
	beqz	a1, .Lclear_done
	 nop
	user_access .Lclear_done, sb zero, 0(a0)
	addiu	a1, a1, -1
	b	.Lclear_bytes
	 addiu	a0, a0, 1
.Lclear_done:
	jr	ra
	 move	v0, a1
END_FUNCTION(user_clear)

/* int user_code_written(uintptr_t address, size_t size) */
FUNCTION(user_code_written)
	rdhwr	t0, $1				/* bytes that synci takes care of; 0: nothing to do */
	beqz	t0, 2f
	 addu	t1, a0, a1
	negu	t2, t0
	and	a0, a0, t2
1:	sltu	t2, a0, t1
	beqz	t2, 2f
	 nop
	user_access 3f, synci 0(a0)
	b	1b
	 addu	a0, a0, t0
2:	sync
	jr.hb	ra
	 move	v0, zero
3:	jr	ra
	 li	v0, -1
END_FUNCTION(user_code_written)

/* void page_clear(void *to) */
FUNCTION(page_clear)
	addiu	t0, a0, PAGE_SIZE
1:	addiu	a0, a0, 512
	.set	offset, -512
	.rept	127
	sw	zero, offset(a0)
	.set	offset, offset + 4
	.endr
	bne	a0, t0, 1b
	 sw	zero, -4(a0)
	jr	ra
	 nop
END_FUNCTION(page_clear)

/* void page_copy(void *to, const void *from) */
FUNCTION(page_copy)
	addiu	t9, a0, PAGE_SIZE
1:	.set	offset, 0
	.rept	8
	lw	t0, offset + 0(a1)
	lw	t1, offset + 4(a1)
	lw	t2, offset + 8(a1)
	lw	t3, offset + 12(a1)
	lw	t4, offset + 16(a1)
	lw	t5, offset + 20(a1)
	lw	t6, offset + 24(a1)
	lw	t7, offset + 28(a1)
	sw	t0, offset + 0(a0)
	sw	t1, offset + 4(a0)
	sw	t2, offset + 8(a0)
	sw	t3, offset + 12(a0)
	sw	t4, offset + 16(a0)
	sw	t5, offset + 20(a0)
	sw	t6, offset + 24(a0)
	sw	t7, offset + 28(a0)
	.set	offset, offset + 32
	.endr
	addiu	a0, a0, 256
	bne	a0, t9, 1b
	 addiu	a1, a1, 256
	jr	ra
	 nop
END_FUNCTION(page_copy)
