# SPDX-License-Identifier: MIT
"""When is a piece of source compiled? As formulas over the options: of files from the Kbuild files, of
lines from the preprocessor's conditions around them, and of IS_ENABLED() inside C.
"""
import os
import re

import kconfiglib

from formula import conj, disj, neg

ASSIGN = re.compile(r"([\w.-]+?)(?:-(y|\$\(.*\)))?\s*(\+=|:=|=)\s*(.*)$")
# What stands behind `obj-`, and the formula for it being y.
SUFFIXES = (
    (re.compile(r"\$\(CONFIG_(\w+)\)"), lambda tree, name: tree.option(name)),
    (re.compile(r"\$\(if \$\(CONFIG_(\w+)\),,y\)"), lambda tree, name: neg(tree.option(name))),
    (re.compile(r"\$\(if \$\(filter-out 0,\$\(CONFIG_(\w+)\)\),y\)"),
     lambda tree, name: tree.truth(name)),
    (re.compile(r"\$\(if ((?:\$\(CONFIG_\w+\))+),y\)"),
     lambda tree, names: disj(*map(tree.option, OPTION.findall(names)))),
)
OPTION = re.compile(r"\bCONFIG_([A-Z0-9]\w*)")
# A question for one option or several, in C; of several it is a term of its own with && alone, or in parentheses.
ASKED = r"!?IS_ENABLED\(CONFIG_\w+\)"
QUESTION = re.compile(rf"(?<=\(){ASKED}(?: \|\| {ASKED})+(?=\))|{ASKED}(?: && {ASKED})*")
GUARD = re.compile(rf"\bif \(({QUESTION.pattern})\) \{{$")
TOKEN = re.compile(r"\s*(defined|IS_ENABLED|&&|\|\||[<>=!]=|[!()<>]|\w+)")


# Folders that hold programs, not the kernel.
PROGRAMS = ("user", "tests/user")


class Unreadable(Exception):
    """Something that this reader does not understand: place and text."""


