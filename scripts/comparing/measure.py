# SPDX-License-Identifier: MIT
"""Builds a kernel for each variant of each choice, boots it, and keeps what it printed.

What a boot printed is kept under a hash of the image, QEMU's version and its arguments; so whatever
has been measured once is not measured again, whether the program was interrupted or the tree changed
back. Building is make's work, which does nothing twice either.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import choices
import figures
import image
import machine
import session
import tools
from configuration import TOP, Configuration, fail

MEMORY = "512M"  # for a pool of 32768 pages
TIME_LIMIT = 900
START_LIMIT = 30
# An instruction lasts 32 ns: MIPS's counter then goes in finer steps than that (tests/workloads/cost.h).
SHIFT = 5
WORK = ["BENCHMARKS=y", "WORKLOADS=y"]
# What the scheduler's workloads need: 4096 threads ready, and something to wait for.
MORE = {"work_sched": ["THREADS_MAX=8192", "IPC_SEMAPHORE=y"], "work": ["THREADS_MAX=8192"]}
COUNTS = re.compile(r"^# count (\d+) (\d+) (\d+)$", re.MULTILINE)
PAGE = 4         # KiB


# Set when the user interrupts: boots then end at their next line.
stopping = threading.Event()


class Failed(Exception):
    """A variant does not build, boot or finish."""

    def __init__(self, what, log):
        super().__init__(what)
        self.log = log


def digest(*parts):
    """A hash of bytes and texts."""
    total = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        total.update(len(part).to_bytes(8, "little") + part)
    return total.hexdigest()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write_whole(path, text):
    """A file that is there wholly or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


class Kernel:
    """An output folder with one configuration: the base, and options on top of it."""

    def __init__(self, folder, base, options):
        self.folder = folder
        self.base = base
        self.options = options
        self.log = os.path.join(folder, "log")

    def make(self, *arguments):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "APP")}
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(f"$ make O={self.folder} {' '.join(arguments)}\n")
            log.flush()
            run = subprocess.run(["make", "-s", f"O={self.folder}", *arguments], cwd=TOP,
                                 stdout=log, stderr=subprocess.STDOUT, env=environment, check=False)
        return run.returncode == 0

    def build(self):
        os.makedirs(self.folder, exist_ok=True)
        base = read(self.base)
        request = digest(base, *self.options)
        stamp = os.path.join(self.folder, "request")
        with open(self.log, "w", encoding="utf-8"):
            pass
        if not os.path.exists(stamp) or read(stamp) != request.encode():
            for name in (".config", "toolchain.mk"):
                source = os.path.join(os.path.dirname(self.base), name)
                if os.path.exists(source):
                    shutil.copyfile(source, os.path.join(self.folder, name))
            if self.options and not self.make("set", *self.options):
                raise Failed("is no valid configuration", self.log)
            write_whole(stamp, request)
        if not self.make("-j1"):
            raise Failed("does not build", self.log)
        return Configuration(self.folder)


class Board:
    """What the builder's configuration (or a board's) is, and the tools for it."""

    def __init__(self, name, base):
        self.name = name
        self.base = base  # a .config
        self.config = Configuration(os.path.dirname(base))
        self.tools = None

    def find_tools(self, kernel):
        self.tools = tools.versions(Configuration(kernel.folder))


