# SPDX-License-Identifier: MIT
"""Which compiler built a kernel, and which QEMU runs it: figures of other versions are other figures."""
import os
import re
import subprocess

import machine


def first_line(*command):
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                         check=False)
    return (run.stdout.splitlines() or ["unknown"])[0]


def versions(config):
    """Of a configuration whose kernel was built."""
    with open(os.path.join(config.folder, "build.ninja"), encoding="utf-8") as file:
        compiler = re.search(r"^  command = (?:\S*ccache )?(\S+) ", file.read(), re.MULTILINE)[1]
    return {"compiler": first_line(compiler, "--version"),
            "qemu": first_line(machine.program(config, False), "--version")}
