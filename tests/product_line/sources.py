# SPDX-License-Identifier: MIT
"""Which options the kernel's source files mention, themselves or in a header: no other can change what is
compiled from them. (Nothing makes the name of an option out of parts; scripts/fixdep relies on it, too.)"""
import os
import re
from collections import Counter

from configuration import TOP

ROOMS = ("arch", "drivers", "fs", "ipc", "kernel", "lib", "mm", "sched", "tests")
ELSEWHERE = re.compile("/tests/(config|foreign|fuzz|host|runner|user)/")  # not for the kernel
INCLUDE = re.compile(r'^\s*#\s*include ["<]((?:\.\./)*)([\w./]+)[">]', re.MULTILINE)
OPTION = re.compile(r"\bCONFIG_(\w+)")
UNHURRIED = re.compile(r"^unhurried-\S+ \+= (.*)", re.MULTILINE)
FLAG = re.compile(r"flags-\$\(CONFIG_(\w+)\)")


def walk(room):
    for folder, _, names in os.walk(os.path.join(TOP, room)):
        if not ELSEWHERE.search(folder + "/"):
            yield from (os.path.join(folder, name) for name in names)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Sources:
    """files: every source file. of(path): the options it mentions. units: of each source that is made of those of
    a folder that are unhurried (scripts/build.mk), these."""

    def __init__(self):
        paths = [path for room in (*ROOMS, "include") for path in walk(room)]
        self.files = [path for path in paths if path.endswith((".c", ".S"))]
        self.units = {}
        for path in paths:
            if path.endswith("/Kbuild") and (names := " ".join(UNHURRIED.findall(read(path))).split()):
                folder = os.path.dirname(path)
                self.units[f"{folder}/unhurried.c"] = [f"{folder}/{name.removesuffix('.o')}.c" for name in names]
        self.headers = {}
        for path in paths:
            if path.endswith(".h"):
                self.headers.setdefault(os.path.basename(path), []).append(path)
        self.own, self.included = {}, {}

    def look_at(self, path):
        """What the file itself mentions and includes: every header that may be meant, of any architecture."""
        if path not in self.own:
            text = read(path)
            self.own[path] = set(OPTION.findall(text))
            self.included[path] = {header for _, name in INCLUDE.findall(text)
                                   for header in self.headers.get(os.path.basename(name), ())
                                   if header.endswith("/" + name)}

    def of(self, path):
        found, seen, ahead = set(), {path}, [path]
        while ahead:
            one = ahead.pop()
            self.look_at(one)
            found |= self.own[one]
            ahead += self.included[one] - seen
            seen |= self.included[one]
        return found


def costs(sources):
    """Of each option that a source file or the flags of the compiler depend on: the part of the files that do."""
    count = Counter(option for path in sources.files for option in sources.of(path))
    everywhere = FLAG.findall(read(os.path.join(TOP, "scripts/build.mk")))
    count.update(dict.fromkeys(everywhere, len(sources.files)))
    return {option: count[option] / len(sources.files) for option in count}
