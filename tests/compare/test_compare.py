# SPDX-License-Identifier: MIT
"""`make compare` and the baseline of `make bench`: what they find, keep, show and refuse."""
import contextlib
import csv
import importlib.machinery
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.path[:0] = [os.path.join(TOP, name) for name in ("tests/config", "tests/runner",
                                                     "scripts/comparing")]

import baseline  # noqa: E402
import choices  # noqa: E402
import figures  # noqa: E402
import pool  # noqa: E402
import results  # noqa: E402
import tables  # noqa: E402
import variants  # noqa: E402
from tree import TreeTest, clean_environment  # noqa: E402

BOARD = "malta"
# The workloads that the issue asks for, and the sizes of their pools.
WORKLOADS = ("repeat", "bulk.lifo", "bulk.fifo", "bulk.shuffled", "random.50.one", "random.90.geometric",
             "random.98.uniform", "handoff", "fragment.2", "fragment.4", "ramp", "adversary.robson",
             "adversary.first_fit", "adversary.strand", "adversary.buddy", "adversary.walk",
             "adversary.search", "boot", "exhaust")
POOLS = (256, 4096, 32768)


def page_variants():
    return [variants.short(symbol) for symbol in variants.variation_points(variants.kconfig_tree())[0]]


class Refusals(TreeTest):
    """Each error is one line that names the thing and the mend; nothing is built."""

    def refused(self, *words, **more):
        lines = self.refuse("compare", f"BOARDS={BOARD}", *words, **more)
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def test_unknown_choice(self):
        self.assertRegex(self.refused("CHOICE=teapot"),
                         r"^compare: no choice teapot; these: .*page-allocator .*timer-queue")
        self.assertRegex(self.refused("CHOICE="), r"^compare: no choice \(empty\); these: ")
        self.assertRegex(self.refused("CHOICE=allocator"), r"^compare: more than one choice allocator; ")

    def test_unknown_board(self):
        self.assertRegex(self.refuse("compare", "BOARDS=malta teapot")[0],
                         r"^compare: no board teapot; these: .*malta")

    def test_empty_lists(self):
        self.assertRegex(self.refused("VARIANTS="), r"^compare: VARIANTS is empty; it names fragments")
        self.make("malta_defconfig")
        self.assertRegex(self.refuse("compare", "BOARDS=")[0],
                         r"^compare: BOARDS is empty; the boards are: ")

    def test_bad_variants(self):
        self.assertRegex(self.refused("VARIANTS=none.config"),
                         r"^compare: the variant none.config cannot be read: No such file")
        empty = self.write("empty.config", "# nothing\n")
        self.assertRegex(self.refused(f"VARIANTS={empty}"), r"asks for no option; it needs lines as")
        self.assertRegex(self.refused(f"VARIANTS={empty}", "CHOICE=ipc"), r"^compare: the members of ipc")

    def test_all_is_yes_or_no_and_alone(self):
        self.assertEqual(self.refused("ALL=perhaps"), "compare: ALL=perhaps: it is y or n")
        self.assertRegex(self.refused("ALL=y", "CHOICE=ipc"), r"^compare: ALL=y compares .* every choice")

    def test_bad_baseline(self):
        self.assertRegex(self.refused("BASELINE=none.json"),
                         r"^compare: the baseline none.json cannot be read: No such file")
        self.assertRegex(self.refused(f"BASELINE={self.scratch}"),
                         r"^compare: the baseline .* cannot be read: Is a directory")
        for text in ("nonsense", "{}", "[]", '{"format": "another"}', f'{{"format": "{results.FORMAT}"}}',
                     "\0\1"):
            foreign = self.write("foreign.json", text)
            self.assertRegex(self.refused(f"BASELINE={foreign}"),
                             r"^compare: the baseline .* is no results.json of this tree's")


