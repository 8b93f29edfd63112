"""Reads a call's parameters and body as the operation declares them, and says what is wrong with them.

Path, query, header and cookie parameters in all styles; bodies as JSON, form, multipart or text. What cannot be checked
(a schema that refers to something absent) is not asked of callers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from actionstudio.core.chatgpt import files
from actionstudio.core.contract import Body, Media, Operation, Parameter
from actionstudio.core.problem import Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.coerce import compile_parameter, decoded
from actionstudio.core.schemas.forms import FormReader, files_as_text
from actionstudio.core.schemas.shape import compile_text, shape_of
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator
from actionstudio.runtime.answers import noted
from actionstudio.runtime.guard import cookies
from actionstudio.runtime.negotiation import find_media, is_json, media_key
from actionstudio.runtime.sides import schema_for
from actionstudio.runtime.visit import Visit

type Found = list[dict[str, Any]]
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.0, section 4.8.12.1
_CHARSETS = {"iso-8859-1": "latin-1", "latin-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252"}
_CHARSETS |= {"utf-16": "utf-16", "us-ascii": "ascii"}
CODING = "content-encoding"  # the code of a body that came compressed
_MOST_PAIRS = 1000
_PLACES = ("path", "query", "header", "cookie")


class Outcome(NamedTuple):
    """``found`` is what is wrong; ``status`` how a strict operation answers it: 0 (nothing wrong), 415 or 422."""

    status: int
    found: tuple[dict[str, Any], ...]


FINE = Outcome(0, ())


class _Read(NamedTuple):
    """One compiled parameter: ``key`` is what it is looked up by."""

    key: str
    name: str
    required: bool
    empty: bool  # allowEmptyValue
    read: Callable[[Any], tuple[bool, Any]]
    checker: Validator | None


class Reader:
    """Reads calls of one operation."""

    def __init__(self, resolver: Resolver, operation: Operation, components: Mapping[str, Any]) -> None:
        """``components`` are the shared schemas as a caller sees them (see sides)."""
        self._components = components
        read: dict[str, list[_Read]] = {place: [] for place in _PLACES}
        for parameter in resolver.parameters(operation):
            if parameter.in_ == "header" and parameter.name.lower() in _IGNORED_HEADERS:
                continue
            if parameter.in_ in read:
                read[parameter.in_].append(self._parameter(parameter))
        self._path, self._query, self._header, self._cookie = (tuple(read[place]) for place in _PLACES)
        self._body = _BodyReader(resolver.body(operation), components) if operation.body is not None else None
        self.idle = self._body is None and not any(read.values())

    def _parameter(self, parameter: Parameter) -> _Read:
        schema, key, read = _reading(parameter, self._components)
        empty = parameter.extra.get("allowEmptyValue") is True
        required = parameter.required or parameter.in_ == "path"
        return _Read(key, parameter.name, required, empty, read, _checker(schema, self._components))

    def read(self, visit: Visit) -> Outcome:
        """What is wrong with the call; nothing of it is changed."""
        found: Found = []
        if self._path:
            values = visit.values or {}
            for one in self._path:
                _check(one, "path", values.get(one.key), found)
        if self._query:
            self._read_query(visit.call.query, found)
        if self._header:
            for one in self._header:
                _check(one, "header", visit.headers.get(one.key), found)
        if self._cookie:
            sent = cookies(visit.headers.get("cookie", ""))
            for one in self._cookie:
                text = sent.get(one.key)
                _check(one, "cookie", None if text is None else decoded(text), found)
        status = 422 if found else 0
        if self._body is not None:
            wrong = self._body.read(visit.headers, visit.call.body, found)
            status = wrong or status
        return Outcome(status, tuple(found)) if status else FINE

    def _read_query(self, query: str, found: Found) -> None:
        try:
            pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PAIRS) if query else []
        except ValueError:
            found.append(_problem(["query"], "too-many", f"has more than {_MOST_PAIRS} parts"))
            return
        for one in self._query:
            if one.empty and (one.key, "") in pairs:
                continue
            _check(one, "query", pairs, found)


def _reading(parameter: Parameter, components: Mapping[str, Any]) -> tuple[Any, str, Callable[[Any], tuple[bool, Any]]]:
    """A parameter's schema as callers see it, the key it is looked up by, and what reads it."""
    schema, style = parameter.schema, parameter.style
    if parameter.content:
        schema = parameter.content[0].schema
        style = "json" if is_json(parameter.content[0].media_type) else style
    schema = schema_for("request", {} if schema is None else schema, components)
    reader = compile_parameter(parameter.name, parameter.in_, schema, components, style, parameter.explode)
    return schema, parameter.name.lower() if parameter.in_ == "header" else parameter.name, reader.read


