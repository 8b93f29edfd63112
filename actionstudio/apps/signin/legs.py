"""Legs of a sign-in as plain data: one shape for what the emulator did and for what the log holds, masked and bounded.

A leg is ``{"kind", "at", "from", "to", "title", "request": {method, url, headers, body}, "response": {status, headers,
body} or None, "ms", "outcome", "code", "facts"}``. ``kind`` is a key of TITLES; ``from`` and ``to`` are lanes: client,
browser, provider, api. ``outcome`` is ok, failed, waiting or odd (it works, but look at it); ``code`` says what
was wrong. ``at`` is ISO 8601 in UTC. Headers are [name, value] in the order in which they travelled. Nothing is secret.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.signin.hiding import hidden
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime.signing import MASKS

type Leg = dict[str, Any]
type Pairs = Sequence[tuple[str, str]]
type Secrets = Collection[str]

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
_SPOKEN = frozenset(("refresh", "content-location", "link", "authentication-info"))  # headers with URLs or parameters
_INPUT = re.compile(rb"<input\b[^>]*>", re.IGNORECASE)
_NAME = re.compile(rb"""\bname\s*=\s*["']?([\w.-]+)""", re.IGNORECASE)
_VALUE = re.compile(rb"""(\bvalue\s*=\s*(["']?))([^"'>\s]+)""", re.IGNORECASE)
MOST = 40  # legs of one run
SAID = 300  # characters of a text among the facts


def made(
    kind: str,
    request: tuple[str, str, Pairs, bytes],
    response: tuple[int, Pairs, bytes] | None = None,
    *,
    ms: int = 0,
    outcome: str = "ok",
    code: str = "",
    facts: Mapping[str, Any] | None = None,
    secrets: Secrets = (),
    at: datetime.datetime | None = None,
) -> Leg:
    """A leg of what was sent (method, URL, headers, body) and what came (status, headers, body; None: nothing).

    ``secrets`` are texts that may stand nowhere in it, whatever the name under which they travel and however they are
    spelt: what is kept of a text is cut when all of it was masked.
    """
    _title, sender, receiver = TITLES[kind]
    method, url, headers, body = request
    answer = None
    if response is not None:
        status, came, data = response
        answer = {"status": status, "headers": _headers(came, secrets), "body": _body(data, came, secrets)}
    return {
        "kind": kind,
        "at": (at or datetime.datetime.now(datetime.UTC)).isoformat(),
        "from": sender,
        "to": receiver,
        "request": {
            "method": method,
            "url": _url(url, secrets),
            "headers": _headers(headers, secrets),
            "body": _body(body, headers, secrets),
        },
        "response": answer,
        "ms": ms,
        "outcome": outcome,
        "code": code,
        "facts": _facts(dict(facts or {}), secrets),
    }


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


def _headers(pairs: Pairs, secrets: Secrets) -> list[list[str]]:
    """Masked; names keep the case in which they were sent."""
    return [
        [
            _clean(hidden(name, secrets))[:200],
            _clean(hidden(_header(name.lower(), value), secrets))[:2000],
        ]
        for name, value in list(pairs)[:HEADERS]
    ]


def _header(name: str, value: str) -> str:
    """Masked by its name, or by what stands in it where it holds URLs or parameters."""
    shown = redaction.header(name, value, MASKS)
    if name not in _SPOKEN:
        return shown
    return redaction.body(shown.encode("utf-8", "replace"), "text/plain", MASKS).decode("utf-8", "replace")


def _url(url: str, secrets: Secrets) -> str:
    head, mark, fragment = url.partition("#")
    path, question, query = head.partition("?")
    shown = path + question + redaction.query(query, MASKS)
    return _clean(hidden(shown + mark + redaction.query(fragment, MASKS), secrets))[:URL]


def _body(data: bytes, headers: Pairs, secrets: Secrets) -> str:
    """Masked whole, then cut: a secret at the edge would otherwise stay."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if len(data) > 8 * BODY:
        data = hidden(data.decode("utf-8", "replace"), secrets).encode("utf-8", "replace")[: 8 * BODY]
    told = redaction.body(data, kind, MASKS)
    return _text(_INPUT.sub(_input, told) if b"<" in told else told, secrets)


def _input(found: re.Match[bytes]) -> bytes:
    """A form's field in a page: a provider that answers by form_post carries code and tokens in hidden ones."""
    named = _NAME.search(found[0])
    if named is None or named[1].decode("utf-8", "replace").lower() not in MASKS:
        return found[0]
    return _VALUE.sub(lambda value: value[1] + redaction.masked(value[3].decode("utf-8", "replace")).encode(), found[0])


def _text(data: bytes, secrets: Secrets = ()) -> str:
    text = hidden(data.decode("utf-8", "replace"), secrets)
    return _clean(text if len(text) <= BODY else text[:BODY] + " …")


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, and lone surrogates no database."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def _facts(value: Any, secrets: Secrets) -> Any:
    """The value with every secret masked, wherever a text holds one, and nothing that a database cannot keep."""
    if isinstance(value, str):
        return _clean(hidden(value, secrets))[:SAID]
    if isinstance(value, dict):
        return {key: _facts(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_facts(item, secrets) for item in value]
    return value
