"""Objects of an OpenAPI 3.1 document -> parts of a contract. What is not modelled goes to ``extra``.

OpenAPI 3.1.0, sections 4.8.12 (parameter) to 4.8.21 (header). A part that cannot be used is left out with a note; the
parts around it stay.
"""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.contract import Body, Example, Header, Media, Parameter, Response
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs.readers.notes import Notes, flag, kind_of, listing, mapping, not_an_object, text
from actionstudio.core.words import said

type JSON = Any

PLACES = ("path", "query", "header", "cookie")
_STATUS = re.compile(r"[1-5](\d\d|XX)|default")


def reference(raw: JSON) -> str:
    """Where ``raw`` points to when it is a reference object, else ""."""
    return raw["$ref"] if isinstance(raw, dict) and isinstance(raw.get("$ref"), str) else ""


def _beside(raw: dict[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in raw.items() if key != "$ref"}


def parameters(raw: JSON, notes: Notes, at: str) -> tuple[Parameter, ...]:
    """A list of parameters. One of the same name and place twice is kept once."""
    found: dict[tuple[str, ...], Parameter] = {}
    for index, item in enumerate(raw if isinstance(raw, list) else ()):
        made = parameter(item, notes, f"{at}/{index}")
        if made is None:
            continue
        key = ("$ref", made.ref) if made.ref else (made.in_, made.name)
        if key in found:
            message = said("The parameter “%(name)s” is listed twice; kept once.", name=made.name or made.ref)
            notes.add(f"{at}/{index}", message, "twice")
            continue
        found[key] = made
    return tuple(found.values())


def parameter(raw: JSON, notes: Notes, at: str) -> Parameter | None:
    """One parameter, or None when it has no usable name or place."""
    ref = reference(raw)
    if ref:
        return Parameter("", ref=ref, extra=_beside(raw))
    if not isinstance(raw, dict):
        message = said("A parameter must be an object, not %(kind)s; it was left out.", kind=kind_of(raw))
        notes.add(at, message, "not-an-object")
        return None
    rest = dict(raw)
    name, place = rest.pop("name", None), rest.pop("in", None)
    if not isinstance(name, str) or not name:
        notes.add(at, said("This parameter has no name; it was left out. Give it a “name”."), "parameter-name")
        return None
    if place not in PLACES:
        notes.add(f"{at}/in", _misplaced(name, place), "parameter-in")
        return None
    required = flag(rest, "required", notes, at) or False
    if place == "path" and not required:
        message = said("The path parameter “%(name)s” is always required; “required: true” was set.", name=name)
        notes.add(at, message, "path-required")
        required = True
    style = rest.pop("style") if isinstance(rest.get("style"), str) else None
    return Parameter(
        name,
        place,
        required,
        text(rest, "description", notes, at),
        schema(rest),
        flag(rest, "deprecated", notes, at) or False,
        style,
        flag(rest, "explode", notes, at),
        examples(rest, notes, at),
        contents(rest, notes, at),
        extra=rest,
    )


def _misplaced(name: str, place: JSON) -> str:
    if place in ("body", "formData"):
        return said(
            "The parameter “%(name)s” must say where it goes: “in” is path, query, header or cookie. "
            "Write a request body instead. It was left out.",
            name=name,
        )
    return said(
        "The parameter “%(name)s” must say where it goes: “in” is path, query, header or cookie. It was left out.",
        name=name,
    )


def schema(rest: dict[str, JSON]) -> JSON:
    """Takes the schema out; None when there is none (schemas were tidied before)."""
    return rest.pop("schema", None)


def examples(rest: dict[str, JSON], notes: Notes, at: str) -> tuple[Example, ...]:
    """Takes ``example`` and ``examples`` out. Those of a form we do not know stay in the object's ``extra``."""
    found = [Example("", rest.pop("example"))] if "example" in rest else []
    named = rest.pop("examples", None)
    if isinstance(named, list):  # a list is JSON Schema's keyword, which some write here
        named = {f"example{index + 1}": {"value": value} for index, value in enumerate(named)}
    elif named is not None and not isinstance(named, dict):
        message = said("“%(key)s” must be an object, not %(kind)s; left out.", key="examples", kind=kind_of(named))
        notes.add(f"{at}/examples", message, "not-an-object")
    odd = {}
    for key, raw in (named if isinstance(named, dict) else {}).items():
        known = isinstance(raw, dict) and any(name in raw for name in ("value", "externalValue", "$ref"))
        if not known or not key or not isinstance(raw.get("summary", ""), str):
            odd[key] = raw
            continue
        aside = dict(raw)
        found.append(Example(key, aside.pop("value", None), aside.pop("summary", ""), aside))
    if odd:
        rest["examples"] = odd
    return tuple(found)


def contents(rest: dict[str, JSON], notes: Notes, at: str) -> tuple[Media, ...]:
    """Takes a ``content`` map out."""
    found = []
    for media_type, raw in mapping(rest, "content", notes, at).items():
        where = f"{at}/content/{escape(media_type)}"
        if raw is None:
            raw = {}
        if not isinstance(raw, dict):
            notes.add(where, not_an_object(media_type, raw), "not-an-object")
            continue
        inner = dict(raw)
        found.append(Media(media_type, schema(inner), examples(inner, notes, where), inner))
    return tuple(found)


def headers(rest: dict[str, JSON], notes: Notes, at: str) -> tuple[Header, ...]:
    """Takes a map of response headers out."""
    found = []
    for name, raw in mapping(rest, "headers", notes, at).items():
        made = header(name, raw, notes, f"{at}/headers/{escape(name)}")
        if made is not None:
            found.append(made)
    return tuple(found)


def header(name: str, raw: JSON, notes: Notes, at: str) -> Header | None:
    """One response header."""
    ref = reference(raw)
    if ref:
        return Header(name, ref=ref, extra=_beside(raw))
    if not isinstance(raw, dict):
        message = said(
            "The header “%(name)s” must be an object, not %(kind)s; it was left out.", name=name, kind=kind_of(raw)
        )
        notes.add(at, message, "not-an-object")
        return None
    rest = dict(raw)
    described = text(rest, "description", notes, at)
    required = flag(rest, "required", notes, at) or False
    return Header(name, described, required, schema(rest), examples(rest, notes, at), extra=rest)


def body(raw: JSON, notes: Notes, at: str) -> Body | None:
    """A request body."""
    ref = reference(raw)
    if ref:
        return Body(ref=ref, extra=_beside(raw))
    if raw is None:
        return None
    if not isinstance(raw, dict):
        message = said("The request body must be an object, not %(kind)s; it was left out.", kind=kind_of(raw))
        notes.add(at, message, "not-an-object")
        return None
    rest = dict(raw)
    required = flag(rest, "required", notes, at) or False
    return Body(required, text(rest, "description", notes, at), contents(rest, notes, at), extra=rest)


def responses(raw: JSON, notes: Notes, at: str) -> tuple[tuple[Response, ...], dict[str, JSON]]:
    """The responses of an operation, and the extension keys beside them."""
    found: dict[str, Response] = {}
    aside = {}
    for key, item in (raw if isinstance(raw, dict) else {}).items():
        if key.startswith("x-"):
            aside[key] = item
            continue
        status = key.upper() if key != "default" else key
        where = f"{at}/{escape(key)}"
        if not _STATUS.fullmatch(status) or status in found:
            message = said("“%(key)s” is not a status: write 200, 2XX or default. It was left out.", key=key)
            notes.add(where, message, "status")
            continue
        made = response(status, item, notes, where)
        if made is not None:
            found[status] = made
    return tuple(found.values()), aside


def response(status: str, raw: JSON, notes: Notes, at: str) -> Response | None:
    """One response."""
    ref = reference(raw)
    if ref:
        return Response(status, ref=ref, extra=_beside(raw))
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        message = said(
            "The response %(status)s must be an object, not %(kind)s; it was left out.",
            status=status,
            kind=kind_of(raw),
        )
        notes.add(at, message, "not-an-object")
        return None
    rest = dict(raw)
    described = text(rest, "description", notes, at)
    return Response(status, described, headers(rest, notes, at), contents(rest, notes, at), extra=rest)


def tags(rest: dict[str, JSON], notes: Notes, at: str) -> tuple[str, ...]:
    """Takes the names of an operation's tags out."""
    named = listing(rest, "tags", notes, at)
    return tuple(dict.fromkeys(str(name) for name in named if isinstance(name, str | int) and str(name)))


def security(rest: dict[str, JSON], notes: Notes, at: str) -> tuple[dict[str, JSON], ...] | None:
    """Takes ``security`` out: a list of requirements; None when there is none or it cannot be read."""
    if "security" not in rest:
        return None
    raw = rest.pop("security")
    if isinstance(raw, list) and all(_is_requirement(item) for item in raw):
        return tuple(raw)
    message = said("“security” must be a list of objects such as [{apiKey: []}]; it was left out.")
    notes.add(f"{at}/security", message, "security")
    return None


def _is_requirement(raw: JSON) -> bool:
    return isinstance(raw, dict) and all(
        isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes) for scopes in raw.values()
    )
