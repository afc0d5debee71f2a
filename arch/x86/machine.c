/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine. What QEMU sees:
 *
 *	machine_exit(0)	power off: status 0
 *	machine_exit(n)	n written to the isa-debug-exit device at port 0xf4: status 2 n + 1. Where that
 *			device is missing the machine halts, so that what is on the screen stays there.
 *
 * Power off goes through ACPI; without tables or without the ACPI option, through the port at which
 * QEMU's PC machines have the register.
 */
#include <asm/acpi.h>
#include <asm/descriptors.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <tessera/arch.h>

#define QEMU_DEBUG_EXIT	 0xf4
#define QEMU_PM1_CONTROL 0x604
#define QEMU_SOFT_OFF	 0x2000

#define KEYBOARD_COMMAND 0x64 /* also the status */
#define KEYBOARD_BUSY	 0x02
#define KEYBOARD_RESET	 0xfe /* pulses the processor's reset line */

#define CHIPSET_RESET	   0xcf9 /* Intel chipsets */
#define CHIPSET_HARD_RESET 0x06

static void __noreturn halt(void)
{
	irq_disable();
	for (;;)
		__asm__ volatile("hlt");
}

void machine_poweroff(void)
{
	acpi_poweroff();
	outw(QEMU_PM1_CONTROL, QEMU_SOFT_OFF);
	halt();
}

void machine_exit(int status)
{
	if (status == 0)
		machine_poweroff();
	outb(QEMU_DEBUG_EXIT, (uint8_t)status);
	halt();
}

void machine_reboot(void)
{
	static const struct descriptor_table no_table;

	irq_disable();
	for (int i = 0; i < 100000 && (inb(KEYBOARD_COMMAND) & KEYBOARD_BUSY); i++)
		;
	outb(KEYBOARD_COMMAND, KEYBOARD_RESET);
	outb(CHIPSET_RESET, CHIPSET_HARD_RESET);

	/* An exception that cannot be delivered: the processor shuts down, which resets a PC. */
	__asm__ volatile("lidt %0\n\tud2" : : "m"(no_table));
	halt();
}
