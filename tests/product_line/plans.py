# SPDX-License-Identifier: MIT
"""Which configurations stand for all: the covering arrays of the boards."""
import functools
import hashlib
import itertools
import json
import multiprocessing
import os
import signal

import covering
import sources
import space as spaces
import sweep
from configuration import fail


def board_space(board):
    return spaces.Space(demands=spaces.board_demands(board))


# An option is dear when this part of the sources is compiled anew for another value of it.
DEAR = 1 / 7
WHAT = {2: "pairs", 3: "triples"}


@functools.cache
def costs():
    return sources.costs(sources.Sources())


def dear_axes(space):
    """The axes that most is compiled anew for, dearest first. Numbers are not: they have so many values, and
    what each changes is to be little."""
    cost = {axis.name: max((costs().get(symbol.name, 0) for symbol in axis.symbols), default=0)
            for axis in space.axes if axis.name not in space.numbers}
    return sorted((name for name in cost if cost[name] >= DEAR), key=lambda name: (-cost[name], name))


def alike(configurations):
    """The configurations, those that compile alike one after the other."""
    order = sorted(costs(), key=lambda option: (-costs()[option], option))
    return sorted(configurations, key=lambda configured: (
        configured.board, [configured.expected.get(option, "n") for option in order]))


def array_of(boards, strength, seed, folder):
    """The covering array of these boards, in groups, how many configurations are valid, and for pairs and what is
    larger how many are valid and how many covered. This depends on the Kconfig files and the dear options alone, and
    is kept."""
    space = spaces.Space(boards=boards)
    dear = dear_axes(space)
    text = repr([space.rules, [(axis.name, sorted(axis.values)) for axis in space.axes], dear])
    for module in (__file__, covering.__file__):
        with open(module, encoding="utf-8") as file:
            text += file.read()
    key = hashlib.sha256(f"{text} {strength} {seed}".encode()).hexdigest()[:16]
    path = os.path.join(folder, "arrays", f"{strength}-{key}.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            valid, groups = json.load(file)
    else:
        valid = space.diagram().count()
        groups = covering.array(space, strength, seed, dear)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump([valid, groups], file)
        os.replace(path + ".new", path)
    rows = list(itertools.chain(*groups))
    return groups, valid, {size: covering.check(space, rows, size) for size in range(2, strength + 1)}


def end_quietly():
    """In a process that the pool has: the one that made it says when to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def arrays(board_lists, strength, seed, jobs, folder):
    """The configurations of the covering arrays of these lists of boards, and lines that say what they
    cover."""
    lines, chosen = [], []
    with multiprocessing.Pool(jobs, end_quietly) as pool:
        make = functools.partial(array_of, strength=strength, seed=seed, folder=folder)
        for number, (groups, valid, checked) in enumerate(pool.imap(make, board_lists)):
            names, words = " ".join(board_lists[number]), []
            for size, (occur, covered) in checked.items():
                if covered != occur:
                    fail(f"the covering array of {names} misses {occur - covered} {WHAT[size]}")
                words.append(f"{occur} valid {WHAT[size]}, {covered} covered")
            lines.append(f"{names}: {valid} valid configurations; {', '.join(words)} by "
                         f"{sum(map(len, groups))} configurations")
            space = spaces.Space(boards=board_lists[number])
            chosen.append([alike(sweep.Configured.of(row[spaces.BOARD], space, row, group) for row in rows)
                           for group, rows in enumerate(groups)])
    # The arrays in turn, so that an interrupted run has seen something of each.
    turns = itertools.chain(*itertools.zip_longest(*chosen))
    return list(itertools.chain(*filter(None, turns))), lines
