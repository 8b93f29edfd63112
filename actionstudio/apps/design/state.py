"""The editor's state: an operation as plain JSON that a form can show and a draft can keep. Operation <-> state.

Every row (parameter, response, header, example, field) carries a random key ``k`` for its life; form fields are named
after it, so that moving a row moves nothing else. What the form does not show rides along in ``base`` and ``extra``.
"""

import dataclasses
import json
import secrets
from collections.abc import Mapping
from typing import Any

from actionstudio.apps.design import forms, scoping, settling, shapes
from actionstudio.apps.design.problems import Problems
from actionstudio.core import codec
from actionstudio.core.contract import Body, Example, Header, Media, Operation, Parameter, Response
from actionstudio.core.schemas.sample import compile_sampler
from actionstudio.core.schemas.validate import SchemaError

type State = dict[str, Any]

CONSEQUENTIAL = {"": None, "yes": True, "no": False}
_WORDS = {value: word for word, value in CONSEQUENTIAL.items()}
_PLAIN = ("method", "path", "operation_id", "summary", "description", "deprecated", "exposed", "extra")


def key() -> str:
    """A new row's key: begins with a letter, so that it can be an id in HTML."""
    return "k" + secrets.token_hex(4)


def of(op: Operation) -> State:
    """The state that shows ``op``; the same operation always gives the same state, keys included."""
    made = {
        **{name: codec.plain(getattr(op, name)) for name in _PLAIN},
        "tags": ", ".join(op.tags),
        "consequential": _WORDS[op.consequential],
        "validation": op.validation or "",
        "security": codec.plain(op.security),
        "open": op.security == (),
        "params": [_parameter(value) for value in op.parameters],
        "body": body(op.body) if op.body else None,
        "responses": [response(value) for value in op.responses],
        "shared": {},
        "epoch": 0,
    }
    settling.link(made)
    return numbered(made)


def of_component(name: str, schema: Any) -> State:
    """The state that shows one shared schema."""
    made = {"name": name, "media": media(Media("application/json", schema)), "shared": {}, "epoch": 0}
    return numbered(made)


def numbered(made: State) -> State:
    """The same state with keys by position, so that a page and the draft it begins agree on them."""
    for place, row in enumerate(forms.rows(made).values()):
        row["k"] = f"a{place}"
    return made


def blank() -> State:
    """The state of an operation that does not exist yet."""
    return of(Operation("GET", "/", responses=(Response("200", "OK", content=(new_media(),)),)))


def new_media() -> Media:
    return Media("application/json", {"type": "object", "properties": {}})


def _parameter(value: Parameter) -> State:
    row = {"k": key(), "in_": value.in_, "deprecated": value.deprecated, "outer": codec.plain(value)}
    if value.ref or value.content:
        return {**row, "locked": "ref" if value.ref else "content", "name": value.name, "required": value.required}
    return {**row, **_typed(value), "name": value.name}


def header(value: Header) -> State:
    row = {"k": key(), "outer": codec.plain(value)}
    if value.ref:
        return {**row, "locked": "ref", "name": value.name}
    return {**row, **_typed(value), "name": value.name}


def _typed(value: Parameter | Header) -> State:
    """What the row of a parameter or header shows of its schema; its own description and example come first."""
    row = shapes.lone_cell(value.schema)
    own = next((example for example in value.examples if not example.key), None)
    row.update(inner={"description": row["description"], "example": row["example"]}, description=value.description)
    row["required"] = value.required
    if own is not None:
        shown = not own.extra and shapes.comes_back(row, own.value)
        row["example"] = shapes.text_of(own.value) if shown else ""
        row["kept_example"] = not shown
    return row


def body(value: Body) -> State:
    return {
        "k": key(),
        "ref": value.ref,
        "required": value.required,
        "description": value.description,
        "media": [media(item) for item in value.content],
        "extra": codec.plain(value.extra),
    }


def media(value: Media) -> State:
    """One media type: its schema as a shape, its examples as text."""
    plain = is_json(value.media_type)
    return {
        "k": key(),
        "media_type": value.media_type,
        **shapes.of(value.schema),
        "examples": [example(item, plain) for item in value.examples],
        "extra": codec.plain(value.extra),
    }


