# SPDX-License-Identifier: MIT
"""What came of a comparison, as results.json and results.csv; and an earlier one to compare with."""
import csv
import io
import json
import os

import saved
from configuration import TOP, fail

FORMAT = "tessera compare 1"
METHOD = ("guest instructions, counted by QEMU's -icount clock; each request measured by itself, what "
          "an empty measurement reads subtracted")


def collect(measurement, chosen, boards):
    """The results of all jobs as one structure."""
    results = {"format": FORMAT, "method": METHOD,
               "boards": {board.name: {"tools": board.tools or {}, "configuration": options(board)}
                          for board in boards},
               "seeds": {name: seed for job in measurement.jobs
                         for name, seed in job.figures.seeds.items()},
               "choices": {}}
    for choice in chosen:
        found = {board.name: {"variants": {}} for board in boards}
        results["choices"][choice.name] = {"prompt": choice.prompt, "boards": found}
        for board in boards:
            for variant in choice.variants:
                found[board.name]["variants"][variant.name] = {"figures": {}, "curves": {},
                                                               "images": {}}
    for job in measurement.jobs:
        table = results["choices"][job.choice.name]["boards"][job.board.name]["variants"]
        if job.variant.name in table:
            put(table[job.variant.name], job, measurement.failures.get(job), job.figures.values,
                job.figures.curves)
            continue
        # One kernel has all of them: the workload's second word says whose a figure is.
        for name, entry in table.items():
            put(entry, job, measurement.failures.get(job), of_member(job.figures.values, name),
                of_member(job.figures.curves, name))
    return results


def of_member(table, member):
    """ipc.semaphore.word/1 -> ipc.word/1"""
    found = {}
    for name, value in table.items():
        words = name.split(".")
        if len(words) > 1 and words[1] == member:
            found[".".join(words[:1] + words[2:])] = value
    return found


def put(entry, job, failure, values, curves):
    if failure:
        entry.setdefault("failed", []).append(
            {"kernel": job.kind, "what": str(failure), "log": failure.log})
        return
    entry["figures"].update(values)
    entry["curves"].update(curves)
    entry["images"][job.kind] = job.image


def options(board):
    """The lines of the board's configuration that say something."""
    with open(board.base, encoding="utf-8") as file:
        return [line for line in file.read().splitlines() if line.startswith("CONFIG_")]


def failures(results):
    """[(board, choice, variant, failure)]"""
    return [(board, name, variant, failure)
            for name, choice in results["choices"].items()
            for board, found in choice["boards"].items()
            for variant, entry in found["variants"].items()
            for failure in entry.get("failed", [])]


def each_figure(results):
    """((choice, board, variant, figure), (value, unit, better))"""
    for name, choice in results["choices"].items():
        for board, found in choice["boards"].items():
            for variant, entry in found["variants"].items():
                for figure, value in entry["figures"].items():
                    yield (name, board, variant, figure), value


def as_csv(results):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["choice", "board", "variant", "workload", "metric", "value", "unit", "better"])
    for (choice, board, variant, figure), value in each_figure(results):
        writer.writerow([choice, board, variant, *figure.split(" ", 1), *value])
    return text.getvalue()


def as_json(results):
    return json.dumps(results, separators=(",", ":")) + "\n"


# --- An earlier comparison -------------------------------------------------------------------------

def load(path):
    try:
        results = saved.load(path, FORMAT)
    except OSError as error:
        fail(f"the baseline {path} cannot be read: {error.strerror}")
    try:
        changes(results, results)
    except (KeyError, TypeError, AttributeError):
        fail(f"the baseline {path} is no results.json of this tree's `make compare`")
    return results


def changes(before, results):
    """[(key, old, new)] of the figures that differ, the boards that have other tools now, and how many
    figures both have."""
    old = dict(each_figure(before))
    both = [(key, old[key][0], value[0]) for key, value in each_figure(results) if key in old]
    foreign = {name: before["boards"][name]["tools"] for name, board in results["boards"].items()
               if name in before["boards"] and before["boards"][name]["tools"] != board["tools"]}
    return [change for change in both if change[1] != change[2]], foreign, len(both)


def relative(path):
    return os.path.relpath(path, TOP) if path.startswith(TOP + "/") else path
