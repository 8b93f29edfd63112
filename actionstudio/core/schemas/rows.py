"""A schema as the flat, indented rows of the editor for people who do not know JSON Schema, and back without loss.

What a row has no field for rides along in its ``extra``; what cannot be shown as a row at all (oneOf, allOf,
patternProperties and the like) is a locked row of kind ``advanced`` that keeps the schema as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from actionstudio.core.problem import Problem
from actionstudio.core.schemas.refs import name_of, ref_to
from actionstudio.core.schemas.row import (
    ADVANCED,
    BOOLEAN,
    GROUP,
    INTEGER,
    ITEMS,
    KINDS,
    LIST_GROUP,
    LIST_REF,
    LISTS,
    NAMES,
    NUMBER,
    PARENTS,
    REF,
    TEXT,
    TYPES,
    Row,
)

__all__ = ["KINDS", "Row", "check_rows", "from_rows", "root_kind", "row_of", "schema_of", "to_rows"]

UNTYPED = "x-studio-untyped"
ANY_OF = "x-studio-any-of"
_LOCKING = {"oneOf", "anyOf", "allOf", "not", "if", "then", "else", "patternProperties", "prefixItems", "contains"}
_LOCKING |= {"dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "$defs", "definitions"}
_LOCKING |= {"$dynamicRef", "const", "$id", "$anchor", "$dynamicAnchor", UNTYPED, ANY_OF, "x-studio-items"}
_NOTES = {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"}
_RANGE = (("minimum", "minimum"), ("maximum", "maximum"))
_LENGTH = (("minLength", "min_length"), ("maxLength", "max_length"), ("pattern", "pattern"))
_FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    TEXT: (("format", "format"), *_LENGTH),
    INTEGER: (("format", "format"), *_RANGE),
    NUMBER: (("format", "format"), *_RANGE),
}
_PLAIN = {"format": str, "pattern": str, "minLength": int, "maxLength": int, "minimum": (int, float)}
_PLAIN["maximum"] = (int, float)
_DEEPEST = 16


def root_kind(schema: Any) -> str:
    """How the whole schema is shown: one of KINDS. Rows are the properties of a group, or of a list's groups."""
    return row_of(schema, "", "", False, 0).kind


def to_rows(schema: Any, make_key: Callable[[], str]) -> list[Row]:
    """The rows of an object's properties, at any depth, in their order; a list of groups gives its items' properties.

    Any other schema has no rows: :func:`root_kind` says what it is, :func:`row_of` shows it as one row.
    """
    kind = root_kind(schema)
    return list(_rows_inside(schema, kind, 0, make_key)) if kind in PARENTS else []


def from_rows(rows: Sequence[Row], original_root: Any) -> Any:
    """The schema with these properties; all else stays as in ``original_root``, the schema the rows were made from.

    ``from_rows(to_rows(s, key), s)`` means the same as ``s``. Rows without a name are left out; of two rows of one name
    the later wins (see :func:`check_rows`).
    """
    kind = root_kind(original_root)
    if kind not in PARENTS:
        if not rows:
            return original_root
        original_root, kind = {"type": "object"}, GROUP
    return _with_members(original_root, kind, _tree(rows))


def check_rows(rows: Sequence[Row]) -> list[Problem]:
    """What has to be put right before the rows are used; ``pointer`` is the key of the row."""
    problems = []
    seen: set[tuple[str, ...]] = set()
    way: list[str] = []
    for row in rows:
        way = [*way[: row.depth], row.name]
        if not row.name:
            problems.append(Problem(row.key, "Give this field a name.", "name"))
        elif tuple(way) in seen:
            problems.append(Problem(row.key, f"There are two fields named {row.name} here.", "name"))
        elif row.kind in (REF, LIST_REF) and not row.ref:
            problems.append(Problem(row.key, "Choose the shared schema.", "ref"))
        seen.add(tuple(way))
    return problems