def example(value: Example, in_json: bool) -> State:
    raw = isinstance(value.value, str) and not in_json
    elsewhere = value.value is None and ("externalValue" in value.extra or "$ref" in value.extra)
    text = value.value if raw else "" if elsewhere else json.dumps(value.value, indent=2, ensure_ascii=False)
    extra = codec.plain(value.extra)
    return {"k": key(), "key": value.key, "summary": value.summary, "text": text, "raw": raw, "extra": extra}


def response(value: Response) -> State:
    return {
        "k": key(),
        "status": value.status,
        "description": value.description,
        "ref": value.ref,
        "headers": [header(item) for item in value.headers],
        "media": [media(item) for item in value.content],
        "extra": codec.plain(value.extra),
    }


def is_json(media_type: str) -> bool:
    """Whether bodies of this media type are JSON."""
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or name.endswith("+json") or name in ("*/*", "application/*", "")


def value(state: State, problems: Problems) -> Operation:
    """The operation that ``state`` says. What cannot be read is reported under its field and left out.

    How it answers is not part of it: that has a page of its own.
    """
    return Operation(
        **{name: state[name] for name in _PLAIN if name not in ("path", "operation_id")},
        path=state["path"].strip(),
        operation_id=state["operation_id"].strip(),
        tags=tuple(dict.fromkeys(tag for tag in map(str.strip, state["tags"].split(",")) if tag)),
        consequential=CONSEQUENTIAL[state["consequential"]],
        validation=state["validation"] or None,
        security=scoping.security(state),
        parameters=tuple(_parameter_value(row, problems) for row in state["params"]),
        body=_body_value(state["body"], problems) if state["body"] else None,
        responses=tuple(_response_value(row, problems) for row in state["responses"]),
    )


def _parameter_value(row: State, problems: Problems) -> Parameter:
    base = codec.value_of(Parameter, row["outer"])
    if row.get("locked"):
        return base
    fields = {"in_": row["in_"], "deprecated": row["deprecated"], **_typed_value(row, base, problems)}
    return dataclasses.replace(base, **fields)


def _header_value(row: State, problems: Problems) -> Header:
    base = codec.value_of(Header, row["outer"])
    return base if row.get("locked") else dataclasses.replace(base, **_typed_value(row, base, problems))


def _typed_value(row: State, base: Parameter | Header, problems: Problems) -> dict[str, Any]:
    inner = dict(row["inner"])
    text = row["example"].strip()
    own = any(not example.key for example in base.examples)
    examples = base.examples
    if text and (own or row["example"] != inner["example"]):
        single = Example("", shapes.value_of(row["example"], row, problems))
        examples = (single, *(example for example in examples if example.key))
    elif not text and not row.get("kept_example"):
        examples = tuple(example for example in examples if example.key)
        inner["example"] = inner["example"] if own else ""
    return {
        "name": row["name"].strip(),
        "description": row["description"],
        "required": row["required"],
        "schema": shapes.cell_schema({**row, **inner}, problems),
        "examples": examples,
    }


def _body_value(row: State, problems: Problems) -> Body:
    content = tuple(media_value(item, problems) for item in row["media"])
    return Body(row["required"], row["description"], content, row["ref"], row["extra"])


def _response_value(row: State, problems: Problems) -> Response:
    return Response(
        status=row["status"].strip(),
        description=row["description"],
        headers=tuple(_header_value(item, problems) for item in row["headers"]),
        content=tuple(media_value(item, problems) for item in row["media"]),
        ref=row["ref"],
        extra=row["extra"],
    )


def media_value(row: State, problems: Problems) -> Media:
    """The media type that its part of the state says."""
    schema = shapes.schema(row, problems)
    examples = []
    for item in row["examples"]:
        found = Problems()
        read = example_value(item, found)
        if not found:
            examples.append(read)
        problems.update(found)
    return Media(row["media_type"].strip(), schema, tuple(examples), row["extra"])


def example_value(row: State, problems: Problems) -> Example:
    text, result = row["text"], None
    if row["raw"]:
        result = text
    elif text.strip() or not row["extra"]:
        result = problems.json(text, f"{row['k']}.text")
    return Example(row["key"].strip(), result, row["summary"], row["extra"])


def sample(row: State, known: Mapping[str, Any]) -> Any:
    """A value that fits the schema of a media type, as a start for an example; an empty object where there is none."""
    schema = shapes.schema(row, Problems())
    if schema is None:
        return {}
    try:
        return compile_sampler(schema, known).sample(0)
    except SchemaError:
        return {}
