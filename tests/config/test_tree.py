# SPDX-License-Identifier: MIT
"""The real tree: its options are well made, its defconfigs minimal, and the build keeps its promises."""
import glob
import os
import re
import resource
import shutil
import subprocess

from tree import TOP, TreeTest, clean_environment

os.environ.update(srctree=TOP, APP_DIR="", APP_KCONFIG="kernel/application/none")
os.environ["KCONFIG_WARN_UNDEF"] = "y"
import kconfiglib  # noqa: E402

ROOMS = ("arch", "kernel", "mm", "sched", "ipc", "fs", "drivers", "lib", "include", "tests",
         "scripts", "user")
COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def boards():
    return sorted(os.path.basename(path)[:-len("_defconfig")]
                  for path in glob.glob(f"{TOP}/configs/*_defconfig"))


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Options(TreeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kconfig = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)

    def test_kconfig_files_have_no_warning(self):
        self.assertEqual(self.kconfig.warnings, [])

    def test_every_defconfig_round_trips(self):
        for board in boards():
            with self.subTest(board):
                self.make(f"{board}_defconfig", "savedefconfig")
                self.assertEqual(self.read("defconfig"),
                                 text_of(f"{TOP}/configs/{board}_defconfig"))
                self.assertEqual(self.value("CONFIG_NAME"), f'"{board}"')

    def test_random_configurations_hold_and_both_readers_agree(self):
        for seed in range(20):
            with self.subTest(seed):
                self.make("randconfig", f"SEED={seed}")
                self.kconfig.load_config(self.path(".config"))
                self.kconfig.write_config(self.path("second"), save_old=False)
                self.assertEqual(self.options(".config"), self.options("second"))

    def options(self, name):
        return {line for line in self.read(name).splitlines() if line.startswith("CONFIG_")}

    def test_the_issue_s_examples(self):
        self.make("pc_i386_defconfig")
        self.make("set", "PAGE_ALLOC_FIRST_FIT=y")
        self.assertEqual(self.value("PAGE_ALLOC_FIRST_FIT"), "y")
        self.assertEqual(self.value("ARCH_I386"), "y")
        self.assertIn("depends on ARCH_I386 (=n)",
                      "\n".join(self.refuse("set", "ARCH_X86_64=y", "X86_PAE=y")))


def copy_tree(destination):
    """What a build reads, as it is now."""
    os.makedirs(destination)
    for name in ("Makefile", "Kconfig", "Kbuild", "configs", *ROOMS):
        path = os.path.join(TOP, name)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(destination, name))
        elif os.path.exists(path):
            shutil.copy(path, destination)


