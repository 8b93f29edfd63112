"""What tells one client from another on the wire, as a value: what it sends, in which order, and what it insists on."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
POST, BASIC, NONE = "post", "basic", "none"
type Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Profile:
    """``authorize``, ``token`` and ``refresh`` are the names of what it sends, in its order. ``headers`` go with every
    request of its server. ``keeps_empty``: what has no value is sent as ``name=``. ``pkce``: it sends an S256 challenge
    (RFC 7636). ``discovers``: it finds the provider by itself, starting from a 401. ``escapes``: its Basic header
    follows RFC 6749, section 2.3.1. ``wants``: members of a token answer without which it is in trouble.
    """

    key: str
    title: str
    about: str
    authorize: tuple[str, ...]
    token: tuple[str, ...]
    refresh: tuple[str, ...]
    state: Callable[[], str]
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = FORM
    keeps_empty: bool = False
    pkce: bool = False
    discovers: bool = False
    escapes: bool = False
    wants: tuple[str, ...] = ()
    who: str = "emulator"  # a key of callers.NAMES
    callback: str = ""  # what its own callback looks like

    def query(self, values: Mapping[str, str]) -> str:
        """The query of its authorization request. A space is ``+``, as urlencode of most languages writes it."""
        return urlencode(self._pairs(self.authorize, values))

    def body(self, names: tuple[str, ...], values: Mapping[str, str], method: str, kind: str = "") -> bytes:
        """The body of a request to the token endpoint. With Basic the credentials stand in the header alone."""
        left_out = {POST: (), BASIC: ("client_id", "client_secret"), NONE: ("client_secret",)}[method]
        pairs = [pair for pair in self._pairs(names, values) if pair[0] not in left_out]
        if (kind or self.content_type) == JSON:
            return json.dumps(dict(pairs)).encode()
        return urlencode(pairs).encode()

    def sent(self, values: Mapping[str, str], method: str, kind: str = "") -> Pairs:
        """The headers of a request to the token endpoint, in order."""
        headers = [*self.headers, ("Content-Type", kind or self.content_type)]
        if method == BASIC:
            user, password = values.get("client_id", ""), values.get("client_secret", "")
            if self.escapes:
                user, password = quote_plus(user), quote_plus(password)
            headers.append(("Authorization", f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"))
        return headers

    def _pairs(self, names: tuple[str, ...], values: Mapping[str, str]) -> Pairs:
        always = ("scope",) if self.keeps_empty else ()
        return [(name, values.get(name, "")) for name in names if values.get(name) or name in always]
