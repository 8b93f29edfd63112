"""The editor's form: which fields it may carry, and how a posted form is written into the state.

Nothing is taken from the form but values of known fields of known rows: a row that the form does not mention stays, a
row the state does not know is ignored. Order is the order in which a list's row keys stand in the body.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.http import QueryDict

from actionstudio.apps.design import answer_form, shapes
from actionstudio.core.contract import METHODS, VALIDATION_MODES

type Field = Callable[[Any, Any], Any]
type Row = dict[str, Any]
MOST, LONGEST = 200, 200  # names that are ticked, and the characters of one


def line(text: str, old: Any) -> str:
    return text.replace("\r", "").replace("\n", " ").replace("\0", "")


def text(value: str, old: Any) -> str:
    return value.replace("\r\n", "\n").replace("\0", "")


def flag(value: str, old: Any) -> bool:
    """A checkbox follows a hidden field of the same name and no value: absent means "not shown", empty "off"."""
    return value not in ("", "false", "off")


def names(values: list[str], old: Any) -> list[str]:
    """Checkboxes of one name, of which all count; a hidden field of no value stands before them too."""
    return list(dict.fromkeys(line(value, "")[:LONGEST] for value in values if value))[:MOST]


def choice(*values: str) -> Field:
    return lambda text, old: text if text in values else old


CELL: dict[str, Field] = {
    "name": line,
    "kind": choice("", *shapes.KINDS),
    "required": flag,
    "description": text,
    "nullable": flag,
    "enum": text,
    "format": line,
    "minimum": line,
    "maximum": line,
    "default": line,
    "example": line,
    "ref": line,
    "text": text,
}
FIELDS: dict[str, dict[str, Field]] = {
    "operation": {
        "method": choice(*METHODS),
        "path": line,
        "operation_id": line,
        "summary": line,
        "description": text,
        "tags": line,
        "deprecated": flag,
        "exposed": flag,
        "open": flag,
        "scopes": names,
        "consequential": choice("", "yes", "no"),
        "validation": choice("", *VALIDATION_MODES),
    },
    "component": {"name": line},
    "parameter": {**CELL, "in_": choice("path", "query", "header", "cookie"), "deprecated": flag},
    "header": CELL,
    "cell": {**CELL, "d": lambda value, old: min(int(value), shapes.DEEPEST) if value.isdecimal() else old},
    "root": CELL,
    "body": {"required": flag, "description": text},
    "response": {"status": line, "description": text},
    "media": {"media_type": line, "text": text, "sample": text},
    "example": {"key": line, "summary": line, "text": text},
}


def lists(state: Row) -> Iterator[tuple[str, list[Row], str]]:
    """Every list of rows in a state: its name in the form, its rows, and what kind of rows they are."""
    if "params" in state:
        yield "params", state["params"], "parameter"
        yield "responses", state["responses"], "response"
    owners = [*([state["body"]] if state.get("body") else []), *state.get("responses", ())]
    for owner in owners:
        if "headers" in owner:
            yield f"headers.{owner['k']}", owner["headers"], "header"
        yield f"media.{owner['k']}", owner["media"], "media"
    for media in all_media(state):
        yield f"rows.{media['k']}", media["rows"], "cell"
        yield f"root.{media['k']}", [media["root"]], "root"
        yield f"examples.{media['k']}", media["examples"], "example"
    if state.get("body"):
        yield "body", [state["body"]], "body"


def all_media(state: Row) -> list[Row]:
    """Every media type (anything with a schema) in the state."""
    owners = [*([state["body"]] if state.get("body") else []), *state.get("responses", ())]
    return [media for owner in owners for media in owner["media"]] + ([state["media"]] if "media" in state else [])


def rows(state: Row) -> dict[str, Row]:
    """Every row of the state by its key."""
    if "answer" in state:
        return answer_form.rows(state)
    found = {row["k"]: row for _, members, _ in lists(state) for row in members}
    if "media" in state:
        found[state["media"]["k"]] = state["media"]
    return found


def read(posted: QueryDict, state: Row, kind: str = "operation") -> Row:
    """A copy of ``state`` with the posted form written into it."""
    if kind == "answer":
        return answer_form.read(posted, state)
    state = copy.deepcopy(state)
    _fill(state, posted, "", kind)
    if "media" in state:
        _fill(state["media"], posted, f"{state['media']['k']}.", "media")
    for name, members, member_kind in list(lists(state)):
        _reorder(members, posted.getlist(name))
        for row in members:
            if not row.get("locked"):
                _fill(row, posted, f"{row['k']}.", member_kind)
    return state


def _fill(row: Row, posted: QueryDict, prefix: str, kind: str) -> None:
    for name, field in FIELDS[kind].items():
        if name in ("name", "in_", "required") and row.get("linked"):
            continue  # the path says these
        values = posted.getlist(prefix + name)
        if values and name in row:
            row[name] = field(values if field is names else values[-1], row[name])


def _reorder(members: list[Row], keys: list[str]) -> None:
    """Puts the mentioned rows in the order of ``keys``; a row that is not mentioned stays behind the one before it."""
    wanted = {key: place for place, key in enumerate(keys)}
    place, places = -1.0, {}
    for number, row in enumerate(members):
        place = wanted.get(row["k"], place)
        places[row["k"]] = (place, number if row["k"] not in wanted else -1)
    members.sort(key=lambda row: places[row["k"]])
