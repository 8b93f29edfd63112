"""The parameters of one operation: those in path and query become arguments, the others are lost."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.checks import schemas
from actionstudio.core.importer.checks.function import Function
from actionstudio.core.importer.message import Argument
from actionstudio.core.words import said

type JSON = Any

SHOWN = 1_000  # characters of a parameter that a message repeats


def check(function: Function) -> None:
    """Reads ``parameters`` (PAR-01, PAR-02, OP-06)."""
    raw = function.raw.get("parameters")
    for index, parameter in enumerate(raw if isinstance(raw, list) else ()):
        pointer = f"{function.pointer}/parameters/{index}"
        name = parameter.get("name") if isinstance(parameter, dict) else None
        if not isinstance(name, str):
            _nameless(function, parameter, pointer)
        elif parameter.get("in") not in ("path", "query"):
            _elsewhere(function, name, parameter, pointer)
        else:
            _taken(function, name, parameter, pointer, str(index))


def names(raw: JSON) -> list[str]:
    """The names in a list of parameters; of a reference its last step."""
    found = []
    for parameter in raw if isinstance(raw, list) else ():
        name = parameter.get("name") if isinstance(parameter, dict) else None
        ref = parameter.get("$ref") if isinstance(parameter, dict) else None
        if isinstance(name, str):
            found.append(name)
        elif isinstance(ref, str):
            found.append(ref.rpartition("/")[2])
    return found


def _nameless(function: Function, parameter: JSON, pointer: str) -> None:
    """A reference, or what has no name (the slip in ChatGPT's grammar is its own)."""
    ref = parameter.get("$ref") if isinstance(parameter, dict) else None
    cause, repair = f"PAR-01:{ref if isinstance(ref, str) else pointer}"[:300], "inline-parameters"
    if isinstance(ref, str):
        told = said(
            "The editor does not follow references in “parameters”: the parameter is lost, and with it the operation. "
            "Write the parameter here in place of the reference."
        )
        function.dropped.append(ref.rpartition("/")[2])
    else:
        told = said("A parameter needs a “name”. Without one it is lost, and with it the operation.")
    shown = repr(parameter)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    function.say(
        "PAR-01",
        "drops-op",
        f"parameter {shown} is has missing or non-string name; skipping",
        pointer,
        told,
        cause=cause,
        repair=repair,
    )
    function.drop(cause, repair)


def _elsewhere(function: Function, name: str, parameter: dict[str, JSON], pointer: str) -> None:
    place = parameter.get("in")
    function.dropped.append(name)
    if place in ("header", "cookie"):
        told = said(
            "ChatGPT sends no headers or cookies of the document's; this parameter is lost. A key belongs into the "
            "action's authentication; anything else into the query."
        )
    else:
        told = said("A parameter is in the path or in the query; this one is lost.")
    function.say(
        "PAR-02",
        "drops-param",
        f"parameter {name} has location {place}; ignoring",
        pointer,
        told,
        confidence="C" if place == "header" else "E",
        repair="header-parameters" if place in ("header", "cookie") else "",
    )


def _taken(function: Function, name: str, parameter: dict[str, JSON], pointer: str, index: str) -> None:
    description = parameter.get("description")
    description = description if isinstance(description, str) else ""
    if len(description) > function.reading.texts[1]:
        _long(function, name, len(description), pointer)
    schema, way = parameter.get("schema"), ("paths", function.path, function.method, "parameters", index, "schema")
    if schema is not None:
        schemas.check(function.reading, schema, way)
    place = parameter["in"]
    required = parameter.get("required") is True or place == "path"
    function.arguments.append(Argument(name, place, required, schema, description))


def _long(function: Function, name: str, length: int, pointer: str) -> None:
    """The wording is ours, made after OP-05: none was ever reported."""
    most = function.reading.texts[1]
    function.say(
        "OP-06",
        "degrades",
        f"parameter {name} description has length {length} exceeding limit of {most}",
        f"{pointer}/description",
        said(
            "A parameter's description has at most %(most)s characters; what happens to a longer one was never "
            "reported, nor how ChatGPT words it. Shorten it.",
            most=most,
        ),
        confidence="E",
        repair="shorten-texts",
    )
