# SPDX-License-Identifier: MIT
"""What `make check` and `make check-all` run: jobs, each a row of commands.

A kernel is a board, fragments and options; a job builds one and boots it in one or more ways. Boards
and variants are not listed here: they come from configs/ and the Kconfig tree.
"""
import itertools

import variants
from kernel import Kernel
from pool import Job

TESTS = "tests/boot/tests.config"
DEBUG = "tests/boot/debug.config"
USER = "tests/boot/user.config"
# The test programs that take no longer than others.
SHORT = ",".join((
    "fork", "clone", "memory", "fault", "pipe", "signal.", "thread", "futex", "ledger", "file", "system", "semaphore",
    "message", "event", "process_calls", "terminal", "fpu"))
SMALL = "configs/tiny.config"
IPC = ("IPC_SEMAPHORE", "IPC_EVENT", "IPC_MESSAGE_BOX")
# Little room for programs: so that limits are reached, and nothing is kept for reuse.
LITTLE = ["TASKS_MAX=400", "THREADS_MAX=256", "FILES_MAX=256", "THREAD_CACHE=0", "USER_TABLE_CACHE=0"]
# The rest of these is random.
RANDOM = {"random": "tests/boot/random.config", "random-bare": "tests/boot/random_bare.config"}

# A board in another shape that is as different from it as another board.
SHAPES = {"pc_i386": {"pae": ["X86_PAE=y"]}}
# What the variants of a room are crossed with besides, by the first word of their names.
CROSSED = {"SCHED": {"": [], "-preempt": ["PREEMPT_KERNEL=y", "DEBUG_LOCKS=y"],
                     "-preempt-nohz": ["PREEMPT_KERNEL=y", "NO_HZ_IDLE=y"]}}
X86 = ("pc_x86_64", "pc_i386")
# What depends on who started the kernel.
HANDED_OVER = "kernel,keyboard,memory_map,monitor,object_alloc.,page_alloc,thread.,vga_text,vmap,x86"
# Arguments of machines that a kernel must refuse, and what it says.
REFUSED = {
    "pc_x86_64": [("--cpu 486", "needs a processor with a time stamp counter"),
                  ("--cpu qemu32", "needs a processor with 64-bit mode")],
    "pc_i386": [("--cpu 486", "needs a processor with a time stamp counter")],
    "malta": [("--cpu 4Kc", "processor is not MIPS32 release 2"), ("--memory 256K", "too little memory")],
}
# What tests/foreign/build calls a board's architecture, and the programs it makes.
FOREIGN = {"pc_x86_64": ("x86_64", ("musl", "glibc")), "malta": ("mips", ("glibc",)),
           "malta_el": ("mipsel", ("glibc",))}

# What is known of the boards; one that is not listed is tested with less.

# Memory sizes: odd ones, and as much as the architecture takes and more.
MEMORY = {
    "pc_x86_64": ["9M", "37M", "1025M", "3G", "8G"],
    "pc_i386": ["9M", "37M", "1G", "2049M", "8G"],
    "malta": ["9M", "37M", "257M", "1G", "2G"],
}
# The KiB in which the smallest kernel must boot. A PC has no memory between 640 KiB and 1 MiB, and
# the kernel lies behind that hole.
LEAST = {"pc_x86_64": 2048, "pc_i386": 1152, "malta": 1024}
# Processors that lack what the default one has, or have more.
PROCESSORS = {
    "pc_x86_64": ["qemu64", "Opteron_G1-v1"],
    "pc_i386": ["qemu32", "pentium3,-fxsr,-sse"],
    "malta": ["34Kf", "P5600", "24Kc"],
}

# What the log must say of programs: everywhere, and of what a processor forbids or lacks.
FAULT = r"process: fault\[\d+\]: write to 0x0, pc 0x[0-9a-f]+: nothing is mapped there \(SIGSEGV\)"
SAYS = {
    "P5600": r"fault_mips\[\d+\]: jump to 0x[0-9a-f]+, .*: the memory there does not allow it \(SIGSEGV\)",
    "24Kc": r"fpu_mips\[\d+\]: floating-point instruction, but this processor has no FPU",
}


def family(board):
    """malta_el is a Malta."""
    return board.removesuffix("_el")


def is_twin(board, shape):
    """Nearly the same as another port: in the first tier it meets half as much."""
    return bool(shape) or family(board) != board


def job(kernel):
    return Job(kernel.name, kernel.commands)


