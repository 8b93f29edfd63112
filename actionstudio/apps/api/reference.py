"""The API's reference page, made from its schema: groups of operations with their parameters, bodies and answers."""

from dataclasses import dataclass
from typing import Any

from actionstudio.apps.api.problems import MEDIA_TYPE

PREFIX = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table: a parameter or a member of an object. ``link`` is the schema it points to."""

    name: str
    kind: str
    required: bool
    description: str
    link: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    media: str
    kind: str
    link: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    id: str
    method: str
    path: str
    title: str
    text: str
    parameters: list[Field]
    body: Field | None
    answers: list[Answer]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One object that requests or answers hold."""

    name: str
    text: str
    fields: list[Field]


def groups(document: dict[str, Any]) -> list[tuple[str, list[Call]]]:
    """The operations by tag, in the order of the document."""
    found: dict[str, list[Call]] = {}
    for path, item in document["paths"].items():
        for method, raw in item.items():
            found.setdefault(raw["tags"][0], []).append(_call(method.upper(), path, raw))
    return list(found.items())


def shapes(document: dict[str, Any]) -> list[Shape]:
    """The objects, by name."""
    return [
        Shape(name, raw.get("description", ""), _members(raw))
        for name, raw in sorted(document["components"]["schemas"].items())
        if raw.get("properties")
    ]


def _call(method: str, path: str, raw: dict[str, Any]) -> Call:
    title, _blank, text = raw.get("description", "").partition("\n\n")
    parameters = [_parameter(parameter) for parameter in raw.get("parameters", ())]
    return Call(raw["operationId"], method, path, title, text, parameters, _body(raw), _answers(raw), _errors(raw))


def _parameter(raw: dict[str, Any]) -> Field:
    kind, link = _kind(raw["schema"])
    return Field(raw["name"], kind, raw.get("required", False), raw.get("description", ""), link, raw["in"])


def _body(raw: dict[str, Any]) -> Field | None:
    if "requestBody" not in raw:
        return None
    content = raw["requestBody"]["content"]
    kind, link = _kind(next(iter(content.values())).get("schema", {}))
    return Field(", ".join(content), kind, raw["requestBody"].get("required", False), "", link)


def _answers(raw: dict[str, Any]) -> list[Answer]:
    found = []
    for status, answer in raw["responses"].items():
        if status in _errors(raw):
            continue
        content = answer.get("content", {})
        kind, link = _kind(next(iter(content.values())).get("schema", {})) if content else ("", "")
        found.append(Answer(status, answer.get("description", ""), ", ".join(content), kind, link))
    return found


def _errors(raw: dict[str, Any]) -> list[str]:
    """The statuses of problems: every operation has them, so they stand on one line."""
    return [status for status, answer in raw["responses"].items() if MEDIA_TYPE in answer.get("content", {})]


def _members(raw: dict[str, Any]) -> list[Field]:
    fields = []
    for name, schema in raw["properties"].items():
        kind, link = _kind(schema)
        fields.append(Field(name, kind, name in raw.get("required", ()), schema.get("description", ""), link))
    return fields


def _kind(schema: dict[str, Any]) -> tuple[str, str]:
    """A schema in a word or two, and the name of the object it points to."""
    ref = schema.get("$ref", "")
    if ref.startswith(PREFIX):
        name = ref[len(PREFIX) :]
        return name, name
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            kinds = [_kind(inner) for inner in schema[key]]
            return " | ".join(kind for kind, _link in kinds if kind), next((link for _kind, link in kinds if link), "")
    named = schema.get("type", "")
    if named == "array":
        kind, link = _kind(schema.get("items", {}))
        return f"list of {kind or 'anything'}", link
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value not in ("", None)), ""
    words = " or ".join(named) if isinstance(named, list) else named
    return f"{words} ({schema['format']})" if schema.get("format") else words or "anything", ""
