"""Repair: bodies of other media types are offered as JSON (SCH-06)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.arguments import Encode, Step
from actionstudio.core.contract import Contract, Media, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_LISTS = 8  # lists inside each other, at whose end there may be a file
_TEXTS = ("xml", "yaml", "graphql", "x-ndjson", "javascript", "sql", "csv", "jwt")


@repair(title=said("Offer bodies as JSON"), order=50, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT sends bodies as application/json. Here a form, a text, XML or another kind of JSON is offered as JSON,
    and your address writes it as the document wants it. Files cannot be sent this way: fields that hold one are left
    out, and an endpoint that needs one stays as it is."""
    resolver = Resolver(contract)
    notes: list[Note] = []
    steps: dict[Place, tuple[Step, ...]] = {}

    def offered(op: Operation) -> Operation:
        if op.body is None or not op.body.content or any(_kind(one) == mending.JSON_TYPE for one in op.body.content):
            return op
        name, at = op.operation_id or op.path, f"{op.pointer}/requestBody"
        found = offer(op.body.content, resolver)
        if found is None:
            words = said("%(name)s takes files, which ChatGPT cannot send.", name=name)
            notes.append(Note("json-bodies", at, words, True))
            return op
        media, schema, lacking = found
        kind = _kind(media)
        if "*" not in kind:
            steps[op.method, op.path] = (Encode(media.media_type),)
        words = said("The body of %(name)s, %(kind)s, is offered as JSON.", name=name, kind=media.media_type)
        if lacking:
            words = said("%(told)s Without files: %(names)s.", told=words, names=", ".join(lacking))
        notes.append(Note("json-bodies", at, words, bool(lacking) or _is_text(kind)))
        content = (replace(media, media_type=mending.JSON_TYPE, schema=schema, examples=(), extra={}),)
        return replace(op, body=replace(op.body, content=content))

    return Mended(mending.each_operation(contract, offered), tuple(notes), steps)


def offer(content: tuple[Media, ...], resolver: Resolver) -> tuple[Media, JSON, list[str]] | None:
    """What is offered of a body: media type, schema as JSON, and which fields (files) it lacks. None: nothing."""
    return next(filter(None, (_offer(one, resolver) for one in _ranked(content))), None)


def _kind(media: Media) -> str:
    return media.media_type.split(";")[0].strip().lower()


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.rpartition("/")[2].rpartition("+")[2] in _TEXTS


def _ranked(content: tuple[Media, ...]) -> list[Media]:
    """What says most to the model first: other JSON, forms, texts."""

    def rank(media: Media) -> int:
        kind = _kind(media)
        if kind.endswith("+json") or "*" in kind:
            return 0
        return 1 + FORMS.index(kind) if kind in FORMS else 3

    return sorted(content, key=rank)


def _offer(media: Media, resolver: Resolver) -> tuple[Media, JSON, list[str]] | None:
    """How one media type is offered: its schema as JSON, and which fields (files) it lacks. None: not at all."""
    kind = _kind(media)
    schema: JSON = {} if media.schema is None else media.schema
    if kind.endswith("+json") or kind in ("*/*", "application/*"):
        return media, schema, []
    if kind in FORMS:
        types = mending.types_of(resolver.schema(schema))
        if kind == FORMS[1] and types and "object" not in types:
            return None  # parts have names
        return _without_files(media, schema, resolver)
    if _is_text(kind):
        return media, _text(resolver.schema(schema), f"The whole body as text ({kind})"), []
    return None


def _text(schema: JSON, told: str) -> dict[str, JSON]:
    """A whole body as one text, with what the document says of such a text."""
    known = schema if mending.types_of(schema) == ("string",) else {}
    known = {key: value for key, value in known.items() if (key, value) != ("format", "binary")}
    before = known.get("description")
    told = f"{before} {told}" if isinstance(before, str) and before else told
    return {"type": "string", **known, "description": told}


def _without_files(media: Media, schema: JSON, resolver: Resolver) -> tuple[Media, JSON, list[str]] | None:
    properties = mending.top_level(schema, resolver)
    files = [name for name, one in properties.items() if is_file(one, resolver)]
    if not files:
        return media, schema, []
    found = resolver.schema(schema)
    needed = found.get("required") if isinstance(found, dict) else None
    needed = [name for name in needed if isinstance(name, str)] if isinstance(needed, list) else []
    if any(name in needed for name in files) or len(files) == len(properties) or "allOf" in found:
        return None
    kept = {name: one for name, one in properties.items() if name not in files}
    return media, {**found, "properties": kept}, files


def is_file(schema: JSON, resolver: Resolver, depth: int = 0) -> bool:
    """Whether a field of a form holds a file, or a list of files."""
    schema = resolver.schema(schema)
    if not isinstance(schema, dict):
        return False
    if "array" in mending.types_of(schema):
        deeper = isinstance(schema.get("items"), dict) and depth < _LISTS
        return is_file(schema["items"], resolver, depth + 1) if deeper else False
    kind = schema.get("contentMediaType")
    return schema.get("format") == "binary" or (kind is not None and "contentEncoding" not in schema)
