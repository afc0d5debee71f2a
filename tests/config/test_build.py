# SPDX-License-Identifier: MIT
"""Building: what is built, what is built again, and that it is the same everywhere."""
import os
import re
import shutil
import subprocess
import time

from tree import ToyTest, clean_environment

LINKED = {"kernel.first.elf", "tessera.elf"}


class Rebuild(ToyTest):
    """What one change builds again."""

    def setUp(self):
        self.output = os.path.join(self.scratch, "built")
        self.make("pc_x86_64_defconfig", "all", "CC=gcc", "WERROR=")

    def after(self, *change):
        """The objects that are compiled after a change of options."""
        if change:
            self.make("set", *change)
        done = self.make("all")
        self.compiled = done.actions("CC") | done.actions("AS")
        self.linked = done.actions("LD")
        return self.compiled - {"kernel/config_data.o", "kernel_symbols.o"}

    def test_nothing(self):
        done = self.make("all")
        self.assertEqual(done.lines, ["ninja: no work to do."])

    def test_nothing_starts_nothing_but_ninja(self):
        """Not even what checks the configuration: with no other program at hand it still works."""
        folder = self.path("bin")
        os.mkdir(folder)
        self.addCleanup(shutil.rmtree, folder)
        for name in ("sh", "make", "ninja"):
            os.symlink(shutil.which(name), f"{folder}/{name}")
        self.assertEqual(self.make(PATH=folder).lines, ["ninja: no work to do."])

    def test_a_number_in_one_source(self):
        self.assertEqual(self.after("HISTORY=1"), {"kernel/monitor.o"})
        self.assertEqual(self.linked, LINKED)

    def test_a_number_among_comments(self):
        self.edit("kernel/main.c", "/* one *//* two */ extern const int more; const int more = CONFIG_HISTORY;\n"
                  "// CONFIG_BASE\n/* CONFIG_BASE */\n", "a")
        self.after()
        self.assertEqual(self.after("HISTORY=1"), {"kernel/monitor.o", "kernel/main.o"})
        self.assertEqual(self.after("BASE=0x3000"), set())

    def test_a_number_in_a_header(self):
        self.assertEqual(self.after("HZ=50"), {"kernel/main.o", "kernel/monitor.o",
                                               "mm/page_alloc/buddy.o"})

    def test_a_number_in_the_linker_script(self):
        self.assertEqual(self.after("BASE=0x3000"), set())
        self.assertEqual(self.linked, LINKED)

    def test_an_option_that_nobody_reads(self):
        self.assertEqual(self.after("COLOURS=y"), set())
        self.assertEqual(self.compiled, {"kernel/config_data.o", "kernel_symbols.o"})

    def test_an_option_that_was_off(self):
        self.make("set", "KERNEL_SYMBOLS=n")
        self.make("all")
        self.assertEqual(self.after("KERNEL_SYMBOLS=y"), {"kernel/main.o", "kernel/symbols.o"})
        self.assertEqual(self.after("KERNEL_SYMBOLS=n"), {"kernel/main.o"})

    def test_another_variant(self):
        self.assertEqual(self.after("PAGE_ALLOC_FIRST_FIT=y"), {"mm/page_alloc/first_fit.o"})
        self.assertEqual(self.after("PAGE_ALLOC_FREE_LIST=y"), {"mm/page_alloc/free_list.o"})
        self.assertEqual(self.after("PAGE_ALLOC_FIRST_FIT=y"), set(), "it is still there")
        self.assertEqual(self.linked, LINKED)

    def test_flags_for_all(self):
        self.assertEqual(self.after("OPTIMIZE_SIZE=y"),
                         {"kernel/main.o", "kernel/monitor.o", "kernel/symbols.o",
                          "mm/page_alloc/buddy.o"})

    def test_flags_for_one_object(self):
        with open(self.source("kernel/Kbuild"), encoding="utf-8") as file:
            text = file.read()
        self.edit("kernel/Kbuild", text.replace("MONITOR_FLAG=1", "MONITOR_FLAG=2"))
        self.assertEqual(self.after(), {"kernel/monitor.o"})

    def test_a_header(self):
        self.edit("kernel/toy.h", "\n#define MORE\n", "a")
        self.assertEqual(self.after(), {"kernel/main.o", "kernel/monitor.o",
                                        "mm/page_alloc/buddy.o"})

    def test_after_a_build_that_failed(self):
        """What it had compiled depends on too much until a build is whole, and never on too little."""
        with open(self.source("kernel/monitor.c"), encoding="utf-8") as file:
            text = file.read()
        self.edit("kernel/toy.h", "\n#define MORE\n", "a")
        self.edit("kernel/monitor.c", text + "\n#error not yet\n")
        self.assertNotEqual(self.try_make("-k", "all").status, 0)
        self.edit("kernel/monitor.c", text)
        self.assertLessEqual({"kernel/monitor.o"}, self.after("HISTORY=1"))
        self.assertEqual(self.after("HISTORY=2"), {"kernel/monitor.o"})

    def test_an_offset_for_assembly(self):
        self.edit("arch/toy/asm-offsets.c", "\n/* no change */\n", "a")
        self.assertEqual(self.after(), set())
        with open(self.source("arch/toy/asm-offsets.c"), encoding="utf-8") as file:
            text = file.read()
        self.edit("arch/toy/asm-offsets.c", text.replace("long first;", "long first, more;"))
        self.assertEqual(self.after(), {"arch/toy/entry.o"})
        self.assertEqual(self.read("include/generated/asm-offsets.h"),
                         "#define PAIR_SIZE 24\n#define MINUS_ONE -1\n#define PAIR_SECOND 16\n")

    def test_the_configuration_file_itself(self):
        self.write(".config", self.read(".config").replace("CONFIG_HZ=100", "CONFIG_HZ=50"))
        self.assertIn("kernel/main.o", self.after())

    def test_a_new_option_in_kconfig(self):
        with open(self.source("mm/Kconfig"), encoding="utf-8") as file:
            text = file.read()
        self.edit("mm/Kconfig", text + '\nconfig EXTRA\n\tbool "Extra"\n\tdefault y\n')
        self.assertEqual(self.after(), set())
        self.assertEqual(self.value("EXTRA"), "y")

    def test_another_compiler_is_remembered(self):
        everything = {"arch/toy/entry.o", "kernel/main.o", "kernel/monitor.o", "kernel/symbols.o",
                      "mm/page_alloc/buddy.o"}
        done = self.make("CC=clang")
        self.assertEqual(done.actions("CC") | done.actions("AS"),
                         everything | {"kernel/config_data.o", "kernel_symbols.o"})
        self.assertEqual(self.make().lines, ["ninja: no work to do."])
        self.assertIn(b"clang", self.comment())
        self.assertEqual(self.after(), set())
        self.make(CC="gcc")
        self.assertNotIn(b"clang", self.comment())
        self.assertEqual(self.refuse("CC=no-such-cc")[-1],
                         "scripts/build.mk:0: *** no-such-cc is not installed.  Stop."
                         .replace("0", re.search(r"mk:(\d+)", self.refuse("CC=no-such-cc")[-1])[1]))
        self.assertEqual(self.make().status, 0, "a compiler that is not there is forgotten")

    def comment(self):
        """What the compiler wrote about itself into an object."""
        return subprocess.run(["readelf", "-p", ".comment", self.path("kernel/main.o")],
                              stdout=subprocess.PIPE, check=True).stdout

    def test_warnings_fail_on_request(self):
        self.edit("kernel/main.c", "static int unused;\n", "a")
        self.assertIn("defined but not used", self.make().output)
        self.refuse("WERROR=1")
        self.make("WERROR=")


