"""The bodies of the API that speak of suites: cases, runs, outcomes, and what does not count."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, JSONObject, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.api.run_shapes import Pair
from actionstudio.apps.replay.models import IgnoreRule, Outcome, Suite, SuiteRun
from actionstudio.apps.replay.suites.running import MOST_AT_ONCE
from actionstudio.core.expecting import OPS


class VariableShape(Shape):
    """A variable. The text of a secret goes in and is never told; an empty one keeps what there is."""

    name = Line(max_length=60)
    value = serializers.JSONField(required=False, allow_null=True)
    secret = Flag(required=False)
    set = Flag(read_only=True)


class SuiteWish(Shape):
    """A suite. ``target`` is live, revision:N, upstream, or a base URL; ``daily_at`` a time in UTC."""

    name = Line(max_length=120)
    description = Text(max_length=2000)
    target = Line(max_length=2000, required=False)
    schedule = Choice(Suite.Schedule.values, required=False)
    minutes = Number(min_value=1, max_value=10_080, required=False)
    daily_at = serializers.TimeField(required=False, allow_null=True)
    on_save = Flag(required=False)
    stop_first = Flag(required=False)
    carry = Flag(required=False)
    send_refused = Flag(required=False, help_text="Send also what ChatGPT would refuse to send now.")
    concurrency = Number(min_value=1, max_value=MOST_AT_ONCE, required=False)
    variables = serializers.ListField(child=VariableShape(), required=False, max_length=100)


class SuiteShape(SuiteWish):
    """A suite as it is kept. ``state`` is how its last run went."""

    id = Number(read_only=True)
    slug = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    next_run = serializers.DateTimeField(read_only=True, allow_null=True)
    cases = Number(read_only=True)


class AnswerShape(Shape):
    """An expected answer. ``body`` is text."""

    status = Number(min_value=100, max_value=599)
    headers = serializers.ListField(child=Pair(), required=False, max_length=200)
    body = Text()


class CheckShape(Shape):
    """What is expected at one place: ``$.items[*].id``, status, time (milliseconds), or header:name. ``value`` of a
    range is [least, most], null for no bound."""

    on = Line(max_length=300)
    op = Choice(list(OPS))
    value = serializers.JSONField(required=False, allow_null=True)


class ExtractShape(Shape):
    """A value of the answer that later cases use."""

    name = Line(max_length=60)
    on = Line(max_length=300)


class CaseRulesShape(Shape):
    """What does not count in one case. ``off`` are kinds of noise that do count."""

    ignore = serializers.ListField(child=Line(max_length=300), required=False, max_length=200)
    unordered = serializers.ListField(child=Line(max_length=300), required=False, max_length=200)
    tolerance = serializers.FloatField(required=False, min_value=0)
    off = serializers.ListField(child=Line(max_length=40), required=False, max_length=50)


class CaseWish(Shape):
    """A case. ``credential`` is "none", "good", a key's id, or "user:" and a person's sub."""

    name = Line(max_length=160)
    enabled = Flag(required=False)
    operation_id = Text()
    method = Line(max_length=16)
    path = Line(max_length=8000)
    query = Text(max_length=16000)
    headers = serializers.ListField(child=Pair(), required=False, max_length=200)
    body = Text()
    credential = Line(max_length=80, required=False)
    whole = Flag(required=False)
    answer = AnswerShape(required=False, allow_null=True)
    checks = serializers.ListField(child=CheckShape(), required=False, max_length=100)
    rules = CaseRulesShape(required=False)
    extracts = serializers.ListField(child=ExtractShape(), required=False, max_length=30)


class CaseShape(CaseWish):
    """A case as it is kept. ``source`` is the logged call that it was saved from."""

    id = Number(read_only=True)
    position = Number(read_only=True)
    source = serializers.CharField(read_only=True, allow_null=True)


class CasesShape(Shape):
    """The cases of a suite, in their order, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=CaseShape())


class SavedShape(CasesShape):
    """The cases that were made of logged calls."""

    left_out = JSONObject(
        help_text="What a filter found and was not taken, by kind: replays and documents that it does not name."
    )


class SaveWish(Shape):
    """Logged calls as cases: by their ids, or all that a filter finds. ``off`` are kinds of noise that count."""

    exchanges = serializers.ListField(child=Line(max_length=40), required=False, max_length=200)
    filter = Line(max_length=2000, required=False)
    off = serializers.ListField(child=Line(max_length=40), required=False, max_length=50)


class OrderWish(Shape):
    """The ids of all cases in their new order."""

    cases = serializers.ListField(child=Number(), max_length=500)


class SuiteRunWish(Shape):
    """Where to run it; its own target unless told otherwise. ``confirm`` agrees, from now on, to what its calls may
    change on the servers of others."""

    target = Line(max_length=2000, required=False)
    confirm = Flag(required=False)


class SuiteRunShape(Shape):
    """A run of a suite. ``counts`` are cases by verdict, once it is over; ``passed``: all of them did."""

    id = serializers.CharField()
    state = Choice(SuiteRun.State.choices)
    cause = Choice(SuiteRun.Cause.values)
    target = serializers.CharField()
    revision = Number(allow_null=True)
    created = serializers.DateTimeField()
    finished = serializers.DateTimeField(allow_null=True)
    total = Number()
    counts = serializers.DictField(child=Number())
    passed = Flag()
    duration_us = Number()
    error = serializers.CharField()


class SuiteOutcome(Shape):
    """What became of one case. ``why`` are sentences. ``refusal`` is why ChatGPT would not make a call that was sent
    all the same (``send_refused``)."""

    n = Number()
    case = Number(allow_null=True)
    name = serializers.CharField()
    method = serializers.CharField()
    path = serializers.CharField()
    operation_id = serializers.CharField()
    verdict = Choice(["", *Outcome.Verdict.values])
    why = serializers.ListField(child=serializers.CharField())
    refusal = serializers.CharField()
    duration_us = Number()
    accepted = Flag()
    exchange = serializers.CharField(allow_null=True)


class SuiteRunWhole(SuiteRunShape):
    """A run with its outcomes, in the order of the cases."""

    outcomes = serializers.ListField(child=SuiteOutcome())


class AcceptWish(Shape):
    """Which answers become the expected ones: those of these numbers, all that differ unless told."""

    outcomes = serializers.ListField(child=Number(), required=False, max_length=500)


class AcceptedShape(Shape):
    """How many expected answers are other ones now."""

    accepted = Number()


class RuleWish(Shape):
    """What does not count. ``at`` is a place of the answer, or of noise-on and noise-off a kind of noise; ``size`` how
    far numbers may be apart. An empty ``operation_id`` and ``path`` mean all calls."""

    what = Choice(IgnoreRule.What.choices)
    at = Text(max_length=300)
    size = serializers.FloatField(required=False, allow_null=True)
    operation_id = Text(max_length=200)
    path = Text(max_length=500)
    note = Text(max_length=300)


class RuleShape(RuleWish):
    """A rule as it is kept."""

    id = Number(read_only=True)
    created = serializers.DateTimeField(read_only=True)
