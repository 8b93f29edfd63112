"""What a validator found, in plain words, each finding at the place in the value that the reader must change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import orjson

from actionstudio.core.words import either, said, said_n

type Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """``location`` is the place in the value (() the whole), ``code`` the keyword, ``message`` what must change."""

    location: Location
    code: str
    message: str


TYPES = {
    "string": said("a text"),
    "integer": said("a whole number"),
    "number": said("a number"),
    "boolean": said("true or false"),
    "null": said("null"),
    "array": said("a list"),
    "object": said("an object"),
}
FORMATS = {
    "date": said("a date such as 2026-01-31"),
    "date-time": said("a date and time such as 2026-01-31T12:00:00Z"),
    "time": said("a time such as 12:00:00Z"),
    "duration": said("a duration such as P1DT2H"),
    "email": said("an e-mail address"),
    "idn-email": said("an e-mail address"),
    "hostname": said("a host name such as example.com"),
    "idn-hostname": said("a host name such as example.com"),
    "ipv4": said("an IPv4 address"),
    "ipv6": said("an IPv6 address"),
    "uri": said("a full address such as https://example.com/page"),
    "uri-reference": said("an address such as /page"),
    "iri": said("a full address such as https://example.com/page"),
    "iri-reference": said("an address such as /page"),
    "uuid": said("a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
    "byte": said("base64"),
    "json-pointer": said("a JSON Pointer such as /items/0"),
    "regex": said("a regular expression"),
}


def shown(value: Any, limit: int = 60) -> str:
    """A JSON value as short text: a text without its quotes, anything else as JSON."""
    if isinstance(value, str):
        text = value
    else:
        try:
            text = orjson.dumps(value).decode()
        except (TypeError, orjson.JSONEncodeError):
            text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _type(kind: Any) -> str:
    names = [TYPES.get(name, name) for name in sorted(kind.types, key=lambda name: (name == "null", name))]
    return said("must be %(what)s", what=either(names))


def _enum(kind: Any) -> str:
    options = [shown(option) for option in kind.options[:20]]
    return said("is not one of: %(options)s", options=", ".join(options) + (", …" if len(kind.options) > 20 else ""))


def _format(kind: Any) -> str:
    return said("must be %(what)s", what=FORMATS.get(kind.format) or said("in the format %(name)s", name=kind.format))


def _characters(kind: Any) -> str:
    return said_n("%(n)s character", "%(n)s characters", kind.limit)


def _items(kind: Any) -> str:
    return said_n("%(n)s item", "%(n)s items", kind.limit)


def _properties(kind: Any) -> str:
    return said_n("%(n)s property", "%(n)s properties", kind.limit)


def _at_least(what: str) -> str:
    return said("must have at least %(what)s", what=what)


def _at_most(what: str) -> str:
    return said("must have at most %(what)s", what=what)


WORDS: dict[str, Callable[[Any], str]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda kind: said("must be exactly %(value)s", value=shown(kind.expected_value)),
    "format": _format,
    "pattern": lambda kind: said("must match the pattern %(pattern)s", pattern=shown(kind.value, 120)),
    "minimum": lambda kind: said("must be at least %(limit)s", limit=shown(kind.limit)),
    "maximum": lambda kind: said("must be at most %(limit)s", limit=shown(kind.limit)),
    "exclusiveMinimum": lambda kind: said("must be more than %(limit)s", limit=shown(kind.limit)),
    "exclusiveMaximum": lambda kind: said("must be less than %(limit)s", limit=shown(kind.limit)),
    "multipleOf": lambda kind: said("must be a multiple of %(number)s", number=shown(kind.multiple_of)),
    "minLength": lambda kind: _at_least(_characters(kind)),
    "maxLength": lambda kind: _at_most(_characters(kind)),
    "minItems": lambda kind: _at_least(_items(kind)),
    "maxItems": lambda kind: _at_most(_items(kind)),
    "minProperties": lambda kind: _at_least(_properties(kind)),
    "maxProperties": lambda kind: _at_most(_properties(kind)),
    "uniqueItems": lambda kind: said("must not hold the same item twice"),
    "contains": lambda kind: said("does not hold the right number of the items it must hold"),
    "not": lambda kind: said("is not allowed here"),
    "falseSchema": lambda kind: said("is not allowed here"),
    "contentEncoding": lambda kind: said("must be encoded as %(name)s", name=kind.content_encoding),
    "contentMediaType": lambda kind: said("must hold %(name)s", name=kind.content_media_type),
}


def violations_of(error: jsonschema_rs.ValidationError) -> Iterator[Violation]:
    """One finding of the validator as violations; a failed anyOf or oneOf is told by the branch that was meant."""
    at = tuple(error.instance_path)
    kind: Any = error.kind  # each kind has attributes of its own
    name = kind.name
    if name == "required":
        yield Violation((*at, kind.property), "required", said("is required"))
    elif name in ("additionalProperties", "unevaluatedProperties"):
        yield from (Violation((*at, key), name, said("is not expected here")) for key in kind.unexpected)
    elif name == "unevaluatedItems":
        yield Violation(at, name, said("holds more items than are allowed"))
    elif name == "propertyNames":
        inner = kind.error
        yield Violation((*at, str(inner.instance)), name, said("has a name that %(fault)s", fault=_words(inner)))
    elif name in ("anyOf", "oneOf"):
        yield from _branches(error, at, name)
    else:
        yield Violation(at, name, _words(error))


def _words(error: jsonschema_rs.ValidationError) -> str:
    words = WORDS.get(error.kind.name)
    try:
        return words(error.kind) if words else error.message
    except AttributeError:
        return error.message


def _branches(error: jsonschema_rs.ValidationError, at: Location, name: str) -> Iterator[Violation]:
    kind: Any = error.kind
    branches = kind.context
    if name == "oneOf" and any(not branch for branch in branches):
        yield Violation(at, name, said("fits more than one of the shapes of which it must fit exactly one"))
        return
    fitting = [branch for branch in branches if not any(_wrong_type(item, at) for item in branch)]
    if fitting:
        best = min(fitting, key=len)
        if len(fitting) == 1 or len(best) < min(len(branch) for branch in fitting if branch is not best):
            for item in best:
                yield from violations_of(item)
            return
        yield Violation(at, name, said("fits none of the %(count)s allowed shapes", count=len(branches)))
        return
    types = {kind for branch in branches for item in branch if _wrong_type(item, at) for kind in item.kind.types}
    names = [TYPES.get(kind, kind) for kind in sorted(types, key=lambda kind: (kind == "null", kind))]
    yield Violation(at, "type", said("must be %(what)s", what=either(names)))


def _wrong_type(error: jsonschema_rs.ValidationError, at: Location) -> bool:
    return error.kind.name == "type" and tuple(error.instance_path) == at
