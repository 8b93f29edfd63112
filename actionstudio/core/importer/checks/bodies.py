"""The JSON body of one operation: one object, whose properties become arguments."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.importer.checks import schemas
from actionstudio.core.importer.checks.function import Function
from actionstudio.core.importer.message import Argument
from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.schemas.refs import pointer as pointer_of
from actionstudio.core.words import said

type JSON = Any

JSON_TYPE = "application/json"
ANY = ("*/*", "application/*")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TEXT = re.compile(r"[/+](xml|yaml|graphql|x-ndjson|javascript|sql|csv)$")


def check(function: Function) -> None:
    """Reads ``requestBody`` (OP-07, OP-08, SCH-01)."""
    body = function.raw.get("requestBody")
    if body is None:
        return _repeated(function)
    if not isinstance(body, dict):
        return function.reading.crash(body, "get", f"{function.pointer}/requestBody")
    if isinstance(body.get("$ref"), str):
        return _refused(function, f"{function.pointer}/requestBody", "", "")
    content = body.get("content", {})
    if not isinstance(content, dict):
        return function.reading.crash(content, "items", f"{function.pointer}/requestBody/content")
    kind = json_type(content)
    if kind:
        _json(function, kind, content[kind])
    return _repeated(function)


def json_type(content: dict[str, JSON]) -> str:
    """The key of the JSON body in a ``content`` map, or "". Types that only resemble JSON are not taken (SCH-06)."""
    for kind in content:
        if kind.partition(";")[0].strip().lower() == JSON_TYPE:
            return kind
    return ""


def unsent(reading: Reading, raw: dict[str, JSON]) -> tuple[str, str]:
    """What of its body a call goes without (SCH-06): "file", "body" or ""; and the repair that offers the rest."""
    body = raw.get("requestBody")
    content = body.get("content") if isinstance(body, dict) else None
    if not isinstance(content, dict) or not content or json_type(content):
        return "", ""
    ways = [_without(reading, kind.partition(";")[0].strip().lower(), media) for kind, media in content.items()]
    return ("file" if all(way[0] == "file" for way in ways) else "body"), next((way[1] for way in ways if way[1]), "")


def _without(reading: Reading, kind: str, media: JSON) -> tuple[str, str]:
    """The same for one media type: a form may hold files, what is no text is one."""
    if kind not in FORMS:
        texts = kind.startswith("text/") or kind.endswith("+json") or kind in ANY or _TEXT.search(kind)
        return ("body", "json-bodies") if texts else ("file", "")
    schema = schemas.resolved(reading, media.get("schema") if isinstance(media, dict) else None)[0]
    fields = schema.get("properties") if isinstance(schema, dict) else None
    fields = fields if isinstance(fields, dict) else {}
    files = [name for name, field in fields.items() if _is_file(reading, field)]
    needed = schema.get("required") if files else None
    needed = needed if isinstance(needed, list) else []
    whole = len(files) == len(fields) or any(name in needed for name in files)
    return ("file", "" if whole else "json-bodies") if files else ("body", "json-bodies")


def _is_file(reading: Reading, schema: JSON) -> bool:
    """Whether a field of a form is a file, or a list of files."""
    schema = schemas.resolved(reading, schema)[0]
    if isinstance(schema, dict) and isinstance(schema.get("items"), dict):
        schema = schemas.resolved(reading, schema["items"])[0]
    if not isinstance(schema, dict):
        return False
    return schema.get("format") == "binary" or ("contentMediaType" in schema and "contentEncoding" not in schema)


def _json(function: Function, kind: str, media: JSON) -> None:
    reading = function.reading
    way = ("paths", function.path, function.method, "requestBody", "content", kind, "schema")
    media = media if isinstance(media, dict) else {}
    written = media.get("schema", {})
    schemas.check(reading, written, way)
    schema, name, dead = schemas.resolved(reading, written)
    if not isinstance(schema, dict) or schema.get("type") != "object":
        _refused(function, pointer_of(way if "schema" in media else way[:-1]), schema, dead)
        return
    properties = schema.get("properties")
    if isinstance(properties, list):
        return  # that ended everything (DOC-09)
    if not isinstance(properties, dict):
        # SCH-01 was said where the schema stands: a body that is empty by mistake takes the operation along.
        place = pointer_of(("components", "schemas", name) if name else way)
        function.drop(f"SCH-01:{place}", "add-properties", "E")
        return
    needed = schema.get("required")
    needed = {name for name in needed if isinstance(name, str)} if isinstance(needed, list) else set()
    for name, held in properties.items():
        function.arguments.append(Argument(name, "body", name in needed, held, _description(function, held)))


def _description(function: Function, schema: JSON) -> str:
    """What a property says of itself, or the shared schema it refers to."""
    for told in (schema, schemas.resolved(function.reading, schema)[0]):
        text = told.get("description") if isinstance(told, dict) else None
        if isinstance(text, str) and text:
            return text
    return ""


def _refused(function: Function, pointer: str, schema: JSON, dead: str) -> None:
    """What is no object is refused (OP-07)."""
    told, repair, confidence = _reason(schema, dead)
    cause = schemas.cause_of(dead) if dead else f"OP-07:{pointer}"
    function.say(
        "OP-07",
        "drops-op",
        "request body schema is not an object schema; skipping",
        pointer,
        told,
        confidence=confidence,
        cause=cause,
        repair=repair,
    )
    function.drop(cause, repair, confidence)


def _reason(schema: JSON, dead: str) -> tuple[str, str, str]:
    """Explanation, repair and confidence."""
    if dead:
        told = said(
            "The body refers to “%(ref)s”, which is not there, so its schema is empty, and the operation is dropped.",
            ref=dead[:200],
        )
        return told, "unresolved-references", "C"
    if not isinstance(schema, dict):
        told = said("A body that is only a reference is not followed. Write it into the operation.")
        return told, "inline-bodies", "E"
    for union in ("oneOf", "anyOf"):
        if union in schema:
            told = said("The model fills named fields, so the body must be one object, not a choice of several.")
            return told, "flatten-union", "C"
    if "allOf" in schema:
        told = said("The parts of “allOf” are not put together; the body must be one object, written out.")
        return told, "merge-all-of", "C"
    kind = schema.get("type")
    if kind == "array":
        return said("The body is a list; wrap it in an object with one field."), "wrap-body", "C"
    if isinstance(kind, str):
        return said("The body is a single value; wrap it in an object with one field."), "wrap-body", "C"
    told = said("The body does not say “type: object” with “properties”. Add both.")
    objectlike = "properties" in schema or (isinstance(kind, list) and "object" in kind)
    return told, "object-bodies" if objectlike else "wrap-body", "E"


def _repeated(function: Function) -> None:
    """No name may be used by two arguments: the model fills in one flat object (OP-08)."""
    seen: set[str] = set()
    for argument in function.arguments:
        if argument.name in seen:
            function.gone = True
            function.say(
                "OP-08",
                "drops-op",
                f"parameter {argument.name} is duplicated; skipping function due to errors",
                function.pointer,
                said("Two arguments are called “%(name)s”. Rename one.", name=short(argument.name)),
                confidence="D",
                repair="rename-duplicates",
            )
        seen.add(argument.name)
