/* SPDX-License-Identifier: MIT */
/*
 * Drivers of devices that the kernel can do without: start-up looks for each of them once.
 *	DRIVER(vga_text, vga_text_probe);
 * What the kernel cannot start without (interrupt controller, timer, serial console) has a
 * contract and a fixed place in the start-up order instead.
 */
#ifndef TESSERA_DRIVER_H
#define TESSERA_DRIVER_H

#include <tessera/linker.h>

struct driver {
	const char *name;
	/* Looks for the device and starts it. Thread context, memory and interrupt lines can be had,
	 * interrupts are masked. 0, -ENODEV: the machine has none (nothing is said); any other
	 * error is reported. What the probe began it has undone. */
	int (*probe)(void);
};

#define DRIVER(id, function) \
	REGISTRY_ENTRY(drivers, struct driver, id) = { .name = #id, .probe = (function) }

extern const struct driver __start_drivers[], __stop_drivers[];

/* Start-up, once, after irq_init. */
void drivers_probe(void);

#endif
