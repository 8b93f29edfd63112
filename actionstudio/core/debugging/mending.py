"""Reads a JSON object of which the end, or a piece in between, was lost while it was copied."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

LONGEST = 100_000  # characters that are looked at
DEEPEST = 200  # objects and lists within each other; what is nested deeper nobody copied from a chat
CUTS = 50  # places from the end on at which an object is tried to be closed
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_FIELD = re.compile(r'"(domain|method|path|operation|status_code|http_status|message)"\s*:\s*(?:"([^"\n]*)"|(\d+))')


def mended(text: str) -> tuple[dict[str, Any], int, bool]:
    """(what can be read of the object that a text begins with, how many characters that took, whether it is all).

    Tried in this order: with typographic quotes made plain; without remarks behind its lines; with what is open closed
    at the last place where that makes JSON; and else only the fields that say which call it was.
    """
    text = text[:LONGEST]
    end = _end(text)
    piece = (text[:end] if end else text).translate(_QUOTES)
    for attempt in (piece, "\n".join(map(_before_remark, piece.split("\n")))):
        value = _loads(attempt)
        if value is not None:
            return value, len(piece), True
    length = len(piece) if end else _until_prose(text)
    closed = _closed(piece)
    if closed:
        return closed, length, False
    fields = {name: (int(number) if number else word) for name, word, number in _FIELD.findall(piece)}
    return fields, length, False


def _before_remark(line: str) -> str:
    """A line without the remark behind its last string."""
    last = line.rfind('"') + 1
    marks = [at for mark in ("←", "//", "#") if (at := line.find(mark, last)) >= 0]
    return line[: min(marks)].rstrip(" \t") if marks else line


def _end(text: str) -> int:
    """Where the object's last bracket closes, strings left out; 0 when it does not."""
    depth = 0
    for at, char in _outside(text):
        depth += char in "{["
        depth -= char in "}]"
        if depth == 0:
            return at + 1
    return 0


def _outside(text: str) -> Iterator[tuple[int, str]]:
    """The brackets and commas of a text that stand outside strings, with their places."""
    inside = escaped = False
    for at, char in enumerate(text):
        if inside:
            inside, escaped = (char != '"' or escaped), char == "\\" and not escaped
        elif char in '"“':
            inside = True
        elif char in "{}[],":
            yield at, char


def _closed(text: str) -> dict[str, Any]:
    """The object up to the last comma or bracket from which it can be closed."""
    stack: list[str] = []
    cuts: deque[tuple[int, str]] = deque(maxlen=CUTS)
    for at, char in _outside(text):
        if char in "{[":
            stack.append("}" if char == "{" else "]")
            if len(stack) > DEEPEST:
                return {}
            cuts.append((at + 1, "".join(reversed(stack))))
        elif char in "}]":
            if not stack:
                break
            stack.pop()
            cuts.append((at + 1, "".join(reversed(stack))))
        else:
            cuts.append((at, "".join(reversed(stack))))
    whole = [(len(text), "".join(reversed(stack))), (len(text), '"' + "".join(reversed(stack)))]
    for at, closing in [*whole, *reversed(cuts)]:
        value = _loads(text[:at].rstrip().rstrip("….").rstrip() + closing)
        if value:
            return value
    return {}


def _until_prose(text: str) -> int:
    """How far an object goes that is never closed: to an empty line."""
    blank = re.search(r"\n\s*\n", text)
    return blank.start() if blank else len(text)


def _loads(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
