# SPDX-License-Identifier: MIT
"""A kernel to test or to measure: a board, fragments and options, and the commands that make it."""
import os


class Kernel:
    """`folder`/`name` becomes the output folder; `make` holds more arguments for make. With a seed,
    what the board's defconfig and the fragments leave open is random."""

    def __init__(self, folder, name, board, fragments=(), options=(), make=(), seed=None):
        self.name = name
        self.output = os.path.join(folder, name)
        begin = ["make", "-s", f"O={self.output}", *make]
        if seed is not None:
            configure = [*begin, f"SEED={seed}", "FRAGMENTS=" + " ".join(
                [f"configs/{board}_defconfig", *fragments]), "randconfig"]
        elif fragments:
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
