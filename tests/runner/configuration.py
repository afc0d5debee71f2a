# SPDX-License-Identifier: MIT
"""One configuration, as the build left it in the output folder's .config."""
import os
import re
import subprocess
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))


def fail(message):
    """Ends the program with one line that names the thing and the mend."""
    sys.exit(f"{os.path.basename(sys.argv[0])}: {message}")


def need(*programs):
    """Ends the program with a line for each that is not installed, which says how to get it."""
    if subprocess.run([f"{TOP}/scripts/need", *programs], check=False).returncode:
        sys.exit(1)


class Configuration(dict):
    """Option names without CONFIG_ to values: True, an int or a string. An option that is off or
    unknown is false (None)."""

    def __init__(self, folder):
        super().__init__()
        self.folder = os.path.abspath(folder)
        path = os.path.join(folder, ".config")
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            fail(f"there is no {path}; configure first, for instance: make O={folder} "
                 "pc_x86_64_defconfig")
        for name, value in re.findall(r"^CONFIG_(\w+)=(.*)$", text, re.MULTILINE):
            self[name] = self.parse(value)

    def __missing__(self, name):
        return None

    @staticmethod
    def parse(value):
        if value == "y":
            return True
        if value.startswith('"'):
            return re.sub(r"\\(.)", r"\1", value[1:-1])
        return int(value, 0)

    @property
    def kernel(self):
        path = os.path.join(self.folder, "tessera.elf")
        if not os.path.exists(path):
            fail(f"there is no {path}; build it: make O={self.folder}")
        return path

    def physical(self, symbol):
        """Where it lies in memory: both ports see that at an address whose upper bits say how."""
        with open(os.path.join(self.folder, "tessera.sym"), encoding="utf-8") as file:
            for address, _kind, name in map(str.split, file):
                if name == symbol:
                    return int(address, 16) & 0x1fffffff
        raise KeyError(symbol)
