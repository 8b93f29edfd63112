"""The parts of a call that a condition may ask about: how each is found, compiled once per target and name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core import templating
from actionstudio.core.behaviour import TARGETS, Condition
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.rules.facts import CALLER, Facts, Got
from actionstudio.core.rules.paths import PathError, compile_path
from actionstudio.core.words import either, said

type JSON = Any
type Read = Callable[[Facts], Got]

UNNAMED = ("method", "call")
NOTHING: Any = object()
_LONGEST = 500
_RENDER = 1_000_000  # units of work that a template is charged with, however little it does
_PLAIN_NAME = re.compile(r"[\w-]+")
_PLACEHOLDER = re.compile(r"\{\{(?P<inside>.*?)\}\}", re.DOTALL)
_REFERENCE = re.compile(
    r"\s*(?P<target>path|query|header|cookie|body|caller)\s*\.\s*(?P<name>\S(?:.*\S)?)\s*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Target:
    """One part of a call. ``label`` names it in a trail ("query.id"), ``texts`` says that its values are texts as they
    travel, ``single`` that there is at most one, ``named`` whether it is known under which names they stand."""

    label: str
    read: Read
    texts: bool = True
    single: bool = True
    named: Callable[[Facts], bool] | None = None


class Unusable(ValueError):
    """A condition, or a part of it, that cannot be asked: carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def label_of(condition: Condition) -> str:
    """How a trail names what a condition asks about: ``query.id``, ``body./name``, ``body``, ``call``."""
    name = condition.name.lower() if condition.target == "header" else condition.name
    return f"{condition.target}.{name}" if name else condition.target


def compile_target(condition: Condition) -> Target:
    """Where a condition finds its values. Raises Unusable: the pointer is that of the field, below the condition."""
    maker = _MAKERS.get(condition.target)
    if maker is None:
        raise _wrong("target", said("Choose what to look at: %(options)s.", options=either(list(TARGETS))))
    name = condition.name
    if len(name) > _LONGEST:
        raise _wrong("name", said("This is longer than %(most)s characters.", most=_LONGEST))
    if condition.target in UNNAMED:
        if name:
            raise _wrong("name", said("This has no name. Leave it empty."))
    elif not name and condition.target != "body":
        raise _wrong("name", said("Say which: the name of what is asked."))
    return maker(condition)


def _wrong(field: str, message: str) -> Unusable:
    return Unusable(Problem(f"/{field}", message, "rule"))


def _query(condition: Condition) -> Target:
    name = condition.name
    return Target(label_of(condition), lambda facts: facts.query().get(name, ()), single=False)


def _path(condition: Condition) -> Target:
    name = condition.name

    def read(facts: Facts) -> Got:
        text = facts.values.get(name)
        return () if text is None else (text,)

    return Target(label_of(condition), read)


def _header(condition: Condition) -> Target:
    name = condition.name.lower()
    return Target(label_of(condition), lambda facts: facts.header(name), single=False)


def _cookie(condition: Condition) -> Target:
    name = condition.name
    return Target(label_of(condition), lambda facts: facts.cookie(name))


def _method(condition: Condition) -> Target:
    return Target("method", lambda facts: (facts.call.method,))


def _call(condition: Condition) -> Target:
    return Target("call", lambda facts: (facts.number(),), texts=False)


def _body(condition: Condition) -> Target:
    label = label_of(condition)
    if not condition.name:
        if condition.operator == "regex":
            return Target(label, lambda facts: facts.text())
        return Target(label, lambda facts: facts.body(), texts=False)
    try:
        way = compile_path(condition.name)
    except PathError as error:
        raise _wrong("name", error.args[0]) from None
    find = way.find

    def read(facts: Facts) -> Got:
        body = facts.body()
        return find(body[0], facts) if body else ()

    return Target(label, read, False, way.single, lambda facts: way.named(facts.body()[0], facts))


