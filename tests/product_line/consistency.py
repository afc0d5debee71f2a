# SPDX-License-Identifier: MIT
"""What must hold between the Kconfig tree and the sources, whatever the configuration.

Each rule is a function that gives Complaints: place, what is wrong, and the mend. A SAT solver decides
what can be on, off, compiled or reached; nothing is decided by the look of the text alone.
"""
import glob
import os
import re
import subprocess
import tempfile
from typing import NamedTuple

import kconfiglib
from kconfiglib import BOOL, HEX, INT

from formula import conj, neg
from presence import OPTION, strip_comments

SOURCES = (".c", ".h", ".S")
READERS = (".c", ".h", ".S", "Kbuild", "Makefile", ".arch", ".mk", ".py", ".dialog")
# Folders whose files are not part of a kernel.
OUTSIDE = ("tests/config/", "tests/host/", "tests/fuzz/", "tests/models/", "tests/runner/",
           "tests/user/", "tests/foreign/", "tests/product_line/", "scripts/", "examples/", "user/",
           "build/", ".git/", "Documentation/")


class Complaint(NamedTuple):
    place: str
    wrong: str
    mend: str

    def __str__(self):
        return f"{self.place}: {self.wrong}: {self.mend}"


class Facts:
    """What the rules look at, read once."""

    def __init__(self, tree, space, solver):
        self.tree = tree
        self.space = space
        self.kconfig = space.kconfig
        self.solver = solver
        self.files = sorted(os.path.relpath(os.path.join(folder, name), tree.top)
                            for folder, _, names in os.walk(tree.top) for name in names)
        self.files = [path for path in self.files
                      if not path.startswith(("build/", ".git/")) and "__pycache__" not in path]
        self.kernel_files = [path for path in self.files
                             if not path.startswith(OUTSIDE) and path.endswith(SOURCES)]

    def text(self, path):
        return self.tree.text(path)

    def possible(self, *formulas):
        """Free variables of the sources ("?...") may have any value."""
        return self.solver.possible(*formulas)


def place_of(item):
    return f"{item.nodes[0].filename}:{item.nodes[0].linenr}"


def has_prompt(item):
    return any(node.prompt for node in item.nodes)


def mentions(facts):
    """Option -> places that read it, in the code, the build, the tests and the tools."""
    found = {}
    for path in facts.files:
        if path.startswith(("tests/config/", "Documentation/")) or \
                not (path.endswith(READERS) or path.startswith("scripts/")):
            continue
        text = facts.text(path)
        if path.endswith(SOURCES):
            text = strip_comments(text)
        for number, line in enumerate(text.split("\n"), 1):
            for name in OPTION.findall(line):
                found.setdefault(name, []).append((path, number))
            if path.endswith(".py") or path.startswith("scripts/"):
                for name in re.findall(r"config\[\"(\w+)\"\]", line):
                    found.setdefault(name, []).append((path, number))
    return found


def unread_options(facts):
    """An option that nothing reads."""
    read = set(mentions(facts))
    used = set()
    for item in (*facts.kconfig.unique_defined_syms, *facts.kconfig.unique_choices):
        for node in item.nodes:
            expressions = [node.dep, *(part for pair in node.defaults for part in pair),
                           *(part for triple in node.ranges for part in triple),
                           *(part for pair in node.selects for part in pair),
                           *([node.prompt[1]] if node.prompt else [])]
            for expression in expressions:
                used |= {other.name for other in kconfiglib.expr_items(expression)
                         if other is not item}
    for symbol in facts.kconfig.unique_defined_syms:
        # One member of a choice may be what there is when none of the others is.
        rest = symbol.choice and all(other.name in read | used for other in symbol.choice.syms
                                     if other is not symbol)
        if symbol.name not in read | used and not symbol.env_var and not rest:
            yield Complaint(place_of(symbol), f"nothing reads {symbol.name}",
                            "delete the option, or use it")


def unknown_names(facts):
    """A CONFIG_ name that no Kconfig file defines."""
    known = {symbol.name for symbol in facts.kconfig.unique_defined_syms}
    for path in facts.files:
        if path.endswith(SOURCES):  # a register may be called CONFIG, and its bits CONFIG_ something
            known.update(re.findall(r"# *define\s+CONFIG_(\w+)", facts.text(path)))
        elif path.endswith("/Kconfig"):  # an example application's, too
            known.update(re.findall(r"^config (\w+)", facts.text(path), re.MULTILINE))
    for name, places in mentions(facts).items():
        path, number = places[0]
        if name not in known and path.endswith((*SOURCES, "Kbuild", ".mk", ".arch", "Makefile")):
            yield Complaint(f"{path}:{number}", f"no Kconfig file defines {name}",
                            "correct the name, or define the option")


