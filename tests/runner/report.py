# SPDX-License-Identifier: MIT
"""What the kernel prints besides TAP: figures and the report of a panic."""
import re

FIGURE = re.compile(r"# bench (\S+) (\d+(?:\.\d+)?) (\S+)$")

# The report of kernel/panic.c, from its first line to its last.
PANIC = re.compile(r"^panic: (.*)")
END = "end of panic"
TWICE = "in the report of a panic"
# A line of registers holds names and hexadecimal values.
REGISTERS = re.compile(r"(?:\b\w+\s*[=:]?\s*(?:0x)?[0-9a-f]{8,16}\b.*){2}")
# A line of the backtrace: address, function + offset.
BACKTRACE = re.compile(r"^  (?:\? )?(?:0x)?[0-9a-f]{8,16} [a-z_]\w*\+0x[0-9a-f]+$")


def figure(line):
    """(name, value, unit) of a benchmark line as text, or None."""
    match = FIGURE.match(line)
    return match and match.groups()


def panic_cause(lines):
    return next((match[1] for line in lines if (match := PANIC.search(line))), None)


def check_panic(lines, cause, config):
    """What the report of a panic lacks."""
    found = panic_cause(lines)
    if found is None:
        return ["there is no panic"]
    start = next(i for i, line in enumerate(lines) if PANIC.search(line))
    body = lines[start:]
    wrong = [line for line in body if line.startswith(TWICE)]
    if not re.search(cause, found):
        wrong.append(f"the panic's cause is \"{found}\", not /{cause}/")
    if not any(map(REGISTERS.search, body)):
        wrong.append("the panic shows no registers")
    if not any(map(BACKTRACE.search, body)):
        wrong.append("the panic shows no backtrace with a function name")
    if not any(f"configuration {config['CONFIG_NAME']}," in line for line in body):
        wrong.append(f"the panic does not name the configuration ({config['CONFIG_NAME']})")
    if END not in body:
        wrong.append(f"the panic does not come to its last line, \"{END}\"")
    return wrong
