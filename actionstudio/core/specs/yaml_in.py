"""YAML text -> JSON, built straight from the parser's events, so that no bomb gets the chance to unfold.

Scalars mean what YAML 1.2 (core schema, section 10.3) says: ``on`` and ``2026-01-31`` are texts. Keys are the texts as
written (``200`` is "200"). Depth, size after unfolding, circles, repeated keys and foreign tags are refused on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import yaml

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said

type JSON = Any

DEEPEST = 100
NODES = 500_000
_TAG = "tag:yaml.org,2002:"
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_WORDS |= {form: value for word, value in list(_WORDS.items()) for form in (word.title(), word.upper())}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NUMBERLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
INTS = range(-(2**63), 2**64)
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CURES = {
    "found character that cannot start any token": said(
        "indent with spaces, not tabs; quote texts that begin with @ or `"
    ),
    "mapping values are not allowed": said("is the line indented as those around it? quote texts that hold “: ”"),
    "expected key": said("is this line indented as those around it?"),
    "could not find expected ':'": said("a key needs a colon and a space after it"),
    "expected '-' indicator": said("the items of a list begin with “- ” at the same indentation"),
}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = object()


def refused(message: str, line: int, column: int, code: str) -> Refused:
    """What to raise: the message ends with where it is. Lines and columns begin at 1."""
    whole = said("Line %(line)s, column %(column)s: %(message)s", line=line, column=column, message=message)
    return Refused(Problem("", whole, code))


def read(text: str) -> JSON:
    """The value of one YAML document. Raises Refused, saying where and why."""
    try:
        return _Builder().build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = said("this is not valid YAML: %(fault)s.", fault=_told(error))
        raise refused(message, line, column, "syntax") from None
    except yaml.YAMLError:
        raise _unreadable(text) from None


def _told(error: yaml.MarkedYAMLError) -> str:
    """The parser's words, and what usually is the matter."""
    problem = error.problem or said("it cannot be read")
    cure = next((cure for words, cure in _CURES.items() if words in problem), "")
    return said("%(problem)s (%(cure)s)", problem=problem, cure=cure) if cure else problem


