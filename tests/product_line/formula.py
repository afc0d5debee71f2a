# SPDX-License-Identifier: MIT
"""Boolean formulas over named variables, and two ways to reason about them.

A formula is True, False, a name, ("not", f), ("and", f, ...) or ("or", f, ...). `Solver` asks
picosat (python3-pycosat) whether formulas can hold together, after Tseitin's translation to clauses (1968).
`Diagram` is an ordered binary decision diagram (Bryant 1986): it counts the assignments exactly and draws
one of them uniformly. The two are independent of each other, and the tests hold them against
each other.
"""


def neg(formula):
    """The opposite, with the negations moved inwards (De Morgan)."""
    if isinstance(formula, bool):
        return not formula
    if isinstance(formula, str):
        return ("not", formula)
    operator, *parts = formula
    if operator == "not":
        return parts[0]
    return join("or" if operator == "and" else "and", map(neg, parts))


def join(operator, formulas):
    """The formulas joined by "and" or "or", constants worked in."""
    absorbing = operator == "or"
    parts = []
    for formula in formulas:
        if formula is absorbing:
            return absorbing
        if formula is not (not absorbing):
            parts.append(formula)
    if not parts:
        return not absorbing
    return parts[0] if len(parts) == 1 else (operator, *parts)


def conj(*formulas):
    return join("and", formulas)


def disj(*formulas):
    return join("or", formulas)


def implies(a, b):
    return disj(neg(a), b)


def same(a, b):
    return conj(implies(a, b), implies(b, a))


def exactly_one(formulas):
    pairs = [disj(neg(a), neg(b)) for i, a in enumerate(formulas) for b in formulas[:i]]
    return conj(disj(*formulas), *pairs)


def names(formula):
    """The variables of a formula."""
    if isinstance(formula, str):
        return {formula}
    if isinstance(formula, bool):
        return set()
    return set().union(*map(names, formula[1:]))


def holds(formula, true):
    """Its value when exactly the variables in `true` are true."""
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, str):
        return formula in true
    operator, *parts = formula
    if operator == "not":
        return not holds(parts[0], true)
    return (all if operator == "and" else any)(holds(part, true) for part in parts)


class Solver:
    """Formulas that hold, and questions about what else can."""

    def __init__(self, formulas=()):
        import pycosat  # pylint: disable=import-outside-toplevel
        self.pycosat = pycosat
        self.clauses = []
        self.number = {}  # variable or compound formula -> literal
        self.top = self.fresh()
        self.clauses.append([self.top])
        for formula in formulas:
            self.add(formula)

    def fresh(self):
        self.number[len(self.number)] = len(self.number) + 1
        return len(self.number)

    def literal(self, formula):
        if isinstance(formula, bool):
            return self.top if formula else -self.top
        if isinstance(formula, tuple) and formula[0] == "not":
            return -self.literal(formula[1])
        if formula not in self.number:
            if isinstance(formula, str):
                self.number[formula] = len(self.number) + 1
            else:
                self.define(formula)
        return self.number[formula]

    def define(self, formula):
        """A new literal that is true exactly when the formula holds."""
        operator, *parts = formula
        literals = [self.literal(part) for part in parts]
        self.number[formula] = new = len(self.number) + 1
        sign = 1 if operator == "and" else -1
        for literal in literals:
            self.clauses.append([-sign * new, sign * literal])
        self.clauses.append([sign * new] + [-sign * literal for literal in literals])

    def add(self, formula):
        """Conjunctions fall apart, and a disjunction is one clause: no literals of their own."""
        if formula is True:
            return
        if isinstance(formula, tuple) and formula[0] == "and":
            for part in formula[1:]:
                self.add(part)
            return
        parts = list(formula[1:]) if isinstance(formula, tuple) and formula[0] == "or" else [formula]
        ands = [part for part in parts if isinstance(part, tuple) and part[0] == "and"]
        if len(ands) == 1:  # distribute: a or (b and c) is (a or b) and (a or c)
            parts.remove(ands[0])
            for part in ands[0][1:]:
                self.add(disj(part, *parts))
            return
        nested = [part for part in parts if isinstance(part, tuple) and part[0] == "or"]
        if nested:
            self.add(disj(*(part for part in parts if part not in nested),
                          *(inner for part in nested for inner in part[1:])))
            return
        self.clauses.append([self.literal(part) for part in parts])

    def model(self, *formulas):
        """The variables that are true in some assignment where these hold too, or None."""
        units = [[self.literal(formula)] for formula in formulas]
        found = self.pycosat.solve(self.clauses + units)
        if found == "UNSAT":
            return None
        true = {literal for literal in found if literal > 0}
        return {name for name, literal in self.number.items()
                if isinstance(name, str) and literal in true}

    def possible(self, *formulas):
        units = [[self.literal(formula)] for formula in formulas]
        return self.pycosat.solve(self.clauses + units) != "UNSAT"


