"""Rows of a collection as the cells of a table: which columns there are, a value as a cell's text, the text as a value.

A row that is no object has one column, named "". What a cell cannot show on one line is shown and read as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas import refs

MOST = 40  # columns; what lies beyond is reached by the row's JSON
ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the rows. ``kind`` is text, number, integer, boolean, choice or json."""

    name: str
    kind: str = "json"
    required: bool = False
    nullable: bool = False
    choices: tuple[str, ...] = ()
    fixed: bool = False  # the id of a row that is there: other calls know the row by it


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: the column, the text to show, and whether the row has the field at all."""

    column: Column
    text: str
    absent: bool = False


def columns(schema: Any, shared: Mapping[str, Any], rows: Iterable[Any], id_field: str = "id") -> list[Column]:
    """The columns for these rows: the properties of their schema first, then what the rows have beside them."""
    node = resolved(schema, shared)
    rows = list(rows)
    listed = [row for row in rows if isinstance(row, dict)]
    properties = _properties(node, shared)
    if not properties and not listed:
        return [Column("", kind_of(node, shared, rows), required=True)]
    required = {name for part in _parts(node, shared) for name in part.get("required", ()) if isinstance(name, str)}
    names = dict.fromkeys([*([id_field] if id_field else []), *properties])
    names |= dict.fromkeys(name for row in listed for name in row)
    made = []
    for name in list(names)[:MOST]:
        inner = resolved(properties.get(name), shared)
        kind = kind_of(inner, shared, [row[name] for row in listed if name in row])
        choices = tuple(value for value in inner.get("enum", ()) if isinstance(value, str)) if kind == "choice" else ()
        made.append(Column(name, kind, name in required, _nullable(inner), choices, name == id_field))
    return made


def resolved(schema: Any, shared: Mapping[str, Any]) -> dict[str, Any]:
    """The schema a reference leads to; {} for one that says nothing."""
    for _step in range(20):
        if not isinstance(schema, dict):
            return {}
        if "$ref" not in schema:
            return schema
        schema = shared.get(refs.name_of(schema["$ref"]) or "")
    return {}


def _parts(node: dict[str, Any], shared: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A schema and those it is put together of."""
    several = node.get("allOf")
    inner = [resolved(part, shared) for part in several] if isinstance(several, list) else []
    return [node, *inner]


def _properties(node: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in _parts(node, shared):
        if isinstance(part.get("properties"), dict):
            found |= part["properties"]
    return found


def kind_of(node: dict[str, Any], shared: Mapping[str, Any], values: list[Any]) -> str:
    """How a cell is edited: by the schema's type, else by what the values are."""
    types = node.get("type")
    several = [name for name in types if name != "null"] if isinstance(types, list) else [types]
    kind = several[0] if len(several) == 1 else None
    if kind == "string":
        enum = node.get("enum")
        return "choice" if isinstance(enum, list) and all(isinstance(value, str) for value in enum) else "text"
    if kind in ("integer", "number", "boolean"):
        return kind
    if kind is None and values and all(isinstance(value, str) for value in values):
        return "text"
    return "json"


def _nullable(node: dict[str, Any]) -> bool:
    return isinstance(node.get("type"), list) and "null" in node["type"]


def cells(row: Any, shown: list[Column]) -> list[Cell]:
    """One row as cells; empty ones for ABSENT."""
    if row is ABSENT:
        return [Cell(column, "", True) for column in shown]
    if len(shown) == 1 and not shown[0].name:
        return [Cell(shown[0], text_of(row, shown[0]))]
    fields = row if isinstance(row, dict) else {}
    return [
        Cell(column, text_of(fields[column.name], column) if column.name in fields else "", column.name not in fields)
        for column in shown
    ]


def text_of(value: Any, column: Column) -> str:
    """A value as its cell shows it: texts as they are where the column holds texts, all else as JSON."""
    plain = column.kind in ("text", "choice") and isinstance(value, str) and value != "null"
    return value if plain else json.dumps(value, ensure_ascii=False)


def value_of(text: str, column: Column, before: Any = ABSENT) -> Any:
    """What a cell's text means; ABSENT for an empty one. A text that was not changed means what it did.

    Raises Refused, with the column's name as pointer.
    """
    if before is not ABSENT and text == text_of(before, column):
        return before
    if column.kind in ("text", "choice"):
        if text == "null" and column.nullable:
            return None
        if not text and (before is ABSENT or column.kind == "choice" or not isinstance(before, str)):
            return ABSENT
        return text
    text = text.strip()
    if not text:
        return ABSENT
    value = _read(text, column)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if column.kind == "integer" and value is not None and not (number and value == value // 1):
        raise _wrong(column, _("Use a whole number, such as 7."))
    if column.kind == "number" and value is not None and not number:
        raise _wrong(column, _("Use a number, such as 7 or 0.5."))
    return value


def _read(text: str, column: Column) -> Any:
    if column.kind == "boolean":
        known = {"true": True, "false": False, "yes": True, "no": False, "null": None}
        if text.lower() not in known:
            raise _wrong(column, _("Use true or false."))
        return known[text.lower()]
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError:
        if column.kind == "json":
            raise _wrong(column, _('Write JSON: texts in quotes, such as "red", lists as [1, 2].')) from None
        whole = column.kind == "integer"
        raise _wrong(
            column, _("Use a whole number, such as 7.") if whole else _("Use a number, such as 7 or 0.5.")
        ) from None


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _wrong(column: Column, message: str) -> Refused:
    return Refused(Problem(f"/{column.name}" if column.name else "", message))


def row_of(texts: Mapping[str, str], shown: list[Column], before: Any = ABSENT) -> Any:
    """The row that cells say: ``texts`` by column name. What no column shows stays as it was. Raises Refused."""
    problems: list[Problem] = []
    fields = dict(before) if isinstance(before, dict) else {}
    for column in shown:
        if column.name not in texts:
            continue
        old = before if not column.name else fields.get(column.name, ABSENT)
        try:
            value = value_of(texts[column.name], column, old)
        except Refused as refused:
            problems += refused.problems
            continue
        if not column.name:
            if value is ABSENT:
                raise Refused(Problem("", _("Write something in this row, or delete it.")))
            return value
        if value is ABSENT:
            fields.pop(column.name, None)
        else:
            fields[column.name] = value
    if problems:
        raise Refused(*problems)
    return fields
