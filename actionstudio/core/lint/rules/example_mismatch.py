"""Rule: examples are what the schemas promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actionstudio.core.contract import Example
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said

type Place = tuple[str, Any, tuple[Example, ...]]

_MOST = 4_000  # shared schemas compiled one by one, where all together cannot be


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad='schema: {type: integer}\nexample: "12"',
    good="schema: {type: integer}\nexample: 12",
)
def check(look: Look) -> Iterator[Hit]:
    """The mock answers with examples, so an example that breaks its own schema breaks the promise to callers.

    The model learns from them too. Correct the example or the schema.
    """
    places = [place for op in look.hosted for place in _places(look, op)]
    try:
        together = compile_validator(_all_of(places), look.resolver.components)
    except SchemaError:
        yield from _one_by_one(look, places)
        return
    for number, (pointer, _schema, examples) in enumerate(places):
        for example in _judged(examples):
            if not together.ok({str(number): example.value}):
                for violation in together.violations({str(number): example.value})[:1]:
                    yield _hit(pointer, example, violation.location[1:], violation.message)


def _all_of(places: list[Place]) -> dict[str, Any]:
    """One schema with every place as a property: shared schemas are compiled once for all."""
    return {"properties": {str(number): schema for number, (_pointer, schema, _examples) in enumerate(places)}}


def _one_by_one(look: Look, places: list[Place]) -> Iterator[Hit]:
    """Where a schema cannot be used, the others are judged each for itself, as far as the work allows."""
    work = 0
    for pointer, schema, examples in places:
        work += len(look.resolver.needed(schema)) + 1
        if work > _MOST and look.only is None:
            return
        try:
            validator = compile_validator(schema, look.resolver.components)
        except SchemaError:
            continue  # the rules on references and schemas tell
        for example in _judged(examples):
            for violation in validator.violations(example.value)[:1]:
                yield _hit(pointer, example, violation.location, violation.message)


def _judged(examples: Iterable[Example]) -> Iterator[Example]:
    return (example for example in examples if "externalValue" not in example.extra and "$ref" not in example.extra)


def _places(look: Look, op: Any) -> Iterator[Place]:
    for pointer, parameter in look.parameters(op):
        if parameter.schema is not None and parameter.examples:
            yield pointer, parameter.schema, parameter.examples
    body = look.whole_body(op)
    yield from _media(f"{op.pointer}/requestBody", body.content if body is not None else ())
    for response in look.resolver.responses(op):
        yield from _media(f"{op.pointer}/responses/{response.status}", response.content)


def _media(pointer: str, content: Iterable[Any]) -> Iterator[Place]:
    for media in content:
        if media.schema is not None and media.examples and json_media([media]) is not None:
            yield f"{pointer}/content/{escape(media.media_type)}", media.schema, media.examples


def _hit(pointer: str, example: Example, location: Iterable[Any], fault: str) -> Hit:
    at = "".join(f"/{step}" for step in location) or said("it")
    facts = {"place": place_of(pointer), "name": example.key, "at": at, "fault": fault}
    if example.key:
        message = said("%(place)s: the example “%(name)s” does not fit its schema: %(at)s %(fault)s.", **facts)
    else:
        message = said("%(place)s: the example does not fit its schema: %(at)s %(fault)s.", **facts)
    return Hit(f"{pointer}/examples/{escape(example.key)}" if example.key else f"{pointer}/example", message)
