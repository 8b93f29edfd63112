"""The one credential that ChatGPT sends with its calls: which security scheme it follows, and what it does not open.

An action has one authentication, and its credential goes in a header: as Bearer, as Basic, or under a name of one's own
(SEC-01, AK-03 in docs/chatgpt-rules.md). A call that needs two credentials, or one in the query or a cookie, is
refused. Client certificates and schemes that are not declared are asked for by nobody here (runtime/guard.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type JSON = Any
type Ways = Sequence[Mapping[str, Any]]

_COSTS = ("apiKey", "http", "oauth2", "openIdConnect")
_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # what no header's name holds (RFC 9110, section 5.1)
_TAKEN = frozenset(("accept", "connection", "content-length", "content-type", "cookie", "host", "user-agent"))


@dataclass(frozen=True, slots=True)
class Choice[K]:
    """``name`` is the scheme that the credential follows, "" when none is asked for; ``denied`` are the operations
    that it does not open, each with what it asks for: the names of its first requirement."""

    name: str
    denied: Mapping[K, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A credential that our address takes although the document asks otherwise: the scheme ``sent`` by ChatGPT, in the
    place of ``asked``, which is the document's."""

    sent: Mapping[str, JSON]
    asked: Mapping[str, JSON]


def choose[K: Hashable](asked: Mapping[K, Ways], schemes: Mapping[str, JSON], wanted: str = "") -> Choice[K]:
    """The scheme that opens most operations alone, or ``wanted``. ``asked`` is what each operation requires, any one of
    its requirements with all its schemes (OpenAPI 3.1.0, section 4.8.30)."""
    needs: dict[K, list[tuple[str, ...]]] = {}
    for key, ways in asked.items():
        costs = [_costs(way, schemes) for way in ways]
        if costs and all(costs):
            needs[key] = costs
    alone: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for costs in needs.values():
        alone.update({cost[0] for cost in costs if len(cost) == 1 and sendable(schemes[cost[0]])})
        named.update(list(dict.fromkeys(name for cost in costs for name in cost)))  # in the order of the document
    name = wanted if wanted in schemes else ""
    if not name and named:
        name = max(named, key=lambda one: (alone[one], sendable(schemes[one]), named[one]))
    opens = bool(name) and sendable(schemes[name])
    denied = {key: costs[0] for key, costs in needs.items() if not opens or (name,) not in costs}
    return Choice(name, denied)


def sendable(scheme: JSON) -> bool:
    """Whether ChatGPT can send a credential of this kind: a key in a header, Bearer, Basic, or a token of OAuth."""
    kind = scheme.get("type") if isinstance(scheme, dict) else None
    if kind == "apiKey":
        return scheme.get("in") == "header"
    if kind == "http":
        return str(scheme.get("scheme", "")).lower() in ("basic", "bearer")
    return kind in ("oauth2", "openIdConnect")


def as_sent(scheme: Mapping[str, JSON]) -> dict[str, JSON]:
    """The scheme that ChatGPT can follow in the place of ``scheme``: a key stays a key of its name, now in a header."""
    if sendable(scheme):
        return dict(scheme)
    if scheme.get("type") == "apiKey":
        return {**scheme, "in": "header", "name": _header(str(scheme.get("name", "")))}
    return {"type": "http", "scheme": "bearer"}


def shown(scheme: Mapping[str, JSON]) -> str:
    """Where a credential of this scheme stands in a call, for people."""
    if scheme.get("type") == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    return f"Authorization: {str(scheme.get('scheme', 'bearer')).title() if scheme.get('type') == 'http' else 'Bearer'}"


def _costs(way: Mapping[str, Any], schemes: Mapping[str, JSON]) -> tuple[str, ...]:
    """The schemes of a requirement for which something has to be sent."""
    found = {name: schemes.get(name) for name in way}
    return tuple(name for name, one in found.items() if isinstance(one, dict) and one.get("type") in _COSTS)


def _header(name: str) -> str:
    made = _NO_TOKEN.sub("-", name) or "X-Api-Key"
    return f"X-{made}" if made.lower() in _TAKEN else made
