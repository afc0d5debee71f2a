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

TRIES = {2: 40, 3: 2}  # configurations made for each that is taken, by strength
SAMPLES = 300  # random configurations that show what can occur


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

    def samples(self, rng, count):
        """Configurations drawn at random."""
        diagram = self.space.diagram()
        return [self.of(self.space.values(diagram.draw(rng))) for _ in range(count)]

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

    def weights(self, count):
        """For each of `count` items, how many parts of missing combinations it is in."""
        if self.strength == 2:
            return [self.rest.get((item,), 0).bit_count() for item in range(count)]
        weights = [0] * count
        for part in self.rest:
            for item in part:
                weights[item] += 1
        return weights

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


def possible(items, solver, strength, rows, wanted=-1):
    """The combinations that can occur, of items in `wanted` (a bit set). Some configurations, `rows`, show
    most of them; about the others the solver is asked, unless a part of the combination is impossible
    already."""
    rows, smaller = list(rows), set()
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
    from axis to value. Those of a group agree on the `dear` axes (names)."""
    grower = Grower(space, strength, seed)
    of_dear = grower.items_of(dear)
    groups = {bits(row): [] for row in grower.rows_of(of_dear)} if dear else {}
    missing = possible(grower.items, grower.solver, strength, grower.samples)
    while missing.rest:
        best, best_new = None, -1
        for _ in range(TRIES[strength]):
            seeds = missing.some(grower.rng)
            fits = [begin for begin in groups if grower.may_agree(begin | bits(seeds))]
            begin = grower.rng.choice(fits) if fits else 0
            row = grower.row(missing, [*seeds, *members(begin & ~bits(seeds))])
            new = missing.count(row, bits(row))
            if new > best_new:
                best, best_new = row, new
        missing.remove_row(best, bits(best))
        # What fits into no group begins another.
        group = groups.setdefault(bits(best) & of_dear, [])
        group.append(dict(grower.items.pairs[item] for item in best))
    return [group for group in groups.values() if group]


class Grower:
    """Makes configurations."""

    def __init__(self, space, strength, seed):
        self.rng = random.Random(seed)
        self.strength = strength
        self.items, self.solver = Items(space), space.solver()
        self.samples = self.items.samples(self.rng, SAMPLES)
        # Which pairs can occur tells nearly always what else can; the solver has the last word.
        self.pairs = possible(self.items, self.solver, 2, self.samples)

    def agreeing(self, mask):
        """The items that can occur with each of these."""
        agreeing = -1
        for item in members(mask):
            agreeing &= self.pairs.rest.get((item,), 0)
        return agreeing

    def may_agree(self, mask):
        return all(not mask & ~(self.pairs.rest.get((item,), 0) | 1 << item) for item in members(mask))

    def items_of(self, names):
        return bits(item for item, (name, _) in enumerate(self.items.pairs) if name in names)

    def rows_of(self, wanted):
        """The array of the axes of these items alone: lists of items."""
        items = self.items
        missing = possible(items, self.solver, self.strength, self.samples, wanted)
        rows = []
        while missing.rest:
            candidates = []
            for _ in range(TRIES[self.strength]):
                row = [item for item in self.row(missing, missing.some(self.rng), wanted)
                       if wanted >> item & 1]
                candidates.append((missing.count(row, bits(row)), row))
            rows.append(max(candidates)[1])
            missing.remove_row(rows[-1], bits(rows[-1]))
        return rows

    def row(self, missing, chosen, wanted=-1):
        """One configuration that has the `chosen` items, as many of them as can be from the first on, and
        as many of the missing ones as can be; axes that are not `wanted` are left to chance."""
        items, chosen = self.items, list(chosen)
        mask = bits(chosen)
        agreeing = self.agreeing(mask)
        axes = [axis for axis, mine in enumerate(items.of_axis)
                if not mask & bits(mine) and wanted >> mine[0] & 1]
        # Axes with much still missing first: their values decide which other axes exist at all.
        weight = missing.weights(len(items.pairs))
        axes.sort(key=lambda axis: -max(weight[item] for item in items.of_axis[axis])
                  * self.rng.uniform(0.5, 1))
        for axis in axes:
            ranked = [(missing.gain(item, chosen, mask), weight[item], self.rng.random(), item)
                      for item in items.of_axis[axis] if agreeing >> item & 1]
            if ranked:
                item = max(ranked)[-1]
                chosen.append(item)
                mask |= 1 << item
                agreeing &= self.pairs.rest[(item,)]
        return items.of(items.space.values(self.model(chosen)))

    def model(self, chosen):
        """The variables of a configuration with these items; of those that cannot be together, the
        first ones."""
        formula = self.items.formula
        model = self.solver.model(*(formula[item] for item in chosen))
        if model is None:
            kept = []
            for item in chosen:
                if self.solver.possible(*kept, formula[item]):
                    kept.append(formula[item])
            model = self.solver.model(*kept)
        return model


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
