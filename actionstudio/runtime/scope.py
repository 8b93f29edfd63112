"""What templates may read of a visit: everything of the call but its credentials, the collections, the call's number.

Not readable: the headers Authorization, Proxy-Authorization and Cookie, and every header, query parameter or cookie
under whose name a credential of the project travels. Cookies are read one by one, by name. Parameters that the
operation declares come in their declared types, all others as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import orjson

from actionstudio.core.problem import Refused
from actionstudio.core.schemas.coerce import decoded
from actionstudio.core.schemas.forms import FormReader
from actionstudio.core.templating import Missing, Rows
from actionstudio.runtime.guard import cookies
from actionstudio.runtime.negotiation import is_json, media_key
from actionstudio.runtime.ports import Place
from actionstudio.runtime.reader import charset_of
from actionstudio.runtime.responders.generated import seed_of

if TYPE_CHECKING:
    from actionstudio.core.call import Headers
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})
_MOST_PAIRS = 1000
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
        self._visit = visit
        self._answer = answer
        self.now = now or datetime.now(UTC)
        self.seed = seed_of(visit, seed)
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
        pairs = pairs_of(self._visit.call.query)
        found = gathered(pairs)
        for name, read in self._served.typed("query").items():
            present, value = read(pairs)
            if present:
                found[name] = value
        return self._shown("query", found)

    def _path(self) -> dict[str, Any]:
        return self._typed("path", self._visit.values or {})

    def _header(self) -> dict[str, Any]:
        return self._shown("header", self._typed("header", self._visit.headers))

    def _cookie(self) -> dict[str, Any]:
        header = self._visit.headers.get("cookie", "")
        sent = {name: decoded(text) for name, text in cookies(header).items()}
        return self._shown("cookie", self._typed("cookie", sent))

    def _typed(self, place: str, texts: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = dict(texts)
        for name, read in self._served.typed(place).items():
            if name in found:
                found[name] = read(found[name])[1]
        return found

    def _body(self) -> Any:
        return body_of(self._visit.headers.get("content-type", ""), self._visit.call.body)

    def _url(self) -> str:
        """The URL of the call as its own address has it, without credentials."""
        call, hosted = self._visit.call, self._served.house.hosted
        base = hosted.base_urls[0] if hosted is not None and hosted.base_urls else ""
        query = call.query
        if query:
            pairs = pairs_of(query)
            if any(self.hidden(name) for name, _ in pairs):
                query = urlencode([(name, value) for name, value in pairs if not self.hidden(name)])
        return base + call.path + (f"?{query}" if query else "")

    def _call(self) -> Any:
        house = self._served.house
        if house.store is None or house.hosted is None:
            return Missing("calls are not counted here")
        return house.store.count(house.hosted.project_id, f"calls {self._served.method} {self._served.path}")

    def _response(self) -> Any:
        if self._answer is None:
            return Missing("response is not known before the call is answered")
        status, headers, body = self._answer
        kind = next((value for name, value in headers if name == "content-type"), "")
        return {"status": status, "header": dict(headers), "body": body_of(kind, body)}

    def _collection(self) -> Any:
        return _Collections(self._served, self._visit)


_ROOTS: dict[str, Callable[[CallScope], Any]] = {
    "method": lambda scope: scope._visit.call.method,
    "url": CallScope._url,
    "path": CallScope._path,
    "query": CallScope._query,
    "header": CallScope._header,
    "cookie": CallScope._cookie,
    "body": CallScope._body,
    "call": CallScope._call,
    "response": CallScope._response,
    "collection": CallScope._collection,
}


class _Collections(Mapping[str, Any]):
    """The collections by name, each read when a template asks for it."""

    def __init__(self, served: Served, visit: Visit) -> None:
        self._served, self._visit = served, visit
        self._known = {one.name: one for one in served.house.contract.collections}

    def __getitem__(self, name: str) -> Any:
        house = self._served.house
        if house.store is None or house.hosted is None:
            return Missing("collections are not kept here")
        one = self._known[name]
        place = Place(house.hosted.project_id, one, partition_of(one.partition, self._visit))
        return Rows(name, house.store.read(place).rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def partition_of(where: str, visit: Visit) -> str:
    """Whose list a call means: "" for the one that all share."""
    place, _, name = where.partition(".")
    if place == "path":
        return (visit.values or {}).get(name, "")
    if place == "query":
        return dict(reversed(pairs_of(visit.call.query))).get(name, "")
    return visit.headers.get(name.lower(), "") if place == "header" else ""


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The parts of a query; none when there are more than any honest caller sends."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PAIRS)
    except ValueError:
        return []


def gathered(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Parts by name: a text, or a list where a name was repeated."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def body_of(content_type: str, body: bytes) -> Any:
    """A body as a value: JSON, the fields of a form, or text; Missing with the reason when it is none of them."""
    if not body:
        return Missing("no body was sent")
    kind = media_key(content_type)
    try:
        if kind == "application/x-www-form-urlencoded":
            return FormReader({}, {}).read(body)
        if kind == "multipart/form-data":
            return FormReader({}, {}).read_multipart(body, content_type)
        if is_json(kind) or not kind.startswith("text/"):
            return orjson.loads(body)
        return body.decode(charset_of(content_type))
    except orjson.JSONDecodeError as error:
        return Missing(f"the body is not JSON: {error}")
    except UnicodeDecodeError:
        return Missing("the body is no text")
    except Refused as refused:
        return Missing(f"the body cannot be read: {refused}")
