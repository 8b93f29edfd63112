"""What ChatGPT makes of a document: what its editor says, what it takes, and what its model then sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.importer.message import Argument, ImportedOperation, Message
from actionstudio.core.schemas import refs

type JSON = Any


@dataclass(frozen=True)
class Import:
    """One import.

    ``fatal``: nothing was taken. ``messages`` are the editor's, in its order; ``silent`` tells, in our words, what is
    lost without any. ``more`` counts messages beyond those that are kept. ``operations`` are all of the document.
    ``root`` is the root origin and ``server`` the address that is called, "" when there is none.
    """

    fatal: bool = False
    messages: tuple[Message, ...] = ()
    silent: tuple[Message, ...] = ()
    more: int = 0
    operations: tuple[ImportedOperation, ...] = ()
    root: str = ""
    server: str = ""
    host: str = ""
    size: int = 0  # characters of the document, 0 when it was not given as text
    schemas: Mapping[str, JSON] = field(default_factory=dict, repr=False, compare=False)
    sources: Mapping[str, JSON] = field(default_factory=dict, repr=False, compare=False)

    @property
    def clean(self) -> bool:
        """Whether the editor says nothing at all."""
        return not self.messages

    @property
    def kept(self) -> tuple[ImportedOperation, ...]:
        """The operations that ChatGPT has afterwards."""
        return tuple(op for op in self.operations if op.kept)

    @cached_property
    def arguments(self) -> dict[str, tuple[Argument, ...]]:
        """What the model fills in, by the name of each operation that was kept."""
        return {op.operation_id: op.arguments for op in self.kept}

    @cached_property
    def namespace(self) -> str:
        """The TypeScript that the model sees of what was kept; "" when that is nothing."""
        from actionstudio.core.specs import typescript  # late, because that file looks at profiles

        return typescript.namespace(self.survivors(), self.host) if self.kept else ""

    @property
    def characters(self) -> int:
        """The length of the namespace."""
        return len(self.namespace)

    def survivors(self) -> Contract:
        """What was kept, as a contract."""
        operations = tuple(_operation(op, self.sources.get(op.pointer, {})) for op in self.kept)
        components = tuple(Component(name, schema) for name, schema in _ends(self.schemas).items())
        return Contract(operations=operations, components=components)


def _ends(schemas: Mapping[str, JSON]) -> dict[str, JSON]:
    """The shared schemas; one that is only a reference to another is that one: a chain of thousands costs minutes."""
    found: dict[str, JSON] = {}
    for start in schemas:
        way: list[str] = []
        name = start
        while name not in found:
            schema = schemas[name]
            ref = schema.get("$ref") if isinstance(schema, dict) and len(schema) == 1 else None
            other = refs.name_of(ref)
            found[name] = {} if ref else schema  # a circle ends here
            if other is not None and other in schemas and refs.ref_to(other) == ref:
                way.append(name)
                name = other
            else:
                found[name] = schema
        found.update(dict.fromkeys(way, found[name]))
    return {name: found[name] for name in schemas}


def _operation(op: ImportedOperation, raw: Mapping[str, JSON]) -> Operation:
    parameters = tuple(
        Parameter(item.name, item.in_, item.required, item.description, item.schema)
        for item in op.arguments
        if item.in_ != "body"
    )
    fields = {item.name: item for item in op.arguments if item.in_ == "body"}
    schema = {
        "type": "object",
        "properties": {name: item.schema for name, item in fields.items()},
        "required": [name for name, item in fields.items() if item.required],
    }
    return Operation(
        op.method,
        op.path,
        op.operation_id,
        _text(raw.get("summary")),
        _text(raw.get("description")),
        parameters=parameters,
        body=Body(content=(Media("application/json", schema),)) if fields else None,
        responses=_answers(raw.get("responses")),
    )


def _answers(raw: JSON) -> tuple[Response, ...]:
    """The shape of the 200, the only answer that the model is told of."""
    answer = raw.get("200") if isinstance(raw, dict) else None
    content = answer.get("content") if isinstance(answer, dict) else None
    if not isinstance(content, dict):
        return ()
    media = tuple(Media(kind, item.get("schema")) for kind, item in content.items() if isinstance(item, dict))
    return (Response("200", content=media),)


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""
