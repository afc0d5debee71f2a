# SPDX-License-Identifier: MIT
"""Requests in .config syntax, and kconfig, which answers them."""

import os
import re
import subprocess
import sys
from typing import NamedTuple

SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRCTREE = os.environ.setdefault("srctree", os.path.dirname(SCRIPTS))
os.environ.setdefault("APP_DIR", "")  # no application, unless make says which
os.environ.setdefault("APP_KCONFIG", "kernel/application/none")
os.environ["KCONFIG_WARN_UNDEF"] = "y"  # a name that no Kconfig file defines is a mistake

try:
    import kconfiglib
    from kconfiglib import BOOL, STRING
except ImportError:
    sys.exit(subprocess.call([f"{SCRIPTS}/need", "/usr/lib/python3/dist-packages/kconfiglib.py"]))

SET = re.compile(r"CONFIG_(\w+)=(.*)$")
UNSET = re.compile(r"# CONFIG_(\w+) is not set$")


class Request(NamedTuple):
    """Somebody asks for an option's value. Values are as in .config, but strings unquoted."""
    name: str
    value: str
    where: str  # "file:line", or "set"
    quoted: bool = True


class Failure(Exception):
    """Carries the lines to print."""


def parse(path):
    """The requests of a file in .config syntax, with the errors in it."""
    requests, errors = [], []
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise Failure([f"{path}: {reason}"]) from None
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        line = line.rstrip()
        if match := SET.match(line):
            name, value = match.groups()
            quoted = len(value) >= 2 and value[0] == value[-1] == '"'
            if quoted:
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            requests.append(Request(name, value, where, quoted))
        elif match := UNSET.match(line):
            requests.append(Request(match[1], "n", where))
        elif line and not line.startswith("#"):
            errors.append(f"{where}: `{line}` is no request: write CONFIG_NAME=value")
    return requests, errors


def values(path):
    """A .config file as a dictionary; options that are off are left out."""
    return {r.name: r.value for r in parse(path)[0] if r.value != "n"}


def config_line(symbol, value):
    """The request as kconfig reads it."""
    if symbol.type == STRING:
        value = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    elif symbol.type == BOOL and value == "n":
        return f"# CONFIG_{symbol.name} is not set\n"
    return f"CONFIG_{symbol.name}={value}\n"


def kconfig(*arguments, config=".config", **environment):
    """Runs kconfig in this folder. It reports no error by its status: its words decide."""
    os.makedirs("include/config", exist_ok=True)
    os.makedirs("include/generated", exist_ok=True)
    environment = {**os.environ, "KCONFIG_CONFIG": config, **environment}
    try:
        done = subprocess.run(["kconfig-conf", *arguments, "Kconfig"], env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, check=False)
    except FileNotFoundError:
        raise Failure([subprocess.run([f"{SCRIPTS}/need", "kconfig-conf"], text=True, check=False,
                                      stderr=subprocess.PIPE).stderr.strip()]) from None
    lines = [line for line in done.stderr.splitlines() if not line.startswith("KCONFIG_SEED=")]
    if done.returncode and not lines:
        lines = [f"ended with status {done.returncode}"]
    if lines:
        raise Failure([f"kconfig: {line}" for line in lines])


def load_kconfig():
    """All options. A warning about the Kconfig files is an error."""
    try:
        options = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
    except kconfiglib.KconfigError as error:
        raise Failure([str(error).strip()]) from None
    if options.warnings:
        raise Failure([f"Kconfig: {' '.join(line.split())}" for line in options.warnings])
    return options
