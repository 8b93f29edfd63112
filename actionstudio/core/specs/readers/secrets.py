"""What in a recorded or pasted call is a credential: its name makes the scheme, its value is never kept.

A curl command, a HAR and a Postman collection hold the keys of the person who made them. A contract is shown, shared
and exported, so nothing that looks like one may get into it, neither by its name nor by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

type JSON = Any

HIDDEN = "***"
SHORTEST = 12  # what is shorter has the form of no token
_NAMES = frozenset((
    "authorization", "proxyauthorization", "cookie", "setcookie", "apikey", "xapikey", "token", "accesstoken",
    "refreshtoken", "idtoken", "authtoken", "sessiontoken", "clientsecret", "clientassertion", "secret", "password",
    "passwd", "pwd", "passphrase", "pin", "codeverifier", "privatekey", "bearer", "credentials", "signature", "sig",
    "session", "sessionid", "jsessionid", "phpsessid", "csrf", "xsrf", "otp", "cvv", "cvc",
))  # fmt: skip
_ENDINGS = (
    "token", "secret", "password", "credentials", "apikey", "authkey", "accesskey", "privatekey", "subscriptionkey",
    "functionskey", "sessionid", "signature", "authorization", "sessionkey", "licensekey",
)  # fmt: skip
_PAGING = ("page", "next", "prev", "cursor", "sync", "continu", "resume")  # tokens of this kind open nothing
_KEYS_IN_QUERY = frozenset((
    "apikey", "xapikey", "accesstoken", "token", "authtoken", "auth", "subscriptionkey", "apitoken", "accesskey",
))  # fmt: skip
_KEYS_WHEN_LONG = frozenset(("key", "appid", "appkey", "clientid", "hapikey"))
_TOKEN = re.compile(
    r"""eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|(?:gh[opsu]|github_pat|glpat)[-_][A-Za-z0-9_-]{16,}
    |xox[abprs]-[A-Za-z0-9-]{10,}|A[KS]IA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|(?:ask|ast)_[A-Za-z0-9_-]{16,}
    |PMAK-[0-9a-f]{20,}[0-9a-f-]*|SG\.[\w-]{16,}\.[\w-]{16,}|hf_[A-Za-z0-9]{20,}
    |-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----[\s\S]*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|$)
    |(?<=://)[^/\s:@]+:[^/\s@]+(?=@)""",
    re.VERBOSE,
)
_SPOKEN = re.compile(r"\b(bearer|basic|digest|token|apikey)(\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_STEMS = re.compile(r"passw|secret|token|api[-_]?key|authoriz|private|credential|session|bearer", re.IGNORECASE)


def plain(name: str) -> str:
    """A name without case, hyphens and underscores: ``X-Api-Key`` as ``xapikey``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(4096)
def is_secret(name: str) -> bool:
    """Whether what bears this name (a header, a key of an object, a form field) is a credential."""
    flat = plain(name)
    if any(word in flat for word in _PAGING):
        return False
    return flat in _NAMES or flat.endswith(_ENDINGS)


def is_query_key(name: str, values: Iterable[str]) -> bool:
    """Whether a query parameter of this name is how the caller proves who they are."""
    flat = plain(name)
    if any(word in flat for word in _PAGING):
        return False
    return flat in _KEYS_IN_QUERY or (flat in _KEYS_WHEN_LONG and any(len(value) >= 16 for value in values))


def hides(text: str) -> bool:
    """Whether a free text may hold a credential under a name that we cannot take apart."""
    return bool(_STEMS.search(text)) or text != without(text)


def without(text: str) -> str:
    """A text without what has the form of a token: JSON Web Tokens, well-known prefixes, ``Bearer …``."""
    if len(text) < SHORTEST:
        return text
    return _SPOKEN.sub(rf"\1\2{HIDDEN}", _TOKEN.sub(HIDDEN, text))


def cleaned(value: JSON, *, hidden: bool = False) -> JSON:
    """A JSON value of the same shape in which no credential stands. ``hidden``: all of it is one."""
    if isinstance(value, dict):
        return {key: cleaned(item, hidden=hidden or is_secret(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned(item, hidden=hidden) for item in value]
    if isinstance(value, str):
        return HIDDEN if hidden and value else without(value)
    if hidden and isinstance(value, int | float) and not isinstance(value, bool):
        return 0
    return value
