# SPDX-License-Identifier: MIT
"""The space of configurations: what the Kconfig tree allows, as a formula.

kconfiglib reads the tree; kconfig-frontends, which builders use, is another reader, and the sweep
holds the two against each other. A configuration is seen as one value on each axis: an option that is
y or n, a choice and its member, a number. Of a number five values are seen: the least, the one above,
the default, the one below the most, and the most; which numbers these are may depend on other options
(`range ... if`). Strings name things and stay as they are by default.

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
                return disj(*(conj(variable, condition)
                              for label, variable in self.numbers[a.name].items()
                              for value, condition in self.meanings(a, label)
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
        if self.defaults(axis):
            self.rules.append(implies(exists, variables[default_label(symbol)]))
        self.axes.append(axis)

    def meanings(self, symbol, label):
        """The numbers that a label can stand for, each with the condition: the first range whose
        condition holds is the one that counts."""
        before = False
        for low, high, condition in symbol.ranges:
            condition = self.formula(condition)
            yield label_value(symbol, label, low, high), conj(neg(before), condition)
            before = disj(before, condition)

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


LABELS = ("min", "min+1", "default", "max-1", "max")


def label_value(symbol, label, low, high):
    low, high = as_number(low.str_value), as_number(high.str_value)
    if label == "default":
        return min(max(as_number(symbol.defaults[0][0].str_value), low), high)
    return {"min": low, "min+1": low + 1, "max-1": high - 1, "max": high}[label]


def label_values(symbol, label):
    return [label_value(symbol, label, low, high) for low, high, _ in symbol.ranges]


def labels(symbol):
    """Those that differ from the ones before: the ends, the default, and the numbers beside the ends."""
    kept = {}
    for label in ("min", "max", "default", "min+1", "max-1"):
        if label_values(symbol, label) not in kept.values():
            kept[label] = label_values(symbol, label)
    return [label for label in LABELS if label in kept]


def default_label(symbol):
    """The label that stands for the default."""
    return next(label for label in ("default", *labels(symbol)) if label in labels(symbol)
                and label_values(symbol, label) == label_values(symbol, "default"))


def write(symbol, label):
    """The number that a label stands for in the configuration that kconfiglib has now."""
    low, high = next((low, high) for low, high, condition in symbol.ranges
                     if kconfiglib.expr_value(condition))
    value = label_value(symbol, label, low, high)
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