class Kbuild(ToyTest):
    """What a Kbuild file may say, and what becomes of its mistakes."""

    def setUp(self):
        self.output = os.path.join(self.scratch, "built")
        self.make("pc_x86_64_defconfig", "all")

    def mistake(self, name, text, line):
        self.edit(name, text, "a")
        done = self.try_make()
        self.assertNotEqual(done.status, 0)
        self.assertIn(line, done.output)
        self.doCleanups()
        self.assertEqual(self.make().status, 0, "all is well again without the mistake")

    def test_folder_without_kbuild_file(self):
        self.mistake("mm/Kbuild", "obj-y += nothing/\n",
                     "mm/Kbuild names mm/nothing/, which has no Kbuild file")

    def test_object_without_source(self):
        self.mistake("mm/page_alloc/Kbuild", "obj-y += x.o\n",
                     "mm/page_alloc/Kbuild names x.o, but there is no mm/page_alloc/x.c and no "
                     "mm/page_alloc/x.S")

    def test_a_folder_comes_and_goes(self):
        self.edit("mm/more/Kbuild", "obj-y += more.o\n")
        self.edit("mm/more/more.c", "extern int more;\nint more = 1;\n")
        self.edit("mm/Kbuild", "obj-y += more/\n", "a")
        self.assertEqual(self.make().actions("CC"), {"mm/more/more.o"})
        self.doCleanups()
        self.assertEqual(self.make().actions("LD"), LINKED)

    def test_the_unhurried_of_a_folder_are_one_object(self):
        self.edit("mm/page_alloc/idle.c", "#define LOG_TAG \"idle\"\nextern const char *idle;\n"
                  "const char *idle = LOG_TAG;\n")
        self.edit("mm/page_alloc/slow.c", "#define LOG_TAG \"slow\"\nextern const char *slow[];\n"
                  "const char *slow[] = { LOG_TAG, __FILE__ };\n")
        self.edit("mm/page_alloc/Kbuild", "unhurried-y += idle.o\nunhurried-$(CONFIG_MONITOR) += slow.o\n", "a")
        self.assertEqual(self.make().actions("CC"), {"mm/page_alloc/unhurried.o"})
        strings = self.run_command("strings", self.path("mm/page_alloc/unhurried.o")).lines
        self.assertLessEqual({"idle", "slow", "mm/page_alloc/slow.c"}, set(strings))
        self.edit("mm/page_alloc/slow.c", "\n", "a")
        self.assertEqual(self.make().actions("CC"), {"mm/page_alloc/unhurried.o"})
        self.assertEqual(self.make("set", "MONITOR=n", "all").actions("GEN") - {"build.ninja"},
                         {"mm/page_alloc/unhurried.c"})
        self.make("set", "MONITOR=y")
        self.make("all", "compile_commands.json")
        self.assertIn(f'"file": "{self.top}/mm/page_alloc/slow.c"', self.read("compile_commands.json"))
        self.run_command("ninja", "-C", self.output, "mm/page_alloc/slow.o")
        self.assertTrue(os.path.exists(self.path("mm/page_alloc/slow.o")))
        self.mistake("mm/page_alloc/Kbuild", "CFLAGS_slow.o := -O2\n", "sets CFLAGS_slow.o")

    def test_unhurried_object_without_source(self):
        self.mistake("mm/page_alloc/Kbuild", "unhurried-y += x.o\n",
                     "mm/page_alloc/Kbuild names x.o, but there is no mm/page_alloc/x.c")

    def test_a_kconfig_file_goes(self):
        self.edit("mm/Kconfig.more", 'config MORE\n\tbool "More"\n')
        self.edit("mm/Kconfig", 'source "mm/Kconfig.more"\n', "a")
        self.make()
        self.doCleanups()
        self.assertEqual(self.make().actions("CONFIG"), {".config"})

    def test_stale_configuration_is_explained(self):
        before = self.read(".config")
        text = before.replace("CONFIG_HZ=100", "CONFIG_HZ=7") + "CONFIG_GONE=3\n"
        self.write(".config", text)
        done = self.try_make()
        self.assertNotEqual(done.status, 0)
        self.assertRegex(done.output, r"\.config:\d+: HZ: asked 7, came out 100: it must be from")
        self.assertRegex(done.output, r"\.config:\d+: GONE: there is no such option")
        self.assertIn("`make olddefconfig` takes the configuration without these", done.output)
        self.assertEqual(self.read(".config"), text)

    def test_interruption_leaves_the_old_configuration(self):
        """A kconfig that is interrupted half way through its answer."""
        folder = self.path("bin")
        os.mkdir(folder)
        with open(f"{folder}/kconfig-conf", "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\necho CONFIG_HZ=1 >"${KCONFIG_CONFIG-.config}"\n'
                       "kill -INT $PPID\nsleep 0.2\n")
        os.chmod(f"{folder}/kconfig-conf", 0o755)
        path = f"{folder}:{os.environ['PATH']}"
        os.utime(self.path(".config"))
        before = self.read(".config"), sorted(os.listdir(self.output))
        for words in (["set", "HZ=20"], ["defconfig"], ["randconfig"], ["olddefconfig"], ["all"]):
            with self.subTest(words):
                self.assertNotEqual(self.try_make(*words, PATH=path).status, 0)
                self.assertEqual((self.read(".config"), sorted(os.listdir(self.output))), before)
        self.make("all")

    def test_kconfig_mistakes_are_errors(self):
        self.edit("mm/Kconfig", 'config LOST\n\tbool "Lost"\n\tselect NOWHERE\n', "a")
        self.assertRegex("\n".join(self.refuse("defconfig")), "Kconfig: .*undefined symbol NOWHERE")
        self.doCleanups()
        self.edit("mm/Kconfig", 'config FORCE\n\tbool "Force"\n\tselect RAINBOW\n', "a")
        self.make("defconfig")
        line = "kconfig: warning: (FORCE) selects RAINBOW which has unmet direct dependencies"
        self.assertIn(line, "\n".join(self.refuse("set", "FORCE=y")))
        self.write(".config", self.read(".config").replace("# CONFIG_FORCE is not set",
                                                           "CONFIG_FORCE=y"))
        self.assertIn(line, "\n".join(self.refuse("all")))

    def test_a_failed_compilation_leaves_no_object(self):
        os.unlink(self.path("kernel/main.o"))
        self.edit("kernel/main.c", "#error no\n", "a")
        done = self.try_make()
        self.assertIn("#error no", done.output)
        self.assertFalse(os.path.exists(self.path("kernel/main.o")))

    def test_function_moved_between_the_links_is_noticed(self):
        """A linker script that puts the table before the code must not give a wrong table."""
        with open(self.source("arch/toy/kernel.lds.S"), encoding="utf-8") as file:
            text = file.read()
        self.edit("arch/toy/kernel.lds.S", text.replace(
            "__text_start = .;", "__text_start = .;\n*(.rodata.kernel_symbols)"))
        done = self.try_make()
        self.assertNotEqual(done.status, 0)
        self.assertIn("arch/toy/kernel.lds.S: the symbol table moved a function", done.output)
        self.assertFalse(os.path.exists(self.path("tessera.elf")))


