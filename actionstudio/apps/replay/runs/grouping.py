"""What changed, over all calls of a run: each thing is a group with a number, and each call says which it is in.

The rule of what makes a group is core.judging.grouping's. It is applied call by call, so that a run of 10,000 calls is
grouped while it goes on; the numbers stand in the items, and which calls a group has is asked of them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from actionstudio.apps.replay.models import Item, Run
from actionstudio.core.judging import Judgement, grouped

MOST = 500  # groups of a run; what changes in more ways than that is listed call by call
OF_ONE = 30  # groups that one call is counted in


class Groups:
    """The groups of a run as they are found. Threads share it."""

    def __init__(self, known: Iterable[Mapping[str, Any]] = ()) -> None:
        self.rows: list[dict[str, Any]] = [dict(one) for one in known]
        self._numbers = {_key(one): number for number, one in enumerate(self.rows)}
        self._kept = len(self.rows)
        self._lock = threading.Lock()

    def keep(self, run: Run) -> None:
        """Writes new groups down, before an item is that names them: a killed worker leaves no number without one."""
        with self._lock:
            if len(self.rows) > self._kept:
                Run.objects.filter(pk=run.pk).update(groups=self.rows)
                self._kept = len(self.rows)

    def of(self, judgement: Judgement, operation: str) -> str:
        """The numbers of the groups that a call is in, each between blanks."""
        found = grouped([(0, judgement)], {0: operation})[:OF_ONE]
        told = [
            {"verdict": one.verdict, "operation": one.operation, "kind": one.kind, "path": one.path}
            | {"was": one.was, "now": one.now}
            for one in found
        ]
        with self._lock:
            numbers = [number for one in told if (number := self._number(one)) is not None]
        return "".join(f" {number}" for number in numbers) + " " if numbers else ""

    def _number(self, one: dict[str, Any]) -> int | None:
        key = _key(one)
        if key not in self._numbers and len(self.rows) < MOST:
            self._numbers[key] = len(self.rows)
            self.rows.append(one)
        return self._numbers.get(key)


def counts(run: Run) -> Counter[int]:
    """How many calls each group has."""
    found: Counter[int] = Counter()
    for text in Item.objects.filter(run=run).exclude(groups="").values_list("groups", flat=True):
        found.update(map(int, text.split()))
    return found


def listed(run: Run) -> list[dict[str, Any]]:
    """The groups with their counts, those that broke something first, then the largest."""
    found = counts(run)
    rows = [{**one, "number": number, "count": found[number]} for number, one in enumerate(run.groups)]
    rows = [one for one in rows if one["count"]]
    return sorted(rows, key=lambda one: (one["verdict"] != "broken", -one["count"], one["number"]))


_WITH_ENDS = frozenset({"type", "status", "content-type"})  # kinds whose two ends tell one group from another


def _key(one: Mapping[str, Any]) -> tuple[str, ...]:
    ends = (one["was"], one["now"]) if one["kind"] in _WITH_ENDS else ()
    return (one["verdict"], one["operation"], one["kind"], one["path"], *ends)
