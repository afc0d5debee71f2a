# SPDX-License-Identifier: MIT
"""APP=folder: an application of the builder's own, outside the tree."""
import os
import shutil
import subprocess
import tempfile

from tree import ToyTest, clean_environment

FILES = {
    "Kbuild": "obj-y += lamp.o sub/\n",
    "Kconfig": 'config LAMP_COUNT\n\tint "Count"\n\trange 1 9\n\tdefault 4\n',
    "lamp.c": '#include <tessera/application.h>\n#include "lamp.h"\n'
              "int application_main(void) { return colour(CONFIG_LAMP_COUNT); }\n",
    "lamp.h": "int colour(int lamp);\n",
    "sub/Kbuild": "obj-y += colour.o\nCFLAGS_colour.o := -DSHADE=2\n",
    "sub/colour.c": '#include "lamp.h"\nint colour(int lamp) { return lamp * SHADE; }\n',
}
OBJECTS = {"app/lamp.o", "app/sub/colour.o"}
NONE = "; APP= forgets the application"


class Application(ToyTest):
    def setUp(self):
        super().setUp()
        self.folder = self.application()

    def application(self, **changed):
        """A folder with an application; gives its path. `changed`: other texts, None for no file."""
        folder = tempfile.mkdtemp(prefix="application.", dir=self.scratch)
        os.mkdir(f"{folder}/sub")
        for name, text in {**FILES, **changed}.items():
            if text is not None:
                self.put(f"{folder}/{name}", text)
        return folder

    @staticmethod
    def put(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def compiled(self, done):
        return (done.actions("CC") | done.actions("AS")) - {"kernel/config_data.o",
                                                            "kernel_symbols.o"}

    def ninja(self):
        done = subprocess.run(["ninja"], cwd=self.output, text=True, check=True,
                              stdout=subprocess.PIPE, env=clean_environment())
        return done.stdout

    def test_is_built_into_the_kernel_and_remembered(self):
        self.make("defconfig", f"APP={self.folder}")
        self.assertTrue(OBJECTS <= self.make().actions("CC"))
        self.assertEqual(self.value("APP"), "y")
        self.assertIn("app/sub/colour.o", self.read("tessera.map"))
        self.assertEqual(self.make().lines, ["ninja: no work to do."])
        self.assertEqual(sorted(os.listdir(self.folder)), ["Kbuild", "Kconfig", "lamp.c", "lamp.h",
                                                           "sub"])

    def test_a_relative_path_and_an_environment(self):
        self.make("all", f"APP={os.path.relpath(self.folder, self.top)}")
        self.assertEqual(self.value("LAMP_COUNT"), "4")
        self.assertEqual(self.make(APP="mobile").lines, ["ninja: no work to do."],
                         "somebody else's variable of this name")

    def test_its_options_are_options_of_the_kernel(self):
        self.make("all", f"APP={self.folder}")
        self.assertEqual(self.make("set", "LAMP_COUNT=5").lines, ["LAMP_COUNT: 4 -> 5"])
        self.assertEqual(self.compiled(self.make()), {"app/lamp.o"})
        self.assertEqual(self.refuse("set", "LAMP_COUNT=10"),
                         ["set: LAMP_COUNT: asked 10, came out 4: it must be from 1 to 9"])
        self.make("savedefconfig")
        self.assertIn("CONFIG_LAMP_COUNT=5\n", self.read("defconfig"))
        fragment = self.write("fragment", "CONFIG_LAMP_COUNT=6\n")
        self.make("defconfig", f"DEFCONFIG={self.path('defconfig')}", f"FRAGMENTS={fragment}")
        self.assertEqual(self.value("LAMP_COUNT"), "6")
        for seed in range(3):
            fragment = self.write("fragment", "CONFIG_THREADS=y\nCONFIG_LAMP_COUNT=7\n")
            self.make("randconfig", f"SEED={seed}", f"FRAGMENTS={fragment}")
            self.assertEqual(self.value("LAMP_COUNT"), "7")

    def test_without_it_they_are_no_options(self):
        path = self.write("mine", "CONFIG_LAMP_COUNT=6\n")
        self.assertEqual(self.refuse("defconfig", f"DEFCONFIG={path}"), [
            f"{path}:1: LAMP_COUNT: there is no such option; `make menuconfig` shows them all"])
        self.make("defconfig", f"DEFCONFIG={path}", f"APP={self.folder}")

    def test_ninja_alone_follows_its_files(self):
        self.make("all", f"APP={self.folder}")
        self.put(f"{self.folder}/Kconfig", FILES["Kconfig"] + 'config LAMP_DIM\n\tdef_bool y\n')
        self.put(f"{self.folder}/Kbuild", FILES["Kbuild"] + "obj-$(CONFIG_LAMP_DIM) += dim.o\n")
        self.put(f"{self.folder}/dim.c", "extern int dim;\nint dim = 1;\n")
        self.assertIn("CC      app/dim.o", self.ninja())
        self.assertEqual(self.value("LAMP_DIM"), "y")
        self.put(f"{self.folder}/lamp.h", FILES["lamp.h"] + "\n")
        self.assertIn("CC      app/sub/colour.o", self.ninja())

    def test_it_is_forgotten_with_its_options(self):
        self.make("all", f"APP={self.folder}")
        self.make("set", "LAMP_COUNT=5")
        done = self.make("APP=")
        self.assertRegex(done.lines[0],
                         r"^dropped: \.config:\d+: LAMP_COUNT: there is no such option")
        self.assertEqual((self.value("APP"), self.value("LAMP_COUNT")), (None, None))
        self.assertNotIn("app/", self.read("tessera.map"))
        self.assertEqual(self.make().lines, ["ninja: no work to do."])

    def test_a_compiler_that_fails_does_not_take_it_along(self):
        self.make("all", f"APP={self.folder}")
        self.refuse("CC=no-such-cc")
        self.make()
        self.assertIn("app/lamp.o", self.read("tessera.map"))

    def test_without_options_and_then_with(self):
        folder = self.application(Kconfig=None, **{
            "lamp.c": FILES["lamp.c"].replace("CONFIG_LAMP_COUNT", "1")})
        self.make("all", f"APP={folder}")
        self.assertEqual((self.value("APP"), self.value("LAMP_COUNT")), ("y", None))
        self.put(f"{folder}/Kconfig", FILES["Kconfig"])
        self.make()
        self.assertEqual(self.value("LAMP_COUNT"), "4")

    def test_folders_that_are_no_application(self):
        self.make("defconfig", "all")
        before = self.read(".config"), self.read("toolchain.mk")
        empty = self.application(Kbuild=None)
        for folder, line in (("/none", "APP=/none does not exist"),
                             (empty, f"APP={empty} has no Kbuild file to say what to compile "
                              "(obj-y += name.o)"),
                             ("/a /b", "APP=/a /b has a space in its path")):
            for target in ("all", "set HZ=50", "defconfig", "oldconfig"):
                with self.subTest(folder=folder, target=target):
                    self.assertEqual(self.refuse(*target.split(), f"APP={folder}"), [line + NONE])
                    self.assertEqual((self.read(".config"), self.read("toolchain.mk")), before)
        self.assertEqual(self.make().lines, ["ninja: no work to do."])

    def test_a_folder_that_is_gone(self):
        self.make("all", f"APP={self.folder}")
        shutil.rmtree(self.folder)
        self.assertEqual(self.refuse("all"), [f"APP={self.folder} does not exist{NONE}"])
        self.make("clean")
        self.make("all", "APP=")

    def test_no_entry_function(self):
        folder = self.application(**{"lamp.c": "static int application_main(void) { return 0; }\n"
                                     "int (*lamp)(void) = application_main;\n"})
        line = (f"APP={folder} does not define int application_main(void), which its thread calls: "
                "see include/tessera/application.h")
        self.make("defconfig")
        for symbols in ("y", "n"):
            self.make("set", f"KERNEL_SYMBOLS={symbols}")
            self.assertIn(line, self.refuse("all", f"APP={folder}"))
            self.assertFalse(os.path.exists(self.path("tessera.elf")))
        self.put(f"{folder}/lamp.c", FILES["lamp.c"])
        self.make()

    def test_mistakes_in_its_kbuild_files(self):
        for text, line in (("obj-y += x.o\n", "{0}/Kbuild names x.o, but there is no {0}/x.c and no "
                            "{0}/x.S"),
                           ("obj-y += x/\n", "{0}/Kbuild names {0}/x/, which has no Kbuild file")):
            folder = self.application(Kbuild=text)
            self.assertIn(line.format(folder), self.refuse("all", f"APP={folder}")[-1])

    def test_it_needs_threads(self):
        self.make("all", f"APP={self.folder}")
        self.make("set", "THREADS=n")
        self.assertIn(f"*** APP={self.folder} needs Threads: `make set THREADS=y`, or `make APP=` "
                      "without the application.", self.try_make().output)
        self.make("set", "THREADS=y", "all")

    def test_the_same_image_wherever_it_lies(self):
        built = []
        for name in ("a", "b/deeper"):
            folder = os.path.join(self.scratch, "places", name)
            shutil.copytree(self.folder, folder)
            output = self.path(name)
            fragment = self.write("fragment", "CONFIG_DEBUG_INFO=y\n")
            self.make("defconfig", "all", f"APP={folder}", f"FRAGMENTS={fragment}", output=output)
            for file in ("tessera.elf", "app/lamp.o", "app/sub/colour.o"):
                with open(f"{output}/{file}", "rb") as file:
                    built.append(file.read())
        self.assertTrue(built[:3] == built[3:])
        self.assertTrue(b"app/lamp.c" in built[1])
        self.assertFalse(any(self.scratch.encode() in file for file in built))

    def test_a_refused_configuration_remembers_nothing(self):
        self.refuse("defconfig", f"APP={self.folder}",
                    f"DEFCONFIG={self.write('mine', 'CONFIG_LAMP_COUNT=10')}")
        self.assertEqual([name for name in os.listdir(self.output) if "toolchain" in name], [])
        self.make("defconfig")
        self.assertEqual(self.value("APP"), None)