class Outputs(ToyTest):
    def test_symbols(self):
        self.make("all")
        names = dict(reversed(line.split()[::2]) for line in self.read("tessera.sym").splitlines())
        self.assertEqual(sorted(names.values()), list(names.values()), "sorted by address")
        start = int(names["__text_start"], 16)
        table = self.read("kernel_symbols.S")
        listed = re.findall(r'\.asciz "(\w+)"', table)
        offsets = [int(address, 16) - int(first, 16) for address, first in
                   re.findall(r"\.long (\w+) - (\w+)", table.split("kernel_symbol_offsets:")[1]
                              .split("kernel_symbol_name_offsets:")[0])]
        self.assertEqual(listed, sorted(listed, key=lambda name: names[name]))
        self.assertEqual(offsets, [int(names[name], 16) - start for name in listed])
        self.assertEqual(set(listed),
                         {"_start", "main", "monitor", "page_alloc", "symbol_lookup"})
        self.assertIn("kernel/main.o", self.read("tessera.map"))

    def test_extract_config_gives_the_file_back(self):
        self.make("small_defconfig", "all")
        subprocess.run(["strip", "-o", self.path("stripped"), self.path("tessera.elf")], check=True)
        for name in ("tessera.elf", "stripped"):
            done = self.run_command("scripts/extract-config", self.path(name))
            self.assertEqual((done.status, done.output), (0, self.read(".config")))
        self.make("set", "KCONFIG_IN_IMAGE=n")
        self.make("all")
        done = self.run_command("scripts/extract-config", self.path("tessera.elf"))
        self.assertEqual((done.status, done.output.split(": ", 1)[1]), (
            1, f"{self.path('tessera.elf')} holds no configuration: it was built without "
            "KCONFIG_IN_IMAGE\n"))

    def size_table(self, lines, title):
        """The rows below the line that begins with `title`, up to an empty one."""
        rows = {}
        start = next(i for i, line in enumerate(lines) if line.startswith(title))
        for line in lines[start + 1:]:
            if not line:
                break
            *name, a, b, c, d, e = line.split()
            rows[" ".join(name)] = [int(n) for n in (a, b, c, d, e)]
        return rows

    def test_size_adds_up(self):
        done = self.make("size", "V=1")
        rows = self.size_table(done.lines, "room ")
        total = rows.pop("total")
        self.assertEqual([sum(column) for column in zip(*rows.values())], total)
        self.assertEqual(total[4], sum(total[:4]))
        self.assertTrue({"kernel", "mm", "arch/toy"} <= set(rows))
        files = self.size_table(done.lines, "file ")
        self.assertEqual([a + b for a, b in zip(map(sum, zip(*files.values())), rows["padding"])],
                         total)
        self.assertRegex(done.output, r"(?m)^ +\d+  symbol_lookup$")

    def test_size_against_a_baseline(self):
        self.make("size")
        saved = self.write("saved.json", self.read("size.json"))
        self.assertRegex(self.make("size", f"BASELINE={saved}").lines[-1],
                         r"^no difference: \d+ bytes$")
        self.make("set", "KCONFIG_IN_IMAGE=n")
        lines = self.make("size", f"BASELINE={saved}").lines
        total = next(line.split() for line in lines if line.startswith("total"))
        before, now, difference = map(int, total[1:])
        self.assertEqual(now - before, difference)
        self.assertLess(difference, 0)
        self.assertTrue(any(re.match(r"kernel/config_data.o +\d+ +0 +-\d+$", line)
                            for line in lines))
        self.write("foreign.json", "{}")
        self.assertEqual(self.refuse("size", f"BASELINE={self.path('foreign.json')}")[-1:], [
            f"size: {self.path('foreign.json')} is no size.json of this tree's `make size`"])
        self.assertEqual(self.refuse("size", f"BASELINE={self.path('none.json')}")[-1:], [
            f"size: {self.path('none.json')} cannot be read: No such file or directory; BASELINE is "
            "an output folder or a size.json"])

    def test_iso_wants_a_multiboot2_kernel(self):
        self.assertRegex(self.refuse("iso")[-1],
                         r"tessera.elf is not a multiboot2 kernel, so GRUB cannot start it")
        self.assertEqual([name for name in os.listdir(self.output) if "iso" in name], [])


