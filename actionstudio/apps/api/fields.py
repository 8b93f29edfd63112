"""Fields of the API that take exactly what the schema says: a text is no number, a yes is no "yes"."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class _OnlyText:
    default_error_messages = {"max_length": _("Use at most {max_length} characters.")}

    def run_validation(self, data=serializers.empty):
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Line(_OnlyText, serializers.CharField):
    """A text that says something."""

    def __init__(self, **options):
        super().__init__(**options)
        if not self.allow_blank:
            self.validators.append(RegexValidator(r"\S"))  # for the schema: the field's own refusal comes first


class Text(_OnlyText, serializers.CharField):
    """A text kept as typed; may be empty."""

    def __init__(self, **options):
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, "required": False, **options})


class Pattern(_OnlyText, serializers.RegexField):
    """A text of a form."""


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Number(serializers.IntegerField):
    """A whole number; 2.0 is one too, as in JSON Schema."""

    default_error_messages = {
        "min_value": _("Use a number from {min_value} on."),
        "max_value": _("Use a number up to {max_value}."),
    }

    def to_internal_value(self, data):
        whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not whole:
            self.fail("invalid")
        return int(data)


class Amount(serializers.FloatField):
    """A number, which need not be whole."""

    default_error_messages = Number.default_error_messages

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a few words; a refusal names them."""

    default_error_messages = {"invalid_choice": _("“{input}” is none of: {choices}.")}

    def fail(self, key, **given):
        super().fail(key, **given, choices=", ".join(map(str, self.choices)))


class JSONObject(serializers.DictField):
    """A JSON object whose values may be anything."""

    child = serializers.JSONField(allow_null=True)


class Requirement(serializers.DictField):
    """A security requirement: scopes by the name of a scheme."""

    child = serializers.ListField(child=Text())


@extend_schema_field(
    {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}}, "required": ["name"]}
)
class Tag(JSONObject):
    """A tag of the document: a name, and what else OpenAPI says of it."""

    default_error_messages = {"name": _("A tag needs a “name”.")}

    def to_internal_value(self, data):
        kept = super().to_internal_value(data)
        if not (isinstance(kept.get("name"), str) and kept["name"]):
            self.fail("name")
        return kept


@extend_schema_field(
    {
        "type": "object",
        "properties": {"url": {"type": "string"}, "description": {"type": "string"}},
        "required": ["url"],
    }
)
class ServerObject(JSONObject):
    """A server of the document: its URL, and what else OpenAPI says of it."""


@extend_schema_field({"type": ["object", "boolean"]})
class SchemaObject(serializers.JSONField):
    """A JSON Schema."""


@extend_schema_field({})
class JSONValue(serializers.JSONField):
    """Any JSON."""


@extend_schema_field({"oneOf": [{"type": "string", "enum": ["all"]}, {"type": "array", "items": {"type": "string"}}]})
class Accepted(serializers.Field):
    """Ids of a plan, or "all" (None inside)."""

    default_error_messages = {"invalid": _("Give a list of the plan's ids, or “all”.")}

    def to_internal_value(self, data):
        if data == "all":
            return None
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            self.fail("invalid")
        return data

    def to_representation(self, value):
        return "all" if value is None else value
