# SPDX-License-Identifier: MIT
"""Runs one program that talks on its standard output, under a time limit, and ends it for sure."""
import os
import re
import selectors
import signal
import subprocess
import time

# Firmware colours its text.
ESCAPES = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]|\x1b[()][0-9A-Z]|\r")

COMPLAINT = re.compile(r"qemu-system-\w+: (?!warning: )")


class Result:
    """What a program did: its lines, its exit status (negative: the signal that ended it)."""

    def __init__(self):
        self.lines = []
        self.errors = ""
        self.status = None
        self.timed_out = False
        self.ended_by_us = False  # on_line had seen enough
        self.seconds = 0.0

    @property
    def last_line(self):
        return next((line for line in reversed(self.lines) if line.strip()), "(nothing)")

    @property
    def complaints(self):
        """What QEMU itself has to say, without the register dumps of `-d cpu_reset`."""
        return [line for line in self.errors.splitlines() if COMPLAINT.match(line)]

    @property
    def reset(self):
        """x86 only: three faults in a row reset the processor."""
        return "Triple fault" in self.errors


def end_on_signals():
    """Makes SIGTERM and SIGHUP an ordinary exit, so that `finally` runs and children end."""
    def leave(number, _frame):
        raise SystemExit(128 + number)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


def kill(process):
    """Ends the process and all that it started (it leads a group of its own)."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def run(arguments, limit, on_line=lambda line: None, dialog=None, on_start=lambda process: None):
    """Runs the program for at most `limit` seconds. `on_line` sees each line as it comes and ends
    the program by giving true; the `dialog` (dialog.Dialog) sees all output and says what to type;
    `on_start` gets the process, for another thread that may have to end it.

    coreutils' timeout stands between, a little slower than our own limit: it ends the program
    even if we are killed."""
    result = Result()
    process = subprocess.Popen(["timeout", "-k", "2", str(limit + 5)] + arguments,
                               stdin=subprocess.PIPE if dialog else subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    on_start(process)
    start = time.monotonic()
    partial = ""

    def take(text, end=False):
        """Splits the text into lines; what has no end yet waits in `partial`."""
        nonlocal partial
        *lines, partial = (partial + text).split("\n")
        if end and partial:
            lines.append(partial)
        for line in lines:
            line = ESCAPES.sub("", line)
            result.lines.append(line)
            if on_line(line):
                result.ended_by_us = True
                return

    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            selector.register(process.stderr, selectors.EVENT_READ)
            while selector.get_map() and not result.ended_by_us:
                left = start + limit - time.monotonic()
                if left <= 0:
                    result.timed_out = True
                    break
                for key, _events in selector.select(left):
                    data = os.read(key.fd, 65536)
                    if not data:
                        selector.unregister(key.fileobj)
                        continue
                    text = data.decode("utf-8", "replace")
                    if key.fileobj is process.stderr:
                        result.errors += text
                        continue
                    take(text)
                    if dialog:
                        answer(process, dialog.feed(text))
        if not result.ended_by_us:
            take("", end=True)
        if not result.timed_out and not result.ended_by_us:
            try:
                result.status = process.wait(max(1, start + limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                result.timed_out = True
    finally:
        kill(process)
    result.seconds = time.monotonic() - start
    return result


def answer(process, text):
    """Types the text; a program that has ended meanwhile does not mind."""
    try:
        process.stdin.write(text.encode())
        process.stdin.flush()
    except BrokenPipeError:
        pass
