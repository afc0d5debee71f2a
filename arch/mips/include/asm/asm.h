/* SPDX-License-Identifier: MIT */
/*
 * For assembly: the o32 names of the registers, and how a function begins and ends.
 * Source: System V ABI, MIPS Processor Supplement, chapter 3.
 */
#ifndef ASM_ASM_H
#define ASM_ASM_H

#define zero $0
#define v0   $2
#define v1   $3
#define a0   $4
#define a1   $5
#define a2   $6
#define a3   $7
#define t0   $8
#define t1   $9
#define t2   $10
#define t3   $11
#define t4   $12
#define t5   $13
#define t6   $14
#define t7   $15
#define t8   $24
#define t9   $25
#define k0   $26 /* the exception vectors' own: nobody else may rely on them */
#define k1   $27
#define sp   $29
#define ra   $31

#define FUNCTION(name)         \
	.globl name;           \
	.type name, @function; \
name:

#define END_FUNCTION(name) .size name, .- name

#endif
