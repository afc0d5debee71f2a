# SPDX-License-Identifier: MIT
"""Reads TAP (Test Anything Protocol) line by line and judges it. Other lines are let pass."""
import re

PLAN = re.compile(r"1\.\.(\d+)(?:\s|$)")
RESULT = re.compile(r"(not )?ok (\d+)(?: - (\S+))?(?:.*# SKIP(?: needs)? *(.*))?")


class Tap:
    def __init__(self):
        self.planned = None
        self.seen = 0
        self.passed = []
        self.failed = []
        self.skipped = {}  # name: the option that it needs
        self.problems = []

    def feed(self, line):
        if line.startswith("Bail out!"):
            self.problems.append(line)
        elif match := PLAN.match(line):
            if self.planned is not None:
                self.problems.append("there are two plans")
            self.planned = int(match[1])
        elif match := RESULT.match(line):
            self.result(*match.groups())

    def result(self, bad, number, name, needs):
        self.seen += 1
        if int(number) != self.seen:
            self.problems.append(f"test {self.seen} has number {number}")
        name = name or number
        if bad:
            self.failed.append(name)
        elif needs is not None:
            self.skipped[name] = needs
            if not needs:
                self.problems.append(f"{name} is skipped without the option that it needs")
        else:
            self.passed.append(name)

    def verdict(self):
        """What is wrong, as lines of text; none: all is well."""
        wrong = list(self.problems)
        if self.planned is None:
            wrong.append("there is no plan")
        elif self.planned == 0:
            wrong.append("the plan is empty")
        elif self.seen != self.planned:
            wrong.append(f"only {self.seen} of {self.planned} tests reported"
                         if self.seen < self.planned else
                         f"{self.seen} tests reported, {self.planned} planned")
        if self.failed:
            wrong.append("failed: " + " ".join(self.failed))
        return wrong
