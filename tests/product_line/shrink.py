# SPDX-License-Identifier: MIT
"""Which options make a configuration fail: as few differences from the board's default as possible.

One after the other, each difference is taken back as long as the configuration stays valid and fails in the
same stage; what cannot be taken back is guilty, alone or together (the minimising half of delta
debugging, Zeller 2002).
"""
import os
import re

import space as spaces
import sweep


def from_text(board, space, text):
    """The configuration that a defconfig stands for."""
    kconfig = space.kconfig
    kconfig.unset_values()
    for name, value in re.findall(r"^CONFIG_(\w+)=(.*)$", text, re.MULTILINE):
        kconfig.syms[name].set_value(value.strip('"'))
    for name in re.findall(r"^# CONFIG_(\w+) is not set$", text, re.MULTILINE):
        kconfig.syms[name].set_value("n")
    return sweep.Configured.of(board, space, current(space))


def current(space):
    """The value on each axis as kconfiglib has it now."""
    values = {}
    for axis in space.axes:
        if len(axis.symbols) > 1:
            on = [symbol.name for symbol in axis.symbols if symbol.str_value == "y"]
            if on:
                values[axis.name] = on[0]
        elif axis.name in space.numbers:
            symbol = axis.symbols[0]
            values.update((axis.name, label) for label in axis.values
                          if symbol.visibility and spaces.write(symbol, label) == symbol.str_value)
        elif axis.symbols[0].visibility:
            values[axis.name] = axis.symbols[0].str_value
    return values


def default_values(space, board):
    kconfig = space.kconfig
    kconfig.unset_values()
    for name, value in spaces.board_demands(board):
        kconfig.syms[name].set_value(value)
    return current(space)


def formula_of(space, name, value):
    axis = next(axis for axis in space.axes if axis.name == name)
    return axis.values.get(value)


def complete(space, solver, wanted, fallback):
    """A valid configuration with the `wanted` values and as many of the others as can be; None: not
    valid."""
    asked = []
    for name, value in wanted.items():
        formula = formula_of(space, name, value)
        if formula is None:
            return None
        asked.append(formula)
    if not solver.possible(*asked):
        return None
    for name, value in fallback.items():
        formula = formula_of(space, name, value) if name not in wanted else None
        if formula is not None and solver.possible(*asked, formula):
            asked.append(formula)
    return space.values(solver.model(*asked))


def minimal(configured, result, space, worker):
    """(the guilty values, the smallest failing configuration, its result)."""
    stage = result["failure"].split(":")[0]
    defaults, solver = default_values(space, configured.board), space.solver()
    guilty = {name: value for name, value in configured.values.items()
              if defaults.get(name) != value}
    best, best_result = configured, result

    def fails(values):
        nonlocal best, best_result
        completed = complete(space, solver, values, defaults)
        if completed is None:
            return False
        candidate = sweep.Configured.of(configured.board, space, completed)
        outcome = worker.run(candidate)
        if not outcome["failure"] or outcome["failure"].split(":")[0] != stage:
            return False
        best, best_result = candidate, outcome
        return True

    # Halves first: most differences have nothing to do with it.
    size = max(1, len(guilty) // 2)
    while True:
        names = list(guilty)
        for begin in range(0, len(names), size):
            less = {name: value for name, value in guilty.items()
                    if name not in names[begin:begin + size]}
            if len(less) < len(guilty) and fails(less):
                guilty = less
        if size == 1:
            return guilty, best, best_result
        size = max(1, size // 2)


def explain(failures, board_space, worker):
    """Shrinks one failure of each kind, and says what is guilty."""
    seen = set()
    for configured, result, path in failures:
        kind = configured.board, re.sub(r"\d+", "", result["failure"])
        if kind in seen:
            continue
        seen.add(kind)
        guilty, smallest, outcome = minimal(configured, result, board_space(configured.board), worker)
        small_path = os.path.join(os.path.dirname(path), "smallest_defconfig")
        with open(small_path, "w", encoding="utf-8") as file:
            file.write(smallest.text)
        words = ", ".join(f"{name}={value}" for name, value in sorted(guilty.items())) or "any"
        print(f"# {configured.board}/{configured.key} fails with: {words}\n#   {outcome['failure']}\n"
              f"#   again: scripts/check-configs --again {configured.board} {small_path}", flush=True)
