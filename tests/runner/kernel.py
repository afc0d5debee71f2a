# SPDX-License-Identifier: MIT
"""A kernel to test or to measure: a board, fragments and options, and the commands that make it."""
import os


class Kernel:
    """`folder`/`name` becomes the output folder; `make` holds more arguments for make."""

    def __init__(self, folder, name, board, fragments=(), options=(), make=()):
        self.name = name
        self.output = os.path.join(folder, name)
        begin = ["make", "-s", f"O={self.output}", *make]
        if fragments:
            configure = [*begin, f"DEFCONFIG=configs/{board}_defconfig",
                         "FRAGMENTS=" + " ".join(fragments), "defconfig"]
        else:
            configure = [*begin, f"{board}_defconfig"]
        self.commands = [configure]
        if options:
            self.commands.append([*begin, "set", *options])
        self.commands.append([*begin, "-j1"])

    def boot(self, *arguments):
        self.commands.append(["scripts/run", "-o", self.output, *arguments])
        return self

    def run(self, *command):
        self.commands.append(list(command))
        return self
