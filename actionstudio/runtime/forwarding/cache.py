"""Answers of upstreams kept as HTTP allows (RFC 9111), in the memory of one process, bounded.

Ours is a shared cache that is stricter than it has to be: what one caller's key or one secret brought is never given to
another. What the upstream says comes first; a builder's ``keep`` speaks only where the upstream says nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from actionstudio.core.call import Headers
from actionstudio.runtime.forwarding.answer import Answer

MOST_BYTES = 32 * 1024 * 1024
ONE = 2 * 1024 * 1024
MOST_VARIANTS = 16  # of one URL
_STORABLE = frozenset({200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})  # RFC 9110, section 15.1, but for 206
_KEPT = frozenset({200, 203, 204, 301, 308})  # what ``keep`` may speak for
_ROW = 1024  # bytes that an entry takes beside its body
clock: Callable[[], float] = time.time


class Key(NamedTuple):
    """What a stored answer is found by. ``url`` is as the upstream sees it; the rest says for whom it was brought."""

    project_id: int
    url: str
    secret: int
    caller: str


class Stored(NamedTuple):
    """One answer: when it was asked for and got, how long it is fresh, and what of the request it depends on."""

    answer: Answer
    got: float
    age: float  # that it already had then
    fresh: float  # seconds
    vary: tuple[tuple[str, str], ...]
    revalidate: bool  # must be asked about each time (no-cache)

    def now(self) -> float:
        """Its age (RFC 9111, section 4.2.3)."""
        return self.age + max(0.0, clock() - self.got)

    @property
    def size(self) -> int:
        return len(self.answer.body) + _ROW + sum(len(name) + len(value) for name, value in self.answer.headers)


def directives(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Cache-Control as names and values (RFC 9111, section 5.2); an older Pragma counts where there is none."""
    said: dict[str, str] = {}
    for name, value in headers:
        if name == "cache-control":
            for part in _parts(value):
                key, _, argument = part.partition("=")
                said.setdefault(key.strip().lower(), argument.strip().strip('"'))
    if not said and any(name == "pragma" and "no-cache" in value.lower() for name, value in headers):
        said["no-cache"] = ""
    return said


def _parts(value: str) -> list[str]:
    """The members of a list; commas inside quotes do not divide (``private="a, b"``)."""
    parts, quoted, start = [], False, 0
    for at, sign in enumerate(value):
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            parts.append(value[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, value[start:]] if part.strip()]


def storable(
    method: str, request: Headers, answer: Answer, keep: int, authorized: bool, asked: Mapping[str, str]
) -> tuple[float, str]:
    """For how many seconds an answer is fresh, or -1 and why it is not stored (RFC 9111, section 3)."""
    if method != "GET":
        return -1, "only answers to GET are stored"
    said = directives(answer.headers)
    for word, source in (("no-store", asked), ("no-store", said), ("private", said)):
        if word in source:
            return -1, f"{'the caller' if source is asked else 'the upstream'} says {word}"
    if answer.header("vary").strip() == "*":
        return -1, "it varies with everything"
    if answer.status in (206, 304) or any(name == "range" for name, _ in request):
        return -1, "it is a part of an answer"
    fresh = _freshness(answer, said)
    if authorized and not {"public", "s-maxage", "must-revalidate"} & said.keys() and fresh is not None:
        return -1, "it answers a call with Authorization and does not say public"
    if fresh is None:
        if keep and answer.status in _KEPT and not answer.header("set-cookie"):
            return float(keep), ""
        validators = answer.header("etag") or answer.header("last-modified")
        if "no-cache" in said or (validators and answer.status == 200 and not authorized):
            return 0, ""
        return -1, "the upstream does not say for how long"
    if answer.status not in _STORABLE and not {"public", "max-age", "s-maxage"} & said.keys():
        return -1, f"{answer.status} is not stored unless the upstream says so"
    if fresh <= 0 and not (answer.header("etag") or answer.header("last-modified")):
        return -1, "it is stale at once"
    return fresh, ""


def _freshness(answer: Answer, said: Mapping[str, str]) -> float | None:
    """Seconds from when it was made (RFC 9111, section 4.2.1); None when the upstream does not say."""
    for word in ("s-maxage", "max-age"):
        if word in said:
            return _seconds(said[word])
    expires = answer.header("expires")
    if not expires:
        return 0.0 if "no-cache" in said else None
    until = _date(expires)
    if until is None:
        return 0.0  # "0" and other non-dates are the past (section 5.3)
    made = _date(answer.header("date"))
    return max(0.0, until - (clock() if made is None else made))


def _seconds(text: str) -> float:
    return float(min(int(text), 2**31)) if text.isdigit() else 0.0


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


