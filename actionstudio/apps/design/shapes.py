"""A schema as the rows of the builder, and back. What rows cannot show stays as JSON Schema text, kept as it is.

A *cell* is one row: its kind and the keywords the form shows, with the whole node in ``base``. A *shape* is a root
cell and the rows below it, flat, each with its depth ``d``. Unshown keywords live in ``base`` and come back unchanged.
"""

import json
import secrets
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.design.problems import Problems
from actionstudio.core.schemas import refs

KINDS = {
    "text": gettext_lazy("Text"),
    "integer": gettext_lazy("Whole number"),
    "number": gettext_lazy("Number"),
    "boolean": gettext_lazy("Yes / no"),
    "group": gettext_lazy("Group"),
    "ref": gettext_lazy("Shared schema"),
    "list-text": gettext_lazy("List of text"),
    "list-integer": gettext_lazy("List of whole numbers"),
    "list-number": gettext_lazy("List of numbers"),
    "list-group": gettext_lazy("List of groups"),
    "list-ref": gettext_lazy("List of shared"),
    "any": gettext_lazy("Anything"),
    "advanced": gettext_lazy("Advanced (JSON Schema)"),
}
PLAIN_KINDS = ("text", "integer", "number", "boolean", "list-text", "list-integer", "list-number", "any", "advanced")
FORMATS = ("", "email", "date", "date-time", "uuid", "uri", "time", "ipv4", "byte", "int32", "int64", "float", "double")
TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "group": "object"}
_KIND_OF = {name: kind for kind, name in TYPES.items()}
_BEYOND = {"oneOf", "anyOf", "allOf", "not", "if", "then", "else", "patternProperties", "prefixItems", "$dynamicRef"}
_BEYOND |= {"dependentSchemas", "$defs", "definitions", "contains", "propertyNames", "unevaluatedProperties"}
_PYTHON = {"text": str, "integer": int, "number": (int, float), "boolean": bool}
DEEPEST = 60


def text_of(value: Any) -> str:
    """A value as a one-line field shows it: texts as they are, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def key() -> str:
    return "k" + secrets.token_hex(4)


def kind_of(node: Any) -> str:
    """Which kind of row shows ``node``; "" when nothing is declared."""
    if node is None:
        return ""
    if not isinstance(node, dict) or _BEYOND & node.keys():
        return "advanced"
    if "$ref" in node:
        whole = refs.name_of(node["$ref"])
        return "ref" if whole and refs.ref_to(whole) == node["$ref"] else "advanced"
    kind = node.get("type")
    if isinstance(kind, list):
        rest = [name for name in kind if name != "null"]
        kind = rest[0] if len(rest) == 1 and len(kind) == 2 else "several"
    if kind is None:
        kind = "object" if "properties" in node else "array" if "items" in node else "any" if _valueless(node) else "-"
    if not isinstance(kind, str):
        return "advanced"
    if kind == "array":
        return _list_kind(node)
    if kind == "object" and not isinstance(node.get("properties", {}), dict):
        return "advanced"
    return "any" if kind == "any" else _KIND_OF.get(kind, "advanced")


def _valueless(node: dict) -> bool:
    return not {"enum", "const"} & node.keys()


def _list_kind(node: dict) -> str:
    items = node.get("items")
    inner = kind_of(items)
    if (
        not isinstance(items, dict)
        or inner not in ("text", "integer", "number", "group", "ref")
        or isinstance(items.get("type"), list)
    ):
        return "advanced"
    return f"list-{inner}"


def cell(node: Any, name: str = "", required: bool = False, depth: int = 0) -> dict[str, Any]:
    """One schema as a row (without the rows below it)."""
    kind = kind_of(node)
    row = {"k": key(), "d": depth, "name": name, "kind": kind, "required": required, "open": False}
    row.update(description="", nullable=False, enum="", format="", minimum="", maximum="", default="", example="")
    row.update(ref="", text="", was=kind, base={}, names=[], lacked=False)
    if kind == "advanced":
        row["text"] = pretty(node)
    if isinstance(node, dict):
        row["description"] = node.get("description", "") if isinstance(node.get("description", ""), str) else ""
        _show(row, node)
    return row


def lone_cell(node: Any) -> dict[str, Any]:
    """A row that can have none below it (a parameter's, a header's): groups are edited as JSON Schema."""
    row = cell(node)
    if row["kind"] not in ("", *PLAIN_KINDS, "ref"):
        row.update(kind="advanced", was="advanced", text=pretty(node), **cell_fields({"base": {}}))
    return row


def _show(row: dict[str, Any], node: dict[str, Any]) -> None:
    """Fills the fields of a row from its node and keeps the node, without the rows below it, in ``base``."""
    row["base"] = {name: value for name, value in node.items() if name != "properties"}
    if row["kind"] == "advanced":
        return
    row["nullable"] = isinstance(node.get("type"), list)
    inner = node
    if row["kind"].startswith("list-"):
        inner = node["items"]
        row["base"]["items"] = {name: value for name, value in inner.items() if name != "properties"}
    if row["kind"] in ("group", "list-group"):
        row["names"], row["lacked"] = list(inner.get("properties", ())), "properties" not in inner
    if row["kind"].endswith("ref"):
        row["ref"] = refs.name_of(inner["$ref"])
    plain = row["kind"].removeprefix("list-")
    values = inner.get("enum")
    if isinstance(values, list) and all(_fits(plain, value) for value in values):
        row["enum"] = "\n".join(text_of(value) for value in values)
    for name in ("format", "minimum", "maximum"):
        if isinstance(inner.get(name), str if name == "format" else int | float):
            row[name] = text_of(inner[name])
    if "default" in node and comes_back(row, node["default"]):
        row["default"] = text_of(node["default"])
    shown = _example(node)
    if shown and comes_back(row, shown[0]):
        row["example"] = text_of(shown[0])


def _fits(kind: str, value: Any) -> bool:
    if isinstance(value, str):
        return kind == "text" and value == value.strip() != "" and "\n" not in value
    return kind in ("integer", "number") and isinstance(value, int | float) and not isinstance(value, bool)


def _example(node: dict[str, Any]) -> list[Any]:
    if "example" in node:
        return [node["example"]]
    several = node.get("examples")
    return several if isinstance(several, list) and len(several) == 1 else []


def comes_back(row: dict[str, Any], value: Any) -> bool:
    """Whether the field's text would be read as this very value again."""
    text = text_of(value)
    found = Problems()
    again = value_of(text, row, found)
    return bool(text.strip()) and "\n" not in text and not found and again == value and type(again) is type(value)


