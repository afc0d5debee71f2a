# SPDX-License-Identifier: MIT
"""The tools that reason about all configurations at once: each rule catches a defect that is put
there, and the two ways of reasoning agree with each other and with trying everything."""
import fcntl
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

from tree import TOP, ToyTest, TreeTest, clean_environment

sys.path[:0] = [f"{TOP}/tests/product_line", f"{TOP}/tests/runner"]

import formula  # noqa: E402


class Formulas(TreeTest):
    """Random formulas over few variables."""
    names = "abcdef"

    def some_formula(self, rng, depth=4):
        if not depth or rng.random() < 0.2:
            return rng.choice(self.names)
        operator = rng.choice(["not", "and", "or", "one"])
        parts = [self.some_formula(rng, depth - 1) for _ in range(rng.randrange(2, 4))]
        if operator == "not":
            return formula.neg(parts[0])
        if operator == "one":
            return formula.exactly_one(parts)
        return formula.join(operator, parts)

    def models(self, formulas):
        """By trying everything."""
        sets = [{name for name, bit in zip(self.names, bits) if bit}
                for bits in itertools.product((0, 1), repeat=len(self.names))]
        return [true for true in sets if all(formula.holds(f, true) for f in formulas)]

    def test_solver_and_diagram_against_trying_everything(self):
        rng = random.Random(1)
        for _ in range(200):
            formulas = [self.some_formula(rng) for _ in range(rng.randrange(1, 4))]
            models = self.models(formulas)
            diagram = formula.Diagram(self.names, formulas)
            self.assertEqual(diagram.count(), len(models))
            found = [diagram.nth(number) for number in range(diagram.count())]
            self.assertEqual(sorted(map(sorted, found)), sorted(map(sorted, models)))
            solver = formula.Solver(formulas)
            model = solver.model()
            self.assertEqual(model is not None, bool(models))
            if model is not None:
                self.assertIn(model & set(self.names), models)
            wanted = rng.choice(self.names)
            self.assertEqual(solver.possible(wanted), any(wanted in true for true in models))

    def test_drawing_is_uniform(self):
        diagram = formula.Diagram("abc", [formula.disj("a", formula.conj("b", "c"))])
        rng = random.Random(1)
        counts = {}
        for _ in range(5000):
            key = "".join(sorted(diagram.draw(rng)))
            counts[key] = counts.get(key, 0) + 1
        self.assertEqual(len(counts), 5)
        for count in counts.values():
            self.assertLess(abs(count - 1000), 150)


class Numbers(TreeTest):
    """Ranges and defaults that depend on other options."""

    def configurations(self, **how):
        import kconfiglib
        import space as spaces
        path = self.write("Kconfig", """
config A
	bool "a"
config N
	int "n"
	range 4 9 if A
	range 2 9
	default 4
config M
	int "m"
	range 0 7
	default 5 if A
	default 0
config FEW
	hex "few"
	range 0x3 0x4
	default 0x3
config HOT
	def_bool M != 0
config LARGE
	def_bool N > 4
""")
        space = spaces.Space(kconfiglib.Kconfig(path), **how)
        diagram = space.diagram()
        found = [spaces.configure(space, space.values(diagram.nth(number)))
                 and {symbol.name: symbol.str_value for symbol in space.kconfig.unique_defined_syms}
                 for number in range(diagram.count())]
        for values, number in zip(found, range(diagram.count())):  # what follows is as the formula has it
            for name in "HOT", "LARGE":
                self.assertEqual(values[name] == "y", name in diagram.nth(number))
        return found

    def test_each_configuration_is_counted_once(self):
        expected = [(a, n, m, few) for a, ns, ms in (("y", "4589", "01567"), ("n", "23489", "0167"))
                    for n in ns for m in ms for few in ("0x3", "0x4")]
        self.assertEqual(sorted(expected), sorted((found["A"], found["N"], found["M"], found["FEW"])
                                                  for found in self.configurations()))

    def test_defaults_are_those_of_the_condition(self):
        found = self.configurations(defaults=lambda axis: axis.name != "A")
        self.assertEqual({(one["A"], one["N"], one["M"], one["FEW"]) for one in found},
                         {("y", "4", "5", "0x3"), ("n", "4", "0", "0x3")})
        self.assertEqual(len(found), 2)


