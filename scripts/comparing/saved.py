# SPDX-License-Identifier: MIT
"""What these tools have written, to read it again."""
import json


def load(path, form):
    """The object in a JSON file whose "format" is `form`; None: it is something else."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except ValueError:
        return None
    return data if isinstance(data, dict) and data.get("format") == form else None