def _caller(condition: Condition) -> Target:
    """Who signed in: sub, name, app, scopes (core/rules/facts.py)."""
    name = condition.name
    if name not in CALLER:
        raise _wrong("name", said("Choose what to look at: %(options)s.", options=either(list(CALLER))))

    def read(facts: Facts) -> Got:
        value = facts.caller.get(name, ())
        return value if isinstance(value, list | tuple) else (value,)

    return Target(label_of(condition), read, single=name != "scopes")


def _collection(condition: Condition) -> Target:
    """ "pets": how many rows; "pets/7" or "pets/{{ path.id }}": that row."""
    name, slash, key = condition.name.partition("/")
    if not slash:
        return Target(label_of(condition), lambda facts: _count(facts.rows(name)), texts=False)
    if not key:
        raise _wrong("name", said("Write which row: %(example)s.", example=f"{name}/{{{{ path.id }}}}"))
    text = compile_text(key)

    def read(facts: Facts) -> Got:
        rows = facts.rows(name)
        key = _written((text(facts),))
        return (rows[key],) if rows is not None and key in rows else ()

    return Target(label_of(condition), read, texts=False)


def _count(rows: Mapping[str, JSON] | None) -> Got:
    return () if rows is None else (len(rows),)


def collection_of(condition: Condition) -> str:
    """The collection a condition asks about, "" when it asks about something else."""
    return condition.name.partition("/")[0] if condition.target == "collection" else ""


def compile_text(text: str, field: str = "name") -> Callable[[Facts], JSON]:
    """A text in which ``{{ … }}`` stands for something of the call; what is one ``{{ … }}`` alone keeps its type.

    Most are plain references (``{{ path.id }}``) and are looked up; all else is a template (core/templating) of which
    a call can pay for some. NOTHING when what it means is not there. Raises Unusable for the field.
    """
    parts: list[str | Read] = []
    at = 0
    for found in _PLACEHOLDER.finditer(text):
        reference = _REFERENCE.fullmatch(found["inside"])
        target = None if reference is None else _reference(reference["target"], reference["name"])
        if target is None:
            return _expression(text, field)
        parts += [text[at : found.start()], target.read]
        at = found.end()
    parts.append(text[at:])
    if any("{{" in part for part in parts if isinstance(part, str)):
        return _expression(text, field)
    if len(parts) == 1:
        return lambda facts: text
    if len(parts) == 3 and parts[0] == parts[2] == "":
        read: Any = parts[1]
        return lambda facts: next(iter(read(facts)), NOTHING)
    return lambda facts: "".join([part if isinstance(part, str) else _written(part(facts)) for part in parts])


def _reference(target: str, name: str) -> Target | None:
    """A plain reference; None for an expression of the template language."""
    if target != "body" and not _PLAIN_NAME.fullmatch(name):
        return None
    try:
        return compile_target(Condition(target, name))
    except Unusable:
        return None


def _expression(text: str, field: str) -> Callable[[Facts], JSON]:
    try:
        made = templating.compile(text)
    except Refused as refused:
        raise _wrong(field, refused.problems[0].message) from None
    if "{{#" in text:
        raise _wrong(field, said("Loops and choices cannot stand here. Use “or”, filters, or one more rule."))
    if "response" in made.reads:
        raise _wrong(field, said("There is no response yet when rules are looked at."))

    def read(facts: Facts) -> JSON:
        if not facts.spend(_RENDER):
            return NOTHING
        try:
            rendered = made.render(facts.scope())
        except templating.OverBound:
            return NOTHING
        return NOTHING if rendered.value == "" and rendered.notes else rendered.value

    return read


def _written(got: Got) -> str:
    """The first value as text; numbers and words as JSON writes them."""
    if not got or got[0] is None or got[0] is NOTHING or isinstance(got[0], dict | list):
        return ""
    value = got[0]
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


_MAKERS: dict[str, Callable[[Condition], Target]] = {
    "body": _body,
    "query": _query,
    "path": _path,
    "header": _header,
    "cookie": _cookie,
    "method": _method,
    "call": _call,
    "collection": _collection,
    "caller": _caller,
}
