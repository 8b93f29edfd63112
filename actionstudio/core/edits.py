"""What is changed about logged calls before they are sent again: headers, base path, dates, single values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

import orjson

from actionstudio.core import compare, templating
from actionstudio.core.call import Call
from actionstudio.core.judging.kinds.times import epoch_unit, says_time
from actionstudio.core.problem import Problem
from actionstudio.core.templating.bounds import OverBound
from actionstudio.core.words import said

type JSON = Any

MOST_DAYS = 36_500
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
_OURS = frozenset({"host", "content-length", "connection", "transfer-encoding", "te", "upgrade", "keep-alive"})
_DATED = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))((?:[T ]\d\d:\d\d.*)?)", re.ASCII | re.DOTALL)
_QUERY = re.compile(r"query\.(.+)")


@dataclass(frozen=True, slots=True)
class Edits:
    """The same changes for many calls.

    ``set_headers`` are (name, text), ``remove_headers`` names. ``base_path`` is (old, new): a path that begins with
    the old one begins with the new one. ``shift_days`` moves dates, times and timestamps in path, query and JSON body;
    ``shift_to_now`` moves them by as many days as the call is old. ``set_values`` are (place, text): a path of the JSON
    body (``$.items[*].sku``) or ``query.name``.

    Texts may be templates (core/templating) that read the call: ``{{query.limit}}``, ``{{uuid}}``, ``{{now}}``. A text
    that is JSON is that value in a body (``5``, ``true``, ``"5"``), every other one a text.
    """

    set_headers: tuple[tuple[str, str], ...] = ()
    remove_headers: tuple[str, ...] = ()
    base_path: tuple[str, str] = ("", "")
    shift_days: int = 0
    shift_to_now: bool = False
    set_values: tuple[tuple[str, str], ...] = ()


def apply(call: Call, edits: Edits, at: datetime | None = None, now: datetime | None = None) -> Call:
    """The call with its changes. ``at`` is when it was made and ``now`` what time it is: ``shift_to_now`` needs both,
    and ``{{now}}`` is the one, or else the other.

    Edits that have no :func:`problems` never raise; a template that runs over its bounds leaves its place as it was.
    """
    query, body, path = call.query, call.body, _moved(call.path, edits.base_path)
    days = edits.shift_days + ((now.date() - at.date()).days if edits.shift_to_now and at and now else 0)
    if days:
        path, query, body = _shifted(path, query, body, days)
    scope = _scope(Call(call.method, path, query, call.headers, body), now or at)
    query, body = _with_values(query, body, edits.set_values, scope)
    return Call(call.method, path, query, _with_headers(call.headers, edits, scope), body)


def problems(edits: Edits) -> list[Problem]:
    """All that is wrong with the edits, each beside its field (``/set_headers/0``) and with its cure."""
    found: list[Problem] = []
    for index, (name, text) in enumerate(edits.set_headers):
        found += _wrong_header(f"/set_headers/{index}", name, text)
    for index, name in enumerate(edits.remove_headers):
        if not _TOKEN.fullmatch(name):
            found.append(Problem(f"/remove_headers/{index}", _no_name(name), "header"))
    for index, text in enumerate(edits.base_path):
        if text and (not text.startswith("/") or "?" in text or "#" in text):
            message = said("“%(text)s” is no base path: write it from the first slash on, such as /v2.", text=text)
            found.append(Problem(f"/base_path/{index}", message, "path"))
    if abs(edits.shift_days) > MOST_DAYS:
        message = said("Dates move by up to %(most)s days in either direction.", most=MOST_DAYS)
        found.append(Problem("/shift_days", message, "days"))
    for index, (place, text) in enumerate(edits.set_values):
        pointer = f"/set_values/{index}"
        if not _QUERY.fullmatch(place) and not compare.readable(place):
            message = said(
                "“%(place)s” is no place: write $.items[*].sku for the body, query.limit for the query.", place=place
            )
            found.append(Problem(pointer, message, "place"))
        found += templating.problems(text, pointer=pointer)
    return found


def _wrong_header(pointer: str, name: str, text: str) -> Iterable[Problem]:
    if not _TOKEN.fullmatch(name):
        yield Problem(pointer, _no_name(name), "header")
    elif name.lower() in _OURS:
        yield Problem(pointer, said("%(name)s is set by whoever sends the call: leave it out.", name=name), "header")
    if any(character in text for character in "\r\n\0"):
        yield Problem(pointer, said("The value of a header is one line."), "header")
    yield from templating.problems(text, pointer=pointer)


def _no_name(name: str) -> str:
    return said("“%(name)s” is no name of a header: letters, digits and dashes, such as X-Tenant.", name=name)


def _moved(path: str, base: tuple[str, str]) -> str:
    old, new = (text.rstrip("/") for text in base)
    if old == new or not (path == old or path.startswith(old + "/")):
        return path
    return (new + path[len(old) :]) or "/"


def _shifted(path: str, query: str, body: bytes, days: int) -> tuple[str, str, bytes]:
    path = "/".join(_later_text("", part, days) for part in path.split("/"))
    parts = []
    for part in query.split("&") if query else ():
        key, equals, value = part.partition("=")
        old = unquote_plus(value)
        new = _later_text(unquote_plus(key), old, days)
        parts.append(part if new == old else f"{key}{equals}{quote(new, safe=':')}")
    found = compare.loads(body) if body else compare.ABSENT
    if found is not compare.ABSENT:
        made = _later("", found, days)
        body = orjson.dumps(made) if made != found else body
    return path, "&".join(parts), body


def _later(name: str, value: JSON, days: int) -> JSON:
    if isinstance(value, dict):
        return {key: _later(key, item, days) for key, item in value.items()}
    if isinstance(value, list):
        return [_later(name, item, days) for item in value]
    if isinstance(value, str):
        return _later_text(name, value, days)
    if isinstance(value, int | float) and not isinstance(value, bool) and says_time(name):
        return value + days * 86_400 * epoch_unit(value)
    return value


def _later_text(name: str, text: str, days: int) -> str:
    """A text that is a date or begins with one, in the same notation: days are moved, the clock and its zone stay."""
    if text.isascii() and text.isdecimal() and len(text) <= 13 and says_time(name):
        return str(int(text) + days * 86_400 * epoch_unit(int(text)))
    found = _DATED.fullmatch(text)
    if not found:
        return text
    try:
        return (date.fromisoformat(found[1]) + timedelta(days=days)).isoformat() + found[2]
    except (ValueError, OverflowError):
        return text


def _with_headers(headers: tuple[tuple[str, str], ...], edits: Edits, scope: Any) -> tuple[tuple[str, str], ...]:
    gone = {name.lower() for name in edits.remove_headers} | {name.lower() for name, _text in edits.set_headers}
    kept = tuple(pair for pair in headers if pair[0] not in gone)
    return (*kept, *((name.lower(), _line(_made(text, scope, str))) for name, text in edits.set_headers))


def _with_values(query: str, body: bytes, values: Iterable[tuple[str, str]], scope: Any) -> tuple[str, bytes]:
    document, changed = compare.loads(body) if body else compare.ABSENT, False
    for place, text in values:
        if found := _QUERY.fullmatch(place):
            query = _with_query(query, found[1], _made(text, scope, str))
        elif document is not compare.ABSENT:
            document, changed = _placed(document, compare.pattern(place), _made(text, scope, _json)), True
    return query, orjson.dumps(document) if changed else body


def _with_query(query: str, name: str, text: str) -> str:
    """The query with one parameter replaced where it first stood, or added."""
    mine = f"{quote_plus(name)}={quote_plus(text)}"
    parts, done = [], False
    for part in query.split("&") if query else ():
        if unquote_plus(part.partition("=")[0]) != name:
            parts.append(part)
        elif not done:
            parts.append(mine)
            done = True
    return "&".join(parts if done else [*parts, mine])


def _placed(value: JSON, steps: tuple[Any, ...], new: JSON) -> JSON:
    """``value`` with ``new`` at the place; a member that is not there is added, an item that is not there is not."""
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(value, list):
        every = step in (compare.ANY, compare.ANY_INDEX)
        return [_placed(item, rest, new) if every or index == step else item for index, item in enumerate(value)]
    if not isinstance(value, dict) or isinstance(step, int):
        return value
    if step is compare.ANY:
        return {key: _placed(item, rest, new) for key, item in value.items()}
    if isinstance(step, str) and (step in value or not rest):
        return {**value, step: _placed(value.get(step), rest, new)}
    return value


def _made(text: str, scope: Any, kind: Callable[[str], Any]) -> Any:
    """What a text comes to; a template that is one tag keeps the type of its value."""
    template = _compiled(text)
    if template is None:
        return kind(text)
    try:
        made = template.render(scope)
    except OverBound:
        return kind(text)
    return made.text if kind is str else made.value


@lru_cache(256)
def _compiled(text: str) -> Any:
    return templating.compile(text) if "{{" in text else None


def _json(text: str) -> JSON:
    value = compare.loads(text.encode("utf-8", "surrogatepass"))
    return text if value is compare.ABSENT else value


def _line(text: str) -> str:
    return " ".join(text.split()) if any(character in text for character in "\r\n\0") else text.strip()


def _scope(call: Call, now: datetime | None) -> Any:
    """What templates read: the call as it is, without the edits."""
    body = compare.loads(call.body) if call.body else compare.ABSENT
    roots: Mapping[str, Any] = {
        "method": call.method,
        "url": call.path + (f"?{call.query}" if call.query else ""),
        "query": dict(reversed(parse_qsl(call.query, keep_blank_values=True))),
        "header": dict(reversed(call.headers)),
        "body": {} if body is compare.ABSENT else body,
    }
    seed = f"{call.method} {call.path}?{call.query}"
    return templating.Plain(roots, now, seed) if now is not None else templating.Plain(roots, seed=seed)
