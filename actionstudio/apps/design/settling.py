"""What follows by itself from an edit: path parameters follow the path, fields stand under groups only."""

import re
from collections.abc import Iterable
from typing import Any

from actionstudio.apps.design import forms, shapes
from actionstudio.apps.design.problems import Problems

PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")
type State = dict[str, Any]


def placeholders(path: str) -> list[str]:
    """The names between braces in a path, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(path)))


def settle(state: State, before: State, inherited: frozenset[str] = frozenset(), shared: Iterable[str] = ()) -> None:
    """Changes ``state`` in place. ``inherited`` are the names of path-level path parameters.

    ``shared`` are the shared schemas to choose from: the first is chosen when a row becomes a reference.
    """
    was = forms.rows(before)
    for row in list(forms.rows(state).values()):
        old = was.get(row["k"])
        if old and "was" in row and old["kind"] != row["kind"]:
            _new_kind(state, row, old)
            if row["kind"].endswith("ref"):
                row["ref"] = row["ref"] or next(iter(shared), "")
    for media in forms.all_media(state):
        _depths(media)
    if "params" in state:
        _path_parameters(state, before, inherited)


def _new_kind(state: State, row: State, old: State) -> None:
    if row["kind"] == "advanced":
        row["text"] = row["text"] or shapes.pretty(shapes.cell_schema(old, Problems()) or {})
    shapes.kind_changed(row)


def _depths(media: State) -> None:
    """No row deeper than one below a group; what stood under a row that is no group any more goes with it."""
    kept: list[State] = []
    above: list[State] = []
    roomy = media["root"]["kind"] in ("group", "list-group")
    for row in media["rows"] if roomy else ():
        above = [item for item in above if item["d"] < row["d"]]
        if above and above[-1]["kind"] not in ("group", "list-group"):
            continue
        row["d"] = min(row["d"], len(above))
        kept.append(row)
        above.append(row)
    media["rows"][:] = kept


def _path_parameters(state: State, before: State, inherited: frozenset[str]) -> None:
    """Parameters for new placeholders; a renamed placeholder renames its parameter; an untouched one goes with it."""
    now, then = placeholders(state["path"]), placeholders(before["path"])
    rows = {row["name"]: row for row in state["params"] if row["in_"] == "path"}
    gone = [name for name in then if name not in now and name in rows]
    new = [name for name in now if name not in rows and name not in inherited]
    if len(gone) == 1 and len(new) == 1 and not rows[gone[0]].get("locked"):
        rows[gone[0]]["name"] = new.pop()
        gone = []
    for name in gone:
        if _untouched(rows[name]):
            state["params"].remove(rows[name])
    at = sum(1 for row in state["params"] if row["in_"] == "path")
    state["params"][at:at] = [parameter(name, "path") for name in new]
    link(state)


def link(state: State) -> None:
    """Marks the path parameters that the path names: their name and place follow it, and they are always required."""
    named = placeholders(state["path"])
    for row in state["params"]:
        row["linked"] = row["in_"] == "path" and not row.get("locked") and row["name"] in named
        if row["linked"] and "kind" in row:
            row["required"] = True


def _untouched(row: State) -> bool:
    return row.get("auto", False) and not row["description"] and row["kind"] == "text" and not row["example"]


def parameter(name: str = "", in_: str = "query") -> State:
    """A new parameter's row."""
    row = shapes.cell({"type": "string"}, name, in_ == "path")
    outer = {"name": name, "in_": in_}
    inner = {"description": "", "example": ""}
    return {**row, "in_": in_, "deprecated": False, "outer": outer, "inner": inner, "auto": in_ == "path"}