class Discovery(unittest.TestCase):
    def test_choices_come_from_kconfig(self):
        found = {choice.name: choice for choice in choices.all_choices()}
        for symbols in variants.variation_points(variants.kconfig_tree()):
            owners = [choice for choice in found.values()
                      if {f"{symbol}=y" for symbol in symbols} ==
                      {variant.options[0] for variant in choice.variants if variant.options}]
            self.assertEqual(len(owners), 1, symbols)
        self.assertEqual(choices.select("object-allocator").name, "kernel-object-allocator")
        self.assertEqual([variant.name for variant in found["ipc"].variants],
                         ["semaphore", "event", "message_box"])

    def test_a_fourth_page_allocator_appears_by_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            top = os.path.join(folder, "tree")
            shutil.copytree(TOP, top, ignore=shutil.ignore_patterns("build", ".git", "*.pyc"))
            path = f"{top}/mm/Kconfig"
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace("config PAGE_ALLOC_BUDDY\n", "config PAGE_ALLOC_BEST_FIT\n"
                                        '\tbool "Best fit"\n\nconfig PAGE_ALLOC_BUDDY\n', 1))
            run = subprocess.run([f"{top}/scripts/compare", "--list"], stdout=subprocess.PIPE,
                                 text=True, check=True)
        self.assertIn("page-allocator: first_fit free_list best_fit buddy", run.stdout.splitlines())

    def test_every_variant_has_files(self):
        for symbols in variants.variation_points(variants.kconfig_tree()):
            for symbol in symbols:
                self.assertTrue(choices.source_files(symbol), symbol)


class Parsing(unittest.TestCase):
    """Figures from lines, on numbers that one can check by hand."""

    def parse(self, *lines):
        return figures.parse([f"# work {line}" for line in lines])

    def test_costs(self):
        found = self.parse("page.x/256 alloc 4 100 " + " ".join(map(str, range(17))))
        self.assertEqual(found.values["page.x/256 alloc.mean"], [25.0, "instructions", "less"])
        self.assertEqual([found.values[f"page.x/256 alloc.{name}"][0] for name in ("p50", "p99", "max")],
                         [7, 14, 16])
        self.assertEqual(found.curves["page.x/256 alloc.distribution"][-1], [16, 100.0])

    def test_failures_and_fragmentation(self):
        costs = " ".join(["1"] * 17)
        found = self.parse(f"page.x/256 alloc 3 3 {costs}", f"page.x/256 refused 1 9 {costs}",
                           "page.x/256 waste 2 40 50", "page.x/256 first_failure 128 4",
                           "page.x/256 step 4 128 128 64 3 3 0 0 " + " ".join(["0"] * 10 + ["500"]))
        values = {name.split(" ")[1]: value[0] for name, value in found.values.items()}
        self.assertEqual((values["refused.share"], values["first-failure"], values["waste"],
                          values["rounding"]), (25, 50, 2, 25))
        self.assertEqual((values["largest-run"], values["unusable.1"], values["unusable.1024"]),
                         (50, 0, 50))

    def test_all_costs_together(self):
        columns = [("b", "x"), ("b", "y")]
        values = {("b", "x"): {"w/1 alloc.mean": [2, "", ""], "w/2 alloc.mean": [8, "", ""]},
                  ("b", "y"): {"w/1 alloc.mean": [4, "", ""], "w/2 alloc.mean": [1, "", ""]}}
        self.assertEqual([round(cell.value, 3) for cell in tables.together(columns, values)],
                         [round(8 ** 0.5, 3), round(2 ** 0.5, 3)])

    def test_the_best_is_marked(self):
        cells = [tables.Cell(value, "x", "less") for value in (3, 2, 4)]
        tables.judge(cells)
        self.assertEqual([(cell.best, cell.ratio) for cell in cells],
                         [(False, 1.5), (True, None), (False, 2.0)])
        cells = [tables.Cell(value, "x", "more") for value in (3, 2)]
        tables.judge(cells)
        self.assertEqual([(cell.best, cell.ratio) for cell in cells], [(True, None), (False, 1.5)])


