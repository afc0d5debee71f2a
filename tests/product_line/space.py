# SPDX-License-Identifier: MIT
"""The space of configurations: what the Kconfig tree allows, as a formula.

kconfiglib reads the tree; kconfig-frontends, which builders use, is another reader, and the sweep
holds the two against each other. A configuration is seen as one value on each axis: an option that is
y or n, a choice and its member, a number. Of a number five values are seen: the least, the most, the default,
the one above the least and the one below the most; which numbers these are may depend on other options
(`range ... if`, `default ... if`), and where two are the same number only the first is seen. Strings name things and
stay as they are by default.

Each value of an axis is a formula over variables (see formula.py): NAME for an option that is y,
NAME=LABEL for a number. The rules are kconfig's: an option with a visible prompt is free, one without has
its default; nothing is y against its dependencies unless something selects it.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../runner"))

from configuration import TOP  # noqa: E402
from formula import Diagram, Solver, conj, disj, exactly_one, implies, neg, same  # noqa: E402
import variants  # noqa: E402 (finds kconfiglib, or says which package has it)
import kconfiglib  # noqa: E402
from kconfiglib import (AND, BOOL, EQUAL, GREATER, GREATER_EQUAL, HEX, INT, LESS,  # noqa: E402
                        LESS_EQUAL, NOT, OR, UNEQUAL)

NUMBERS = (INT, HEX)
RELATIONS = {EQUAL: lambda a, b: a == b, UNEQUAL: lambda a, b: a != b, LESS: lambda a, b: a < b,
             LESS_EQUAL: lambda a, b: a <= b, GREATER: lambda a, b: a > b,
             GREATER_EQUAL: lambda a, b: a >= b}
# The files whose options are no part of what LEVEL=all enumerates.
TEST_MENUS = ("kernel/Kconfig.debug", "tests/Kconfig")


# The axis that no option stands for.
BOARD = "BOARD"


def as_number(text):
    return int(text, 16 if text.lower().startswith("0x") else 10)


class Axis:
    """What a builder decides: `values` maps each value, as in .config, to the formula for it."""

    def __init__(self, name, place, values, symbols):
        self.name = name
        self.place = place  # the Kconfig file
        self.values = values
        self.symbols = symbols


class Space:
    """`defaults`: a function of an axis that says whether it stays at its default; `demands`: options
    and values that all configurations have; `free`: options without prompt that may be y or n. With
    `boards`, each configuration is one of these, and which one is an axis of its own, BOARD."""

    def __init__(self, kconfig=None, defaults=lambda axis: False, demands=(), free=(), boards=()):
        self.kconfig = kconfig or variants.kconfig_tree()
        self.rules = []
        self.axes = []
        self.numbers = {}  # name -> {value: variable}
        self.defaults = defaults
        symbols = self.kconfig.unique_defined_syms
        for symbol in symbols:
            if symbol.type in NUMBERS and any(node.prompt for node in symbol.nodes):
                self.numbers[symbol.name] = {label: f"{symbol.name}={label}"
                                             for label in labels(symbol)}
        for symbol in symbols:
            if symbol.type == BOOL and symbol.choice is None and symbol.name not in free:
                self.add_option(symbol)
            elif symbol.name in self.numbers:
                self.add_number(symbol)
        for choice in self.kconfig.unique_choices:
            self.add_choice(choice)
        self.rules += [self.requested(name, value) for name, value in demands]
        self.boards = {board: f"{BOARD}={board}" for board in boards}
        for board, variable in self.boards.items():
            self.rules.append(same(variable, conj(*(self.requested(name, value)
                                                    for name, value in board_demands(board)))))
        if boards:
            self.rules.append(exactly_one(list(self.boards.values())))
            self.axes.append(Axis(BOARD, None, dict(self.boards), []))

    def requested(self, name, value):
        return name if value == "y" else neg(name)

    # Kconfig's expressions -> formulas

    def formula(self, expression):
        if isinstance(expression, tuple):
            operator, *parts = expression
            if operator == AND:
                return conj(*map(self.formula, parts))
            if operator == OR:
                return disj(*map(self.formula, parts))
            if operator == NOT:
                return neg(self.formula(parts[0]))
            return self.relation(RELATIONS[operator], *parts)
        if isinstance(expression, kconfiglib.Choice):
            return self.formula(expression.direct_dep)
        if expression.is_constant:
            return expression.str_value == "y"
        return expression.name if expression.nodes else False

    def relation(self, compare, left, right):
        for a, b, swapped in ((left, right, False), (right, left, True)):
            if a.name in self.numbers and not a.is_constant:
                limit = as_number(b.str_value)
                return disj(*(conj(variable, number.condition)
                              for label, variable in self.numbers[a.name].items()
                              for number in self.meanings(a) for value in [number.value(label)]
                              if (compare(limit, value) if swapped else compare(value, limit))))
        if left.orig_type == BOOL and not left.is_constant:
            return self.formula(left) if compare("y", right.str_value) else neg(self.formula(left))
        return compare(left.str_value, right.str_value)

    def visible(self, item):
        return disj(*(self.formula(node.prompt[1]) for node in item.nodes if node.prompt))

    def default(self, symbol):
        """The formula for y by default."""
        before, result = False, False
        for value, condition in symbol.defaults:
            condition = self.formula(condition)
            result = disj(result, conj(neg(before), condition, self.formula(value)))
            before = disj(before, condition)
        return result

    # Options

    def add_option(self, symbol):
        visible, selected = self.visible(symbol), self.formula(symbol.rev_dep)
        axis = Axis(symbol.name, symbol.nodes[0].filename,
                    {"y": symbol.name, "n": neg(symbol.name)}, [symbol])
        free = visible if visible is not False and not self.defaults(axis) else False
        by_default = same(symbol.name, disj(self.default(symbol), selected))
        self.rules.append(disj(free, by_default))
        self.rules.append(implies(selected, symbol.name))
        self.rules.append(implies(conj(symbol.name, neg(selected)), self.formula(symbol.direct_dep)))
        if visible is not False:
            self.axes.append(axis)

    def add_number(self, symbol):
        variables = self.numbers[symbol.name]
        exists = self.visible(symbol)
        axis = Axis(symbol.name, symbol.nodes[0].filename, dict(variables), [symbol])
        self.rules.append(implies(exists, exactly_one(list(variables.values()))))
        self.rules.append(implies(neg(exists), conj(*map(neg, variables.values()))))
        for number in self.meanings(symbol):
            first = {}
            for label, variable in variables.items():
                first.setdefault(number.value(label), variable)
                if first[number.value(label)] is not variable:
                    self.rules.append(implies(number.condition, neg(variable)))
            if self.defaults(axis):
                self.rules.append(implies(conj(exists, number.condition), first[number.value("default")]))
        self.axes.append(axis)

    def in_order(self, pairs):
        """Those of (what, condition) that count, with the formula for it: the first whose condition holds."""
        before = False
        for *what, condition in pairs:
            condition = self.formula(condition)
            yield *what, conj(neg(before), condition)
            before = disj(before, condition)

    def meanings(self, symbol):
        """What the labels of a number can stand for."""
        for low, high, in_range in self.in_order(symbol.ranges):
            for default, by_default in self.in_order(symbol.defaults):
                yield Number(low, high, default, conj(in_range, by_default))

    def add_choice(self, choice):
        visible = self.visible(choice)
        members = [symbol.name for symbol in choice.syms]
        shown = [self.visible(symbol) for symbol in choice.syms]
        axis = Axis("/".join(members), choice.nodes[0].filename,
                    {name: name for name in members}, list(choice.syms))
        self.rules.append(implies(conj(visible, disj(*shown)), exactly_one(members)))
        for name, condition in zip(members, shown):
            self.rules.append(implies(name, conj(visible, condition)))
        if self.defaults(axis):
            default = choice.defaults[0][0].name if choice.defaults else members[0]
            self.rules.append(implies(conj(visible, self.visible(self.kconfig.syms[default])), default))
        if len(members) > 1:
            self.axes.append(axis)

    # Questions

    def variables(self):
        """In the order of the tree, which keeps what depends on each other together."""
        names = [symbol.name for symbol in self.kconfig.unique_defined_syms if symbol.type == BOOL]
        for number in self.numbers.values():
            names += number.values()
        return [*self.boards.values(), *names]

    def solver(self):
        return Solver(self.rules)

    def diagram(self):
        return Diagram(self.variables(), self.rules)

    def values(self, true):
        """The value on each axis that has one when exactly these variables are true."""
        found = {}
        for axis in self.axes:
            for value, formula in axis.values.items():
                if (formula in true) if isinstance(formula, str) else (formula[1] not in true):
                    found[axis.name] = value
        return found


LABELS = ("min", "max", "default", "min+1", "max-1")


class Number:
    """What the labels stand for under a condition (a formula, or True)."""

    def __init__(self, low, high, default, condition):
        self.low, self.high = as_number(low.str_value), as_number(high.str_value)
        self.default = min(max(as_number(default.str_value), self.low), self.high)
        self.condition = condition

    def value(self, label):
        beside = min(self.low + 1, self.high), max(self.high - 1, self.low)
        return dict(zip(LABELS, (self.low, self.high, self.default, *beside)))[label]


def labels(symbol):
    """Those that differ from the ones before under some condition."""
    numbers = [Number(low, high, default, True)
               for low, high, _ in symbol.ranges for default, _ in symbol.defaults]
    kept = {}
    for label in LABELS:
        kept.setdefault(tuple(number.value(label) for number in numbers), label)
    return list(kept.values())


def write(symbol, label):
    """The number that a label stands for in the configuration that kconfiglib has now."""
    low, high = next((low, high) for low, high, condition in symbol.ranges
                     if kconfiglib.expr_value(condition))
    default = next(value for value, condition in symbol.defaults if kconfiglib.expr_value(condition))
    value = Number(low, high, default, True).value(label)
    return hex(value) if symbol.type == HEX else str(value)


def configure(space, values):
    """The Kconfig tree, set as these values ask; fails when kconfiglib does not come to the same
    configuration as the formula."""
    kconfig = space.kconfig
    kconfig.unset_values()
    # Numbers last: their ranges depend on the others.
    pairs = [(axis, values[axis.name]) for axis in
             sorted(space.axes, key=lambda axis: axis.name in space.numbers)
             if axis.name in values and axis.name != BOARD]
    for number, (axis, value) in enumerate(pairs):
        if len(axis.symbols) > 1:
            kconfig.syms[value].set_value("y")
        else:
            if axis.name in space.numbers:
                assert axis.symbols[0].visibility, f"{axis.name} is not there"
                value = write(axis.symbols[0], value)
                pairs[number] = axis, value
            axis.symbols[0].set_value(value)
    for axis, value in pairs:
        symbol = kconfig.syms[value] if len(axis.symbols) > 1 else axis.symbols[0]
        came = symbol.str_value
        wanted = "y" if len(axis.symbols) > 1 else value
        if came != wanted:
            raise AssertionError(f"{symbol.name}: the formula says {wanted}, kconfiglib says {came}")
    return kconfig


def board_demands(board):
    """What makes a configuration one of this board: the members of the choices in arch/ that its
    defconfig comes to."""
    kconfig = variants.configured([f"configs/{board}_defconfig"], [])
    return [(choice.selection.name, "y") for choice in kconfig.unique_choices
            if choice.nodes[0].filename.startswith("arch/") and choice.selection]