class Arrays(TreeTest):
    """Covering arrays of the real tree, on one board with few axes."""

    def space(self, rooms=("arch/", "mm/", "sched/"), board="malta"):
        import space
        os.environ.update(srctree=TOP)
        return space.Space(demands=space.board_demands(board), defaults=lambda axis:
                           not axis.place.startswith(rooms))

    def test_an_array_covers_and_its_checker_notices_when_not(self):
        import covering
        for effort in covering.TRIES, covering.CHANGES, covering.SAMPLES:
            self.addCleanup(effort.update, dict(effort))
        covering.TRIES.update({2: 1, 3: 1})
        covering.CHANGES[3] = 1
        covering.SAMPLES[3] = 300
        for strength, rooms in (2, ("arch/", "mm/", "sched/")), (3, ("arch/", "ipc/")):
            space = self.space(rooms)
            samples = covering.Items(space).samples(random.Random(3), 10)
            rows = [row for group in covering.array(space, strength) for row in group]
            total = len(covering.possible(covering.Items(space), space.solver(), strength, samples))
            self.assertEqual(covering.check(space, rows, strength), (total, total))
            occur, covered = covering.check(space, rows[1:], strength)
            self.assertEqual(occur, total)
            self.assertLess(covered, total)

    def test_a_group_agrees_on_what_is_dear(self):
        import covering
        space = self.space()
        dear = ("THREADS", "PREEMPT_KERNEL", "SCHED_STATS", "NO_HZ_IDLE")
        *groups, rest = covering.array(space, 2, dear=dear)
        self.assertGreater(len(groups), 3)
        for group in groups:
            self.assertEqual(len({tuple(row.get(name) for name in dear) for row in group}), 1)
        rows = [row for group in (*groups, rest) for row in group]
        occur, covered = covering.check(space, rows, 2)
        self.assertEqual(occur, covered)

    def test_the_board_is_an_option(self):
        import covering
        import space as spaces
        import sweep
        boards = ("malta", "pc_i386")
        space = spaces.Space(boards=boards, defaults=lambda axis: not axis.place.startswith(("arch/", "mm/")))
        self.assertEqual(space.diagram().count(), sum(
            self.space(("arch/", "mm/"), board).diagram().count() for board in boards))
        rows = [row for group in covering.array(space, 2) for row in group]
        self.assertEqual(len(set(covering.check(space, rows, 2))), 1)
        for value in ("PAGE_ALLOC_FIRST_FIT", "PAGE_ALLOC_FREE_LIST", "PAGE_ALLOC_BUDDY"):
            self.assertEqual({row[spaces.BOARD] for row in rows if value in row.values()}, set(boards))
        for row in rows[:6]:
            configured = sweep.Configured.of(row[spaces.BOARD], space, row)
            self.assertEqual(configured.board, "malta" if "BOARD_MALTA" in configured.expected else "pc_i386")

    def test_a_set_of_combinations_counts_and_forgets_them(self):
        import covering
        rng = random.Random(4)
        for strength in (1, 2, 3):
            there, kept = covering.Combinations(strength, 12), set()
            for _ in range(200):
                row = sorted(rng.sample(range(12), 5))
                parts = set(itertools.combinations(row, strength))
                self.assertEqual(there.count(row), len(kept & parts))
                if rng.random() < 0.5:
                    there.add_row(row)
                    kept |= parts
                else:
                    there.remove_row(row)
                    kept -= parts
                self.assertEqual(len(there), len(kept))

    def test_kconfig_comes_to_what_the_formula_says(self):
        import space as spaces
        space = self.space()
        diagram, rng = space.diagram(), random.Random(2)
        for _ in range(50):
            spaces.configure(space, space.values(diagram.draw(rng)))


