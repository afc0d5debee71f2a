# SPDX-License-Identifier: MIT
"""What can be compared: the choices of the Kconfig tree and their variants.

Nothing here names one: a fourth page allocator appears when it has its Kconfig entry. A choice of a
portable room is measured by that room's workloads (`work_page...` for PAGE_ALLOC_...), one of the build
by all. Besides there are `ipc`, whose members are no choice (a kernel can have all of them), and
`image`, the configuration as it is beside the fragments in configs/.
"""
import glob
import os
import re

import variants
from configuration import TOP, fail

# Options that a room's variants are crossed with.
CROSSED = {"sched": "PREEMPT_KERNEL"}
BUILD = "scripts/"
IPC = "ipc"
IMAGE = "image"


class Variant:
    """A name, and the options (NAME=value) that make it out of the builder's configuration."""

    def __init__(self, name, options, symbol=None):
        self.name = name
        self.options = options
        self.symbol = symbol  # what its own source files depend on


class Choice:
    def __init__(self, name, prompt, workloads, members):
        self.name = name
        self.prompt = prompt
        self.workloads = workloads  # what bench= selects; None: no boot
        self.variants = members


def slug(prompt):
    return re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")


def of_kconfig(choice):
    """A choice of the tree, with its members as variants."""
    prompt = choice.nodes[0].prompt[0]
    symbols = [symbol.name for symbol in choice.syms]
    if choice.nodes[0].filename.startswith(BUILD):
        room, names = None, [symbol.split("_", 1)[1].lower() for symbol in symbols]
    else:
        room, names = symbols[0].split("_")[0].lower(), list(map(variants.short, symbols))
    members = [Variant(name, [f"{symbol}=y"], symbol) for name, symbol in zip(names, symbols)]
    if crossed := CROSSED.get(room):
        suffix = crossed.split("_")[0].lower()
        members = [Variant(member.name + tail, [*member.options, f"{crossed}={value}"], member.symbol)
                   for member in members for tail, value in (("", "n"), ("+" + suffix, "y"))]
    return Choice(slug(prompt), prompt, f"work_{room}" if room else "work", members)


def fragment_variants(paths):
    """A variant for each fragment of the builder's."""
    members = []
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            fail(f"the variant {path} cannot be read: {error.strerror}")
        options = [f"{name}={value}" for name, value in
                   re.findall(r"^(?:CONFIG_)?(\w+)=(.*)$", text, re.MULTILINE)]
        options += [f"{name}=n" for name in
                    re.findall(r"^# CONFIG_(\w+) is not set$", text, re.MULTILINE)]
        if not options:
            fail(f"the variant {path} asks for no option; it needs lines as CONFIG_HZ=250")
        name = os.path.basename(path).removesuffix(".config")
        members.append(Variant(name, options))
    names = [member.name for member in members]
    if len(set(names)) < len(names):
        fail(f"two variants have the same name: {' '.join(names)}; rename a fragment")
    return members


def primitives(kconfig):
    """Each IPC_... that is no part of another."""
    symbols = [symbol for symbol in kconfig.unique_defined_syms if symbol.name.startswith("IPC_")]
    return [Variant(symbol.name.removeprefix("IPC_").lower(), []) for symbol in symbols
            if not variants.kconfiglib.expr_items(symbol.direct_dep) & set(symbols)]


def all_choices():
    """Every choice there is, in the order of the Kconfig files."""
    kconfig = variants.kconfig_tree()
    found = [of_kconfig(choice) for choice in kconfig.unique_choices
             if choice.nodes[0].filename.startswith((*variants.PORTABLE_ROOMS, BUILD))]
    found.append(Choice(IPC, "Inter-process communication", "work_ipc", primitives(kconfig)))
    own = [Variant("as-configured", [])]
    own += fragment_variants(sorted(glob.glob(f"{TOP}/configs/*.config")))
    found.append(Choice(IMAGE, "Whole image", None, own))
    return found


def select(name):
    """The choice of that name, or whose name ends so or has it in it (object-allocator)."""
    found = all_choices()
    exact = [choice for choice in found if choice.name == name]
    near = exact or [choice for choice in found if name and name in choice.name]
    if len(near) != 1:
        fail(f"{'no' if not near else 'more than one'} choice {name or '(empty)'}; these: "
             f"{' '.join(choice.name for choice in found)}")
    return near[0]


def source_files(symbol):
    """The object files that an option brings in, from the Kbuild files (paths as in the linker's
    map)."""
    objects = []
    for path in [path for room in variants.PORTABLE_ROOMS
                 for path in glob.glob(f"{TOP}/{room}**/Kbuild", recursive=True)]:
        folder = os.path.relpath(os.path.dirname(path), TOP)
        with open(path, encoding="utf-8") as file:
            for names in re.findall(rf"^(?:obj|host)-\$\(CONFIG_{symbol}\) *\+?:?= *(.*)$",
                                    file.read(), re.MULTILINE):
                objects += [os.path.join(folder, name) for name in names.split()
                            if name.endswith(".o")]
    return objects
