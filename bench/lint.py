"""How long the checks of 500 operations take, for each target, and which rules take most of it.

    python bench/lint.py [rounds]

The document is as large ones are: 500 operations, 500 shared schemas of 22 fields, 1.6 MB.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core import lint  # noqa: E402
from actionstudio.core.contract import Contract  # noqa: E402
from actionstudio.core.lint.look import Look  # noqa: E402
from actionstudio.core.specs.readers.openapi import read  # noqa: E402
from tests.core.specs.documents import large  # noqa: E402

GOALS = {"gpt": 500, "openai": 700}  # ms
OPERATIONS = 500
SLOWEST = 8


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    contract = document()
    for target, took, findings in measured(contract, rounds):
        goal = f" (goal < {GOALS[target]} ms)" if target in GOALS else ""
        print(f"{target}: {took:.0f} ms{goal}, {findings} findings")
    for took, code in slowest(contract):
        print(f"  {code}: {took:.0f} ms")


def document() -> Contract:
    return read(large(OPERATIONS)).contract


def measured(contract: Contract, rounds: int = 5) -> list[tuple[str, float, int]]:
    """Target, milliseconds of the fastest round, and number of findings. Each round judges a contract never seen."""
    return [(target, *_measured(contract, target, rounds)) for target in lint.TARGETS]


def _measured(contract: Contract, target: str, rounds: int) -> tuple[float, int]:
    times, found = [], 0
    for number in range(rounds):
        fresh = replace(contract, title=f"{target} {number}")
        start = time.process_time()
        found = len(lint.check(fresh, target=target))
        times.append((time.process_time() - start) * 1000)
    return min(times), found


def slowest(contract: Contract) -> list[tuple[float, str]]:
    """The rules that took longest for ChatGPT. What rules share counts for the first that asks for it."""
    look = Look(contract)
    rules = [rule for rule in lint.RULES.values() if "gpt" in rule.targets]
    times = [(_took(lambda rule=rule: rule.findings(look)), rule.code) for rule in rules]
    return sorted(times, reverse=True)[:SLOWEST]


def _took(deed: Callable[[], object]) -> float:
    """Milliseconds of processor time: what else runs on the machine does not count."""
    start = time.process_time()
    deed()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