class Shrinking(TreeTest):
    """A failing configuration is reduced to what is guilty; here nothing is built."""
    # What makes it fail, as a test of all values, and the axes that must be blamed.
    faults = (
        (lambda on: on("OBJECT_ALLOC_SLOB"), {"OBJECT_ALLOC_SLAB/OBJECT_ALLOC_SLOB"}),
        (lambda on: on("DEBUG_LOCKS") and not on("SERIAL_16550"), {"DEBUG_LOCKS", "SERIAL_16550"}),
        (lambda on: on("PREEMPT_KERNEL") and on("KERNEL_TESTS") and not on("DEBUG_ASSERT"),
         {"PREEMPT_KERNEL", "KERNEL_TESTS", "DEBUG_ASSERT"}),
        (lambda on: on("HZ") == "10" and on("USER_MODE"), {"HZ", "USER_MODE"}),
    )

    def test_what_remains_is_guilty(self):
        import plans
        import shrink
        import sweep
        space, rng = plans.board_space("malta"), random.Random(8)
        diagram = space.diagram()

        class Worker:
            def __init__(self, fails):
                self.fails = fails
                self.runs = 0

            def run(self, configured):
                self.runs += 1
                return {"failure": "boot: hang" if self.fails(configured.expected.get) else None}

        for fails, guilty in self.faults:
            worker = Worker(fails)
            while True:
                first = sweep.Configured.of("malta", space, space.values(diagram.draw(rng)))
                if fails(first.expected.get):
                    break
            found, smallest, result = shrink.minimal(first, {"failure": "boot: hang"}, space, worker)
            self.assertEqual(set(found), guilty)
            self.assertTrue(fails(smallest.expected.get))
            self.assertEqual(result["failure"], "boot: hang")
            self.assertLess(worker.runs, 60)
            again = shrink.from_text("malta", space, smallest.text)
            self.assertEqual((again.key, again.expected), (smallest.key, smallest.expected))


