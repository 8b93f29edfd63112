"""A schema compiled into a validator that answers in microseconds and explains in plain words.

JSON Schema 2020-12 (core and validation) as OpenAPI 3.1 section 4.8.24 uses it. Patterns run on a linear engine; those
that need look-around run with a bound on the work, so that no value can make a call hang.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Any

import jsonschema_rs

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.effort import CHECKED, TOLD, Effort
from actionstudio.core.schemas.refs import Schema
from actionstudio.core.schemas.wording import Location, Violation, shown, violations_of
from actionstudio.core.words import said

__all__ = ["SchemaError", "Validator", "Violation", "check_schema", "compile_validator"]

_LINEAR = jsonschema_rs.RegexOptions()
_BOUNDED = jsonschema_rs.FancyRegexOptions(backtrack_limit=20_000)
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_MOST = 100
_OF_MEMBERS = frozenset({"required", "dependentRequired"})
_NO_EFFORT = Effort(True)
_TOO_MUCH = Violation(
    (), "too-much", said("is too large, or nested too deeply, to be checked against its schema: send less at a time")
)
_SOMEWHERE = Violation((), "schema", said("does not fit its schema; it is too large to say where"))


class SchemaError(ValueError):
    """A schema that cannot be used: ``pointer`` (RFC 6901) says where, ``message`` what is wrong with it."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer or '/'}: {message}")
        self.pointer = pointer
        self.message = message


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_CHECKS = {"byte": _is_base64}


class Validator:
    """A compiled schema. ``notes`` lists what of it could not be checked (patterns no engine here understands).

    A value that would take too long (see ``effort``) is not ok, and its violation says so.
    """

    __slots__ = ("_effort", "_engine", "notes", "ok")

    def __init__(self, engine: Any, notes: tuple[str, ...] = (), effort: Effort = _NO_EFFORT) -> None:
        self._engine = engine
        self._effort = effort
        self.notes = notes
        self.ok = engine.is_valid if effort.light else self._within

    def _within(self, value: Any) -> bool:
        return self._effort.affords(value, CHECKED) and self._engine.is_valid(value)

    def violations(self, value: Any) -> list[Violation]:
        """Everything wrong with ``value`` (at most 100 findings), each once, in the order it was found. Of a large
        value only its first entries are told of: the engine makes all errors before it hands out one."""
        if self._effort.affords(value, TOLD):
            return self._told(value)
        if not self._effort.light and not self._effort.affords(value, CHECKED):
            return [_TOO_MUCH]
        if self._engine.is_valid(value):
            return []
        shorter = self._effort.cut(value)
        if shorter is None:
            return [_SOMEWHERE]
        part, places = shorter
        return [one for one in self._told(part) if not _by_cutting(one, places)] or [_SOMEWHERE]

    def _told(self, value: Any) -> list[Violation]:
        found: dict[Violation, None] = {}
        for error in self._engine.iter_errors(value):
            found.update(dict.fromkeys(violations_of(error)))
            if len(found) >= _MOST:
                break
        return list(found)[:_MOST]


def _by_cutting(one: Violation, places: Collection[Location]) -> bool:
    """Whether a finding may only be there because a list or an object was cut short."""
    return one.location in places or (one.code in _OF_MEMBERS and one.location[:-1] in places)


def compile_validator(
    schema: Schema,
    components: Mapping[str, Any],
    *,
    formats: bool = True,
    documents: Mapping[str, Any] | None = None,
) -> Validator:
    """The validator of ``schema``, whose references are looked up in ``components``; only those it needs are compiled.

    ``Validator.ok(value)`` is True or False. With ``formats`` the format keyword is an assertion; int32 and int64
    always are. ``documents`` are schemas by their URI, for references to such; nothing is ever fetched. Raises
    SchemaError when the schema is not valid JSON Schema or refers to something that is not there.
    """
    absent = refs.missing(schema, components)
    if absent:
        name = min(absent)
        raise SchemaError("", f"refers to the shared schema {name}, which does not exist")
    document = _document(schema, refs.reachable(schema, components))
    try:
        effort = Effort(document)
    except RecursionError:
        raise SchemaError("", said("is nested too deeply")) from None
    if effort.looks[0] > CHECKED:
        raise SchemaError("", said("refers to other schemas so often that no value could be checked in time"))
    others = jsonschema_rs.Registry(documents.items(), draft=jsonschema_rs.Draft202012) if documents else None
    engine = _engine(document, formats, _LINEAR, others)
    if isinstance(engine, tuple):
        engine = _engine(document, formats, _BOUNDED, others)
    notes: list[str] = []
    while isinstance(engine, tuple):
        document = _without(document, engine, notes)
        engine = _engine(document, formats, _BOUNDED, others)
    return Validator(engine, tuple(notes), effort)


