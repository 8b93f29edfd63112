"""The bodies of the API's import into a project: the wish, the plan, and what became of it."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from actionstudio.apps.api import shapes
from actionstudio.apps.api.fields import Accepted, Choice, Flag, JSONValue, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.library import detecting
from actionstudio.core.importer.verdict import OUTCOMES


class ReimportShape(shapes.SourceShape):
    """Exactly one of ``source`` and ``url``. Without ``accept`` nothing is changed: the answer is the plan.

    ``accept`` lists ids of the plan's items and choices, or is "all": everything that loses no edit made here.
    ``revision`` is the number that the plan was made for; when there is a newer one, 409 is the answer.
    """

    format = Choice(choices=[*detecting.FORMATS], required=False)
    plan = Flag(required=False)
    accept = Accepted(required=False)
    revision = Number(min_value=1, required=False)

    def validate(self, data):
        if data.get("plan") and "accept" in data:
            raise serializers.ValidationError(_("Ask for the plan, or say what to accept, not both."), code="plan")
        return super().validate(data)


class PlanChoiceShape(Shape):
    """A thing changed here and in the document: ours stays unless this id is accepted."""

    id = Text()
    label = Text()
    ours = JSONValue(allow_null=True)
    theirs = JSONValue(allow_null=True)


class PlanItemShape(Shape):
    """One difference. ``suggested``: "all" takes it. ``breaks`` says why callers of today break. ``hidden``: an
    operation that ChatGPT will not get, because as many as it takes are chosen already."""

    id = Text()
    kind = Choice(choices=["added", "changed", "removed"])
    what = Choice(choices=["operation", "schema", "document"])
    pointer = Text()
    label = Text()
    details = serializers.ListField(child=Text())
    breaking = Flag()
    breaks = serializers.ListField(child=Text())
    kept = serializers.ListField(child=Text())
    lost = serializers.ListField(child=Text())
    suggested = Flag()
    hidden = Flag()
    choices = PlanChoiceShape(many=True)


class PlanShape(Shape):
    """What a newer document would change. ``kept`` are the edits made here that it does not touch."""

    items = PlanItemShape(many=True)
    kept = serializers.ListField(child=Text())


class ForecastShape(Shape):
    """What ChatGPT says afterwards: ``messages`` counts its lines."""

    outcome = Choice(choices=[*OUTCOMES])
    sentence = Text()
    messages = Number()


class ReimportedShape(Shape):
    """``revision`` is the one the plan was made for, or, when it was ``applied``, the newest afterwards."""

    applied = Flag()
    revision = shapes.RevisionShape()
    plan = PlanShape()
    chatgpt = ForecastShape()
    report = shapes.ReportShape()