def typed(
    resolver: Resolver, operation: Operation, components: Mapping[str, Any]
) -> dict[str, dict[str, Callable[[Any], tuple[bool, Any]]]]:
    """What reads an operation's parameters into their types: by place, then by name."""
    found: dict[str, dict[str, Callable[[Any], tuple[bool, Any]]]] = {place: {} for place in _PLACES}
    for parameter in resolver.parameters(operation):
        if parameter.in_ in found:
            _, key, read = _reading(parameter, components)
            found[parameter.in_][key] = read
    return found


def _check(one: _Read, place: str, raw: Any, found: Found) -> None:
    present, value = one.read(raw)
    if not present:
        if one.required:
            found.append(_problem([place, one.name], "required", "is required"))
        return
    checker = one.checker
    if checker is not None and not checker.ok(value):
        found.extend(noted(violation, place, "request", one.name) for violation in checker.violations(value))


def _checker(schema: Any, components: Mapping[str, Any]) -> Validator | None:
    if schema is None or schema is True or schema == {}:
        return None
    try:
        return compile_validator(schema, components)
    except (SchemaError, RecursionError):
        return None


def _problem(location: list[str | int], code: str, message: str) -> dict[str, Any]:
    return {"location": location, "severity": "error", "code": code, "message": message, "side": "request"}


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> dict[str, Any]:
    try:
        body.decode()
    except UnicodeDecodeError:
        return _problem(["body"], "json", "is not valid JSON: it is not UTF-8 text")
    return _problem(["body"], "json", f"is not valid JSON: {error}")


class _BodyReader:
    """Reads the body of one operation by its Content-Type."""

    def __init__(self, body: Body | None, components: Mapping[str, Any]) -> None:
        body = body or Body()
        self._required = body.required
        self._declared = [media.media_type for media in body.content]
        self._media = [_media(media, components) for media in body.content]

    def read(self, headers: Mapping[str, str], body: bytes, found: Found) -> int:
        """0 when the body is right, 415 for a media type that is not declared or a coding (RFC 9110, section 15.5.16),
        else 422."""
        if not body:
            if self._required:
                found.append(_problem(["body"], "required", "is required"))
                return 422
            return 0
        if not self._declared:
            return 0
        coding = headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity"):
            message = f"is {coding}; a body is read only as it is, without a coding"
            found.append(_problem(["header", "Content-Encoding"], CODING, message))
            return 415
        content_type = headers.get("content-type", "")
        index = find_media(content_type, self._declared) if content_type else 0
        if index is None:
            wanted = ", ".join(self._declared)
            sent = media_key(content_type) or "nothing"
            message = f"is {sent}, which is not declared; wanted {wanted}"
            found.append(_problem(["header", "Content-Type"], "content-type", message))
            return 415
        before = len(found)
        self._media[index](content_type, body, found)
        return 422 if len(found) > before else 0


def charset_of(content_type: str) -> str:
    """The encoding a text says it is in, when it is one that is in use; else UTF-8."""
    _, mark, rest = content_type.lower().partition("charset=")
    return _CHARSETS.get(rest.partition(";")[0].strip(' "'), "utf-8") if mark else "utf-8"


def _media(media: Media, components: Mapping[str, Any]) -> Callable[[str, bytes, Found], None]:
    """The reader of one declared media type."""
    schema = None if media.schema is None else schema_for("request", media.schema, components)
    checker = _checker(schema, components)
    encoded = media.extra.get("encoding")
    kinds = shape_of(schema, components).kinds
    text = compile_text(schema, components)
    brings_files = files.arrive(schema, components)
    taken_as_is = bool(kinds) and kinds <= {"object", "array"}  # XML, or a text that a document describes by its parts
    form: FormReader | None = None

    def forms() -> FormReader:
        nonlocal form
        if form is None:
            form = FormReader(schema if schema is not None else {}, components, encoded)
        return form

    def read(content_type: str, body: bytes, found: Found) -> None:
        kind = media_key(content_type) or media_key(media.media_type)
        try:
            if is_json(kind) or "*" in kind:
                value = files.as_declared(orjson.loads(body)) if brings_files else orjson.loads(body)
            elif kind == "application/x-www-form-urlencoded":
                whole = isinstance(schema, dict) and shape_of(schema, components).kinds == {"string"}
                value = body.decode() if whole else forms().read(body)
            elif kind == "multipart/form-data":
                value = files_as_text(forms().read_multipart(body, content_type))
            elif kind.startswith("text/"):
                value = text(body.decode(charset_of(content_type)))
                if isinstance(value, str) and taken_as_is:
                    return
            else:
                return  # bytes and XML are taken as they are
        except orjson.JSONDecodeError as error:
            found.append(_not_json(body, error))
            return
        except UnicodeDecodeError:
            found.append(_problem(["body"], "encoding", "is not UTF-8 text"))
            return
        except Refused as refused:
            found.extend(_problem(["body"], problem.code, problem.message) for problem in refused.problems)
            return
        if checker is not None and not checker.ok(value):
            found.extend(noted(violation, "body", "request") for violation in checker.violations(value))

    return read
