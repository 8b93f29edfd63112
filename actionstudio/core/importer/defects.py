"""What the structural check's messages mean, by the kind of defect, in plain words with the cure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actionstudio.core.importer.reading import short
from actionstudio.core.words import said

type JSON = Any
type Location = tuple[str | int, ...]

MODERN, UNREADABLE = "modern-schemas", "unreadable-keywords"
_NUMBERS = frozenset(
    ("greater_than", "greater_than_equal", "int_type", "int_parsing", "int_from_float", "float_type", "float_parsing")
)
_BOUNDS = ("exclusiveMinimum", "exclusiveMaximum", "minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Defect:
    """What a kind of message does and means, and which repair mends it."""

    explanation: str
    level: str = "degrades"
    repair: str = ""


UNKNOWN = Defect("")


def of(kind: str, loc: Location, value: JSON, message: str) -> Defect:
    """The meaning of one message: ``kind`` and ``loc`` as pydantic names them, ``value`` what stands there."""
    explain = _KINDS.get(kind)
    found = explain(_last(loc), loc, value) if explain else _other(message)
    if not found.repair and ("Schema" in loc or loc[:2] == ("components", "schemas")):
        return replace(found, repair=UNREADABLE)
    return found


def echo() -> str:
    """The meaning of a line that another one brings along."""
    return said(
        "This line comes along with another: the editor also tried to read this part as a reference. It goes when the "
        "other defect is mended."
    )


def _last(loc: Location) -> str:
    """The last key of the document in a place; names of types that pydantic puts behind it are left out."""
    steps = [step for step in loc if isinstance(step, str) and not step.startswith(("str-enum[", "list["))]
    return short(steps[-1]) if steps else ""


def _version(key: str, loc: Location, value: JSON) -> Defect:
    if loc != ("openapi",):
        return _wrong_value(key, loc, value)
    told = said(
        "The document says OpenAPI %(version)s; the editor knows 3.1.0 and 3.1.1. Operations were seen listed all the "
        "same, so this line alone most likely does no harm. Write “openapi: 3.1.0”.",
        version=str(value)[:20],
    )
    return Defect(told, "cosmetic", MODERN)


def _missing(key: str, loc: Location, value: JSON) -> Defect:
    told = said("“%(key)s” is missing here, and OpenAPI asks for it. Add it.", key=key)
    return Defect(told)


def _wrong_value(key: str, loc: Location, value: JSON) -> Defect:
    shown = str(value)[:60]
    if key == "type":
        told = said(
            "“%(value)s” is no type of JSON Schema. Use string, number, integer, boolean, array, object or null.",
            value=shown,
        )
        return Defect(told)
    told = said("“%(value)s” is not among the values that “%(key)s” may have.", value=shown, key=key)
    return Defect(told)


def _no_list(key: str, loc: Location, value: JSON) -> Defect:
    if key == "required":
        told = said(
            "“required: %(value)s” on a property is not JSON Schema: list the names of what is required in “required” "
            "of the object that holds it.",
            value=str(value).lower()[:20],
        )
        return Defect(told)
    if key == "type":
        return _wrong_value(key, loc, value)
    return Defect(said("“%(key)s” must be a list.", key=key))


def _no_object(key: str, loc: Location, value: JSON) -> Defect:
    if isinstance(value, bool):
        told = said(
            "JSON Schema allows %(value)s for a schema, the editor does not. Write {} for “anything”.",
            value=str(value).lower(),
        )
        return Defect(told, repair=MODERN)
    place = [step for step in loc if step not in ("Reference", "Schema", "Parameter", "Response", "RequestBody")]
    return Defect(said("“%(key)s” must be an object.", key=short(str(place[-1])) if place else key))


def _no_text(key: str, loc: Location, value: JSON) -> Defect:
    return Defect(said("“%(key)s” must be a text; put quotes around it.", key=key))


def _no_truth(key: str, loc: Location, value: JSON) -> Defect:
    return Defect(said("“%(key)s” must be true or false.", key="additionalProperties" if key == "bool" else key))


def _no_number(key: str, loc: Location, value: JSON) -> Defect:
    if key in _BOUNDS:
        return Defect(said("“%(key)s” must be a number.", key=key))
    return Defect(said("“%(key)s” must be a number, and not below zero.", key=key))


def _too_short(key: str, loc: Location, value: JSON) -> Defect:
    return Defect(said("An empty “%(key)s” allows nothing. Add a value or take it out.", key=key))


def _other(message: str) -> Defect:
    return Defect(said("This part is not built as OpenAPI 3.1 asks: %(fault)s.", fault=message))


_KINDS: dict[str, Callable[[str, Location, JSON], Defect]] = {
    "literal_error": _version,
    "missing": _missing,
    "enum": _wrong_value,
    "list_type": _no_list,
    "dict_type": _no_object,
    "model_type": _no_object,
    "string_type": _no_text,
    "bool_type": _no_truth,
    "bool_parsing": _no_truth,
    "too_short": _too_short,
    **dict.fromkeys(_NUMBERS, _no_number),
}
