"""What a new copy of a document changes for a GPT: the operations that come, go, and are another than before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import ImportedOperation

type JSON = Any

PLACE, WORDS, ARGUMENTS, ANSWER, CONSENT = PARTS = ("place", "words", "arguments", "answer", "consent")


@dataclass(frozen=True, slots=True)
class Difference:
    """``kind`` is added, removed or changed, ``name`` the operation's, ``parts`` (PARTS) what of it changed."""

    kind: str
    name: str
    parts: tuple[str, ...] = ()


def differences(before: Import, after: Import) -> list[Difference]:
    """Every operation that ChatGPT has in one of two imports alone, or otherwise; in the order of the new one."""
    old, new = ({op.operation_id: op for op in made.kept} for made in (before, after))
    found = []
    for name, op in new.items():
        if name not in old:
            found.append(Difference("added", name))
        elif parts := _parts(before, old[name], after, op):
            found.append(Difference("changed", name, parts))
    return found + [Difference("removed", name) for name in old if name not in new]


def _parts(before: Import, old: ImportedOperation, after: Import, new: ImportedOperation) -> tuple[str, ...]:
    was, now = before.sources.get(old.pointer, {}), after.sources.get(new.pointer, {})
    told = {
        PLACE: (old.method, old.path, before.server) != (new.method, new.path, after.server),
        WORDS: any(was.get(name) != now.get(name) for name in ("summary", "description")),
        ARGUMENTS: old.arguments != new.arguments or old.dropped_parameters != new.dropped_parameters,
        ANSWER: was.get("responses") != now.get("responses"),
        CONSENT: old.asks != new.asks,
    }
    return tuple(part for part in PARTS if told[part])