class Tree:
    """The sources under `top`, and the space of their configurations."""

    def __init__(self, top, space):
        self.top = top
        self.space = space
        self.symbols = {symbol.name: symbol for symbol in space.kconfig.unique_defined_syms}
        self.objects = {}  # path of the source without its suffix -> formula
        self.visit("", True)

    # Options as formulas

    def option(self, name):
        """CONFIG_NAME is defined (to y, for a switch)."""
        symbol = self.symbols.get(name)
        if symbol is None:
            return False
        if symbol.orig_type == kconfiglib.BOOL:
            return name
        if name in self.space.numbers:
            return disj(*self.space.numbers[name].values())
        return True  # a string

    # Kbuild files

    def text(self, path):
        with open(os.path.join(self.top, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    def logical_lines(self, path):
        lines, number = self.text(path).split("\n"), 0
        while number < len(lines):
            begin, line = number, lines[number].split("#", 1)[0]
            while line.endswith("\\") and number + 1 < len(lines):
                number += 1
                line = line[:-1] + " " + lines[number].split("#", 1)[0]
            number += 1
            if line.strip():
                yield begin + 1, line.strip()

    def condition(self, line, place):
        """Of an ifdef, ifndef, ifeq or ifneq in a Kbuild file."""
        word, rest = line.split(None, 1)
        if word in ("ifdef", "ifndef") and (match := OPTION.fullmatch(rest.strip())):
            formula = self.option(match[1])
            return formula if word == "ifdef" else neg(formula)
        if match := re.fullmatch(r"\(((?:\$\(CONFIG_\w+\))+),\)", rest.strip()):
            formula = disj(*map(self.option, OPTION.findall(match[1])))
            return formula if word == "ifneq" else neg(formula)
        match = re.fullmatch(r"\(\$\(CONFIG_(\w+)\),(.*)\)", rest.strip())
        if match is None:
            raise Unreadable(f"{place}: `{line}`")
        name, value = match.groups()
        if name in self.space.numbers and value:
            formula = self.comparison(f"CONFIG_{name}", "==", value)
        else:
            formula = self.option(name) if value == "y" else neg(self.option(name))
        return formula if word == "ifeq" else neg(formula)

    def suffix(self, text, place):
        """When `obj-TEXT` is obj-y."""
        if text == "y":
            return True
        for pattern, formula in SUFFIXES:
            if match := pattern.fullmatch(text):
                return formula(self, match[1])
        raise Unreadable(f"{place}: `{text}`")

    def visit(self, folder, formula):
        """Reads the Kbuild file of a folder that is compiled under this condition."""
        path = os.path.join(folder, "Kbuild")
        lists, stack = {}, []
        for number, line in self.logical_lines(path):
            place = f"{path}:{number}"
            word = line.split(None, 1)[0]
            if word in ("ifdef", "ifndef", "ifeq", "ifneq"):
                stack.append(self.condition(line, place))
            elif word == "else":
                stack[-1] = neg(stack[-1])
            elif word == "endif":
                stack.pop()
            elif match := ASSIGN.match(line):
                name, suffix, _, entries = match.groups()
                if name not in ("obj", "unhurried", "host") or suffix is None:
                    continue  # flags, dependencies
                when = conj(*stack, self.suffix(suffix, place))
                for entry in entries.split():
                    if entry == "$(host-y)":
                        lists.setdefault("obj", []).extend(
                            (other, conj(when, condition)) for other, condition in
                            lists.get("host", []))
                    else:
                        lists.setdefault(name, []).append((entry, when))
            else:
                raise Unreadable(f"{place}: `{line}`")
        for entry, when in lists.get("obj", []) + lists.get("unhurried", []):
            self.add(folder, entry, conj(formula, when))

    def add(self, folder, entry, formula):
        if "$(ARCH_DIR)" in entry:
            for _, value, condition in self.architecture_folders():
                self.add(folder, entry.replace("$(ARCH_DIR)", value), conj(formula, condition))
            return
        path = os.path.normpath(os.path.join(folder, entry))
        if path.startswith(PROGRAMS):
            return
        if entry.endswith("/"):
            self.visit(path, formula)
        else:
            base = path[:-len(".o")]
            self.objects[base] = disj(self.objects.get(base, False), formula)

    def architecture_folders(self):
        """(name, folder, formula) for each default of ARCH_DIR."""
        before = False
        for value, condition in self.symbols["ARCH_DIR"].defaults:
            condition = self.space.formula(condition)
            yield "ARCH_DIR", value.str_value, conj(neg(before), condition)
            before = disj(before, condition)

    def of_file(self, path):
        """When the file is compiled; a header: whenever its architecture is."""
        base, suffix = os.path.splitext(path)
        if suffix in (".c", ".S") and base in self.objects:
            return self.objects[base]
        for _, folder, formula in self.architecture_folders():
            if path.startswith(f"arch/{folder}/"):
                return formula
        return True

    # Preprocessor and IS_ENABLED

    def expression(self, text):
        """A preprocessor condition. What is no option is a variable of its own."""
        tokens = [token for token in TOKEN.findall(text) if token]
        position = 0

        def peek():
            return tokens[position] if position < len(tokens) else None

        def take():
            nonlocal position
            position += 1
            return tokens[position - 1]

        def atom():
            token = take()
            if token == "!":
                return neg(atom())
            if token == "(":
                inner = either()
                if peek() == ")":
                    take()
                return inner
            if token in ("defined", "IS_ENABLED"):
                name = take()
                if name == "(":
                    name = take()
                    take()
                match = OPTION.fullmatch(name)
                return self.option(match[1]) if match else f"?{name}"
            if peek() in ("<", ">", "<=", ">=", "==", "!="):
                operator, other = take(), take()
                return self.comparison(token, operator, other)
            if match := OPTION.fullmatch(token):
                return self.truth(match[1])
            if token.isdigit():
                return token != "0"
            while peek() == "(":  # a macro with arguments
                depth = 0
                while True:
                    depth += {"(": 1, ")": -1}.get(word := take(), 0)
                    if not depth or peek() is None:
                        break
                token += word
            return f"?{token}"

        def both():
            result = atom()
            while peek() == "&&":
                take()
                result = conj(result, atom())
            return result

        def either():
            result = both()
            while peek() == "||":
                take()
                result = disj(result, both())
            return result

        try:
            return either()
        except IndexError:
            return f"?{text}"

    def truth(self, name):
        """`#if CONFIG_NAME`: a switch that is on, or a number that is not 0."""
        if name in self.space.numbers:
            return self.space.relation(lambda a, b: a != b, self.symbols[name], Constant("0"))
        return self.option(name)

    def comparison(self, left, operator, right):
        relation = {"<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b,
                    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b,
                    "!=": lambda a, b: a != b}[operator]
        match = OPTION.fullmatch(left)
        if not match or match[1] not in self.space.numbers or not re.fullmatch(r"0x[\da-fA-F]+|\d+", right):
            return f"?{left} {operator} {right}"
        symbol = self.symbols[match[1]]
        if operator in ("==", "!="):
            # A number that the space does not see is in a builder's reach all the same.
            unseen = disj(*(number.condition for number in self.space.meanings(symbol)
                            if number.low < int(right, 0) < number.high))
            seen = self.space.relation(lambda a, b: a == b, symbol, Constant(right))
            equal = disj(seen, conj(unseen, neg(seen), f"?{left} == {right}"))
            return equal if operator == "==" else neg(equal)
        return self.space.relation(relation, symbol, Constant(right))

    def blocks(self, path):
        """(line number, text, condition around it, its own condition) for each preprocessor
        condition, and for each IS_ENABLED in the code."""
        stack = []  # [condition around, those of earlier branches, own]
        guards, depth = [], 0  # (depth, condition) of each `if` in the code that asks for options alone
        for number, line in joined(strip_comments(self.text(path)).split("\n")):
            around = conj(*(conj(neg(before), own) for before, own in stack))
            match = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b\s*(.*)", line)
            if match is None:
                closing = line.strip().startswith("}")
                guards = [guard for guard in guards if guard[0] < depth - closing]
                within = conj(around, *(condition for _, condition in guards))
                for question in QUESTION.findall(line):
                    for text in {question, *re.findall(r"IS_ENABLED\(CONFIG_\w+\)", question)}:
                        yield number, text, within, self.expression(text)
                if match := GUARD.search(line):
                    guards.append((depth - closing, self.expression(match[1])))
                depth += line.count("{") - line.count("}")
                continue
            word, rest = match.groups()
            if word in ("if", "ifdef", "ifndef"):
                own = self.expression(rest if word == "if" else f"defined({rest.strip()})")
                own = neg(own) if word == "ifndef" else own
                yield number, line.strip(), around, own
                stack.append((False, own))
            elif word in ("elif", "else") and stack:
                before, own = stack.pop()
                before = disj(before, own)
                around = conj(*(conj(neg(b), o) for b, o in stack), neg(before))
                own = self.expression(rest) if word == "elif" else True
                if word == "elif":
                    yield number, line.strip(), around, own
                stack.append((before, own))
            elif word == "endif" and stack:
                stack.pop()


def joined(lines):
    """(number, line) with those that end in a backslash and the next in one."""
    first, whole = 1, ""
    for number, line in enumerate(lines, 1):
        if line.endswith("\\"):
            whole += line[:-1] + " "
        else:
            yield first, whole + line
            first, whole = number + 1, ""


class Constant:
    """A number in place of an option, for Space.relation."""
    is_constant = True
    name = None
    orig_type = None

    def __init__(self, value):
        self.str_value = value


def strip_comments(text):
    """C without its comments, the lines where they were."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda match: "\n" * match[0].count("\n"), text,
                  flags=re.DOTALL)