def fixed_options(facts):
    """An option that can never be on, or never off."""
    for symbol in facts.kconfig.unique_defined_syms:
        if symbol.type != BOOL:
            continue
        if not facts.possible(symbol.name):
            yield Complaint(place_of(symbol), f"{symbol.name} can never be on",
                            "its dependencies exclude each other: correct them")
        elif symbol.choice is None and has_prompt(symbol) and not facts.possible(neg(symbol.name)):
            yield Complaint(place_of(symbol), f"{symbol.name} can never be off",
                            "something always selects it: make it def_bool, or delete it")


def breaking_selects(facts):
    """A select that can turn an option on against its dependencies."""
    for symbol in facts.kconfig.unique_defined_syms:
        for target, condition in symbol.selects:
            needs = facts.space.formula(target.direct_dep)
            # The rules take the dependency for granted; so ask about the selector alone.
            if facts.possible(symbol.name, facts.space.formula(condition), neg(needs)):
                yield Complaint(place_of(symbol),
                                f"{symbol.name} selects {target.name} even where its dependencies "
                                "do not hold", f"let {symbol.name} depend on what "
                                f"{target.name} depends on")


def poor_choices(facts):
    """A choice without default, or with a member that no configuration reaches."""
    for choice in facts.kconfig.unique_choices:
        if not choice.defaults:
            yield Complaint(place_of(choice), "the choice has no default", "add `default MEMBER`")
        for symbol in choice.syms:
            if not facts.possible(symbol.name):
                yield Complaint(place_of(symbol), f"no configuration reaches {symbol.name}",
                                "correct its dependencies, or delete the variant")


def numbers_without_range(facts):
    """A number without range or default."""
    for symbol in facts.kconfig.unique_defined_syms:
        if symbol.type in (INT, HEX) and has_prompt(symbol):
            for what, there in (("range", symbol.ranges), ("default", symbol.defaults)):
                if not there:
                    yield Complaint(place_of(symbol), f"{symbol.name} has no {what}",
                                    f"add `{what} ...`")


def prompts_without_help(facts):
    """An option that a builder sees, but that says nothing about itself."""
    for item in (*facts.kconfig.unique_defined_syms, *facts.kconfig.unique_choices):
        if has_prompt(item) and not any(node.help and len(node.help) > 40 for node in item.nodes):
            name = item.name or item.nodes[0].prompt[0]
            yield Complaint(place_of(item), f"{name} has no help text",
                            "say when a builder wants it and what it costs")


def uncompiled_files(facts):
    """A source file that no configuration compiles."""
    included = {os.path.basename(name) for path in facts.kernel_files
                for name in re.findall(r"# *include [<\"]([^>\"]+)[>\"]", facts.text(path))}
    for path in facts.kernel_files:
        base, suffix = os.path.splitext(path)
        if suffix == ".h" or base.endswith((".lds", "asm-offsets")) or \
                os.path.basename(path) in included:
            continue
        formula = facts.tree.objects.get(base, False)
        if formula is False or not facts.possible(formula):
            yield Complaint(f"{path}:1", "no configuration compiles this file",
                            "name it in a Kbuild file, correct the condition there, or delete it")


def dead_code(facts):
    """A preprocessor block, or a question for an option, with one possible answer."""
    for path in facts.kernel_files:
        there = facts.tree.of_file(path)
        for number, text, around, own in facts.tree.blocks(path):
            if "CONFIG_" not in text:
                continue
            context = conj(there, around)
            if not facts.possible(context):
                continue  # what is around it is dead already, and reported
            if not facts.possible(context, own):
                yield Complaint(f"{path}:{number}", f"`{text}` never holds here",
                                "delete what it guards")
            elif not facts.possible(context, neg(own)):
                yield Complaint(f"{path}:{number}", f"`{text}` always holds here",
                                "delete the condition")


