"""A call in the shape of the GPT profile becomes the call that the whole document describes.

Compiled from the profile's steps (core/importer) for the operations that have some. A step is taken when the call has
that step's shape and left out otherwise, so that a call of the document's own shape passes as it is
(docs/decisions/0012-gpt-profile.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

import orjson

from actionstudio.core.arguments import Encode, Move, Parse, Rename, Step, Unwrap
from actionstudio.core.call import Call, Headers
from actionstudio.core.contract import Media, Operation
from actionstudio.core.importer.mending import types_of
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.shape import shape_of
from actionstudio.core.schemas.wire import write_parameter
from actionstudio.runtime.negotiation import is_json, media_key
from actionstudio.runtime.reader import Outcome, charset_of
from actionstudio.runtime.visit import Visit

type JSON = Any
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"  # what may stand in one as it is (RFC 6265, section 4.1.1)
_UNTOUCHED: Any = object()


class Translation(NamedTuple):
    """What was done with one call: the steps that were taken, and the sentence that tells of them."""

    taken: tuple[Step, ...]
    sentence: str


class Translator:
    """Translates calls of one operation. ``names`` are the profile's names of path parameters by the document's."""

    def __init__(self, steps: Sequence[Step], names: dict[str, str], operation: Operation, resolver: Resolver) -> None:
        self._query: dict[str, Move | Rename] = {}
        self._body: list[Step] = []
        for step in steps:
            if isinstance(step, Move) or (isinstance(step, Rename) and step.in_ == "query"):
                self._query[step.name] = step
            else:
                self._body.append(step)
        self._parsed = {step.path for step in self._body if isinstance(step, Parse)}
        self._names = names
        body = resolver.body(operation)
        media = body.content if body is not None else ()
        self._own = {media_key(step.media_type) for step in self._body if isinstance(step, Encode)}
        self._none = any(isinstance(step, Encode) and _is_text(step.media_type) for step in self._body) or (
            body is not None and not body.required and not _may_be_object(media, resolver)
        )
        self._nullable = any("null" in shape_of(one.schema, resolver.components).kinds for one in media)
        self._encodings = {one.media_type: one.extra.get("encoding") for one in media}
        self._sentences: dict[tuple[Step, ...], str] = {}

    def translate(self, visit: Visit) -> Translation | None:
        """Gives ``visit`` the call of the document; None, and nothing changed, when it has no step's shape."""
        call = visit.call
        taken: list[Step] = []
        query, headers, body = call.query, call.headers, call.body
        if query and self._query:
            query, moved, taken = self._split(query)
            headers = _with_headers(headers, moved)
        kind = media_key(visit.headers.get("content-type", ""))
        if body and self._body and kind not in self._own and (not kind or is_json(kind)):
            made, content_type, done = self._converted(body)
            if done:
                taken += done
                body = made
                changed = [("content-type", content_type)] if content_type else []
                headers = _with_headers(headers, changed, ("content-length",))
        if not taken:
            return None
        visit.call = Call(call.method, call.path, query, headers, body)
        visit.headers = dict(headers)
        steps = tuple(taken)
        if steps not in self._sentences:
            self._sentences[steps] = "the shape of the GPT profile: " + "; ".join(map(_told, steps))
        return Translation(steps, self._sentences[steps])

    def _split(self, query: str) -> tuple[str, list[tuple[str, str]], list[Step]]:
        """The query as the document has it, the headers that came in it, and the steps."""
        kept: list[str] = []
        moved: dict[Move, list[str]] = {}
        taken: dict[Step, None] = {}
        for part in query.split("&"):
            key, equals, value = part.partition("=")
            name = unquote_plus(key)
            root, bracket, inner = name.partition("[")
            step = self._query.get(name) or self._query.get(root)
            if isinstance(step, Move):
                moved.setdefault(step, []).append(unquote_plus(value))
                taken[step] = None
            elif isinstance(step, Rename):
                kept.append(quote_plus(step.to + bracket + inner) + equals + value)
                taken[step] = None
            else:
                kept.append(part)
        headers = [(step, ",".join(values)) for step, values in moved.items()]
        given = [(step.to, quote(value, safe=_COOKIE)) for step, value in headers if step.in_ == "cookie"]
        cookies = "; ".join(map("=".join, given))
        out = [(step.to.lower(), _line(value)) for step, value in headers if step.in_ == "header"]
        return "&".join(kept), [*out, *([("cookie", cookies)] if cookies else [])], list(taken)

    def _converted(self, body: bytes) -> tuple[bytes, str, list[Step]]:
        """The body as the document has it, its content type when that changes, and the steps."""
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body, "", []
        taken: list[Step] = []
        if value == {} and self._none:
            return b"", "", [step for step in self._body if isinstance(step, Unwrap)]
        for step in self._body:
            if isinstance(step, Parse):
                made = _parsed(value, step.path)
            elif isinstance(step, Unwrap):
                if not self._wraps(value, step, taken):
                    return body, "", []
                made = value[step.key]
            elif isinstance(step, Encode):
                written = self._encoded(value, step.media_type)
                return (*written, [*taken, step]) if written else (body, "", [])
            elif isinstance(step, Rename):
                made = _renamed(value, step)
            if made is not _UNTOUCHED:
                value = made
                taken.append(step)
        return (orjson.dumps(value) if taken else body), "", taken

    def _wraps(self, value: JSON, step: Unwrap, taken: list[Step]) -> bool:
        """Whether the value is the object that holds the body. What should be a JSON text must have been one."""
        if not isinstance(value, dict) or value.keys() != {step.key}:
            return False
        if value[step.key] is None and self._nullable:
            return True
        return (step.key,) not in self._parsed or Parse((step.key,)) in taken

    def _encoded(self, value: JSON, media_type: str) -> tuple[bytes, str] | None:
        """A JSON value as another media type; None when it has not the shape of one."""
        kind = media_key(media_type)
        if is_json(kind):
            return orjson.dumps(value), media_type
        if isinstance(value, str) and kind != _MULTIPART:
            return value.encode(charset_of(media_type), "replace"), media_type
        if not isinstance(value, dict) or _is_text(media_type):
            return None
        pairs = self._pairs(value, self._encodings.get(media_type) or {})
        if kind == _FORM:
            return urlencode(pairs).encode(), media_type
        return _multipart(pairs)

    def _pairs(self, value: dict[str, JSON], encodings: Any) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for name, item in value.items():
            said = encodings.get(name) if isinstance(encodings, dict) else None
            said = said if isinstance(said, dict) else {}
            style = said.get("style") or ("json" if isinstance(item, dict) else None)
            if item is not None:
                written = write_parameter(name, "query", style, said.get("explode"), item)
                pairs += written if isinstance(written, list) else [(name, written)]
        return pairs

    def told(self, outcome: Outcome, translation: Translation | None) -> Outcome:
        """What is wrong with a call, in the names of who made it."""
        steps = () if translation is None else translation.taken
        return Outcome(outcome.status, tuple(self._told(one, steps) for one in outcome.found))

    def _told(self, one: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
        place = self._place(one["location"], steps)
        path = tuple("*" if isinstance(step, int) else step for step in place[1:])
        if place[0] == "body" and one["code"] == "type" and path in self._parsed:
            return {**one, "location": place, "message": "is not one object as JSON text"}
        return {**one, "location": place}

    def _place(self, location: Sequence[str | int], steps: Sequence[Step]) -> list[str | int]:
        place, *rest = location
        if not rest and place != "body":
            return [place]
        if place == "path":
            return [place, self._names.get(str(rest[0]), rest[0]), *rest[1:]]
        for name, step in self._query.items():
            if isinstance(step, Move) and place == step.in_ and str(rest[0]).lower() == step.to.lower():
                return ["query", name, *rest[1:]]
            if isinstance(step, Rename) and place == "query" and rest[0] == step.to:
                return ["query", name, *rest[1:]]
        if place == "body":
            for taken in reversed(steps):
                if isinstance(taken, Unwrap):
                    rest = [taken.key, *rest]
                elif isinstance(taken, Rename) and taken.in_ == "body" and rest and rest[0] == taken.to:
                    rest = [taken.name, *rest[1:]]
        return [place, *rest]


def _is_text(media_type: str) -> bool:
    """Whether a body of this type is one text: neither JSON nor a form."""
    kind = media_key(media_type)
    return not is_json(kind) and kind not in (_FORM, _MULTIPART)


def _may_be_object(content: Sequence[Media], resolver: Resolver) -> bool:
    """Whether an empty object may be a body, so that it does not stand for none at all."""
    kinds = [types_of(resolver.schema(one.schema)) for one in content]
    return not all(kinds) or any("object" in kind for kind in kinds)


def _with_headers(headers: Headers, new: Sequence[tuple[str, str]], gone: Sequence[str] = ()) -> Headers:
    """The headers with others of these names; cookies join those that are there."""
    if not new and not gone:
        return headers
    replaced = {name for name, _value in new} | set(gone)
    kept = [pair for pair in headers if pair[0] not in replaced or pair[0] == "cookie"]
    added = [pair for pair in new if pair[0] != "cookie"]
    for name, value in new:
        if name == "cookie":
            sent = "; ".join([*(old for key, old in kept if key == "cookie"), value])
            kept = [*(pair for pair in kept if pair[0] != "cookie"), ("cookie", sent)]
    return (*kept, *added)


def _line(text: str) -> str:
    """A text that fits into a header (RFC 9110, section 5.5: no CR, LF or NUL)."""
    return " ".join(text.replace("\0", " ").split()) if any(c in text for c in "\r\n\0") else text


def _parsed(value: JSON, path: tuple[str, ...]) -> JSON:
    """The value with the JSON texts at ``path`` read as objects; _UNTOUCHED when there is none."""
    if not path:
        if not isinstance(value, str):
            return _UNTOUCHED
        try:
            made = orjson.loads(value)
        except orjson.JSONDecodeError:
            return _UNTOUCHED
        return made if isinstance(made, dict) else _UNTOUCHED
    step, *rest = path
    if step == "*" and isinstance(value, list):
        items = [_parsed(item, tuple(rest)) for item in value]
        if all(item is _UNTOUCHED for item in items):
            return _UNTOUCHED
        return [old if made is _UNTOUCHED else made for made, old in zip(items, value, strict=True)]
    if not isinstance(value, dict) or step not in value:
        return _UNTOUCHED
    made = _parsed(value[step], tuple(rest))
    return _UNTOUCHED if made is _UNTOUCHED else {**value, step: made}


def _renamed(value: JSON, step: Rename) -> JSON:
    if not isinstance(value, dict) or step.name not in value or step.to in value:
        return _UNTOUCHED
    return {step.to if key == step.name else key: item for key, item in value.items()}


def _multipart(pairs: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    """A multipart body of texts (RFC 7578, section 4)."""
    mark = sha256(orjson.dumps(list(pairs))).hexdigest()[:32]
    lines = []
    for name, value in pairs:
        quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        lines.append(f'--{mark}\r\ncontent-disposition: form-data; name="{quoted}"\r\n\r\n{value}\r\n')
    return f"{''.join(lines)}--{mark}--\r\n".encode("utf-8", "replace"), f"{_MULTIPART}; boundary={mark}"


def _told(step: Step) -> str:
    if isinstance(step, Move):
        return f"the query parameter {step.name} is the {step.in_} {step.to}"
    if isinstance(step, Rename):
        return f"{step.name} is {step.to}"
    if isinstance(step, Unwrap):
        return f"the field {step.key} is the whole body"
    if isinstance(step, Parse):
        return f"the JSON text in {'.'.join(step.path)} is an object"
    return f"the JSON body is written as {step.media_type}"