class CopyTest(TreeTest):
    """With a copy of the tree to build from: someone may be working on this one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = os.path.join(cls.scratch, "tree")
        copy_tree(cls.top)
        cls.built = os.path.join(cls.scratch, "built")


class Kernel(CopyTest):
    """Builds the real kernel, without ccache."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["make", f"O={cls.built}", "CCACHE=", "-j2", "pc_x86_64_defconfig", "all"],
                       cwd=cls.top, check=True, stdout=subprocess.DEVNULL, env=clean_environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # A figure to look at; a test that fails on a busy machine would tell nothing.
        print(f"# full build: {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f}"
              " s of CPU", flush=True)

    def setUp(self):
        self.output = self.built

    def test_nothing_to_do(self):
        self.assertEqual(self.make().lines, ["ninja: no work to do."])

    def test_extract_config(self):
        done = self.run_command("scripts/extract-config", self.path("tessera.elf"))
        self.assertEqual((done.status, done.output), (0, self.read(".config")))

    def test_multiboot2_header(self):
        subprocess.run(["grub-file", "--is-x86-multiboot2", self.path("tessera.elf")], check=True)

    def readers(self, option):
        """The objects one of whose sources mentions the option, by what the compiler says it read."""
        objects = set()
        for depfile in glob.glob(f"{self.built}/**/*.o.d", recursive=True):
            name, *sources = text_of(depfile).replace("\\\n", " ").split()
            paths = [os.path.join(self.built, path) for path in sources if "include/config/" not in path]
            if any(re.search(rf"\bCONFIG_{option}\b", COMMENTS.sub("", text_of(path))) for path in paths):
                objects.add(name.rstrip(":"))
        return objects

    def test_a_number_rebuilds_its_readers_and_nothing_else(self):
        for option, value in (("HZ", "50"), ("LOG_BUFFER_SIZE", "8")):
            with self.subTest(option):
                readers = {name for name in self.readers(option) if name.endswith(".o")}
                self.assertTrue(readers)
                done = self.make("set", f"{option}={value}", "all")
                rebuilt = done.actions("CC") | done.actions("AS")
                self.assertEqual(rebuilt - {"kernel/config_data.o", "kernel_symbols.o"}, readers)
        self.make("pc_x86_64_defconfig", "all")

    def test_the_same_image_from_another_tree_and_folder(self):
        other = os.path.join(self.scratch, "other")
        shutil.copytree(self.top, other)
        self.make("-C", other, "pc_x86_64_defconfig", "all", output=f"{other}/a/b")
        with open(self.path("tessera.elf"), "rb") as one, \
                open(f"{other}/a/b/tessera.elf", "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_clang_builds_it(self):
        self.make("pc_x86_64_defconfig", "all", "CC=clang", "WERROR=1",
                  output=os.path.join(self.scratch, "clang"))


class Programs(CopyTest):
    """The programs and their archive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = os.path.join(cls.scratch, "files")
        os.makedirs(f"{cls.files}/etc")
        for command in (["pc_x86_64_defconfig"],
                        ["set", "USER_MODE=y", f"INITRAMFS_SOURCE={cls.files}"], ["-j2"]):
            subprocess.run(["make", f"O={cls.built}", *command], cwd=cls.top, check=True,
                           stdout=subprocess.DEVNULL, env=clean_environment())

    def setUp(self):
        self.output = self.built

    def names(self):
        with open(self.path("initramfs.cpio"), "rb") as archive:
            return subprocess.run(["cpio", "--quiet", "-it"], stdin=archive, check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.splitlines()

    def test_nothing_to_do(self):
        self.assertEqual(self.make().lines, ["ninja: no work to do."])

    def test_a_change_builds_one_program(self):
        with open(f"{self.top}/user/bin/wc.c", "a", encoding="utf-8") as file:
            file.write("/* changed */\n")
        done = self.make()
        self.assertEqual(done.actions("CC"), {"programs/user/bin/wc.o"})
        self.assertEqual(done.actions("LD") - {"kernel.first.elf", "tessera.elf"},
                         {"initramfs/bin/wc"})

    def test_files_of_the_builder_come_and_go(self):
        path = f"{self.files}/etc/a name with blanks"
        with open(path, "w", encoding="utf-8") as file:
            file.write("text\n")
        self.make()
        self.assertIn("etc/a name with blanks", self.names())
        os.unlink(path)
        self.make()
        self.assertNotIn("etc/a name with blanks", self.names())

    def test_the_same_archive_from_another_folder_at_another_time(self):
        with open(self.path("initramfs.cpio"), "rb") as file:
            first = file.read()
        other = os.path.join(self.scratch, "elsewhere")
        self.run_command("sh", "-c", f"umask 077; make O={other} pc_x86_64_defconfig && make O={other} set "
                         f"USER_MODE=y INITRAMFS_SOURCE={self.files} && make O={other}")
        with open(f"{other}/initramfs.cpio", "rb") as file:
            self.assertEqual(file.read(), first)

    def test_a_folder_that_is_not_there(self):
        other = os.path.join(self.scratch, "missing")
        self.make("pc_x86_64_defconfig", output=other)
        self.make("set", "USER_MODE=y", "INITRAMFS_SOURCE=/no/such/folder", output=other)
        lines = self.refuse(output=other)
        self.assertTrue(any('INITRAMFS_SOURCE="/no/such/folder" is no folder' in line
                            for line in lines), lines)
