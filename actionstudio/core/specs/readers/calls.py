"""Calls that somebody made elsewhere, as values: what curl commands, recordings and collections have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from actionstudio.core.problem import Refused
from actionstudio.core.specs import text

type JSON = Any
type Pairs = tuple[tuple[str, str], ...]

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
LARGEST_EXAMPLE = 64_000


@dataclass(frozen=True, slots=True)
class Content:
    """One body. ``fields`` is set for forms (a file is a field whose value is None), ``value`` for JSON, else ``text``
    holds it when it is one."""

    media_type: str
    text: str = ""
    value: JSON = None
    is_json: bool = False
    fields: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that came back. ``name`` is what its collection calls it."""

    status: int
    content: Content | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``url`` may hold ``{name}`` in its path. ``security`` None: what the headers show.

    ``texts`` are descriptions of parameters by (place, name); ``optional`` are query parameters not always sent.
    ``operation`` and ``template`` are its operation's id and how its path ends, where the file tells; ``fits`` is False
    where the file says that the request was against its document.
    """

    method: str
    url: str
    headers: Pairs = ()
    query: Pairs = ()
    body: Content | None = None
    answers: tuple[Answer, ...] = ()
    pointer: str = ""
    name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    security: tuple[Mapping[str, JSON], ...] | None = None
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    operation: str = ""
    template: str = ""
    fits: bool = True


def content(media_type: str, body: str) -> Content | None:
    """A body's text as what it says: JSON, a form, or a text. None when there is nothing."""
    kind = media_type.partition(";")[0].strip().lower()
    if not body:
        return None
    if is_json(kind) or (kind in ("", "text/plain") and body.lstrip()[:1] in ("{", "[")):
        found, value = parsed(body)
        if found:
            return Content(kind if is_json(kind) else "application/json", value=value, is_json=True)
    if kind == URLENCODED:
        return Content(URLENCODED, fields=tuple(parse_qsl(body, keep_blank_values=True, max_num_fields=1000)))
    return Content(kind or "text/plain", body)


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839, section 3.1: also by its suffix)."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def parsed(body: str) -> tuple[bool, JSON]:
    """Whether ``body`` is JSON that can be kept, and its value."""
    try:
        json.loads(body)
        return True, text.parse(body)
    except (ValueError, RecursionError, Refused):
        return False, None
