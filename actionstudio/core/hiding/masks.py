"""Masks: names whose values are hidden, as a set, and the project's further rules, which go with it wherever it goes.

A project without rules has a plain frozenset, and nothing here runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

import orjson

from actionstudio.core.hiding.kinds import KINDS, Finder, written
from actionstudio.core.hiding.marks import DOTS, mark
from actionstudio.core.hiding.rule import BY_NAME, BY_PATH, BY_PATTERN, Rule
from actionstudio.core.hiding.ways import DEEPEST, Way, way

_PLAIN = frozenset(("application/x-www-form-urlencoded",))
_LINES = frozenset(("text/event-stream", "application/x-ndjson", "application/jsonl", "application/json-seq"))
_SHORTEST = 4  # characters of a hidden value that is looked for elsewhere, too
_MANY = 500  # of them


class Masks(frozenset[str]):
    """The set of names, with ``rules``, and whose bodies are not kept: of no operation (``bodies`` False), or of the
    operations ``bodyless``. ``texts`` are secrets that one call carries, hidden wherever in it they stand. A union with
    other names keeps them."""

    rules: tuple[Rule, ...]
    bodies: bool
    bodyless: frozenset[str]
    texts: tuple[str, ...]

    def __new__(
        cls, names: Iterable[str] = (), rules: Iterable[Rule] = (), bodies: bool = True, bodyless: Iterable[str] = ()
    ) -> Masks:
        made = super().__new__(cls, names)
        made.rules, made.bodies, made.bodyless, made.texts = tuple(rules), bodies, frozenset(bodyless), ()
        return made

    @classmethod
    def carrying(cls, names: frozenset[str], texts: Iterable[str]) -> Masks:
        """The same masks for a call that carries these secrets."""
        made = names | frozenset() if isinstance(names, Masks) else cls(names)
        made.texts = tuple(texts)
        return made

    @classmethod
    def of(cls, names: Iterable[str], rules: Iterable[Rule], bodies: bool, bodyless: Iterable[str]) -> frozenset[str]:
        """What a project hides; a plain set where names are all."""
        rules, bodyless = tuple(rules), frozenset(bodyless)
        return cls(names, rules, bodies, bodyless) if rules or bodyless or not bodies else frozenset(names)

    def __or__(self, other: Any) -> Any:
        more = other if isinstance(other, Masks) else Masks()
        rules = tuple(dict.fromkeys((*self.rules, *more.rules)))
        bodyless = self.bodyless | more.bodyless
        made = Masks(frozenset(self).union(other), rules, self.bodies and more.bodies, bodyless)
        made.texts = tuple(dict.fromkeys((*self.texts, *more.texts)))
        return made

    __ror__ = __or__

    def keeps(self, operation_id: str) -> bool:
        """Whether bodies of this operation are kept."""
        return self.bodies and operation_id not in self.bodyless

    def of_operation(self, operation_id: str) -> Masks:
        """The same masks for a call of one operation: ``bodies`` says whether its bodies are kept."""
        if self.keeps(operation_id) == self.bodies:
            return self
        made = Masks(self, self.rules, False, self.bodyless)
        made.texts = self.texts
        return made

    def names(self, side: str, part: str) -> frozenset[str]:
        """All names to hide in a part of a call."""
        return frozenset(self) | _compiled(self.rules, side, part).names

    def fields(self, side: str) -> frozenset[str]:
        """The same for a form's body, to which ways of one step apply as well: ``$.email``, ``$..email``."""
        return self.names(side, "body") | _compiled(self.rules, side, "body").fields

    def text(self, text: str, side: str, part: str, found: set[str] | None = None) -> str:
        """A header's value, a path, or another text, without what patterns find."""
        for finder in _compiled(self.rules, side, part).finders:
            text = finder.hide(text, found)
        return text

    def line(self, text: str, found: set[str] | None = None) -> str:
        """A path or a query: its pieces as they read, so that ``%40`` hides no address."""
        finders = _compiled(self.rules, "request", "line").finders
        return _pieces(text, finders, found) if finders and text else text

    def body(self, data: bytes, kind: str, side: str, found: set[str] | None = None) -> bytes:
        """A body without what ways and patterns find. ``kind`` is its media type without parameters."""
        made = _compiled(self.rules, side, "body")
        if not data or not (made.ways or made.finders):
            return data
        if kind in _PLAIN:
            text = data.decode("utf-8", "surrogateescape")
            return _pieces(text, made.finders, found).encode("utf-8", "surrogateescape")
        if kind in _LINES:
            return b"\n".join([_line(line, made, found) for line in data.split(b"\n")])
        return _whole(data, made, found)

    def told(self, value: Any, found: Iterable[str] = ()) -> Any:
        """What a sentence or a trail of ours may quote of a call: without what patterns find, and without ``found``."""
        finders = _compiled(self.rules, "", "body").finders + _compiled(self.rules, "", "headers").finders
        finders += _compiled(self.rules, "", "line").finders
        return quoted(value, tuple(dict.fromkeys(finders)), tuple(found), 0)


