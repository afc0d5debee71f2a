#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Proves that scripts/run sees each way in which a kernel can go wrong.

A shell script stands in for QEMU and does on purpose what a sick kernel does; then the verdict
must be FAIL for that reason, and for a healthy one PASS.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.dont_write_bytecode = True
sys.path.insert(0, TOP + "/tests/runner")
import dialog  # noqa: E402
import pool  # noqa: E402

CONFIG = """CONFIG_ARCH_X86=y
CONFIG_ARCH_X86_64=y
CONFIG_BOARD_PC=y
CONFIG_CONFIG_NAME="fake"
CONFIG_QEMU_MACHINE="q35"
CONFIG_QEMU_CPU="max"
CONFIG_QEMU_MEMORY="128M"
CONFIG_QEMU_ARGS=""
"""
HEALTHY = "echo TAP version 13; echo 1..2; echo ok 1 - a.b; echo ok 2 - a.c '# SKIP needs X'; "
PANIC = ("echo 'panic: divide error'; echo 'Tessera, configuration fake, x86-64'; "
         "echo 'rax 0000000000000001 rbx 0000000000000002'; "
         "echo '  0xffffffff80001234 divide+0x4'; echo 'end of panic'; ")


def alive(path):
    """Whether the process whose id is in the file still runs; a zombie does not."""
    with open(path, encoding="utf-8") as file:
        pid = file.read().strip()
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Runner(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write(".config", CONFIG)
        self.write("tessera.elf", "")

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def boot(self, script, *arguments):
        """Runs scripts/run with `script` in QEMU's place: (exit status, output)."""
        os.chmod(self.write("qemu-system-x86_64", "#!/bin/sh\n" + script + "\n"), 0o755)
        run = subprocess.run(
            [TOP + "/scripts/run", "-o", self.folder.name, *arguments], text=True, check=False,
            env=dict(os.environ, PATH=f"{self.folder.name}:{os.environ['PATH']}"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return run.returncode, run.stdout

    def passes(self, script, *arguments):
        status, output = self.boot(script, *arguments)
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"(?m)^PASS: ")

    def fails(self, script, reason, *arguments):
        status, output = self.boot(script, *(arguments or ("--test",)))
        self.assertEqual(status, 1, output)
        self.assertRegex(output, "(?m)^FAIL: .*" + reason)

    def test_healthy(self):
        self.passes(HEALTHY, "--test")

    def test_other_lines_pass(self):
        self.passes("echo '[ 0.1] memory: hello'; " + HEALTHY, "--test")

    def test_command_line_reaches_the_kernel(self):
        self.passes('echo "$@"', "--append", "loglevel=3", "--memory", "33M",
                    "--expect-line", r"-m 33M .*-append loglevel=3")

    def test_test_filter_reaches_the_kernel(self):
        self.passes('case "$*" in *"-append test=lib"*) ;; *) exit 1 ;; esac; ' + HEALTHY,
                    "--test", "lib")

    def test_no_plan(self):
        self.fails("echo ok 1 - a.b", "there is no plan")

    def test_nothing(self):
        self.fails("true", "there is no plan")

    def test_empty_plan(self):
        self.fails("echo 1..0", "the plan is empty")

    def test_half_a_plan(self):
        self.fails("echo 1..3; echo ok 1 - a.b", "only 1 of 3 tests reported")

    def test_too_many_results(self):
        self.fails("echo 1..1; echo ok 1 - a.b; echo ok 2 - a.c", "2 tests reported, 1 planned")

    def test_wrong_number(self):
        self.fails("echo 1..2; echo ok 1 - a.b; echo ok 1 - a.c", "test 2 has number 1")

    def test_two_plans(self):
        self.fails(HEALTHY + "echo 1..2", "there are two plans")

    def test_not_ok(self):
        self.fails("echo 1..2; echo ok 1 - a.b; echo not ok 2 - a.c; exit 3", "failed: a.c")

    def test_not_ok_with_good_status(self):
        self.fails("echo 1..1; echo not ok 1 - a.b", "failed: a.b")

    def test_bad_status(self):
        self.fails(HEALTHY + "exit 3", "exit status 3")

    def test_skip_without_reason(self):
        self.fails("echo 1..1; echo 'ok 1 - a.b # SKIP'", "skipped without the option")

    def test_bail_out(self):
        self.fails("echo 'Bail out! nothing'; exit 3", "Bail out! nothing")

    def test_panic(self):
        self.fails("echo 1..2; echo ok 1 - a.b; " + PANIC + "exit 3", "panic: divide error")

    def test_panic_with_good_end(self):
        self.fails(PANIC + HEALTHY, "panic: divide error")

    def test_reset(self):
        self.fails("echo 1..2; echo ok 1 - a.b; echo Triple fault >&2", "reset itself.*ok 1 - a.b")

    def test_killed(self):
        self.fails(HEALTHY + "kill -SEGV $$", "exit status")

    def test_hang(self):
        self.fails("echo 1..2; echo ok 1 - a.b; sleep 20", "hang: .* ok 1 - a.b",
                   "--test", "--timeout", "1")

    def test_hang_after_all(self):
        self.fails(HEALTHY + "sleep 20", "hang: .* ok 2 - a.c", "--test", "--timeout", "1")

    def test_hang_in_a_line(self):
        self.fails("printf 'half a li'; sleep 20", "hang: .* half a li",
                   "--test", "--timeout", "1")

    def test_hang_with_closed_output(self):
        self.fails(HEALTHY + "exec >&- 2>&-; sleep 20", "hang", "--test", "--timeout", "1")

    def test_hang_that_ignores_signals(self):
        pid = os.path.join(self.folder.name, "pid")
        self.fails(f"trap '' TERM INT HUP; echo $$ >{pid}; while :; do sleep 1; done", "hang",
                   "--test", "--timeout", "1")
        self.assertFalse(alive(pid))

    def test_terminated_runner_ends_its_machine(self):
        pid = os.path.join(self.folder.name, "pid")
        os.chmod(self.write("qemu-system-x86_64", f"#!/bin/sh\necho $$ >{pid}.new\n"
                            f"mv {pid}.new {pid}\nexec sleep 60\n"), 0o755)
        with subprocess.Popen(
                [TOP + "/scripts/run", "-o", self.folder.name, "--test"],
                env=dict(os.environ, PATH=f"{self.folder.name}:{os.environ['PATH']}"),
                stdout=subprocess.DEVNULL) as run:
            while not os.path.exists(pid):
                time.sleep(0.01)
            run.terminate()
        self.assertFalse(alive(pid))

    def test_kernel_behind_the_end_of_memory(self):
        self.write("tessera.sym", "ffffffff80100000 T __image_start\n")
        for size in ("1M", "1024k", "1"):
            status, output = self.boot("exit 0", "--until", "x", "--memory", size)
            self.assertIn(f"lies at 0x100000, behind the end of {size} of memory", output)
            self.assertEqual(status, 1)
        self.passes("echo x", "--until", "x", "--memory", "1025K")

    def test_qemu_complains(self):
        self.fails("echo 'qemu-system-x86_64: no such machine' >&2; exit 1", "no such machine")

    def test_line(self):
        self.passes("echo hello world", "--expect-line", "^hello w")
        self.fails("echo hello world", "no line matches", "--expect-line", "^world")

    def test_until_a_line(self):
        self.passes("echo ready; echo and more; sleep 20", "--until", "^ready$", "--timeout", "5")
        self.fails("echo almost; sleep 20", "no line matches", "--until", "^ready$",
                   "--timeout", "1")
        self.fails("echo almost", "no line matches", "--until", "^ready$")
        self.fails(PANIC + "echo ready; sleep 20", "panic: divide", "--until", "^ready$")

    def test_failing_line(self):
        self.passes("echo too little memory; exit 3", "--fails", "--expect-line", "too little")
        self.fails("echo too little memory", "exit status 0", "--fails", "--expect-line", "little")

    def test_expected_panic(self):
        self.passes(PANIC + "exit 3", "--expect-panic", "divide")

    def test_expected_panic_is_missing(self):
        self.fails("exit 3", "there is no panic", "--expect-panic", "divide")

    def test_expected_panic_with_good_status(self):
        self.fails(PANIC, "exit status 0", "--expect-panic", "divide")

    def test_expected_panic_of_another_kind(self):
        self.fails(PANIC + "exit 3", "cause is \"divide error\"", "--expect-panic", "page fault")

    def test_expected_panic_lacks_a_part(self):
        for part, reason in (("rax", "no registers"), ("divide\\+", "no backtrace"),
                             ("configuration", "does not name the configuration"),
                             ("end of", "does not come to its last line")):
            script = f"{{ {PANIC} }} | sed '/{part}/d'; exit 3".replace("\\+", "+")
            self.fails(script, reason, "--expect-panic", "divide")

    def test_expected_panic_panics_again(self):
        self.fails(PANIC.replace("echo 'rax", "echo 'in the report of a panic: bad'; echo 'rax")
                   + "exit 3", "in the report of a panic", "--expect-panic", "divide")

    def test_figures(self):
        self.passes("echo '# bench page.1 31.50 instructions'", "--bench")
        self.fails("echo nothing", "there is no figure", "--bench")

    def test_dialog(self):
        talk = self.write("talk", "# greet\n> hello\nyou said hello\n> bye\n")
        kernel = "printf 'tessera> '; read x; echo you said $x; printf 'tessera> '; read x; "
        self.passes(kernel + "[ $x = bye ]", "--dialog", talk)
        self.fails(kernel.replace("said", "did not say"), "nothing matched /you said hello/",
                   "--dialog", talk, "--timeout", "1")
        self.fails("echo nobody", "no prompt for `hello`", "--dialog", talk, "--timeout", "1")
        parted = "printf 'tessera> \\033['; sleep 0.2; printf K; read x; echo you said $x; printf '/ $ '; read x; "
        self.passes(parted + "[ $x = bye ]", "--dialog", talk)
        keys = self.write("keys", "press\n< a\\x03\\n\nthanks\n")
        self.passes("echo press; read x; [ \"$x\" = \"$(printf 'a\\003')\" ] && echo thanks", "--dialog", keys)

    def test_dialog_in_pieces(self):
        """A busy host may read the kernel's output in any pieces, also of an escape sequence."""
        prompt = "\rtessera> \033[K"
        for at in range(len(prompt) + 1):
            talk = dialog.Dialog("> hello\nsaid\n> bye\n")
            self.assertEqual(talk.feed(prompt[:at]) + talk.feed(prompt[at:]), "hello\n", at)
            self.assertEqual(talk.feed("hello\nyou said hello\n" + prompt[:at]) +
                             talk.feed(prompt[at:]), "bye\n", at)

    def test_missing_qemu(self):
        self.write(".config", CONFIG.replace("ARCH_X86_64", "ARCH_MIPS32"))
        for tool in ("awk", "dirname"):
            os.symlink(shutil.which(tool), os.path.join(self.folder.name, tool))
        run = subprocess.run([TOP + "/scripts/run", "-o", self.folder.name, "--test"], text=True,
                             env=dict(os.environ, PATH=self.folder.name), check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(run.stdout.count("\n"), 1)
        for word in ("qemu-system-mips", "package", "scripts/setup"):
            self.assertIn(word, run.stdout)

    def test_warnings_of_qemu_are_let_pass(self):
        self.passes(HEALTHY + "echo 'qemu-system-x86_64: warning: odd size' >&2", "--test")

    def test_no_configuration(self):
        os.unlink(os.path.join(self.folder.name, ".config"))
        status, output = self.boot("true", "--test")
        self.assertNotEqual(status, 0)
        self.assertRegex(output, "configure first")


class Check(unittest.TestCase):
    """The engine of scripts/check."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.pool = pool.Pool(self.folder.name, 2, dict(os.environ))

    def job(self, *scripts):
        return pool.Job("room/job", [["sh", "-c", script] for script in scripts])

    def run_one(self, *scripts):
        return next(iter(self.pool.run([self.job(*scripts)])))

    def test_counts(self):
        job = self.run_one("echo ok 1 - a.b; echo 'ok 2 - a.c # SKIP needs X'; echo ok 3 - a.d",
                           "echo no TAP here")
        self.assertEqual((job.passed, job.failed, job.skipped), (3, 0, {"a.c": "X"}))
        self.assertEqual(job.ran, {"a.b", "a.d"})

    def test_failed_test(self):
        job = self.run_one("echo ok 1 - a.b; echo not ok 2 - a.c; exit 1", "echo not reached")
        self.assertEqual((job.passed, job.failed), (1, 1))
        with open(job.log, encoding="utf-8") as file:
            self.assertNotIn("reached", file.read().replace("$ sh -c 'echo not reached'", ""))

    def test_failed_command(self):
        self.assertEqual(self.run_one("exit 3").failed, 1)

    def test_fails_although_all_tests_passed(self):
        job = self.run_one("echo ok 1 - a.b; exit 1")
        self.assertEqual((job.passed, job.failed), (1, 1))

    def test_cannot_start(self):
        job = pool.Job("job", [["/nonexistent"]])
        self.assertEqual(next(iter(self.pool.run([job]))).failed, 1)

    def test_interrupt_ends_all_commands(self):
        pids = [os.path.join(self.folder.name, f"pid{number}") for number in range(3)]
        jobs = [self.job("true")] + [
            self.job(f"trap 'exit 1' TERM; echo $$ >{pid}.new; mv {pid}.new {pid}; "
                     "while :; do sleep 0.1; done") for pid in pids]
        running = self.pool.run(jobs)
        next(running)
        while not all(map(os.path.exists, pids[:2])):
            time.sleep(0.01)
        running.close()
        self.assertFalse(any(map(alive, pids[:2])))
        self.assertFalse(os.path.exists(pids[2]))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
