# SPDX-License-Identifier: MIT
"""Nothing that is asked for gets lost: every bad request ends in one line that says why."""
import os

from tree import ToyTest


class Requests(ToyTest):
    """Each test: what a file asks for, and the lines that come back."""

    def ask(self, *lines):
        """Asks by fragment; gives the complaints, with the file's path cut down to its name."""
        self.make("defconfig")
        before = self.read(".config")
        path = self.write("bad.config", "".join(line + "\n" for line in lines))
        complaints = self.refuse("defconfig", f"FRAGMENTS={path}")
        self.assertEqual(self.read(".config"), before, "a refused request must change nothing")
        self.assertEqual(sorted(os.listdir(self.output)), [".config", "bad.config", "include"])
        return [line.replace(path, "bad.config") for line in complaints]

    def expect(self, asked, *complaints):
        self.assertEqual(self.ask(*asked), list(complaints))

    def test_unknown_option(self):
        self.expect(["CONFIG_PAGE_ALOC_BUDDY=y", "CONFIG_XYLOPHONE=y", "# CONFIG_HX is not set"],
                    "bad.config:1: PAGE_ALOC_BUDDY: there is no such option; "
                    "did you mean PAGE_ALLOC_BUDDY?",
                    "bad.config:2: XYLOPHONE: there is no such option; "
                    "`make menuconfig` shows them all",
                    "bad.config:3: HX: there is no such option; did you mean HZ?")

    def test_values_of_the_wrong_type(self):
        self.expect(["CONFIG_MONITOR=maybe", "CONFIG_SMALL=m", "CONFIG_HZ=fast", "CONFIG_HZ=0x64",
                     "CONFIG_BASE=4096", "CONFIG_CONFIG_NAME=bare"],
                    "bad.config:1: MONITOR: asked maybe: it is y or n",
                    "bad.config:2: SMALL: asked m: it is y or n",
                    "bad.config:3: HZ: asked fast: it is a whole number",
                    "bad.config:4: HZ: asked 0x64: it is a whole number",
                    "bad.config:5: BASE: asked 4096: it is a number that begins with 0x",
                    'bad.config:6: CONFIG_NAME: asked bare: it is a text: write "bare" '
                    "in double quotes")

    def test_out_of_range(self):
        self.expect(["CONFIG_HZ=5000"],
                    "bad.config:1: HZ: asked 5000, came out 100: it must be from 10 to 1000")
        self.expect(["CONFIG_HZ=9"],
                    "bad.config:1: HZ: asked 9, came out 100: it must be from 10 to 1000")
        self.expect(["CONFIG_BASE=0x10"],
                    "bad.config:1: BASE: asked 0x10, came out 0x2000: it must be from 0x1000 "
                    "to 0xffff")

    def test_range_that_depends_on_another_option(self):
        self.expect(["CONFIG_SMALL=y", "CONFIG_HISTORY=3"],
                    "bad.config:2: HISTORY: asked 3, came out 2: it must be from 0 to 2")

    def test_unmet_dependency(self):
        self.expect(["CONFIG_RAINBOW=y"],
                    "bad.config:1: RAINBOW: asked y, came out n: it depends on COLOURS (=n); "
                    "ask for COLOURS=y as well")

    def test_unmet_dependency_on_a_choice(self):
        self.expect(["CONFIG_PAGE_ALLOC_FIRST_FIT=y", "CONFIG_PAGE_BUDDY_MAX_ORDER=5"],
                    "bad.config:2: PAGE_BUDDY_MAX_ORDER: asked 5, came out unset: "
                    "it depends on PAGE_ALLOC_BUDDY (=n); ask for PAGE_ALLOC_BUDDY=y as well")

    def test_unmet_chain_of_dependencies_names_who_turned_it_off(self):
        self.expect(["# CONFIG_MONITOR is not set", "CONFIG_RAINBOW=y"],
                    "bad.config:2: RAINBOW: asked y, came out n: it depends on COLOURS (=n), "
                    "which depends on MONITOR (=n, bad.config:1)")

    def test_unmet_negated_dependency(self):
        self.expect(["CONFIG_SMALL=y", "CONFIG_COLOURS=y"],
                    "bad.config:2: COLOURS: asked y, came out n: it depends on SMALL off (=y, "
                    "bad.config:1)")

    def test_unmet_comparison(self):
        self.expect(["CONFIG_FAST_TICK=y"],
                    "bad.config:1: FAST_TICK: asked y, came out n: it depends on HZ > 500 (HZ=100)")

    def test_dependency_on_an_option_without_prompt(self):
        self.expect(["CONFIG_PAGE_ALLOC_FREE_LIST=y", "CONFIG_ORDER_STATISTICS=y"],
                    "bad.config:2: ORDER_STATISTICS: asked y, came out n: it depends on "
                    "HAS_ORDER (=n), which is y with PAGE_ALLOC_BUDDY || SMALL")

    def test_option_without_prompt(self):
        self.expect(["CONFIG_HAS_ORDER=n"],
                    "bad.config:1: HAS_ORDER: asked n, came out y: it has no prompt: "
                    "it follows from PAGE_ALLOC_BUDDY || SMALL")

    def test_forced_by_select(self):
        self.expect(["CONFIG_TRACE=y", "# CONFIG_KERNEL_SYMBOLS is not set"],
                    "bad.config:2: KERNEL_SYMBOLS: asked n, came out y: TRACE selects it; "
                    "ask for TRACE=n")

    def test_member_of_a_choice_cannot_be_turned_off(self):
        self.expect(["# CONFIG_PAGE_ALLOC_BUDDY is not set"],
                    "bad.config:1: PAGE_ALLOC_BUDDY: asked n, came out y: one of its choice must "
                    "be y; ask for PAGE_ALLOC_FIRST_FIT=y or PAGE_ALLOC_FREE_LIST=y")

    def test_contradictions_in_one_file(self):
        self.expect(["CONFIG_HZ=20", "CONFIG_HZ=30", "CONFIG_PAGE_ALLOC_BUDDY=y",
                     "CONFIG_PAGE_ALLOC_FREE_LIST=y"],
                    "bad.config:2: HZ: asked 30: bad.config:1 asks for 20",
                    "bad.config:4: PAGE_ALLOC_FREE_LIST: asked y: only one of its choice can be "
                    "y, and bad.config:3 asks for PAGE_ALLOC_BUDDY")

    def test_line_that_is_no_request(self):
        self.expect(["HZ=20"], "bad.config:1: `HZ=20` is no request: write CONFIG_NAME=value")

    def test_file_that_does_not_exist(self):
        self.assertEqual(self.refuse("DEFCONFIG=/nowhere/x.config", "defconfig"),
                         ["/nowhere/x.config: No such file or directory"])

    def test_every_error_is_reported_at_once_and_in_order(self):
        complaints = self.ask("CONFIG_HZ=1", "CONFIG_NOWHERE=y", "CONFIG_RAINBOW=y")
        self.assertEqual([line.split(":")[1] for line in complaints], ["1", "2", "3"])

    def test_defconfig_overridden_by_a_fragment_is_reported(self):
        base = self.write("base.config", "CONFIG_PAGE_BUDDY_MAX_ORDER=6\n")
        fragment = self.write("f.config", "CONFIG_PAGE_ALLOC_FREE_LIST=y\n")
        self.assertEqual(self.refuse("defconfig", f"DEFCONFIG={base}", f"FRAGMENTS={fragment}"),
                         [f"{base}:1: PAGE_BUDDY_MAX_ORDER: asked 6, came out unset: it depends on "
                          "PAGE_ALLOC_BUDDY (=n); ask for PAGE_ALLOC_BUDDY=y as well"])
        self.assertFalse(os.path.exists(self.path(".config")))


