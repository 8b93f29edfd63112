"""What keeps an edited operation or shared schema from being saved: found per field, said in plain words with the cure.

A draft may be wrong, a revision may not. What an import brought in and nobody touched may stay as it was.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import forms, settling, shapes
from actionstudio.apps.design import state as states
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.web.telling import told
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.validate import SchemaError, check_schema, compile_validator

type State = dict[str, Any]
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
STATUS = re.compile(r"[1-5][0-9][0-9]|[1-5]XX|default")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
MEDIA_TYPE = re.compile(r"[^\s/;,]+/[^\s/;,]+(\s*;.+)?")


def operation(state: State, saved: State, others: Iterable[tuple[str, str, str]], problems: Problems) -> None:
    """``others`` are method, path and operation name of the project's other operations."""
    others = list(others)
    if state["path"] != saved["path"] or state["method"] != saved["method"]:
        _path(state, others, problems)
    name = state["operation_id"].strip()
    if name != saved["operation_id"]:
        _name(name, others, problems)
    _once(((f"{row['k']}.name", (row["in_"], row["name"].strip())) for row in _open(state["params"])), _twice, problems)
    for row in _open(state["params"]):
        _parameter(row, state, problems)
    if state["body"]:
        _media(state["body"], problems)
    _responses(state["responses"], problems)


def _path(state: State, others: list[tuple[str, str, str]], problems: Problems) -> None:
    path = state["path"].strip()
    bare = settling.PLACEHOLDER.sub("", path)
    if not path.startswith("/"):
        problems.add("path", _("A path begins with “/”, such as /orders."))
    elif "//" in path:
        problems.add("path", _("A path cannot have “//”: part of it is empty. Remove one slash."))
    elif "?" in bare or "#" in bare:
        problems.add("path", _("A path ends before “?” and “#”. Add a query parameter below instead."))
    elif "{" in bare or "}" in bare:
        problems.add("path", _("A placeholder looks like {order_id}: one name between braces."))
    elif re.search(r"\s", path):
        problems.add("path", _("A path has no spaces. Use “-” or “_”."))
    elif len(settling.PLACEHOLDER.findall(path)) != len(settling.placeholders(path)):
        problems.add("path", _("Each placeholder needs a name of its own."))
    shape = settling.PLACEHOLDER.sub("{}", path)
    for method, other, _name_of_it in others:
        if method == state["method"] and settling.PLACEHOLDER.sub("{}", other) == shape:
            problems.add(
                "path",
                _("There is already an endpoint %(it)s. Choose another path or method.") % {"it": f"{method} {other}"},
            )


def _name(name: str, others: list[tuple[str, str, str]], problems: Problems) -> None:
    if name and not NAME.fullmatch(name):
        why = _("Use letters, digits, _ or -, starting with a letter, 64 at most. GPT cannot call this name.")
        problems.add("operation_id", why)
    same = next((f"{method} {path}" for method, path, other in others if other == name), "")
    if name and same:
        problems.add(
            "operation_id", _("%(it)s already has this name. GPT calls by name: choose another.") % {"it": same}
        )


def _open(rows: list[State]) -> list[State]:
    return [row for row in rows if not row.get("locked")]


def _twice() -> str:
    return _("There are two of this. Remove one, or give it another name.")


def _once(pairs: Iterable[tuple[str, Any]], words, problems: Problems) -> None:
    """The second field with the same value is a problem."""
    seen = set()
    for field, value in pairs:
        if value in seen:
            problems.add(field, words())
        seen.add(value)


def _parameter(row: State, state: State, problems: Problems) -> None:
    name = row["name"].strip()
    if not name:
        problems.add(f"{row['k']}.name", _("Give this parameter a name, or remove it."))
    elif row["in_"] == "path" and name not in settling.placeholders(state["path"]):
        problems.add(
            f"{row['k']}.name",
            _("The path has no {%(name)s}. Remove this parameter or add it to the path.") % {"name": name},
        )
    elif row["in_"] == "header" and not TOKEN.fullmatch(name):
        problems.add(f"{row['k']}.name", _("A header's name has letters, digits and “-”, no spaces."))


