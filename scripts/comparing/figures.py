# SPDX-License-Identifier: MIT
"""From the lines that a kernel prints (tests/workloads/) to figures and curves.

A figure's name is "WORKLOAD/NUMBER METRIC", the number being the size of the pool, the number of
threads, timers or bytes; its value has a unit and a direction. Curves are what plots are made of.
"""
import re

# Ranks in thousandths, as COST_QUANTILES in tests/workloads/cost.h.
QUANTILES = (0, 10, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 999, 1000)
NAMED = {500: "p50", 990: "p99", 1000: "max"}
ORDERS = 11
LINE = re.compile(r"# work (\S+) (\w+) (.*)$")
LESS, MORE = "less", "more"



class Figures:
    """Of one variant: what it measured."""

    def __init__(self):
        self.values = {}  # name: [value, unit, better]
        self.curves = {}  # name: [[x, y], ...]
        self.seeds = {}   # workload: what its random numbers began with

    def add(self, name, metric, value, unit, better=LESS):
        self.values[f"{name} {metric}"] = [round(value, 3), unit, better]


class Workload:
    """All lines of one workload."""

    def __init__(self, name):
        self.name = name
        self.costs = {}
        self.steps = []
        self.orders = []
        self.single = {}
        self.points = {}
        self.given = []  # [(metric, value, unit, better)]

    def feed(self, what, text):
        words = text.split()
        if what == "figure":
            metric, value, divisor, unit, better = words
            self.given.append((metric, int(value) / int(divisor), unit, better))
            return
        numbers = list(map(int, words))
        if what == "step":
            self.steps.append(numbers)
        elif what == "order":
            self.orders.append(numbers)
        elif len(numbers) == 2 + len(QUANTILES):
            self.costs[what] = numbers
        else:
            self.single[what] = numbers

    def pool(self):
        return int(self.name.rsplit("/", 1)[1])

    def finish(self, figures):
        if "seed" in self.single:
            figures.seeds[self.name.split("/")[0]] = self.single["seed"][0]
        self.finish_costs(figures)
        for metric, value, unit, better in self.given:
            figures.add(self.name, metric, value, unit, better)
        if self.orders:
            self.finish_orders(figures)
        if "waste" in self.single:
            self.finish_pool(figures)
        if self.steps:
            self.finish_steps(figures)

    def finish_costs(self, figures):
        for what, (count, total, *quantiles) in self.costs.items():
            figures.add(self.name, f"{what}.mean", total / count, "instructions")
            for rank, value in zip(QUANTILES, quantiles):
                if rank in NAMED:
                    figures.add(self.name, f"{what}.{NAMED[rank]}", value, "instructions")
            figures.curves[f"{self.name} {what}.distribution"] = [
                [value, rank / 10] for rank, value in zip(QUANTILES, quantiles)]

    def finish_orders(self, figures):
        curve = []
        for order, served, served_sum, refused, refused_sum in self.orders:
            mean = (served_sum + refused_sum) / (served + refused)
            figures.add(self.name, f"pages.{1 << order}", mean, "instructions")
            curve.append([1 << order, mean])
        figures.curves[f"{self.name} request"] = curve

    def finish_pool(self, figures):
        pool = self.pool()
        if "first_failure" in self.single:
            figures.add(self.name, "first-failure", 100 * self.single["first_failure"][0] / pool,
                        "%", MORE)
        requests = sum(self.costs.get(what, [0])[0] for what in ("alloc", "refused"))
        if requests:
            refused = self.costs.get("refused", [0])[0]
            figures.add(self.name, "refused.share", 100 * refused / requests, "%")
        waste, asked, rounded = self.single["waste"]
        figures.add(self.name, "waste", waste, "pages")
        if rounded > asked:
            figures.add(self.name, "rounding", 100 * (rounded / asked - 1), "%")
        if "restored" in self.single:
            figures.add(self.name, "restored", self.single["restored"][0], "(1: yes)", MORE)
        if "metadata" in self.single:
            metadata, total = self.single["metadata"]
            figures.add("variant", "metadata", metadata / total, "bytes/page")

    def finish_steps(self, figures):
        pool = self.pool()
        free = [step for step in self.steps if step[2]]  # where anything is free
        for order in range(ORDERS):
            index = [step[8 + order] / 10 for step in free]
            if index:
                figures.add(self.name, f"unusable.{1 << order}", sum(index) / len(index), "%")
            figures.curves[f"{self.name} unusable.{1 << order}"] = [
                [step[0], step[8 + order] / 10] for step in free]
        if free:
            shares = [100 * step[3] / step[2] for step in free]
            figures.add(self.name, "largest-run", sum(shares) / len(shares), "% of free", MORE)
        figures.curves[f"{self.name} occupancy"] = [
            [100 * step[1] / pool, step[5] / step[4]] for step in self.steps if step[4]]


def parse(lines):
    """Of the lines of one boot."""
    workloads = {}
    for line in lines:
        if match := LINE.match(line):
            name, what, text = match.groups()
            workloads.setdefault(name, Workload(name)).feed(what, text)
    figures = Figures()
    for workload in workloads.values():
        workload.finish(figures)
    return figures


def split(name):
    """"page.repeat/4096 alloc.mean" -> ("page.repeat", 4096, "alloc.mean")"""
    workload, metric = name.split(" ", 1)
    base, _slash, number = workload.partition("/")
    number, _dot, suffix = number.partition(".")
    return base + ("." + suffix if suffix else ""), int(number or 0), metric
