"""What of a logged call is text: its line (path, query, operation, ids), the request's body, the answer's body.

The log keeps bodies with secrets masked, so no secret reaches the index. Of a body so many characters are words; of
binary ones none.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.words.tokens import tokens

MOST = 16 * 1024  # bytes of a body that are searched
LINE = 4 * 1024  # characters of path and query
COLUMNS = ("path", "query", "operation_id", "gpt_id", "conversation_id", "user_id", "request_body", "response_body")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_PAIRS = re.compile(r"[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


class Texts(NamedTuple):
    """The words of a call by place, each a text with single spaces around every word."""

    line: str
    request: str
    response: str


def of(row: Any) -> Texts:
    """The words of a row that has ``COLUMNS``; cut once for each row."""
    known = getattr(row, "_texts", None)
    if known is None:
        fields = (*lines(row), row.operation_id, row.gpt_id, row.conversation_id, row.user_id, _public(row.id))
        line = "  ".join([spaced(field) for field in fields if field])
        known = row._texts = Texts(line, _body(row.request_body), _body(row.response_body))
    return known


def raw(row: Any) -> str:
    """The same as it was written, for what holds no word: signs are found as they stand."""
    parts = [*lines(row), *(readable(body) for body in (row.request_body, row.response_body))]
    return "\n".join(parts).casefold()


def lines(row: Any) -> list[str]:
    """Path and query as they came, and as they read."""
    line = f"{row.path}?{row.query}"[:LINE]
    plain = unquote_plus(line)
    return [line] if plain == line else [line, plain]


def spaced(text: str) -> str:
    """The words of a text with one space around each."""
    found = tokens(text)
    return f" {' '.join(found)} " if found else ""


def readable(body: bytes | memoryview) -> str:
    """A body as text: escapes of JSON and of forms undone, its beginning only; "" when it is none."""
    kept = bytes(body[:MOST])
    if not kept:
        return ""
    text = kept.decode("utf-8", "replace" if len(body) > MOST else "ignore")
    if "\0" in text or len(text) < len(kept) // 4:
        return ""
    if "\\" in text:
        text = _PAIRS.sub(_paired, _ESCAPED.sub(_escape, text))
    elif "%" in text and "=" in text and text[0] not in "{[<":
        text = unquote_plus(text)
    return text


def _body(body: bytes | memoryview) -> str:
    return spaced(readable(body)) if body else ""


def _public(id: int) -> str:
    return Exchange(pk=id).public_id


def _escape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else " "


def _paired(found: re.Match[str]) -> str:
    """Two halves are one character; half a pair is none."""
    return found[0].encode("utf-16", "surrogatepass").decode("utf-16") if len(found[0]) == 2 else " "
