"""Hides secrets before they are stored: what remains is the scheme, the length and the last four characters.

Two ways to find them: by the name under which they travel (headers, query, form and JSON keys; a project adds its
own), and by the shape of what this studio issues (PREFIXES: keys, tokens, codes, client secrets), wherever it stands. A
row in which nothing is found is returned as it came; looking costs a few microseconds.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import orjson
import re2

HEADERS = frozenset((
    "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey",
    "x-auth-token", "x-access-token", "x-csrf-token", "x-csrftoken",
))  # fmt: skip
KEYS = frozenset((
    "access_token", "refresh_token", "id_token", "token", "client_secret", "client_assertion", "secret",
    "password", "passwd", "passphrase", "api_key", "apikey", "api-key", "x-api-key", "authorization",
    "code_verifier", "private_key", "session_token", "auth_token", "bearer",
))  # fmt: skip
_ENDINGS = (
    "token", "secret", "password", "credentials", "api-key", "apikey", "auth-key", "access-key", "private-key",
    "subscription-key", "functions-key", "rapidapi-key", "session-id", "signature",
)  # fmt: skip
_SCHEMES = frozenset({"basic", "bearer", "digest", "token", "apikey", "oauth", "dpop", "hawk", "negotiate", "ntlm"})
_WITH_URLS = frozenset({"referer", "location"})
QUERY_KEYS = KEYS | {"code", "sig", "signature"}
# Keys of a project, API tokens; access and refresh tokens, authorization codes, client secrets, keys of end users,
# tokens with which clients change what they registered
PREFIXES = ("ask_", "ast_", "asat_", "asrt_", "asac_", "ascs_", "asuk_", "asrg_")
_ANY = "|".join(prefix[:-1] for prefix in PREFIXES)
ISSUED = re.compile(rf"(?:{_ANY})_[A-Za-z0-9_-]{{16,}}")
ISSUED_BYTES = re.compile(rf"(?:{_ANY})_[A-Za-z0-9_-]{{16,}}".encode())
_FLAT = frozenset(key.replace("_", "").replace("-", "") for key in KEYS)  # accessToken, access-token, access_token
_AFTER_NAME = rb"""\\*["']?\s*[:=]\s*"""
_VALUE = (
    rb"""(?:"(?P<a>(?:[^"\\]|\\.)+)|'(?P<b>[^']+)|\\+["'](?P<c>(?:(?!\\["']).)+)"""
    rb"""|(?P<d>(?:(?:bearer|basic|digest|token)\s+)?[^"'&\s,;<>{}\[\]\\]+))"""
)
_STEMS = (
    "token", "secret", "passw", "passphrase", "api_key", "apikey", "api-key", "private", "authorization",
    "assertion", "bearer", "verifier", *PREFIXES, "\\u00",
)  # fmt: skip
_FORM_STEMS = ("code", "sig")  # a form may carry an OAuth code; in JSON the word means anything
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_DEEPEST = 64


def masked(text: str) -> str:
    """``sk-live-abcdef`` as ``…cdef (14 characters)``: enough to tell two secrets apart, not enough to use one."""
    tail = text[-4:] if len(text) >= 12 else ""
    return f"••••{tail} ({len(text)} characters)"


def header(name: str, value: str, masks: frozenset[str] = frozenset()) -> str:
    """A header's value as the log keeps it. ``name`` is lower case."""
    if name in ("cookie", "set-cookie"):
        return _cookies(name, value)
    if name in masks or _is_credential(name):
        scheme, space, rest = value.partition(" ")
        if space and rest and scheme.lower() in _SCHEMES:
            return f"{scheme} {masked(rest)}"
        return masked(value)
    if name in _WITH_URLS:
        head, mark, tail = value.partition("?")
        before, hash_, fragment = (tail if mark else head).partition("#")
        before = query(before, masks) if mark else before
        return issued(f"{head if mark else ''}{mark}{before}{hash_}{query(fragment, masks)}")
    return issued(value) if has_issued(value) else value


def has_issued(text: str) -> bool:
    """Whether a text may hold a key or token of ours. Most texts of a call have no underscore at all."""
    return "_" in text and ISSUED.search(text) is not None


@lru_cache(4096)
def _is_credential(name: str) -> bool:
    return name in HEADERS or name.endswith(_ENDINGS)


def _cookies(name: str, value: str) -> str:
    """Cookie names and attributes stay; their values go."""
    first, *attributes = value.split(";")
    pairs = [first] if name == "set-cookie" else [first, *attributes]
    hidden = [_pair(pair) for pair in pairs]
    return ";".join(hidden + (attributes if name == "set-cookie" else []))


def _pair(pair: str) -> str:
    key, equals, value = pair.partition("=")
    return f"{key}={masked(value.strip())}" if equals else masked(pair)


def headers(pairs: Sequence[tuple[str, str]], masks: frozenset[str] = frozenset()) -> Sequence[tuple[str, str]]:
    """All headers of a message; the same object when nothing had to be hidden."""
    for name, value in pairs:
        if _is_credential(name) or name in _WITH_URLS or name in masks or has_issued(value):
            return [(key, header(key, text, masks)) for key, text in pairs]
    return pairs


def issued(text: str) -> str:
    """Every key or token of ours in a text."""
    return ISSUED.sub(lambda found: _prefix(found[0]) + masked(found[0]), text)


def _prefix(text: str) -> str:
    return text[: text.index("_") + 1]


def query(text: str, masks: frozenset[str] = frozenset()) -> str:
    """A query string or form: the values of secret keys, and what we issued."""
    if not text or "=" not in text:
        return issued(text) if "_" in text else text
    pairs = text.split("&")
    out = []
    for pair in pairs:
        key, equals, value = pair.partition("=")
        name = unquote_plus(key).lower() if "%" in key or "+" in key else key.lower()
        if equals and (_secret(name, masks, QUERY_KEYS)):
            pair = f"{key}={masked(unquote_plus(value))}"
        elif "%" in pair and ISSUED.search(unquote_plus(value)):
            pair = f"{key}={issued(unquote_plus(value))}"
        out.append(pair)
    joined = "&".join(out)
    return issued(joined) if has_issued(joined) else joined


def _secret(name: str, masks: frozenset[str], keys: frozenset[str]) -> bool:
    """``user[password]`` and ``user.password`` count by their last part, ``tokens[]`` by its name."""
    if _named(name, masks, keys):
        return True
    if name[-1:] == "]" or "." in name:
        return _named(re.split(r"[\[\].]+", name.rstrip("[]"))[-1], masks, keys)
    return False


def _named(name: str, masks: frozenset[str], keys: frozenset[str]) -> bool:
    return name in keys or name in masks or name.replace("_", "").replace("-", "") in _FLAT


def body(data: bytes, content_type: str, masks: frozenset[str] = frozenset()) -> bytes:
    """A body as the log keeps it; the same object when nothing had to be hidden."""
    if not data:
        return data
    kind = content_type.partition(";")[0].strip().lower()
    if _stems(kind in _FORMS, masks).search(data) is None:
        return data
    if kind == "application/x-www-form-urlencoded":
        return query(data.decode("utf-8", "surrogateescape"), masks).encode("utf-8", "surrogateescape")
    if kind == "multipart/form-data":
        data = _multipart(data, content_type, masks)
    else:
        data = _json(data, masks)
    return ISSUED_BYTES.sub(lambda found: issued(found[0].decode()).encode(), data)


@lru_cache(256)
def _stems(form: bool, masks: frozenset[str]) -> Any:
    """Finds a part of any secret's name, in one pass over the body: most have none and are left alone."""
    words = [*_STEMS, *(_FORM_STEMS if form else ()), *(name for name in masks if name)]
    return re2.compile(f"(?i){'|'.join(re2.escape(word) for word in words)}".encode())


def _json(data: bytes, masks: frozenset[str]) -> bytes:
    """JSON by its keys. What is no JSON, or cut, is searched for ``"key": "value"`` and ``key=value``."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _loose(data, masks)
    try:
        hidden = _walk(value, masks, 0)
    except _TooDeep:
        return _loose(data, masks)
    return data if hidden is value else orjson.dumps(hidden)


class _TooDeep(Exception):
    pass


def _walk(value: Any, masks: frozenset[str], depth: int) -> Any:
    """The same object when nothing changed, so that a body without secrets keeps its bytes."""
    if depth > _DEEPEST:
        raise _TooDeep
    if isinstance(value, str):
        return _sentence(value, masks)
    if isinstance(value, dict):
        out = {key: _member(key, item, masks, depth) for key, item in value.items()}
        return out if any(out[key] is not value[key] for key in value) else value
    if isinstance(value, list):
        items = [_walk(item, masks, depth + 1) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _member(key: str, item: Any, masks: frozenset[str], depth: int) -> Any:
    if _named(key.lower(), masks, KEYS):
        if isinstance(item, list):
            return [masked(str(one)) if isinstance(one, str | int | float) else one for one in item]
        if not isinstance(item, dict | bool | None):
            return masked(str(item))
    return _walk(item, masks, depth + 1)


def _sentence(text: str, masks: frozenset[str]) -> str:
    """A text inside JSON may itself be JSON, a form or a header line."""
    if ":" not in text and "=" not in text:
        return text
    data = text.encode("utf-8", "surrogatepass")
    hidden = data if _stems(False, masks).search(data) is None else _loose(data, masks)
    return text if hidden == data else hidden.decode("utf-8", "surrogatepass")


def _loose(data: bytes, masks: frozenset[str]) -> bytes:
    return _pattern(masks).sub(_hidden, data)


@lru_cache(256)
def _pattern(masks: frozenset[str]) -> re.Pattern[bytes]:
    names = sorted(KEYS | masks, key=len, reverse=True)
    words = b"|".join(re.sub(rb"\\?[_-]", b"[_-]?", re.escape(name.encode())) for name in names)
    return re.compile(rb"\b(?:" + words + rb")" + _AFTER_NAME + _VALUE, re.IGNORECASE | re.DOTALL)


def _hidden(found: re.Match[bytes]) -> bytes:
    start, end = found.span(found.lastgroup or 0)
    secret = found.string[start:end].decode("utf-8", "replace")
    return found.string[found.start() : start] + masked(secret).encode() + found.string[end : found.end()]


def _multipart(data: bytes, content_type: str, masks: frozenset[str]) -> bytes:
    """Parts whose name is secret lose their content. A cut body is treated part by part all the same."""
    found = re.search(r'boundary="?([^";]+)"?', content_type, re.IGNORECASE)
    if not found:
        return _loose(data, masks)
    boundary = b"--" + found[1].strip().encode("latin-1", "replace")
    parts = data.split(boundary)
    return boundary.join(_part(part, masks) for part in parts)


def _part(part: bytes, masks: frozenset[str]) -> bytes:
    head, gap, content = part.partition(b"\r\n\r\n" if b"\r\n\r\n" in part else b"\n\n")
    named = re.search(rb'\bname="?([^";\r\n]+)', head)
    if not gap or not named:
        return part
    if _secret(named[1].decode("utf-8", "replace").lower(), masks, QUERY_KEYS):
        text = content.rstrip(b"\r\n")
        return head + gap + masked(text.decode("utf-8", "replace")).encode() + content[len(text) :]
    if b"application/json" in head.lower():
        return head + gap + _json(content.rstrip(b"\r\n"), masks) + b"\r\n"
    return part


def basic_user(value: str) -> str:
    """The user name of a Basic credential, for people who look at a refused call; "" when it is none."""
    try:
        return base64.b64decode(value.partition(" ")[2], validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
