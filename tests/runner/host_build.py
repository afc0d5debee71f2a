# SPDX-License-Identifier: MIT
"""Builds the portable rooms for the host, one program per configuration, under sanitizers.

The rooms' own Kbuild files say what belongs to a configuration. Many programs share most of their
objects: one is compiled once for all configurations that agree on the options which its source and
headers mention. The result is a build.ninja; Ninja does the rest.
"""
import os
import re
import shutil
import subprocess

from configuration import TOP, need

# What only a real machine has.
NOT_ON_HOST = {"mm/vmap.c", "mm/no_vmap.c"}

INCLUDES = ["tests/host/include", "include", "include/uapi"]
FLAGS = ("-std=gnu11 -g -O1 -ffreestanding -fno-omit-frame-pointer -fno-strict-aliasing "
         "-Wall -Wextra -Wno-unused-parameter -Wno-pass-failed -Werror "
         "-fno-sanitize-recover=all -fsanitize=")


class HostBuild:
    """Collects programs; write() makes build.ninja of them."""

    def __init__(self, folder, compiler, sanitizers, rooms, link=None):
        need(compiler, "make", "ninja")
        self.folder = os.path.abspath(folder)
        os.makedirs(folder, exist_ok=True)
        self.compiler = compiler
        self.flags = FLAGS + sanitizers
        self.link_sanitizers = link or sanitizers
        self.rooms = rooms
        self.more_flags = ""  # for the rooms' objects and for linking
        self.objects = {}  # name: (source, configuration folder or None)
        self.programs = {}  # name: objects
        self.mentions = {}

    def add(self, program, kconfig, extra_sources):
        """A program of the rooms as configured in `kconfig` and of the extra sources."""
        config = os.path.join("config", program)
        folder = os.path.join(self.folder, config)
        os.makedirs(folder, exist_ok=True)
        header = os.path.join(folder, "autoconf.h")
        kconfig.write_autoconf(header)
        kconfig.write_config(os.path.join(folder, "auto.conf"), save_old=False)
        listing = subprocess.run(
            ["make", "-s", "--no-print-directory", "-f", "tests/host/sources.mk",
             f"CONFIG={folder}/auto.conf", f"ROOMS={self.rooms}"],
            cwd=TOP, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        options = {name: value for name, value in re.findall(
            r"#define (CONFIG_\w+) (.*)", open(header, encoding="utf-8").read())}
        sources = [source for source in listing if source not in NOT_ON_HOST] + extra_sources
        self.programs[program] = [self.object(source, config, options) for source in sources]
        self.programs[program].append(self.libc_object())

    def object(self, source, config, options):
        """The object of a source under these options: an old one where it comes out the same."""
        values = tuple((name, options.get(name)) for name in sorted(self.options_of(source)))
        stem = source.replace("/", "_")[:-len(".c")]
        for number in range(len(self.objects) + 1):
            name = f"{stem}.{number}.o"
            if name not in self.objects:
                self.objects[name] = (source, config, values)
            if self.objects[name][2] == values:
                return name
        raise AssertionError("more objects than objects")

    def libc_object(self):
        self.objects["libc.o"] = ("tests/host/libc.c", None, ())
        return "libc.o"

    def options_of(self, path):
        """The options that a file and the headers it includes mention."""
        if path not in self.mentions:
            self.mentions[path] = set()  # ends cycles
            with open(os.path.join(TOP, path), encoding="utf-8") as file:
                text = file.read()
            found = set(re.findall(r"\bCONFIG_\w+", text))
            for kind, name in re.findall(r'^\s*#\s*include\s*([<"])(.*?)[>"]', text, re.MULTILINE):
                places = INCLUDES if kind == "<" else [os.path.dirname(path)]
                for place in places:
                    header = os.path.normpath(os.path.join(place, name))
                    if os.path.exists(os.path.join(TOP, header)):
                        found |= self.options_of(header)
                        break
            self.mentions[path] = found
        return self.mentions[path]

    def write(self):
        includes = " ".join(f"-I{TOP}/{folder}" for folder in INCLUDES)
        ccache = "ccache " if shutil.which("ccache") else ""
        lines = [
            "# Made by tests/runner/host_build.py.",
            f"flags = {self.flags}",
            "rule kernel",
            f"  command = {ccache}{self.compiler} $flags {self.more_flags} {includes} -include $config/autoconf.h "
            f"-include tessera/kconfig.h -include {TOP}/tests/host/libc_names.h "
            "-MMD -MF $out.d -c $in -o $out",
            "  depfile = $out.d",
            "  deps = gcc",
            "  description = HOSTCC  $out",
            "rule libc",
            f"  command = {ccache}{self.compiler} -g -O1 -Wall -Wextra -c $in -o $out",
            "  description = HOSTCC  $out",
            "rule link",
            f"  command = {self.compiler} -fsanitize={self.link_sanitizers} {self.more_flags} "
            "$in -o $out",
            "  description = HOSTLD  $out",
        ]
        for name, (source, config, _values) in self.objects.items():
            lines.append(f"build {name}: {'kernel' if config else 'libc'} {TOP}/{source}")
            if config:
                lines.append(f"  config = {config}")
        for name, objects in self.programs.items():
            lines.append(f"build {name}: link {' '.join(objects)}")
        with open(os.path.join(self.folder, "build.ninja"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def build(self, quiet=True):
        self.write()
        return subprocess.run(["ninja", "-C", self.folder] + (["--quiet"] if quiet else []),
                              check=False).returncode
