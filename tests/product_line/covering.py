# SPDX-License-Identifier: MIT
"""Covering arrays: few configurations in which every t values of t axes that can occur together do.

Greedy, one configuration at a time, after AETG (Cohen et al. 1997), with a SAT solver for the
dependencies (Cohen, Dwyer, Shi 2008): begin with a combination that is still missing, then give each
axis, in random order, the value that brings most of the missing ones and that the rules still allow.
Sizes are within some tens of percent of the best known. The randomness has a fixed seed.

Some axes are dearer than others: a change of one compiles nearly everything anew. For these an array is made
first, which has few rows, and each configuration begins with one of these rows where it can. So the
configurations fall into few groups, and within one little is compiled again.

Sets of items, and of pairs of items for triples, are bits of one large number each, so that counting what
is missing is a few machine words.

`check` does not trust any of this: it looks at finished configurations only, and asks the solver about
every combination that none of them has.
"""
import functools
import itertools
import math
import operator
import random

TRIES = {2: 40, 3: 10}  # configurations made for each that is taken, by strength
CHANGES = {2: 0, 3: 20}  # and how often the best of these is made anew in part
SAMPLES = {2: 300, 3: 5000}  # random configurations that show what can occur


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

    def among(self, wanted, row):
        return [item for item in row if wanted >> item & 1]

    def later(self, part):
        """The items of axes behind those of these (in order)."""
        first = self.of_axis[self.axis[part[-1]]][-1] + 1 if part else 0
        return (1 << len(self.pairs)) - (1 << first)


def bits(items):
    return sum(1 << item for item in items)


