# SPDX-License-Identifier: MIT
"""What is in a kernel image: sizes of its sections, rooms, files and symbols, and where it begins.

Sizes by room and file are read from the linker's map, so what the linker threw away (--gc-sections)
does not count. The kinds are what the sections of tessera.elf are for: code (executable), constants
(read-only), data (writable), zeroed (no bytes in the file).
"""
import os
import re
import subprocess
from collections import Counter, defaultdict

KINDS = ("code", "constants", "data", "zeroed")


def tool(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def sections(elf):
    """The loaded sections: name to (kind, bytes)."""
    kinds = {}
    for name, form, size, flags in re.findall(
            r"^ *\[ *\d+\] (\S+) +(\S+) +\w+ \w+ (\w+) \w+ +([A-Zlop]*)",
            tool("readelf", "-SW", elf), re.MULTILINE):
        if "A" in flags:
            kind = "zeroed" if form == "NOBITS" else "code" if "X" in flags else \
                "data" if "W" in flags else "constants"
            kinds[name] = (kind, int(size, 16))
    return kinds


def in_file(elf):
    """Bytes that lie in the image: code and constants (text), and what is written (data)."""
    sizes = Counter()
    for kind, size in sections(elf).values():
        sizes[kind] += size
    return {"text": sizes["code"] + sizes["constants"], "data": sizes["data"]}


def room(path):
    """The folder that a builder knows: arch/x86, kernel, mm, ..."""
    parts = path.split("/")
    if len(parts) == 1:
        return "kernel (symbol table)" if path.startswith("kernel_symbols") else path
    return "/".join(parts[:2]) if parts[0] == "arch" else parts[0]


def contributions(map_file, kinds):
    """(object file, kind, bytes) for each piece that the linker put into a loaded section."""
    output = None
    with open(map_file, encoding="utf-8") as file:
        text = file.read().split("Linker script and memory map", 1)[1]
    # A long section name stands on a line of its own.
    text = re.sub(r"^( ?\S+)\n +(0x)", r"\1 \2", text, flags=re.MULTILINE)
    for line in text.splitlines():
        if match := re.match(r"(\S+) +0x[0-9a-f]+ +0x[0-9a-f]+", line):
            output = match[1]
        elif match := re.match(r" \S+ +0x[0-9a-f]+ +0x([0-9a-f]+) (\S+\.o)$", line):
            if output in kinds:
                yield match[2], kinds[output][0], int(match[1], 16)


def files(folder):
    """Object files of the kernel in an output folder: path to {kind: bytes}. What no file has (the
    room between pieces) is `padding`."""
    kinds = sections(f"{folder}/tessera.elf")
    table, total = defaultdict(Counter), Counter()
    for name, kind, size in contributions(f"{folder}/tessera.map", kinds):
        table[name][kind] += size
    for kind, size in kinds.values():
        total[kind] += size
    for row in list(table.values()):
        total.subtract(row)
    table["padding"] = total
    return {name: {kind: row[kind] for kind in KINDS} for name, row in table.items()}


def rooms(by_file):
    """The same by room."""
    table = defaultdict(Counter)
    for name, row in by_file.items():
        table[room(name)].update(row)
    return {name: {kind: row[kind] for kind in KINDS} for name, row in table.items()}


def symbols(elf):
    """[(name, bytes)], the largest first; local ones may share a name."""
    lines = tool("nm", "-S", "--size-sort", "-r", elf).splitlines()
    return [(name, int(size, 16)) for _address, size, _kind, name in map(str.split, lines)]


def addresses(config):
    """Names to addresses; nm extends 32-bit addresses by their sign, QEMU does not."""
    mask = ~0 if config["64BIT"] else 0xffffffff
    with open(os.path.join(config.folder, "tessera.sym"), encoding="utf-8") as file:
        return {name: int(address, 16) & mask for address, _kind, name in map(str.split, file)}


def entry_point(config):
    """Where QEMU enters the kernel: on x86 at its PVH entry, before there is any mapping."""
    if config["ARCH_X86"]:
        names = addresses(config)
        return names["pvh_entry"] - names["__image_start"] + config["PHYSICAL_START"]
    return int(re.search(r"Entry point address: +(0x\w+)",
                         tool("readelf", "-Wh", config.kernel))[1], 16)
