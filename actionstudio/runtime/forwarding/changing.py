"""What a builder wants changed on the way: the request before it is sent, the answer before it is handed back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

import orjson

from actionstudio.core import templating
from actionstudio.core.behaviour import Change
from actionstudio.core.call import Headers
from actionstudio.core.problem import Refused
from actionstudio.core.templating import Compiled, Scope
from actionstudio.runtime.forwarding.answer import Answer, plain
from actionstudio.runtime.forwarding.request import Outgoing

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = "/%:@!$&'()*+,;=~-._"
_HOLE = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_STALE = frozenset({"content-length", "etag", "last-modified", "content-md5", "accept-ranges", "content-encoding"})


class Values:
    """Renders templates with one scope; what they read and what was missing is told afterwards."""

    __slots__ = ("notes", "read", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.read: dict[str, Any] = {}
        self.notes: dict[str, None] = {}

    def of(self, text: Compiled) -> Any:
        made = text.render(self.scope)
        self.read |= made.values
        self.notes |= dict.fromkeys(made.notes)
        return made.value

    def text(self, text: Compiled) -> str:
        made = text.render(self.scope)
        self.read |= made.values
        self.notes |= dict.fromkeys(made.notes)
        return made.text


class Changer:
    """One Change, compiled. Raises Refused for a template that is wrong."""

    __slots__ = ("_body", "_change", "_gone", "_headers", "_path", "_query", "_status", "idle", "parts")

    def __init__(self, change: Change) -> None:
        self._change = change
        self.idle = change == Change()
        self.parts = [name for name in ("path", "query", "headers", "body") if getattr(change, name)]
        self._path = [templating.compile(part) if "{{" in part else part for part in _HOLE.split(change.path) if part]
        self._query = [(name, templating.compile(value)) for name, value in change.query]
        self._headers = [(name.lower(), templating.compile(value)) for name, value in change.headers]
        self._gone = _matcher(change.without_headers)
        self._body = templating.compile(change.body, json=_looks_like_json(change.body)) if change.body else None
        self._status = dict(change.status)

    def request(self, made: Outgoing, values: Values) -> Outgoing:
        """The request as the builder wants it. Raises OverBound."""
        path = made.path
        if self._path:
            filled = [part if isinstance(part, str) else quote(values.text(part), safe="") for part in self._path]
            path = quote("".join(filled), safe=_PATH)
            path = path if path.startswith("/") else f"/{path}"
        body, headers = made.body, self._changed_headers(made.headers, values)
        if self._body is not None:
            body = values.text(self._body).encode("utf-8", "replace")
            headers = _with_type(headers, body)
        query = self._changed_query(made.query, values)
        return made._replace(path=path, query=query, headers=headers, body=body)

    def response(self, answer: Answer, values: Values) -> Answer:
        """The answer as the builder wants it. Raises OverBound."""
        if self._body is not None:
            body = values.text(self._body).encode("utf-8", "replace")
            headers = tuple(pair for pair in plain(answer).headers if pair[0] not in _STALE)
            answer = Answer(answer.status, _with_type(headers, body), body, body)
        status = self._status.get(str(answer.status)) or self._status.get(f"{str(answer.status)[0]}XX")
        return answer._replace(
            status=int(status) if status and status.isdigit() and 200 <= int(status) <= 599 else answer.status,
            headers=self._changed_headers(answer.headers, values),
        )

    def _changed_query(self, query: str, values: Values) -> str:
        gone = {*self._change.without_query, *(name for name, _text in self._query)}
        pairs = query.split("&") if query and "*" not in gone else []
        kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in gone]
        for name, text in self._query:
            value = values.of(text)
            many = value if isinstance(value, list) else [value]
            kept += [f"{quote(name, safe='')}={quote(written, safe='')}" for one in many if (written := _written(one))]
        return "&".join(kept)

    def _changed_headers(self, headers: Headers, values: Values) -> Headers:
        new = [(name, _line(values.text(text))) for name, text in self._headers]
        names = {name for name, _ in new}
        kept = [pair for pair in headers if pair[0] not in names and not self._gone(pair[0])]
        return (*kept, *(pair for pair in new if pair[1]))


def _looks_like_json(body: str) -> bool:
    start = body.lstrip()
    return start.startswith("[") or (start.startswith("{") and not start.startswith("{{"))


def _matcher(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a header is one of these: names, or the beginning of some with "*" behind it ("openai-*")."""
    exact = {name.lower() for name in names if not name.endswith("*")}
    starts = tuple(name[:-1].lower() for name in names if name.endswith("*"))
    return lambda name: name in exact or (bool(starts) and name.startswith(starts))


def _with_type(headers: Headers, body: bytes) -> Headers:
    """A body that is JSON says so when nothing else is said of it."""
    if not body or any(name == "content-type" for name, _ in headers):
        return headers
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return (*headers, ("content-type", "text/plain; charset=utf-8"))
    return (*headers, ("content-type", "application/json"))


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _line(text: str) -> str:
    """A value that fits into a header (RFC 9110, section 5.5)."""
    return " ".join(text.replace("\0", " ").split()) if any(sign in text for sign in "\r\n\0") else text


def compiled(change: Change) -> tuple[Changer, str]:
    """The change ready for use, and what is wrong with it ("" when nothing is)."""
    try:
        return Changer(change), ""
    except Refused as refused:
        return Changer(Change()), refused.problems[0].message


def step(
    changer: Changer, values: Values, shown: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the trail tells of the templates: what was changed, what they read, and what was missing."""
    if not values.read and not values.notes:
        return []
    return [{"what": "template", "changed": changer.parts, "values": shown(values.read), "notes": [*values.notes]}]