class Job:
    """One kernel to build, and what to find out about it."""

    def __init__(self, choice, board, variant, kind, options, folder):
        self.choice, self.board, self.variant, self.kind = choice, board, variant, kind
        self.kernel = Kernel(os.path.join(folder, board.name, choice.name, f"{variant.name}.{kind}"),
                             board.base, [*variant.options, *options])
        self.figures = figures.Figures()
        self.image = None

    @property
    def title(self):
        return f"{self.board.name} {self.choice.name} {self.variant.name} ({self.kind})"

    def run(self, cache):
        config = self.kernel.build()
        self.image = {"configuration": digest(read(f"{config.folder}/.config")),
                      "image": digest(read(config.kernel))}
        getattr(self, self.kind)(config, cache)

    @staticmethod
    def place(cache, config, line):
        """Where the result of a boot is kept."""
        key = digest(read(config.kernel), tools.first_line(line[0], "--version"),
                     *[word.replace(cache, "") for word in line if word != config.kernel])
        return os.path.join(cache, key + ".json")

    def boot(self, config, cache, append):
        """The lines of a boot that must end well, from the cache if it was done before."""
        line = machine.command_line(config, append=append, icount=str(SHIFT), memory=MEMORY)
        path = self.place(cache, config, line)
        if os.path.exists(path):
            return json.loads(read(path))
        result = session.run(line, TIME_LIMIT, lambda _line: stopping.is_set())
        wrong = None
        if result.ended_by_us:
            wrong = "was interrupted"
        elif result.timed_out:
            wrong = f"is not over after {TIME_LIMIT} s"
        elif result.status or result.complaints:
            wrong = f"ends with status {result.status}"
        elif any(text.startswith("Bail out!") for text in result.lines):
            wrong = "has no such workload"
        elif any(text.endswith(" memory too small") for text in result.lines):
            wrong = f"finds no free pool in {MEMORY}"
        if wrong:
            with open(self.kernel.log, "a", encoding="utf-8") as log:
                log.write(f"$ {' '.join(line)}\n" + "\n".join(
                    [text for text in result.lines if not text.startswith("# work")] +
                    result.complaints) + "\n")
            raise Failed(wrong, self.kernel.log)
        lines = [text for text in result.lines if text.startswith("# ")]
        write_whole(path, json.dumps(lines))
        return lines

    # What kinds of jobs do.

    def work(self, config, cache):
        """The workloads."""
        lines = self.boot(config, cache, f"bench={self.choice.workloads}")
        try:
            self.figures = figures.parse(lines)
        except ValueError as error:
            raise Failed(f"prints what is no figure: {error}", self.kernel.log) from None
        self.own_sizes(config)

    def irqs(self, config, cache):
        """The longest stretch with interrupts off while the workloads run."""
        lines = self.boot(config, cache, f"bench={self.choice.workloads} pool=4096")
        longest = re.findall(r"^# work \S+ irqs_off (\d+)$", "\n".join(lines), re.MULTILINE)
        if longest:
            self.figures.add("variant", "irqs-off", max(map(int, longest)), "instructions")

    def plain(self, config, _cache):
        """The kernel as a builder would ship it."""
        sizes = image.in_file(config.kernel)
        self.figures.add("image", "text", sizes["text"], "bytes")
        self.figures.add("image", "data", sizes["data"], "bytes")

    def whole(self, config, cache):
        """The image by room, the least memory it boots in, and what start-up costs."""
        self.plain(config, cache)
        for name, row in image.rooms(image.files(config.folder)).items():
            self.figures.add("room", name.replace(" ", "-"), sum(row.values()), "bytes")
        end = image.addresses(config)["console_read" if config["MONITOR"] else "idle"]
        self.plugin = f"{cache}/count_plugin.so,begin={image.entry_point(config):#x},end={end:#x}"
        counted = self.start_up(config, cache, config["QEMU_MEMORY"])
        if counted is None:
            raise Failed("does not come to its prompt", self.kernel.log)
        self.figures.add("image", "boot", counted, "instructions")
        self.figures.add("image", "least-memory", self.least_memory(config, cache), "KiB")

    def start_up(self, config, cache, memory):
        """Instructions from the kernel's first one until it waits for a command or is idle; None: it
        does not come that far."""
        line = machine.command_line(config, icount="0", memory=memory,
                                    extra=["-plugin", self.plugin + ",once=on"])
        path = self.place(cache, config, line)
        if not os.path.exists(path):
            result = session.run(line, START_LIMIT)
            write_whole(path, json.dumps(COUNTS.findall(result.errors)))
        counts = json.loads(read(path))
        return int(counts[0][0]) if counts else None

    def least_memory(self, config, cache):
        """In KiB, to a page. Halves the distance between what does and what hardly can: the image's last page
        may hold nothing that counts."""
        address = image.addresses(config)["__image_end"] & 0x1fffffff  # physical, on every port
        enough, too_little = 1 << 16, address // 4096 * 4
        while enough - too_little > PAGE:
            middle = (enough + too_little) // 2 // PAGE * PAGE
            if self.start_up(config, cache, f"{middle}K") is None:
                too_little = middle
            else:
                enough = middle
        while self.start_up(config, cache, f"{enough - PAGE}K") is not None:
            enough -= PAGE
        return enough

    def own_sizes(self, config):
        """Bytes of the files that only this variant brings in."""
        if not self.variant.symbol:
            return
        by_file = image.files(config.folder)
        rows = [by_file[name] for name in choices.source_files(self.variant.symbol)
                if name in by_file]
        if rows:
            for metric, kinds in (("text", ("code", "constants")), ("data", ("data", "zeroed"))):
                self.figures.add("variant", metric, sum(row[kind] for row in rows for kind in kinds),
                                 "bytes")