def row_of(schema: Any, key: str, name: str, required: bool, depth: int) -> Row:
    """One schema as one row, without the rows of what is inside it."""
    shown = _shown(schema, depth)
    if shown is None:
        return Row(key, depth, name, ADVANCED, required, advanced=schema)
    return Row(key=key, depth=depth, name=name, required=required, **shown)


def schema_of(row: Row, inside: Sequence[tuple[Row, Any]] = ()) -> Any:
    """The schema of one row; ``inside`` are the rows of a group with their own rows (see :func:`from_rows`)."""
    if row.kind == ADVANCED:
        return row.advanced if row.advanced is not None else {}
    extra = {key: value for key, value in row.extra.items() if key not in (UNTYPED, ANY_OF)}
    items_extra = extra.pop("items", {}) if row.kind in ITEMS else {}
    core = _core(row, items_extra, inside)
    if not row.nullable:
        if row.extra.get(UNTYPED) and (row.choices or row.kind == GROUP):
            core.pop("type", None)
        return {**core, **_notes(row), **_kept(extra, core)}
    if row.kind == REF or ANY_OF in row.extra:
        return _any_of(row, {**core, **_notes(row), **_kept(extra, core)})
    core["type"] = [core["type"], "null"]
    if "enum" in core:
        core["enum"] = [*core["enum"], None]
    return {**core, **_notes(row), **_kept(extra, core)}


def _rows_inside(schema: Any, kind: str, depth: int, make_key: Callable[[], str]) -> Iterator[Row]:
    schema, _ = _unwrapped(schema)
    group = schema["items"] if kind == LIST_GROUP else schema
    required = group.get("required", ())
    for name, inner in group.get("properties", {}).items():
        row = row_of(inner, make_key(), name, name in required, depth)
        yield row
        if row.kind in PARENTS:
            yield from _rows_inside(inner, row.kind, depth + 1, make_key)