class Cache:
    """The answers of one process: the ones asked for longest ago go first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[Key, list[Stored]] = OrderedDict()
        self._size = 0

    def find(self, key: Key, request: Headers) -> Stored | None:
        """The stored answer for a request, fresh or not: the newest whose Vary fits (RFC 9111, section 4.1)."""
        with self._lock:
            variants = self._entries.get(key)
            if not variants:
                return None
            self._entries.move_to_end(key)
            for one in reversed(variants):
                if all(_sent(request, name) == value for name, value in one.vary):
                    return one
        return None

    def put(
        self, key: Key, request: Headers, answer: Answer, fresh: float, asked_at: float, keep_revalidating: bool = False
    ) -> Stored:
        """Stores an answer in place of the one it replaces."""
        said = directives(answer.headers)
        vary = tuple(sorted({part.strip().lower() for part in answer.header("vary").split(",") if part.strip()}))
        got = clock()
        told = answer.header("age")
        made = _date(answer.header("date"))
        apparent = 0.0 if made is None else max(0.0, got - made)
        age = max(apparent, (_seconds(told) if told else 0.0) + (got - asked_at))
        stored = Stored(
            answer,
            got,
            age,
            fresh,
            tuple((name, _sent(request, name)) for name in vary),
            "no-cache" in said or keep_revalidating,
        )
        if stored.size > ONE:
            return stored
        with self._lock:
            others = [one for one in self._entries.get(key, ()) if one.vary != stored.vary]
            self._drop(key)
            self._entries[key] = [*others[-(MOST_VARIANTS - 1) :], stored]
            self._size += sum(one.size for one in self._entries[key])
            while self._size > self._most:
                self._drop(next(iter(self._entries)))
        return stored

    def invalidate(self, project_id: int, url: str) -> None:
        """An unsafe call has changed what is there (RFC 9111, section 4.4): for every caller."""
        with self._lock:
            for key in [key for key in self._entries if key.project_id == project_id and key.url == url]:
                self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._size = 0

    def _drop(self, key: Key) -> None:
        self._size -= sum(one.size for one in self._entries.pop(key, ()))


def _sent(request: Headers, name: str) -> str:
    return ", ".join(" ".join(value.split()) for key, value in request if key == name)


def is_fresh(stored: Stored, asked: Mapping[str, str]) -> bool:
    """Whether a stored answer may be given without asking (RFC 9111, sections 4.2 and 5.2.1)."""
    if stored.revalidate or "no-cache" in asked:
        return False
    age = stored.now()
    if "max-age" in asked and age > _seconds(asked["max-age"]):
        return False
    if "min-fresh" in asked:
        age += _seconds(asked["min-fresh"])
    if age < stored.fresh:
        return True
    said = directives(stored.answer.headers)
    if "max-stale" not in asked or {"must-revalidate", "proxy-revalidate", "s-maxage"} & said.keys():
        return False
    return not asked["max-stale"] or age - stored.fresh <= _seconds(asked["max-stale"])


def conditions(stored: Stored) -> Headers:
    """The headers that ask whether a stored answer is still right (RFC 9111, section 4.3.1)."""
    etag, modified = stored.answer.header("etag"), stored.answer.header("last-modified")
    pairs = (("if-none-match", etag), ("if-modified-since", modified))
    return tuple((name, value) for name, value in pairs if value)


def freshened(stored: Stored, headers: Headers) -> Answer:
    """A stored answer with the headers of the 304 that confirmed it (RFC 9111, section 3.2)."""
    fixed = {"content-length", "content-encoding", "content-type", "content-range", "transfer-encoding"}
    new = [pair for pair in headers if pair[0] not in fixed]
    names = {name for name, _ in new}
    kept = [pair for pair in stored.answer.headers if pair[0] not in names]
    return stored.answer._replace(headers=(*kept, *new))


def not_modified(answer: Answer, request: Headers) -> bool:
    """Whether the caller has this answer already (RFC 9110, section 13.2.2)."""
    wanted = _sent(request, "if-none-match")
    if wanted:
        etag = answer.header("etag").removeprefix("W/")
        return wanted == "*" or (bool(etag) and etag in [part.removeprefix("W/") for part in _parts(wanted)])
    since, modified = _date(_sent(request, "if-modified-since")), _date(answer.header("last-modified"))
    return since is not None and modified is not None and modified <= since


def bare(answer: Answer) -> Answer:
    """304 instead of an answer: the headers that a 304 keeps (RFC 9110, section 15.4.5)."""
    kept = {"cache-control", "content-location", "date", "etag", "expires", "vary", "last-modified"}
    return Answer(304, tuple(pair for pair in answer.headers if pair[0] in kept), b"", b"")


CACHE = Cache()
