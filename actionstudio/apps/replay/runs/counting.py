"""How far a run is: how many calls of which state and verdict. Every call is in exactly one state, so it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count

from actionstudio.apps.replay import verdicts
from actionstudio.apps.replay.models import Item, Replay, Run

State = Item.State
VERDICTS = verdicts.ALL


@dataclass(frozen=True, slots=True)
class Counts:
    """``states`` and ``verdicts`` by name; ``total`` is all of them. ``hidden``, known when the run is over: calls that
    went out without the values that the log hides in them."""

    states: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    hidden: int = 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def left(self) -> int:
        """Calls that have not come to an end."""
        return self.states.get(State.READY, 0) + self.states.get(State.SENT, 0)

    @property
    def ended(self) -> int:
        return self.total - self.left

    @property
    def unsent(self) -> int:
        """Calls that came to an end without an answer."""
        return self.ended - self.states.get(State.DONE, 0)

    def plain(self) -> dict[str, Any]:
        return {"states": self.states, "verdicts": self.verdicts} | ({"hidden": self.hidden} if self.hidden else {})


def of(runs: Iterable[Run]) -> dict[int, Counts]:
    """The counts of several runs: kept ones, and those that go on counted in one statement."""
    runs = list(runs)
    found = {run.pk: Counts(**run.counts) for run in runs if run.counts}
    states: dict[int, dict[str, int]] = defaultdict(dict)
    judged: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asked = [run.pk for run in runs if run.pk not in found]
    rows = Item.objects.filter(run__in=asked).values_list("run", "state", "verdict").annotate(n=Count("pk"))
    for run, state, verdict, n in rows.order_by() if asked else ():
        states[run][state] = states[run].get(state, 0) + n
        if verdict:
            judged[run][verdict] += n
    return found | {pk: Counts(dict(states[pk]), dict(judged[pk])) for pk in asked}


def of_run(run: Run) -> Counts:
    return of([run])[run.pk]


def at_end(run: Run) -> Counts:
    """The counts that are kept with a run."""
    return replace(of_run(run), hidden=Replay.objects.filter(run=run, facts__masked=True).count())
