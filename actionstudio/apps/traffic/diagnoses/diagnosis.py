"""What a diagnosis is, the table of all of them, and the two questions: of one call, and across many."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.models import Exchange

LEVELS = ("bad", "warn", "info")  # the call failed by it; it will bite; good to know
SHOWN = 5  # calls that a finding across many names

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was probably wrong.

    ``title`` is a short sentence, ``words`` say what was seen and the cure; ``facts`` are (label, value) pairs such as
    what came and what was expected; ``links`` (label, URL) lead to where it is mended. ``code`` and ``level`` are given
    by the table.
    """

    title: str
    words: str
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    level: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The same finding on several calls: the first one's words, how many there are, and the first few of them."""

    diagnosis: Diagnosis
    count: int
    rows: list[Exchange] = field(default_factory=list)


type Found = Iterable[Diagnosis]


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of the family: its code (the name of its file with dashes), its usual level, and its function."""

    code: str
    level: str
    look: Callable[..., Found]

    def found(self, *asked) -> Iterator[Diagnosis]:
        """What it finds. A diagnosis that fails must not take the page along."""
        try:
            for one in self.look(*asked):
                yield replace(one, code=self.code, level=one.level or self.level)
        except Exception:
            log.exception("diagnosis %s failed", self.code)


CALLS: dict[str, Entry] = {}  # looked for on each call
ACROSS: dict[str, Entry] = {}  # looked for in a run of calls


def on_call(level: str) -> Callable[[Callable[[Case], Found]], Callable[[Case], Found]]:
    """Registers a function as a diagnosis of one call."""
    return _registering(CALLS, level)


def on_calls(level: str) -> Callable[[Callable[..., Iterable[Group]]], Callable[..., Iterable[Group]]]:
    """Registers a function that looks at many calls, oldest first, and yields Groups."""
    return _registering(ACROSS, level)


def of(case: Case) -> list[Diagnosis]:
    """All that is found on one call, the worst first."""
    found = [one for entry in CALLS.values() for one in entry.found(case)]
    return sorted(found, key=lambda one: LEVELS.index(one.level))


def across(project, rows: Iterable[Exchange]) -> list[Group]:
    """All that is found on these calls (oldest first), the same finding once, the worst and most frequent first.

    Costs a bounded number of queries, however many calls there are: what they share is loaded once. Bodies are dropped
    as soon as they were looked at, so that an iterator of rows needs no memory for all of them.
    """
    shared: dict = {}
    groups: dict[tuple[str, str], Group] = {}
    passed: list[Exchange] = []
    for row in rows:
        found = of(Case(project, row, shared))
        passed.append(_slim(row))
        for one in found:
            known = groups.setdefault((one.code, one.title), Group(one, 0))
            shown = [*known.rows, row] if len(known.rows) < SHOWN else known.rows
            groups[one.code, one.title] = replace(known, count=known.count + 1, rows=shown)
    found = [*groups.values(), *_of_runs(project, passed, shared)]
    return sorted(found, key=lambda group: (LEVELS.index(group.diagnosis.level), -group.count))


def _slim(row: Exchange) -> Exchange:
    """The row without its bodies; two requests of the same body can still be told to be the same."""
    body = bytes(row.request_body)
    row.request_body, row.response_body = sha256(body).digest() if body else b"", b""
    return row


def _of_runs(project, rows: Sequence[Exchange], shared: dict) -> Iterator[Group]:
    for entry in ACROSS.values():
        try:
            for group in entry.look(project, rows, shared):
                known = group.diagnosis
                told = replace(known, code=entry.code, level=known.level or entry.level)
                yield replace(group, diagnosis=told, rows=group.rows[:SHOWN])
        except Exception:
            log.exception("diagnosis %s failed", entry.code)


def _registering(table: dict[str, Entry], level: str):
    def register(function):
        code = function.__module__.rpartition(".")[2].replace("_", "-")
        table[code] = Entry(code, level, function)
        return function

    return register
