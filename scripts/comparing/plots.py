# SPDX-License-Identifier: MIT
"""Plots of a choice's curves by gnuplot, as SVG to put into the page.

A line is told by its dashes and points, not by colour alone, so that a plot can be printed.
"""
import re
import shutil
import subprocess

import figures

# gnuplot's dash and point types, and colours that are different shades of grey, too.
STYLES = ("dt 1 pt 7 lc rgb '#000000'", "dt 2 pt 4 lc rgb '#c05000'", "dt 3 pt 9 lc rgb '#1f5fbf'",
          "dt 4 pt 2 lc rgb '#5f8f00'", "dt 5 pt 12 lc rgb '#9f3f9f'", "dt 1 pt 1 lc rgb '#808080'")
POOL = "/4096"
FAR_APART = 50
# What the number of a room's workloads counts.
AXES = {"object": "bytes of an object, or objects in use", "sched": "threads", "timer": "timers",
        "ipc": "bytes"}
# What shows page allocators best: workloads, and what is drawn of each.
DISTRIBUTIONS = ("page.random.98.geometric", "page.random.90.uniform", "page.boot", "page.handoff")
FRAGMENTATION = ("page.ramp", "page.random.98.geometric", "page.handoff")
GROWTH = (("page.random.90.geometric", "alloc.mean", "one allocation, mean"),
          ("page.fragment.2.quarter", "pages.16", "16 pages behind holes of one"),
          ("page.adversary.walk", "alloc.mean", "one allocation, mean"),
          ("page.adversary.search", "alloc.mean", "one allocation, mean"))


class Plot:
    """A title, axes, and lines: [(variant, [[x, y], ...])]."""

    def __init__(self, title, x, y, lines, log="", style="linespoints"):
        self.title, self.x, self.y, self.log, self.style = title, x, y, log, style
        self.lines = [(name, points, STYLES[i % len(STYLES)])  # a variant's, whoever else is there
                      for i, (name, points) in enumerate(lines) if points]

    def script(self, name):
        """What gnuplot is told."""
        text = [f"set terminal svg size 520,340 dynamic enhanced font 'sans-serif,12' name '{name}'",
                f"set title '{self.title}' noenhanced", f"set xlabel '{self.x}' noenhanced",
                f"set ylabel '{self.y}' noenhanced", "set key noenhanced outside below",
                "set grid lc rgb '#cccccc'", "set border 3", "set tics nomirror"]
        if self.log:
            text.append(f"set logscale {self.log}")
        if "y" not in self.log:
            text.append("set yrange [0:*]")
        for i, (_name, points, _style) in enumerate(self.lines):
            text += [f"$data{i} << EOD", *(f"{x} {y}" for x, y in points), "EOD"]
        text.append("plot " + ", ".join(
            f"$data{i} with {self.style} lw 1.5 ps 0.6 {style} title '{name}'"
            for i, (name, _points, style) in enumerate(self.lines)))
        return "\n".join(text) + "\n"

    def svg(self, name):
        run = subprocess.run(["gnuplot"], input=self.script(name), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode:
            raise RuntimeError(f"gnuplot: {run.stderr.strip()}")
        # Without the XML declaration: it stands inside another document.
        return run.stdout[run.stdout.index("<svg"):]


def available():
    return shutil.which("gnuplot") is not None


def curve(found, name, thin=lambda points: points):
    """[(variant, points)], no points where a variant has no such curve."""
    return [(variant, thin(entry.get("curves", {}).get(name, []))) for variant, entry in found.items()]


def positive(points):
    """For a logarithmic axis."""
    return [[max(x, 1), y] for x, y in points]


def against_number(found, workload, metric):
    """[(variant, [[number, value]])]: how a figure grows with the pool, the threads, the bytes."""
    lines = []
    for variant, entry in found.items():
        points = [[number, value[0]] for name, value in entry.get("figures", {}).items()
                  for base, number, what in [figures.split(name)]
                  if base == workload and what == metric and number]
        lines.append((variant, sorted(points)))
    return lines


def of_pages(found):
    for workload in DISTRIBUTIONS:
        yield Plot(f"{workload}: cost of one allocation", "instructions", "% of requests below",
                   curve(found, f"{workload}{POOL} alloc.distribution", positive), "x")
    for workload in FRAGMENTATION:
        yield Plot(f"{workload}: free memory of no use to 16 pages", "operations", "%",
                   curve(found, f"{workload}{POOL} unusable.16"), style="lines")
    for workload, metric, what in GROWTH:
        yield Plot(f"{workload}: {what}", "pages in the pool", "instructions",
                   against_number(found, workload, metric), "xy")
    yield Plot("page.ramp: cost against occupancy", "% of the pool in use",
               "instructions for one allocation, mean", curve(found, f"page.ramp{POOL} occupancy"),
               "y", "points")


def of_numbers(found):
    """Every cost that was measured for several numbers, against them."""
    seen = {}
    for entry in found.values():
        for name in entry.get("figures", {}):
            workload, number, metric = figures.split(name)
            if number and not workload.startswith("page.") and \
                    metric.rpartition(".")[2] not in ("p50", "max"):
                seen.setdefault((workload, metric, entry["figures"][name][1]), set()).add(number)
    for (workload, metric, unit), numbers in seen.items():
        if len(numbers) > 2:
            lines = against_number(found, workload, metric)
            yield Plot(f"{workload}: {metric}", AXES.get(workload.split(".")[0], "number"), unit, lines,
                       "xy" if far_apart(lines) else "x")


def far_apart(lines):
    """Whether the values are of different orders of magnitude."""
    values = [y for _name, points in lines for _x, y in points]
    return min(values) > 0 and max(values) > FAR_APART * min(values)


def of_choice(found, prefix):
    """The SVG texts for one choice on one board."""
    plots = [plot for plot in [*of_pages(found), *of_numbers(found)] if plot.lines]
    return [plot.svg(re.sub(r"\W", "_", f"{prefix}_{i}")) for i, plot in enumerate(plots)]
