"""Operations as the API shows and takes them: OpenAPI 3.1 objects under snake_case names <-> values of the contract."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.api import asking
from actionstudio.core import answering, codec
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.validate import check_schema
from actionstudio.core.specs import grammar, openapi
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.operations import Paths

# Our names of the fields that OpenAPI writes otherwise. Those of OWN are no part of an OpenAPI operation.
RENAMED = {
    "operation_id": "operationId",
    "request_body": "requestBody",
    "consequential": "x-openai-isConsequential",
}
PLAIN = ("summary", "description", "tags", "deprecated", "parameters", "responses", "security")
OWN = ("method", "path", "exposed", "behaviour", "around", "validation", "examples", "extra")


def shown(op: Operation) -> dict[str, Any]:
    """An operation as the API shows it."""
    return _shown(op, openapi.operation(Contract(), op))


def _shown(op: Operation, rendered: dict[str, Any]) -> dict[str, Any]:
    known = {*PLAIN, *RENAMED.values()}
    return {
        "operation_id": op.operation_id,
        "method": op.method,
        "path": op.path,
        "summary": op.summary,
        "description": op.description,
        "tags": list(op.tags),
        "deprecated": op.deprecated,
        "consequential": op.consequential,
        "exposed": op.exposed,
        "parameters": rendered.get("parameters", []),
        "request_body": rendered.get("requestBody"),
        "responses": rendered.get("responses", {}),
        "security": None if op.security is None else list(op.security),
        "behaviour": codec.plain(op.behaviour),
        "around": codec.plain(op.around),
        "validation": op.validation,
        "examples": [*_examples(op)],
        "extra": {key: value for key, value in rendered.items() if key not in known},
    }


def _examples(op: Operation):
    """Every example of a response, flat: what the mock can answer."""
    for response in op.responses:
        for media in response.content:
            for example in media.examples:
                yield {
                    "status": response.status,
                    "media_type": media.media_type,
                    "name": example.key,
                    "summary": example.summary,
                    "value": example.value,
                }


def operation(data: dict[str, Any], contract: Contract, before: Operation | None = None) -> Operation:
    """The operation that the API's JSON describes. Raises Refused with pointers into that JSON.

    How it answers may stay as it was ``before`` although the document has moved on: anything new must fit it.
    """
    raw = {name: data[name] for name in PLAIN if data.get(name) is not None}
    raw |= {openapi_name: data[name] for name, openapi_name in RENAMED.items() if data.get(name) is not None}
    raw = {**data.get("extra", {}), **raw}
    if "examples" in data:
        raw["responses"] = _with_examples(raw.get("responses", {}), data["examples"])
    notes = Notes()
    shared = {"schemas": contract.schemas(), **contract.extra.get("components", {})}
    item = {data["path"]: {data["method"].lower(): raw}}
    read = Paths({"openapi": "3.1.0", "paths": item, "components": shared}, notes)
    problems = [*notes.problems, *_faulty_schemas(raw, f"/paths/{_escaped(data['path'])}/{data['method'].lower()}")]
    if problems:
        raise Refused(*(dataclasses.replace(p, pointer=_ours(p.pointer)) for p in problems))
    exposed, validation = data.get("exposed", True), data.get("validation")
    made = dataclasses.replace(read.operations[0], exposed=exposed, validation=validation)
    if problems := asking.strange(made, contract, before):
        raise Refused(*problems)
    return dataclasses.replace(made, **_answered(data, contract, made, before))


def _answered(data: dict[str, Any], contract: Contract, made: Operation, before: Operation | None) -> dict[str, Any]:
    """How the operation answers and what stands around it, read strictly; faults of both are named at once."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, read in (("behaviour", answering.behaviour_of), ("around", answering.around_of)):
        if name not in data:
            continue
        if before is not None and data[name] == codec.plain(getattr(before, name)):
            found[name] = getattr(before, name)
            continue
        try:
            found[name] = read(data[name], contract, made, f"/{name}")
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(*problems)
    return found


def _with_examples(responses: dict[str, Any], examples: list[dict[str, Any]]) -> dict[str, Any]:
    """The responses with these examples instead of those they have."""
    out = {status: _without_examples(response) for status, response in responses.items()}
    for index, example in enumerate(examples):
        content = out.get(example["status"], {}).get("content", {})
        if example["media_type"] not in content:
            message = _("No response %(status)s with the media type %(type)s is declared.")
            filled = message % {"status": example["status"], "type": example["media_type"]}
            raise Refused(Problem(f"/examples/{index}", filled, "no-response"))
        media = content[example["media_type"]]
        if not example.get("name"):
            media["example"] = example["value"]
        else:
            named = {"value": example["value"]}
            if example.get("summary"):
                named["summary"] = example["summary"]
            media.setdefault("examples", {})[example["name"]] = named
    return out


def _without_examples(response: Any) -> Any:
    if not isinstance(response, dict) or not isinstance(response.get("content"), dict):
        return response
    content = {
        name: {key: value for key, value in media.items() if key not in ("example", "examples")}
        for name, media in response["content"].items()
        if isinstance(media, dict)
    }
    return {**response, "content": content}


def _faulty_schemas(raw: dict[str, Any], at: str):
    for pointer, kind, node in grammar.walk("operation", raw, at):
        if kind == "schema":
            for inner, message in check_schema(node):
                yield Problem(
                    pointer + inner, _("This is not valid JSON Schema: %(why)s.") % {"why": message}, "schema"
                )


def _ours(pointer: str) -> str:
    """A pointer into the document as one into the API's JSON: below /paths/<path>/<method>, by our names."""
    steps = pointer.split("/")[1:]
    if steps[:1] != ["paths"]:
        return pointer
    if len(steps) < 4:
        return "/path"
    back = {openapi_name: name for name, openapi_name in RENAMED.items()}
    return "/" + "/".join([back.get(steps[3], steps[3]), *steps[4:]])


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