class _Compiled:
    """The rules for one part of a call."""

    __slots__ = ("fields", "finders", "names", "ways")

    def __init__(self, rules: Iterable[Rule], side: str, part: str) -> None:
        mine = [rule for rule in rules if rule.covers(side, part)]
        self.ways: tuple[Way, ...] = tuple(way(rule.text) for rule in mine if rule.kind == BY_PATH and part == "body")
        self.names = frozenset(rule.text.lower() for rule in mine if rule.kind == BY_NAME)
        self.fields = frozenset(one.last.lower() for one in self.ways if one.last and len(one.steps) == 1)
        self.finders: tuple[Finder, ...] = tuple(
            written(rule.text) if rule.kind == BY_PATTERN else KINDS[rule.kind]
            for rule in mine
            if rule.kind in (BY_PATTERN, *KINDS)
        )


_compiled = lru_cache(1024)(_Compiled)


def _pieces(text: str, finders: Iterable[Finder], found: set[str] | None) -> str:
    """``a=b&c=d`` or ``/a/b``: each piece decoded; only those stay decoded that hid something."""
    if not finders:
        return text
    out = []
    for piece in text.replace("&", "\0&\0").replace("/", "\0/\0").replace("=", "\0=\0").split("\0"):
        plain = piece if DOTS in piece else unquote_plus(piece)
        hidden = plain
        for finder in finders:
            hidden = finder.hide(hidden, found)
        out.append(piece if hidden == plain else hidden)
    return "".join(out)


def _line(line: bytes, made: _Compiled, found: set[str] | None) -> bytes:
    """A line of an event stream, or of lines of JSON."""
    head, data = (b"data:", line[5:]) if line.startswith(b"data:") else (b"", line)
    return head + _whole(data, made, found)


def _whole(data: bytes, made: _Compiled, found: set[str] | None) -> bytes:
    try:
        value = orjson.loads(data)
    except ValueError:
        return _raw(data, made, found)
    new = value
    for one in made.ways:
        new = one.hide(new, found)
    if made.finders:
        new = _walk(new, made.finders, found, 0)
    return data if new is value else orjson.dumps(new)


def _raw(data: bytes, made: _Compiled, found: set[str] | None) -> bytes:
    """No JSON, or a part of it."""
    if data.lstrip()[:1] in (b"{", b"["):
        for one in made.ways:
            data = one.hide_rest(data)
    if not made.finders or b"\0" in data[:1024]:
        return data
    text = data.decode("utf-8", "surrogateescape")
    if "\\u00" in text:
        text = _unescaped(text)
    hidden = text
    try:
        for finder in made.finders:
            hidden = finder.hide(hidden, found)
    except UnicodeError:
        return data
    return data if hidden == text else hidden.encode("utf-8", "surrogateescape")


