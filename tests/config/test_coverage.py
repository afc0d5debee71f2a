# SPDX-License-Identifier: MIT
"""Coverage: lines from a real compiler's tables, and the list of reasons."""
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.path[:0] = [os.path.join(TOP, "tests", folder) for folder in ("product_line", "runner")]

import executed  # noqa: E402
import uncovered  # noqa: E402

HEADER = """\
static inline int twice(int x)
{
	return x * shift;
}
"""
SOURCE = """\
int volatile shift;
#include <tessera/twice.h>

int runs(int x)
{
	if (x)
		return twice(x);
	shift = 5;
	return 1;
}

int never(int x)
{
	shift = x;
	return twice(x) + 3;
}
"""


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


class Coverage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = folder.name
        for module in (executed, uncovered):
            patch = mock.patch.object(module, "TOP", self.top)
            patch.start()
            self.addCleanup(patch.stop)
        self.write("include/tessera/twice.h", HEADER)
        self.write("lib/toy.c", SOURCE)

    def write(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def lines(self, alias=0):
        """As if the function `runs` had been executed seven times, at other addresses if asked for."""
        elf = os.path.join(self.top, "toy.elf")
        subprocess.run(["gcc", "-O2", "-g", f"-ffile-prefix-map={self.top}=.", "-nostdlib", "-static", "-ffreestanding",
                        "-fno-asynchronous-unwind-tables", "-Wl,-Ttext=0x60100000,-e,runs,--build-id=none",
                        f"-I{self.top}/include", "-o", elf, f"{self.top}/lib/toy.c"], check=True, cwd=self.top)
        for line in subprocess.run(["nm", "-S", elf], check=True, text=True, capture_output=True).stdout.splitlines():
            words = line.split()
            if words[-1] == "runs":
                begin, size = int(words[0], 16), int(words[1], 16)
        records = os.path.join(self.top, "executed")
        with open(records, "wb") as file:
            for address in range(begin, begin + size):
                file.write(struct.pack("<QQ", address - alias, 7))
            file.write(struct.pack("<QQ", 0, 0) + struct.pack("<QQ", 0x400000, 9))
        return executed.lines_of(elf, records)

    def test_inlined_code_counts_where_it_is_called_and_where_it_stands(self):
        found = self.lines()
        self.assertEqual(found["lib/toy.c"][line_of(SOURCE, "return twice(x);")], 7)
        self.assertEqual(found["lib/toy.c"][line_of(SOURCE, "shift = 5")], 7)
        self.assertEqual(found["lib/toy.c"][line_of(SOURCE, "shift = x")], 0)
        self.assertEqual(found["lib/toy.c"][line_of(SOURCE, "+ 3")], 0)
        self.assertEqual(found["include/tessera/twice.h"][line_of(HEADER, "return")], 7)

    def test_layout_is_no_code(self):
        for path, text in (("lib/toy.c", SOURCE), ("include/tessera/twice.h", HEADER)):
            for number in self.lines()[path]:
                self.assertTrue(text.splitlines()[number - 1].startswith("\t"))

    def test_physical_addresses_are_the_same_code(self):
        self.assertEqual(self.lines(), self.lines(alias=0x60000000))

    def test_blocks_and_reasons(self):
        lines = self.lines()
        lines["lib/toy.c"][line_of(SOURCE, "shift = 5")] = 0
        listed = self.write("list", "# why\nlib/toy.c\n\tnever: nobody wants it\n\truns, \"shift = 5;\": cannot be\n")
        reasons, left, stale = uncovered.explain(lines, uncovered.read_list(listed))
        self.assertEqual((left, stale), ([], []))
        self.assertEqual(reasons["lib/toy.c"][line_of(SOURCE, "shift = x")], "nobody wants it")
        self.assertEqual(reasons["lib/toy.c"][line_of(SOURCE, "shift = 5")], "cannot be")

    def test_what_is_not_listed_is_told(self):
        _, left, stale = uncovered.explain(self.lines(), [])
        self.assertEqual([(block.function, block.whole) for block in left], [("never", True)])
        self.assertEqual(stale, [])
        self.assertIn("\tnever: ", uncovered.as_entries(left))

    def test_the_list_cannot_rot(self):
        for entry in ("\truns: it is run", "\tgone: there is no such function", '\tnever, "x();": no such line',
                      '\truns, "shift = 5;": it is run'):
            listed = self.write("list", f"lib/toy.c\n{entry}\n")
            _, left, stale = uncovered.explain(self.lines(), uncovered.read_list(listed))
            self.assertEqual((len(stale), len(left)), (1, 1), entry)

    def test_a_wrong_list_has_a_place(self):
        for text in ("\tnever: before a file\n", "lib/toy.c\n\tnever\n", "lib/toy.c\n\tnever:\n"):
            listed = self.write("list", text)
            with self.assertRaisesRegex(ValueError, r"list:\d: this is no entry"):
                uncovered.read_list(listed)


if __name__ == "__main__":
    unittest.main()


class Parts(unittest.TestCase):
    """What is measured."""

    def test_every_kernel_of_make_check_that_is_taken_has_its_place(self):
        done = subprocess.run([f"{TOP}/scripts/coverage", "--no-gate", "--list"], check=True, text=True,
                              stdout=subprocess.PIPE, cwd=TOP)
        listed = done.stdout.splitlines()
        for name in ("host", "malta/machine", "pc_i386-pae/archive", "pc_x86_64/disc", "malta/tiny"):
            self.assertIn(name, listed)
