"""Term: one thing the filter language can ask; a file of ``terms/`` each. Test: what it asks with the value given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise

from actionstudio.apps.traffic.words.phrases import Phrase

type Holds = Callable[[Any], bool]

# How narrow an index's range is, by experience: the smallest number drives.
BY_ID, BY_CONVERSATION, BY_SIGN_IN, BY_WORDS, BY_USER, BY_FLAW, BY_SLOWNESS, BY_KEY, BY_OPERATION, BY_CLASS, NEWEST = (
    range(11)
)


class Unreadable(ValueError):
    """A value that means nothing. The message says so with the cure, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A range of one index that holds every row the test lets through: ``where`` beside the project and the ids.

    ``where`` repeats the index's own condition word for word; SQLite does not use the index otherwise. ``whole``: it
    holds no other rows. ``covers``: its entries tell the facets; else every entry costs the look at a row.
    """

    rank: int
    where: str
    params: tuple = ()
    whole: bool = True
    covers: bool = True


@dataclass(frozen=True, slots=True)
class Test:
    """What one word asks of a row.

    ``holds`` decides on a row that has the ``columns``. ``entry`` says the same in SQL, where every index carries what
    it needs. ``ids`` is a range (from, before) of ids. ``phrase`` is what the word index can be asked.
    ``bind`` makes the test of a certain project, where names must be looked up.
    """

    holds: Holds = lambda row: True
    columns: tuple[str, ...] = ()
    entry: tuple[str, tuple] | None = None
    drive: Drive | None = None
    ids: tuple[int, int] | None = None
    phrase: Phrase | None = None
    facet: tuple[str, str] | None = None  # the same as a lexeme of the word index: (letter, value)
    bind: Callable[[int], Test] | None = None

    def __invert__(self) -> Test:
        """The opposite. No index leads to what is not there."""
        holds, bind = self.holds, self.bind
        entry = (f"NOT ({self.entry[0]})", self.entry[1]) if self.entry else None
        other = None if bind is None else (lambda project: ~bind(project))
        return Test(lambda row: not holds(row), self.columns, entry, bind=other)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the language. ``read`` makes a Test of (sign, value, quoted); raises Unreadable.

    ``values`` are those there are, with what they mean; ``found`` gives those of a project, bounded:
    (project id, beginning) to (value, what it is); both stand behind ``plain``. A value that ends with ``inner`` goes
    on. ``lacks`` says of (project, value) that the project has nothing of that name, and what it may be meant for; ""
    when it has. ``unsure`` says what a value is taken for that could be meant otherwise; "" where there is no doubt.
    """

    name: str
    help: str | Promise
    examples: tuple[str, ...]
    read: Callable[[str, str, bool], Test]
    signs: str = ":"
    values: tuple[tuple[str, str | Promise], ...] = ()
    found: Callable[[Any, str], Iterable[tuple[str, str]]] | None = None
    inner: str = ""
    lacks: Callable[[Any, str], str] | None = None
    unsure: Callable[[str], str] | None = None

    @property
    def plain(self) -> str:
        """The sign before an example that has none of its own."""
        return ":" if ":" in self.signs else self.signs[0]

    @property
    def typed(self) -> list[str]:
        """The examples as they are typed."""
        return [f"{self.name}{'' if one[0] in '~:' else self.plain}{one}" for one in self.examples]


TERMS: dict[str, Term] = {}


def term(name: str, help: str | Promise, examples: Iterable[str], **facts: Any):
    """Enters a term; stands before the function that reads its values."""

    def enter(read: Callable[[str, str, bool], Test]) -> Callable[[str, str, bool], Test]:
        TERMS[name] = Term(name, help, tuple(examples), read, **facts)
        return read

    return enter


def equal(column: str, value: Any, drive: Drive | None = None, **facts: Any) -> Test:
    """A column has that value."""
    return Test(lambda row: getattr(row, column) == value, (column,), drive=drive, **facts)


def facet(column: str, value: Any, **facts: Any) -> Test:
    """The same of a column that every index carries."""
    return replace(equal(column, value, **facts), entry=(f"{column} = %s", (value,)))
