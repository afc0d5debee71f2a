/* SPDX-License-Identifier: MIT */
/*
 * What the processor can do, from CPUID (Intel SDM volume 2A; AMD APM volume 3, appendix E).
 * Features that only protect are switched on wherever they are present.
 */
#include <asm/cpu.h>
#include <asm/registers.h>
#include <asm/user_access.h>
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/string.h>

#define LEAF1_EDX_PGE	    BIT(13)
#define LEAF7_EBX_SMEP	    BIT(7)
#define LEAF7_EBX_SMAP	    BIT(20)
#define LEAF7_ECX_UMIP	    BIT(2)
#define EXTENDED_EDX_NX	    BIT(20)
#define EXTENDED_EDX_1G	    BIT(26)
#define LEAF_EXTENDED_FIRST 0x80000000
#define LEAF_EXTENDED	    0x80000001
#define LEAF_NAME_FIRST	    0x80000002 /* three leaves of 16 characters each */
#define LEAF_NAME_LAST	    0x80000004

struct cpu_features cpu_features;

/* The two formats with 64-bit entries have the no-execute bit. */
static const bool format_has_no_execute = IS_ENABLED(CONFIG_64BIT) || IS_ENABLED(CONFIG_X86_PAE);

static void find_features(void)
{
	if (cpuid(0).eax >= 7) {
		struct cpuid leaf7 = cpuid(7);

		cpu_features.smep = leaf7.ebx & LEAF7_EBX_SMEP;
		cpu_features.smap = leaf7.ebx & LEAF7_EBX_SMAP;
		cpu_features.umip = leaf7.ecx & LEAF7_ECX_UMIP;
	}
	if (cpuid(LEAF_EXTENDED_FIRST).eax >= LEAF_EXTENDED) {
		uint32_t edx = cpuid(LEAF_EXTENDED).edx;

		cpu_features.no_execute = format_has_no_execute && (edx & EXTENDED_EDX_NX);
		cpu_features.gigabyte_pages = IS_ENABLED(CONFIG_64BIT) && (edx & EXTENDED_EDX_1G);
	}
	cpu_features.global_pages = cpuid(1).edx & LEAF1_EDX_PGE;
}

void cpu_init(void)
{
	unsigned long cr4 = read_cr4();

	find_features();
	if (cpu_features.smep)
		cr4 |= CR4_SMEP;
	if (cpu_features.smap)
		cr4 |= CR4_SMAP;
	if (cpu_features.umip)
		cr4 |= CR4_UMIP;
	write_cr4(cr4);
	if (cpu_features.no_execute)
		write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
	if (IS_ENABLED(CONFIG_USER_MODE) && cpu_features.smap)
		user_access_init();
	if (IS_ENABLED(CONFIG_USER_MODE))
		switch_init();
}

/* The processor's own name, which may be padded with spaces in front. */
static const char *cpu_name(void)
{
	static char name[49];
	const char *start = name;

	if (cpuid(LEAF_EXTENDED_FIRST).eax < LEAF_NAME_LAST)
		return "unnamed";
	for (unsigned i = 0; i <= LEAF_NAME_LAST - LEAF_NAME_FIRST; i++) {
		struct cpuid part = cpuid(LEAF_NAME_FIRST + i);

		memcpy(name + i * sizeof(part), &part, sizeof(part));
	}
	while (*start == ' ')
		start++;
	return start;
}

static void show_cpu(int argc, char **argv)
{
	print("%s\nused:%s%s%s%s%s%s\n", cpu_name(),
	      cpu_features.global_pages ? " global-pages" : "",
	      cpu_features.gigabyte_pages ? " 1-GiB-pages" : "",
	      cpu_features.no_execute ? " no-execute" : "", cpu_features.smep ? " smep" : "",
	      cpu_features.smap ? " smap" : "", cpu_features.umip ? " umip" : "");
}
MONITOR_COMMAND(cpu, "cpu", "the processor, and which of its features are used", show_cpu);
