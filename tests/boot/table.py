# SPDX-License-Identifier: MIT
"""What `make check` and `make check-all` run: jobs, each a row of commands.

A kernel is a board, fragments and options; a job builds one and boots it in one or more ways. Boards
and variants are not listed here: they come from configs/ and the Kconfig tree.
"""
import variants
from kernel import Kernel
from pool import Job

TESTS = "tests/boot/tests.config"
DEBUG = "tests/boot/debug.config"
SMALL = "configs/tiny.config"

# A board in another shape that is as different from it as another board.
SHAPES = {"pc_i386": {"pae": ["X86_PAE=y"]}}
X86 = ("pc_x86_64", "pc_i386")

# Memory sizes: odd ones, and as much as the architecture takes and more.
MEMORY = {
    "pc_x86_64": ["9M", "37M", "1025M", "3G", "8G"],
    "pc_i386": ["9M", "37M", "1G", "2049M", "8G"],
    "malta": ["9M", "37M", "257M", "1G", "2G"],
}
# The least that a minimal configuration boots in, and too little.
LEAST = {"pc_x86_64": ("2M", "1M"), "pc_i386": ("1M", "1M"), "malta": ("1M", "1M")}
# Processors that lack what the default one has, or have more.
PROCESSORS = {
    "pc_x86_64": ["qemu64", "Opteron_G1-v1"],
    "pc_i386": ["qemu32", "pentium3"],
    "malta": ["34Kf", "P5600", "24Kc"],
}


def family(board):
    """malta_el is a Malta."""
    return board.removesuffix("_el")


def job(kernel):
    return Job(kernel.name, kernel.commands)


def tools(folder):
    """All that boots nothing."""
    yield Job("lint", [["scripts/lint"]])
    yield Job("runner", [["tests/runner/selftest.py"]])
    yield Job("config", [["tests/config/run", "-o", f"{folder}/config"]])
    yield Job("host", [["tests/host/run", "-o", f"{folder}/host"]])
    yield Job("models", [["tests/models/run", f"{folder}/models"]])
    yield Job("fuzz", [["tests/fuzz/run", "-o", f"{folder}/fuzz"]])


def ports():
    """(name, board, options): every board, and its other shapes."""
    for board in variants.boards():
        yield board, board, []
        for shape, options in SHAPES.get(board, {}).items():
            yield f"{board}-{shape}", board, options


def sweep(folder, full):
    """Every port with every combination of variants, all suites. The debug checks and the
    optimisation change from one to the next, so that each variant meets each of them; --all crosses
    everything with everything."""
    combinations = variants.combinations(variants.kconfig_tree())
    for shift, (port, board, shape) in enumerate(ports()):
        for number, combination in enumerate(combinations):
            turn = shift + number
            flavours = [(debug, size) for debug in (0, 1) for size in (0, 1)] if full else \
                [(turn % 2, turn // 2 % 2)]
            for debug, size in flavours:
                name = f"{port}/{variants.name(combination)}"
                name += ("-debug" if debug else "") + ("-size" if size else "")
                options = shape + [f"{symbol}=y" for symbol in combination]
                options += ["OPTIMIZE_SIZE=y"] if size else []
                fragments = [TESTS] + ([DEBUG] if debug else [])
                yield job(Kernel(folder, name, board, fragments, options).boot("--test"))


def machines(folder):
    """What has to do with the machine: one kernel per port, many boots."""
    for port, board, shape in ports():
        kernel = Kernel(folder, f"{port}/machine", board, [TESTS, DEBUG], shape)
        for size in MEMORY[family(board)]:
            kernel.boot("--memory", size, "--test", "page,memory_map")
        for cpu in PROCESSORS[family(board)]:
            kernel.boot("--cpu", cpu, "--test")
        kernel.boot("--append", "nonsense loglevel=99 console=teapot other=1", "--test", "tap",
                    "--expect-line", "unknown words on the command line: nonsense other=1",
                    "--expect-line", "loglevel=99: bad value",
                    "--expect-line", "there is no console teapot")
        kernel.boot("--dialog", "tests/boot/monitor.dialog")
        kernel.run("tests/boot/faults", "-o", kernel.output)
        yield job(kernel)


def discs(folder):
    """Through GRUB, from the same disc image, under BIOS and under UEFI firmware."""
    for port, board, shape in ports():
        if board not in X86:
            continue
        kernel = Kernel(folder, f"{port}/disc", board, [TESTS], shape)
        kernel.run("make", "-s", f"O={kernel.output}", "APPEND=test=all", "iso")
        kernel.boot("--iso", "--test")
        kernel.boot("--iso", "--uefi", "--test", "--memory", "256M")
        yield job(kernel)


def small(folder):
    """The smallest kernel, in the least memory, and in too little."""
    for port, board, shape in ports():
        least, too_little = LEAST[family(board)]
        kernel = Kernel(folder, f"{port}/tiny", board, [SMALL], shape)
        kernel.boot("--memory", least, "--until", "nothing to do: idle")
        kernel.boot("--memory", too_little, "--fails", "--expect-line", "Tessera cannot start: ")
        yield job(kernel)


def compilers(folder):
    """clang builds the PC's kernels too."""
    for board in X86:
        yield job(Kernel(folder, f"{board}/clang", board, [TESTS, DEBUG], make=["CC=clang"])
                  .boot("--test"))


def figures(folder):
    """Every figure is within its limit, and the same each time."""
    for board in variants.boards():
        yield Job(f"{board}/figures",
                  [["scripts/bench", "--check", "-o", f"{folder}/bench", board]])


def jobs(folder, full):
    """All jobs of a tier, the longest first."""
    return [*tools(folder), *figures(folder), *machines(folder), *discs(folder),
            *sweep(folder, full), *small(folder), *compilers(folder)]