class Merging(TreeTest):
    """`make merge-results`, on results that are written here."""

    def part(self, name, keys, failed=(), done=None, state="s", lines=("malta: 9 valid pairs",),
             shard=(1, 1), count=0):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
            json.dump({"state": state, "lines": lines, "shard": shard, "keys": None if count else keys,
                       "count": count or len(keys)}, file)
        with open(os.path.join(folder, "results.jsonl"), "w", encoding="utf-8") as file:
            for key in keys if done is None else done:
                result = {"key": key, "board": "malta", "passed": 3, "skipped": 0, "boots": 2,
                          "how": "suites", "failure": None, "seconds": 1, "built_in": 1, "state": state}
                if key in failed:
                    result.update(failure="boot: panic: <no & way>", log="a\x01b", defconfig="CONFIG_A=y\n")
                file.write(json.dumps(result) + "\n")
            file.write('{"key": "cut off')
        return folder

    def merge(self, *folders):
        return subprocess.run([f"{TOP}/scripts/check-configs", "-o", f"{self.folder}/out", "--merge",
                               *folders], text=True, check=False, capture_output=True,
                              env=clean_environment())

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_parts_are_joined_and_failures_kept(self):
        done = self.merge(self.part("a", ["1", "2"]), self.part("b", ["3"], failed=["3"]))
        self.assertEqual(done.returncode, 1, done.stderr)
        for line in ("1..3", "ok 1 - malta/1 # suites, 3 tests, 1 s, of which built in 1 s", "not ok 3 - malta/3",
                     "# malta: 9 valid pairs", "# 3 configurations: 2 work, 1 do not",
                     "# 6 boots, 9 tests passed in them", "2 passed, 1 failed"):
            self.assertIn(line, done.stdout.splitlines())
        again = re.search(r"again: scripts/check-configs --again malta (\S+)", done.stdout)[1]
        with open(os.path.join(TOP, again), encoding="utf-8") as file:
            self.assertEqual(file.read(), "CONFIG_A=y\n")
        suite = ElementTree.parse(f"{self.folder}/out/results.xml").getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("3", "1"))
        self.assertEqual(suite.find("testcase/failure").get("message"), "boot: panic: <no & way>")

    def test_what_has_not_run_is_missed(self):
        done = self.merge(self.part("a", ["1", "2"], done=["1"]))
        self.assertEqual(done.returncode, 1)
        self.assertIn("# 1 configurations of these shards have not run yet", done.stdout)

    def test_configurations_too_many_to_list_are_missed_too(self):
        done = self.merge(self.part("a", ["1", "2"], count=7))
        self.assertEqual(done.returncode, 1)
        self.assertIn("# 5 configurations of these shards have not run yet", done.stdout)

    def test_a_shard_that_is_not_there_is_missed(self):
        a, c = self.part("a", ["1"], shard=(1, 3)), self.part("c", ["3"], shard=(3, 3))
        done = self.merge(a, c)
        self.assertEqual(done.returncode, 1)
        self.assertIn("# there is nothing of SHARD 2 of 3", done.stdout)
        self.assertEqual(self.merge(a, self.part("b", ["2"], shard=(2, 3)), c).returncode, 0)

    def test_two_do_not_work_in_one_folder(self):
        os.makedirs(f"{self.folder}/out")
        with open(f"{self.folder}/out/lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("another check-configs is at work", self.merge(self.part("a", ["1"])).stderr)

    def test_what_comes_behind_a_line_that_was_cut_counts(self):
        import sweep
        path = os.path.join(self.part("a", ["1"]), "results.jsonl")
        sweep.Results(path, "s").add({"key": "2"})
        self.assertEqual(set(sweep.Results(path, "s").found), {"1", "2"})

    def test_parts_of_different_trees_or_plans_are_refused(self):
        a = self.part("a", ["1"])
        for other in (self.part("b", ["2"], state="t"), self.part("c", ["2"], lines=["other"])):
            done = self.merge(a, other)
            self.assertEqual(done.returncode, 1)
            self.assertIn("different trees or plans", done.stderr)
        self.assertIn("no results of check-configs", self.merge(a, self.folder).stderr)


class Rules(ToyTest):
    """Each rule of check-kconfig catches a defect that is put into the toy tree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.copytree(f"{TOP}/tests/product_line", f"{cls.top}/tests/product_line")
        shutil.copytree(f"{TOP}/tests/runner", f"{cls.top}/tests/runner")
        # The toy is not made for these rules: what they find without a defect is not looked at.
        cls.before = set(cls.check())

    @classmethod
    def check(cls):
        return subprocess.run(["scripts/check-kconfig", "--tree", cls.top], cwd=cls.top, text=True,
                              check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              env={**clean_environment(), "srctree": cls.top}).stdout.splitlines()

    def new_complaints(self):
        return [line for line in self.check() if line not in self.before]

    def catches(self, regex):
        lines = self.new_complaints()
        self.assertTrue(any(line.startswith("# ") for line in lines), lines)
        self.assertRegex("\n".join(lines), regex)

    def option(self, text, file="kernel/Kconfig"):
        self.edit(file, "\n" + text, "a")

    def test_it_can_be_read_and_names_no_defect_twice(self):
        self.assertTrue(any(line.startswith("1..") for line in self.before), self.before)
        self.assertEqual(self.new_complaints(), [])

    def test_an_option_that_nothing_reads(self):
        self.option('config IDLE_TALK\n\tbool "Idle talk"\n')
        self.catches(r"kernel/Kconfig:\d+: nothing reads IDLE_TALK: delete")

    def test_a_name_that_no_kconfig_defines(self):
        self.edit("kernel/main.c", "int x = IS_ENABLED(CONFIG_MONITRO);\n", "a")
        self.catches(r"kernel/main.c:\d+: no Kconfig file defines MONITRO")

    def test_an_option_that_can_never_be_on(self):
        self.option('config NEVER\n\tbool "Never"\n\tdepends on SMALL && !SMALL\n')
        self.catches(r"NEVER can never be on")

    def test_an_option_that_can_never_be_off(self):
        self.option('config ALWAYS\n\tbool "Always"\n\n'
                    'config FORCER\n\tdef_bool y\n\tselect ALWAYS\n')
        self.catches(r"ALWAYS can never be off")

    def test_a_select_that_breaks_a_dependency(self):
        self.option('config GREEDY\n\tbool "Greedy"\n\tselect COLOURS\n')
        self.catches(r"GREEDY selects COLOURS even where its dependencies do not hold: let GREEDY "
                     "depend")

    def test_a_choice_without_default(self):
        self.option('choice\n\tprompt "Way"\n\nconfig WAY_A\n\tbool "A"\n\nconfig WAY_B\n'
                    '\tbool "B"\n\nendchoice\n')
        self.catches(r"the choice has no default: add")

    def test_a_variant_that_no_configuration_reaches(self):
        path = self.source("mm/Kconfig")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.edit("mm/Kconfig", text.replace('\tbool "First fit"\n',
                                             '\tbool "First fit"\n\tdepends on SMALL && !SMALL\n'))
        self.catches(r"no configuration reaches PAGE_ALLOC_FIRST_FIT")

    def test_a_number_without_range(self):
        self.option('config DEPTH\n\tint "Depth"\n\tdefault 3\n')
        self.catches(r"DEPTH has no range: add `range")

    def test_a_prompt_without_help(self):
        self.option('config SILENT\n\tbool "Silent"\n')
        self.catches(r"SILENT has no help text: say when")

    def test_a_file_that_no_configuration_compiles(self):
        self.edit("kernel/forgotten.c", "int forgotten;\n")
        self.catches(r"kernel/forgotten.c:1: no configuration compiles this file")

    def test_a_file_whose_condition_never_holds(self):
        self.edit("kernel/lost.c", "int lost;\n")
        self.edit("kernel/Kbuild", "ifdef CONFIG_SMALL\nobj-$(CONFIG_COLOURS) += lost.o\nendif\n", "a")
        self.catches(r"kernel/lost.c:1: no configuration compiles this file")

    def test_a_block_that_is_dead_because_of_what_is_around_it(self):
        self.edit("kernel/monitor.c", "#ifdef CONFIG_SMALL\n#if defined(CONFIG_COLOURS)\n"
                                      "int dead;\n#endif\n#endif\n", "a")
        self.catches(r"kernel/monitor.c:\d+: `#if defined\(CONFIG_COLOURS\)` never holds here: delete")

    def test_a_question_with_one_answer_because_of_the_kbuild_file(self):
        self.edit("kernel/monitor.c", "int sure = IS_ENABLED(CONFIG_MONITOR);\n", "a")
        self.catches(r"kernel/monitor.c:\d+: `IS_ENABLED\(CONFIG_MONITOR\)` always holds here")

    def test_questions_that_exclude_each_other(self):
        self.edit("kernel/main.c", "int dead = IS_ENABLED(CONFIG_SMALL) && IS_ENABLED(CONFIG_COLOURS);\n"
                  "int sure = 1 && (!IS_ENABLED(CONFIG_SMALL) || !IS_ENABLED(CONFIG_COLOURS));\n"
                  "int fine = IS_ENABLED(CONFIG_SMALL) && IS_ENABLED(CONFIG_MONITOR);\n", "a")
        self.catches(r"`IS_ENABLED\(CONFIG_SMALL\) && IS_ENABLED\(CONFIG_COLOURS\)` never holds here")
        self.catches(r"`!IS_ENABLED\(CONFIG_SMALL\) \|\| !IS_ENABLED\(CONFIG_COLOURS\)` always holds here")
        self.assertEqual(len([line for line in self.new_complaints() if "kernel/main.c" in line]), 2)

    def test_a_question_within_the_answer_to_another(self):
        self.edit("kernel/main.c", "int f(void)\n{\n\tif (IS_ENABLED(CONFIG_SMALL)) {\n"
                  "\t\tif (IS_ENABLED(CONFIG_COLOURS))\n\t\t\treturn 1;\n"
                  "\t}\n\treturn IS_ENABLED(CONFIG_COLOURS);\n}\n", "a")
        self.catches(r"`IS_ENABLED\(CONFIG_COLOURS\)` never holds here")
        self.assertEqual(len([line for line in self.new_complaints() if "kernel/main.c" in line]), 1)

    def test_a_condition_of_two_lines(self):
        self.edit("kernel/main.c", "#if defined(CONFIG_SMALL) && \\\n\tdefined(CONFIG_COLOURS)\nint x;\n#endif\n", "a")
        self.catches(r"never holds here")

    def test_a_number_that_may_be_any_in_its_range(self):
        self.edit("kernel/main.c", "#if CONFIG_HZ == 250\nint a;\n#elif CONFIG_HZ != 300\nint b;\n#endif\n", "a")
        self.assertEqual([line for line in self.new_complaints() if "kernel/main.c" in line], [])

    def test_a_number_out_of_its_range(self):
        self.edit("kernel/main.c", "#if CONFIG_HZ == 2000\nint a;\n#endif\n", "a")
        self.catches(r"`#if CONFIG_HZ == 2000` never holds here")

    def test_an_option_without_prompt_that_can_never_be_on(self):
        self.option("config NEVER\n\tdef_bool SMALL && !SMALL\n")
        self.catches(r"NEVER can never be on")

    def test_a_name_in_a_makefile_that_no_kconfig_defines(self):
        self.edit("scripts/build.mk", "unhurried-$(CONFIG_MONITRO) := x\n", "a")
        self.catches(r"scripts/build.mk:\d+: no Kconfig file defines MONITRO")

    def test_a_defconfig_that_does_not_come_back(self):
        self.edit("configs/pc_x86_64_defconfig", "CONFIG_COLOURS=y\nCONFIG_SMALL=y\n", "a")
        self.catches(r"configs/pc_x86_64_defconfig:\d+: `CONFIG_COLOURS=y` is so by default, or is not accepted")

    def test_a_defconfig_in_another_order(self):
        path = self.source("configs/small_defconfig")
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines(keepends=True)
        self.edit("configs/small_defconfig", "".join(reversed(lines)))
        self.catches(r"configs/small_defconfig:1: the lines are not in the order of savedefconfig")

    def test_a_number_that_is_never_so_large(self):
        self.edit("kernel/main.c", "#if CONFIG_HZ > 2000\nint fast;\n#endif\n", "a")
        self.catches(r"`#if CONFIG_HZ > 2000` never holds here")

    def test_a_defconfig_that_says_what_is_so_by_default(self):
        self.edit("configs/pc_x86_64_defconfig", "CONFIG_HZ=100\n", "a")
        self.catches(r"configs/pc_x86_64_defconfig:\d+: `CONFIG_HZ=100` is so by default")

    def test_a_variant_that_lacks_a_function_of_the_contract(self):
        self.edit("include/tessera/toy_page.h", "void page_free(int page);\n")
        for variant in ("buddy", "free_list"):
            self.edit(f"mm/page_alloc/{variant}.c", "\nvoid page_free(int page)\n{\n}\n", "a")
        self.catches(r"mm/page_alloc/first_fit.c:1: PAGE_ALLOC_FIRST_FIT lacks page_free\(\)")

    def test_an_architecture_that_lacks_a_function_of_the_contract(self):
        path = self.source("kernel/Kconfig")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.edit("kernel/Kconfig", text.replace('default "toy"\n', 'default "toy" if !SMALL\n\tdefault "other"\n'))
        self.edit("arch/other/Kbuild", "obj-y += other.o\n")
        self.edit("arch/other/other.c", "void arch_stop(void)\n{\n}\n")
        self.edit("arch/toy/Kbuild", "obj-y += toy.o\n", "a")
        self.edit("arch/toy/toy.c", "void arch_stop(void)\n{\n}\n\nvoid arch_go(void)\n{\n}\n\n"
                  "void arch_nap(void)\n{\n}\n")
        self.edit("include/tessera/toy_arch.h", "void arch_stop(void);\nvoid arch_go(void);\nvoid arch_nap(void);\n")
        self.edit("kernel/main.c", "void f(void);\nvoid f(void)\n{\n\tarch_stop();\n\tarch_go();\n}\n", "a")
        self.catches(r"arch/toy/toy.c:1: toy has arch_go\(\), which kernel/main.c calls and other lacks: write it")
        self.assertEqual(len([line for line in self.new_complaints() if "arch_" in line]), 1)

    def test_a_kbuild_line_that_it_cannot_read_is_named(self):
        self.edit("kernel/Kbuild", "obj-$(shell date) += monitor.o\n", "a")
        self.assertRegex("\n".join(self.new_complaints()), r"kernel/Kbuild:\d+: .*cannot read this")
