"""Values of an earlier answer in later requests of a conversation: the order that is made anew has another id.

Learned by laying the answer of then beside the answer of now: what stood at the same place then and is told again in a
later request becomes what stands there now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, urlsplit

import orjson

from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, Answer, json_path, loads
from actionstudio.core.judging.kinds.ids import NAMES
from actionstudio.core.judging.kinds.kind import Spot

type JSON = Any
type Scalar = str | int | float

MOST = 20_000  # values of one answer that are looked at
_SHORTEST = 4  # characters; numbers below a thousand are as common
_LONGEST = 500
_WORD = re.compile(r"[A-Za-z]+")
_IDS = (*NAMES, "number", "no", "ref", "reference", "key", "code", "slug", "token", "cursor", "handle")
_NEVER = frozenset({"host", "content-length", "content-type", "content-encoding", "user-agent", "accept"})


@dataclass(frozen=True, slots=True)
class Carried:
    """One value that was replaced: ``place`` is path, ``query.name``, ``header:name`` or ``$.a.b`` of the body."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _New:
    value: Scalar
    weak: bool  # common enough to stand for something else too: only under names of ids, and in paths


class Carrier:
    """What one conversation has learned so far; what is learned later goes before."""

    def __init__(self) -> None:
        self._new: dict[str, _New] = {}

    def learn(self, old_answer: Answer, new_answer: Answer) -> int:
        """Lays two answers of one call side by side. Returns how many values are other ones now.

        A value of then that became several different ones is carried only when the name of one says that it is an id.
        """
        found: dict[str, dict[str, tuple[Scalar, bool]]] = {}
        for name, old, new in _pairs(old_answer, new_answer):
            named = Spot(name).ends(*_IDS)
            if _telling(old, named):
                known = found.setdefault(str(old), {})
                known[str(new)] = (new, named or known.get(str(new), (new, False))[1])
        learned = 0
        for text, choices in found.items():
            chosen = _chosen(list(choices.values()))
            if chosen is not None and str(chosen) != text:
                self._new[text] = _New(chosen, _is_weak(text))
                learned += 1
        return learned

    def carry(self, call: Call) -> tuple[Call, list[Carried]]:
        """The call with what was learned in the place of what was told then, and what that was."""
        if not self._new:
            return call, []
        told: list[Carried] = []
        path = "/".join(self._segment(part, told) for part in call.path.split("/"))
        query = "&".join(self._part(part, told) for part in call.query.split("&")) if call.query else ""
        headers = tuple((name, self._header(name, value, told)) for name, value in call.headers)
        body = self._in_body(call.body, told)
        return (Call(call.method, path, query, headers, body), told) if told else (call, told)

    def _segment(self, part: str, told: list[Carried]) -> str:
        new = self._new.get(unquote(part)) if part else None
        if new is None:
            return part
        told.append(Carried("path", unquote(part), str(new.value)))
        return quote(str(new.value), safe="")

    def _part(self, part: str, told: list[Carried]) -> str:
        key, equals, value = part.partition("=")
        name, old = unquote_plus(key), unquote_plus(value)
        new = self._found(name, old)
        if new is None:
            return part
        told.append(Carried(f"query.{name}", old, str(new.value)))
        return f"{key}{equals}{quote(str(new.value), safe='')}"

    def _header(self, name: str, value: str, told: list[Carried]) -> str:
        new = self._found(name, value) if name not in _NEVER else None
        if new is None:
            return value
        told.append(Carried(f"header:{name}", value, str(new.value)))
        return str(new.value)

    def _in_body(self, body: bytes, told: list[Carried]) -> bytes:
        value = loads(body) if body else ABSENT
        if value is ABSENT:
            return body
        before = len(told)
        try:
            made = self._leaf("", (), value, told)
        except RecursionError:
            return body
        return orjson.dumps(made) if len(told) > before else body

    def _leaf(self, name: str, way: tuple[str | int, ...], value: JSON, told: list[Carried]) -> JSON:
        if isinstance(value, dict):
            return {key: self._leaf(key, (*way, key), item, told) for key, item in value.items()}
        if isinstance(value, list):
            return [self._leaf(name, (*way, index), item, told) for index, item in enumerate(value)]
        if value is None or isinstance(value, bool):
            return value
        new = self._found(name, str(value))
        if new is None:
            return value
        told.append(Carried(json_path(way), str(value), str(new.value)))
        return str(new.value) if isinstance(value, str) else new.value

    def _found(self, name: str, text: str) -> _New | None:
        new = self._new.get(text)
        return None if new is None or (new.weak and not Spot(name).ends(*_IDS)) else new


def _pairs(old: Answer, new: Answer) -> Iterator[tuple[str, Scalar, Scalar]]:
    """(name, then, now) of all values that stand at the same place in both."""
    yield from _located(old, new)
    before, after = loads(old.body), loads(new.body)
    stack: list[tuple[str, JSON, JSON]] = [("", before, after)] if before is not ABSENT and after is not ABSENT else []
    seen = 0
    while stack and seen < MOST:
        name, left, right = stack.pop()
        seen += 1
        if isinstance(left, dict) and isinstance(right, dict):
            stack += [(key, item, right[key]) for key, item in left.items() if key in right]
        elif isinstance(left, list) and isinstance(right, list):
            stack += [(name, one, two) for one, two in zip(left, right, strict=False)]
        elif _scalar(left) and _scalar(right):
            yield name, left, right


def _located(old: Answer, new: Answer) -> Iterator[tuple[str, str, str]]:
    """The parts of where the answers say the new thing is (Location, RFC 9110, section 10.2.2)."""
    then, now = ({name.lower(): value for name, value in one.headers}.get("location", "") for one in (old, new))
    one, two = urlsplit(then).path.split("/"), urlsplit(now).path.split("/")
    if then and now and len(one) == len(two):
        for left, right in zip(one, two, strict=True):
            if left and right:
                yield "id", unquote(left), unquote(right)


def _scalar(value: JSON) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _telling(value: Scalar, named: bool) -> bool:
    """Whether a value can stand for one thing alone: no plain word, no small number, unless its name says id."""
    text = str(value)
    if isinstance(value, float) or not text or len(text) > _LONGEST or any(one.isspace() for one in text):
        return False
    return named or not (_is_weak(text) or _WORD.fullmatch(text))


def _is_weak(text: str) -> bool:
    return len(text) < _SHORTEST or bool(_WORD.fullmatch(text) and text.islower())


def _chosen(choices: list[tuple[Scalar, bool]]) -> Scalar | None:
    """What a value became: the only one, or the only one whose name says id."""
    if len(choices) > 1:
        choices = [choice for choice in choices if choice[1]]
    return choices[0][0] if len(choices) == 1 else None
