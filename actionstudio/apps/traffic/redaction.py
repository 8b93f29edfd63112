"""Hides secrets before they are stored: what remains is the scheme, the length, and of long keys and tokens the last
four characters; of passwords nothing.

Two ways to find them: by the name under which they travel (headers, query, form and JSON keys; a project adds its
own), and by their shape, wherever they stand: what this studio issues (PREFIXES: keys, tokens, codes, client secrets),
and the keys of well-known services (core/hiding/known.py). A project's further rules come with its masks
(core/hiding). A row in which nothing is found is returned as it came; looking costs a few microseconds. What is hidden
already stays as it is, so that all of it can be done again.

``side`` is "request" or "response"; "" where that is not known: then what holds for either is hidden.
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

from actionstudio.core.hiding import Masks, known
from actionstudio.core.hiding.marks import DOTS, HIDDEN, around, has_variable, is_mark

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
    rb"""|(?P<d>(?:(?:bearer|basic|digest|token)\s+){0,2}[^"'&\s,;<>{}\[\]\\]+))"""
)
# An element of XML or HTML of that name: with attributes, and with its text as CDATA
_ELEMENT = rb"""(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?(?P<e>[^<\s][^<]*?)(?=\s*(?:\]\]>|<|\Z))"""
_STEMS = (
    "token", "secret", "passw", "passphrase", "api_key", "apikey", "api-key", "private", "authorization",
    "assertion", "bearer", "verifier", *PREFIXES, "\\u00",
)  # fmt: skip
_FORM_STEMS = ("code", "sig")  # a form may carry an OAuth code; in JSON the word means anything
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_DEEPEST = 64
# What stands beside an authorization code, on its way to the client and to the token endpoint (RFC 6749, section 4.1)
_BESIDE_CODES = frozenset({"state", "iss", "session_state", "scope", "redirect_uri", "grant_type", "client_id"})
_ORDINARY = re.compile(r"[0-9]{1,3}|(?![0-9]+$)[A-Za-z0-9_.-]{1,11}")  # too short for one, and no one-time code either
_LONG = 20  # characters of a key or token of which the last four may be seen
_SHORTEST = 12  # of a placeholder likewise
_PLACEHOLDER = re.compile(r"\{\{[\w .-]+\}\}|\$?\{[\w.-]+\}|<[\w .-]+>")
# Names under which people send what they chose themselves
_CHOSEN = re.compile(
    r"passw|pass[_-]?(?:phrase|code)|pwd|(?<![a-z])(?:pin|cvv|cvc|otp)(?![a-z])|\bbasic\b", re.IGNORECASE
)
_ELLIPSIS = 8  # characters, none of them a letter or a digit


def masked(text: str, name: str = "") -> str:
    """``sk-live-abcdef…`` as ``••••cdef (24 characters)``: enough to tell two secrets apart, not enough to use one.
    ``name`` is under what it travelled: what people choose (a password, a PIN) is hidden whole, its length too."""
    if _chosen(name) and not has_variable(text):
        return HIDDEN
    if is_mark(text):
        return text
    if has_variable(text):
        return around(text, lambda part: masked(part, name))
    schemes, secret = parted(text)
    if any(scheme.lower() == "basic" for scheme in schemes):
        return HIDDEN
    tail = text[-4:] if _made(secret) else ""
    return f"{DOTS}{tail} ({len(text)} characters)"


@lru_cache(4096)
def _chosen(name: str) -> bool:
    return bool(name) and _CHOSEN.search(name) is not None


def _made(secret: str) -> bool:
    """Whether it looks as a machine makes keys: long, in one piece, and of several kinds of characters; or it is a
    placeholder that nobody filled in, and no secret."""
    if len(secret) >= _SHORTEST and _PLACEHOLDER.fullmatch(secret):
        return True
    if len(secret) < _LONG or "@" in secret or any(one.isspace() for one in secret):
        return False
    return any(one.isdigit() for one in secret) or (secret.lower() != secret and secret.upper() != secret)


def header(name: str, value: str, masks: frozenset[str] = frozenset()) -> str:
    """A header's value as the log keeps it. ``name`` is lower case."""
    if name in ("cookie", "set-cookie"):
        return _cookies(name, value)
    if name in masks or _is_credential(name):
        schemes, secret = parted(value)
        return " ".join([*schemes, masked(secret, " ".join([*schemes, name]))])
    if name in _WITH_URLS:
        head, mark, tail = value.partition("?")
        before, hash_, fragment = (tail if mark else head).partition("#")
        before = query(before, masks) if mark else before
        return issued(f"{head if mark else ''}{mark}{before}{hash_}{query(fragment, masks)}")
    return issued(value) if has_issued(value) else value


def parted(value: str) -> tuple[list[str], str]:
    """The scheme of a credential and the rest. Two schemes where one was pasted with the secret: that is no secret."""
    schemes: list[str] = []
    while len(schemes) < 2:
        scheme, _space, rest = value.partition(" ")
        if not rest or scheme.lower() not in _SCHEMES:
            break
        schemes.append(scheme)
        value = rest
    return schemes, value


def has_issued(text: str) -> bool:
    """Whether a text holds a key or token of ours, or a key of a well-known service."""
    if "_" in text and ISSUED.search(text) is not None:
        return True
    return known.may_have(text) and known.has_key(text.encode("utf-8", "replace"))


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
    return f"{key}={masked(value.strip(), key)}" if equals else masked(pair)


def headers(
    pairs: Sequence[tuple[str, str]], masks: frozenset[str] = frozenset(), side: str = ""
) -> Sequence[tuple[str, str]]:
    """All headers of a message; the same object when nothing had to be hidden."""
    if isinstance(masks, Masks):
        hidden = headers(pairs, masks.names(side, "headers"))
        ruled = [(name, masks.text(value, side, "headers")) for name, value in hidden]
        return hidden if all(new[1] is old[1] for new, old in zip(ruled, hidden, strict=True)) else ruled
    hidden, others = [], []
    for pair in pairs:
        name, value = pair
        if _is_credential(name) or name in _WITH_URLS or name in masks:
            hidden.append((name, header(name, value, masks)))
        else:
            hidden.append(pair)
            others.append(value)
    if has_issued("\n".join(others)):
        return [(name, header(name, value, masks)) for name, value in pairs]
    return hidden if len(others) < len(pairs) else pairs


def issued(text: str) -> str:
    """A text without the keys and tokens of ours, and those of well-known services."""
    text = ISSUED.sub(lambda found: _prefix(found[0]) + masked(found[0]), text)
    if not known.may_have(text):
        return text
    return known.without_keys(text.encode("utf-8", "surrogatepass"), masked).decode("utf-8", "surrogatepass")


def _prefix(text: str) -> str:
    return text[: text.index("_") + 1]


def path(text: str, masks: frozenset[str] = frozenset()) -> str:
    """A path: what has the shape of a key, and what a project's rules find."""
    text = issued(text) if has_issued(text) else text
    return masks.line(text) if isinstance(masks, Masks) else text


def query(text: str, masks: frozenset[str] = frozenset(), form: bool = False) -> str:
    """A query string or ``form``: the values of secret keys, and what we issued. ``code`` of a query is hidden where it
    may be one of OAuth: ``?code=500`` of an API is none."""
    if isinstance(masks, Masks):
        return masks.line(query(text, masks.names("request", "line")))
    if not text or "=" not in text:
        return issued(text) if has_issued(text) else text
    pairs = text.split("&")
    keys = QUERY_KEYS if form or _may_be_oauth(pairs) else QUERY_KEYS - {"code"}
    out = []
    for pair in pairs:
        key, equals, value = pair.partition("=")
        name = unquote_plus(key).lower() if "%" in key or "+" in key else key.lower()
        if equals and (_secret(name, masks, keys)):
            pair = f"{key}={masked(unquote_plus(value), name)}"
        elif "%" in pair and has_issued(unquote_plus(value)):
            pair = f"{key}={issued(unquote_plus(value))}"
        out.append(pair)
    joined = "&".join(out)
    return issued(joined) if has_issued(joined) else joined


def _may_be_oauth(pairs: list[str]) -> bool:
    """Whether a ``code`` among them may be an authorization code."""
    given = [pair.partition("=") for pair in pairs]
    names = {key.lower() for key, _equals, _value in given}
    codes = [value for key, _equals, value in given if key.lower() == "code"]
    plain = len(codes) == 1 and _ORDINARY.fullmatch(codes[0]) is not None
    return not plain or not names.isdisjoint(_BESIDE_CODES)


def _secret(name: str, masks: frozenset[str], keys: frozenset[str]) -> bool:
    """``user[password]`` and ``user.password`` count by their last part, ``tokens[]`` by its name."""
    if _named(name, masks, keys):
        return True
    if name[-1:] == "]" or "." in name:
        return _named(re.split(r"[\[\].]+", name.rstrip("[]"))[-1], masks, keys)
    return False


def _named(name: str, masks: frozenset[str], keys: frozenset[str]) -> bool:
    return name in keys or name in masks or name.replace("_", "").replace("-", "") in _FLAT


def body(data: bytes, content_type: str, masks: frozenset[str] = frozenset(), side: str = "") -> bytes:
    """A body as the log keeps it; the same object when nothing had to be hidden."""
    if not data:
        return data
    kind = content_type.partition(";")[0].strip().lower()
    if isinstance(masks, Masks):
        names = masks.fields(side) if kind in _FORMS else masks.names(side, "body")
        return masks.body(body(data, content_type, names), kind, side)
    if _stems(kind in _FORMS, masks).search(data) is None:
        return data
    if kind == "application/x-www-form-urlencoded":
        return query(data.decode("utf-8", "surrogateescape"), masks, form=True).encode("utf-8", "surrogateescape")
    if kind == "multipart/form-data":
        data = _multipart(data, content_type, masks)
    else:
        data = _json(data, masks)
    data = ISSUED_BYTES.sub(lambda found: issued(found[0].decode()).encode(), data)
    return known.without_keys(data, masked) if known.has_key(data) else data


@lru_cache(256)
def _stems(form: bool, masks: frozenset[str]) -> Any:
    """Finds a part of any secret's name, or of a known key, in one pass: most bodies have none and are left alone."""
    words = [*_STEMS, *(_FORM_STEMS if form else ()), *(name for name in masks if name)]
    return re2.compile(f"(?i:{'|'.join(re2.escape(word) for word in words)})|{known.HINT}".encode())


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
            return [masked(str(one), key) if isinstance(one, str | int | float) else one for one in item]
        if not isinstance(item, dict | bool | None):
            return masked(str(item), key)
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
    return re.compile(
        rb"\b(?:" + words + rb")(?:" + _AFTER_NAME + _VALUE + rb"|" + _ELEMENT + rb")", re.IGNORECASE | re.DOTALL
    )


def _hidden(found: re.Match[bytes]) -> bytes:
    start, end = found.span(found.lastgroup or 0)
    secret = found.string[start:end].decode("utf-8", "replace")
    if found.lastgroup == "d" and _said(secret):
        return found[0]
    name = found.string[found.start() : start].decode("utf-8", "replace")
    return found.string[found.start() : start] + masked(secret, name).encode() + found.string[end : found.end()]


def _said(text: str) -> bool:
    """Whether what follows a name in plain text is none of somebody's secret: a mark, as far as it has no blank, or the
    scheme that a sentence names with an ellipsis or a placeholder behind it ("wanted Authorization: Bearer ….")."""
    scheme, _blank, rest = text.partition(" ")
    if scheme.lower() not in _SCHEMES:
        rest = text
    elif len(rest) <= _ELLIPSIS and re.search(r"\w", rest) is None:
        return True
    return rest.startswith(DOTS) and len(rest) <= 2 * len(DOTS)


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
        name = named[1].decode("utf-8", "replace")
        return head + gap + masked(text.decode("utf-8", "replace"), name).encode() + content[len(text) :]
    if b"application/json" in head.lower():
        return head + gap + _json(content.rstrip(b"\r\n"), masks) + b"\r\n"
    return head + gap + _loose(content, masks)


def basic_user(value: str) -> str:
    """The user name of a Basic credential, for people who look at a refused call; "" when it is none."""
    try:
        return base64.b64decode(value.partition(" ")[2], validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