class Fragments(ToyTest):
    def test_later_files_win_and_say_so(self):
        base = self.write("base.config", "CONFIG_HZ=50\nCONFIG_PAGE_ALLOC_FREE_LIST=y\n")
        small = self.write("small.config", "CONFIG_SMALL=y\nCONFIG_HZ=20\n")
        fit = self.write("fit.config", "CONFIG_PAGE_ALLOC_FIRST_FIT=y\n")
        done = self.make("defconfig", f"DEFCONFIG={base}", f"FRAGMENTS={small} {fit}")
        self.assertEqual(done.lines[:2], [
            f"{small}:2: HZ: 20 replaces 50 ({base}:1)",
            f"{fit}:1: PAGE_ALLOC_FIRST_FIT replaces PAGE_ALLOC_FREE_LIST ({base}:2)"])
        self.assertEqual([self.value(name) for name in
                          ("HZ", "SMALL", "PAGE_ALLOC_FIRST_FIT", "PAGE_ALLOC_FREE_LIST")],
                         ["20", "y", "y", None])

    def test_what_is_off_anyway_may_be_asked_off(self):
        path = self.write("f.config", "# CONFIG_MONITOR is not set\n# CONFIG_RAINBOW is not set\n")
        self.make("defconfig", f"FRAGMENTS={path}")

    def test_fragments_on_top_of_all_and_random(self):
        path = self.write("f.config", "CONFIG_PAGE_ALLOC_FREE_LIST=y\nCONFIG_HZ=77\n")
        for target in ("alldefconfig", "allnoconfig", "allyesconfig", "randconfig"):
            with self.subTest(target):
                self.make(target, f"FRAGMENTS={path}")
                self.assertEqual(self.value("HZ"), "77")
                self.assertEqual(self.value("PAGE_ALLOC_FREE_LIST"), "y")

    def test_a_file_without_a_name_gives_its_own(self):
        path = self.write("board.config", "CONFIG_HZ=50\n")
        self.make("defconfig", f"DEFCONFIG={path}")
        self.assertEqual(self.value("CONFIG_NAME"), '"board"')
