# SPDX-License-Identifier: MIT
"""The lines that nothing runs, in blocks, and the list of reasons for them (Documentation/uncovered).

    mm/vmap.c
    	vmap_init: why
    	vmap_alloc, "return NULL;": why

A line in the first column names a file, the entries below it what is not run there: a whole function, or the block
of a function that begins at the line which has this text. An entry that fits nothing is an error, and so is
a block without an entry.
"""
import collections
import os
import re

from configuration import TOP

PATH = os.path.join(TOP, "Documentation/uncovered")
ENTRY = re.compile(r'\t(?P<function>[\w.]+)(?:, "(?P<text>.*)")?: (?P<reason>\S.*)$')
# What may stand before the name of a function and looks like one.
NO_NAMES = ("__attribute__", "aligned", "section", "__printf", "align")

Block = collections.namedtuple("Block", "path function whole text lines")


def functions_of(path):
    """The name of the function that each line belongs to, by the layout that scripts/lint demands: its
    brace stands alone in the first column. In assembly, by the label before."""
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        source = file.read().splitlines()
    names, begin, name = {}, 0, None
    for number, text in enumerate(source, 1):
        if path.endswith(".S"):
            if label := re.match(r"FUNCTION\((\w+)\)|([A-Za-z_]\w*):|\s*\.macro\s+(\w+)", text):
                name = next(filter(None, label.groups()))
            names[number] = name
        elif re.match(r"[A-Za-z_].*\(", text):
            begin = number
            name = next((word for word in re.findall(r"(\w+)\(", text) if word not in NO_NAMES), None)
        elif text == "{" and begin:
            names.update(dict.fromkeys(range(begin, number + 1), name))
        elif begin and names.get(number - 1):
            names[number] = name
            begin = 0 if text == "}" else begin
    return source, names


def blocks(path, counts):
    """The blocks of a file: lines that are not run, with no line that is between them, in one function."""
    source, names = functions_of(path)
    in_function = collections.defaultdict(list)
    for line in sorted(counts):
        in_function[names.get(line)].append(line)
    for function, lines in in_function.items():
        whole = not any(counts[line] for line in lines)
        block = []
        for line in [*lines, None]:
            if line and not counts[line]:
                block.append(line)
            elif block:
                yield Block(path, function or "?", whole, source[block[0] - 1].strip(), block)
                block = []


def read_list(path=PATH):
    """[(place in the list, path, function, text or None, reason)]"""
    entries, file_name = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            place = f"{os.path.relpath(path, TOP)}:{number}"
            if not line or line.startswith("#"):
                continue
            if not line.startswith("\t"):
                file_name = line
            elif not file_name or not (match := ENTRY.match(line)):
                raise ValueError(f"{place}: this is no entry; write \"\\tFUNCTION: REASON\"")
            else:
                entries.append((place, file_name, *match.groups()))
    return entries


def explain(lines, entries):
    """({path: {line: reason}}, blocks without a reason, entries that fit nothing)"""
    found = [block for path in sorted(lines) for block in blocks(path, lines[path])]
    reasons, left, stale = {}, list(found), []
    for place, path, function, text, reason in entries:
        fits = [block for block in found if (block.path, block.function) == (path, function)
                and (block.whole if text is None else block.text == text)]
        if not fits:
            stale.append(f"{place}: {path} has no such lines, or they are run: take the entry out")
        for block in fits:
            reasons.setdefault(path, {}).update(dict.fromkeys(block.lines, reason))
            if block in left:
                left.remove(block)
    return reasons, left, stale


def as_entries(found):
    """Blocks as they would stand in the list."""
    text, path = [], None
    for block in found:
        if block.path != path:
            path = block.path
            text.append(path)
        what = block.function if block.whole else f'{block.function}, "{block.text}"'
        text.append(f"\t{what}: ({len(block.lines)} lines) ?")
    return "\n".join(text) + "\n" if text else ""