def _unescaped(text: str) -> str:
    """Escapes of JSON for letters and signs that need none."""
    for code in (*range(0x21, 0x7F),):
        if chr(code) not in '"\\':
            text = text.replace(f"\\u{code:04x}", chr(code)).replace(f"\\u{code:04X}", chr(code))
    return text


def _walk(value: Any, finders: tuple[Finder, ...], found: set[str] | None, depth: int) -> Any:
    """The same object when nothing was found."""
    if depth > DEEPEST:
        return mark(orjson.dumps(value).decode()) if isinstance(value, dict | list) else value
    if isinstance(value, str):
        return _text(value, finders, found, depth)
    if isinstance(value, dict):
        pairs = [
            (_walk(key, finders, found, depth + 1), _walk(item, finders, found, depth + 1), key, item)
            for key, item in value.items()
        ]
        return (
            {key: item for key, item, _k, _i in pairs}
            if any(a is not c or b is not d for a, b, c, d in pairs)
            else value
        )
    if isinstance(value, list):
        items = [_walk(item, finders, found, depth + 1) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
        hidden = _text(text, finders, found, depth)
        return value if hidden is text else hidden
    return value


def _text(text: str, finders: tuple[Finder, ...], found: set[str] | None, depth: int) -> str:
    if text[:1] in ("{", "["):
        try:
            value = orjson.loads(text)
        except ValueError:
            pass
        else:
            new = _walk(value, finders, found, depth + 1)
            return text if new is value else orjson.dumps(new).decode()
    hidden = text
    for finder in finders:
        hidden = finder.hide(hidden, found)
    return text if hidden == text else hidden


def gathered(data: bytes) -> set[str]:
    """The texts and numbers of a JSON body, as many as are looked for elsewhere; of another body, the whole."""
    try:
        value = orjson.loads(data)
    except ValueError:
        text = data.decode("utf-8", "replace")
        return {text, *(value for _name, value in parse_qsl(text, max_num_fields=None)[:_MANY])}
    found: set[str] = set()
    stack = [value]
    while stack and len(found) < _MANY:
        one = stack.pop()
        if isinstance(one, dict | list):
            stack.extend(one.values() if isinstance(one, dict) else one)
        elif isinstance(one, str | int | float) and not isinstance(one, bool):
            found.add(str(one))
    return found


def lost(before: bytes, after: bytes) -> set[str]:
    """The texts that a body had and has no more."""
    return set() if before is after else gathered(before) - gathered(after)


def keeps_bodies(masks: frozenset[str], operation_id: str = "") -> bool:
    """Whether the project of these masks keeps what is in requests and answers, of that operation too."""
    return not isinstance(masks, Masks) or masks.keeps(operation_id)


def of_operation(masks: frozenset[str], operation_id: str) -> frozenset[str]:
    """The masks of a project for a call of one operation."""
    return masks.of_operation(operation_id) if isinstance(masks, Masks) else masks


def quoted(value: Any, finders: tuple[Finder, ...], found: tuple[str, ...], depth: int) -> Any:
    """The texts of a value, those of its members too; names stay."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        for finder in finders:
            value = finder.hide(value)
        value = _pieces(value, finders, None) if "%" in value and finders else value
        return without(value, found) if found else value
    if isinstance(value, Mapping):
        return {key: quoted(item, finders, found, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [quoted(item, finders, found, depth + 1) for item in value]
    if isinstance(value, int | float) and str(value) in found:
        return mark(str(value))
    return value


def without(text: str, found: Iterable[str]) -> str:
    """A text that may quote what was hidden, without it; also as JSON writes it."""
    for one in sorted((one for one in found if len(one) >= _SHORTEST), key=len, reverse=True)[:_MANY]:
        plain = one.encode("utf-8", "replace").decode()
        for spelt in {one, orjson.dumps(plain).decode()[1:-1], quote(plain, safe=""), quote_plus(plain)}:
            if spelt in text:
                text = text.replace(spelt, mark(one))
    return text
