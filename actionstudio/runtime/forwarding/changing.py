"""What a builder wants changed on the way: the request before it is sent, the answer before it is handed back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

import orjson

from actionstudio.core.behaviour import Change
from actionstudio.core.call import Headers
from actionstudio.runtime.forwarding.answer import Answer, plain
from actionstudio.runtime.forwarding.filling import Text
from actionstudio.runtime.forwarding.request import Outgoing

type Scope = Mapping[str, Any]
_PATH = "/%:@!$&'()*+,;=~-._"


class Changer:
    """One Change, compiled. Without one both methods return what they are given."""

    __slots__ = ("_body", "_change", "_gone", "_headers", "_path", "_query", "_status", "idle")

    def __init__(self, change: Change) -> None:
        self._change = change
        self.idle = change == Change()
        self._path = _parts(change.path)
        self._query = [(name, Text(value)) for name, value in change.query]
        self._headers = [(name.lower(), Text(value)) for name, value in change.headers]
        self._gone = _matcher(change.without_headers)
        self._body = Text(change.body) if change.body else None
        self._status = dict(change.status)

    def request(self, made: Outgoing, scope: Scope) -> Outgoing:
        """The request as the builder wants it."""
        if self.idle:
            return made
        path = made.path
        if self._path:
            path = "".join(part if isinstance(part, str) else quote(part.text(scope), safe="") for part in self._path)
            path = quote(path if path.startswith("/") else f"/{path}", safe=_PATH)
        query = self._changed_query(made.query, scope)
        headers = self._changed_headers(made.headers, scope)
        body = made.body
        if self._body is not None:
            body = self._body.text(scope).encode()
            headers = _with_type(headers, body)
        return Outgoing(made.method, path, query, headers, body)

    def response(self, answer: Answer, scope: Callable[[], Scope]) -> Answer:
        """The answer as the builder wants it."""
        if self.idle:
            return answer
        known = scope()
        if self._body is not None:
            body = self._body.text(known).encode()
            answer = plain(answer)
            gone = ("content-length", "etag", "last-modified", "content-md5", "accept-ranges", "content-encoding")
            headers = tuple(pair for pair in answer.headers if pair[0] not in gone)
            answer = Answer(answer.status, _with_type(headers, body), body, body)
        status = self._status.get(str(answer.status)) or self._status.get(f"{str(answer.status)[0]}XX")
        return answer._replace(
            status=int(status) if status and status.isdigit() else answer.status,
            headers=self._changed_headers(answer.headers, known),
        )

    def _changed_query(self, query: str, scope: Scope) -> str:
        gone = {*self._change.without_query, *(name for name, _text in self._query)}
        pairs = query.split("&") if query and "*" not in gone else []
        kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in gone]
        for name, text in self._query:
            value = text.value(scope)
            many = value if isinstance(value, list) else [value]
            kept += [f"{quote(name, safe='')}={quote(written, safe='')}" for one in many if (written := _written(one))]
        return "&".join(kept)

    def _changed_headers(self, headers: Headers, scope: Scope) -> Headers:
        new = [(name, _line(text.text(scope))) for name, text in self._headers]
        names = {name for name, _ in new}
        kept = [pair for pair in headers if pair[0] not in names and not self._gone(pair[0])]
        return (*kept, *(pair for pair in new if pair[1]))


def _parts(path: str) -> list[Any]:
    """The path as literal texts and holes: what fills a hole is one segment, whatever it holds."""
    if not path:
        return []
    parts: list[Any] = []
    rest = path
    while "{{" in rest:
        before, _, rest = rest.partition("{{")
        hole, _, rest = rest.partition("}}")
        parts += [before, Text("{{" + hole + "}}")]
    return [part for part in [*parts, rest] if part]


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
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _line(text: str) -> str:
    """A value that fits into a header (RFC 9110, section 5.5)."""
    return " ".join(text.replace("\0", " ").split()) if any(sign in text for sign in "\r\n\0") else text
