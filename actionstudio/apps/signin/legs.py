"""Legs of a sign-in as plain data: one shape for what the emulator did and for what the log holds, masked and bounded.

A leg is ``{"kind", "at", "from", "to", "title", "request": {method, url, headers, body}, "response": {status, headers,
body} or None, "ms", "outcome", "code", "facts"}``. ``kind`` is a key of TITLES; ``from`` and ``to`` are lanes: client,
browser, provider, api. ``outcome`` is ok, failed, waiting or odd (it works, but look at it); ``code`` says what
was wrong. ``at`` is ISO 8601 in UTC. Headers are [name, value] in the order in which they travelled. Nothing is secret.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime.signing import MASKS

type Leg = dict[str, Any]
type Pairs = Sequence[tuple[str, str]]

LANES = {
    "client": lazy("Client"),
    "browser": lazy("Browser"),
    "provider": lazy("Provider"),
    "api": lazy("API"),
}
# kind → its title, and from which lane to which it goes
TITLES = {
    "challenge": (lazy("Call without a token"), "client", "api"),
    "resource": (lazy("Ask which provider protects it"), "client", "api"),
    "metadata": (lazy("Read the provider's metadata"), "client", "provider"),
    "register": (lazy("Register the client"), "client", "provider"),
    "authorize": (lazy("Open sign-in"), "browser", "provider"),
    "login": (lazy("Sign in"), "browser", "provider"),
    "signup": (lazy("Make an account"), "browser", "provider"),
    "signed-in": (lazy("Signed in"), "browser", "provider"),
    "consent": (lazy("Allow or cancel"), "browser", "provider"),
    "allowed": (lazy("The user allows it"), "browser", "provider"),
    "callback": (lazy("Return code and state"), "browser", "client"),
    "token": (lazy("Exchange the code for a token"), "client", "provider"),
    "answer": (lazy("Access and refresh token"), "provider", "client"),
    "refresh": (lazy("Ask for a fresh token"), "client", "provider"),
    "call": (lazy("Call the API with the token"), "client", "api"),
    "probe": (lazy("Try another way, with a made-up code"), "client", "provider"),
    "userinfo": (lazy("Ask who signed in"), "client", "provider"),
    "introspect": (lazy("Ask whether a token is good"), "client", "provider"),
    "revoke": (lazy("Take the token back"), "client", "provider"),
    "revoked": (lazy("Call with the token that was taken back"), "client", "api"),
    "jwks": (lazy("Read the provider's keys"), "client", "provider"),
    "page": (lazy("Page for people"), "browser", "provider"),
}
BODY = 16_384  # characters of a body that a leg keeps
URL = 4_000
HEADERS = 60  # of one message
MOST = 40  # legs of one run
_HIDDEN = 8  # shorter texts are too common to be replaced wherever they stand


def made(
    kind: str,
    request: tuple[str, str, Pairs, bytes],
    response: tuple[int, Pairs, bytes] | None = None,
    *,
    ms: int = 0,
    outcome: str = "ok",
    code: str = "",
    facts: Mapping[str, Any] | None = None,
    secrets: Collection[str] = (),
    at: datetime.datetime | None = None,
) -> Leg:
    """A leg of what was sent (method, URL, headers, body) and what came (status, headers, body; None: nothing).

    ``secrets`` are texts that may stand nowhere in it, whatever the name under which they travel.
    """
    _title, sender, receiver = TITLES[kind]
    method, url, headers, body = request
    answer = None
    if response is not None:
        status, came, data = response
        answer = {"status": status, "headers": _headers(came), "body": _body(data, came)}
    leg = {
        "kind": kind,
        "at": (at or datetime.datetime.now(datetime.UTC)).isoformat(),
        "from": sender,
        "to": receiver,
        "request": {"method": method, "url": _url(url), "headers": _headers(headers), "body": _body(body, headers)},
        "response": answer,
        "ms": ms,
        "outcome": outcome,
        "code": code,
        "facts": dict(facts or {}),
    }
    return _without(leg, sorted((text for text in secrets if len(text) >= _HIDDEN), key=len, reverse=True))


def of_exchange(row: Exchange) -> Leg:
    """A logged call to the provider (or to the API, for a call with a token) as a leg. The log has masked it."""
    told = row.decided.get("oauth") or {}
    kind = told.get("leg") or ("call" if row.kind != "oauth" else "page")
    _title, sender, receiver = TITLES.get(kind, TITLES["page"])
    known = ("leg", "outcome", "code", "auth")
    return titled(
        {
            "kind": kind if kind in TITLES else "page",
            "at": row.at.isoformat(),
            "from": sender,
            "to": receiver,
            "request": {
                "method": row.method,
                "url": base_urls(row.address)[0] + row.line,
                "headers": row.headers_in,
                "body": _text(bytes(row.request_body)),
            },
            "response": {"status": row.status, "headers": row.headers_out, "body": _text(bytes(row.response_body))},
            "ms": row.duration_us // 1000,
            "outcome": told.get("outcome") or ("ok" if row.status < 400 else "failed"),
            "code": told.get("code", ""),
            "facts": {name: value for name, value in told.items() if name not in known},
            "exchange": row.public_id,
        }
    )


def of_run(kept: Sequence[Leg], logged: Sequence[Exchange]) -> list[Leg]:
    """All legs of a sign-in in the order of time: those that an emulated run ``kept``, and those that the log holds.

    What the emulator asked of the project's own address stands in the log as well (source ``try``): it is told once,
    as the emulator saw it. Titles are in the reader's language.
    """
    others = [of_exchange(row) for row in logged if not (kept and row.source == "try")]
    return sorted([*(titled(leg) for leg in kept), *others], key=lambda leg: leg["at"])


def titled(leg: Leg) -> Leg:
    """The leg with its title."""
    return leg | {"title": str(TITLES.get(leg["kind"], TITLES["page"])[0])}


def _headers(pairs: Pairs) -> list[list[str]]:
    """Masked; names keep the case in which they were sent."""
    return [
        [_clean(name)[:200], _clean(redaction.header(name.lower(), value, MASKS))[:2000]]
        for name, value in list(pairs)[:HEADERS]
    ]


def _url(url: str) -> str:
    head, mark, fragment = url.partition("#")
    path, question, query = head.partition("?")
    shown = path + question + redaction.query(query, MASKS)
    return _clean(shown + mark + redaction.query(fragment, MASKS))[:URL]


def _body(data: bytes, headers: Pairs) -> str:
    """Masked whole, then cut: a secret at the edge would otherwise stay."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return _text(redaction.body(data[: 8 * BODY], kind, MASKS))


def _text(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return _clean(text if len(text) <= BODY else text[:BODY] + " …")


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, and lone surrogates no database."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def _without(value: Any, secrets: Sequence[str]) -> Any:
    """The value with every secret masked, wherever a text holds one, and nothing that a database cannot keep."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, redaction.masked(secret))
        return _clean(value)
    if isinstance(value, dict):
        return {key: _without(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    return value
