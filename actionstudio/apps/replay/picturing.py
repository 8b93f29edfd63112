"""The two bodies of a replay as lines with their marks, ready for the page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from actionstudio.apps.replay.models import Replay
from actionstudio.apps.web.highlight import json_html
from actionstudio.core import sidebyside
from actionstudio.core.compare import ABSENT, loads

MOST_CHANGES = 200
MOST_LINES = 3_000
LARGEST = 400_000  # bytes of both bodies together; larger ones are compared in the list of changes alone


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture. A fold has ``count`` instead of texts."""

    kind: str
    left_no: int | str = ""
    left: SafeString | str = ""
    right_no: int | str = ""
    right: SafeString | str = ""
    count: int = 0
    text: str = ""  # what is folded, for opening it


def diff(row: Replay) -> dict:
    """Rows for the table side by side and for the unified one; empty when there is nothing to draw."""
    left, right = base64.b64decode(row.before["body"]), base64.b64decode(row.after["body"])
    if len(left) + len(right) > LARGEST:
        return {"rows": [], "unified": [], "too_large": True}
    try:
        left.decode(), right.decode()
    except UnicodeDecodeError:
        return {"rows": [], "unified": [], "binary": True}
    lines = sidebyside.fold(sidebyside.side_by_side(left, right))
    is_json = loads(left) is not ABSENT and loads(right) is not ABSENT
    rows = [_row(line, is_json) for line in lines[:MOST_LINES]]
    return {"rows": rows, "unified": list(_unified(rows)), "more": max(0, len(lines) - MOST_LINES)}


def _row(line, is_json: bool) -> Row:
    if line.kind == "fold":
        return Row("fold", count=line.count, text=line.text)
    draw = json_html if is_json else escape
    if line.kind == "chg":
        left, right = _marked(line.left, line.left_spans, "del"), _marked(line.right, line.right_spans, "ins")
    else:
        left, right = draw(line.left or ""), draw(line.right or "")
    return Row(line.kind, line.left_no or "", left, line.right_no or "", right)


def _marked(text: str, spans: Sequence[tuple[int, int]], tag: str) -> SafeString:
    """The text with what changed inside it marked; every piece is escaped."""
    out, place = [], 0
    for start, end in spans:
        out += [escape(text[place:start]), f"<{tag}>", escape(text[start:end]), f"</{tag}>"]
        place = end
    return mark_safe("".join([*out, escape(text[place:])]))


def _unified(rows: list[Row]) -> Iterator[tuple[str, str | int, SafeString | str]]:
    for row in rows:
        if row.kind == "fold":
            yield "fold", "", row
        if row.kind == "eq":
            yield "eq", row.right_no, row.right
        if row.kind in ("chg", "del"):
            yield "del", "−", row.left
        if row.kind in ("chg", "add"):
            yield "add", "+", row.right
