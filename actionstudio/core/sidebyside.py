"""Two bodies as aligned lines, side by side, with what changed in each line marked and long equal stretches folded."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.core.aligning import Prints
from actionstudio.core.compare import ABSENT, TEXT_LINES, align, loads

type Span = tuple[int, int]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LONGEST = 600
_CARRIED = 200  # lines of a fold that it keeps
_OPEN: dict[type, tuple[str, str]] = {dict: ("{", "}"), list: ("[", "]")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both sides; a side that has none is None. Spans mark what changed in a ``chg`` line."""

    kind: str  # eq | add | del | chg
    left_no: int | None
    left: str | None
    right_no: int | None
    right: str | None
    left_spans: tuple[Span, ...] = ()
    right_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """``count`` equal lines left out, the first of them number ``left_no`` and ``right_no``.

    ``lines`` are they, for a page that opens the fold; none when they are more than a page should carry unseen.
    """

    count: int
    left_no: int
    right_no: int
    kind: str = "fold"
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The new side of what is folded."""
        return "\n".join(line.right or "" for line in self.lines)


def side_by_side(a: Any, b: Any) -> list[Line]:
    """The aligned lines of two bodies: bytes (read as JSON when both are), texts, or parsed JSON values.

    JSON is aligned by structure in linear time. Texts are aligned line by line up to 2,000 lines, longer ones by
    position.
    """
    if isinstance(a, bytes) and isinstance(b, bytes):
        left, right = loads(a), loads(b)
        if left is ABSENT or right is ABSENT:
            return _numbered(_text_rows(a.decode("utf-8", "replace"), b.decode("utf-8", "replace")))
        try:
            return side_by_side(left, right)
        except RecursionError:
            return _numbered(_text_rows(a.decode(), b.decode()))
    if isinstance(a, str) and isinstance(b, str):
        return _numbered(_text_rows(a, b))
    rows: list[tuple[str, str | None, str | None]] = []
    _walk(a, b, "", "", "", rows, "", Prints())
    return _numbered(rows)


def fold(lines: list[Line], context: int = 3) -> list[Line | Fold]:
    """``lines`` with equal stretches that are further than ``context`` from a change put into one Fold each."""
    keep = bytearray(len(lines))
    for index, line in enumerate(lines):
        if line.kind != "eq":
            start = max(0, index - context)
            end = min(len(lines), index + context + 1)
            keep[start:end] = b"\1" * (end - start)
    out: list[Line | Fold] = []
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and not keep[end]:
            end += 1
        if end - index > 1:
            inside = tuple(lines[index:end]) if end - index <= _CARRIED else ()
            out.append(Fold(end - index, lines[index].left_no or 0, lines[index].right_no or 0, lines=inside))
            index = end
        else:
            out.append(lines[index])
            index += 1
    return out


def _numbered(rows: list[tuple[str, str | None, str | None]]) -> list[Line]:
    out = []
    left_no = right_no = 0
    for kind, left, right in rows:
        left_no += left is not None
        right_no += right is not None
        spans = _spans(left, right) if kind == "chg" and left is not None and right is not None else ((), ())
        out.append(
            Line(kind, None if left is None else left_no, left, None if right is None else right_no, right, *spans)
        )
    return out


def _spans(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The parts of two lines that differ, word by word; of very long lines all between their common ends."""
    if len(left) + len(right) > _LONGEST:
        return _between(left, right)
    a, b = _WORD.findall(left), _WORD.findall(right)
    ends_a, ends_b = _ends(a), _ends(b)
    found_a, found_b = [], []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if a2 > a1:
            found_a.append((ends_a[a1], ends_a[a2]))
        if b2 > b1:
            found_b.append((ends_b[b1], ends_b[b2]))
    return tuple(found_a), tuple(found_b)


def _ends(words: list[str]) -> list[int]:
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    return ends


def _between(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    most = min(len(left), len(right))
    start = next((index for index in range(most) if left[index] != right[index]), most)
    end = next((index for index in range(most - start) if left[-1 - index] != right[-1 - index]), most - start)
    spans = ((start, len(left) - end),), ((start, len(right) - end),)
    return tuple(tuple(span for span in side if span[1] > span[0]) for side in spans)  # type: ignore[return-value]


def _text_rows(a: str, b: str) -> list[tuple[str, str | None, str | None]]:
    left, right = a.splitlines(), b.splitlines()
    rows: list[tuple[str, str | None, str | None]] = []
    blocks: Sequence[tuple[str, int, int, int, int]]
    if max(len(left), len(right)) > TEXT_LINES:
        blocks = [("replace", 0, len(left), 0, len(right))]
    else:
        blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for _, a1, a2, b1, b2 in blocks:
        _pair_up(left[a1:a2], right[b1:b2], rows)
    return rows


def _pair_up(left: list[str], right: list[str], rows: list[tuple[str, str | None, str | None]]) -> None:
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else None
        two = right[index] if index < len(right) else None
        rows.append(("add" if one is None else "del" if two is None else "eq" if one == two else "chg", one, two))


def _walk(a: Any, b: Any, indent: str, comma_a: str, comma_b: str, rows: list[Any], label: str, prints: Prints) -> None:
    if a is ABSENT:
        rows.extend(("add", None, line) for line in _lines(b, indent, label, comma_b))
    elif b is ABSENT:
        rows.extend(("del", line, None) for line in _lines(a, indent, label, comma_a))
    elif type(a) is type(b) and isinstance(a, dict | list) and a and b:
        _walk_inside(a, b, indent, comma_a, comma_b, rows, label, prints)
    else:
        left, right = _lines(a, indent, label, comma_a), _lines(b, indent, label, comma_b)
        if prints.same(a, b):
            rows.extend(("eq", one, two) for one, two in zip(left, right, strict=False))
        else:
            _pair_up(left, right, rows)


def _walk_inside(
    a: Any, b: Any, indent: str, comma_a: str, comma_b: str, rows: list[Any], label: str, prints: Prints
) -> None:
    opening, closing = _OPEN[type(a)]
    rows.append(("eq", indent + label + opening, indent + label + opening))
    members = _members(a, b, prints)
    last_a = max((n for n, member in enumerate(members) if member[1] is not ABSENT), default=-1)
    last_b = max((n for n, member in enumerate(members) if member[2] is not ABSENT), default=-1)
    for n, (name, left, right) in enumerate(members):
        _walk(left, right, indent + "  ", "," if n < last_a else "", "," if n < last_b else "", rows, name, prints)
    rows.append(("eq", indent + closing + comma_a, indent + closing + comma_b))


def _members(a: Any, b: Any, prints: Prints) -> list[tuple[str, Any, Any]]:
    if isinstance(a, dict):
        names = [*a, *(key for key in b if key not in a)]
        return [(_label(key), a.get(key, ABSENT), b.get(key, ABSENT)) for key in names]
    return [
        ("", ABSENT if left is None else a[left], ABSENT if right is None else b[right])
        for left, right in align(a, b, prints=prints)
    ]


def _label(key: str) -> str:
    return orjson.dumps(key).decode() + ": "


def _lines(value: Any, indent: str, label: str, comma: str) -> list[str]:
    lines = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode().split("\n")
    lines[0] = label + lines[0]
    lines[-1] += comma
    return [indent + line for line in lines]
