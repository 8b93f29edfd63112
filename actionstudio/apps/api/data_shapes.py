"""The bodies of the API that speak of what the log holds: bounds, rules, and work that deletes or hides."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.traffic.keeping.changing import LIMITS
from actionstudio.core import hiding
from actionstudio.core.hiding.rule import WHAT


class HidingRuleShape(Shape):
    """One thing to hide: ``text`` is a name, a path into a JSON body, or a pattern (RE2); other kinds need none."""

    kind = Choice(choices=WHAT)
    text = Text(max_length=500)
    where = Choice(choices=hiding.WHERE, required=False)


class WorkShape(Shape):
    """Work on the log: deleting or hiding. ``changed`` counts what hiding has changed so far."""

    id = serializers.UUIDField()
    kind = Text(help_text="delete or hide")
    state = Text()
    done = Number()
    changed = Number()
    error = Text()
    created = serializers.DateTimeField()
    finished = serializers.DateTimeField(allow_null=True)


class StoredShape(Shape):
    """Counted in the background, some seconds behind; bytes are about right."""

    requests = Number()
    bytes = Number()
    oldest = serializers.DateTimeField(allow_null=True)


def _bound(name: str) -> Number:
    least, most = LIMITS[name]
    return Number(min_value=least, max_value=most, allow_null=True, required=False)


class DataPatch(Shape):
    """Bounds (null: none of the project's own; ``keep_days`` 0 keeps for ever), bodies, rules (all of them)."""

    keep_days = _bound("keep_days")
    keep_calls = _bound("keep_calls")
    keep_bytes = _bound("keep_bytes")
    keep_bodies = Flag(required=False)
    bodyless = serializers.ListField(child=Line(max_length=200), required=False, max_length=300)
    rules = HidingRuleShape(many=True, required=False)


class DataShape(DataPatch):
    """What the log holds of a project, and how it is kept."""

    stored = StoredShape(read_only=True)
    work = WorkShape(many=True, read_only=True)


class PreviewAsk(Shape):
    rules = HidingRuleShape(many=True)


class PlaceShape(Shape):
    place = Text()
    before = Text()
    after = Text()


class PreviewedShape(Shape):
    id = Text()
    places = PlaceShape(many=True)


class PreviewShape(Shape):
    """``hit`` of the ``looked`` newest requests would change; some of them with extracts."""

    looked = Number()
    hit = Number()
    results = PreviewedShape(many=True)
