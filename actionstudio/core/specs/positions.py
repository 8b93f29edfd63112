"""Where in a text (JSON or YAML) each part of the document stands: JSON Pointer -> line and column.

One scan, made when the first place is asked for. It follows what core/specs/text.py reads: aliases lead to their
anchor, ``<<`` to the mapping that is merged in.
"""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from actionstudio.core.specs.yaml_in import LOADER

_BREAK = re.compile(r"\r\n?|\n")
_TOKEN = re.compile(
    r'[ \t\n\r]*(?:("[^"\\]*(?:\\.[^"\\]*)*")|([{}\[\],:])|(-?[0-9][0-9.eE+-]*|true|false|null))', re.DOTALL
)
_MERGE = object()


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line. Lines and columns begin at 1; ``end`` is the column after the last character."""

    line: int
    column: int
    end: int


class _Node:
    """A value in the text. ``inside``: entries by key (where the key begins and ends, the value), or items, or None."""

    __slots__ = ("end", "inside", "start")

    def __init__(self, start: int, end: int, inside: Any = None) -> None:
        self.start = start
        self.end = end
        self.inside = inside


class _NotJSON(Exception):
    pass


class Positions:
    """The places of one text, which must be readable (core.specs.text.parse): of others the places are a guess."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")

    def at(self, pointer: str) -> Place:
        """Where ``pointer`` (RFC 6901) stands: its key, with its value when that is a scalar on the same line.

        Of what is not there, the nearest part around it that is: a missing ``operationId`` is shown at its operation.
        """
        node = self._root
        start, end = self._edges(node, None)
        for token in pointer.split("/")[1:]:
            entry = _entry(node, token.replace("~1", "/").replace("~0", "~"))
            if entry is None:
                break
            key, node = entry
            start, end = self._edges(node, key)
        return self._place(start, end)

    def _edges(self, node: _Node, key: tuple[int, int] | None) -> tuple[int, int]:
        if key is None:
            first = next(iter(node.inside.values()))[0] if isinstance(node.inside, dict) and node.inside else None
            return node.start, first[1] if first and first[0] >= node.start else node.end
        if node.inside is None and node.end > key[1] and not _BREAK.search(self.text, key[0], node.end):
            return key[0], node.end
        return key

    def _place(self, start: int, end: int) -> Place:
        row = bisect.bisect_right(self._lines, start) - 1
        begin = self._lines[row]
        ends = row + 1 < len(self._lines)  # the last line has no end to look for, and may be all of the text
        rest = _BREAK.search(self.text, start, self._lines[row + 1]) if ends else None
        last = rest.start() if rest else len(self.text)
        return Place(row + 1, start - begin + 1, max(start, min(end, last)) - begin + 1)

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins. YAML 1.1's further line breaks are none in an editor."""
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    @cached_property
    def _root(self) -> _Node:
        if self.text.lstrip()[:1] in ("{", "[", '"'):
            try:
                return _from_json(self.text)
            except _NotJSON:  # then it is YAML in flow style
                pass
        return _Reader(self.text).root


def _entry(node: _Node, token: str) -> tuple[tuple[int, int] | None, _Node] | None:
    """The key's edges and the value of one step down."""
    inside = node.inside
    if isinstance(inside, list):
        here = token.isdecimal() and len(token) < 10 and int(token) < len(inside)
        return (None, inside[int(token)]) if here else None
    if not isinstance(inside, dict):
        return None
    if token in inside:
        return inside[token]
    merged = inside.get(_MERGE)
    sources = merged[1].inside if merged and isinstance(merged[1].inside, list) else [merged[1]] if merged else []
    return next((found for source in sources if (found := _entry(source, token))), None)


def _from_json(text: str) -> _Node:
    """The root of a JSON text. Raises _NotJSON."""
    root = _Node(0, 0)
    stack: list[_Node] = []
    key: tuple[str, int, int] | None = None
    wants = "value"  # value, key, colon or comma
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        string, mark, literal = match.groups()
        if wants == "value" and (string or literal or mark in ("{", "[")):
            kind: Any = None if not mark else {} if mark == "{" else []
            node = _Node(match.start(match.lastindex or 0), position, kind)
            _hang(stack[-1] if stack else root, key, node)
            key = None
            wants = "comma" if not mark else "key" if mark == "{" else "value"
            if mark:
                stack.append(node)
        elif wants == "key" and string:
            name = json.loads(string, strict=False) if "\\" in string else string[1:-1]
            key, wants = (name, match.start(1), position), "colon"
        elif wants == "colon" and mark == ":":
            wants = "value"
        elif wants == "comma" and mark == "," and stack:
            wants = "key" if isinstance(stack[-1].inside, dict) else "value"
        elif mark in ("}", "]") and stack and key is None and isinstance(stack[-1].inside, dict) == (mark == "}"):
            stack.pop().end = position
            wants = "comma"
        else:
            raise _NotJSON
    if stack or not root.inside or text[position:].strip():
        raise _NotJSON
    return root.inside[0]


def _hang(parent: _Node, key: tuple[str, int, int] | None, node: _Node) -> None:
    if isinstance(parent.inside, dict):
        assert key is not None
        parent.inside[key[0]] = (key[1:], node)
    elif parent.inside is None:
        parent.inside = [node]
    else:
        parent.inside.append(node)


class _Reader:
    """Builds the tree of a YAML text from the parser's events, as far as it can be read."""

    def __init__(self, text: str) -> None:
        self.root = _Node(0, 0)
        self.stack: list[tuple[_Node, list[Any]]] = []  # open values, with the key that waits for its value
        self.anchors: dict[str, _Node] = {}
        try:
            for event in yaml.parse(text, Loader=LOADER):
                self._take(event)
        except yaml.YAMLError:
            pass

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            top = self.stack[-1] if self.stack else None
            if top and type(top[0].inside) is dict and not top[1]:
                merge = event.value == "<<" and event.implicit[0]
                top[1].append((_MERGE if merge else event.value, event.start_mark.index, event.end_mark.index))
                return
            self._put(_Node(event.start_mark.index, event.end_mark.index), event.anchor)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            node = _Node(event.start_mark.index, event.end_mark.index, {} if kind is yaml.MappingStartEvent else [])
            self._put(node, event.anchor)
            self.stack.append((node, []))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()[0].end = event.end_mark.index
        elif kind is yaml.AliasEvent:
            self._put(self.anchors.get(event.anchor) or _Node(event.start_mark.index, event.end_mark.index), None)

    def _put(self, node: _Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if not self.stack:
            self.root = node
            return
        top, waiting = self.stack[-1]
        if type(top.inside) is list:
            top.inside.append(node)
        elif waiting:
            name, start, end = waiting.pop()
            top.inside[name] = ((start, end), node)
