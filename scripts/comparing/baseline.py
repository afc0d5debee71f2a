# SPDX-License-Identifier: MIT
"""The figures that a board had when somebody last looked: tests/bench/baseline/BOARD.json.

Counts are deterministic, so a figure that has grown by more than GROWTH is a regression, and one that
has shrunk as much asks for a new baseline. With another compiler or QEMU they are other figures: then
ratios are told and nothing fails.
"""
import json
import os

import saved
from configuration import TOP

FORMAT = "tessera baseline 1"
GROWTH = 0.02
FOLDER = "tests/bench/baseline"


class Unusable(Exception):
    """There is no baseline to compare with; the text says why and what to do."""


def path_of(board):
    return os.path.join(TOP, FOLDER, f"{board}.json")


def mend(board):
    return f"make bench-baseline BOARDS={board}"


def load(board):
    name = f"{FOLDER}/{board}.json"
    try:
        data = saved.load(path_of(board), FORMAT)
    except FileNotFoundError:
        raise Unusable(f"there is no {name}; {mend(board)} makes it") from None
    except OSError as error:
        raise Unusable(f"{name} cannot be read: {error.strerror}") from None
    if not data or data.get("board") != board:
        raise Unusable(f"{name} is no baseline of {board}; {mend(board)} makes it anew")
    return data


def save(board, tools, figures):
    """figures: {"NAME KERNEL": [value, unit]}, a line each, so that a change of one shows."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}"
                       for name, value in sorted(figures.items()))
    os.makedirs(os.path.join(TOP, FOLDER), exist_ok=True)
    with open(path_of(board), "w", encoding="utf-8") as file:
        file.write(f'{{\n "format": {json.dumps(FORMAT)},\n "board": {json.dumps(board)},\n'
                   f' "tools": {json.dumps(tools)},\n "figures": {{\n{lines}\n }}\n}}\n')


class Comparison:
    """What a board's figures are against its baseline."""

    def __init__(self, board, tools, figures):
        data = load(board)
        self.board = board
        self.foreign = None if data["tools"] == tools else data["tools"]
        before = data["figures"]
        self.grown, self.shrunk = [], []  # (name, before, now, unit)
        for name, (value, unit) in figures.items():
            if name not in before:
                continue
            old = before[name][0]
            if value > old * (1 + GROWTH):
                self.grown.append((name, old, value, unit))
            elif value < old * (1 - GROWTH):
                self.shrunk.append((name, old, value, unit))
        self.new = sorted(set(figures) - set(before))
        self.gone = sorted(set(before) - set(figures))

    def notes(self):
        """One line for each thing that nobody has to mend today."""
        lines = []
        changed = [(entry, "grew") for entry in self.grown if self.foreign]
        changed += [(entry, "shrank") for entry in self.shrunk]
        if self.foreign:
            lines.append(f"{self.board}: the baseline is of {' and '.join(self.foreign.values())}: "
                         "only ratios mean something")
        lines += [tell(entry, verb) for entry, verb in changed]
        if self.new:
            lines.append(f"{self.board}: not in the baseline: {', '.join(self.new)}")
        if self.gone:
            lines.append(f"{self.board}: in the baseline, not measured: {', '.join(self.gone)}")
        if not self.foreign and (self.shrunk or self.new or self.gone):
            lines.append(f"{self.board}: {mend(self.board)} brings the baseline up to date")
        return lines


def tell(entry, verb):
    name, old, value, unit = entry
    figure, kernel = name.split(" ")
    ratio = f"x{value / old:.3f}" if old else "from nothing"
    return f"{figure} of the kernel {kernel} {verb} from {old:g} to {value:g} {unit} ({ratio})"
