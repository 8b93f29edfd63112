"""Rule: examples are what the schemas promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actionstudio.core.contract import Example
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said

type Place = tuple[str, Any, tuple[Example, ...]]

_MOST = (
    4_000  # shared schemas compiled in one check: beyond it the rest is judged operation by operation, in the editor
)


@rule(level="degrades")
def check(look: Look) -> Iterator[Hit]:
    """The mock answers with examples, so an example that breaks its own schema breaks the promise to callers."""
    work = 0
    for op in look.hosted:
        for pointer, schema, examples in _places(look, op):
            work += len(look.resolver.needed(schema)) + 1
            if work > _MOST and look.only is None:
                return
            yield from _wrong(look, pointer, schema, examples)


def _places(look: Look, op: Any) -> Iterator[Place]:
    for pointer, parameter in look.parameters(op):
        if parameter.schema is not None and parameter.examples:
            yield pointer, parameter.schema, parameter.examples
    body = look.resolver.body(op)
    yield from _media(f"{op.pointer}/requestBody", body.content if body is not None else ())
    for response in look.resolver.responses(op):
        yield from _media(f"{op.pointer}/responses/{response.status}", response.content)


def _media(pointer: str, content: Iterable[Any]) -> Iterator[Place]:
    for media in content:
        if media.schema is not None and media.examples and json_media([media]) is not None:
            yield f"{pointer}/content/{escape(media.media_type)}", media.schema, media.examples


def _wrong(look: Look, pointer: str, schema: Any, examples: Iterable[Example]) -> Iterator[Hit]:
    try:
        validator = compile_validator(schema, look.resolver.components)
    except SchemaError:
        return  # the rules on references and schemas tell
    for example in examples:
        if "externalValue" in example.extra or "$ref" in example.extra:
            continue
        for violation in validator.violations(example.value)[:1]:
            at = "".join(f"/{step}" for step in violation.location) or said("it")
            facts = {"place": place_of(pointer), "name": example.key, "at": at, "fault": violation.message}
            if example.key:
                message = said("%(place)s: the example “%(name)s” does not fit its schema: %(at)s %(fault)s.", **facts)
            else:
                message = said("%(place)s: the example does not fit its schema: %(at)s %(fault)s.", **facts)
            where = f"{pointer}/examples/{escape(example.key)}" if example.key else f"{pointer}/example"
            yield Hit(where, message)
