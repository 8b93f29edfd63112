"""How mocks answer, in the API: fields that take the codec's JSON as it is, and its schema, made by the values' shapes.

The strict reader (core/answering.py) says what is wrong; the schema says beforehand what is right.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Number
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.publishing.switching import MOST_CALLS
from actionstudio.core import behaviour, codec
from actionstudio.core.answer_choices import CHOICES, RANGES
from actionstudio.core.deck import PRESETS

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_ROOTS = (behaviour.Around, behaviour.Collection, behaviour.Upstream, behaviour.Limit)
BEHAVIOUR = "Behaviour"
COLLECTION = {"application/json": {"$ref": "#/components/schemas/Collection"}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


@extend_schema_field(_ref(BEHAVIOUR))
class BehaviourField(serializers.JSONField):
    """How an operation answers: an object with its ``kind``."""


@extend_schema_field(_ref("Around"))
class AroundField(serializers.JSONField):
    """What stands around an operation's behaviour."""


@extend_schema_field(_ref("Collection"))
class CollectionField(serializers.JSONField):
    """The definition of a collection."""


@extend_schema_field(_ref("Upstream"))
class UpstreamField(serializers.JSONField):
    """The definition of an upstream."""


@extend_schema_field(_ref("Fault"))
class FaultField(serializers.JSONField):
    """How calls misbehave."""


@extend_schema_field(_ref("Limit"))
class LimitField(serializers.JSONField):
    """A rate limit."""


class CollectionsShape(Shape):
    """A project's collections, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=CollectionField())


class SwitchShape(Shape):
    """A one-shot: the next ``left`` calls of an operation misbehave."""

    id = Number()
    fault = FaultField()
    left = Number()
    created = serializers.DateTimeField()


class SwitchesShape(Shape):
    """An operation's switches, on one page, in the order in which they are used."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=SwitchShape())


class SwitchWish(Shape):
    """What the next calls shall meet: a fault, or a case of the ChatGPT limit deck by its name (``preset``).

    ``calls``: for how many calls; without it one, or as many as show the case.
    """

    fault = FaultField(required=False)
    preset = Choice(list(PRESETS), required=False)
    calls = Number(min_value=1, max_value=MOST_CALLS, required=False)


class MocksShape(Shape):
    """What the operations of a project share to answer. Each list is whole: what it leaves out goes."""

    collections = serializers.ListField(child=CollectionField(), required=False)
    upstreams = serializers.ListField(child=UpstreamField(), required=False)
    limits = serializers.ListField(child=LimitField(), required=False, max_length=20)


def schemas() -> dict[str, Any]:
    """The JSON Schemas of all values that the fields above take, by name."""
    found: dict[str, Any] = {}
    kinds = behaviour.BEHAVIOUR_KINDS
    chosen = [{"allOf": [_ref(kind.__name__), {"required": ["kind"]}]} for kind in kinds.values()]
    found[BEHAVIOUR] = {"description": "How an operation answers.", "type": "object", "oneOf": chosen}
    for kind in (*kinds.values(), *_ROOTS):
        _add(kind, found)
    return dict(sorted(found.items()))


def _add(kind: Any, found: dict[str, Any]) -> None:
    """Adds the schema of a dataclass and of those inside it."""
    if kind.__name__ in found:
        return
    made: dict[str, Any] = {"type": "object", "description": " ".join((kind.__doc__ or "").split())}
    found[kind.__name__] = made
    hints = typing.get_type_hints(kind)
    member = next((name for name, one in behaviour.BEHAVIOUR_KINDS.items() if one is kind), "")
    properties = {"kind": {"type": "string", "enum": [member]}} if member else {}
    made["properties"] = properties | {name: _field(kind, name, hint, found) for name, hint in hints.items()}
    required = [f.name for f in dataclasses.fields(kind) if _needed(f)]
    if required:
        made["required"] = required
    made["additionalProperties"] = False


def _needed(field: dataclasses.Field) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _field(kind: Any, name: str, hint: Any, found: dict[str, Any]) -> dict[str, Any]:
    made = _schema(hint, found)
    if choices := CHOICES.get(kind, {}).get(name):
        made["enum"] = list(choices)
    if bounds := RANGES.get(kind, {}).get(name):
        made["minimum"], made["maximum"] = bounds
    return made


def _schema(hint: Any, found: dict[str, Any]) -> dict[str, Any]:
    if hint in codec.unions():
        return _ref(BEHAVIOUR)
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    if dataclasses.is_dataclass(hint):
        _add(hint, found)
        return _ref(hint.__name__)  # type: ignore[union-attr]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in args if arg is not type(None))
        return {"anyOf": [_schema(inner, found), {"type": "null"}]}
    if origin is tuple:
        pair = {} if args[-1] is Ellipsis else {"minItems": len(args), "maxItems": len(args)}
        return {"type": "array", "items": _schema(args[0], found), **pair}
    return {"type": "object"} if origin is not None and issubclass(origin, Mapping) else {}
