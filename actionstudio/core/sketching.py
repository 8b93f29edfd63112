"""A call that nobody answers becomes the operation that would: path template, parameters, body, a first answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Operation, Parameter
from actionstudio.core.problem import Refused
from actionstudio.core.schemas.forms import read_multipart
from actionstudio.core.specs.readers import calls, openapi, templates
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.sketch import Sketch, unquote_safely

type JSON = Any

LARGEST = 1_000_000  # bytes of a body that is looked into


def sketched(call: Call, paths: Iterable[str] = (), taken: Collection[str] = (), base: str = "") -> Operation:
    """The operation that a call suggests.

    Segments that look like ids become ``{…}``; one of ``paths`` (those there are already) of the same shape lends its
    names. ``base`` is a server's base path that the call's begins with. ``taken`` are the operation names in use.
    Credentials leave nothing behind; the values of the rest become examples.
    """
    path = call.path.removeprefix(base) if base and call.path.startswith(base + "/") else call.path
    path = _known(path, paths)
    sketch = Sketch("", Notes(), Origins(), inferring=False)
    url = f"{path}?{call.query}" if call.query else path
    sketch.add(calls.Call(call.method, url, call.headers, body=_content(call)))
    contract = openapi.read(sketch.document()).contract
    made = contract.operations[0]
    return replace(made, operation_id=_free(made.operation_id, taken), security=None)


def _known(path: str, paths: Iterable[str]) -> str:
    """The path with the names of one that is there already and has the same shape."""
    found = templates.template(unquote_safely(path))
    same = (one for one in paths if templates.Template(one).shape == found.shape)
    return next(same, found.path if not found.values else path)


def _content(call: Call) -> calls.Content | None:
    kind = call.header("content-type")
    if not call.body or len(call.body) > LARGEST:
        return None
    if kind.partition(";")[0].strip().lower() == calls.MULTIPART:
        try:
            fields = read_multipart(call.body, kind)
        except Refused:
            return calls.Content(calls.MULTIPART)
        shown = tuple((name, value if isinstance(value, str) else None) for name, value in fields.items())
        return calls.Content(calls.MULTIPART, fields=shown)
    try:
        return calls.content(kind, call.body.decode())
    except UnicodeDecodeError:
        return calls.Content(kind.partition(";")[0].strip().lower() or "application/octet-stream")


def _free(name: str, taken: Collection[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}_{number}"
    return free


def without_examples(operation: Operation, hidden: Any) -> Operation:
    """The operation without the examples for whose values ``hidden(value)`` is true, nor the parts of them."""
    body = operation.body
    if body is not None:
        body = replace(body, content=tuple(_shown(media, hidden) for media in body.content))
    return replace(operation, parameters=tuple(_shown(one, hidden) for one in operation.parameters), body=body)


def _shown[T: (Parameter, Media)](value: T, hidden: Any) -> T:
    kept = [replace(one, value=_pruned(one.value, hidden)) for one in value.examples if not hidden(one.value)]
    return replace(value, examples=tuple(one for one in kept if isinstance(one, Example)))


def _pruned(value: JSON, hidden: Any) -> JSON:
    if isinstance(value, dict):
        return {key: _pruned(item, hidden) for key, item in value.items() if not hidden(item)}
    if isinstance(value, list):
        return [_pruned(item, hidden) for item in value if not hidden(item)]
    return value