def _media(owner: State, problems: Problems) -> None:
    names = [(f"{row['k']}.media_type", row["media_type"].strip().lower()) for row in owner["media"]]
    _once(names, _twice, problems)
    for row in owner["media"]:
        if not MEDIA_TYPE.fullmatch(row["media_type"].strip()):
            problems.add(f"{row['k']}.media_type", _("A media type looks like application/json."))
        keys = [(f"{item['k']}.key", item["key"].strip()) for item in row["examples"]]
        _once(keys, _twice, problems)
        if len(keys) > 1:
            for field, key in keys:
                if not key:
                    problems.add(field, _("Give each example a name: it chooses between them."))


def _responses(responses: list[State], problems: Problems) -> None:
    _once(((f"{row['k']}.status", row["status"].strip()) for row in responses), _twice, problems)
    for row in responses:
        if not STATUS.fullmatch(row["status"].strip()):
            problems.add(f"{row['k']}.status", _("Use a status such as 200 or 404, a range such as 4XX, or default."))
        heads = _open(row["headers"])
        _once(((f"{head['k']}.name", head["name"].strip().lower()) for head in heads), _twice, problems)
        for head in heads:
            if not TOKEN.fullmatch(head["name"].strip()):
                problems.add(f"{head['k']}.name", _("A header's name has letters, digits and “-”, no spaces."))
        _media(row, problems)


def schemas(state: State, known: Mapping[str, Any], problems: Problems) -> None:
    """Every schema of the state must be JSON Schema, and refer only to what is there."""
    for media in forms.all_media(state):
        found = Problems()
        schema = shapes.schema(media, found)
        if schema is not None and not found:
            _schema(schema, known, _field_of(media), problems)
    cells = [*state.get("params", ()), *(head for row in state.get("responses", ()) for head in row["headers"])]
    for row in _open(cells):
        found = Problems()
        schema = shapes.cell_schema(row, found)
        if schema is not None and not found:
            field = "text" if row["kind"] == "advanced" else "kind"
            _schema(schema, known, f"{row['k']}.{field}", problems)


def _field_of(media: State) -> str:
    return f"{media['k']}.text"


def _schema(schema: Any, known: Mapping[str, Any], field: str, problems: Problems) -> None:
    wrong = check_schema(schema)
    if wrong:
        pointer, message = wrong[0]
        problems.add(
            field,
            _("This is not valid JSON Schema. At %(at)s: %(why)s.") % {"at": pointer or "/", "why": told(message)},
        )
        return
    absent = refs.refs(schema) - known.keys()
    if absent:
        words = _("There is no shared schema “%(name)s”. Choose one that exists, or make it first.")
        problems.add(field, words % {"name": min(absent)})


def advice(state: State, known: Mapping[str, Any]) -> dict[str, str]:
    """Amber words under an example that does not fit its schema: it is served all the same."""
    found: dict[str, str] = {}
    for media in forms.all_media(state):
        quiet = Problems()
        schema = shapes.schema(media, quiet)
        if schema is None or quiet or not media["examples"]:
            continue
        try:
            validator = compile_validator(schema, known)
        except SchemaError:
            continue
        for row in media["examples"]:
            value = states.example_value(row, quiet := Problems()).value
            if not quiet and row["text"].strip() and (wrong := validator.violations(value)):
                where = ".".join(map(str, wrong[0].location))
                why = told(wrong[0].message)
                found[f"{row['k']}.text"] = f"{where}: {why}" if where else why
    return found


def component_name(name: str, taken: Iterable[str], problems: Problems) -> None:
    if not re.fullmatch(r"(?!\.{1,2}$)[A-Za-z0-9._-]+", name):  # a URL cannot end in /../
        problems.add("name", _("Use letters, digits, “.”, “_” or “-”."))
    elif name in taken:
        problems.add("name", _("There is already a shared schema “%(name)s”. Choose another name.") % {"name": name})


def circle(name: str, components: Mapping[str, Any]) -> list[str]:
    """A way from the shared schema ``name`` back to itself, or []."""
    ways = [[name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for step in sorted(refs.direct(components.get(way[-1], {}))):
            if step == name:
                return [*way, name]
            if step not in seen and step in components:
                seen.add(step)
                ways.append([*way, step])
    return []


def new_circle(old: str, name: str, schema: Any, components: Mapping[str, Any]) -> str:
    """The circle this edit would close, as "Order → Line → Order"; "" when none, or when it was there before."""
    before = circle(old, components)
    after = circle(old, {**components, old: refs.rename_ref(schema, name, old)})
    return "" if before or not after else " → ".join(name if step == old else step for step in after)
