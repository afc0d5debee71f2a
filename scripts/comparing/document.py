# SPDX-License-Identifier: MIT
"""Puts the tables of a comparison into a text (Documentation/comparing.md), as Markdown.

They go between a line `<!-- tables CHOICE -->` and the next `<!-- end -->`; what stands there is
replaced. A choice that the text has no such line for is left out.
"""
import re

import tables
from configuration import fail


def as_markdown(table):
    if table.same is not None:
        return [f"{table.title}: {tables.number(table.same)} in every workload and variant.", ""]
    several = len({board for board, _variant in table.columns}) > 1
    heads = [f"{variant} ({board})" if several else variant for board, variant in table.columns]
    lines = [f"**{table.title}**", "", "| | " + " | ".join(heads) + " |",
             "| --- |" + " ---: |" * len(heads)]
    for label, cells in table.rows:
        texts = ["–" if cell is None else f"**{tables.number(cell.value)}**" if cell.best else
                 tables.number(cell.value) for cell in cells]
        lines.append(f"| {label} | " + " | ".join(texts) + " |")
    return [*lines, ""]


def update(path, results):
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}")
    for name, choice in results["choices"].items():
        lines = []
        for board, found in results["boards"].items():
            versions = ", ".join(found["tools"].values())
            lines.append(f"{board}: {versions}." if versions else f"{board}.")
        lines.append("")
        for table in tables.of_choice(choice):
            lines += as_markdown(table)
        block = "\n".join([f"<!-- tables {name} -->", *lines, "<!-- end -->"])
        text = re.sub(rf"<!-- tables {name} -->.*?<!-- end -->", lambda _match: block, text,
                      flags=re.DOTALL)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
