# SPDX-License-Identifier: MIT
"""Takes configurations through everything a builder would: both readers of Kconfig, the build, the
boot, the suites that the configuration provides.

Each worker has one output folder per board and goes from configuration to configuration in it, those that
differ least one after the other: what an option does not concern is not compiled again, and the rest mostly
comes out of ccache (see `cached`). A result belongs to a configuration and to the state of the tree, so a run that is
repeated goes on where it was.
"""
import functools
import hashlib
import itertools
import json
import os
import queue
import signal
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../runner"))

import machine  # noqa: E402
import report  # noqa: E402
import session  # noqa: E402
import sources  # noqa: E402
import space as spaces  # noqa: E402
import variants  # noqa: E402
from configuration import TOP, Configuration  # noqa: E402
from pool import end  # noqa: E402
from tap import Tap  # noqa: E402

# Seconds. What hangs mostly spins; so the processor's time has a limit of its own, which a busy machine
# does not reach sooner.
BUILD_LIMIT = 900
BOOT_LIMIT = 600
BOOT_CPU_LIMIT = 60
# What a simulated machine does in a tick, of whatever length: tests wait for ticks, some of them busily.
TICK_INSTRUCTIONS = 1 << 20
QEMU_COUNT_HZ = 166666667
# Suites that take long where a number is large, and then tell nothing that they do not tell where it is not.
LONG = (("storm", "TEST_STORM_STEPS", 200), ("thread.exhaustion", "THREADS_MAX", 4096),
        ("thread.ids", "THREADS_MAX", 4096), ("sched.slices", "SCHED_TIMESLICE_MS", 100),
        ("kernel.log_ring", "LOG_BUFFER_SIZE", 128), ("address_space.limits", "USER_AREAS_MAX", 4096))
# Suites that take their time and tell little of the configuration: in a sweep one configuration of four runs them, by
# its key. Whoever looks for the cause of a failure runs them always: what is shrunk has other keys.
IN_ONE_OF_FOUR = ("lib", "memory_map", "crowd", "storm", "object_alloc.random", "object_alloc.every_size",
                  "object_alloc.resizes", "page_alloc.random", "thread_life.a_crowd", "thread.each_meets",
                  "timer.random")
# What a worker takes at a time of a group of like configurations.
BATCH = 8
# Without what takes long, and tells nothing of the configuration either.
PROGRAMS = "fork,memory,pipe,ledger,fault.b,fault.h,fault_"


