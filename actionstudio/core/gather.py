"""References to schemas that stand elsewhere in the document (in another operation) become shared schemas.

Bundlers write ``#/paths/~1pets/get/responses/200/content/…/schema`` for what they met twice. What checks and makes
values knows shared schemas only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Body, Component, Contract, Header, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs

_ELSEWHERE = ("#/paths/", "#/components/", "#/webhooks/")


def gathered(contract: Contract) -> Contract:
    """The contract for those who serve it; the same object when every reference is to a shared schema."""
    if not any(map(_strays, _schemas(contract))):
        return contract
    return _Gatherer(contract).contract()


def _strays(schema: Any) -> bool:
    return any(_stray(node.get("$ref")) for node in refs.walk(schema))


def _stray(ref: Any) -> bool:
    return isinstance(ref, str) and ref.startswith(_ELSEWHERE) and refs.name_of(ref) is None


def _schemas(contract: Contract) -> Iterable[Any]:
    yield from (component.schema for component in contract.components)
    for op in contract.operations:
        yield from (parameter.schema for parameter in op.parameters)
        yield from (media.schema for parameter in op.parameters for media in parameter.content)
        yield from (media.schema for media in (op.body.content if op.body else ()))
        for response in op.responses:
            yield from (media.schema for media in response.content)
            yield from (header.schema for header in response.headers)


class _Gatherer:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._resolver = Resolver(contract)
        self._found: dict[str, Any] = {}

    def contract(self) -> Contract:
        old = self._contract
        operations = tuple(self._operation(op) for op in old.operations)
        components = [Component(one.name, self._schema(one.schema)) for one in old.components]
        made = {component.name for component in components}
        while new := [name for name in self._found if name not in made]:
            made.update(new)
            components += [Component(name, self._schema(self._found[name])) for name in new]
        return replace(old, operations=operations, components=tuple(components))

    def _schema(self, schema: Any) -> Any:
        return refs.rebuild(schema, self._node)

    def _node(self, node: dict[str, Any]) -> dict[str, Any]:
        ref = node.get("$ref")
        if not isinstance(ref, str) or not _stray(ref):
            return node
        target = self._resolver.find(ref)
        if not isinstance(target, dict | bool):
            return node
        name = ref[2:]
        self._found.setdefault(name, target)
        return {**node, "$ref": refs.ref_to(name)}

    def _operation(self, op: Operation) -> Operation:
        return replace(
            op,
            parameters=tuple(self._one(parameter) for parameter in op.parameters),
            body=None if op.body is None else self._content(op.body),
            responses=tuple(self._response(response) for response in op.responses),
        )

    def _response(self, response: Response) -> Response:
        return replace(self._content(response), headers=tuple(self._one(header) for header in response.headers))

    def _one[T: (Parameter, Header, Media)](self, value: T) -> T:
        return replace(value, schema=self._schema(value.schema))

    def _content[T: (Body, Response)](self, value: T) -> T:
        return replace(value, content=tuple(self._one(media) for media in value.content))
