"""One property in the editor of schemas, and the kinds it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEXT, INTEGER, NUMBER, BOOLEAN = "text", "integer", "number", "boolean"
LIST_TEXT, LIST_INTEGER, LIST_NUMBER = "list_text", "list_integer", "list_number"
LIST_GROUP, LIST_REF, GROUP, REF, ADVANCED = "list_group", "list_ref", "group", "ref", "advanced"
KINDS = (
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    LIST_TEXT,
    LIST_INTEGER,
    LIST_NUMBER,
    LIST_GROUP,
    GROUP,
    REF,
    LIST_REF,
    ADVANCED,
)
PARENTS = {GROUP, LIST_GROUP}
TYPES = {"string": TEXT, "integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN, "object": GROUP}
LISTS = {TEXT: LIST_TEXT, INTEGER: LIST_INTEGER, NUMBER: LIST_NUMBER, GROUP: LIST_GROUP, REF: LIST_REF}
NAMES = {kind: name for name, kind in TYPES.items()}
ITEMS = {kind: inner for inner, kind in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One property in the editor.

    ``key`` names the row for the page, ``depth`` its indent. ``choices`` are texts (numbers as written). None and ""
    mean "not set". ``extra`` holds the keywords that have no field here, under ``items`` those of a list's items.
    """

    key: str
    depth: int
    name: str
    kind: str = TEXT
    required: bool = False
    description: str = ""
    choices: list[str] = field(default_factory=list)
    format: str = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    example: Any = None
    default: Any = None
    nullable: bool = False
    ref: str = ""
    advanced: Any = None
    extra: dict[str, Any] = field(default_factory=dict)
