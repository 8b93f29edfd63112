"""What may be said of tools before any model is asked: which ones it will mix up, and where it will guess.

No model runs here. Two operations are compared by the words of their names and texts: the cosine of the counted words,
rare ones weighing more, as a search engine would (words of one operation alone tell it apart). Chinese, Japanese and
Korean texts count pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from actionstudio.core.lint.texts import meaning
from actionstudio.core.problem import Problem
from actionstudio.core.prompting.case import Case
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.matching import ABSENT, Matcher, matches, same, told
from actionstudio.core.words import Said, said

type JSON = Any

ALIKE = 0.72  # cosine from which on two operations are likely to be mixed up
SHORTEST, LONGEST = 20, 300  # characters of a description
MOST = 100
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")


@dataclass(frozen=True, slots=True)
class Hint:
    """``code``: alike, short, long, silent (an argument without a description), same-verb, gone (cases speak of an
    operation that there is not), unfit (a case wants what the document does not allow). ``operations`` are
    those it is about, ``words`` what they share. ``weight`` sorts: the worst first."""

    code: str
    message: str
    operations: tuple[str, ...]
    argument: str = ""
    words: tuple[str, ...] = ()
    weight: float = 0.0


def hints(sheets: Sequence[Sheet]) -> list[Hint]:
    """All that can be said of these tools, the worst first."""
    found = [*_alike(sheets), *(hint for one in sheets for hint in _texts(one))]
    return sorted(found, key=lambda one: -one.weight)[:MOST]


def gone(cases: Iterable[Case], operations: Collection[str]) -> list[Hint]:
    """The operations that cases speak of and that there are not, each once, with how many cases do."""
    counts = Counter(name for one in cases for name in {*one.operations, *one.never} if name not in operations)
    found = []
    for name, n in sorted(counts.items()):
        message = said("ChatGPT has no operation called %(name)s; cases that speak of it: %(n)s.", name=name, n=n)
        found.append(Hint("gone", message, (name,), weight=10.0 + n))
    return found


def unfit(cases: Iterable[tuple[str, Case]], sheets: Sequence[Sheet]) -> list[Hint]:
    """What named cases want and the document does not allow: an argument that the operation does not know, a value of
    another type, or one that is not in its list."""
    known = {one.operation: one for one in sheets}
    found = []
    for name, case in cases:
        for call in case.calls:
            for argument, matcher in call.arguments.items():
                if call.operation in known and (why := _never(known[call.operation], argument, matcher)):
                    message = said("The case “%(case)s” wants what is not allowed: %(why)s", case=name, why=why)
                    found.append(Hint("unfit", message, (call.operation,), argument, weight=5.0))
    return found[:MOST]


def unknown_arguments(case: Case, sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """The arguments that a case expects and that its operation does not have."""
    known = {one.operation: one for one in sheets}
    for number, call in enumerate(case.calls):
        for name, matcher in call.arguments.items():
            if call.operation in known and (why := _foreign(known[call.operation], name, matcher)):
                step = name.replace("~", "~0").replace("/", "~1")
                yield Problem(f"/calls/{number}/arguments/{step}", why, "unknown")


def shared(one: Sheet, other: Sheet) -> tuple[str, ...]:
    """The words that the texts of two operations have in common, as they count here."""
    return tuple(sorted(set(_words(one)) & set(_words(other))))


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they count here; a page that marks shared words asks for those of each word."""
    return meaning(" ".join(_HUMP.split(text)))


def likeness(sheets: Sequence[Sheet]) -> dict[tuple[str, str], float]:
    """How alike every two operations are, between 0 and 1."""
    bags = [_bag(one) for one in sheets]
    having = Counter(word for bag in bags for word in bag)
    weights = {word: math.log(1 + len(bags) / n) for word, n in having.items()}
    vectors = [{word: n * weights[word] for word, n in bag.items()} for bag in bags]
    return {
        (sheets[i].operation, sheets[j].operation): _cosine(vectors[i], vectors[j])
        for i, j in combinations(range(len(sheets)), 2)
    }


