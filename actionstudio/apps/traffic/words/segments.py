"""Segment: so many calls in sequence whose words are indexed together. A search asks the newest first and stops when
its page is full; old ones are dropped whole; one that holds what was deleted is written anew."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from actionstudio.apps.traffic.words.entries import Entry, Question

VERSION = "1"  # of how words are cut and kept: another number makes the index anew
ROWS = 50_000  # calls in a segment


@dataclass(frozen=True, slots=True)
class Segment:
    """``place`` numbers its table; ``first`` and ``last`` are ids; ``stale``: it is to be written anew."""

    place: int
    first: int
    last: int
    rows: int
    stale: bool = False


class Shelf(Protocol):
    """Where segments stand: lite.py, postgres.py. Statements of the catalogue name ``shelf`` and ``segment``."""

    def mark(self) -> int: ...
    def segments(self) -> list[Segment]: ...
    def find(
        self, segment: Segment, asked: Question, first: int, end: int, size: int, newest: bool = True
    ) -> list[int]: ...
    def prepare(self) -> None: ...
    def add(self, place: int, entries: Sequence[Entry]) -> None: ...
    def make(self, place: int) -> None: ...
    def drop(self, place: int) -> None: ...
    def write(self, sql: str, params: Sequence = ()) -> None: ...
    def together(self) -> AbstractContextManager: ...
    def tables(self) -> list[int]: ...
    def size(self) -> int: ...
