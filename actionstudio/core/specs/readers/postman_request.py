"""One request of a Postman collection -> a call; and the variables of a collection."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from actionstudio.core.specs.readers import secrets
from actionstudio.core.specs.readers.calls import MULTIPART, URLENCODED, Answer, Call, Content, content, parsed
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.words import said

type JSON = Any

_VARIABLE = re.compile(r"\{\{([^{}]+)\}\}")
_BARE = re.compile(r'(?<=[:\[,{])(\s*)(\{\{[^{}"]+\}\})(?=\s*[,\]}])')
_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"))
_LANGUAGES = {
    "json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain",
    "javascript": "application/javascript",
}  # fmt: skip
_DEEPEST = 5


class Variables:
    """The variables of a collection. ``unknown`` collects the names that were asked for and are not there."""

    def __init__(self, raw: JSON) -> None:
        self.unknown: set[str] = set()
        self._values: dict[str, str] = {}
        for item in raw if isinstance(raw, list) else ():
            name = (item.get("key") or item.get("id")) if isinstance(item, dict) else None
            if not isinstance(name, str) or item.get("disabled") is True:
                continue
            value = item.get("value")
            if item.get("type") == "secret" or secrets.is_secret(name):
                value = ""
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                self._values[name] = secrets.without(str(value))

    def filled(self, text: str) -> str:
        """``text`` with what is known filled in; the rest stays as it is written."""
        for _ in range(_DEEPEST):
            fresh = _VARIABLE.sub(self._one, text)
            if fresh == text or len(fresh) > 1_000_000:
                break
            text = fresh
        return text

    def value(self, name: str) -> str:
        """What a variable holds, "" when it is not known."""
        return self._values.get(name, "")

    def _one(self, found: re.Match[str]) -> str:
        name = found[1].strip()
        value = self._values.get(name, "")
        if not value and not name.startswith("$"):
            self.unknown.add(name)
        return value or found[0]


def call(item: dict[str, JSON], variables: Variables, notes: Notes, at: str) -> Call | None:
    """The call of an item, or None when it has no usable address or method: then that is noted."""
    request = item["request"]
    if isinstance(request, str):
        request = {"url": request}
    if not isinstance(request, dict):
        notes.add(f"{at}/request", said("A request must be an object; it was left out."), "not-an-object")
        return None
    method = request.get("method")
    method = method.upper() if isinstance(method, str) and method else "GET"
    if method not in _METHODS:
        message = said(
            "%(method)s is not a method that a contract knows; the request was left out.", method=method[:20]
        )
        notes.add(f"{at}/request/method", message, "method")
        return None
    url = _Url(request.get("url"), variables)
    if not url.usable:
        message = said("“%(name)s” has no address; it was left out.", name=_name(item) or "request")
        notes.add(f"{at}/request/url", message, "url")
        return None
    texts = {**url.texts, **_texts(request.get("header"), "header")}
    return Call(
        method,
        url.text,
        tuple(_pairs(request.get("header"), variables)),
        url.query,
        _body(request.get("body"), variables, _kind(request.get("header"))),
        tuple(_answers(item.get("response"), variables)),
        at,
        _name(item),
        described(request.get("description")) or described(item.get("description")),
        texts=texts,
        optional=frozenset(name for name, _value in url.query),
    )


class _Url:
    """An address in either of its forms: a text, or an object with ``raw`` and parts."""

    def __init__(self, raw: JSON, variables: Variables) -> None:
        self.query: tuple[tuple[str, str], ...] = ()
        self.texts: dict[tuple[str, str], str] = {}
        if isinstance(raw, str):
            text = raw
        elif isinstance(raw, dict):
            text = self._of_parts(raw, variables)
        else:
            text = ""
        text, _, written = text.strip().partition("?")
        text = variables.filled(text.partition("#")[0])
        if not isinstance(raw, dict) or not isinstance(raw.get("query"), list):
            written = variables.filled(written.partition("#")[0])
            self.query = tuple(parse_qsl(written, keep_blank_values=True, max_num_fields=1000))
        self.text = self._whole(text)
        self.usable = bool(self.text)

    def _of_parts(self, raw: dict[str, JSON], variables: Variables) -> str:
        if isinstance(raw.get("query"), list):
            self.query = tuple(_pairs(raw["query"], variables, disabled=True))
            self.texts |= _texts(raw["query"], "query")
        self.texts |= _texts(raw.get("variable"), "path")
        text = raw.get("raw")
        if isinstance(text, str) and text.strip():
            return text
        host, path = raw.get("host"), raw.get("path")
        host = ".".join(str(part) for part in host) if isinstance(host, list) else host
        if isinstance(path, list):
            path = "/".join(str(part.get("value", "")) if isinstance(part, dict) else str(part) for part in path)
        if not isinstance(host, str) or not host:
            return ""
        protocol = raw.get("protocol")
        start = f"{protocol}://" if isinstance(protocol, str) and protocol and "://" not in host else ""
        port = f":{raw['port']}" if isinstance(raw.get("port"), str | int) and raw.get("port") else ""
        return f"{start}{host}{port}/{path.lstrip('/') if isinstance(path, str) else ''}"

    def _whole(self, text: str) -> str:
        """The address with a server when it is known, else its path alone; "" when there is none."""
        if not text:
            return ""
        start = _VARIABLE.match(text)
        if start:  # {{baseUrl}}/orders, and nobody says what it is
            rest = text[start.end() :]
            return f"/{rest.lstrip('/')}" if rest[:1] in ("", "/") else ""
        if text.startswith("/"):
            return f"/{text.lstrip('/')}"
        if "://" not in text:
            text = f"https://{text}"
        scheme, _, rest = text.partition("://")
        netloc, slash, path = rest.partition("/")
        if _VARIABLE.search(netloc) or _VARIABLE.search(scheme):
            return f"/{path.lstrip('/')}"
        try:
            parts = urlsplit(f"{scheme}://{netloc}")
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1)
        except ValueError:
            return ""
        if not usable or re.search(r"[\s\"'<>\\^`{|}?#]", netloc):
            return ""
        return f"{scheme}://{netloc}{slash}{path}"


def described(raw: JSON) -> str:
    """A description: a text, or an object that holds one."""
    raw = raw.get("content") if isinstance(raw, dict) else raw
    return raw.strip() if isinstance(raw, str) else ""


def _name(item: dict[str, JSON]) -> str:
    name = item.get("name")
    return name.strip() if isinstance(name, str) else ""


def _pairs(raw: JSON, variables: Variables, *, disabled: bool = False) -> list[tuple[str, str]]:
    """{key, value} entries. Those switched off count where they tell what else there is."""
    if isinstance(raw, str):  # v2.0 allows headers as one text
        lines = (line.partition(":") for line in raw.splitlines())
        return [
            (name.strip(), variables.filled(value.strip())) for name, colon, value in lines if colon and name.strip()
        ]
    return [
        (item["key"], variables.filled(_text(item.get("value"))))
        for item in (raw if isinstance(raw, list) else ())
        if isinstance(item, dict)
        and isinstance(item.get("key"), str)
        and item["key"]
        and (disabled or item.get("disabled") is not True)
    ]


def _texts(raw: JSON, place: str) -> dict[tuple[str, str], str]:
    return {
        (place, item["key"]): described(item.get("description"))
        for item in (raw if isinstance(raw, list) else ())
        if isinstance(item, dict) and isinstance(item.get("key"), str) and described(item.get("description"))
    }


def _kind(headers: JSON) -> str:
    """The media type that headers say."""
    found = (
        item.get("value")
        for item in (headers if isinstance(headers, list) else ())
        if isinstance(item, dict) and str(item.get("key", "")).lower() == "content-type"
    )
    kind = next(found, "")
    return kind if isinstance(kind, str) else ""


def _body(raw: JSON, variables: Variables, kind: str) -> Content | None:
    if not isinstance(raw, dict) or raw.get("disabled") is True:
        return None
    mode = raw.get("mode")
    given = raw.get(mode) if isinstance(mode, str) else None
    if mode == "raw":
        language = raw.get("options")
        language = language.get("raw") if isinstance(language, dict) else None
        language = language.get("language") if isinstance(language, dict) else None
        return _raw(_text(given), variables, kind or _LANGUAGES.get(language if isinstance(language, str) else "", ""))
    if mode == "graphql" and isinstance(given, dict):
        written = variables.filled(_text(given.get("variables"))) or "{}"
        return Content(
            "application/json", value={"query": _text(given.get("query")), "variables": _loaded(written)}, is_json=True
        )
    if mode in ("urlencoded", "formdata"):
        fields = tuple(
            (item["key"], None if item.get("type") == "file" else variables.filled(_text(item.get("value"))))
            for item in (given if isinstance(given, list) else ())
            if isinstance(item, dict) and isinstance(item.get("key"), str) and item.get("disabled") is not True
        )
        return Content(URLENCODED if mode == "urlencoded" else MULTIPART, fields=fields) if fields else None
    plain = kind.partition(";")[0].strip().lower()
    return Content(plain or "application/octet-stream") if mode == "file" else None


def _raw(text: str, variables: Variables, kind: str) -> Content | None:
    text = variables.filled(text)
    if text.lstrip()[:1] in ("{", "["):
        text = _BARE.sub(lambda found: f'{found[1]}"{found[2]}"', _without_comments(text))
    return content(kind, text)


def _without_comments(text: str) -> str:
    """JSON without the ``//`` comments that Postman allows on lines of their own."""
    return re.sub(r"(?m)^\s*//[^\n]*\n?", "", text)


def _loaded(text: str) -> JSON:
    _found, value = parsed(text)
    return value if isinstance(value, dict) else {}


def _answers(raw: JSON, variables: Variables) -> list[Answer]:
    """The saved responses."""
    found = []
    for item in raw if isinstance(raw, list) else ():
        status = item.get("code") if isinstance(item, dict) else None
        if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status < 600 or status == 304:
            continue
        kind = _kind(item.get("header")) or _LANGUAGES.get(str(item.get("_postman_previewlanguage", "")).lower(), "")
        found.append(Answer(status, _raw(_text(item.get("body")), variables, kind), _name(item)))
    return found


def _text(value: JSON) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict | list) else json.dumps(value)
