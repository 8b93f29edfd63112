"""The body of a declared failure without an example: made from its schema, with what went wrong in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.core.collections.fields import plain, singular
from actionstudio.core.schemas.shape import shape_of
from actionstudio.runtime.answers import Choice

_TELLING = ("detail", "message", "error", "title", "description", "reason", "msg", "errormessage")
_NUMBERS = ("status", "code", "statuscode", "errorcode")
_DEEPEST = 3

type Steps = tuple[str | int, ...]


def worded(choice: Choice, code: int, sentence: str, components: Mapping[str, Any]) -> Any:
    """A failure's body made from its schema: the status and the sentence stand where such things stand, if they may.
    A page stays as it is: the sentence may repeat what the caller sent."""
    value = choice.generated(code)
    checker = choice.validator()
    if not isinstance(value, dict | list):
        fitting = shape_of(choice.schema, components).kinds == {"string"} and "html" not in choice.media_type.lower()
        return sentence if fitting and checker is not None and checker.ok(sentence) else value
    for steps, told in list(_places(value, choice.schema, code, sentence, components)):
        tried = _put(value, steps, told)
        value = tried if checker is None or checker.ok(tried) else value
    return value


def _places(
    value: Any, schema: Any, code: int, sentence: str, components: Mapping[str, Any], at: Steps = ()
) -> Iterator[tuple[Steps, Any]]:
    """Where the status and the sentence would stand, and as what."""
    shape = shape_of(schema, components)
    if isinstance(value, list):
        if value and len(at) < _DEEPEST:
            yield from _places(value[0], shape.items, code, sentence, components, (*at, 0))
        return
    for name, inner in shape.properties.items() if isinstance(value, dict) else ():
        told = _told(name, inner, code, sentence, components)
        if told is not None and (name in value or (not at and plain(name) in ("detail", "message"))):
            yield (*at, name), told
        elif isinstance(value.get(name), dict | list) and len(at) < _DEEPEST:
            yield from _places(value[name], inner, code, sentence, components, (*at, name))


def _told(name: str, schema: Any, code: int, sentence: str, components: Mapping[str, Any]) -> Any:
    """What a field of that name tells: the sentence, several of them, the status; None for anything else."""
    shape, word = shape_of(schema, components), plain(name)
    if word in _NUMBERS and shape.kinds & {"integer", "number"}:
        return code
    if word not in _TELLING and singular(word) not in _TELLING:
        return None
    if "string" in shape.kinds:
        return sentence
    several = "array" in shape.kinds and "string" in shape_of(shape.items, components).kinds
    return [sentence] if several else None


def _put(value: Any, steps: Steps, told: Any) -> Any:
    """A copy of ``value`` in which ``told`` stands at the end of ``steps``."""
    if not steps:
        return told
    first, *rest = steps
    if isinstance(value, list):
        return [_put(value[0], tuple(rest), told), *value[1:]]
    return {**value, first: _put(value.get(first), tuple(rest), told)}