class Diagram:
    """All assignments of `order` that satisfy the formulas, as a decision diagram.

    Node 0 is false, 1 is true; any other is (position in the order, node if false, node if true).
    """

    def __init__(self, order, formulas):
        self.order = list(order)
        self.position = {name: i for i, name in enumerate(self.order)}
        self.nodes = [None, None]
        self.unique, self.joined, self.counts = {}, {}, {}
        self.root = 1
        # Short formulas first: they keep what follows small.
        for formula in sorted(formulas, key=lambda f: max(map(self.position.get, names(f)), default=0)):
            self.root = self.both(self.root, self.build(formula))

    def node(self, position, low, high):
        if low == high:
            return low
        key = (position, low, high)
        if key not in self.unique:
            self.unique[key] = len(self.nodes)
            self.nodes.append(key)
        return self.unique[key]

    def build(self, formula):
        if isinstance(formula, bool):
            return int(formula)
        if isinstance(formula, str):
            return self.node(self.position[formula], 0, 1)
        operator, *parts = formula
        if operator == "not":
            return self.inverse(self.build(parts[0]))
        result = 1
        for part in parts:  # an "or" by De Morgan
            part = self.build(part)
            result = self.both(result, part if operator == "and" else self.inverse(part))
        return result if operator == "and" else self.inverse(result)

    def inverse(self, node):
        if node < 2:
            return 1 - node
        key = ("not", node)
        if key not in self.joined:
            position, low, high = self.nodes[node]
            self.joined[key] = self.node(position, self.inverse(low), self.inverse(high))
        return self.joined[key]

    def both(self, a, b):
        if a == b or b == 1:
            return a
        if a == 1:
            return b
        if not a or not b:
            return 0
        key = (min(a, b), max(a, b))
        if key not in self.joined:
            at_a, at_b = self.nodes[a], self.nodes[b]
            position = min(at_a[0], at_b[0])
            low_a, high_a = at_a[1:] if at_a[0] == position else (a, a)
            low_b, high_b = at_b[1:] if at_b[0] == position else (b, b)
            self.joined[key] = self.node(position, self.both(low_a, low_b), self.both(high_a, high_b))
        return self.joined[key]

    def place(self, node):
        return len(self.order) if node < 2 else self.nodes[node][0]

    def below(self, node):
        """Assignments of the variables from the node's on."""
        if node < 2:
            return node
        if node not in self.counts:
            position, low, high = self.nodes[node]
            self.counts[node] = sum(self.below(child) << (self.place(child) - position - 1)
                                    for child in (low, high))
        return self.counts[node]

    def count(self):
        return self.below(self.root) << self.place(self.root)

    def draw(self, random):
        """One assignment, each with the same probability: the set of true variables."""
        return self.nth(random.randrange(self.count()))

    def nth(self, number):
        """The assignment with this number, from 0 to count() - 1, in the order of the variables."""
        true, node = set(), self.root
        for position, name in enumerate(self.order):
            skipped = self.place(node) > position
            low = node if skipped else self.nodes[node][1]
            ways = self.below(low) << (self.place(low) - position - 1)
            choice = number >= ways
            if choice:
                number -= ways
                true.add(name)
            if not skipped:
                node = self.nodes[node][2] if choice else low
        return true
