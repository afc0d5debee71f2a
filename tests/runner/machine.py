# SPDX-License-Identifier: MIT
"""The QEMU command line of a configuration: architecture, board and the QEMU_* options say it."""
import os
import shlex

from configuration import fail, need

QBOOT = "/usr/share/qemu/qboot.rom"
OVMF = "/usr/share/ovmf/OVMF.fd"


def program(config, uefi):
    """QEMU's program for the processor. UEFI firmware (OVMF) is 64-bit, whatever it starts."""
    if config["ARCH_X86_64"] or uefi:
        name = "qemu-system-x86_64"
    elif config["ARCH_I386"]:
        name = "qemu-system-i386"
    elif config["ARCH_MIPS32"]:
        name = "qemu-system-mips" + ("el" if config["CPU_LITTLE_ENDIAN"] else "")
    else:
        fail("tests/runner/machine.py knows no QEMU for this architecture; add it there")
    need(name)
    return name


def instruction_clock(shift):
    """Guest time that counts instructions: 2^shift ns each, whatever the host does."""
    return ["-icount", f"shift={shift},sleep=off,align=off"]


def counted(config):
    """scripts/coverage names a plugin: it adds the executions of this boot to the kernel's folder."""
    plugin = os.environ.get("TESSERA_COVER_PLUGIN")
    return ["-plugin", f"{plugin},out={config.folder}/executed"] if plugin else []


def command_line(config, *, iso=None, uefi=False, append="", memory=None, cpu=None, machine=None,
                 icount=None, initramfs=None, interactive=False, extra=()):
    """The arguments for one boot: by -kernel, or from `iso` (whose own menu holds the command
    line). Not interactive: a reset ends QEMU, and nothing but the serial port is attached."""
    machine = machine or config["QEMU_MACHINE"]
    line = [program(config, uefi), "-machine", machine, "-cpu", cpu or config["QEMU_CPU"],
            "-m", memory or config["QEMU_MEMORY"], "-accel", "tcg", "-nodefaults",
            "-display", "none"]
    if config["ARCH_X86"]:
        line += ["-vga", "std" if iso or interactive else "none"]
        # The kernel writes 0x10 or so there: QEMU's status is then odd (arch/x86).
        line += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    if config["BOARD_MALTA"]:
        line += ["-semihosting-config", "enable=on,target=native"]
    if interactive:
        line += ["-serial", "mon:stdio"]
    else:
        line += ["-no-reboot", "-serial", "stdio", "-d", "cpu_reset"]
    if icount is not None:
        line += instruction_clock(icount)
    if uefi:
        need(OVMF)
        line += ["-bios", OVMF]
    if iso:
        line += ["-cdrom", iso]
    else:
        # qboot starts a PVH kernel at once, but has no video BIOS and knows only these machines.
        if machine.startswith("q35") and not interactive and os.path.exists(QBOOT):
            line += ["-bios", QBOOT]
        line += ["-kernel", config.kernel, "-append", append]
        if initramfs is None and config["USER_MODE"] and not config["INITRAMFS_IN_IMAGE"]:
            initramfs = os.path.join(config.folder, "initramfs.cpio")
        if initramfs:
            line += ["-initrd", initramfs]
    return line + shlex.split(config["QEMU_ARGS"] or "") + counted(config) + list(extra)
