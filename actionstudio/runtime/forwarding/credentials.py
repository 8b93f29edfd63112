"""What a caller proves itself with here, and what the studio's own pages keep in a browser: neither is ever forwarded.

And the secret that an upstream asks for instead: where it is put, and how it is found again in what comes back.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit

from actionstudio.core.auth import ApiKey, OAuth
from actionstudio.core.behaviour import Upstream
from actionstudio.core.call import Headers
from actionstudio.core.lint.hosts import second_level
from actionstudio.runtime.jar import STUDIO

ALWAYS = frozenset({"authorization", "proxy-authorization"})
_HIDDEN = "••••"
SHORTEST = 6  # characters of a part of a secret that can be told apart from ordinary text


class Names(NamedTuple):
    """The names (lower case) of headers, query parts and cookies that carry credentials of this project."""

    headers: frozenset[str]
    query: frozenset[str]
    cookies: frozenset[str]


def names_of(schemes: Iterable[Mapping[str, Any]], auth: Any, upstream: Upstream | None = None) -> Names:
    """The names under which the credentials of these security schemes travel (OpenAPI 3.1.0, section 4.8.27), as far
    as they are none of ``upstream``'s business: a token of the builder's own provider is for the servers beside it."""
    found: dict[str, set[str]] = {"header": set(ALWAYS), "query": set(), "cookie": set(STUDIO)}
    for scheme in schemes:
        if scheme.get("type") == "apiKey":
            found.get(str(scheme.get("in", "header")), found["header"]).add(str(scheme.get("name", "")).lower())
    if isinstance(auth, ApiKey):
        found["header"].add(auth.header.lower())
    if upstream is not None and isinstance(auth, OAuth) and _is_beside(auth, upstream):
        found["header"].discard("authorization")
    return Names(*(frozenset(found[place] - {""}) for place in ("header", "query", "cookie")))


def _is_beside(auth: OAuth, upstream: Upstream) -> bool:
    """Whether all servers of the upstream are in the domain of the builder's own provider."""
    if auth.ours:
        return False
    provider = urlsplit(auth.token_url or auth.authorization_url).hostname or ""
    hosts = [urlsplit(backend.url).hostname or "" for backend in upstream.backends]
    return bool(hosts and provider) and all(_together(host, provider) for host in hosts)


def _together(host: str, provider: str) -> bool:
    return host == provider or (host[-1:].isalpha() and second_level(host) == second_level(provider) and "." in host)


def without_cookies(header: str, names: Names) -> str:
    """A Cookie header without the studio's cookies and the project's key."""
    pairs = [pair for pair in header.split(";") if pair.strip()]
    kept = [pair for pair in pairs if not _ours(pair.partition("=")[0].strip().lower(), names)]
    return header if len(kept) == len(pairs) else ";".join(kept).strip()


def _ours(name: str, names: Names) -> bool:
    return name in names.cookies or name.startswith(("__host-", "__secure-"))


def without_query(query: str, names: frozenset[str]) -> str:
    """A query without the parts of these names (lower case); what remains keeps its bytes."""
    if not query or not names:
        return query
    pairs = query.split("&")
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]).lower() not in names]
    return query if len(kept) == len(pairs) else "&".join(kept)


class Secret:
    """The text that an upstream asks for. ``headers`` and ``query`` are what is sent; ``hide`` finds it in bytes."""

    __slots__ = ("_forms", "digest", "headers", "query")

    def __init__(self, upstream: Upstream, text: str) -> None:
        self.headers: Headers = ()
        self.query = ""
        self.digest = hash((upstream.name, text)) if text else 0
        written = {text} if text else set()
        if text:
            written |= self._place(upstream, text)
        forms = {form for one in written for form in _forms(one)}
        self._forms = sorted((form.encode() for form in forms), key=len, reverse=True)

    def _place(self, upstream: Upstream, text: str) -> set[str]:
        """Puts the text where the upstream wants it; returns it as it is written there."""
        if upstream.secret_in == "query":
            self.query = f"{quote(upstream.secret_name or 'key', safe='')}={quote(text, safe='')}"
            return set()
        if upstream.secret_in == "header":
            self.headers = ((upstream.secret_name.lower() or "x-api-key", upstream.secret_prefix + text),)
            return set()
        if upstream.secret_in == "basic":
            coded = base64.b64encode(text.encode()).decode() if ":" in text else text
            self.headers = (("authorization", f"Basic {coded}"),)
            password = (text if ":" in text else _decoded(text)).partition(":")[2]
            return {coded, coded.rstrip("="), *([password] if len(password) >= SHORTEST else [])}
        self.headers = (("authorization", (upstream.secret_prefix or "Bearer ") + text),)
        return set()

    def hide(self, data: bytes) -> bytes:
        """The same object when the secret does not stand in it."""
        for form in self._forms:
            if form in data:
                data = data.replace(form, _HIDDEN.encode())
        return data

    def hide_text(self, text: str) -> str:
        """The same for a header's value or a sentence."""
        for form in self._forms:
            plain = form.decode()
            if plain in text:
                text = text.replace(plain, "****")
        return text


def _decoded(coded: str) -> str:
    """User and password (RFC 7617, section 2) of what is kept in its coded form."""
    try:
        return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return ""


def _forms(text: str) -> set[str]:
    """The ways a text may be written in an answer: plain, in JSON, in a URL, in HTML, as base64."""
    coded = base64.b64encode(text.encode()).decode()
    return {text, coded, coded.rstrip("=")} | _in_json(text) | _in_urls(text) | _in_pages(text)


def _in_json(text: str) -> set[str]:
    """As Python and browsers write it, PHP (``\\/``), Go (``\\u0026``) and .NET (``\\u002B``)."""
    found = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    found |= {one.replace("/", "\\/") for one in found}
    found.add(re.sub(r"[&<>]", lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text)[1:-1]))
    found.add(re.sub(r"[^ !#$%()*,\-./0-9:;=?@A-Z\[\]^_a-z{|}~\\]", lambda sign: f"\\u{ord(sign[0]):04X}", text))
    return found


def _in_urls(text: str) -> set[str]:
    """Some leave slashes, some write the hexadecimal digits in small letters (RFC 3986, section 2.1, takes both)."""
    found = {quote(text, safe=""), quote_plus(text), quote(text)}
    return found | {re.sub(r"%..", lambda sign: sign[0].lower(), one) for one in found}


def _in_pages(text: str) -> set[str]:
    """Quotes have several names."""
    named = html.escape(text)
    return {named, html.escape(text, quote=False), named.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")}