def _unreadable(text: str) -> Refused:
    """Which character YAML does not allow (YAML 1.2.2, section 5.1), and where."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return Refused(Problem("", said("This is not valid YAML."), "syntax"))
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    shown = f"U+{ord(found[0]):04X}"
    message = said("the character %(character)s is not allowed in YAML. Remove it.", character=shown)
    return refused(message, line, column, "character")


def fitting(number: int) -> int | float | None:
    """A whole number as it can be kept: beyond 64 bits only one that a program without them wrote, 2**64 as
    18446744073709552000; None for one that would lose digits."""
    if number in INTS:
        return number
    try:
        near = float(number)
    except OverflowError:
        return None
    return near if int(Decimal(repr(near))) == number else None


class _Open:
    """A mapping or sequence that is not finished yet. ``height``: levels of nesting in it so far."""

    __slots__ = ("anchor", "before", "height", "key", "merged", "value")

    def __init__(self, value: JSON, anchor: str | None, before: int) -> None:
        self.value = value
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.key: Any = None
        self.merged: dict[str, JSON] | None = None


class _Builder:
    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[JSON, int, int] | None] = {}  # value, nodes, depth; None while open
        self.count = 0
        self.root: JSON = None
        self.documents = 0
        self.event: Any = None

    def build(self, text: str) -> JSON:
        kinds: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for event in yaml.parse(text, Loader=LOADER):
            handle = kinds.get(type(event))
            if handle is not None:
                self.event = event
                handle(event)
        return self.root

    def refuse(self, message: str, code: str) -> Refused:
        mark = self.event.start_mark
        return refused(message, mark.line + 1, mark.column + 1, code)

    def too_many(self) -> Refused:
        message = said("this document unfolds to more than %(most)s values.", most=f"{NODES:,}")
        return self.refuse(message, "too-many")

    def too_deep(self) -> Refused:
        return self.refuse(said("this is nested more than %(most)s levels deep.", most=DEEPEST), "depth")

    def foreign(self, tag: str) -> Refused:
        return self.refuse(said("the tag “%(tag)s” is not known here. Remove it.", tag=tag[:60]), "tag")

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            message = said("a second document begins here (---). Paste one document at a time.")
            raise self.refuse(message, "documents")

    def _counted(self, nodes: int) -> None:
        self.count += nodes
        if self.count > NODES:
            raise self.too_many()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is None:
            self._key(top, event)
            return
        self._counted(1)
        value = self._value_of(event)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1, 0)
        self._put(value)

    def _key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        name = event.value
        if name == "<<" and event.implicit[0]:
            top.key = _MERGE
            return
        if name in top.value:
            message = said("the key “%(key)s” stands here a second time. Remove or rename one.", key=name[:60])
            raise self.refuse(message, "duplicate-key")
        if event.anchor:
            self.anchors[event.anchor] = (name, 1, 0)
        top.value[name] = None
        top.key = name

    def _value_of(self, event: yaml.ScalarEvent) -> JSON:
        text = event.value
        if event.tag is None or event.tag == "!":
            return self._plain(text) if event.implicit[0] and event.tag is None else text
        kind = event.tag.removeprefix(_TAG)
        if kind in ("str", "timestamp", "binary"):
            return text
        if kind in ("int", "float", "bool", "null"):
            value = self._plain(text)
            return float(value) if kind == "float" and isinstance(value, int) else value
        raise self.foreign(event.tag)

    def _plain(self, text: str) -> JSON:
        """A scalar without quotes."""
        first = text[:1]
        if first.isdigit() or first in "+-.":
            return self._number(text)
        return _WORDS.get(text, text) if len(text) < 6 else text

    def _number(self, text: str) -> JSON:
        if _INT.fullmatch(text):
            if len(text) > 66:
                raise self.refuse(said("this number is too large. Quote it if it is a text."), "number")
            value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            kept = fitting(value)
            if kept is None:
                message = said("this whole number does not fit into 64 bits. Quote it if it is a text.")
                raise self.refuse(message, "number")
            return kept
        if _FLOAT.fullmatch(text):
            number = float(text)
            if number in (float("inf"), float("-inf")):
                raise self.refuse(said("this number is too large. Quote it if it is a text."), "number")
            return number
        if _NUMBERLESS.fullmatch(text):
            raise self.refuse(said("%(text)s is not a number that JSON knows.", text=text), "number")
        return _WORDS.get(text, text)

    def _start_mapping(self, event: yaml.MappingStartEvent) -> None:
        self._start({}, event)

    def _start_sequence(self, event: yaml.SequenceStartEvent) -> None:
        self._start([], event)

    def _start(self, value: JSON, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is None:
            raise self.refuse(said("a key must be a text, not a list or an object."), "key")
        if event.tag not in (None, "!", f"{_TAG}map", f"{_TAG}seq"):
            raise self.foreign(event.tag)
        if len(self.stack) >= DEEPEST:
            raise self.too_deep()
        if event.anchor:
            self.anchors[event.anchor] = None
        self._counted(1)
        self.stack.append(_Open(value, event.anchor, self.count))

    def _end(self, event: Any) -> None:
        done = self.stack.pop()
        if done.merged:
            done.value = {**done.merged, **done.value}
        if done.anchor:
            self.anchors[done.anchor] = (done.value, self.count - done.before + 1, done.height)
        self._put(done.value, done.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self.anchors:
            raise self.refuse(said("the alias “*%(name)s” has no anchor before it.", name=event.anchor), "alias")
        target = self.anchors[event.anchor]
        if target is None:
            raise self.refuse(said("the alias “*%(name)s” stands inside its own anchor.", name=event.anchor), "circle")
        value, nodes, depth = target
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is None:
            raise self.refuse(said("a key must be written out, not an alias."), "key")
        if len(self.stack) + depth > DEEPEST:
            raise self.too_deep()
        self._counted(nodes)
        self._put(value, depth)

    def _put(self, value: JSON, height: int = 0) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if height >= top.height:
            top.height = height + 1
        if type(top.value) is list:
            top.value.append(value)
        elif top.key is _MERGE:
            self._merge(top, value)
            top.key = None
        else:
            top.value[top.key] = value
            top.key = None

    def _merge(self, top: _Open, value: JSON) -> None:
        """``<<: *base``: the entries of other mappings; earlier ones and the mapping's own win."""
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            raise self.refuse(said("“<<” takes in objects only."), "merge")
        for source in sources:
            top.merged = {**source, **(top.merged or {})}
            if len(top.merged) > NODES:
                raise self.too_many()
