"""Many judgements by what changed: "38 calls: $.total became a string", the largest group first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from actionstudio.core.judging.reasons import BROKEN, Judgement

_WITH_ENDS = frozenset({"type", "status", "content-type"})  # kinds whose two ends belong to what changed


@dataclass(frozen=True, slots=True)
class Group:
    """The calls (``keys``, in their order) of one operation in which the same thing changed.

    ``verdict`` is what that thing weighs: a broken call may be in groups of changes too. ``kind``, ``path``, ``was``
    and ``now`` are those of its reasons; of the values of a "value" they are the first call's.
    """

    verdict: str
    operation: str
    kind: str
    path: str
    was: str
    now: str
    keys: tuple[Hashable, ...]

    @property
    def count(self) -> int:
        """How many calls."""
        return len(self.keys)


def grouped(
    items: Iterable[tuple[Hashable, Judgement]], operations: Mapping[Hashable, str] | None = None
) -> list[Group]:
    """The judgements by what changed, the largest group first, of two the one that is broken. ``operations`` are the
    names of the operations by key. A call is counted in each group whose change it shows, the same in none."""
    names = operations or {}
    keys: dict[tuple[str, ...], dict[Hashable, None]] = {}
    ends: dict[tuple[str, ...], tuple[str, str]] = {}
    for key, judgement in items:
        for one in judgement.reasons:
            fixed = (one.was, one.now) if one.kind in _WITH_ENDS else ()
            group = (one.verdict, names.get(key, ""), one.kind, one.path, *fixed)
            keys.setdefault(group, {})[key] = None
            ends.setdefault(group, (one.was, one.now))
    made = []
    for group, found in keys.items():
        verdict, operation, kind, path, *_ends = group
        made.append(Group(verdict, operation, kind, path, *ends[group], tuple(found)))
    return sorted(made, key=lambda one: (-one.count, one.verdict != BROKEN, one.operation, one.path, one.kind))
