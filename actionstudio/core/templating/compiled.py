"""Templates compiled once and rendered per call, within bounds; what is wrong with one, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.templating import json_text
from actionstudio.core.templating.blocks import Insert, write_all
from actionstudio.core.templating.bounds import OverBound
from actionstudio.core.templating.out import Out
from actionstudio.core.templating.run import Run, Scope
from actionstudio.core.templating.tags import Read, read
from actionstudio.core.templating.values import Missing, as_json, plain
from actionstudio.core.templating.words import Wrong
from actionstudio.core.words import said

_OF_THE_CALL = frozenset({"body", "query", "path", "header", "cookie", "method", "url", "response"})


@dataclass(frozen=True, slots=True)
class Flaw(Problem):
    """What is wrong with a template: a Problem that knows its line and column, both from 1."""

    line: int = 1
    column: int = 1


class Rendered(NamedTuple):
    """``value`` is the parsed JSON of a JSON template, the value itself of a template that is one tag, else ``text``.

    ``values`` are what was read, shortened; ``notes`` say what was missing.
    """

    text: str
    value: Any
    values: dict[str, Any]
    notes: tuple[str, ...]


class Compiled:
    """A template that is right. ``reads`` are the roots it reads: of ROOTS, and "made" or "random" for made-up values.

    ``constant``: every render is the same.
    """

    __slots__ = ("_json", "_nodes", "names", "reads")

    def __init__(self, found: Read, json: bool) -> None:
        self._nodes = found.nodes
        self._json = json
        self.names = tuple(found.reads.names)
        self.reads = frozenset(found.reads.roots)

    @property
    def constant(self) -> bool:
        return not self.reads

    def render(self, scope: Scope) -> Rendered:
        """The template filled in. Raises OverBound."""
        run = Run(scope)
        single = self._nodes[0] if len(self._nodes) == 1 and isinstance(self._nodes[0], Insert) else None
        if single is not None and not self._json:
            return self._single(single, run)
        out = Out(run.budget)
        write_all(self._nodes, run, out)
        text = out.text()
        value: Any = text
        if self._json and text.strip():
            try:
                value = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise OverBound("json", f"What the template wrote is not JSON: {error}.") from None
        return Rendered(text, value, run.values, tuple(run.notes))

    def _single(self, node: Insert, run: Run) -> Rendered:
        """A text template that is one tag: its value keeps its type."""
        value = node.expression.value(run)
        if isinstance(value, Missing):
            run.note(value.why)
            return Rendered("", "", run.values, tuple(run.notes))
        value = plain(value)
        run.budget.weigh(value)
        text = value if isinstance(value, str) else "" if value is None else as_json(value)
        run.budget.write(len(text))
        return Rendered(text, value, run.values, tuple(run.notes))


def compile(text: str, *, json: bool = False) -> Compiled:
    """The template of ``text``; ``json`` when it writes JSON: values are then written so that none breaks out.

    Raises Refused with the flaws that ``problems`` tells.
    """
    found, wrong = _understood(text, json)
    if wrong:
        raise Refused(*_flaws(text, wrong))
    return Compiled(found, json)


def problems(text: str, *, json: bool = False, pointer: str = "") -> list[Flaw]:
    """All that is wrong with a template, each with line, column and cure. ``pointer`` is where the text stands."""
    return _flaws(text, _understood(text, json)[1], pointer)


def names(text: str) -> list[str]:
    """What a template reads, as it is written: "query.limit", "faker.email"; in order, each once."""
    return list(read(text).reads.names)


@lru_cache(1024)
def roots(text: str) -> frozenset[str]:
    """Which roots a template reads; see Compiled.reads."""
    return frozenset(read(text).reads.roots) if "{{" in text else frozenset()


def reads_call(reads: frozenset[str]) -> bool:
    """Whether something of the call itself is read."""
    return bool(reads & _OF_THE_CALL)


def _understood(text: str, json: bool) -> tuple[Read, list[Wrong]]:
    found = read(text)
    wrong = found.wrong
    if json and not wrong:
        wrong = json_text.place(found.nodes) or json_text.check(found.nodes, len(text))
    return found, wrong


def _flaws(text: str, wrong: list[Wrong], pointer: str = "") -> list[Flaw]:
    found = []
    for one in sorted(wrong, key=lambda one: one.at):
        line = text.count("\n", 0, one.at) + 1
        column = one.at - (text.rfind("\n", 0, one.at) + 1) + 1
        message = said("Line %(line)s, column %(column)s: %(what)s", line=line, column=column, what=one.message)
        found.append(Flaw(pointer, message, "template", line, column))
    return found
