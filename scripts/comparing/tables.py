# SPDX-License-Identifier: MIT
"""Tables of figures: a row for each workload, a column for each variant of each board.

In each row and board the best value is marked, and the others say how many times worse they are.
"""
import math
import re

import figures

USUAL_POOL = 4096  # pages: what the terminal shows; the other sizes are in the page and the files
# What a metric is called. One that is not here is called by its name.
TITLES = {
    "alloc": "one allocation", "free": "one free", "refused": "one refused request",
    "first-failure": "pool in use when the first request failed, %",
    "refused.share": "requests refused, %", "waste": "pages held beyond those asked for",
    "rounding": "what rounding up to powers of two would add to the pages asked for, %",
    "usable": "adversaries: pool that can be in use before a request fails, % (.at_most, .at_least: what "
              "theory says)",
    "restored": "all back: as it was at first (1: yes)",
    "largest-run": "largest free run, % of what is free, mean over the trace",
}
STATISTICS = {"mean": "mean", "p50": "half of them below", "p99": "99 of 100 below", "max": "largest"}
# The terminal leaves these out.
DETAILS = ("p50", "max")
SHOWN_ORDERS = (16,)


class Cell:
    def __init__(self, value, unit, better):
        self.value, self.unit, self.better = value, unit, better
        self.best = False
        self.ratio = None  # how many times worse than the best


class Table:
    def __init__(self, title, columns):
        self.title = title
        self.columns = columns  # [(board, variant)]
        self.rows = []          # [(label, [Cell or None])]

    @property
    def same(self):
        """The value that all cells have, or None."""
        found = {cell and cell.value for _label, cells in self.rows for cell in cells}
        return found.pop() if len(found) == 1 and len(self.rows) > 1 else None

    def add(self, label, cells):
        if not any(cells):
            return
        for board in {board for board, _variant in self.columns}:
            judge([cell for (name, _variant), cell in zip(self.columns, cells)
                   if cell and name == board])
        self.rows.append((label, cells))


def judge(cells):
    """Marks the best, and says of the others how far behind they are."""
    if len(cells) < 2:
        return
    best = (min if cells[0].better == figures.LESS else max)(cell.value for cell in cells)
    if all(cell.value == best for cell in cells):
        return
    for cell in cells:
        cell.best = cell.value == best
        top, bottom = (cell.value, best) if cell.better == figures.LESS else (best, cell.value)
        if not cell.best and bottom > 0 and top / bottom >= 1.005:
            cell.ratio = top / bottom


def number(value):
    """Four digits, or all of a whole number."""
    if value == int(value):
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else \
        f"{value:.2f}"


def title_of(metric, unit):
    if metric in TITLES:
        return TITLES[metric]
    what, _dot, statistic = metric.rpartition(".")
    if statistic in STATISTICS:
        return f"{unit} for {TITLES.get(what, what)}: {STATISTICS[statistic]}"
    if what == "unusable":
        return f"free memory of no use to a request for {statistic} pages, %, mean over the trace"
    if what == "pages":
        return f"{unit} for a request of {statistic} pages in fragmented memory"
    return f"{metric}, {unit}"


def shown(metric):
    """Whether the terminal shows it."""
    what, _dot, statistic = metric.rpartition(".")
    if what in ("unusable", "pages"):
        return int(statistic) in SHOWN_ORDERS
    return statistic not in DETAILS


def label_of(name, metric):
    workload, value, _metric = figures.split(f"{name} {metric}")
    return f"{workload} {value}" if value else workload


def of_choice(choice, everything=False):
    """The tables of a choice's results, one for each metric. `choice` is as in results.json."""
    columns = [(board, variant) for board, found in choice["boards"].items()
               for variant in found["variants"]]
    values = {(board, variant): choice["boards"][board]["variants"][variant].get("figures", {})
              for board, variant in columns}
    names = {}
    for found in values.values():
        for name, (_value, unit, _better) in found.items():
            names.setdefault(name, unit)
    pools = {name for name in names if name.split(" ")[0].endswith(f"/{USUAL_POOL}")}
    static = Table("bytes and limits", columns)
    by_metric = {}
    for name, unit in names.items():
        workload, metric = name.split(" ", 1)
        cells = [Cell(*values[column][name]) if name in values[column] else None
                 for column in columns]
        if "/" not in workload:
            static.add(f"{workload} {metric}, {unit}", cells)
            continue
        usual = workload.startswith("page.") and pools and \
            figures.split(name)[1] != USUAL_POOL
        if not everything and (usual or not shown(metric)):
            continue
        table = by_metric.setdefault(metric, Table(title_of(metric, unit), columns))
        table.add(label_of(workload, metric), cells)
    static.add("all mean costs together, times the best", together(columns, values))
    found = [table for table in [static, *by_metric.values()] if table.rows]
    for table in by_metric.values():
        table.rows.sort(key=lambda row: natural(row[0]))
    return found


def together(columns, values):
    """For each column the geometric mean, over every mean cost that all variants of its board have, of
    how many times the best's it is."""
    cells = []
    for board, variant in columns:
        rivals = [values[column] for column in columns if column[0] == board]
        logarithms = []
        for name in values[board, variant]:
            costs = [rival[name][0] for rival in rivals if name in rival and name.endswith(".mean")]
            if len(costs) == len(rivals) > 1 and min(costs) > 0:
                logarithms.append(math.log(values[board, variant][name][0] / min(costs)))
        cells.append(Cell(math.exp(sum(logarithms) / len(logarithms)), "times", figures.LESS)
                     if logarithms else None)
    return cells


def natural(text):
    """A key that sorts numbers as numbers."""
    return [(part.isdigit() and int(part) or 0, part) for part in re.split(r"(\d+)", text)]


def as_text(table):
    """Lines for a terminal."""
    if table.same is not None:
        return ["", f"{table.title}: {number(table.same)} in every workload and variant"]
    width = max(len(label) for label, _cells in table.rows) + 2
    texts = []
    for label, cells in table.rows:
        texts.append((label, [
            "-" if cell is None else number(cell.value) +
            (" *" if cell.best else f" x{cell.ratio:.2f}" if cell.ratio else "")
            for cell in cells]))
    widths = [max(len(variant), *(len(row[i]) for _label, row in texts)) + 2
              for i, (_board, variant) in enumerate(table.columns)]
    lines = ["", table.title]
    boards = [board for board, _variant in table.columns]
    if len(set(boards)) > 1:
        line = " " * width
        for i, board in enumerate(boards):
            line += f"{board if i == 0 or boards[i - 1] != board else '':<{widths[i]}}"
        lines.append(line.rstrip())
    lines.append((" " * width + "".join(
        f"{variant:<{size}}" for (_board, variant), size in zip(table.columns, widths))).rstrip())
    for label, row in texts:
        lines.append((f"{label:<{width}}" + "".join(
            f"{text:<{size}}" for text, size in zip(row, widths))).rstrip())
    return lines