def _never(sheet: Sheet, argument: str, matcher: Matcher) -> Said | None:
    """Why an argument is never as the matcher wants it, None when it may be."""
    if foreign := _foreign(sheet, argument, matcher):
        return foreign
    properties = _properties(sheet)
    if argument not in properties or matcher.op in ("absent", "ignore") or matches(matcher, ABSENT):
        return None
    schema = properties[argument] if isinstance(properties[argument], dict) else {}
    values = {"equals": [matcher.value], "any-of": matcher.value}.get(matcher.op)
    if values is None or any(_may_be(schema, value, matcher.exact) for value in values):
        return None
    kind, listed, value = schema.get("type"), schema.get("enum"), told(matcher)
    if isinstance(listed, list):
        allowed = ", ".join(map(str, listed[:20]))
        return said("%(argument)s is one of %(all)s, never %(value)s.", argument=argument, all=allowed, value=value)
    kinds = " | ".join(map(str, kind)) if isinstance(kind, list) else kind
    return said("%(argument)s is of type %(kind)s, never %(value)s.", argument=argument, kind=kinds, value=value)


def _foreign(sheet: Sheet, argument: str, matcher: Matcher) -> Said | None:
    """Why an operation has no place for an argument that is wanted; None when it has, or when none is wanted."""
    if matcher.op in ("absent", "ignore") or argument in _properties(sheet) or matches(matcher, ABSENT):
        return None
    if isinstance(sheet.parameters, dict) and sheet.parameters.get("additionalProperties"):
        return None
    return said("%(name)s has no argument %(argument)s.", name=sheet.operation, argument=argument)


def _may_be(schema: Mapping[str, JSON], value: JSON, exact: bool) -> bool:
    listed, kind = schema.get("enum"), schema.get("type")
    if isinstance(listed, list):
        return any(same(value, one, exact) for one in listed)
    kinds = kind if isinstance(kind, list) else [kind]
    return any(name not in _TYPES or _TYPES[name](value) for name in kinds if isinstance(name, str)) or kind is None


_TYPES: Mapping[str, Callable[[JSON], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: _TYPES["number"](value) and (isinstance(value, int) or value.is_integer()),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _alike(sheets: Sequence[Sheet]) -> Iterator[Hint]:
    known = {one.operation: one for one in sheets}
    for (one, other), value in likeness(sheets).items():
        words = shared(known[one], known[other])
        listed = ", ".join(words[:6])
        if value >= ALIKE:
            message = said(
                "%(one)s and %(other)s read nearly the same (%(words)s): a model will mix them up. Say what each does "
                "that the other does not.",
                one=one,
                other=other,
                words=listed,
            )
            yield Hint("alike", message, (one, other), words=words, weight=2 + value)
        elif value >= ALIKE / 2 and _begins(known[one]) and _begins(known[one]) == _begins(known[other]):
            message = said(
                "%(one)s and %(other)s begin alike (“%(verb)s”): say when to use which.",
                one=one,
                other=other,
                verb=_begins(known[one]),
            )
            yield Hint("same-verb", message, (one, other), words=words, weight=1 + value)


def _texts(one: Sheet) -> Iterator[Hint]:
    size = len(one.description.strip())
    if size < SHORTEST:
        message = said(
            "%(name)s is described in %(n)s characters: a model knows little more than its name.",
            name=one.operation,
            n=size,
        )
        yield Hint("short", message, (one.operation,), weight=1.5)
    elif size > LONGEST:
        message = said(
            "%(name)s is described in %(n)s characters; ChatGPT takes %(most)s.",
            name=one.operation,
            n=size,
            most=LONGEST,
        )
        yield Hint("long", message, (one.operation,), weight=1.2)
    for name, schema in _properties(one).items():
        if isinstance(schema, dict) and not schema.get("description") and "enum" not in schema:
            message = said("%(name)s: nothing tells the model what %(argument)s is.", name=one.operation, argument=name)
            yield Hint("silent", message, (one.operation,), name, weight=0.8)


def _bag(one: Sheet) -> Counter[str]:
    """Its words; those of the name count twice."""
    return Counter([*words_of(one.operation), *_words(one)])


def _words(one: Sheet) -> Iterable[str]:
    return words_of(f"{one.operation} {one.description}")


def _begins(one: Sheet) -> str:
    found = re.match(r"[^\W_]+", one.description.strip())
    return found[0].casefold() if found else ""


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    both = sum(value * other[word] for word, value in one.items() if word in other)
    lengths = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return both / lengths if lengths else 0.0


def _properties(one: Sheet) -> Mapping[str, JSON]:
    found = one.parameters.get("properties") if isinstance(one.parameters, dict) else None
    return found if isinstance(found, dict) else {}
