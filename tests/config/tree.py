# SPDX-License-Identifier: MIT
"""A tree to configure and build in: a copy of the toy kernel, or the real one."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))


def clean_environment():
    """Without what the make that runs the tests may have put there."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "CC", "O", "V",
                            "CROSS_COMPILE", "CCACHE", "WERROR", "APP", "srctree", "KCONFIG_CONFIG")}


class Done:
    """What a command printed, and whether it succeeded."""

    def __init__(self, process):
        self.status = process.returncode
        self.output = process.stdout
        self.lines = process.stdout.splitlines()

    def actions(self, verb):
        """What the build did of one kind: actions("CC") is the set of objects compiled."""
        return {match[1] for match in re.finditer(rf"^{verb} +(\S+)$", self.output, re.MULTILINE)}


class TreeTest(unittest.TestCase):
    """A test with a tree, an output folder beside it and commands in it."""
    maxDiff = None
    top = TOP

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.mkdtemp(prefix="tessera-config-")
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)

    def setUp(self):
        self.output = tempfile.mkdtemp(prefix="out.", dir=self.scratch)

    def path(self, name):
        return os.path.join(self.output, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        """A file beside the output folder's; gives its path."""
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run_command(self, *command, **environment):
        return Done(subprocess.run(command, cwd=self.top, text=True, check=False,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT,
                                   env={**clean_environment(), **environment}))

    def try_make(self, *arguments, output=None, **environment):
        return self.run_command("make", f"O={output or self.output}", *arguments, **environment)

    def make(self, *arguments, **more):
        """A make that must succeed."""
        done = self.try_make(*arguments, **more)
        self.assertEqual(done.status, 0, f"make {' '.join(arguments)}:\n{done.output}")
        return done

    def refuse(self, *arguments, **more):
        """A make that must fail; gives its lines without make's own last one."""
        done = self.try_make(*arguments, **more)
        self.assertNotEqual(done.status, 0, f"make {' '.join(arguments)}:\n{done.output}")
        return [line for line in done.lines if not line.startswith("make: ***")]

    def value(self, name):
        """An option's value in .config, None where it is off or not there."""
        match = re.search(rf"^CONFIG_{name}=(.*)$", self.read(".config"), re.MULTILINE)
        return match and match[1]


class ToyTest(TreeTest):
    """In a fresh copy of the toy kernel per class."""

    @classmethod
    def copy(cls, name):
        top = os.path.join(cls.scratch, name)
        toy = os.path.join(TOP, "tests/config/toy")
        shutil.copytree(toy, top)
        shutil.copytree(f"{TOP}/include/tessera", f"{top}/include/tessera")
        shutil.copytree(f"{TOP}/scripts", f"{top}/scripts")
        shutil.copy(f"{TOP}/Makefile", top)
        for file in ("symbols.c", "config_data.S"):
            shutil.copy(f"{TOP}/kernel/{file}", f"{top}/kernel")
        shutil.copytree(f"{TOP}/kernel/application", f"{top}/kernel/application")
        return top

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls.copy("toy")

    def source(self, name):
        return os.path.join(self.top, name)

    def edit(self, name, text, mode="w"):
        """Changes a file of the tree for this test."""
        path = self.source(name)
        before = None
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                before = file.read()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, encoding="utf-8") as file:
            file.write(text)

        def restore():
            if before is None:
                os.unlink(path)
                return
            with open(path, "w", encoding="utf-8") as file:
                file.write(before)
        self.addCleanup(restore)
