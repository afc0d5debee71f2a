/* SPDX-License-Identifier: MIT */
/*
 * The 16550 UART at ISA port 0x3f8 ("COM1"), on PC and Malta alike.
 *
 * Output is polled. When the line status says that the transmitter is empty, the whole FIFO is
 * free, so one status read pays for 16 bytes (for one byte on the older 16450, which has no
 * FIFO). Each such burst runs with interrupts masked, because a handler that logs in the middle
 * of it would overfill the FIFO; the waiting between bursts does not. Input comes by interrupt
 * once the controller works, and by polling before that and in panic.
 *
 * Source: National Semiconductor PC16550D data sheet (1995), section 8.
 * Cost: about 10 instructions a byte. At 115200 baud the line itself takes 87 us a byte, and the
 * writer spins for it: a transmit interrupt would need a buffer that panic could not trust.
 */
#include <asm/io.h>
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/irq.h>
#include <tessera/log.h>
#include <tessera/serial.h>

#define LOG_TAG "serial"

#define PORT	 0x3f8
#define PORT_IRQ 4

enum {
	DATA = PORT + 0,	     /* with LCR_DIVISOR: low byte of the divisor */
	INTERRUPT_ENABLE = PORT + 1, /* with LCR_DIVISOR: high byte */
	FIFO_CONTROL = PORT + 2,     /* when written */
	INTERRUPT_ID = PORT + 2,     /* when read */
	LINE_CONTROL = PORT + 3,
	MODEM_CONTROL = PORT + 4,
	LINE_STATUS = PORT + 5,
	SCRATCH = PORT + 7,
};

#define IER_RECEIVED   0x01
#define FCR_ENABLE     0x01 /* interrupt at every byte: a person types */
#define FCR_CLEAR      0x06 /* both directions */
#define IIR_FIFO_WORKS 0xc0
#define LCR_8N1	       0x03
#define LCR_DIVISOR    0x80
#define MCR_DTR_RTS    0x03
#define MCR_OUT2       0x08 /* on a PC it connects the interrupt line */
#define LSR_RECEIVED   0x01
#define LSR_SENDABLE   0x20 /* the transmit FIFO is empty */

#define FIFO_DEPTH 16

/* 1.8432 MHz / 16, rounded to the nearest speed that the divisor can make. */
#define BAUD_BASE 115200
#define DIVISOR	  ((BAUD_BASE + CONFIG_SERIAL_BAUD / 2) / CONFIG_SERIAL_BAUD)

static unsigned transmit_depth; /* bytes that fit when LSR_SENDABLE */

static void uart_write(struct console *console, const char *text, size_t n)
{
	const char *end = text + n;
	bool returned = false; /* the '\r' before this '\n' is out */

	while (text != end) {
		unsigned long flags = irq_save();
		unsigned room = inb(LINE_STATUS) & LSR_SENDABLE ? transmit_depth : 0;

		for (; room && text != end; room--) {
			char c = *text;

			if (unlikely(c == '\n') && !returned) {
				returned = true;
				c = '\r';
			} else {
				returned = false;
				text++;
			}
			outb(DATA, (uint8_t)c);
		}
		irq_restore(flags);
	}
}

static int uart_poll(struct console *console)
{
	return inb(LINE_STATUS) & LSR_RECEIVED ? inb(DATA) : -EAGAIN;
}

static void uart_interrupt(unsigned irq, void *console)
{
	int c;

	/* The line is edge-triggered: only an empty FIFO lets the next byte raise it again. */
	while ((c = uart_poll(console)) >= 0)
		console_input((char)c);
}

static void uart_start(struct console *console)
{
	int error = irq_request(PORT_IRQ, uart_interrupt, console, console->name);

	if (error) {
		log_error("no input: interrupt %d is refused (error %d)", PORT_IRQ, error);
		return;
	}
	outb(INTERRUPT_ENABLE, IER_RECEIVED); /* raises the line for what came before */
}

/* An absent device reads as all ones or as whatever was last on the bus, never as both values. */
static bool uart_present(void)
{
	outb(SCRATCH, 0x5a);
	if (inb(SCRATCH) != 0x5a)
		return false;
	outb(SCRATCH, 0xa5);
	return inb(SCRATCH) == 0xa5;
}

static struct console uart_console = {
	.name = "serial",
	.write = uart_write,
	.poll = uart_poll,
	.start = uart_start,
};

int serial_init(void)
{
	if (!uart_present()) {
		log_warning("no UART answers at port 0x%x", PORT);
		return -ENODEV;
	}
	outb(INTERRUPT_ENABLE, 0);
	outb(LINE_CONTROL, LCR_DIVISOR);
	outb(DATA, DIVISOR & 0xff);
	outb(INTERRUPT_ENABLE, DIVISOR >> 8);
	outb(LINE_CONTROL, LCR_8N1);
	outb(FIFO_CONTROL, FCR_ENABLE | FCR_CLEAR);
	outb(MODEM_CONTROL, MCR_DTR_RTS | MCR_OUT2);
	transmit_depth = (inb(INTERRUPT_ID) & IIR_FIFO_WORKS) == IIR_FIFO_WORKS ? FIFO_DEPTH : 1;
	return console_register(&uart_console);
}
