"""The protocol's half of the authorize endpoint: what a client asks, and the two answers to it.

The pages for people are address/authorize.py's. The request is read from the URL each time, never from a form.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from oauthlib.oauth2.rfc6749 import errors

from actionstudio.apps.oauth import callbacks, codes, faults, tenancy, tracing
from actionstudio.apps.oauth.engine import reading, returning
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import ERRORS, Rejected, Trouble, native, plain, rejected
from actionstudio.apps.oauth.engine.server import server
from actionstudio.apps.oauth.models import Client, EndUser

FAULTS = ("wrong-state", "authorize-error")


@dataclass(frozen=True)
class Asked:
    """A valid authorize request. ``scopes`` are those asked for, or all of the client's where it named none; ``state``
    is "" for none; ``max_age`` are seconds since the sign-in, None for any (OpenID Connect Core, section 3.1.2.1)."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    resources: tuple[str, ...]
    challenge: str
    nonce: str
    prompt: frozenset[str]
    max_age: int | None
    login_hint: str
    sent: Parameters

    @property
    def host(self) -> str:
        """Where people are sent back to: the host of the callback."""
        return urlsplit(self.redirect_uri).hostname or ""

    @property
    def origin(self) -> str:
        """The callback's scheme, host and port: what a page's form-action has to allow."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def loopback(self) -> bool:
        """Whether the client is a program on the person's own machine, which anybody there can pretend to be."""
        return self.host in callbacks.LOOPBACK


def request_of(request: HttpRequest) -> Asked | Trouble:
    """What a client asks at the authorize endpoint, or what is wrong with it. Tells the trace, but not again on the
    pages that its request is carried through."""
    sent = Parameters()
    try:
        sent = reading.of_query(request)
        asked = _asked(sent)
    except Rejected as error:
        return _trouble(error.trouble, sent)
    except errors.OAuth2Error as error:
        return _trouble(native(error).trouble, sent)
    if request.method in ("GET", "HEAD") and request.path_info == "/oauth/authorize":
        tracing.leg("authorize", tracing.WAITING, **_facts(asked.sent, asked.client), scopes=list(asked.scopes))
    return asked


def allow(request: HttpRequest, asked: Asked, user: EndUser, scopes: list[str] | tuple[str, ...], **kept: Any) -> str:
    """The person allows it: makes a code for those of the scopes, and returns the callback with it.

    ``kept`` are more fields of the Grant. Raises ValueError for scopes that were not asked for."""
    if not set(scopes) <= set(asked.scopes):
        raise ValueError("only what was asked for can be allowed")
    spared = faults.spared(asked.client)
    fault = None if spared else faults.claim(tenancy.current().project_id, FAULTS, asked.client)
    if fault == "authorize-error":
        return deny(asked, codes.FAULT)
    state = secrets.token_hex(8) if fault == "wrong-state" else asked.state
    credentials = {
        "client": asked.client,
        "client_id": asked.client.client_id,
        "redirect_uri": asked.redirect_uri,
        "state": state,
        "user": user,
        "granted": True,
        "kept": kept,
    }
    headers, _body, _status = server().create_authorization_response(
        _uri(asked.sent), scopes=list(scopes), credentials=credentials
    )
    tracing.leg("callback", tracing.WAITING, host=asked.host, scopes=list(scopes), user=user)
    return headers["Location"]


def deny(asked: Asked, error: str = "access_denied", description: str = "") -> str:
    """The callback with an error instead of a code: one of codes.py, or a name of OAuth or OpenID Connect."""
    code = error if error in ERRORS else codes.ACCESS_DENIED
    name = ERRORS[code][0] if error in ERRORS else error
    words = plain(description) or ERRORS[code][2]
    tracing.leg("callback", tracing.FAILED, code, host=asked.host, error=name)
    return returning.error(asked.redirect_uri, name, words, asked.state)


def _asked(sent: Parameters) -> Asked:
    scopes, info = server().validate_authorization_request(_uri(sent))
    request = info["request"]
    _began(sent, request.client)
    return Asked(
        request.client,
        request.redirect_uri,
        tuple(scopes),
        sent.get("state"),
        sent.resources,
        sent.get("code_challenge"),
        sent.get("nonce"),
        frozenset(sent.get("prompt").split()),
        _max_age(sent, request),
        sent.get("login_hint"),
        sent,
    )


def _max_age(sent: Parameters, request: Any) -> int | None:
    """Seconds; None for any, as for more of them than there can be. Raises Rejected, told at the callback."""
    age = sent.get("max_age")
    if age and not (age.isascii() and age.isdigit()):
        raise rejected(codes.MAX_AGE_WRONG, client=request.client, returns_to=request.redirect_uri, sent=age)
    return int(age) if age and len(age) < 10 else None


def _trouble(trouble: Trouble, sent: Parameters) -> Trouble:
    _began(sent, trouble.client)
    tracing.leg("authorize", tracing.FAILED, trouble.code, **_facts(sent, trouble.client), **trouble.facts)
    return returning.directed(trouble, sent.get("state"))


def _began(sent: Parameters, client: Client | None) -> None:
    tracing.began(
        sent.get("client_id"),
        client,
        sent.get("redirect_uri"),
        sent.get("scope"),
        sent.get("state"),
        challenge=sent.get("code_challenge"),
        resource=" ".join(sent.resources),
    )


def _facts(sent: Parameters, client: Client | None) -> dict[str, Any]:
    """What the trace tells of every authorize request."""
    return {
        "client": str(client) if client else "",
        "client_id": sent.get("client_id"),
        "redirect_uri": sent.get("redirect_uri"),
        "scope": sent.get("scope"),
        "pkce": sent.get("code_challenge_method") if sent.get("code_challenge") else "",
        "state": bool(sent.get("state")),
        "resource": list(sent.resources),
        "parameters": list(sent.names),
    }


def _uri(sent: Parameters) -> str:
    return f"{tenancy.current().issuer}/oauth/authorize?{sent.encoded()}"
