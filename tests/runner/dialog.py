# SPDX-License-Identifier: MIT
"""A talk with the kernel monitor or a shell, read from a file:

    # a comment
    > memory            is typed at the prompt
    < ab\x03            is typed as it stands, at once and without an end of line
    usable              is a regular expression, looked for (in this order) in what comes back
"""
import re

from session import ESCAPES

PROMPT = re.compile(r"^(?:tessera>|/\S* \$) *$", re.MULTILINE)


class Dialog:
    def __init__(self, text):
        self.steps = []
        for line in text.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith(">"):
                self.steps.append(("type", line[1:].strip()))
            elif line.startswith("<"):
                keys = line[1:].strip().encode().decode("unicode_escape")
                self.steps.append(("keys", keys))
            else:
                self.steps.append(("see", line))
        self.unread = ""

    def feed(self, text):
        """More output came, in whatever pieces: gives what to type now."""
        self.unread = ESCAPES.sub("", self.unread + text)
        typed = ""
        while self.steps:
            kind, what = self.steps[0]
            if kind == "keys":
                self.steps.pop(0)
                typed += what
                continue
            match = (PROMPT if kind == "type" else re.compile(what, re.MULTILINE)).search(
                self.unread)
            if not match:
                break
            self.unread = self.unread[match.end():]
            self.steps.pop(0)
            if kind == "type":
                typed += what + "\n"
        return typed

    def verdict(self):
        if not self.steps:
            return []
        kind, what = self.steps[0]
        return [f"no prompt for `{what}`" if kind == "type" else f"nothing matched /{what}/"]
