/* SPDX-License-Identifier: MIT */
/* The FPU's registers from and to a struct user_context. The FPU is usable. 20 instructions each. */
#include <asm/asm.h>
#include <generated/asm-offsets.h>

	.set	noreorder
	.set	noat
	.set	hardfloat

	.text
/* void fpu_registers_save(struct user_context *context) */
FUNCTION(fpu_registers_save)
	.irp	n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	sdc1	$f\n, CONTEXT_FPU + 4 * \n(a0)
	.endr
	cfc1	t0, $31
	jr	ra
	 sw	t0, CONTEXT_FPU_CONTROL(a0)
END_FUNCTION(fpu_registers_save)

/* void fpu_registers_load(const struct user_context *context) */
FUNCTION(fpu_registers_load)
	lw	t0, CONTEXT_FPU_CONTROL(a0)
	.irp	n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	ldc1	$f\n, CONTEXT_FPU + 4 * \n(a0)
	.endr
	ins	t0, zero, 12, 6			/* a cause would trap at once */
	jr	ra
	 ctc1	t0, $31
END_FUNCTION(fpu_registers_load)

/* uint32_t fpu_control(void), void fpu_control_set(uint32_t value) */
FUNCTION(fpu_control)
	jr	ra
	 cfc1	v0, $31
END_FUNCTION(fpu_control)

FUNCTION(fpu_control_set)
	jr	ra
	 ctc1	a0, $31
END_FUNCTION(fpu_control_set)
