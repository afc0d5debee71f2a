# SPDX-License-Identifier: MIT
"""One configuration, as the build left it in the output folder's .config."""
import os
import re
import sys


def fail(message):
    """Ends the program with one line that names the thing and the mend."""
    sys.exit(f"{os.path.basename(sys.argv[0])}: {message}")


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
