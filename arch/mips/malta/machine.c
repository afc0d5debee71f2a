/* SPDX-License-Identifier: MIT */
/*
 * How Malta ends, and its consoles.
 *
 * With a status: by semihosting, for which QEMU must run with `-semihosting-config
 * enable=on,target=native` (the head of firmware.c tells how the kernel sees that). Without it
 * there is no way to give a status: success switches the machine off, failure halts it, so that a
 * runner sees a hang and not a success.
 * Power off: the south bridge's power management (PIIX4, function 3) is asked for the state
 * "soft off". Reset: a register of the board.
 *
 * Source: MIPS UHI Reference Manual (MD01069), "Exit"; Intel 82371AB (PIIX4) data sheet
 * (290562), sections 7.1 and 7.2; GT-64120 data sheet, "PCI configuration"; MD00048.
 */
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/malta.h>
#include <asm/setup.h>
#include <tessera/arch.h>
#include <tessera/serial.h>

#include "malta.h"

/* PCI configuration through the GT-64120: its own registers are little-endian, but the data of the
 * devices behind it comes in the CPU's byte order. */
#define GT_CONFIG_ADDRESS (MALTA_GT64120 + 0xcf8)
#define GT_CONFIG_DATA	  (MALTA_GT64120 + 0xcfc)
#define GT_CONFIG_ENABLE  0x80000000
#define PIIX4_POWER	  (10 << 11 | 3 << 8) /* device 10, function 3 */

#define PCI_ID		    0x00
#define PIIX4_POWER_ID	    0x71138086
#define PCI_COMMAND	    0x04
#define PCI_COMMAND_PORTS   0x01
#define PM_BASE		    0x40 /* port of the registers, bit 0 always set */
#define PM_MISC		    0x80
#define PM_MISC_ENABLE	    0x01
#define PM_PORT		    0x1000
#define PM_CONTROL	    (PM_PORT + 0x04)
#define PM_CONTROL_SOFT_OFF 0x2000 /* suspend enable, type 0 */

bool semihosting;

static void *config_register(unsigned reg)
{
	mmio_write32((void *)GT_CONFIG_ADDRESS,
		     little_endian32(GT_CONFIG_ENABLE | PIIX4_POWER | reg));
	return (void *)GT_CONFIG_DATA;
}

static void __noreturn halt(void)
{
	irq_disable();
	for (;;)
		__asm__ volatile("wait");
}

void machine_exit(int status)
{
	if (semihosting) {
		register int operation __asm__("$25") = UHI_EXIT;
		register int argument __asm__("$4") = status;

		__asm__ volatile("sdbbp 1" : : "r"(operation), "r"(argument));
	}
	if (status == 0)
		machine_poweroff();
	halt();
}

void machine_poweroff(void)
{
	if (mmio_read32(config_register(PCI_ID)) == PIIX4_POWER_ID) {
		mmio_write32(config_register(PCI_COMMAND), PCI_COMMAND_PORTS);
		mmio_write32(config_register(PM_BASE), PM_PORT | 1);
		mmio_write32(config_register(PM_MISC), PM_MISC_ENABLE);
		outw(PM_CONTROL, PM_CONTROL_SOFT_OFF);
	}
	halt();
}

void machine_reboot(void)
{
	mmio_write32((void *)MALTA_SOFT_RESET, MALTA_RESET_WORD);
	halt();
}

void arch_console_init(void)
{
	serial_init();
}