class Baseline(unittest.TestCase):
    """The rule of 2 %, both ways."""
    TOOLS = {"compiler": "gcc 12", "qemu": "7.2"}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path_of = baseline.path_of
        baseline.path_of = lambda board: os.path.join(folder.name, f"{board}.json")
        self.addCleanup(setattr, baseline, "path_of", path_of)
        baseline.save("b", self.TOOLS, {f"f{i} k": [100, "instructions"] for i in range(5)})

    def compare(self, tools=None, **figures_now):
        return baseline.Comparison("b", tools or self.TOOLS, {
            f"{name} k": [value, "instructions"] for name, value in figures_now.items()})

    def test_growth_and_shrinking(self):
        found = self.compare(f0=100, f1=102, f2=102.1, f3=98, f4=97.9)
        self.assertEqual([entry[0] for entry in found.grown], ["f2 k"])
        self.assertEqual([entry[0] for entry in found.shrunk], ["f4 k"])
        self.assertEqual(found.notes(), [
            "f4 of the kernel k shrank from 100 to 97.9 instructions (x0.979)",
            "b: make bench-baseline BOARDS=b brings the baseline up to date"])

    def test_other_tools_never_fail(self):
        found = self.compare({"compiler": "gcc 13", "qemu": "7.2"}, f0=200)
        self.assertTrue(found.foreign)
        self.assertEqual(found.notes()[:2], [
            "b: the baseline is of gcc 12 and 7.2: only ratios mean something",
            "f0 of the kernel k grew from 100 to 200 instructions (x2.000)"])

    def test_new_and_gone_figures_are_told(self):
        found = self.compare(f0=100, f1=100, f2=100, f3=100, f9=1)
        self.assertEqual((found.new, found.gone), (["f9 k"], ["f4 k"]))

    def test_none_and_foreign(self):
        with self.assertRaisesRegex(baseline.Unusable, "there is no .*c.json; make bench-baseline BOARDS=c"):
            baseline.load("c")
        with open(baseline.path_of("c"), "w", encoding="utf-8") as file:
            file.write("{}")
        with self.assertRaisesRegex(baseline.Unusable, "is no baseline of c; make bench-baseline"):
            baseline.load("c")

    def verdict(self, value, versions=None):
        """What `scripts/bench --check` makes of one figure: its lines of TAP, and what it prints."""
        bench = importlib.machinery.SourceFileLoader("bench", f"{TOP}/scripts/bench").load_module()
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            lines = bench.against_baseline("b", [bench.Figure("f0", "k", value, "instructions")],
                                           versions or self.TOOLS, "build/b")
        return lines, output.getvalue()

    def test_growth_fails_with_both_numbers_and_the_configuration(self):
        lines, output = self.verdict(150.0)
        self.assertEqual(lines, [(False, "baseline-f0@k-grew")])
        self.assertIn("# f0 of the kernel k grew from 100 to 150 instructions (x1.500); configuration: "
                      "b, kernel k", output)
        self.assertEqual(self.verdict(101.0)[0], [(True, "baseline")])

    def test_shrinking_and_other_tools_are_notes(self):
        lines, output = self.verdict(50.0)
        self.assertEqual(lines, [(True, "baseline")])
        self.assertIn("# note: f0 of the kernel k shrank from 100 to 50 instructions (x0.500)", output)
        lines, output = self.verdict(150.0, {"compiler": "gcc 13", "qemu": "7.2"})
        self.assertEqual(lines, [(True, "baseline")])
        self.assertIn("# note: f0 of the kernel k grew from 100 to 150", output)

    def test_notes_reach_whoever_runs_make_check(self):
        job = pool.Job("figures", [])
        job.judge(0, "# note: f0 shrank\n1..1\nok 1 - figures.b.baseline\n")
        self.assertEqual((job.notes, job.failed), (["f0 shrank"], 0))

    def test_there_is_one_for_every_board(self):
        for board in variants.boards():
            self.assertTrue(os.path.exists(os.path.join(TOP, baseline.FOLDER, f"{board}.json")), board)


