"""Where a credential stands that did not come where it is looked for: its place and its name, never its text."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from actionstudio.runtime.verdict import Verdict
from actionstudio.runtime.visit import Visit

_HEADERS = (
    "api-key", "apikey", "auth-key", "access-key", "auth-token", "access-token", "private-token",
    "subscription-key", "functions-key",
)  # fmt: skip
_QUERY = frozenset(("access_token", "api_key", "apikey", "api-key", "auth_token", "token", "bearer", "authorization"))
_OURS = ("ask_", "asat_", "asuk_")  # keys and access tokens of ours, under whatever name; the log's marks begin alike
_LONGEST = 16_384  # characters of a query that is looked at


def place_of(headers: Iterable[tuple[str, str]], query: str) -> tuple[str, str] | None:
    """("header" or "query", name) of what reads like a credential beside the header Authorization; of the first."""
    for name, value in headers:
        named = name.endswith(_HEADERS) or value.startswith(_OURS)
        if value and named and name not in ("authorization", "cookie"):
            return "header", name
    for name, value in parse_qsl(query) if 0 < len(query) <= _LONGEST and query.count("&") < 100 else ():
        if name.lower() in _QUERY or value.startswith(_OURS):
            return "query", name
    return None


def explained(verdict: Verdict, visit: Visit, wanted: str) -> Verdict:
    """A verdict on a call without credential, which says where one came instead."""
    found = place_of(visit.call.headers, visit.call.query)
    if found is None:
        return verdict
    place, name = found
    return verdict._replace(sentence=f"a credential came in the {place} {name[:40]}; wanted {wanted}")
