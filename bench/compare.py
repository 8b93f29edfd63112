"""What judging two answers costs: CPU for bodies of 150 kB in every shape that is bad for a comparison.

    python bench/compare.py [rounds]

Judged as a replay is: aligned, compared, sifted, with reasons. Every figure should stay well below a second.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core.call import Call  # noqa: E402
from actionstudio.core.compare import Answer  # noqa: E402
from actionstudio.core.judging import grouped, judge, noise_between  # noqa: E402
from actionstudio.core.sidebyside import side_by_side  # noqa: E402

SIZE = 150_000
CHANCE = random.Random(6)
SENT = Call("GET", "/orders", "limit=1000", (), b"")


def hexes(length: int) -> str:
    return "".join(CHANCE.choice("0123456789abcdef") for _ in range(length))


def uuid() -> str:
    return "-".join(hexes(length) for length in (8, 4, 4, 4, 12))


def items(count: int, with_id: bool) -> list[dict[str, Any]]:
    made = []
    for number in range(count):
        one: dict[str, Any] = {"id": number} if with_id else {}
        one |= {"label": f"thing {number} of many", "price": number / 7, "tags": ["a", "b", str(number % 9)]}
        made.append(one | {"owner": {"name": f"owner {number % 50}", "since": "2026-05-01T12:00:00Z"}})
    return made


def shuffled(value: list[Any]) -> list[Any]:
    return CHANCE.sample(value, len(value))


def changed(value: list[Any], every: int) -> list[Any]:
    return [{**item, "price": -1} if index % every == 0 else item for index, item in enumerate(value)]


def nested(depth: int, leaf: Any) -> Any:
    for number in range(depth):
        leaf = {"down": leaf, "n": number}
    return leaf


def in_lists(depth: int, leaf: Any) -> Any:
    for number in range(depth):
        leaf = [leaf, number]
    return leaf


def with_uuids(count: int) -> list[dict[str, Any]]:
    return [{"id": uuid(), "at": f"2026-05-{CHANCE.randint(1, 28):02}", "n": number} for number in range(count)]


def pairs() -> dict[str, tuple[Any, Any]]:
    named, plain = items(1000, True), items(1000, False)
    words, same = [hexes(8) for _ in range(13_000)], [{"a": 1}] * 15_000
    deep = nested(200, items(900, False))
    return {
        "the same": (named, named),
        "every price another one": (named, changed(named, 1)),
        "1,000 items with ids, shuffled": (named, shuffled(named)),
        "1,000 items without, shuffled": (plain, shuffled(plain)),
        "shuffled, a tenth changed": (plain, shuffled(changed(plain, 10))),
        "shuffled, all changed": (plain, shuffled(changed(plain, 1))),
        "one item new in front": (plain, [{"label": "new"}, *plain]),
        "nothing in common": (plain, items(1000, True)[::-1]),
        "13,000 words, shuffled": (words, shuffled(words)),
        "15,000 equal items, then half": (same, same[:7500]),
        "15,000 equal items, another one between": (same, [item for one in same[:7500] for item in (one, {"a": 2})]),
        "fresh UUIDs in every item": (with_uuids(1700), with_uuids(1700)),
        "200 levels deep": (deep, nested(200, changed(items(900, False), 3))),
        "200 lists deep": (in_lists(200, items(900, False)), in_lists(200, changed(items(900, False), 3))),
        "lists of lists of numbers": (
            [[n, n % 7, [n]] for n in range(9000)],
            [[n, n % 5, [n]] for n in range(9000)][::-1],
        ),
        "30,000 members": ({hexes(6): n for n in range(11_000)}, {hexes(6): n for n in range(11_000)}),
        "one long text": ({"text": "word " * 30_000}, {"text": "word " * 29_999 + "end"}),
    }


def timed(deed: Callable[[], Any], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        began = time.process_time()
        deed()
        found.append(time.process_time() - began)
    return statistics.median(found) * 1000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'ms of CPU':42}{'kB':>6}{'judge':>8}{'noise':>8}{'lines':>8}")
    judgements = []
    for name, (one, two) in pairs().items():
        before, after = (Answer(200, (), orjson.dumps(value), "application/json") for value in (one, two))
        made = [
            timed(lambda a=before, b=after: judge(a, b, sent=SENT), rounds),  # type: ignore[misc]
            timed(lambda a=before, b=after: noise_between(a, b), rounds),  # type: ignore[misc]
            timed(lambda a=before, b=after: side_by_side(a.body, b.body), rounds),  # type: ignore[misc]
        ]
        judgements.append(judge(before, after, sent=SENT))
        kilobytes = max(len(before.body), len(after.body)) / 1000
        print(f"{name:42}{kilobytes:6.0f}" + "".join(f"{figure:8.0f}" for figure in made))
    many = [(key, judgements[key % len(judgements)]) for key in range(10_000)]
    print(f"10,000 judgements grouped{timed(lambda: grouped(many), rounds):39.0f}")


if __name__ == "__main__":
    main()