def tools(folder, full):
    """All that boots nothing."""
    yield Job("lint", [["scripts/lint"]])
    yield Job("kconfig", [["scripts/check-kconfig"]])
    yield Job("runner", [["tests/runner/selftest.py"]])
    yield Job("config", [["tests/config/run", "-o", f"{folder}/config"]])
    yield Job("compare", [["tests/config/run", "--folder", "tests/compare", "-o",
                           f"{folder}/compare"]])
    yield Job("host", [["tests/host/run", "-o", f"{folder}/host"]])
    yield Job("models", [["tests/models/run", f"{folder}/models", *([] if full else ["-q"])]])
    yield Job("fuzz", [["tests/fuzz/run", "--runs", "3000", "-o", f"{folder}/fuzz"]])


def ports():
    """(name, board, options): every board, and its other shapes."""
    for board in variants.boards():
        yield board, board, []
        for shape, options in SHAPES.get(board, {}).items():
            yield f"{board}-{shape}", board, options


def sweep(folder, full):
    """Every port with every combination of variants, all suites. Debug checks, optimisation and
    what a room is crossed with change from one to the next, so that each variant meets each of them
    on some port; --all crosses everything with everything."""
    combinations = variants.combinations(variants.kconfig_tree())
    for shift, (port, board, shape) in enumerate(ports()):
        for number, combination in enumerate(combinations):
            turn = shift + number
            if not full and is_twin(board, shape) and (turn + number // 2) % 2:
                continue
            flavours = [(debug, size) for debug in (0, 1) for size in (0, 1)] if full else \
                [(turn % 2, turn // 2 % 2)]
            crossed = list(CROSSED.get(combination[0].split("_")[0], {"": []}).items())
            if not full:
                crossed = [crossed[turn // 3 % len(crossed)]]
            for (debug, size), (suffix, more) in itertools.product(flavours, crossed):
                name = f"{port}/{variants.name(combination)}{suffix}"
                name += ("-debug" if debug else "") + ("-size" if size else "")
                options = shape + more + [f"{symbol}=y" for symbol in combination]
                options += ["OPTIMIZE_SIZE=y"] if size else []
                fragments = [TESTS] + ([DEBUG] if debug else [])
                yield job(Kernel(folder, name, board, fragments, options).boot("--test"))


def programs(folder, full):
    """Every port with every page allocator and every scheduler class: the test programs. Debug checks,
    preemption, undo and object allocators change from one to the next; --all takes each combination, else one
    of two."""
    points = variants.variation_points(variants.kconfig_tree())
    allocators, objects, classes = (next(point for point in points if point[0].startswith(name))
                                    for name in ("PAGE_ALLOC_", "OBJECT_ALLOC_", "SCHED_"))
    for shift, (port, board, shape) in enumerate(ports()):
        whole = False
        for number, (allocator, scheduler) in enumerate(itertools.product(allocators, classes)):
            turn = shift + number + number // len(classes)
            if not full and (number != shift if is_twin(board, shape) else turn % 2):
                continue
            debug, preempt = turn // 2 % 2, turn // 4 % 2
            name = f"{port}/user/{variants.name((allocator, scheduler))}"
            name += ("-debug" if debug else "") + ("-preempt" if preempt else "")
            options = [*shape, f"{allocator}=y", f"{objects[turn // 3 % len(objects)]}=y", f"{scheduler}=y"]
            options += ["PREEMPT_KERNEL=y", "DEBUG_LOCKS=y"] if preempt else []
            options += ["IPC_SEMAPHORE_UNDO=n"] if debug == preempt else []
            kernel = Kernel(folder, name, board, [USER] + ([DEBUG] if debug else []), options)
            # What torments the whole system takes half a minute of the host's processor.
            words = [] if full or not (debug or whole or family(board) == "pc_i386" or
                                       is_twin(board, shape)) else [SHORT]
            whole |= not words
            yield job(kernel.boot("--user-test", *words, "--timeout", "500"))


# What the command line says about the first program, and a line that must come of it.
STARTS = [
    ("init=/bin/true", "init has ended with status 0: so does the machine"),
    ("init=/init/none", "/init/none does not start"),
    ("init=/none", "there is no /none"),
    ("init=none", "init=none: bad value"),
    ("monitor=7", "monitor=7: bad value"),
]


def program_boots(folder, full):
    """Programs on other processors, traced; without IPC and with little room (on one port, else with --all)."""
    for port, board, shape in ports():
        if not full and is_twin(board, shape):
            continue
        kernel = Kernel(folder, f"{port}/programs", board, [USER], [*shape, "USER_TRACE=y"])
        for cpu in PROCESSORS.get(family(board), []):
            kernel.boot("--cpu", cpu, "--user-test", "fault,fpu,memory,registers,signal_x86",
                        "--expect-line", SAYS.get(cpu, FAULT))
        kernel.boot("--append", "trace=echo", "--run", "/bin/echo,hi", "--expect-line",
                    r"trace: echo\[\d+\]: write\(1, [0-9a-f]+, 3, .*\) = 3$")
        if full:
            kernel.boot("--user-test=-L,stress.fork_and_exit,stress.execute", "--timeout", "2000")
        yield job(kernel)
        if not full and port != "pc_x86_64":
            continue
        kernel = Kernel(folder, f"{port}/programs-little", board, [USER],
                        [*shape, *LITTLE, *(f"{option}=n" for option in IPC)])
        absent = itertools.chain.from_iterable(("--expect-line", f"# SKIP needs {option}$") for option in IPC)
        yield job(kernel.boot("--user-test", "event,message,semaphore,ledger,shell,stress,file", *absent))


def archives(folder, full):
    """A person at the shell; the archive from the loader, from Debian's cpio, and in pieces."""
    for port, board, shape in ports():
        if not full and is_twin(board, shape):
            continue
        kernel = Kernel(folder, f"{port}/archive", board, [], [*shape, "USER_MODE=y", "INITRAMFS_IN_IMAGE=n"])
        for talk in ("shell", "terminal", "reboot"):
            kernel.boot("--dialog", f"tests/boot/{talk}.dialog")
        kernel.boot("--append", "monitor=1", "--dialog", "tests/boot/reboot.dialog")
        for words, line in STARTS:
            kernel.boot("--append", words, "--until", line)
        kernel.run("tests/boot/archives", "-o", kernel.output)
        if board in X86:
            kernel.run("make", "-s", f"O={kernel.output}", "APPEND=run=/bin/true", "iso")
            kernel.boot("--real-time", "--iso")
        yield job(kernel)


def product_line(folder):
    """Does the sweep of configurations find what it is for? One job for each fault."""
    for word in ("forgets", "together", "hangs", "leaks"):
        yield Job(f"sensitivity/{word}", [["tests/product_line/sensitivity", "-o",
                                           f"{folder}/sensitivity-{word}", word]])


def foreign(folder):
    """Programs that other compilers and C libraries made."""
    for board in variants.boards():
        if board not in FOREIGN:
            continue
        architecture, libraries = FOREIGN[board]
        source = f"{folder}/{board}/foreign-programs"
        kernel = Kernel(folder, f"{board}/foreign", board, [],
                        ["USER_MODE=y", f"INITRAMFS_SOURCE={source}"])
        kernel.commands.insert(0, ["tests/foreign/build", source, architecture])
        for library in libraries:
            kernel.boot("--run", f"/foreign/hello-{library},there", "--expect-line",
                        f"^hello from /foreign/hello-{library}, 1 argument, 0.125")
            kernel.boot("--run", f"/foreign/work-{library}", "--expect-line", "^work: 0 failures")
        yield job(kernel)


def machines(folder, full):
    """What has to do with the machine: one kernel per port, many boots."""
    for port, board, shape in ports():
        kernel = Kernel(folder, f"{port}/machine", board, [TESTS, DEBUG], shape)
        for size in MEMORY.get(family(board), ["37M"]):
            kernel.boot("--memory", size, "--test", "page,memory_map")
        for cpu in PROCESSORS.get(family(board), []):
            kernel.boot("--cpu", cpu, "--test")
        for arguments, message in REFUSED.get(family(board), []):
            kernel.boot(*arguments.split(), "--fails", "--expect-line", message)
        if board in X86:  # with a display, and so with a keyboard
            kernel.boot("--machine", "pc", "--arg=-vga", "--arg=std", "--test", "keyboard,vga")
        kernel.boot("--append", "nonsense loglevel=99 console=teapot other=1", "--test", "tap",
                    "--expect-line", "unknown words on the command line: nonsense other=1",
                    "--expect-line", "loglevel=99: bad value",
                    "--expect-line", "there is no console teapot")
        kernel.boot("--append", "loglevel=5 console=serial bench=all", "--fails",
                    "--expect-line", "^bench= needs the option BENCHMARKS")
        kernel.boot("--append", "long" * 2000, "--until", "command line cut after")
        kernel.boot("--real-time", "--dialog", "tests/boot/monitor.dialog")
        kernel.boot("--dialog", "tests/boot/panic.dialog", "--expect-panic", "asked for at the monitor")
        kernel.boot("--dialog", "tests/boot/reboot.dialog")
        kernel.run("tests/boot/faults", "-o", kernel.output)
        yield job(kernel)
        if full or not is_twin(board, shape):  # and without the suites, laid out as a builder has it
            kernel = Kernel(folder, f"{port}/faults", board, [], [*shape, "DEBUG_FAULTS=y"])
            yield job(kernel.run("tests/boot/faults", "-o", kernel.output))


def discs(folder, full):
    """Through GRUB, from the same disc image, under BIOS and under UEFI firmware: the suites of what
    they hand over; with --all every one."""
    for port, board, shape in ports():
        if board not in X86:
            continue
        kernel = Kernel(folder, f"{port}/disc", board, [TESTS], shape)
        # In real time, because UEFI firmware takes more than a milliard instructions; so without
        # the test that a busy host disturbs.
        suites = "all" if full else HANDED_OVER
        kernel.run("make", "-s", f"O={kernel.output}",
                   f"APPEND=test={suites},-kernel.tick_follows_the_clock", "iso")
        kernel.boot("--real-time", "--iso", "--test")
        kernel.boot("--real-time", "--iso", "--uefi", "--test", "--memory", "256M")
        yield job(kernel)


def small(folder):
    """The smallest kernel, in the least memory, and in too little."""
    for port, board, shape in ports():
        kernel = Kernel(folder, f"{port}/tiny", board, [SMALL], shape)
        for words, option in (("test=all", "KERNEL_TESTS"), ("test=fault:read", "DEBUG_FAULTS")):
            kernel.boot("--append", words, "--fails", "--expect-line", f"needs the option {option}")
        yield job(kernel.run("tests/boot/least", "-o", kernel.output, str(LEAST.get(family(board), 2048))))
        if board in X86:  # 1 MiB is enough for one that lies below the hole
            low = shape + ["LOAD_LOW=y"]
            yield job(Kernel(folder, f"{port}/tiny-low", board, [SMALL], low)
                      .boot("--memory", "1M", "--until", "nothing to do: idle"))


def randoms(folder, full):
    """Configurations that nobody chose; what `make check-configs` does with thousands."""
    for board in variants.boards():
        for (name, fragment), seed in itertools.product(RANDOM.items(), range(1, 9 if full else 2)):
            if not full and name == "random" and board != "malta":
                continue
            yield job(Kernel(folder, f"{board}/{name}-{seed}", board, [fragment], seed=seed)
                      .boot("--test"))


def compilers(folder):
    """clang builds the PC's kernels too."""
    for board in X86:
        yield job(Kernel(folder, f"{board}/clang", board, [TESTS, DEBUG], make=["CC=clang"])
                  .boot("--test"))


def application(folder, full):
    """The example application, with an option of its own, beside the monitor or alone."""
    shapes = [("", []), ("-alone", ["MONITOR=n", "PREEMPT_KERNEL=y"])]
    for turn, (port, board, shape) in enumerate(ports()):
        for name, options in shapes if full else [shapes[turn % 2]]:
            kernel = Kernel(folder, f"{port}/application{name}", board, [],
                            [*shape, *options, "BLINK_COUNT=3"], ["APP=examples/blink"])
            yield job(kernel.boot("--expect-line", "blink: lamp on, 3 of 3",
                                  "--until", "application: ended with status 0"))


def figures(folder, full):
    """Every figure is within its limit; the same each time on one board, with --all on all, and in both byte
    orders."""
    for board in variants.boards():
        if not full and family(board) != board:
            continue
        twice = ["--twice"] if full or board == "pc_x86_64" else []
        yield Job(f"{board}/figures",
                  [["scripts/bench", "--check", *twice, "-o", f"{folder}/bench", board]])


def jobs(folder, full):
    """All jobs of a tier, the longest first."""
    return [*tools(folder, full), *figures(folder, full), *machines(folder, full), *discs(folder, full),
            *programs(folder, full), *sweep(folder, full), *program_boots(folder, full),
            *archives(folder, full), *foreign(folder), *small(folder), *randoms(folder, full),
            *(product_line(folder) if full else []),
            *application(folder, full), *compilers(folder)]
