# SPDX-License-Identifier: MIT
"""The targets of the Makefile that configure, and the ones that look after the output folder."""
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios

from tree import ToyTest, clean_environment

# What the tests of missing tools leave on the PATH.
TOOLS = """sh env make ninja gcc as ld nm cc kconfig-conf kconfig-mconf awk cat cmp cp cut dirname find
grep grub-file grub-mkrescue head id mformat mkdir mktemp mv od printf python3 readelf rm sed sort tail touch tr
xorriso""".split()


class Targets(ToyTest):
    def test_a_folder_without_configuration_takes_the_default_board(self):
        done = self.make("savedefconfig")
        self.assertIn("No configuration yet: taking pc_x86_64_defconfig", done.output)
        self.assertEqual(self.value("CONFIG_NAME"), '"toy"')

    def test_every_defconfig_round_trips(self):
        for board in ("pc_x86_64", "small"):
            with self.subTest(board):
                self.make(f"{board}_defconfig", "savedefconfig")
                with open(self.source(f"configs/{board}_defconfig"), encoding="utf-8") as file:
                    self.assertEqual(self.read("defconfig"), file.read())

    def test_savedefconfig_and_defconfig_by_path(self):
        self.make("small_defconfig")
        full = self.read(".config")
        path = self.path("mine.config")
        self.make("savedefconfig", f"DEFCONFIG={path}")
        self.make("pc_x86_64_defconfig")
        self.make("defconfig", f"DEFCONFIG={path}")
        self.assertEqual(self.read(".config"), full)

    def test_unknown_board_lists_the_boards(self):
        self.assertEqual(self.refuse("pc_defconfig"),
                         ["configs/pc_defconfig does not exist; the boards are: pc_x86_64 small"])

    def test_olddefconfig_reports_what_it_drops(self):
        self.make("small_defconfig")
        self.write(".config", self.read(".config") + "CONFIG_GONE=y\n")
        line = self.read(".config").count("\n")
        done = self.make("olddefconfig")
        self.assertEqual(done.lines, [f"dropped: .config:{line}: GONE: there is no such option; "
                                      "`make menuconfig` shows them all"])
        self.assertEqual(self.make("olddefconfig").lines, [])

    def test_listnewconfig_and_oldconfig(self):
        self.make("small_defconfig")
        self.write(".config", self.read(".config").replace("CONFIG_HZ=20\n", ""))
        self.assertEqual(self.make("listnewconfig").lines, ["CONFIG_HZ"])
        done = subprocess.run(["make", f"O={self.output}", "oldconfig"], input="33\n", text=True,
                              cwd=self.top, stdout=subprocess.PIPE, check=True,
                              env=clean_environment())
        self.assertIn("Ticks (HZ) [100] (NEW)", done.stdout)
        self.assertEqual(self.value("HZ"), "33")

    def test_all_no_yes(self):
        self.make("allyesconfig")
        self.assertEqual((self.value("TRACE"), self.value("SMALL")), ("y", "y"))
        self.make("allnoconfig")
        self.assertEqual((self.value("TRACE"), self.value("MONITOR")), (None, None))
        self.make("alldefconfig")
        self.assertEqual((self.value("TRACE"), self.value("MONITOR")), (None, "y"))

    def test_randconfig_prints_its_seed_and_takes_it(self):
        seen = set()
        for seed in range(1, 7):
            done = self.make("randconfig", f"SEED={seed}")
            self.assertIn(f"randconfig: SEED={seed}", done.output)
            first = self.read(".config")
            self.make("randconfig", f"SEED={seed}")
            self.assertEqual(self.read(".config"), first)
            seen.add(first.replace(f"randconfig-{seed}", ""))
        self.assertGreater(len(seen), 3)
        self.assertGreater(len({re.search("CONFIG_HZ=(.*)", text)[1] for text in seen}), 1,
                           "numbers vary too")
        done = self.make("randconfig")
        drawn = self.read(".config")
        seed = re.search(r"SEED=(\d+)", done.output)[1]
        self.make("randconfig", f"SEED={seed}")
        self.assertEqual(self.read(".config"), drawn)
        self.assertEqual(self.refuse("randconfig", "SEED=x")[-1],
                         "SEED=x: a seed is a whole number")

    def test_diffconfig(self):
        self.make("small_defconfig")
        done = self.make("diffconfig", "pc_x86_64", self.output)
        self.assertEqual(done.lines, [
            "CONFIG_NAME: toy -> small",
            "HZ: 100 -> 20", "PAGE_ALLOC_BUDDY: y -> n", "PAGE_ALLOC_FREE_LIST: n -> y",
            "PAGE_BUDDY_MAX_ORDER: 10 -> unset", "SMALL: n -> y"])
        self.assertEqual(self.make("diffconfig", self.path(".config"), "small").lines, [])
        self.assertEqual(self.refuse("diffconfig", "small", "/nowhere"),
                         ["/nowhere: neither a configuration nor an output folder nor a board"])
        self.assertTrue(self.refuse("diffconfig", "small")[0].startswith("usage:"))

    def test_menus_start_and_end(self):
        self.make("small_defconfig")
        before = self.read(".config")
        for target, leave in (("menuconfig", b"\x1b\x1b"), ("nconfig", b"\x1b[20~")):
            with self.subTest(target):
                status, shown = self.on_terminal(target, [leave, b"\r"])
                self.assertEqual(status, 0, shown[-200:])
                self.assertTrue(b"icks" in shown, "the option is on the screen")
        self.assertEqual(self.read(".config"), before)

    def on_terminal(self, target, keys):
        """Runs a target on a terminal; presses the next keys whenever the screen rests."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 90, 0, 0))
        process = subprocess.Popen(
            ["make", f"O={self.output}", target], cwd=self.top, stdin=slave, stdout=slave,
            stderr=slave, env={**clean_environment(), "TERM": "xterm"})
        os.close(slave)
        shown, keys = b"", list(keys)
        while True:
            if select.select([master], [], [], 0.3 if shown else 5)[0]:
                try:
                    shown += os.read(master, 65536)
                except OSError:
                    break
            elif keys:
                os.write(master, keys.pop(0))
            else:
                process.kill()
                break
        os.close(master)
        return process.wait(), shown

    def test_help_lists_every_target_and_the_boards(self):
        done = self.make("help")
        with open(self.source("Makefile"), encoding="utf-8") as file:
            phony = re.findall(r"^\.PHONY: (.*)$", file.read(), re.MULTILINE)
        words = done.output.split()
        for target in " ".join(phony).split():
            if not target.startswith("$"):
                self.assertIn(target, words)
        self.assertIn("pc_x86_64 small", done.output)
        self.assertLessEqual(max(len(line.replace(self.output, "")) for line in done.lines), 100)


class Set(ToyTest):
    def test_values_of_each_type(self):
        self.make("defconfig")
        done = self.make("set", "HZ=250", "CONFIG_SMALL=y", "BASE=0x4000",
                         'CONFIG_NAME=it\'s "a" $name')
        self.assertEqual(done.lines, ['BASE: 0x2000 -> 0x4000',
                                      'CONFIG_NAME: toy -> it\'s "a" $name',
                                      "HZ: 100 -> 250", "SMALL: n -> y"])
        self.assertEqual(self.value("HZ"), "250")
        self.assertEqual(self.value("CONFIG_NAME"), '"it\'s \\"a\\" $name"')

    def test_switches_a_choice(self):
        self.make("defconfig")
        done = self.make("set", "PAGE_ALLOC_FREE_LIST=y")
        self.assertEqual(self.value("PAGE_ALLOC_FREE_LIST"), "y")
        self.assertIn("PAGE_BUDDY_MAX_ORDER: 10 -> unset", done.lines)
        self.make("set", "PAGE_ALLOC_FIRST_FIT=y")
        self.assertEqual(self.value("PAGE_ALLOC_FREE_LIST"), None)
        self.make("set", "PAGE_ALLOC_FIRST_FIT=n")
        self.assertEqual(self.value("PAGE_ALLOC_BUDDY"), "y")

    def test_refuses_what_does_not_come_out(self):
        self.make("defconfig")
        before = self.read(".config")
        self.assertEqual(self.refuse("set", "HZ=5", "RAINBOW=y", "NO_SUCH=1", "SMALL=y"), [
            "set: NO_SUCH: there is no such option; `make menuconfig` shows them all",
            "set: HZ: asked 5, came out 100: it must be from 10 to 1000",
            "set: RAINBOW: asked y, came out n: it depends on COLOURS (=n), which depends on "
            "SMALL off (=y, set)"])
        self.assertEqual(self.read(".config"), before)
        self.assertEqual(self.refuse("set"), ["set: nothing to set: write `make set NAME=value...`"])

    def test_what_follows_from_the_change_follows(self):
        self.make("defconfig")
        self.make("set", "HISTORY=9")
        done = self.make("set", "SMALL=y")
        self.assertEqual(done.lines, ["HISTORY: 9 -> 2", "SMALL: n -> y"])

    def test_an_option_without_set_is_refused(self):
        self.assertRegex(self.try_make("HZ=20").output,
                         r"HZ is not for this target: `make set HZ=\.\.\.` changes an option")


class Folders(ToyTest):
    def test_clean_keeps_the_configuration_and_mrproper_nothing(self):
        self.make("small_defconfig", "all")
        self.make("clean")
        self.assertEqual(sorted(os.listdir(self.output)), [".config", "toolchain.mk"])
        self.make()
        self.make("mrproper")
        self.assertFalse(os.path.exists(self.output))

    def test_nothing_else_is_removed(self):
        self.write("precious", "")
        for target in ("clean", "mrproper"):
            self.assertEqual(self.refuse(target), [f"{self.output} is no output folder of this "
                                                   "tree; nothing removed"])
        self.assertEqual(os.listdir(self.output), ["precious"])

    def test_folders_that_cannot_work(self):
        for folder in (".", "..", "/"):
            self.assertIn("has the tree in it; take a folder of its own", self.try_make(output=folder).output)
        for folder in ("kernel", "arch", "configs", "include"):
            self.assertIn(f"{folder} has sources in it", self.try_make(output=folder).output)
        self.assertIn("has a space in it", self.try_make(output=self.output + "/a b").output)

    def test_nothing_is_written_into_the_tree(self):
        def files():
            return sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.top)
                          for name in names)
        before = files()
        self.make("small_defconfig", "all", "size", "compile_commands.json", "savedefconfig")
        self.assertEqual(files(), before)

    def test_missing_tools_are_named_with_their_package(self):
        self.make("small_defconfig")
        for tool, package, targets in (
                ("kconfig-conf", "kconfig-frontends-nox", ("pc_x86_64_defconfig", "oldconfig",
                                                           "all", "set HZ=30")),
                ("kconfig-mconf", "kconfig-frontends-nox", ("menuconfig",)),
                ("ninja", "ninja-build", ("all",)),
                ("gcc", "gcc", ("all",)),
                ("ld", "binutils", ("all",)),
                ("readelf", "binutils", ("all",)),
                ("grub-mkrescue", "grub-common", ("iso",)),
                ("xorriso", "xorriso", ("iso",))):
            path = self.tools_without(tool)
            for target in targets:
                with self.subTest(tool=tool, target=target):
                    lines = self.refuse(*target.split(), PATH=path)
                    wanted = (f"{tool} is not installed: it comes with the package {package}; "
                              "scripts/setup installs everything")
                    self.assertIn(wanted, "\n".join(lines))
                    if target != "iso":
                        self.assertEqual(len(lines), 1, lines)

    def tools_without(self, missing):
        """A PATH on which one program is missing."""
        folder = os.path.join(self.scratch, f"without-{missing}")
        os.mkdir(folder)
        for name in TOOLS:
            if name != missing:
                os.symlink(shutil.which(name), f"{folder}/{name}")
        return folder


class Setup(ToyTest):
    """scripts/setup on a machine where ninja is missing, with stand-ins for what it would call."""

    def setup(self, **programs):
        folder = self.path("bin")
        os.mkdir(folder)
        with open(self.source("scripts/packages"), encoding="utf-8") as file:
            known = [line.split()[1] for line in file if line.strip() and line[0] != "#"]
        for name in {*known, "sh", "env", "dirname"} - {"ninja"}:
            if not name.startswith("/"):
                os.symlink(shutil.which(name), f"{folder}/{name}")
        for name, script in programs.items():
            name = name.replace("_", "-")
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{script}\n")
            os.chmod(f"{folder}/{name}", 0o755)
        return self.run_command("scripts/setup", PATH=folder)

    def test_does_nothing_when_all_is_there(self):
        done = self.run_command("scripts/setup")
        self.assertEqual((done.status, done.output), (0, "setup: everything is installed\n"))

    def test_installs_what_is_missing_as_root(self):
        done = self.setup(apt_get='echo "apt-get $*"', id="echo 0")
        self.assertEqual((done.status, done.lines), (0, [
            "setup: installing ninja-build", "apt-get update -qq",
            "apt-get install -qq -y --no-install-recommends ninja-build", "setup: done"]))

    def test_installs_with_sudo(self):
        done = self.setup(apt_get='echo "apt-get $*"', id="echo 1000", sudo='echo sudo; exec "$@"')
        self.assertEqual((done.status, done.lines[1:5]), (0, [
            "sudo", "apt-get update -qq", "sudo",
            "apt-get install -qq -y --no-install-recommends ninja-build"]))

    def test_says_what_it_cannot_do(self):
        done = self.setup(apt_get="exit 1", id="echo 1000")
        self.assertEqual((done.status, done.lines), (1, [
            "setup: run it as root, or install sudo; missing: ninja-build"]))
        shutil.rmtree(self.path("bin"))
        done = self.setup(id="echo 0")
        self.assertEqual((done.status, done.lines), (1, [
            "setup: this is not Debian; install these yourself (names as in Debian 12): "
            "ninja-build"]))

    def test_fails_when_apt_get_fails(self):
        done = self.setup(apt_get='test "$1" = update', id="echo 0")
        self.assertNotEqual(done.status, 0)
        self.assertNotIn("done", done.output)

    def test_every_tool_that_is_asked_for_is_in_the_list(self):
        """What scripts call `need` with must be something that setup installs."""
        for name in ("Makefile", "scripts/build.mk", "scripts/make-iso", "scripts/lint",
                     "scripts/sync-config"):
            with open(self.source(name), encoding="utf-8") as file:
                text = file.read().replace("\\\n", " ")
            with open(self.source("scripts/packages"), encoding="utf-8") as file:
                known = {line.split()[1] for line in file if line.strip() and line[0] != "#"}
            for words in re.findall(r"(?:scripts/|\)/)need\"? ([\w/. -]+)", text):
                for word in words.split():
                    self.assertIn(word, known, name)
