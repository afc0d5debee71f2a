# SPDX-License-Identifier: MIT
"""What the Kconfig tree offers: boards, and the variants of each variation point.

A variation point is a choice in a Kconfig file of a portable room (mm/Kconfig, later sched/ and
ipc/); its members are the variants. Nothing here names one, so a new variant is swept as soon as
it has its Kconfig entry.
"""
import glob
import itertools
import os

from configuration import TOP, fail, need

need("/usr/lib/python3/dist-packages/kconfiglib.py")
import kconfiglib  # noqa: E402 pylint: disable=wrong-import-position

PORTABLE_ROOMS = ("mm/", "sched/", "ipc/", "fs/")


def kconfig_tree():
    os.environ.update(srctree=TOP, APP_DIR="", APP_KCONFIG="kernel/application/none")
    return kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)


def configured(fragments, symbols):
    """The tree configured by these fragments (paths in the tree) and with these options on."""
    kconfig = kconfig_tree()
    kconfig.warn_assign_undef = True
    kconfig.warn_assign_override = False
    for fragment in fragments:
        kconfig.load_config(os.path.join(TOP, fragment), replace=False)
    for symbol in symbols:
        kconfig.syms[symbol].set_value("y")
    if kconfig.warnings:
        fail("\n".join(kconfig.warnings))
    return kconfig


def boards():
    """The names of configs/*_defconfig, the default board first."""
    names = [os.path.basename(path)[:-len("_defconfig")]
             for path in glob.glob(f"{TOP}/configs/*_defconfig")]
    return sorted(names, key=lambda name: (name != "pc_x86_64", name))


def variation_points(kconfig):
    """Lists of symbol names, one list per choice, in the order of the files."""
    return [[symbol.name for symbol in choice.syms] for choice in kconfig.unique_choices
            if choice.nodes[0].filename.startswith(PORTABLE_ROOMS)]


def default_variants(kconfig):
    """The variant that each point has unless a builder says otherwise, in the same order."""
    return [next(name for name in symbols if kconfig.syms[name].str_value == "y")
            for symbols in variation_points(kconfig)]


def combinations(kconfig):
    """Every combination of one variant of each point of a room, room by room: what two rooms choose
    is independent, and the rest of a configuration is as it is by default."""
    rooms = {}
    for choice in kconfig.unique_choices:
        filename = choice.nodes[0].filename
        if filename.startswith(PORTABLE_ROOMS):
            rooms.setdefault(filename, []).append([symbol.name for symbol in choice.syms])
    return [combination for points in rooms.values() for combination in itertools.product(*points)]


def short(symbol):
    """PAGE_ALLOC_FIRST_FIT -> first_fit: what tells a variant from its siblings."""
    words = symbol.split("_")
    return "_".join(words[1 if words[0] == "SCHED" else 2:]).lower()


def name(combination):
    return "-".join(map(short, combination))
