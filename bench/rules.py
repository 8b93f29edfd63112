"""What rules cost beside a plain example: CPU per answered call, by the number of rules and by what they ask.

    python bench/rules.py [rounds]

The whole way through the data plane but the server and the log. The rule that holds is always the last one.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core.behaviour import Behaviour, Condition, Examples, Rule, Rules  # noqa: E402
from actionstudio.core.call import Call  # noqa: E402
from actionstudio.core.contract import Contract, Example, Media, Operation, Response  # noqa: E402
from actionstudio.runtime.memory import MemoryStore  # noqa: E402
from actionstudio.runtime.ports import Hosted  # noqa: E402
from actionstudio.runtime.program import Program  # noqa: E402
from actionstudio.runtime.visit import Visit  # noqa: E402

NUMBERS = (1, 10, 100, 1000)
CALLS = 300  # in one sample
SERVER = 25.0  # microseconds of CPU that a plain answer costs in the whole server (docs/performance.md)
BODY = b'{"kind": "dog", "name": "Rex", "owner": {"city": "Oslo"}}'


def query(number: int, last: bool) -> Condition:
    return Condition("query", "kind", "equals", "dog" if last else f"kind {number}")


def body(number: int, last: bool) -> Condition:
    return Condition("body", "/kind", "equals", "dog" if last else f"kind {number}")


def size(number: int, last: bool) -> Condition:
    return Condition("path", "id", "greater", 1 if last else 1000 + number)


def pattern(number: int, last: bool) -> Condition:
    return Condition("query", "kind", "regex", "^d.g$" if last else f"^kind{number % 200}$")


KINDS: dict[str, Callable[[int, bool], Condition]] = {
    "a query parameter is": query,
    "a member of the body is": body,
    "a number is greater": size,
    "a text matches": pattern,
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    for name, ask in KINDS.items():
        print(f"{name}")
        for new in (False, True):
            line(ask, new, rounds)
    print(f"In brackets: calls/s against a plain example, were that {SERVER:g} µs in the whole server.")


def line(ask: Callable[[int, bool], Condition], new: bool, rounds: int) -> None:
    made: list[Behaviour] = [Examples(), *(rules(ask, number) for number in NUMBERS)]
    plain, *others = measured(made, rounds, new)
    cells = [
        f"{number}: {cost:.1f} µs ({share(plain, cost):.0f} %)" for number, cost in zip(NUMBERS, others, strict=True)
    ]
    print(f"  {'calls never seen' if new else 'the same call   '}: plain {plain:.1f} µs, {', '.join(cells)}")


def share(plain: float, cost: float) -> float:
    return 100 * SERVER / (SERVER + cost - plain)


def rules(ask: Callable[[int, bool], Condition], number: int) -> Rules:
    """So many rules, each with an answer of its own."""
    return Rules(tuple(Rule((ask(index, index == number - 1),), Examples("200", "a")) for index in range(number)))


def measured(behaviours: list[Behaviour], rounds: int, new: bool = False) -> list[float]:
    """Microseconds of CPU per call for each, in turns; the median of all rounds. ``new``: no call is like another."""
    runs = [_caller(behaviour, new) for behaviour in behaviours]
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, kept in zip(runs, times, strict=True):
            kept.append(run())
    return [statistics.median(kept) for kept in times]


def _caller(behaviour: Behaviour, new: bool) -> Callable[[], float]:
    examples = (Example("a", {"id": 7}), Example("b", {"id": 8}))
    responses = (Response("200", content=(Media("application/json", None, examples),)),)
    operation = Operation("POST", "/pets/{id}", "pet", responses=responses, behaviour=behaviour)
    hosted = Hosted("bench", 1, "bench", 1, 1, 1, Contract(operations=(operation,)), ("http://localhost",))
    program = Program(hosted, MemoryStore())
    headers = (("host", "localhost"), ("content-type", "application/json"), ("content-length", str(len(BODY))))
    numbers = itertools.count()

    def run() -> float:
        some = [next(numbers) if new else 0 for _ in range(CALLS)]
        calls = [Call("POST", f"/pets/{7 + number}", f"kind=dog&n={number}", headers, BODY) for number in some]
        began = time.process_time_ns()
        for call in calls:
            program.answer(Visit(call))
        return (time.process_time_ns() - began) / CALLS / 1000

    run()
    return run


if __name__ == "__main__":
    main()
