# SPDX-License-Identifier: MIT
"""Jobs of a check: each a row of commands, some jobs at a time, everything ended on an interrupt."""
import contextlib
import glob
import os
import re
import shlex
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from tap import RESULT

# No job takes this long unless something hangs that has no limit of its own.
JOB_LIMIT = 1800


class Job:
    """Commands to run one after the other until one fails, and what came of them."""

    def __init__(self, name, commands):
        self.name = name
        self.commands = commands
        self.log = None
        self.failed_command = None
        self.seconds = 0.0
        self.passed = self.failed = 0
        self.ran = set()  # names of tests that passed or failed
        self.skipped = {}  # name of a test: the option that it needs
        self.notes = []  # lines "# note: ..." of its commands: nothing failed, but somebody must know

    def judge(self, status, output):
        """Counts: a command that prints TAP by its tests, any other as one test."""
        before = self.failed
        self.notes += re.findall(r"^# note: (.*)$", output, re.MULTILINE)
        results = [match for line in output.splitlines() if (match := RESULT.match(line))]
        for bad, _number, name, needs in (match.groups() for match in results):
            if bad:
                self.failed += 1
            elif needs is not None:
                self.skipped[name] = needs
                continue
            else:
                self.passed += 1
            self.ran.add(name)
        if status == 0 and not results:
            self.passed += 1
        if status != 0 and self.failed == before:
            self.failed += 1


class Pool:
    """Runs jobs, `width` at a time, with logs in `folder`."""

    def __init__(self, folder, width, environment):
        self.folder = folder
        self.width = width
        self.environment = environment
        self.running = set()
        self.lock = threading.Lock()
        self.stopping = False

    def run(self, jobs):
        """Gives each job as it ends."""
        with ThreadPoolExecutor(self.width) as executor:
            try:
                futures = {executor.submit(self.run_job, job): job for job in jobs}
                for future in as_completed(futures):
                    future.result()
                    yield futures[future]
            except BaseException:
                self.stop()
                executor.shutdown(cancel_futures=True)
                raise

    def run_job(self, job):
        job.log = os.path.join(self.folder, job.name + ".log")
        os.makedirs(os.path.dirname(job.log), exist_ok=True)
        start = time.monotonic()
        with open(job.log, "w+", encoding="utf-8", errors="replace") as log:
            for command in job.commands:
                if self.stopping:
                    return
                log.write(f"$ {shlex.join(command)}\n")
                log.flush()
                begin = log.tell()
                status = self.run_command(command, log, start + JOB_LIMIT - time.monotonic())
                log.seek(begin)
                job.judge(status, log.read())
                if status:
                    job.failed_command = command
                    log.write(f"exit status {status}\n")
                    break
        job.seconds = time.monotonic() - start

    def run_command(self, command, log, limit):
        with self.lock:
            if self.stopping:
                return 1
            try:
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=subprocess.STDOUT, start_new_session=True,
                                           env=self.environment)
            except OSError as error:
                log.write(f"{error}\n")
                return 127
            self.running.add(process)
        try:
            return process.wait(max(1, limit))
        except subprocess.TimeoutExpired:
            end(process)
            log.write(f"not over after {JOB_LIMIT} s\n")
            return 1
        finally:
            with self.lock:
                self.running.discard(process)

    def stop(self):
        """Ends every command that runs, and lets none begin."""
        with self.lock:
            self.stopping = True
            running = list(self.running)
        for process in running:
            end(process)


def end(process):
    """Asks the command's group to end (scripts/run then ends its QEMU), and then makes it."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            pass


def end_children(patience=5):
    """Ends the groups of all that this process has started, also of what its threads begin meanwhile."""
    last = time.monotonic() + patience
    while time.monotonic() < last:
        found = []
        for path in glob.glob("/proc/self/task/*/children"):
            with open(path, encoding="utf-8") as file:
                found += map(int, file.read().split())
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)
        time.sleep(0.1)


def tail(path, count=40):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    # What says why comes with the last lines, the first failed test perhaps earlier.
    failures = [line for line in lines[:-count] if re.match(r"not ok|# \S+:\d+: |FAIL", line)]
    return failures[:20] + lines[-count:]