def members(mask):
    """The items of a set, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def tuples_of(items, length, width):
    """All tuples of these items, in any order, also with one twice, as bits of one number: a tuple's bit is
    the number that has the items, all below `width`, as digits."""
    found = 1
    for digit in range(length):
        found = functools.reduce(operator.or_, [found << item * width ** digit for item in items], 0)
    return found


@functools.cache
def different(length, width):
    """All tuples that have no item twice."""
    tuples = itertools.product(reversed(range(width)), repeat=length)
    return int("".join("1" if len(set(one)) == length else "0" for one in tuples), 2)


@functools.cache
def without(item, length, width):
    """All tuples that have no item twice, and not this one."""
    others = [other for other in range(width) if other != item]
    return different(length, width) & tuples_of(others, length, width)


def extend(tuples, item, width):
    """Here are the tuples of some items by length, each in one order. From now on also of this item."""
    for length in range(len(tuples) - 1, 0, -1):
        tuples[length] |= tuples[length - 1] << item * width ** (length - 1)


def after(item, tuples, length, width):
    """What follows the item in the tuples that begin with it, `length` more."""
    return tuples >> item * width ** length & (1 << width ** length) - 1


class Combinations:
    """A set of combinations of `strength` out of `width` items: for each item, the tuples of others that
    complete it, in any order."""

    def __init__(self, strength, width):
        self.strength = strength
        self.length = strength - 1  # of the tuples
        self.width = width
        self.rest = {}

    def add_row(self, row):
        """All combinations of these items."""
        tuples = tuples_of(row, self.length, self.width)
        for item in row:
            if mine := tuples & without(item, self.length, self.width):
                self.rest[item] = self.rest.get(item, 0) | mine

    def remove_row(self, row):
        tuples = tuples_of(row, self.length, self.width)
        for item in row:
            left = self.rest.get(item, 0)
            if left & tuples:
                if left & ~tuples:
                    self.rest[item] = left & ~tuples
                else:
                    del self.rest[item]

    def __len__(self):
        return sum(left.bit_count() for left in self.rest.values()) // math.factorial(self.strength)

    def count(self, row):
        """How many of them the row has."""
        tuples = tuples_of(row, self.length, self.width)
        return sum((self.rest.get(item, 0) & tuples).bit_count()
                   for item in row) // math.factorial(self.strength)

    def gain(self, item, tuples):
        """How many of them the item completes with these tuples, each there in one order."""
        return (self.rest.get(item, 0) & tuples).bit_count()

    def weights(self):
        """A measure of how many of them each item is in."""
        return [self.rest.get(item, 0).bit_count() for item in range(self.width)]

    def completing(self, part):
        """The items that make one of them with this part, which lacks one item."""
        if not part:
            return bits(self.rest)
        left = self.rest.get(part[0], 0)
        for length, item in zip(range(self.length - 1, 0, -1), part[1:]):
            left = after(item, left, length, self.width)
        return left

    def some(self, rng):
        """One of them, where most are."""
        chosen, found = [], self.rest
        for length in range(self.length, 0, -1):
            parts = list(found)
            rng.shuffle(parts)
            chosen.append(max(parts, key=lambda part, found=found: found[part].bit_count()))
            left = found[chosen[-1]]
            found = {item: after(item, left, length - 1, self.width) for item in range(self.width)}
        return sorted((*chosen, rng.choice(list(members(left)))))


def shorter(part):
    """The part without one of its items, for each of them."""
    return (part[:i] + part[i + 1:] for i in range(len(part)))


def possible(items, solver, strength, rows, wanted=-1):
    """The combinations that can occur, of items in `wanted` (a bit set). Some configurations, `rows`, show
    most of them; about the others the solver is asked, unless a part of the combination is impossible
    already."""
    wanted &= bits(range(len(items.pairs)))
    rows, parts, smaller = [items.among(wanted, row) for row in rows], [()], None
    for size in range(1, strength + 1):
        found = Combinations(size, len(items.pairs))
        for row in rows:
            found.add_row(row)
        for part in parts:
            left = wanted & items.later(part) & ~found.completing(part)
            for fewer in shorter(part):
                left &= smaller.completing(fewer)
            while left:
                item = next(members(left))
                left ^= 1 << item
                model = solver.model(*(items.formula[other] for other in (*part, item)))
                if model is not None:
                    rows.append(items.among(wanted, items.of(items.space.values(model))))
                    found.add_row(rows[-1])
                    left &= ~bits(rows[-1])
        parts = [(*part, item) for part in parts
                 for item in members(items.later(part) & found.completing(part))]
        smaller = found
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
            new = missing.count(row)
            if new > best_new:
                best, best_new = row, new
        for _ in range(CHANGES[strength]):
            row = grower.row(missing, grower.part(best, of_dear))
            new = missing.count(row)
            if new >= best_new:
                best, best_new = row, new
        missing.remove_row(best)
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
        self.samples = self.items.samples(self.rng, SAMPLES[strength])
        # Which pairs can occur tells nearly always what else can; the solver has the last word.
        self.pairs = possible(self.items, self.solver, 2, self.samples)

    def agreeing(self, mask):
        """The items that can occur with each of these."""
        agreeing = -1
        for item in members(mask):
            agreeing &= self.pairs.rest.get(item, 0)
        return agreeing

    def may_agree(self, mask):
        return all(not mask & ~(self.pairs.rest.get(item, 0) | 1 << item) for item in members(mask))

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
                row = items.among(wanted, self.row(missing, missing.some(self.rng), wanted))
                candidates.append((missing.count(row), row))
            rows.append(max(candidates)[1])
            missing.remove_row(rows[-1])
        return rows

    def row(self, missing, chosen, wanted=-1):
        """One configuration that has the `chosen` items, as many of them as can be from the first on, and
        as many of the missing ones as can be; axes that are not `wanted` are left to chance."""
        items, chosen = self.items, list(chosen)
        mask = bits(chosen)
        tuples = [1] + [0] * (self.strength - 1)
        for item in chosen:
            extend(tuples, item, missing.width)
        agreeing = self.agreeing(mask)
        axes = [axis for axis, mine in enumerate(items.of_axis)
                if not mask & bits(mine) and wanted >> mine[0] & 1]
        # Axes with much still missing first: their values decide which other axes exist at all.
        weight = missing.weights()
        axes.sort(key=lambda axis: -max(weight[item] for item in items.of_axis[axis])
                  * self.rng.uniform(0.5, 1))
        for axis in axes:
            ranked = [(missing.gain(item, tuples[-1]), weight[item], self.rng.random(), item)
                      for item in items.of_axis[axis] if agreeing >> item & 1]
            if ranked:
                item = max(ranked)[-1]
                chosen.append(item)
                extend(tuples, item, missing.width)
                agreeing &= self.pairs.rest[item]
        return items.of(items.space.values(self.model(chosen)))

    def part(self, row, kept):
        """Some of the row's items, among them those that are to be kept."""
        return [item for item in row if kept >> item & 1 or self.rng.random() < 0.5]

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
    having = [bits(number for number, row in enumerate(rows) if item in row)
              for item in range(len(items.pairs))]
    occur = {}  # for each part, the later items that can occur with it
    for size in range(1, strength + 1):
        parts = [(*part, item) for part, later in occur.items() for item in members(later)] or [()]
        smaller, occur, covered = occur, {}, 0
        for part in parts:
            common = functools.reduce(operator.and_, (having[item] for item in part), -1)
            candidates = functools.reduce(operator.and_, (smaller[fewer] for fewer in shorter(part)),
                                          items.later(part))
            occur[part] = bits(item for item in members(candidates) if having[item] & common)
            covered += occur[part].bit_count()
            for item in members(candidates & ~occur[part]):
                if solver.possible(*(items.formula[other] for other in (*part, item))):
                    occur[part] |= 1 << item
    return sum(later.bit_count() for later in occur.values()), covered
