# SPDX-License-Identifier: MIT
"""
Why kconfig gave another value than somebody asked for: the option's type, range, dependencies,
choice and selects, as kconfiglib (an independent reader of Kconfig files) evaluates them. The
options hold the values that came out.
"""

import difflib
import re

import kconfiglib
from kconfiglib import AND, BOOL, HEX, INT, NOT, OR, STRING, Choice, Symbol, expr_value


def is_option(symbol):
    """Whether a Kconfig file defines the symbol (and does not only mention it)."""
    return symbol is not None and bool(symbol.nodes)


def prompt_conditions(item):
    """The condition of each prompt of an option or choice."""
    return [node.prompt[1] for node in item.nodes if node.prompt]


def value_and_place(symbol, asked):
    """The option's value, with the place that asked for it."""
    by = asked.get(symbol.name)
    place = f", {by.where}" if by and same(symbol, by.value, symbol.str_value) else ""
    return symbol.str_value + place


def unmet(expression, asked, seen=()):
    """
    The parts of a condition that do not hold, in words, down to options that can be set; for those
    that somebody asked for (a dictionary of requests) with the place.
    """
    if isinstance(expression, tuple):
        operator, *parts = expression
        if operator == AND:
            words = [unmet(part, asked, seen) for part in parts if not expr_value(part)]
            return " and ".join(dict.fromkeys(filter(None, words)))
        if operator == OR:
            words = [unmet(part, asked, seen) for part in parts]
            return " or ".join(dict.fromkeys(filter(None, words)))
        if operator == NOT and isinstance(parts[0], Symbol):
            return f"{parts[0].name} off (={value_and_place(parts[0], asked)})"
        symbols = [item for item in kconfiglib.expr_items(expression)
                   if isinstance(item, Symbol) and is_option(item)]
        held = ", ".join(f"{item.name}={value_and_place(item, asked)}" for item in symbols)
        return f"{kconfiglib.expr_str(expression)} ({held})"
    item = expression
    if item in seen:
        return ""
    if isinstance(item, Choice):
        return " or ".join(filter(None, (unmet(condition, asked, (*seen, item))
                                         for condition in prompt_conditions(item))))
    if item.is_constant:
        return "nothing: it is never offered"
    text = f"{item.name} (={value_and_place(item, asked)})"
    if not is_option(item):
        return f"{item.name} (which no Kconfig file defines)"
    prompts = prompt_conditions(item)
    if prompts and item.visibility == 0:
        deeper = " or ".join(filter(None, (unmet(condition, asked, (*seen, item))
                                           for condition in prompts)))
        return f"{text}, which depends on {deeper}" if deeper else text
    if not prompts:
        return f"{text}, which is y with {origin(item)}" if origin(item) else text
    return text


def origin(symbol):
    """From which options one without prompt gets its value."""
    sources = []
    for value, condition in symbol.defaults:
        sources += [kconfiglib.expr_str(e) for e in (value, condition)
                    if any(not s.is_constant for s in kconfiglib.expr_items(e)
                           if isinstance(s, Symbol))]
    if symbol.rev_dep is not symbol.kconfig.n:
        sources.append(kconfiglib.expr_str(symbol.rev_dep))
    return " || ".join(dict.fromkeys(sources))


def mend_dependency(symbol, asked):
    """What to ask for as well, when the unmet dependency is one option that can be turned on."""
    false = [item for condition in prompt_conditions(symbol)
             for item in kconfiglib.expr_items(condition)
             if isinstance(item, Symbol) and not item.is_constant and item.type == BOOL
             and item.visibility and item.str_value == "n"]
    if len(set(false)) != 1 or false[0].name in asked:
        return ""
    return f"; ask for {false[0].name}=y as well"


def selecting(symbol):
    """The options that turn this one on by `select`."""
    return [s.name for s in symbol.kconfig.unique_defined_syms
            for target, condition, *_ in s.selects
            if target is symbol and s.str_value == "y" and expr_value(condition)]


def type_error(symbol, request):
    """What is wrong with the value in itself, whatever the other options are."""
    value = request.value
    if symbol.type == BOOL and value not in ("y", "n"):
        return "it is y or n"
    if symbol.type == INT and not re.fullmatch(r"-?\d+", value):
        return "it is a whole number"
    if symbol.type == HEX and not re.fullmatch(r"0[xX][0-9a-fA-F]+", value):
        return "it is a number that begins with 0x"
    if symbol.type == STRING and not request.quoted:
        return f'it is a text: write "{value}" in double quotes'
    return None


def allowed_range(symbol):
    for low, high, condition in symbol.ranges:
        if expr_value(condition):
            return low.str_value, high.str_value
    return None


def same(symbol, asked, came):
    """Whether two values mean the same."""
    if symbol.type in (INT, HEX) and asked and came:
        base = 16 if symbol.type == HEX else 10
        return int(asked, base) == int(came, base)
    return asked == came


def reason(symbol, request, requests):
    """Why kconfig gave another value. The options hold the values that came out."""
    prompts = prompt_conditions(symbol)
    if not prompts:
        source = origin(symbol)
        return "it has no prompt" + (f": it follows from {source}" if source else "")
    forced = selecting(symbol)
    if forced and request.value == "n":
        return f"{' and '.join(forced)} selects it; ask for {forced[0]}=n"
    if not symbol.visibility:
        asked = {r.name: r for r in requests}
        words = " or ".join(filter(None, (unmet(condition, asked) for condition in prompts)))
        return f"it depends on {words}{mend_dependency(symbol, asked)}"
    if symbol.choice and request.value == "y":
        chosen = symbol.choice.selection.name
        by = next((r.where for r in requests if r.name == chosen and r.value == "y"), None)
        return f"only one of its choice can be y, and that is {chosen}" + (f" ({by})" if by else "")
    if symbol.choice:
        others = [s.name for s in symbol.choice.syms if s is not symbol and s.visibility]
        return "one of its choice must be y; " + \
            (f"ask for {' or '.join(f'{o}=y' for o in others)}" if others else "it is the only one")
    limits = allowed_range(symbol)
    if limits:
        return f"it must be from {limits[0]} to {limits[1]}"
    return "another option decides"


def complain(request, came, why):
    asked = request.value if request.value else '""'
    result = "" if came is None else f", came out {came or 'unset'}"
    return f"{request.where}: {request.name}: asked {asked}{result}: {why}"


def unknown(options, request):
    """The line for an option that does not exist, with the one that was probably meant."""
    names = [s.name for s in options.unique_defined_syms if prompt_conditions(s)]
    cutoff = 0.5 if len(request.name) < 5 else 0.75
    close = difflib.get_close_matches(request.name.upper(), names, 1, cutoff)
    hint = f"; did you mean {close[0]}?" if close else "; `make menuconfig` shows them all"
    return f"{request.where}: {request.name}: there is no such option{hint}"
