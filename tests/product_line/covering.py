# SPDX-License-Identifier: MIT
"""Covering arrays: few configurations in which every t values of t axes that can occur together do.

Greedy, one configuration at a time, after AETG (Cohen et al. 1997), with a SAT solver for the
dependencies (Cohen, Dwyer, Shi 2008): begin with a combination that is still missing, then give each
axis, in random order, the value that brings most of the missing ones and that the rules still allow.
Sizes are within some tens of percent of the best known. The randomness has a fixed seed.

Some axes are dearer than others: a change of one compiles nearly everything anew. For these an array is made
first, which has few rows, and each configuration begins with one of these rows where it can. So the
configurations fall into few groups, and within one little is compiled again.

Sets of items are bits of one large number each, so that counting what is missing is a few machine words.

`check` does not trust any of this: it looks at finished configurations only, and asks the solver about
every combination that none of them has.
"""
import itertools
import random

TRIES = 5  # configurations made for each that is taken


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


def bits(items):
    return sum(1 << item for item in items)


def members(mask):
    """The items of a set, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Combinations:
    """A set of combinations of `strength` items: for each `strength - 1` of them (a sorted tuple), those
    that complete it."""

    def __init__(self, strength):
        self.strength = strength
        self.rest = {}

    def add_row(self, row, mask):
        """All combinations of these items."""
        for part in itertools.combinations(row, self.strength - 1):
            self.rest[part] = self.rest.get(part, 0) | mask & ~bits(part)

    def add(self, combination):
        for item in combination:
            part = tuple(other for other in combination if other != item)
            self.rest[part] = self.rest.get(part, 0) | 1 << item

    def remove_row(self, row, mask):
        for part in itertools.combinations(row, self.strength - 1):
            left = self.rest.get(part, 0)
            if left & mask:
                if left & ~mask:
                    self.rest[part] = left & ~mask
                else:
                    del self.rest[part]

    def __contains__(self, combination):
        *part, item = combination
        return bool(self.rest.get(tuple(part), 0) >> item & 1)

    def __len__(self):
        return sum(mask.bit_count() for mask in self.rest.values()) // self.strength

    def count(self, row, mask):
        """How many of them the row has."""
        return sum((self.rest.get(part, 0) & mask).bit_count() for part in
                   itertools.combinations(row, self.strength - 1)) // self.strength

    def gain(self, item, chosen, mask):
        """A measure of how many of them the item completes with others out of `chosen`."""
        if self.strength == 2:
            return (self.rest.get((item,), 0) & mask).bit_count()
        return sum((self.rest.get(part, 0) & mask).bit_count() for part in
                   (tuple(sorted((item, *others)))
                    for others in itertools.combinations(chosen, self.strength - 2)))

    def some(self, rng):
        """One of them, where most are."""
        parts = list(self.rest)
        rng.shuffle(parts)
        part = max(parts, key=lambda part: self.rest[part].bit_count())
        return sorted((*part, rng.choice(list(members(self.rest[part])))))


def every(items, strength, smaller):
    """All sorted combinations of `strength` items of different axes whose parts are all in `smaller`."""
    if strength == 1:
        yield from ((item,) for item in range(len(items.pairs)))
        return
    for part in list(smaller):
        last = items.of_axis[items.axis[part[-1]]][-1]
        for item in range(last + 1, len(items.pairs)):
            if all(tuple(sorted((*fewer, item))) in smaller
                   for fewer in itertools.combinations(part, strength - 2)):
                yield (*part, item)


def possible(items, solver, strength, rng, wanted=None):
    """The combinations that can occur, of items in `wanted` (a bit set; None: of all). Random
    configurations show most of them; about the others the solver is asked, unless a part of the
    combination is impossible already."""
    if wanted is None:
        wanted = (1 << len(items.pairs)) - 1
    diagram = items.space.diagram()
    rows = [items.of(items.space.values(diagram.draw(rng))) for _ in range(100 * strength)]
    smaller = set()
    for size in range(1, strength + 1):
        found = Combinations(size)

        def show(values, found=found):
            row = [item for item in values if wanted >> item & 1]
            found.add_row(row, bits(row))

        for row in rows:
            show(row)
        ones = set()
        for combination in every(items, size, smaller):
            if not all(wanted >> item & 1 for item in combination):
                continue
            if combination not in found:
                model = solver.model(*(items.formula[item] for item in combination))
                if model is None:
                    continue
                rows.append(items.of(items.space.values(model)))
                show(rows[-1])
            ones.add(combination)
        smaller = ones
    return found


def array(space, strength, seed=1, dear=()):
    """Configurations that cover everything that can occur, in groups: a list of lists of dictionaries
    from axis to value. Those of a group agree on the `dear` axes (names); the last group has what fits into none
    of the others."""
    rng = random.Random(seed)
    items, solver = Items(space), space.solver()
    begins = dear_rows(items, solver, strength, rng, dear) if dear else []
    missing = possible(items, solver, strength, rng)
    groups = [[] for _ in range(len(begins) + 1)]
    while missing.rest:
        best, best_new = None, -1
        for _ in range(TRIES):
            seeds = missing.some(rng)
            fits = [number for number, begin in enumerate(begins) if
                    solver.possible(*(items.formula[item] for item in {*begin, *seeds}))]
            group = rng.choice(fits) if fits else len(begins)
            begin = begins[group] if fits else []
            row = items.of(space.values(grow(items, solver, missing, rng, {*begin, *seeds})))
            new = missing.count(row, bits(row))
            if new > best_new:
                best, best_new, best_group = row, new, group
        missing.remove_row(best, bits(best))
        groups[best_group].append(dict(items.pairs[item] for item in best))
    return [group for group in groups if group]


def dear_rows(items, solver, strength, rng, dear):
    """The rows of the array of the dear axes alone."""
    wanted = bits(item for item, (name, _) in enumerate(items.pairs) if name in dear)
    missing = possible(items, solver, strength, rng, wanted)
    rows = []
    while missing.rest:
        candidates = []
        for _ in range(4 * TRIES):
            model = grow(items, solver, missing, rng, missing.some(rng), wanted)
            row = [item for item in items.of(items.space.values(model)) if wanted >> item & 1]
            candidates.append((missing.count(row, bits(row)), row))
        rows.append(max(candidates)[1])
        missing.remove_row(rows[-1], bits(rows[-1]))
    return rows


def grow(items, solver, missing, rng, chosen, wanted=-1):
    """The variables of one configuration that has the `chosen` items and as many of the missing ones
    as can be; axes that are not `wanted` are left to chance."""
    chosen = sorted(chosen)
    mask = bits(chosen)
    model = solver.model(*(items.formula[item] for item in chosen))
    left = {item for part in missing.rest for item in part}
    axes = [axis for axis, mine in enumerate(items.of_axis)
            if not mask & bits(mine) and wanted >> mine[0] & 1]
    # Axes with much still missing first: their values decide which other axes exist at all.
    weight = [missing.rest.get((item,), 0).bit_count() if missing.strength == 2 else item in left
              for item in range(len(items.pairs))]
    axes.sort(key=lambda axis: -max(weight[item] for item in items.of_axis[axis])
              * rng.uniform(0.5, 1))
    for axis in axes:
        # What the last model has is possible without asking.
        ranked = sorted(items.of_axis[axis], key=lambda item: (
            -missing.gain(item, chosen, mask), -weight[item], rng.random()))
        for item in ranked:
            formula = items.formula[item]
            if not holds_in(formula, model):
                other = solver.model(formula, *(items.formula[item] for item in chosen))
                if other is None:
                    continue
                model = other
            chosen.append(item)
            mask |= 1 << item
            break
    return model


def holds_in(formula, model):
    return formula in model if isinstance(formula, str) else formula[1] not in model


def check(space, rows, strength):
    """(combinations that can occur, those that the rows have), from the rows and the solver alone."""
    items, solver = Items(space), space.solver()
    rows = [items.of(row) for row in rows]
    smaller = []
    for size in range(1, strength + 1):
        covered = {part for row in rows for part in itertools.combinations(row, size)}
        occur = set(covered)
        for combination in every(items, size, smaller):
            if combination not in covered and solver.possible(*(items.formula[item]
                                                                for item in combination)):
                occur.add(combination)
        smaller = occur
    return len(occur), len(covered)
