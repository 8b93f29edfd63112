"""Named pairing: examples of parameters or of the request body, and response examples, that have the same key.

A call that carries all the request examples of a key gets the response example of that key, in whichever declared
response it stands. Source of the rule: the documentation of Microcks (OpenAPI conventions).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from actionstudio.core.contract import Body, Parameter
from actionstudio.core.rules import Facts
from actionstudio.core.rules.equality import TooDeep, plain
from actionstudio.core.rules.operators import written
from actionstudio.core.schemas.coerce import compile_parameter
from actionstudio.runtime.answers import Answer, Answers
from actionstudio.runtime.facts import facts_of
from actionstudio.runtime.negotiation import is_json, media_key

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_IGNORED = ("accept", "content-type", "authorization")  # OpenAPI 3.1.0, section 4.8.12.1: no parameters
_ABSENT: Any = object()


class Pair(NamedTuple):
    """A key and the response that has an example of it."""

    key: str
    answer: Answer


class _Read(NamedTuple):
    """How a parameter that some pair asks about is read."""

    in_: str
    name: str
    read: Any


class _Group(NamedTuple):
    """Pairs that ask about the same parts of a call, by the values they ask for."""

    reads: tuple[int, ...]
    body: bool
    pairs: dict[tuple[Hashable, ...], Pair]


class Pairs:
    """The pairs of one operation, those that ask for most first."""

    __slots__ = ("_groups", "_reads", "_served")

    def __init__(self, served: Served, reads: Sequence[_Read], groups: Sequence[_Group]) -> None:
        self._served = served
        self._reads = reads
        self._groups = groups

    def find(self, visit: Visit) -> Pair | None:
        """The pair whose request examples the call carries."""
        facts = facts_of(self._served, visit)
        known: dict[int, Hashable] = {}
        for reads, body, pairs in self._groups:
            values: list[Hashable] = []
            for index in (*reads, -1) if body else reads:
                if index not in known:
                    known[index] = self._value(index, facts)
                values.append(known[index])
            found = pairs.get(tuple(values))
            if found is not None:
                return found
        return None

    def _value(self, index: int, facts: Facts) -> Hashable:
        if index < 0:
            body = facts.body()
            form = media_key(facts.headers.get("content-type", "")) in _FORMS
            return _body_key(body[0], form) if body else _ABSENT
        in_, name, read = self._reads[index]
        raw: Any
        if in_ == "query":
            raw = [(key, value) for key, values in facts.query().items() for value in values]
        elif in_ == "path":
            raw = facts.values.get(name)
        else:
            got = facts.header(name.lower()) if in_ == "header" else facts.cookie(name)
            raw = got[0] if got else None
        present, value = read(raw)
        return _value_key(value) if present else _ABSENT


def compile_pairs(served: Served, answers: Answers, status: str) -> Pairs | None:
    """The pairs of an operation; None when it has none. ``status`` "" or the only response that may answer."""
    resolver, operation = served.house.resolver, served.operation
    offered = _offered(answers, status)
    parameters = [one for one in resolver.parameters(operation) if _examples(one).keys() & offered.keys()]
    body = _bodies(resolver.body(operation) if operation.body is not None else None)
    reads: list[_Read] = []
    asked: dict[str, tuple[list[int], list[Hashable]]] = {}
    for parameter in parameters:
        if parameter.in_ == "header" and parameter.name.lower() in _IGNORED:
            continue
        reads.append(_read(parameter, served))
        for key, value in _examples(parameter).items():
            slots, values = asked.setdefault(key, ([], []))
            slots.append(len(reads) - 1)
            values.append(_value_key(value))
    groups: dict[tuple[tuple[int, ...], bool], dict[tuple[Hashable, ...], Pair]] = {}
    for key, answer in offered.items():
        slots, values = asked.get(key, ([], []))
        for sent in body.get(key, [_ABSENT] if slots else []):
            whole = sent is not _ABSENT
            pairs = groups.setdefault((tuple(slots), whole), {})
            pairs.setdefault((*values, sent) if whole else tuple(values), Pair(key, answer))
    ordered = sorted(groups.items(), key=lambda group: -len(group[0][0]) - group[0][1])
    return Pairs(served, reads, [_Group(*place, pairs) for place, pairs in ordered]) if ordered else None


def _offered(answers: Answers, status: str) -> dict[str, Answer]:
    """The response that has an example of each key: the usual one first, then in the order of the document."""
    only = answers.of(status) if status else None
    ways = [only] if status else [answers.usual, *answers.by_status.values()]
    found: dict[str, Answer] = {}
    for answer in ways:
        for choice in answer.choices if answer is not None else ():
            for example in choice.examples:
                if example.key:
                    found.setdefault(example.key, answer)  # type: ignore[arg-type]
    return found


def _examples(parameter: Parameter) -> dict[str, Any]:
    """A parameter's examples by key."""
    media = parameter.content[0].examples if parameter.content else ()
    return {one.key: one.value for one in (*media, *parameter.examples) if one.key and "externalValue" not in one.extra}


def _read(parameter: Parameter, served: Served) -> _Read:
    schema, style = parameter.schema, parameter.style
    if parameter.content:
        schema = parameter.content[0].schema
        style = "json" if is_json(parameter.content[0].media_type) else style
    components = served.house.requests
    made = compile_parameter(
        parameter.name, parameter.in_, {} if schema is None else schema, components, style, parameter.explode
    )
    return _Read(parameter.in_, parameter.name, made.read)


def _bodies(body: Body | None) -> dict[str, list[Hashable]]:
    """The bodies that each key's examples ask for, one for each media type that has one."""
    found: dict[str, list[Hashable]] = {}
    for media in body.content if body is not None else ():
        for one in media.examples:
            if one.key and "externalValue" not in one.extra:
                value = _settled(one.value) if is_json(media.media_type) else one.value
                found.setdefault(one.key, []).append(_body_key(value, media_key(media.media_type) in _FORMS))
    return found


def _settled(value: Any) -> Any:
    """An example of a JSON body that is written as JSON text."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _value_key(value: Any) -> Hashable:
    """The same for a list with one item and that item: examples of lists are written either way."""
    return _key(value[0] if isinstance(value, list) and len(value) == 1 else value)


def _key(value: Any) -> Hashable:
    """The same for values that mean the same as a parameter: 5 and "5", not "5.0" and "5"."""
    if isinstance(value, str):
        return value
    try:
        made = orjson.dumps(plain(value, 0), option=orjson.OPT_SORT_KEYS)
    except (TooDeep, TypeError):
        return object()  # equal to nothing
    return made if isinstance(value, dict | list | tuple) else made.decode()


def _body_key(value: Any, form: bool) -> Hashable:
    """The same for JSON that is equal; the fields of a form are texts, whatever its example writes."""
    return ("form", _key(_texts(value, 0))) if form else ("body", type(value) is str, _key(value))


def _texts(value: Any, depth: int) -> Any:
    """What a form can say of a value: texts, and of a list with one item only the item."""
    if isinstance(value, dict) and depth < 8:
        return {key: _texts(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and depth < 8:
        if len(value) == 1:
            return _texts(value[0], depth + 1)
        return [_texts(item, depth + 1) for item in value]
    return written(value)
