# SPDX-License-Identifier: MIT
"""Which configurations stand for all: the covering arrays of the boards."""
import hashlib
import itertools
import json
import os
from concurrent.futures import ProcessPoolExecutor

import covering
import space as spaces
import sweep
from configuration import fail


def board_space(board):
    return spaces.Space(demands=spaces.board_demands(board))


def array_of(board, strength, seed, folder):
    """The covering array of a board; it depends on the Kconfig files alone, and is kept."""
    space = board_space(board)
    text = repr([space.rules, [(axis.name, sorted(axis.values)) for axis in space.axes]])
    with open(covering.__file__, encoding="utf-8") as file:
        text += file.read()
    key = hashlib.sha256(f"{text} {strength} {seed}".encode()).hexdigest()[:16]
    path = os.path.join(folder, "arrays", f"{board}-{strength}-{key}.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            rows = json.load(file)
    else:
        rows, _ = covering.array(space, strength, seed)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(rows, file)
        os.replace(path + ".new", path)
    occur, covered = covering.check(space, rows, strength)
    return board, rows, occur, covered


def arrays(boards, strength, seed, jobs, folder):
    """The configurations of these boards' arrays, and lines that say what they cover."""
    lines, chosen = [], []
    with ProcessPoolExecutor(jobs) as executor:
        parts = [executor.submit(array_of, board, strength, seed, folder) for board in boards]
        for part in parts:
            board, rows, occur, covered = part.result()
            lines.append(f"{board}: {occur} valid {'pairs' if strength == 2 else 'triples'}, "
                         f"{covered} covered by {len(rows)} configurations")
            if covered != occur:
                fail(f"the covering array of {board} misses {occur - covered} combinations")
            space = board_space(board)
            chosen.append([sweep.Configured.of(board, space, row) for row in rows])
    # The boards in turn, so that an interrupted run has seen something of each.
    return [one for group in itertools.zip_longest(*chosen) for one in group if one], lines
