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
            values.update((axis.name, label) for label in reversed(axis.values)
                          if symbol.visibility and spaces.write(symbol, label) == symbol.str_value)
        elif axis.symbols[0].visibility:
            values[axis.name] = axis.symbols[0].str_value
    return values


def with_defaults(space, values):
    """The values on all axes when these are asked for and the rest is as it is by default; None: they cannot
    be had so."""
    try:
        spaces.configure(space, values)
    except AssertionError:
        return None
    return current(space)


def minimal(configured, result, space, worker):
    """(the guilty values, the smallest failing configuration, its result)."""
    stage = result["failure"].split(":")[0]
    board = {axis.name: name for axis in space.axes for name, _ in spaces.board_demands(configured.board)
             if len(axis.symbols) > 1 and name in axis.values}
    usual = with_defaults(space, board)
    asked = with_defaults(space, configured.values)
    guilty = {name: value for name, value in asked.items() if usual.get(name) != value}
    best, best_result = configured, result

    def fails(values):
        nonlocal best, best_result
        completed = with_defaults(space, {**board, **values})
        if completed is None:
            return False
        candidate = sweep.Configured.of(configured.board, space, completed)
        outcome = worker.run(candidate)
        if not outcome["failure"] or outcome["failure"].split(":")[0] != stage:
            return False
        best, best_result = candidate, outcome
        return True

    # Halves first: most differences have nothing to do with it. What others depend on can only go after
    # them, so one by one until nothing goes any more.
    size = max(1, len(guilty) // 2)
    while True:
        names, before = list(reversed(guilty)), len(guilty)
        for begin in range(0, len(names), size):
            less = {name: value for name, value in guilty.items()
                    if name not in names[begin:begin + size]}
            if len(less) < len(guilty) and fails(less):
                guilty = less
        if size == 1 and len(guilty) == before:
            return guilty, best, best_result
        size = max(1, size // 2)


def explain(failures, board_space, worker):
    """Shrinks one failure of each kind, and says what is guilty."""
    seen = set()
    for configured, result, path in failures:
        kind = configured.board, re.sub(r"\d+", "", result["failure"])
        if kind in seen:
            continue
        name = f"{configured.board}/{configured.key}"
        if not worker.run(configured)["failure"]:
            print(f"# {name} failed, and works when it is repeated: {result['failure']}", flush=True)
            continue
        seen.add(kind)
        guilty, smallest, outcome = minimal(configured, result, board_space(configured.board), worker)
        small_path = os.path.join(os.path.dirname(path), "smallest_defconfig")
        with open(small_path, "w", encoding="utf-8") as file:
            file.write(smallest.text)
        words = ", ".join(f"{name}={value}" for name, value in sorted(guilty.items())) or "any"
        print(f"# {name} fails with: {words}\n#   {outcome['failure']}\n"
              f"#   again: scripts/check-configs --again {configured.board} {small_path}", flush=True)