def build_plugin(cache):
    """What counts start-up from outside (tests/runner/count_plugin.c)."""
    if not os.path.exists(f"{cache}/count_plugin.so"):
        subprocess.run(["gcc", "-shared", "-fPIC", "-fvisibility=hidden", "-O2", "-o",
                        f"{cache}/count_plugin.so.new", f"{TOP}/tests/runner/count_plugin.c"],
                       check=True)
        os.replace(f"{cache}/count_plugin.so.new", f"{cache}/count_plugin.so")


class Measurement:
    """All jobs of a call, and what came of them."""

    def __init__(self, folder):
        self.kernels = os.path.join(folder, "kernels")
        self.cache = os.path.join(folder, "cache")
        os.makedirs(self.kernels, exist_ok=True)
        os.makedirs(self.cache, exist_ok=True)
        build_plugin(self.cache)
        self.jobs = []
        self.failures = {}  # job: Failed

    def add(self, choice, board):
        """The kernels that a choice needs on a board."""
        def job(variant, kind, options):
            self.jobs.append(Job(choice, board, variant, kind, options, self.kernels))

        more = MORE.get(choice.workloads, [])
        if choice.name == choices.IMAGE:
            for variant in choice.variants:
                job(variant, "whole", [])
        elif choice.name == choices.IPC:
            job(choices.Variant("all", []), "work", WORK)
        else:
            for variant in choice.variants:
                job(variant, "work", [*WORK, *more])
                job(variant, "irqs", [*WORK, *more, "DEBUG_IRQS_OFF=y"])
                job(variant, "plain", ["BENCHMARKS=n"])

    def run(self, width, progress):
        """Runs all; `progress(done, total, seconds, job, failure)` sees each end."""
        start = time.monotonic()
        lock = threading.Lock()
        done = 0
        with ThreadPoolExecutor(width) as executor:
            running = {executor.submit(job.run, self.cache): job for job in self.jobs}
            try:
                for future in as_completed(running):
                    job, failure = running[future], None
                    try:
                        future.result()
                    except Failed as error:
                        failure = self.failures[job] = error
                    with lock:
                        done += 1
                        progress(done, len(self.jobs), time.monotonic() - start, job, failure)
            except BaseException:
                stopping.set()
                executor.shutdown(wait=False, cancel_futures=True)
                raise
        for job in self.jobs:
            if job not in self.failures and not job.board.tools:
                job.board.find_tools(job.kernel)


def make_boards(names, folder, output):
    """The boards to measure on: the builder's configuration, or boards by name."""
    if names is None:
        path = os.path.join(os.path.abspath(output), ".config")
        config = Configuration(output)
        return [Board(config["CONFIG_NAME"] or "unnamed", path)]
    found = []
    for name in names:
        base = os.path.join(folder, "boards", name)
        os.makedirs(base, exist_ok=True)
        run = subprocess.run(["make", "-s", f"O={base}", f"{name}_defconfig"], cwd=TOP, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                             env={**os.environ, "MAKEFLAGS": ""})
        if run.returncode:
            fail(f"{name}_defconfig: {run.stdout.strip()}")
        found.append(Board(name, os.path.join(base, ".config")))
    return found
