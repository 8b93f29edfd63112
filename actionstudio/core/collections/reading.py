"""What the document says of an operation, as collections need it: success, body, and the parameter that names a row."""

from __future__ import annotations

from typing import Any, NamedTuple

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.fields import plain, singular
from actionstudio.core.collections.roles import Row
from actionstudio.core.contract import Media, Operation, Response
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.shape import shape_of

type JSON = Any

POSITIONS = ("idx", "index", "position", "pos", "place")


class Said(NamedTuple):
    """A declared answer: its status ("2XX" too), media type, schema and examples; no media: no body."""

    response: Response | None
    media: Media | None

    @property
    def schema(self) -> JSON:
        return None if self.media is None else self.media.schema

    @property
    def example(self) -> JSON:
        """The value of the first example, None when there is none."""
        examples = self.media.examples if self.media is not None else ()
        return next((one.value for one in examples if "externalValue" not in one.extra), None)


def is_json(media_type: str) -> bool:
    """Whether bodies of this media type are JSON (or anything: ``*/*``)."""
    key = media_type.partition(";")[0].strip().lower()
    return key.endswith(("/json", "+json", "*")) or key == "application/x-json"


def success(resolver: Resolver, op: Operation, status: str = "") -> Said:
    """The answer that a call which went well gets: ``status``, else 201 for POST, the lowest 2xx, 2XX, default."""
    found = {response.status.lower(): response for response in resolver.responses(op)}
    good = sorted(code for code in found if code.isdigit() and code.startswith("2"))
    wanted = [status.lower()] if status else (["201"] if op.method == "POST" else [])
    for key in (*wanted, *good, "2xx", "default"):
        if key in found:
            content = found[key].content
            json = next((media for media in content if is_json(media.media_type)), None)
            return Said(found[key], json or (content[0] if content else None))
    return Said(None, None)


def body_schema(resolver: Resolver, op: Operation) -> JSON:
    """The schema of the request body, its JSON form first; None when there is none."""
    body = resolver.body(op)
    if body is None or not body.content:
        return None
    media = next((one for one in body.content if is_json(one.media_type)), body.content[0])
    return media.schema


def last_parameter(path: str) -> str:
    """The template that is the path's last segment, "" when that is a literal."""
    found = TEMPLATE.findall(path.rpartition("/")[2])
    return found[-1] if found else ""


def partitions(collection: Collection) -> list[str]:
    """The parts of a partition: ``path.org,path.repo`` makes one list for each pair."""
    return [part.strip() for part in collection.partition.split(",") if part.strip()]


def absent(resolver: Resolver, op: Operation, sources: list[str]) -> list[str]:
    """Those of ``sources`` ("path.petId", "query.id") that name a parameter of the path or the query which an operation
    does not have. Headers and fields of the body need not be declared."""
    there = {f"path.{name}" for name in TEMPLATE.findall(op.path)}
    there |= {f"query.{one.name}" for one in resolver.parameters(op) if one.in_ == "query"}
    return [one for one in sources if one.startswith(("path.", "query.")) and one not in there]


def key_source(resolver: Resolver, op: Operation, collection: Collection, by: str = "id") -> str:
    """Where a call names its row: "path.petId", "query.id", "body./todo_idx"; "" when it names none."""
    used = set(partitions(collection))
    last = last_parameter(op.path)
    if last and f"path.{last}" not in used:
        return f"path.{last}"
    wanted = _key_names(collection) if by != "position" else set()
    for one in resolver.parameters(op):
        source = f"{one.in_}.{one.name}"
        if one.in_ in ("query", "header") and source not in used and _names_row(one.name, wanted, by):
            return source
    for name, schema in _properties(resolver, op).items():
        kinds = shape_of(schema, resolver.components).kinds
        if _names_row(name, wanted, by) and not kinds & {"object", "array"}:
            return f"body./{name.replace('~', '~0').replace('/', '~1')}"
    return ""


def _properties(resolver: Resolver, op: Operation) -> dict[str, JSON]:
    schema = body_schema(resolver, op)
    return {} if schema is None else dict(shape_of(schema, resolver.components).properties)


def _key_names(collection: Collection) -> set[str]:
    if not collection.id_field:
        return set()
    single = plain(singular(collection.name))
    own = plain(collection.id_field.rpartition(".")[2])
    return {own, single + own, single + "id", plain(collection.id_field)}


def _names_row(name: str, wanted: set[str], by: str) -> bool:
    return plain(name) in wanted or (by == "position" and plain(name).endswith(POSITIONS))


def parents(op: Operation, row: Row, key: str, collection: Collection) -> dict[str, str]:
    """Path parameters that are a field of each row: ``/users/{userId}/posts`` holds the posts of that user.

    The parameter's name -> the field. Those that name the row itself or the list are not among them.
    """
    used = {key, *partitions(collection)}
    segments = op.path.split("/")
    found = {}
    for place, segment in enumerate(segments):
        for name in TEMPLATE.findall(segment):
            if f"path.{name}" in used:
                continue
            before = singular(segments[place - 1]) if place and "{" not in segments[place - 1] else ""
            wanted = ([] if plain(name) == "id" else [name]) + ([f"{before}_id", before] if before else [])
            field = next((path for one in wanted if (path := row.place(one)[0])), "")
            if field and field != collection.id_field:
                found[name] = field
    return found
