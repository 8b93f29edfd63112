"""What one call says, read part by part and only when somebody asks: each part at most once.

Bounded: reading and judging a call may cost so much work and no more (``spend``), whatever the call and the rules are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote_plus

import orjson

from actionstudio.core.call import Call
from actionstudio.core.problem import Refused
from actionstudio.core.schemas.coerce import decoded
from actionstudio.core.schemas.forms import FormReader, files_as_text
from actionstudio.core.templating import Plain, Scope

type JSON = Any
type Got = Sequence[JSON]  # the values that a part of a call has: () when it is not there

WORK = 5_000_000  # units for one call: a unit is some 25 nanoseconds at worst
MOST_PAIRS = 1_000
_UNREAD: Any = object()
_NONE: Mapping[str, str] = {}
_FORM = "application/x-www-form-urlencoded"
_forms = FormReader({}, {})


class Behind(Protocol):
    """What stands behind a call: how often its operation was called (with this call), the rows of collections, and what
    templates read."""

    def count(self) -> int: ...

    def rows(self, name: str, facts: Facts) -> Mapping[str, JSON] | None: ...

    def scope(self, facts: Facts) -> Scope: ...


CALLER = ("sub", "name", "app", "scopes")  # the end user's id and name, the client's name, what it may do
_NOBODY: Mapping[str, Any] = {}


class Facts:
    """One call. ``values`` are its path parameters, ``headers`` its headers by lower-case name; ``behind`` says what
    the call itself does not. ``stopped`` is set when the work that a call may cost was used up. ``key_id`` is the key
    that let the call in. ``caller`` says who signed in (CALLER), empty when nobody did. ``filled`` are templates of
    conditions and what they stood for.
    """

    __slots__ = (
        "_behind", "_body", "_cookies", "_number", "_query", "call", "caller", "filled", "headers", "key_id", "left",
        "stopped", "values",
    )  # fmt: skip

    def __init__(
        self,
        call: Call,
        values: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        behind: Behind | None = None,
    ) -> None:
        self.call = call
        self.values: Mapping[str, str] = values or _NONE
        self.headers: Mapping[str, str] = dict(call.headers) if headers is None else headers
        self.key_id: int | None = None
        self.caller: Mapping[str, JSON] = _NOBODY
        self.left = WORK
        self.stopped = False
        self.filled: dict[str, str] | None = None
        self._behind = behind
        self._query: dict[str, list[str]] | None = None
        self._cookies: dict[str, str] | None = None
        self._number = 0
        self._body: Any = _UNREAD

    @property
    def user(self) -> str:
        """The id of the end user who signed in, "" when nobody did."""
        return str(self.caller.get("sub", ""))

    def spend(self, units: int) -> bool:
        """Whether this much work may still be done; from the first refusal on nothing of that size may."""
        if units > self.left:
            self.stopped = True
            return False
        self.left -= units
        return True

    def query(self) -> Mapping[str, list[str]]:
        """The parts of the query by key. Those after the thousandth are not read."""
        found = self._query
        if found is None:
            found = self._query = _pairs(self.call.query)
        return found

    def header(self, name: str) -> Got:
        """All values of a header (``name`` in lower case)."""
        text = self.headers.get(name)
        if text is None:
            return ()
        if len(self.headers) == len(self.call.headers):
            return (text,)
        return [value for key, value in self.call.headers if key == name] or (text,)

    def cookie(self, name: str) -> Got:
        """A cookie's text, percent-decoded."""
        if self._cookies is None:
            self._cookies = cookies(self.headers.get("cookie", ""))
        text = self._cookies.get(name)
        return () if text is None else (decoded(text),)

    def number(self) -> int:
        """How many times the operation was called, from 1. 0 when nobody counts."""
        if not self._number and self._behind is not None:
            self._number = self._behind.count()
        return self._number

    def rows(self, name: str) -> Mapping[str, JSON] | None:
        """The rows of a collection by id; None when there is no such collection."""
        return None if self._behind is None else self._behind.rows(name, self)

    def scope(self) -> Scope:
        """What templates read of the call; of a call that nothing stands behind, the plain parts alone."""
        if self._behind is not None:
            return self._behind.scope(self)
        query = {name: texts[0] if len(texts) == 1 else texts for name, texts in self.query().items()}
        roots = {"method": self.call.method, "path": self.values, "query": query, "header": self.headers}
        return Plain({**roots, "body": self.body()[0]} if self.body() else roots)

    def body(self) -> Got:
        """The body as a value: JSON, the fields of a form, else its text; () when there is none."""
        if self._body is _UNREAD:
            data = self.call.body
            self._body = (_value(data, self.headers.get("content-type", "")),) if data else ()
        return self._body

    def text(self) -> Got:
        """The body as it was written."""
        data = self.call.body
        return (data.decode("utf-8", "replace"),) if data else ()


def cookies(header: str) -> dict[str, str]:
    """The cookies of a request by name, the first of each (RFC 6265, section 5.4)."""
    found: dict[str, str] = {}
    for pair in header.split(";")[:MOST_PAIRS]:
        key, equals, value = pair.strip().partition("=")
        if equals:
            found.setdefault(key, value.strip('"'))
    return found


def _pairs(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not query:
        return found
    coded = "%" in query or "+" in query
    parts = query.split("&")
    for part in parts if len(parts) <= MOST_PAIRS else parts[:MOST_PAIRS]:
        key, _, value = part.partition("=")
        if coded:
            key, value = unquote_plus(key), unquote_plus(value)
        if key in found:
            found[key].append(value)
        elif part:
            found[key] = [value]
    return found


def _value(data: bytes, content_type: str) -> JSON:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _FORM:
        return _form(data)
    if kind == "multipart/form-data":
        try:
            return files_as_text(_forms.read_multipart(data, content_type))
        except Refused:
            return data.decode("utf-8", "replace")
    if not kind.startswith("text/") or kind == "text/json":
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            pass
    return data.decode("utf-8", "replace")


def _form(data: bytes) -> JSON:
    """The fields of a form; one that stands there several times is a list."""
    text = data.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PAIRS)
    except ValueError:
        return text
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}