def tree_state():
    """A hash of every file that a kernel or its tests are made from."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=TOP,
                            capture_output=True, check=True).stdout.split(b"\0")
    digest = hashlib.sha256()
    for name in sorted(filter(None, listed)):
        path = os.path.join(TOP.encode(), name)
        if name.startswith((b"Documentation/", b".")) or name.endswith(b".md") \
                or not os.path.isfile(path):
            continue
        digest.update(name + b"\0")
        with open(path, "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()[:16]


class Configured:
    """One configuration of a board: a value on each axis. Those of a group are much alike."""

    def __init__(self, board, values, text, expected, group):
        self.board = board
        self.group = board, group
        self.values = values
        self.text = text  # as a defconfig
        self.expected = expected  # every option's value, as kconfiglib has it
        self.key = hashlib.sha256(f"{board}\n{text}".encode()).hexdigest()[:12]

    @classmethod
    def of(cls, board, space, values, group=0):
        kconfig = spaces.configure(space, values)
        kconfig.syms["CONFIG_NAME"].set_value(board)
        text = "".join(sorted(line for symbol in kconfig.unique_defined_syms
                              if is_decided(symbol) and (line := symbol.config_string)))
        return cls(board, values, text, all_values(kconfig), group)


def is_decided(symbol):
    """What a defconfig has to say: what a builder could have set, and is not as it is by default."""
    return symbol.visibility and symbol.user_value is not None


def all_values(kconfig):
    return {symbol.name: symbol.str_value for symbol in kconfig.unique_defined_syms
            if symbol.config_string and symbol.str_value != "n"}


class Failure(Exception):
    """What went wrong: the stage, and a line."""

    def __init__(self, stage, reason):
        super().__init__(f"{stage}: {reason}")
        self.stage = stage
        self.reason = reason


@functools.cache
def mentioned():
    """The options that each C source mentions, in order, by its place in the tree."""
    known = sources.Sources()
    options = {path: known.of(path) for path in known.files if path.endswith(".c")}
    options |= {unit: set().union(*map(known.of, parts)) for unit, parts in known.units.items()}
    return {os.path.relpath(path, TOP): sorted(names) for path, names in options.items()}


class Worker:
    """Builds and boots, in folders of its own."""

    def __init__(self, folder, number):
        self.folder = os.path.join(folder, f"worker-{number}")
        self.plugin = os.path.join(folder, "cover_plugin.so")
        self.process = None
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("CC", "CROSS_COMPILE", "APP", "MAKEFLAGS", "MFLAGS",
                                            "MAKELEVEL", "O")}
        self.environment.update(WERROR="1", srctree=TOP, APP_DIR="",
                                APP_KCONFIG="kernel/application/none")
        self.options_of = os.path.join(self.folder, "options")
        self.told = {}  # what the files there say
        if shutil.which("ccache"):
            # All sources see all options (autoconf.h); `cached` says which ones count.
            self.environment.update(CCACHE=os.path.join(TOP, "tests/product_line/cached"),
                                    OPTIONS_OF=self.options_of, CCACHE_DEPEND="1", CCACHE_NOCOMPRESS="1")

    def started(self, process):
        """From now on this is what must end if the sweep does."""
        self.process = process

    def command(self, stage, *words, folder=TOP):
        self.process = subprocess.Popen(words, cwd=folder, env=self.environment, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = self.process.communicate(timeout=BUILD_LIMIT)
        except subprocess.TimeoutExpired:
            end(self.process)
            raise Failure(stage, f"not over after {BUILD_LIMIT} s") from None
        except BaseException:
            end(self.process)
            raise
        self.log.append(output)
        if self.process.returncode:
            raise Failure(stage, first_error(output))
        # A build that says anything has a warning.
        if stage == "build" and "warning" in output:
            raise Failure(stage, first_error(output))

    def run(self, configured, coverage=None, left_out=()):
        """The result of one configuration, as a dictionary. It runs all suites but those that are `left_out`."""
        self.log = []
        start = time.monotonic()
        result = {"key": configured.key, "board": configured.board, "passed": 0, "skipped": 0,
                  "boots": 0, "how": None, "failure": None}
        try:
            output = self.build(configured)
            result["built_in"] = round(time.monotonic() - start, 2)
            result.update(self.boot(output, coverage, left_out))
        except Failure as failure:
            result["failure"] = str(failure)
        result["seconds"] = round(time.monotonic() - start, 2)
        if result["failure"]:
            result.update(log="\n".join(self.log), defconfig=configured.text)
        return result

    def build(self, configured):
        output = os.path.join(self.folder, configured.board)
        os.makedirs(output, exist_ok=True)
        path = os.path.join(self.folder, f"{configured.board}_defconfig")
        with open(path, "w", encoding="utf-8") as file:
            file.write(configured.text)
        # What scripts/configure adds to this are the reasons of what is lost; here nothing may be.
        self.command("configure", "kconfig-conf", f"--defconfig={path}", "Kconfig",
                     folder=output)
        self.compare(configured, output)
        self.tell_options(configured)
        self.command("build", "make", "-s", f"O={output}", "-j1")
        return output

    def tell_options(self, configured):
        for source, options in mentioned().items():
            text = "".join(f"{option}={configured.expected.get(option)}\n" for option in options)
            if self.told.get(source) != text:
                path = os.path.join(self.options_of, source)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                self.told[source] = text

    @staticmethod
    def compare(configured, output):
        """kconfig-frontends must come to the configuration that kconfiglib came to."""
        kconfig = variants.kconfig_tree()
        kconfig.load_config(os.path.join(output, ".config"))
        came = all_values(kconfig)
        with open(os.path.join(output, ".config"), encoding="utf-8") as file:
            theirs = {}
            for line in file:
                if line.startswith("CONFIG_"):
                    name, value = line[len("CONFIG_"):].rstrip("\n").split("=", 1)
                    theirs[name] = value[1:-1] if value.startswith('"') else value
        for name in sorted(configured.expected.keys() | theirs.keys()):
            ours, other = configured.expected.get(name, "n"), theirs.get(name, "n")
            if ours != other:
                raise Failure("parsers", f"{name} is {ours} to kconfiglib, {other} to "
                              "kconfig-frontends")
        if came != configured.expected:
            raise Failure("parsers", "kconfiglib reads another configuration than it wrote")

    def boot(self, output, coverage, left_out=()):
        """Boots for each kind of suite that there is; without any, once, until start-up is over."""
        config = Configuration(output)
        boots = []
        if config["KERNEL_TESTS"]:
            left_out = {*left_out, *(tests for tests, number, most in LONG if (config[number] or 0) > most)}
            boots.append("test=all" + "".join(f",-{tests}" for tests in sorted(left_out)))
        if config["USER_TESTS"]:
            boots.append(f"run=/tests/run,{PROGRAMS}")
        passed = skipped = 0
        for append in boots or [None]:
            seen = self.boot_once(output, config, append, coverage)
            passed += len(seen.passed)
            skipped += len(seen.skipped)
        how = "start" if not boots else "suites" if config["SERIAL_16550"] else "exit status"
        return {"passed": passed, "skipped": skipped, "how": how, "boots": len(boots) or 1}

    def boot_once(self, output, config, append, coverage):
        more = []
        if append is None:
            goal = "sys_read" if config["USER_MODE"] else "monitor_run" if config["MONITOR"] else "idle"
            more = ["-plugin", f"{self.plugin},stop={symbol(output, goal, config):#x}"]
        if coverage:
            more = ["-plugin", (more[1] if more else self.plugin) + f",out={coverage}"]
        seen = Tap()
        line = machine.command_line(config, append=append or "", icount=clock_shift(config), extra=more)
        limited = ["prlimit", f"--cpu={BOOT_CPU_LIMIT}:{2 * BOOT_CPU_LIMIT}", *line]
        result = session.run(limited, BOOT_LIMIT, seen.feed, on_start=self.started)
        self.log += result.lines + [result.errors]
        wrong = list(result.complaints)
        if result.timed_out or result.status == -signal.SIGXCPU:
            limit = BOOT_LIMIT if result.timed_out else f"{BOOT_CPU_LIMIT} processor"
            wrong.append(f"hang: not over after {limit} s; the last line was: {result.last_line}")
        elif result.reset:
            wrong.append("the machine reset itself")
        elif cause := report.panic_cause(result.lines):
            wrong.append(f"panic: {cause}")
        if append and config["SERIAL_16550"] and not wrong:
            wrong += seen.verdict()
        if result.status and not wrong:
            wrong.append(f"exit status {result.status}")
        if wrong:
            raise Failure("boot", f"{append or 'start'}: " + "; ".join(wrong))
        return seen


def clock_shift(config):
    """Of QEMU's -icount: how many times an instruction doubles its nanosecond, so that a tick has not much more
    than TICK_INSTRUCTIONS."""
    tick = 1000000000 // config["HZ"]
    if config["MIPS_COUNT_HZ"]:  # what the kernel takes for the rate of QEMU's counter, which stays as it is
        tick = tick * config["MIPS_COUNT_HZ"] // QEMU_COUNT_HZ
    return str((tick // TICK_INSTRUCTIONS).bit_length())


def symbol(output, name, config):
    """Its address as QEMU has it: nm extends those of MIPS to 64 bits."""
    with open(os.path.join(output, "tessera.sym"), encoding="utf-8") as file:
        for line in file:
            address, *_, found = line.split()
            if found == name:
                return int(address, 16) & (-1 if config["64BIT"] else 0xffffffff)
    raise Failure("boot", f"there is no {name} in tessera.sym")


def first_error(output):
    lines = [line for line in output.splitlines() if line.strip()]
    for line in lines:
        if any(word in line for word in ("error:", "warning:", "undefined reference", "multiple definition",
                                       "Error")):
            return line
    return lines[-1] if lines else "no output"


class Results:
    """Lines of JSON in a file, by configuration; those of another state of the tree do not count."""

    def __init__(self, path, state):
        self.path = path
        self.state = state
        self.found = {}
        self.lock = threading.Lock()
        self.torn = False  # whether the last line was cut
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    self.torn = not line.endswith("\n")
                    try:
                        result = json.loads(line)
                    except ValueError:
                        continue  # the line that an interruption cut
                    if result.get("state") == state:
                        self.found[result["key"]] = result

    def add(self, result):
        with self.lock:
            self.found[result["key"]] = result
            with open(self.path, "a", encoding="utf-8") as file:
                file.write("\n" * self.torn + json.dumps({**result, "state": self.state}) + "\n")
            self.torn = False


def batches(configurations):
    """Lists of consecutive configurations of one group."""
    for _, group in itertools.groupby(configurations, lambda configured: configured.group):
        while batch := list(itertools.islice(group, BATCH)):
            yield batch


class Sweep:
    """Runs many configurations, some at a time."""

    def __init__(self, folder, jobs):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        subprocess.run(["gcc", "-shared", "-fPIC", "-fvisibility=hidden", "-O2", "-o",
                        f"{self.folder}/cover_plugin.so", f"{TOP}/tests/runner/cover_plugin.c"],
                       check=True)
        self.workers = [Worker(self.folder, number) for number in range(jobs)]
        self.stopping = False

    def run(self, configurations, results):
        """Gives (configuration, result, whether it was known) as they come. Takes a few configurations at
        a time: there can be millions."""
        waiting, lock, done = batches(configurations), threading.Lock(), queue.Queue()

        def work(worker):
            try:
                while not self.stopping:
                    with lock:
                        batch = next(waiting, None)
                    if batch is None:
                        break
                    for configured in batch:
                        if self.stopping:
                            break
                        known = results.found.get(configured.key)
                        if known and known["failure"]:
                            known = None  # that may have been the machine's fault
                        result = known or worker.run(
                            configured, left_out=() if int(configured.key, 16) % 4 == 0 else IN_ONE_OF_FOUR)
                        if not self.stopping:
                            if not known:
                                results.add(result)
                            done.put((configured, result, known is not None))
            except BaseException as error:  # pylint: disable=broad-except
                done.put(error)
            else:
                done.put(None)

        threads = [threading.Thread(target=work, args=(worker,), daemon=True)
                   for worker in self.workers]
        for thread in threads:
            thread.start()
        at_work = len(threads)
        try:
            while at_work:
                item = done.get()
                if isinstance(item, BaseException):
                    raise item
                if item is None:
                    at_work -= 1
                else:
                    yield item
        finally:
            self.stop(threads)

    def stop(self, threads):
        self.stopping = True
        while any(thread.is_alive() for thread in threads):
            for worker in self.workers:
                if worker.process and worker.process.poll() is None:
                    end(worker.process)
            threads[-1].join(0.1)  # one may just have begun another process
        self.stopping = False
