"""The paths: which operations are taken, which are dropped, and why."""

from __future__ import annotations

from typing import Any

from actionstudio.core import limits
from actionstudio.core.importer.checks import bodies, parameters, schemas
from actionstudio.core.importer.checks.function import Function
from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.importer.reading import Reading
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said

type JSON = Any

VERBS = ("get", "post", "put", "patch", "delete")
_OTHER_VERBS = ("head", "options", "trace", "connect", "query")
CONSEQUENTIAL = "x-openai-isConsequential"


def check(reading: Reading) -> None:
    """Reads ``paths`` (DOC-07, DOC-09, OP-01 to OP-08, PAR-01, PAR-02)."""
    paths = reading.document.get("paths")
    if not isinstance(paths, dict):
        reading.crash(paths, "items", "/paths")
        return
    for path, item in paths.items():
        if not isinstance(item, dict):
            if not path.startswith("x-"):
                reading.crash(item, "items", f"/paths/{escape(path)}")
            continue
        beside = parameters.names(item.get("parameters"))
        for key, value in item.items():
            pointer = f"/paths/{escape(path)}/{escape(key)}"
            if key in VERBS:
                _operation(reading, path, key, value, pointer, beside)
            else:
                _unknown(reading, path, key, value, pointer)
    found = [op for op in reading.operations if op.method.lower() in VERBS]
    if len(found) > limits.OPERATIONS:
        _too_many(reading, len(found))


def _operation(reading: Reading, path: str, method: str, value: JSON, pointer: str, beside: list[str]) -> None:
    """One operation; ``beside`` are the parameters of its path, which are lost unless it has them itself."""
    if not isinstance(value, dict):
        reading.crash(value, "get", pointer)
        reading.operations.append(ImportedOperation("", method.upper(), path, pointer, kept=False))
        return
    name = value.get("operationId")
    if not isinstance(name, str) or not name:
        _no_name(reading, path, method, pointer)
        reading.operations.append(ImportedOperation("", method.upper(), path, pointer, kept=False))
        return
    own = parameters.names(value.get("parameters"))
    lost = [parameter for parameter in beside if parameter not in own]
    function = Function(reading, path, method, name, value, pointer, dropped=lost)
    _texts(function)
    parameters.check(function)
    bodies.check(function)
    _answers(function)
    _finish(function)


def _finish(function: Function) -> None:
    """Adds the operation, dropped or with its arguments."""
    raw, kept = function.raw, function.finish()
    flag = raw.get(CONSEQUENTIAL)
    function.reading.operations.append(
        ImportedOperation(
            function.name,
            function.method.upper(),
            function.path,
            function.pointer,
            kept,
            tuple(function.dropped),
            tuple(function.arguments) if kept else (),
            flag if isinstance(flag, bool) else None,
            bodies.unsent(function.reading, raw)[0],
        )
    )
    if kept:
        function.reading.sources[function.pointer] = raw


def _no_name(reading: Reading, path: str, method: str, pointer: str) -> None:
    reading.say(
        "OP-02",
        "drops-op",
        f"In path {path}, method {method} is missing operationId; skipping",
        pointer,
        said("ChatGPT calls an operation by its “operationId”; one without is dropped. Give it a name."),
        repair="operation-ids",
    )


def _unknown(reading: Reading, path: str, key: str, value: JSON, pointer: str) -> None:
    """A key that stands beside the methods, or a method that ChatGPT does not call (OP-01)."""
    level, told, repair = _meaning(key, value)
    reading.say(
        "OP-01",
        level,
        f"Path {path} has unrecognized method {key}; skipping",
        pointer,
        told,
        confidence="C" if key == "head" else "D" if key == "parameters" else "E",
        repair=repair,
    )
    if key.lower() in (*VERBS, *_OTHER_VERBS) and isinstance(value, dict):
        name = value.get("operationId")
        name = name if isinstance(name, str) else ""
        reading.operations.append(ImportedOperation(name, key.upper(), path, pointer, kept=False))


def _meaning(key: str, value: JSON) -> tuple[str, str, str]:
    if key.lower() in VERBS:
        return "drops-op", said("Methods are written in small letters here; this one is dropped."), "unknown-methods"
    if key.lower() in _OTHER_VERBS:
        told = said("ChatGPT calls GET, POST, PUT, PATCH and DELETE only; this operation is dropped.")
        return "drops-op", told, "unknown-methods"
    if key == "parameters":
        told = said(
            "Only methods may stand under a path. Parameters that stand here are lost for every operation of the path; "
            "write them into each operation."
        )
        return ("drops-param" if value else "cosmetic"), told, "path-parameters"
    if key == "$ref":
        told = said("A path that is only a reference is not followed. Write its operations here.")
        return "drops-op", told, "unknown-methods"
    if key == "servers":
        told = said("Only methods may stand under a path. Servers that stand here are never called.")
        return "degrades", told, "unknown-methods"
    told = said("Only methods may stand under a path. This key is passed over; the operations beside it are read.")
    return "cosmetic", told, "unknown-methods"


def _texts(function: Function) -> None:
    most = function.reading.texts[0]
    for field in ("description", "summary"):
        text = function.raw.get(field)
        if isinstance(text, str) and len(text) > most:
            function.say(
                "OP-05",
                "fatal",
                f"{field} has length {len(text)} exceeding limit of {most}",
                f"{function.pointer}/{field}",
                said(
                    "A summary or description of an operation has at most %(most)s characters. Some saw the whole "
                    "document refused for a longer one, others only a warning. Shorten it.",
                    most=most,
                ),
                confidence="C" if field == "description" else "E",
                repair="shorten-texts",
            )


def _answers(function: Function) -> None:
    """Walks what the operation answers: it need not be there, but must be sound."""
    reading, answers = function.reading, function.raw.get("responses", {})
    if not isinstance(answers, dict):
        reading.crash(answers, "items", f"{function.pointer}/responses")
        return
    for status, answer in answers.items():
        at = f"{function.pointer}/responses/{escape(status)}"
        if not isinstance(answer, dict):
            if not status.startswith("x-"):
                reading.crash(answer, "get", at)
            continue
        content = answer.get("content")
        for kind, media in content.items() if isinstance(content, dict) else ():
            if isinstance(media, dict) and "schema" in media:
                way = ("paths", function.path, function.method, "responses", status, "content", kind, "schema")
                schemas.check(reading, media["schema"], way)


def _too_many(reading: Reading, count: int) -> None:
    reading.say(
        "DOC-07",
        "fatal",
        f"OpenAPI spec can have a maximum of {limits.OPERATIONS} operations",
        "/paths",
        said(
            "The document has %(count)s operations. None is imported until there are at most %(most)s. Choose those "
            "that the GPT needs.",
            count=count,
            most=limits.OPERATIONS,
        ),
        repair="choose-operations",
    )
