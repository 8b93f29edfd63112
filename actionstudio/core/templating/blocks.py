"""A template as a tree: text, inserted values, ``#if``, ``#each`` and ``#repeat``; each writes itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from actionstudio.core.templating.bounds import STEPS, OverBound
from actionstudio.core.templating.expressions import Expression
from actionstudio.core.templating.out import Out
from actionstudio.core.templating.run import Run
from actionstudio.core.templating.values import Missing, Rows, as_json, as_number, as_text, is_true, plain

INSIDE, BARE, WHOLE = "inside", "bare", "whole"  # where in JSON a value goes: into a text, outside of all, or as a text
_ABSENT = object()


class Node(Protocol):
    def write(self, run: Run, out: Out) -> None: ...


class Text:
    """``at`` is its place in the template. ``joint``: JSON's own signs beside a block."""

    __slots__ = ("at", "joint", "text")

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at, self.joint = text, at, False

    def write(self, run: Run, out: Out) -> None:
        if self.joint:
            out.write_joint(self.text)
        else:
            out.write(self.text)


class Insert:
    """``place`` is "" in plain text, else one of INSIDE, BARE and WHOLE."""

    __slots__ = ("at", "expression", "place")

    def __init__(self, expression: Expression, at: int) -> None:
        self.expression, self.at, self.place = expression, at, ""

    def write(self, run: Run, out: Out) -> None:
        value = self.expression.value(run)
        if isinstance(value, Missing):
            run.note(value.why)
        if not isinstance(value, str):
            run.budget.weigh(plain(value))
        else:
            run.budget.handle(value)
        if self.place in ("", INSIDE):
            text = as_text(value)
            out.write(as_json(text)[1:-1] if self.place else text)
        else:
            out.write('""' if isinstance(value, Missing) and self.place == WHOLE else as_json(value))


class If:
    """``branches`` are (condition, what is written) in order; ``otherwise`` when none holds."""

    __slots__ = ("at", "branches", "otherwise")

    def __init__(self, at: int) -> None:
        self.at = at
        self.branches: list[tuple[Expression, list[Any]]] = []
        self.otherwise: list[Any] = []

    def write(self, run: Run, out: Out) -> None:
        run.budget.spend()
        for condition, nodes in self.branches:
            if is_true(condition.value(run)):
                write_all(nodes, run, out)
                return
        write_all(self.otherwise, run, out)

    @property
    def parts(self) -> list[list[Any]]:
        return [*(nodes for _, nodes in self.branches), self.otherwise]


class Each:
    """The body once for each entry; ``otherwise`` when there is none. ``bare``: entries of a JSON list or object."""

    __slots__ = ("at", "bare", "body", "name", "of", "otherwise")

    def __init__(self, of: Expression, name: str, at: int) -> None:
        self.of, self.name, self.at = of, name, at
        self.bare = False
        self.body: list[Any] = []
        self.otherwise: list[Any] = []

    def write(self, run: Run, out: Out) -> None:
        run.budget.spend()
        entries = self._entries(run)
        if not entries:
            write_all(self.otherwise, run, out)
            return
        repeat(self, entries, run, out)

    def _entries(self, run: Run) -> Sequence[tuple[Any, Any]]:
        value = self.of.value(run)
        if isinstance(value, Missing):
            if not self.otherwise:
                run.note(value.why)
            return ()
        if isinstance(value, list):
            return _Listed(value)
        if isinstance(value, Mapping):
            run.budget.spend(len(value))
            return list(value.rows.items() if isinstance(value, Rows) else value.items())
        if value is not None and value != "":
            run.note("#each was given something that is no list")
        return ()

    @property
    def parts(self) -> list[list[Any]]:
        return [self.body, self.otherwise]


class Repeat:
    """The body a number of times; ``this`` counts from 1."""

    __slots__ = ("at", "bare", "body", "name", "times")

    def __init__(self, times: Expression, name: str, at: int) -> None:
        self.times, self.name, self.at = times, name, at
        self.bare = False
        self.body: list[Any] = []

    def write(self, run: Run, out: Out) -> None:
        run.budget.spend()
        value = self.times.value(run)
        number = as_number(value)
        if number is None:
            run.note(value.why if isinstance(value, Missing) else "#repeat was given something that is no number")
            return
        if number > STEPS:
            raise OverBound("steps", f"#repeat goes up to {STEPS:,} times: repeat less.")
        repeat(self, _Counted(range(1, int(number) + 1)), run, out)

    @property
    def parts(self) -> list[list[Any]]:
        return [self.body]


class _Listed(Sequence[tuple[Any, Any]]):
    """A list as (position, entry) pairs, without a copy."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, at: Any) -> Any:
        return at, self._entries[at]


_Counted = _Listed


def repeat(block: Each | Repeat, entries: Sequence[tuple[Any, Any]], run: Run, out: Out) -> None:
    """Writes the body for each entry, with the loop's names; those of a loop around come back afterwards."""
    names = ("this", "@index", "@key", "@first", "@last", *([block.name] if block.name else []))
    before = {name: run.locals.get(name, _ABSENT) for name in names}
    last = len(entries) - 1
    for index in range(last + 1):
        run.budget.spend(2)
        key, value = entries[index]
        run.locals |= {"this": value, "@index": index, "@key": key, "@first": index == 0, "@last": index == last}
        if block.name:
            run.locals[block.name] = value
        mark = out.mark()
        write_all(block.body, run, out)
        if block.bare and index:
            out.separate(mark)
    for name, value in before.items():
        if value is _ABSENT:
            run.locals.pop(name, None)
        else:
            run.locals[name] = value


def write_all(nodes: list[Any], run: Run, out: Out) -> None:
    for node in nodes:
        node.write(run, out)
