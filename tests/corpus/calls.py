"""Whether the operations of a real document can be called: as ChatGPT calls them, and in the document's own shape.

By hand: ``python -m tests.corpus.calls 400`` tells of that many documents what was refused.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from actionstudio.core.problem import Refused
from actionstudio.core.specs.readers.openapi import read
from actionstudio.runtime.app import Frontdoor
from actionstudio.runtime.guard import ANY_KEY
from tests.corpus import documents
from tests.corpus.calling import Caller, Sent
from tests.runtime.house import front

SMALL = 700_000  # bytes


@dataclass(frozen=True)
class Called:
    """One call. ``wrong`` is what was found wrong with it, "" when it was taken; ``said`` tells of a translation."""

    name: str  # of the document
    operation: str
    shape: str  # gpt | own
    wrong: str
    said: str
    reshaped: bool  # it has a shape that must be translated


def judge(path: Path, most: int = 30, seeds: tuple[int, ...] = (1, 2)) -> list[Called]:
    """Calls of ``most`` operations of a document, as many of each as there are seeds."""
    try:
        contract = read(orjson.loads(path.read_bytes())).contract
    except Refused:
        return []
    caller = Caller(contract)
    door = front(caller.contract)
    return list(_calls(caller, door, documents.name_of(path), most, seeds))


def _calls(caller: Caller, door: Frontdoor, name: str, most: int, seeds: tuple[int, ...]) -> Iterator[Called]:
    reshaped_first = sorted(caller.operations(), key=lambda pair: not caller.steps(pair[1]))
    for op, whole in reshaped_first[:most]:
        for seed in seeds:
            for shape, sent in (
                ("gpt", caller.as_chatgpt(op, whole, seed)),
                ("own", caller.as_documented(whole, seed)),
            ):
                if sent is not None:
                    wrong, said = _made(door, sent)
                    yield Called(name, f"{op.method} {op.path}", shape, wrong, said, bool(sent.steps))


def _made(door: Frontdoor, sent: Sent) -> tuple[str, str]:
    record = door.call_blocking("todo", sent.call, source="client", key_id=ANY_KEY).record
    found = [
        f"{'.'.join(map(str, one['location']))} {one['message']}"
        for one in record.violations
        if one["side"] == "request"
    ]
    if not record.operation_id:
        found = [f"{record.status} {record.decisions.get('route', '')}"]
    return "; ".join(found), record.decisions.get("translation", "")


def main() -> None:
    """See the first lines of this file."""
    paths = [path for path in documents.sample(int(sys.argv[1])) if path.stat().st_size <= SMALL]
    with multiprocessing.Pool(2, maxtasksperchild=40) as pool:
        found = [one for rows in pool.imap_unordered(judge, paths) for one in rows]
    kinds = Counter((one.shape, "refused" if one.wrong else "translated" if one.said else "taken") for one in found)
    print(len(paths), "documents", dict(kinds))
    for one in found:
        if one.wrong:
            print(one.shape, one.name, one.operation, one.wrong[:300])


if __name__ == "__main__":
    main()
