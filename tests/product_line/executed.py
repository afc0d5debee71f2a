# SPDX-License-Identifier: MIT
"""From executed addresses to lines: what one kernel ran, as {path: {line: how often}}.

A line has code if the kernel's line table names it, or if what was called there was compiled into it: an
address counts for the line of an inline function and for each place on the way that it was inlined through.
So many addresses can belong to a line; the one that was executed most often counts. A brace alone is no line
of code, nor is the head of a function. (An optimising compiler mixes lines: of `if (a) b;` on one line nobody
sees whether b was run.)
"""
import os
import re
import struct
import subprocess

from configuration import TOP

# The folders whose lines count, the first that fits. What only tests and measures is no part of them.
ROOMS = ("mm/page_alloc", "mm/object_alloc", "mm/address_space", "mm", "sched", "ipc", "kernel/process",
         "kernel", "fs", "lib", "arch/x86", "arch/mips", "drivers", "include")
TESTS = re.compile(r"arch/\w+/(test|bench)\w*\.[cS]$|include/tessera/(test|benchmark)\.h$")
ROW = re.compile(r"^\S.*\s(0x[0-9a-f]+)(?:\s|$)", re.MULTILINE)
# Where physical addresses lie in kernel's: the same place in all of these.
PHYSICAL = 0x1fffffff
UNCACHED = 0x20000000


def room_of(path):
    if TESTS.match(path):
        return None
    return next((room for room in ROOMS if path.startswith(room + "/")), None)


def layout(path, known={}):
    """The lines of a file that are no code, whatever a line table says: empty ones, braces, and in C what begins in the
    first column, which are heads of functions. Where a function is inlined everywhere, only the copy that nobody
    calls has them."""
    if path not in known:
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            known[path] = {number for number, text in enumerate(file, 1) if text.strip() in ("", "{", "}")
                           or not path.endswith(".S") and not text[0].isspace()}
    return known[path]


def has_code(path, line):
    return bool(line and room_of(path)) and line not in layout(path)


def output_of(*command, text=None):
    return subprocess.run(command, check=True, text=True, input=text, capture_output=True).stdout


def text_section(elf, prefix):
    """(first address, behind the last)"""
    for line in output_of(prefix + "objdump", "-h", elf).splitlines():
        words = line.split()
        if len(words) > 3 and words[1] == ".text":
            return int(words[3], 16), int(words[3], 16) + int(words[2], 16)
    raise ValueError(f"{elf} has no .text")


def read_records(path, begin, end):
    """{address: count} of the kernel's text. It is also run before it lies where it is linked to:
    by physical addresses, and on MIPS without the cache."""
    aliases = {begin, begin & PHYSICAL, begin | UNCACHED}
    counts = {}
    with open(path, "rb") as file:
        for address, count in struct.iter_unpack("<QQ", file.read()):
            address &= 0xffffffff if end <= 0xffffffff else 0xffffffffffffffff
            for start in aliases:
                if count and start <= address < start + end - begin:
                    address += begin - start
                    counts[address] = counts.get(address, 0) + count
                    break
    return counts


def lines_of(elf, records, prefix=""):
    begin, end = text_section(elf, prefix)
    executed = read_records(records, begin, end)
    rows = output_of(prefix + "objdump", "--dwarf=decodedline", elf)
    addresses = sorted({int(row, 16) for row in ROW.findall(rows)} | executed.keys())
    addresses = [address for address in addresses if begin <= address < end]
    found = output_of(prefix + "addr2line", "-a", "-i", "-e", elf,
                      text="".join(f"{address:#x}\n" for address in addresses))
    lines, count = {}, 0
    for place in found.splitlines():
        if place.startswith("0x"):
            count = executed.get(int(place, 16), 0)
            continue
        path, _, line = place.split(" ")[0].rpartition(":")
        path = os.path.normpath(path)
        if line.isdigit() and has_code(path, int(line)):
            here = lines.setdefault(path, {})
            here[int(line)] = max(here.get(int(line), 0), count)
    return lines
