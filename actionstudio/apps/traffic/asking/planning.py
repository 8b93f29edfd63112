"""Plan: which index leads to the rows of a question, and what is left to decide on its entries and on the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from actionstudio.apps.traffic.asking.term import BY_WORDS, NEWEST, Drive, Test
from actionstudio.apps.traffic.words.phrases import Phrase

ALL = Drive(NEWEST, "")
EVER = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find a project's rows for a question: a range of the ``drive``'s index within ids from ``first`` and
    before ``end``; ``entry`` is tested on its entries in SQL, ``rest`` on the rows; ``phrases`` and ``facets`` are what
    the word index knows of the question.
    """

    project_id: int
    drive: Drive = ALL
    first: int = 0
    end: int = EVER
    entry: tuple[tuple[str, tuple], ...] = ()
    rest: tuple[Test, ...] = ()
    every: tuple[Test, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()

    @property
    def wordy(self) -> bool:
        """Whether the word index leads to the rows sooner than the drive."""
        return bool(self.phrases) and self.drive.rank > BY_WORDS

    def range(self, before: int | None = None) -> tuple[str, list]:
        """The range of the index in SQL, of ids before ``before``."""
        parts = ["project_id = %s", *([self.drive.where] if self.drive.where else ()), "id >= %s", "id < %s"]
        end = self.end if before is None else min(before, self.end)
        return " AND ".join(parts), [self.project_id, *self.drive.params, self.first, end]

    def tests(self) -> tuple[str, list]:
        """What is tested on entries in SQL; "" for nothing."""
        return " AND ".join(sql for sql, _ in self.entry), [value for _, params in self.entry for value in params]

    def between(self, first: int, end: int) -> Plan:
        """The same within these ids."""
        return replace(self, first=max(first, self.first), end=min(end, self.end))

    def columns(self, tests: Iterable[Test]) -> tuple[str, ...]:
        """What the tests need of a row, the id first."""
        wanted = dict.fromkeys(("id", *(column for test in tests for column in test.columns)))
        return tuple(wanted)

    def holds(self, row: Any) -> bool:
        """Whether a row passes what is not tested in SQL."""
        return all(test.holds(row) for test in self.rest)


def plan(project_id: int, tests: Iterable[Test]) -> Plan:
    """The plan for rows of the project that pass all tests."""
    bound = [test.bind(project_id) if test.bind else test for test in tests]
    spans = [test.ids for test in bound if test.ids]
    asked = [test for test in bound if not test.ids]
    drives = sorted((test.drive for test in asked if test.drive), key=lambda drive: drive.rank)
    drive = drives[0] if drives else ALL
    left = [test for test in asked if not (drive.whole and test.drive == drive)]
    return Plan(
        project_id,
        drive,
        max([0, *(first for first, _ in spans)]),
        min([EVER, *(end for _, end in spans)]),
        tuple(test.entry for test in left if test.entry),
        tuple(test for test in left if not test.entry),
        tuple(bound),
        tuple(test.phrase for test in bound if test.phrase),
        tuple(test.facet for test in bound if test.facet),
    )
