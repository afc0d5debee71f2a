/* SPDX-License-Identifier: MIT */
/* Emits one instruction that may touch user memory, and goes on at `fixup` when it cannot. */
	.macro	user_access fixup, instruction:vararg
.Laccess\@:
	\instruction
	.pushsection fixups, "a"
	.word	.Laccess\@, \fixup
	.popsection
	.endm