def value_of(text: str, row: dict[str, Any], problems: Problems, field: str = "example") -> Any:
    """What a default or example field means: a text for rows of text, JSON for every other kind."""
    kind = row["kind"]
    if kind == "text" or (kind in ("ref", "any", "advanced", "") and not _is_json(text)):
        return text
    if kind == "boolean" and text.strip().lower() in ("yes", "no"):
        return text.strip().lower() == "yes"
    if kind.startswith("list-") and not text.strip().startswith("["):
        problems.add(f"{row['k']}.{field}", _('Write a list in JSON, such as ["a", "b"].'))
        return None
    return problems.json(text, f"{row['k']}.{field}")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def of(schema: Any) -> dict[str, Any]:
    """The shape of a schema: in rows where rows can show it, else as text."""
    root = cell(schema)
    return {
        "mode": "json" if root["kind"] == "advanced" else "rows",
        "root": root,
        "rows": below(schema),
        "text": root["text"],
    }


def below(node: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The rows of a group's fields, or of the fields of a list's groups, children after their parent."""
    kind = kind_of(node)
    holder = node["items"] if kind == "list-group" else node if kind == "group" else None
    if holder is None:
        return []
    wanted = holder.get("required")
    wanted = wanted if isinstance(wanted, list) else []
    rows = []
    for name, child in holder.get("properties", {}).items():
        rows.append(cell(child, name, name in wanted, depth))
        rows.extend(below(child, depth + 1))
    return rows


def schema(shape: dict[str, Any], problems: Problems) -> Any:
    """The schema that a shape says; None when nothing is declared."""
    if shape["mode"] == "json":
        return problems.json(shape["text"], f"{shape['k']}.text")
    return grown(shape["root"], shape["rows"], problems)


def grown(row: dict[str, Any], rows: list[dict[str, Any]], problems: Problems) -> Any:
    """One row and those below it as a schema."""
    node = cell_schema(row, problems)
    if row["kind"] not in ("group", "list-group"):
        return node
    holder = node if row["kind"] == "group" else node["items"]
    fields: dict[str, Any] = {}
    required = []
    for child, inside in _children(rows):
        name = child["name"]
        if not name.strip():
            problems.add(f"{child['k']}.name", _("Give this field a name."))
        elif name in fields:
            problems.add(f"{child['k']}.name", _("There is already a field “%(name)s” here.") % {"name": name})
        else:
            fields[name] = grown(child, inside, problems)
            if child["required"]:
                required.append(name)
    _put_fields(holder, fields, required, row)
    return node


def _put_fields(holder: dict[str, Any], fields: dict[str, Any], required: list[str], row: dict[str, Any]) -> None:
    """Writes properties and required; required names that never had a property stay, in their order."""
    old = holder.get("required")
    old = old if isinstance(old, list) else []
    kept = [name for name in old if name in required or (name not in fields and name not in row["names"])]
    wanted = [*kept, *(name for name in required if name not in kept)]
    if wanted or old:
        _put(holder, "required", wanted or None)
    if fields or not row["lacked"]:
        holder["properties"] = fields


def _children(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Pairs of a row at the first depth and the rows that belong below it."""
    pairs: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    top = min((row["d"] for row in rows), default=0)
    for row in rows:
        if row["d"] <= top or not pairs:
            pairs.append((row, []))
        else:
            pairs[-1][1].append(row)
    return pairs


def cell_schema(row: dict[str, Any], problems: Problems) -> Any:
    """One row as a schema, without the rows below it: ``base`` with what the form shows written over it."""
    kind = row["kind"]
    if kind == "":
        return None
    if kind == "advanced":
        return problems.json(row["text"], f"{row['k']}.text")
    node = dict(row["base"]) if kind == row["was"] else _other_kind(row)
    listed = kind.startswith("list-")
    plain = kind.removeprefix("list-")
    inner = dict(node.get("items") or {}) if listed else node
    _type(node, "array" if listed else TYPES.get(kind), row)
    if listed:
        _type(inner, TYPES.get(plain), {**row, "nullable": False})
        node["items"] = inner
    if plain == "ref":
        inner["$ref"] = refs.ref_to(row["ref"])
        if not row["ref"]:
            problems.add(f"{row['k']}.ref", _("Choose a shared schema."))
    _put(node, "description", row["description"] or None)
    _limits(inner, plain, row, problems)
    _default_and_example(node, row, problems)
    return node


def _other_kind(row: dict[str, Any]) -> dict[str, Any]:
    """What of the old node still makes sense when the kind was changed: the words, not the constraints."""
    kept = ("title", "deprecated", "readOnly", "writeOnly", "externalDocs")
    return {name: value for name, value in row["base"].items() if name in kept or name.startswith("x-")}


def _type(node: dict[str, Any], name: str | None, row: dict[str, Any]) -> None:
    if name is None or (row["kind"] == row["was"] and "type" not in node and not row["nullable"]):
        return
    old = node.get("type")
    if row["nullable"]:
        same = isinstance(old, list) and set(old) == {name, "null"}
        node["type"] = old if same else [name, "null"]
    else:
        node["type"] = name


def _put(node: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        node.pop(name, None)
    else:
        node[name] = value


def _limits(node: dict[str, Any], kind: str, row: dict[str, Any], problems: Problems) -> None:
    """Choices, format, minimum and maximum. A value the form could not show stays."""
    fresh = row["kind"] != row["was"]
    shown = {} if fresh else cell_fields(row)
    if kind in ("text", "integer", "number") and (fresh or row["enum"] != shown["enum"]):
        lines = [line.strip() for line in row["enum"].splitlines() if line.strip()]
        values = lines if kind == "text" else [problems.json(line, f"{row['k']}.enum") for line in lines]
        _put(node, "enum", list(dict.fromkeys(values)) or None)
    if kind in ("text", "integer", "number") and (fresh or row["format"] != shown["format"]):
        _put(node, "format", row["format"] or None)
    for name in ("minimum", "maximum"):
        if kind in ("integer", "number") and (fresh or row[name] != shown[name]):
            _put(node, name, _number(row, name, problems))


def _number(row: dict[str, Any], name: str, problems: Problems) -> int | float | None:
    text = row[name].strip()
    if not text:
        return None
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        problems.add(f"{row['k']}.{name}", _("Use a number, such as 10 or 0.5."))
        return None


def _default_and_example(node: dict[str, Any], row: dict[str, Any], problems: Problems) -> None:
    fresh = row["kind"] != row["was"]
    shown = {"default": "", "example": ""} if fresh else cell_fields(row)
    if row["default"] != shown["default"] or fresh:
        text = row["default"]
        _put(node, "default", value_of(text, row, problems, "default") if text.strip() else None)
    if row["example"] != shown["example"] or fresh:
        value = value_of(row["example"], row, problems) if row["example"].strip() else None
        if "example" in node:
            _put(node, "example", value)
        else:
            _put(node, "examples", None if value is None else [value])


SHOWN = ("nullable", "enum", "format", "minimum", "maximum", "default", "example")


def cell_fields(row: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a row's own node before anybody edits it."""
    shown = cell(row["base"])
    return {name: shown[name] for name in SHOWN}


def kind_changed(row: dict[str, Any]) -> None:
    """After another kind was chosen: constraints of the old one go; the first kind's own come back with it."""
    row.update(cell_fields(row) if row["kind"] == row["was"] else cell_fields({"base": {}}))
    row["lacked"] = row["lacked"] and row["kind"] == row["was"]
