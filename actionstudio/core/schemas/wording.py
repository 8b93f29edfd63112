"""What a validator found, in plain words, each finding at the place in the value that the reader must change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import orjson

type Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """``location`` is the place in the value (() the whole), ``code`` the keyword, ``message`` what must change."""

    location: Location
    code: str
    message: str


TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
FORMATS = {
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time such as 2026-01-31T12:00:00Z",
    "time": "a time such as 12:00:00Z",
    "duration": "a duration such as P1DT2H",
    "email": "an e-mail address",
    "idn-email": "an e-mail address",
    "hostname": "a host name such as example.com",
    "idn-hostname": "a host name such as example.com",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "a full address such as https://example.com/page",
    "uri-reference": "an address such as /page",
    "iri": "a full address such as https://example.com/page",
    "iri-reference": "an address such as /page",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
    "byte": "base64",
    "json-pointer": "a JSON Pointer such as /items/0",
    "regex": "a regular expression",
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


def plural(count: int, noun: str) -> str:
    """``1 item``, ``2 items``, ``2 properties``."""
    return f"{count} {noun if count == 1 else noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"


def _type(kind: Any) -> str:
    names = [TYPES.get(name, name) for name in sorted(kind.types, key=lambda name: (name == "null", name))]
    return "must be " + (" or ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " or " + names[-1])


def _enum(kind: Any) -> str:
    options = [shown(option) for option in kind.options[:20]]
    return "is not one of: " + ", ".join(options) + (", …" if len(kind.options) > 20 else "")


WORDS: dict[str, Callable[[Any], str]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda kind: f"must be exactly {shown(kind.expected_value)}",
    "format": lambda kind: f"must be {FORMATS.get(kind.format, 'in the format ' + kind.format)}",
    "pattern": lambda kind: f"must match the pattern {shown(kind.value, 120)}",
    "minimum": lambda kind: f"must be at least {shown(kind.limit)}",
    "maximum": lambda kind: f"must be at most {shown(kind.limit)}",
    "exclusiveMinimum": lambda kind: f"must be more than {shown(kind.limit)}",
    "exclusiveMaximum": lambda kind: f"must be less than {shown(kind.limit)}",
    "multipleOf": lambda kind: f"must be a multiple of {shown(kind.multiple_of)}",
    "minLength": lambda kind: f"must have at least {plural(kind.limit, 'character')}",
    "maxLength": lambda kind: f"must have at most {plural(kind.limit, 'character')}",
    "minItems": lambda kind: f"must have at least {plural(kind.limit, 'item')}",
    "maxItems": lambda kind: f"must have at most {plural(kind.limit, 'item')}",
    "minProperties": lambda kind: f"must have at least {plural(kind.limit, 'property')}",
    "maxProperties": lambda kind: f"must have at most {plural(kind.limit, 'property')}",
    "uniqueItems": lambda kind: "must not hold the same item twice",
    "contains": lambda kind: "does not hold the right number of the items it must hold",
    "not": lambda kind: "is not allowed here",
    "falseSchema": lambda kind: "is not allowed here",
    "contentEncoding": lambda kind: f"must be encoded as {kind.content_encoding}",
    "contentMediaType": lambda kind: f"must hold {kind.content_media_type}",
}


def violations_of(error: jsonschema_rs.ValidationError) -> Iterator[Violation]:
    """One finding of the validator as violations; a failed anyOf or oneOf is told by the branch that was meant."""
    at = tuple(error.instance_path)
    kind: Any = error.kind  # each kind has attributes of its own
    name = kind.name
    if name == "required":
        yield Violation((*at, kind.property), "required", "is required")
    elif name in ("additionalProperties", "unevaluatedProperties"):
        yield from (Violation((*at, key), name, "is not expected here") for key in kind.unexpected)
    elif name == "unevaluatedItems":
        yield Violation(at, name, "holds more items than are allowed")
    elif name == "propertyNames":
        inner = kind.error
        yield Violation((*at, str(inner.instance)), name, f"has a name that {_words(inner)}")
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
        yield Violation(at, name, "fits more than one of the shapes of which it must fit exactly one")
        return
    fitting = [branch for branch in branches if not any(_wrong_type(item, at) for item in branch)]
    if fitting:
        best = min(fitting, key=len)
        if len(fitting) == 1 or len(best) < min(len(branch) for branch in fitting if branch is not best):
            for item in best:
                yield from violations_of(item)
            return
        yield Violation(at, name, f"fits none of the {len(branches)} allowed shapes")
        return
    types = {kind for branch in branches for item in branch if _wrong_type(item, at) for kind in item.kind.types}
    names = [TYPES.get(kind, kind) for kind in sorted(types, key=lambda kind: (kind == "null", kind))]
    yield Violation(at, "type", "must be " + " or ".join(names))


def _wrong_type(error: jsonschema_rs.ValidationError, at: Location) -> bool:
    return error.kind.name == "type" and tuple(error.instance_path) == at