def _shown(schema: Any, depth: int) -> dict[str, Any] | None:
    """The fields of the row that shows this schema, or None when no row can."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return None
    inner, marker = _unwrapped(schema)
    if inner is None or not _LOCKING.isdisjoint(inner):
        return None
    if "$ref" in inner:
        name = name_of(inner["$ref"])
        if name is None or ref_to(name) != inner["$ref"]:
            return None
        return {"kind": REF, "ref": name, "nullable": marker is not None, **_rest(inner, {"$ref"}, marker)}
    kind, nullable, untyped = _typed(inner)
    if kind is None or (marker is not None and nullable):
        return None
    fields: dict[str, Any] = {"kind": kind, "nullable": nullable or marker is not None}
    if kind == "array":
        return _shown_list(inner, fields, marker)
    used = {"type"}
    if kind == GROUP and not _group(inner):
        return None
    if "enum" in inner and kind != BOOLEAN:
        choices = _choices(inner["enum"], kind, nullable)
        if choices is None:
            return None
        fields["choices"] = choices
        used.add("enum")
    elif "enum" in inner and nullable:
        return None
    for key, name in _FIELDS.get(kind, ()):
        if key in inner and _is_plain(key, inner[key]):
            fields[name] = inner[key]
            used.add(key)
    if kind == GROUP:
        used |= {"properties", "required"}
    strangers = _strangers(inner) if kind == GROUP else None
    return {**fields, **_rest(inner, used, marker, untyped, strangers)}


def _unwrapped(schema: dict[str, Any]) -> tuple[Any, list[str] | None]:
    """``anyOf: [X, null]`` as X with the notes beside it, and the keywords that stood in X; others as they are."""
    branches = schema.get("anyOf")
    if not isinstance(branches, list) or len(branches) != 2 or {"type": "null"} not in branches:
        return schema, None
    inner = branches[1] if branches[0] == {"type": "null"} else branches[0]
    outer = {key: value for key, value in schema.items() if key != "anyOf"}
    if branches[0] == {"type": "null"} or not isinstance(inner, dict):
        return schema, None
    if not _NOTES.issuperset(outer) or not outer.keys().isdisjoint(inner):
        return schema, None
    return {**inner, **outer}, sorted(key for key in inner if key in _NOTES)


def _typed(schema: dict[str, Any]) -> tuple[str | None, bool, bool]:
    """The kind (or "array"), whether null is allowed, and whether the type is only implied."""
    named = schema.get("type")
    nullable = False
    if isinstance(named, list):
        others = [name for name in named if name != "null"]
        if len(named) != 2 or len(others) != 1:
            return None, False, False
        named, nullable = others[0], True
    if named is None:
        if "properties" in schema and "enum" not in schema and "items" not in schema:
            return GROUP, False, True
        values = schema.get("enum")
        if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
            return TEXT, False, True
        return None, False, False
    return "array" if named == "array" else TYPES.get(named), nullable, False


def _group(schema: dict[str, Any]) -> bool:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    return isinstance(properties, dict) and isinstance(required, list) and "enum" not in schema


def _shown_list(schema: dict[str, Any], fields: dict[str, Any], marker: list[str] | None) -> dict[str, Any] | None:
    items = schema.get("items")
    inner = _shown(items, _DEEPEST) if isinstance(items, dict) else None
    if inner is None or inner["kind"] not in LISTS or inner["nullable"] or "enum" in schema:
        return None
    kind = LISTS[inner["kind"]]
    fields |= {"kind": kind, "choices": inner.get("choices", []), "ref": inner.get("ref", "")}
    used = {"type", "items"}
    shown = _rest(schema, used, marker)
    gone = {"type", "$ref", "properties"} | ({"enum"} if fields["choices"] else set())
    kept = {key: value for key, value in items.items() if key not in gone and key != "required"}  # type: ignore[union-attr]
    if kind == LIST_GROUP and _strangers(items):  # type: ignore[arg-type]
        kept["required"] = _strangers(items)  # type: ignore[arg-type]
    elif kind != LIST_GROUP and "required" in items:  # type: ignore[operator]
        kept["required"] = items["required"]  # type: ignore[index]
    if UNTYPED in inner["extra"]:
        kept[UNTYPED] = True
    if kept:
        shown["extra"]["items"] = kept
    return {**fields, **shown}


def _strangers(group: dict[str, Any]) -> list[str]:
    """Required names that are no properties; no row can carry them."""
    return [name for name in group.get("required", ()) if name not in group.get("properties", {})]


def _choices(values: Any, kind: str, nullable: bool) -> list[str] | None:
    """The choices as texts, None when rows cannot tell them."""
    if not isinstance(values, list) or not values or (None in values) != nullable:
        return None
    values = [value for value in values if value is not None]
    if kind == TEXT:
        return values if values and all(isinstance(value, str) for value in values) else None
    if kind in (INTEGER, NUMBER) and values:
        right = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        return [orjson.dumps(value).decode() for value in values] if right else None
    return None


def _is_plain(key: str, value: Any) -> bool:
    return isinstance(value, _PLAIN[key]) and not isinstance(value, bool) and value != ""  # type: ignore[arg-type]


def _rest(
    schema: dict[str, Any],
    used: set[str],
    marker: list[str] | None,
    untyped: bool = False,
    strangers: list[str] | None = None,
) -> dict[str, Any]:
    """Notes, and in ``extra`` every keyword that has no field."""
    fields: dict[str, Any] = {}
    if isinstance(schema.get("description"), str) and schema["description"]:
        fields["description"] = schema["description"]
    for key in ("example", "default"):
        if schema.get(key) is not None:
            fields[key] = schema[key]
    extra = {key: value for key, value in schema.items() if key not in used and key not in fields}
    if strangers:
        extra["required"] = strangers
    if untyped:
        extra[UNTYPED] = True
    if marker is not None:
        extra[ANY_OF] = marker
    return {**fields, "extra": extra}


def _core(row: Row, items_extra: dict[str, Any], inside: Sequence[tuple[Row, Any]]) -> dict[str, Any]:
    """The keywords that make the kind."""
    if row.kind == REF:
        return {"$ref": ref_to(row.ref)}
    if row.kind in ITEMS:
        return {"type": "array", "items": _items(row, items_extra, inside)}
    core: dict[str, Any] = {"type": NAMES[row.kind]}
    if row.choices and row.kind in (TEXT, INTEGER, NUMBER):
        core["enum"] = _values(row.choices, row.kind)
    for key, name in _FIELDS.get(row.kind, ()):
        if getattr(row, name) not in (None, ""):
            core[key] = getattr(row, name)
    return _with_members(core, GROUP, inside, row.extra.get("required")) if row.kind == GROUP else core


def _items(row: Row, kept: dict[str, Any], inside: Sequence[tuple[Row, Any]]) -> dict[str, Any]:
    inner = ITEMS[row.kind]
    if inner == REF:
        return {**kept, "$ref": ref_to(row.ref)}
    untyped = kept.get(UNTYPED)
    items = {key: value for key, value in kept.items() if key != UNTYPED}
    strangers = items.pop("required", None) if inner == GROUP else None
    items["type"] = NAMES[inner]
    if row.choices:
        items["enum"] = _values(row.choices, inner)
    if inner == GROUP:
        items = _with_members(items, GROUP, inside, strangers)
    if untyped and (row.choices or inner == GROUP):
        items.pop("type")
    return items


def _values(choices: Sequence[str], kind: str) -> list[Any]:
    """The choices of a number row as numbers; what is no number stays text, for check_schema and the reader to see."""
    if kind == TEXT:
        return list(choices)
    values: list[Any] = []
    for choice in choices:
        try:
            values.append(orjson.loads(choice))
        except orjson.JSONDecodeError:
            values.append(choice)
    return values


def _notes(row: Row) -> dict[str, Any]:
    notes = {"description": row.description or None, "example": row.example, "default": row.default}
    return {key: value for key, value in notes.items() if value is not None}


def _kept(extra: dict[str, Any], core: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if key not in core and key != "required"} | (
        {"required": extra["required"]} if "required" in extra and "required" not in core else {}
    )


def _any_of(row: Row, whole: dict[str, Any]) -> dict[str, Any]:
    """``whole`` or null, written as anyOf; the notes stand where they stood."""
    inside = set(row.extra.get(ANY_OF, ()))
    inner = {key: value for key, value in whole.items() if key not in _NOTES or key in inside}
    outer = {key: value for key, value in whole.items() if key not in inner}
    return {"anyOf": [inner, {"type": "null"}], **outer}


type Tree = list[tuple[Row, Any]]


def _tree(rows: Sequence[Row]) -> Tree:
    """Rows with the rows below them. A row that is indented too far belongs to the last one that can hold it."""
    top: Tree = []
    stack: list[Tree] = [top]
    for row in rows:
        del stack[max(0, row.depth) + 1 :]
        inside: Tree = []
        if row.name:
            stack[-1].append((row, inside))
        stack.append(inside)
    return top


def _with_members(
    schema: dict[str, Any], kind: str, tree: Sequence[tuple[Row, Any]], strangers: list[str] | None = None
) -> dict[str, Any]:
    """The schema with these properties in place of its own."""
    if kind == LIST_GROUP:
        return _through(schema, lambda inner: {**inner, "items": _with_members(inner["items"], GROUP, tree)})
    if "anyOf" in schema:
        return _through(schema, lambda inner: _with_members(inner, GROUP, tree))
    required = [row.name for row, _ in tree if row.required]
    left = _strangers(schema) if strangers is None else strangers
    required += [name for name in left if name not in required and name not in {row.name for row, _ in tree}]
    out = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    if tree or "properties" in schema:
        out["properties"] = {row.name: schema_of(row, inside) for row, inside in tree}
    if required:
        out["required"] = list(dict.fromkeys(required))
    return out


def _through(schema: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Changes the schema, or what stands beside null in its anyOf."""
    if "anyOf" not in schema:
        return change(schema)
    return {**schema, "anyOf": [change(schema["anyOf"][0]), *schema["anyOf"][1:]]}