class Whole(TreeTest):
    """One comparison of the page allocators, with all that may come in between. The order of the tests
    is that of their names: what one has measured the next finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = os.path.join(cls.scratch, "whole")

    def compare(self, *words, expect=0, **environment):
        done = self.try_make("compare", f"BOARDS={BOARD}", *words, output=self.folder, **environment)
        self.assertEqual(bool(done.status), bool(expect), done.output)
        return done

    def kept(self, name):
        with open(os.path.join(self.folder, "compare", name), encoding="utf-8") as file:
            return file.read()

    def test_1_interrupting_keeps_what_was_measured(self):
        process = subprocess.Popen(["make", f"O={self.folder}", "compare", f"BOARDS={BOARD}"], cwd=TOP,
                                   env=clean_environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, start_new_session=True)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if re.match(r"\[ *\d+/\d+\].*\(work\)", line):
                os.killpg(process.pid, signal.SIGINT)
                break
        rest = process.stdout.read()
        self.assertNotEqual(process.wait(), 0)
        self.assertIn("compare: interrupted; what has been measured is kept", rest)
        self.assertTrue([name for name in os.listdir(f"{self.folder}/compare/cache")
                         if name.endswith(".json")])

    def test_2_all_variants_all_workloads(self):
        done = self.compare()
        self.assertRegex(done.lines[0], r"^\[ *1/\d+\] +\d+ s  malta page-allocator ")
        results = json.loads(self.kept("results.json"))
        found = results["choices"]["page-allocator"]["boards"][BOARD]["variants"]
        self.assertEqual(list(found), page_variants())
        for name, entry in found.items():
            for workload in WORKLOADS:
                for pool in POOLS:
                    metric = "pages.16" if workload.startswith("fragment") else "alloc.p99"
                    figure = f"page.{workload}/{pool} {metric}"
                    self.assertGreater(entry["figures"][figure][0], 0, (name, figure))
            for pool in POOLS:
                self.assertEqual(entry["figures"][f"page.exhaust/{pool} restored"][0], 1)
            for metric in ("text", "data", "metadata", "irqs-off"):
                self.assertGreater(entry["figures"][f"variant {metric}"][0], 0, (name, metric))
        # The marks of the table are those of the figures.
        line = next(line for line in done.lines if line.startswith("page.repeat 4096 "))
        best = min(found, key=lambda name: found[name]["figures"]["page.repeat/4096 alloc.mean"][0])
        cells = re.findall(r"[\d.]+ (?:\*|x[\d.]+)", line[len("page.repeat 4096"):])
        self.assertEqual([name for name, cell in zip(found, cells) if cell.endswith("*")], [best])

    def test_3_csv_has_every_figure(self):
        results = json.loads(self.kept("results.json"))
        rows = list(csv.DictReader(self.kept("results.csv").splitlines()))
        found = results["choices"]["page-allocator"]["boards"][BOARD]["variants"]
        self.assertEqual(len(rows), sum(len(entry["figures"]) for entry in found.values()))
        row = next(row for row in rows if (row["workload"], row["metric"], row["variant"]) ==
                   ("page.boot/4096", "alloc.mean", "buddy"))
        self.assertEqual(float(row["value"]), found["buddy"]["figures"]["page.boot/4096 alloc.mean"][0])

    def test_3_page_is_self_contained(self):
        text = self.kept("index.html")
        self.assertFalse(re.search(r"<script|<link|<img|src=|url\(|@import", text))
        self.assertGreater(text.count("<svg"), 8)
        results = json.loads(self.kept("results.json"))
        for fact in (*results["boards"][BOARD]["tools"].values(), "guest instructions", "CONFIG_BOARD_MALTA=y",
                     "Seeds of the traces: page.adversary"):
            self.assertIn(fact, text)
        images = results["choices"]["page-allocator"]["boards"][BOARD]["variants"]["buddy"]["images"]
        for hashes in images.values():
            self.assertIn(hashes["image"][:16], text)

    def load_the_machine(self):
        """Until the test ends: as many busy processes as processors."""
        def end(process):
            process.kill()
            process.wait()

        for _processor in os.sched_getaffinity(0):
            self.addCleanup(end, subprocess.Popen([sys.executable, "-c", "while True: pass"]))

    def test_4_what_is_measured_again_on_a_loaded_machine_is_the_same_to_the_last_digit(self):
        before = self.kept("results.json")
        shutil.copy(os.path.join(self.folder, "compare/results.json"), self.path("before.json"))
        cache = os.path.join(self.folder, "compare/cache")
        for name in sorted(name for name in os.listdir(cache) if name.endswith(".json"))[::3]:
            os.unlink(os.path.join(cache, name))
        self.load_the_machine()
        self.compare()
        self.assertEqual(self.kept("results.json"), before)
        done = self.compare(f"BASELINE={self.path('before.json')}")
        self.assertRegex(done.output, r"== Against .*: 0 of \d{4} figures differ")

    def test_5_a_changed_baseline_is_told(self):
        results = json.loads(self.kept("results.json"))
        entry = results["choices"]["page-allocator"]["boards"][BOARD]["variants"]["buddy"]
        entry["figures"]["page.repeat/4096 alloc.mean"][0] /= 2
        results["boards"][BOARD]["tools"]["compiler"] = "a compiler of old"
        path = self.write("old.json", json.dumps(results))
        done = self.compare(f"BASELINE={path}")
        self.assertIn(": 1 of ", done.output)
        self.assertIn("malta page-allocator buddy page.repeat/4096 alloc.mean: ", done.output)
        self.assertIn("x2.000", done.output)
        self.assertIn("measured with other tools then (a compiler of old", done.output)

    def test_6_without_gnuplot_there_are_tables(self):
        tools = self.path("tools")
        os.makedirs(tools)
        for folder in ("/bin", "/usr/bin", "/usr/local/bin"):
            for name in os.listdir(folder):
                if name != "gnuplot" and not os.path.lexists(f"{tools}/{name}"):
                    os.symlink(f"{folder}/{name}", f"{tools}/{name}")
        done = self.compare(PATH=tools)
        self.assertIn("page.repeat 4096", done.output)
        self.assertIn("gnuplot is not installed: it comes with the package gnuplot-nox; scripts/setup "
                      "installs everything", done.lines)
        self.assertIn("No plots: gnuplot was not installed", self.kept("index.html"))

    def test_7_a_full_disk_is_one_line(self):
        path = os.path.join(self.folder, "compare/results.json.new")
        os.symlink("/dev/full", path)
        done = self.compare(expect=1)
        os.unlink(path)
        self.assertRegex(done.output, r"(?m)^compare: .*: No space left on device; make room")
        self.assertNotIn("Traceback", done.output)

    def test_8_a_variant_that_fails_stands_beside_the_others(self):
        good = self.write("good.config", "CONFIG_PAGE_ALLOC_FREE_LIST=y\n")
        bad = self.write("bad.config", "CONFIG_NO_SUCH_OPTION=y\n")
        done = self.compare(f"VARIANTS={good} {bad}", expect=1)
        self.assertRegex(done.output, r"malta page-allocator bad \(work\) FAILED: it is no valid")
        self.assertRegex(done.output, r"NO_SUCH_OPTION: there is no such option")
        self.assertRegex(done.output, r"whole log: .*/bad.work/log")
        self.assertRegex(done.output, r"page.repeat 4096 +\d+ +-")
        self.assertIn("<h2>Failed</h2>", self.kept("index.html"))


if __name__ == "__main__":
    unittest.main()
