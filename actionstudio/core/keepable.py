"""Which JSON values can be kept: what a database, 64-bit numbers and readers of any depth can hold, said in advance."""

import math
import re
from collections.abc import Iterator
from typing import Any

from actionstudio.core.problem import Problem
from actionstudio.core.words import said

DEEPEST = 100
INTS = range(-(2**63), 2**64)
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def faults(value: Any) -> list[Problem]:
    """What of ``value`` cannot be kept, each with its pointer; the first ten."""
    return [problem for problem, _n in zip(_faults(value), range(10), strict=False)]


def _faults(value: Any) -> Iterator[Problem]:
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    while stack:
        at, node, depth = stack.pop()
        if depth > DEEPEST:
            yield Problem(at[:200], said("This is nested more than %(most)s levels deep.", most=DEEPEST), "depth")
        elif isinstance(node, dict):
            for name in node:
                if found := _UNKEEPABLE.search(name):
                    yield _character(f"{at}/{_step(name)}", found)
            stack.extend((f"{at}/{_step(name)}", inner, depth + 1) for name, inner in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((f"{at}/{n}", node[n], depth + 1) for n in range(len(node) - 1, -1, -1))
        elif isinstance(node, str):
            if found := _UNKEEPABLE.search(node):
                yield _character(at, found)
        elif isinstance(node, float) and not math.isfinite(node):
            yield Problem(at, said("This number is too large. Quote it if it is a text."), "number")
        elif isinstance(node, int) and node not in INTS:
            yield Problem(at, said("This whole number does not fit into 64 bits. Quote it if it is a text."), "number")


def _character(at: str, found: re.Match[str]) -> Problem:
    message = said("The character %(character)s cannot be kept. Remove it.", character=f"U+{ord(found[0]):04X}")
    return Problem(at, message, "character")


def _step(name: str) -> str:
    return _UNKEEPABLE.sub("\ufffd", name).replace("~", "~0").replace("/", "~1")