def wordy_defconfigs(facts):
    """A defconfig that does not come back as it is, or says what is so by default."""
    for path in sorted(glob.glob(f"{facts.tree.top}/configs/*_defconfig")):
        short = os.path.relpath(path, facts.tree.top)
        text = facts.text(short)
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(f"{folder}/include/config")
            os.makedirs(f"{folder}/include/generated")
            environment = {**os.environ, "KCONFIG_CONFIG": f"{folder}/.config",
                           "srctree": facts.tree.top}
            for step in (f"--defconfig={path}", f"--savedefconfig={folder}/defconfig"):
                subprocess.run(["kconfig-conf", step, "Kconfig"], cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
            with open(f"{folder}/defconfig", encoding="utf-8") as file:
                minimal = file.read()
        if minimal == text:
            continue
        lines = minimal.splitlines()
        for number, line in enumerate(text.splitlines(), 1):
            if line not in lines:
                yield Complaint(f"{short}:{number}", f"`{line}` is so by default, or is not accepted",
                                "delete the line")
        for line in lines:
            if line not in text.splitlines():
                yield Complaint(f"{short}:1", f"`{line}` is missing", "add the line")
        if sorted(lines) == sorted(text.splitlines()):
            yield Complaint(f"{short}:1", "the lines are not in the order of savedefconfig",
                            "make savedefconfig")


DEFINITION = re.compile(r"^(?!static\b|typedef\b|enum\b|else\b)[A-Za-z_][\w *]*?\b(\w+)\([^;{}]*\)\s*\n\{",
                        re.MULTILINE)


INLINE = re.compile(r"(?:inline\b[\w \t*]*?|#\s*define\s+)(\w+)\(")


def exported(facts, base):
    """The functions that a source file defines for others."""
    path = next(path for path in (base + ".c", base + ".S") if path in facts.files)
    text = strip_comments(facts.text(path))
    if path.endswith(".S"):
        return set(re.findall(r"^\s*\.globl\s+(\w+)", text, re.MULTILINE))
    return set(DEFINITION.findall(text)) - {"DEFINE", "BOOT_PARAMETER"}


def incomplete_variants(facts):
    """A function of a contract that some variant of a choice lacks."""
    for choice in facts.kconfig.unique_choices:
        members = [symbol.name for symbol in choice.syms]
        provided = {}
        for member in members:
            others = [other for other in members if other != member]
            # The files that are there with this member and with no other.
            bases = [base for base, formula in facts.tree.objects.items()
                     if not isinstance(formula, bool) and facts.possible(formula, member)
                     and not any(facts.possible(formula, other) for other in others)]
            if bases and not any(base.startswith("arch/") for base in bases):
                provided[member] = {function: base for base in bases
                                    for function in exported(facts, base)}
        if len(provided) < 2:
            continue
        for function in sorted(set().union(*provided.values())):
            have = [member for member in provided if function in provided[member]]
            if len(have) == 1 and not is_declared(facts, function):
                continue  # a matter between the variant's own files
            for member in provided:
                if member not in have:
                    base = next(iter(provided[member].values()), choice.nodes[0].filename)
                    yield Complaint(f"{base}.c:1", f"{member} lacks {function}(), which "
                                    f"{have[0]} has", "write it: the contract is one for all")


def incomplete_architectures(facts):
    """A function that one architecture always has and another never, although what is compiled for the other too
    calls it."""
    always, ever, formulas = {}, {}, {}
    for _, folder, formula in facts.tree.architecture_folders():
        formulas[folder] = formula
        bases = [base for base in facts.tree.objects if base.startswith(f"arch/{folder}/")]
        ever[folder] = {function for base in bases for function in exported(facts, base)}
        ever[folder].update(function for path in facts.files
                            if path.startswith(f"arch/{folder}/include/") and path.endswith(".h")
                            for function in INLINE.findall(strip_comments(facts.text(path))))
        always[folder] = {function: base for base in bases
                          if not facts.possible(formula, neg(facts.tree.objects[base]))
                          for function in exported(facts, base)}
    for folder, functions in always.items():
        for function, base in sorted(functions.items()):
            for other in sorted(ever.keys() - {folder}):
                callers = function not in ever[other] and is_declared(facts, function) and [
                    path for path in facts.kernel_files
                    if not path.startswith("arch/") and path.endswith((".c", ".S"))
                    and re.search(rf"\b{function}\(", facts.text(path))
                    and facts.possible(facts.tree.of_file(path), formulas[other])
                    # It may ask first for an option that is not there.
                    and all(facts.possible(formulas[other], facts.tree.option(name))
                            for name in OPTION.findall(facts.text(path)))]
                if callers:
                    yield Complaint(f"{base}.c:1", f"{folder} has {function}(), which {callers[0]} calls and {other} "
                                    "lacks", "write it: the contract is one for all")


def is_declared(facts, function):
    """In a contract header."""
    return any(re.search(rf"\b{function}\(", facts.text(path)) for path in facts.files
               if path.startswith("include/") and path.endswith(".h"))


RULES = (unread_options, unknown_names, fixed_options, breaking_selects, poor_choices,
         numbers_without_range, prompts_without_help, uncompiled_files, dead_code, wordy_defconfigs,
         incomplete_variants, incomplete_architectures)
