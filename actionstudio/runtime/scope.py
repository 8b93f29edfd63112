"""What templates may read of a visit: everything of the call but its credentials, the collections, the call's number.

Not readable: the headers Authorization, Proxy-Authorization and Cookie, and every header, query parameter or cookie
under whose name a credential of the project travels. Cookies are read one by one, by name. Parameters that the
operation declares come in their declared types, all others as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from actionstudio.core.call import Call
from actionstudio.core.rules import Facts
from actionstudio.core.rules.facts import MOST_PAIRS, cookies
from actionstudio.core.schemas.coerce import decoded
from actionstudio.core.templating import Missing, Rows
from actionstudio.runtime.facts import facts_of
from actionstudio.runtime.responders.generated import seed_of

if TYPE_CHECKING:
    from actionstudio.core.call import Headers
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})
_SECRET = re.compile(r"token|secret|passw|passphrase|api[-_]?key|authorization|credential|signature|private[-_]?key")
_chance = Random()  # behind ``random.``: new with each call, of no use to whoever wants to guess


class CallScope:
    """A Scope of core/templating: asked of only what a template reads. ``answer`` is what ``response`` means: the
    status, headers and body of an answer that is there already (another server's, or the one a callback follows)."""

    def __init__(
        self,
        served: Served,
        visit: Visit,
        seed: int = 0,
        answer: tuple[int, Headers, bytes] | None = None,
        now: datetime | None = None,
    ) -> None:
        self._served = served
        self._asked, self._headers, self._values = visit.call, visit.headers, visit.values or {}
        self._answer = answer
        self._facts = facts_of(served, visit)
        self.now = now or datetime.now(UTC)
        self.seed: int | str = seed_of(visit, seed)
        self.fresh = _chance

    def root(self, name: str) -> Any:
        """The value behind one of the roots."""
        return _ROOTS[name](self)

    def hidden(self, name: str) -> bool:
        """Whether a credential travels under this name of a header, a query parameter or a cookie."""
        return name.lower() in CREDENTIALS or name.lower() in self._served.house.credentials

    def _shown(self, place: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values without those that are credentials; whoever asks for one is told why."""
        told = {
            name: Missing(f"{place}.{name} carries a credential, which templates cannot read")
            for name in values
            if self.hidden(name)
        }
        return {**values, **told} if told else dict(values)

    def _query(self) -> dict[str, Any]:
        pairs = _pairs(self._asked.query)
        found: dict[str, Any] = {
            name: values[0] if len(values) == 1 else list(values) for name, values in self._facts.query().items()
        }
        for name, read in self._served.typed("query").items():
            present, value = read(pairs)
            if present:
                found[name] = value
        return self._shown("query", found)

    def _path(self) -> dict[str, Any]:
        return self._typed("path", self._values)

    def _header(self) -> dict[str, Any]:
        return self._shown("header", self._typed("header", self._headers))

    def _cookie(self) -> dict[str, Any]:
        header = self._headers.get("cookie", "")
        sent = {name: decoded(text) for name, text in cookies(header).items()}
        return self._shown("cookie", self._typed("cookie", sent))

    def _typed(self, place: str, texts: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = dict(texts)
        for name, read in self._served.typed(place).items():
            if name in found:
                found[name] = read(found[name])[1]
        return found

    def _body(self) -> Any:
        return _only(self._facts.body(), "no body was sent")

    def _url(self) -> str:
        """The URL of the call as its own address has it, without credentials."""
        call, hosted = self._asked, self._served.house.hosted
        base = hosted.base_urls[0] if hosted is not None and hosted.base_urls else ""
        query = call.query
        if query:
            pairs = _pairs(query)
            if any(self.hidden(name) for name, _ in pairs):
                query = urlencode([(name, value) for name, value in pairs if not self.hidden(name)])
        return base + call.path + (f"?{query}" if query else "")

    def _call(self) -> Any:
        return self._facts.number()

    def _response(self) -> Any:
        if self._answer is None:
            return Missing("response is not known before the call is answered")
        status, headers, body = self._answer
        value = Facts(Call("", "/", "", headers, body)).body()
        return {"status": status, "header": dict(headers), "body": _only(value, "the answer has no body")}

    def _caller(self) -> Any:
        return self._facts.caller or Missing("nobody has signed in")

    def _collection(self) -> Any:
        return _Collections(self._served, self._facts)


def _only(values: Sequence[Any], why: str) -> Any:
    return values[0] if values else Missing(why)


_ROOTS: dict[str, Callable[[CallScope], Any]] = {
    "method": lambda scope: scope._asked.method,
    "url": CallScope._url,
    "path": CallScope._path,
    "query": CallScope._query,
    "header": CallScope._header,
    "cookie": CallScope._cookie,
    "body": CallScope._body,
    "call": CallScope._call,
    "response": CallScope._response,
    "collection": CallScope._collection,
    "caller": CallScope._caller,
}


class _Collections(Mapping[str, Any]):
    """The collections by name, each read when a template asks for it."""

    def __init__(self, served: Served, facts: Facts) -> None:
        self._facts = facts
        self._names = tuple(one.name for one in served.house.contract.collections)

    def __getitem__(self, name: str) -> Any:
        rows = self._facts.rows(name)
        return Missing(f"collection.{name} is not kept here") if rows is None else Rows(name, rows)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _pairs(query: str) -> list[tuple[str, str]]:
    """The parts of a query; none when there are more than any honest caller sends."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PAIRS)
    except ValueError:
        return []


def shown(served: Served, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a call by the names under which they were read, for the log: those of secrets are left out."""
    house = served.house
    masks = house.credentials | (house.hosted.masks if house.hosted is not None else frozenset())
    return {name: "hidden" if _is_secret(name, masks) else value for name, value in values.items()}


@lru_cache(2048)  # the names stand in rules and templates
def _is_secret(name: str, masks: frozenset[str]) -> bool:
    parts = re.split(r"[./'\"\[\]\s{}|]+", name.lower().lstrip("{ "))
    return parts[0] == "cookie" or any(part in CREDENTIALS or part in masks or _SECRET.search(part) for part in parts)
