# SPDX-License-Identifier: MIT
"""Covering arrays: few configurations in which every t values of t axes that can occur together do.

Greedy, one configuration at a time, after AETG (Cohen et al. 1997), with a SAT solver for the
dependencies (Cohen, Dwyer, Shi 2008): begin with a combination that is still missing, then give each
axis, in random order, the value that brings most of the missing ones and that the rules still allow.
Sizes are within some tens of percent of the best known. The randomness has a fixed seed.

`check` does not trust any of this: it looks at finished configurations only, and asks the solver about
every combination that none of them has.
"""
import itertools
import random


class Items:
    """All (axis, value) pairs as numbers."""

    def __init__(self, space):
        self.space = space
        self.pairs = [(axis.name, value) for axis in space.axes for value in axis.values]
        self.number = {pair: i for i, pair in enumerate(self.pairs)}
        self.formula = [formula for axis in space.axes for formula in axis.values.values()]
        self.axis = [i for i, axis in enumerate(space.axes) for _ in axis.values]
        self.of_axis = [[] for _ in space.axes]
        for item, axis in enumerate(self.axis):
            self.of_axis[axis].append(item)

    def of(self, values):
        """The sorted items of a configuration."""
        return sorted(self.number[pair] for pair in values.items())


def combinations(items, strength):
    """All sets of `strength` items of different axes, as sorted tuples."""
    for axes in itertools.combinations(items.of_axis, strength):
        yield from itertools.product(*axes)


def possible(items, solver, strength, rng):
    """The combinations that can occur. Random configurations show most of them; about the others the
    solver is asked, unless a part of the combination is impossible already."""
    missing = set(combinations(items, strength))
    smaller = possible(items, solver, strength - 1, rng) if strength > 1 else None
    found = set()
    if smaller is not None:
        missing = {combination for combination in missing
                   if all(part in smaller
                          for part in itertools.combinations(combination, strength - 1))}
    diagram = items.space.diagram()
    idle = 0
    while idle < 20 and missing:
        new = missing.intersection(itertools.combinations(
            items.of(items.space.values(diagram.draw(rng))), strength))
        missing -= new
        found |= new
        idle = 0 if len(new) > len(missing) // 1000 else idle + 1
    while missing:
        combination = missing.pop()
        model = solver.model(*(items.formula[item] for item in combination))
        if model is not None:
            found.add(combination)
            new = missing.intersection(itertools.combinations(
                items.of(items.space.values(model)), strength))
            missing -= new
            found |= new
    return found


def array(space, strength, seed=1, already=()):
    """Configurations (dictionaries from axis to value) that cover everything that can occur; those in
    `already` count."""
    rng = random.Random(seed)
    items, solver = Items(space), space.solver()
    missing = possible(items, solver, strength, rng)
    total = len(missing)
    left = Missing(items, missing, strength)
    rows = []
    for row in already:
        left.cover(items.of(row))
    while left.left:
        best, best_new = None, -1
        for _ in range(3 if strength < 3 else 1):
            row = grow(items, solver, left, rng)
            new = left.count(items.of(row))
            if new > best_new:
                best, best_new = row, new
        left.cover(items.of(best))
        rows.append(best)
    return rows, total


class Missing:
    """The combinations still missing, found by each of their items."""

    def __init__(self, items, missing, strength):
        self.left = missing
        self.strength = strength
        self.by_item = [set() for _ in items.pairs]
        for combination in missing:
            for item in combination:
                self.by_item[item].add(combination)

    def cover(self, row):
        for combination in self.left.intersection(itertools.combinations(row, self.strength)):
            self.left.discard(combination)
            for item in combination:
                self.by_item[item].discard(combination)

    def count(self, row):
        return len(self.left.intersection(itertools.combinations(row, self.strength)))

    def gain(self, item, chosen):
        """How many of them the item completes with others out of `chosen` (a sorted list)."""
        mine = self.by_item[item]
        if not mine:
            return 0
        return sum(tuple(sorted((item, *others))) in mine
                   for others in itertools.combinations(chosen, self.strength - 1))


def grow(items, solver, missing, rng):
    """One configuration."""
    # min() makes it the same whatever order the set has.
    chosen = list(min(missing.left) if rng.random() < 0.5 else rng.choice(sorted(missing.left)))
    model = solver.model(*(items.formula[item] for item in chosen))
    axes = [axis for axis in range(len(items.of_axis))
            if axis not in {items.axis[item] for item in chosen}]
    # Axes with much still missing first: their values decide which other axes exist at all.
    axes.sort(key=lambda axis: -max(len(missing.by_item[item]) for item in items.of_axis[axis])
              * rng.uniform(0.5, 1))
    for axis in axes:
        # What the last model has is possible without asking.
        ranked = sorted(items.of_axis[axis], key=lambda item: (
            -missing.gain(item, chosen), -len(missing.by_item[item]), rng.random()))
        for item in ranked:
            formula = items.formula[item]
            if not holds_in(formula, model):
                other = solver.model(formula, *(items.formula[item] for item in chosen))
                if other is None:
                    continue
                model = other
            chosen.append(item)
            break
    return items.space.values(model)


def holds_in(formula, model):
    return formula in model if isinstance(formula, str) else formula[1] not in model


def check(space, rows, strength):
    """(combinations that can occur, those that the rows have), from the rows and the solver alone."""
    items, solver = Items(space), space.solver()
    covered = set()
    for row in rows:
        covered.update(itertools.combinations(items.of(row), strength))
    possible_ones = len(covered)
    known_impossible = set()
    for size in range(1, strength + 1):
        for combination in combinations(items, size):
            if size == strength and combination in covered:
                continue
            if any(part in known_impossible for n in range(1, size)
                   for part in itertools.combinations(combination, n)):
                continue
            if size < strength and any(set(combination) <= set(items.of(row)) for row in rows[:8]):
                continue
            if not solver.possible(*(items.formula[item] for item in combination)):
                known_impossible.add(combination)
            elif size == strength:
                possible_ones += 1
    return possible_ones, len(covered)