def _document(schema: Schema, needed: Mapping[str, Any]) -> Any:
    """One document that holds the schema and, where its references point, what it needs."""
    if isinstance(schema, bool):
        return schema
    document = _with_ranges(schema)
    if needed:
        shared = {name: _with_ranges(value) for name, value in needed.items()}
        document = {**document, "components": {"schemas": shared}}
    if document.get("$schema", "").startswith("https://spec.openapis.org/"):
        document = {key: value for key, value in document.items() if key != "$schema"}
    return document


def _with_ranges(schema: Any) -> Any:
    """int32 and int64 as the ranges they mean (the OpenAPI format registry)."""
    if not any(node.get("format") in _RANGES for node in refs.walk(schema) if isinstance(node.get("format"), str)):
        return schema

    def ranged(node: dict[str, Any]) -> dict[str, Any]:
        limits = _RANGES.get(node["format"]) if isinstance(node.get("format"), str) else None
        if limits is None:
            return node
        return {**node, "allOf": [*node.get("allOf", ()), {"minimum": limits[0], "maximum": limits[1]}]}

    return refs.rebuild(schema, ranged)


def _engine(document: Any, formats: bool, patterns: Any, others: Any) -> Any:
    """The compiled engine, or the way to a pattern it does not understand. Raises SchemaError for all else."""
    try:
        return jsonschema_rs.Draft202012Validator(
            document,
            formats=_CHECKS if formats else None,
            validate_formats=formats,
            offline=True,
            registry=others,
            pattern_options=patterns,
        )
    except jsonschema_rs.ValidationError as error:
        way = tuple(error.instance_path)
        if way and (way[-1] == "pattern" or "patternProperties" in way[-2:-1]) and error.kind.name != "type":
            return way
        raise SchemaError(refs.pointer(way), _reason(error)) from None
    except (ValueError, TypeError, jsonschema_rs.ReferencingError) as error:
        raise SchemaError("", str(error)) from None


def _reason(error: jsonschema_rs.ValidationError) -> str:
    if error.kind.name == "referencing" or "$ref" in str(error.message):
        return error.message
    return "; ".join(found.message for found in violations_of(error)) if error.schema_path else error.message


def _without(document: Any, way: tuple[str | int, ...], notes: list[str]) -> Any:
    """The document without the pattern at ``way``; what it guarded counts as satisfied."""
    steps = way[:-1] if way[-1] == "pattern" else way[:-2]
    copy = target = dict(document)
    for step in steps:
        target[step] = target[step].copy()
        target = target[step]
    if way[-1] == "pattern":
        notes.append(f"{refs.pointer(way)}: the pattern {target.pop('pattern')!r} is not understood and not checked")
        return copy
    named = target["patternProperties"] = target["patternProperties"].copy()
    del named[way[-1]]
    for key in ("additionalProperties", "unevaluatedProperties"):
        target.pop(key, None)
    notes.append(f"{refs.pointer(way)}: the pattern {way[-1]!r} is not understood and not checked")
    return copy


def check_schema(schema: Any) -> list[tuple[str, str]]:
    """What keeps ``schema`` from being JSON Schema 2020-12: pairs of JSON Pointer and message, [] when nothing does.

    References are not followed.
    """
    if not isinstance(schema, dict | bool):
        return [("", "must be an object or true or false")]
    found: dict[tuple[str, str], None] = {}
    for error in _META.iter_errors(schema):
        for violation in violations_of(error):
            found[refs.pointer(violation.location), _named(schema, violation)] = None
    return list(found)


def _named(schema: Any, violation: Violation) -> str:
    """What is wrong, with the word that stands there where the message only lists the words that may."""
    if violation.code != "enum":
        return violation.message
    value = schema
    try:
        for step in violation.location:
            value = value[step]
    except (KeyError, IndexError, TypeError):  # the checker leaves a property that is called "" out of the way
        return violation.message
    return said("“%(value)s” %(why)s", value=shown(value), why=violation.message)


_META = jsonschema_rs.Draft202012Validator(
    {"$ref": "https://json-schema.org/draft/2020-12/schema"}, offline=True, validate_formats=True
)