class Reproducible(ToyTest):
    OPTIONS = ("CONFIG_DEBUG_INFO=y\nCONFIG_TRACE=y\n", "CONFIG_OPTIMIZE_SIZE=y\n")

    def test_two_trees_two_folders_with_and_without_ccache(self):
        other = os.path.join(self.scratch, "elsewhere/deeper")
        shutil.copytree(self.top, other)
        for text in self.OPTIONS:
            path = self.write("f.config", text)
            images = []
            for top, output, words in ((self.top, self.path("a"), []),
                                       (other, self.path("b/c"), ["CCACHE="]),
                                       (other, os.path.join(other, "build/default"), [])):
                subprocess.run(["make", f"O={output}", *words, f"FRAGMENTS={path}", "defconfig",
                                "all"], cwd=top, check=True, stdout=subprocess.PIPE,
                               env={**clean_environment(), "CCACHE_DIR": self.path("ccache")})
                with open(f"{output}/tessera.elf", "rb") as file:
                    images.append(file.read())
            self.assertEqual(images[0], images[1])
            self.assertEqual(images[0], images[2])
            self.assertNotIn(self.scratch.encode(), images[0])

    def test_two_at_once_do_not_disturb_each_other(self):
        folders = [self.path("one"), self.path("two")]
        boards = ("pc_x86_64", "small")
        running = [subprocess.Popen(["make", f"O={folder}", f"{board}_defconfig", "all"],
                                    cwd=self.top, stdout=subprocess.DEVNULL,
                                    env=clean_environment())
                   for folder, board in zip(folders, boards)]
        self.assertEqual([process.wait() for process in running], [0, 0])
        for folder, board in zip(folders, boards):
            self.assertEqual(self.make(output=folder).lines, ["ninja: no work to do."])
            self.assertEqual(self.make("diffconfig", folder, board).lines, [])

    def test_a_tree_that_moved(self):
        here, there = self.path("here"), self.path("there")
        shutil.copytree(self.top, here)
        self.make("-C", here, "defconfig", "all", output=self.path("out"))
        os.rename(here, there)
        self.make("-C", there, output=self.path("out"))
        self.assertEqual(self.make("-C", there, output=self.path("out")).lines[1:-1],
                         ["ninja: no work to do."])

    @staticmethod
    def cached(folder):
        text = subprocess.run(["ccache", "--print-stats"], stdout=subprocess.PIPE, text=True,
                              check=True, env={**os.environ, "CCACHE_DIR": folder}).stdout
        stats = dict(line.split("\t") for line in text.splitlines())
        return int(stats["direct_cache_hit"]) + int(stats["preprocessed_cache_hit"])

    def test_output_folders_share_ccache(self):
        if not shutil.which("ccache"):
            self.skipTest("needs ccache")
        cache = self.path("ccache")
        self.make("defconfig", "all", output=self.path("a"), CCACHE_DIR=cache)
        self.assertEqual(self.cached(cache), 0)
        time.sleep(0.1)
        done = self.make("defconfig", "all", output=self.path("x/y/z"), CCACHE_DIR=cache)
        compiled = done.actions("CC") | done.actions("AS")
        # Tables and what includes a file by .incbin are not worth a place in the cache.
        plain = {name for name in compiled
                 if not name.startswith("kernel_symbols") and name != "kernel/config_data.o"}
        self.assertEqual(self.cached(cache), len(plain))
