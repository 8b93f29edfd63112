"""The bodies of the API that speak of prompt suites: cases, runs, outcomes, comparisons."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import choosing, keeping
from actionstudio.core.prompting import KINDS
from actionstudio.core.prompting.formats import READERS


class PromptHow(Shape):
    """How models are asked. ``models``: "scripted", or the name, model or number of an endpoint. ``mode`` select calls
    nothing; mock makes the calls at the project's own address. ``rate`` is requests a second."""

    models = serializers.ListField(child=Line(max_length=120), required=False, max_length=choosing.MOST)
    mode = Choice(PromptSuite.Mode.values, required=False)
    repeat = Number(min_value=1, max_value=keeping.MOST_TIMES, required=False)
    concurrency = Number(min_value=1, max_value=keeping.MOST_AT_ONCE, required=False)
    rate = serializers.FloatField(required=False, min_value=0.1, max_value=keeping.FASTEST)
    temperature = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=2)
    seed = Number(required=False, allow_null=True, min_value=-(2**63), max_value=2**63 - 1)
    fail_under = serializers.FloatField(required=False, min_value=0, max_value=1)


class PromptSuiteWish(PromptHow):
    """A prompt suite. ``gpt`` is the key of the GPT whose instructions and actions are offered; null: the project's own
    action alone."""

    name = Line(max_length=120)
    description = Text(max_length=2000)
    gpt = Line(max_length=40, required=False, allow_null=True)


class PromptSuiteShape(PromptSuiteWish):
    """A prompt suite as it is kept. ``state`` is how its last run went."""

    id = Number(read_only=True)
    slug = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    cases = Number(read_only=True)


class PromptCallShape(Shape):
    """A call that is expected. ``arguments`` are matchers {"op", "value", "by", "exact"} by argument; a plain value
    means "equals". Known ops: equals, any-of, regex, contains, near, present, absent, ignore. Texts count without
    case, spaces and punctuation, unless "exact" is true."""

    operation = Line(max_length=300)
    arguments = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)


class PromptCaseWish(Shape):
    """A case. ``turns`` are texts of the user, or {"role": "assistant", "text"}; ``calls`` is empty when nothing should
    be called. ``others``: further calls do no harm; ``closed``: an argument without a matcher is wrong."""

    name = Text(max_length=160)
    enabled = Flag(required=False)
    note = Text(max_length=300)
    turns = serializers.ListField(child=serializers.JSONField(), max_length=20)
    calls = serializers.ListField(child=PromptCallShape(), required=False, max_length=8)
    kind = Choice(list(KINDS), required=False)
    language = Line(max_length=35, required=False)
    ordered = Flag(required=False)
    never = serializers.ListField(child=Line(max_length=300), required=False, max_length=100)
    others = Flag(required=False)
    closed = Flag(required=False)
    consent = serializers.BooleanField(required=False, allow_null=True)


class PromptCaseShape(PromptCaseWish):
    """A case as it is kept. ``origin``: hand, starter, log (``source`` is the call), import."""

    id = Number(read_only=True)
    position = Number(read_only=True)
    origin = serializers.CharField(read_only=True)
    source = serializers.CharField(read_only=True, allow_null=True)


class PromptCasesShape(Shape):
    """The cases of a suite, in their order, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=PromptCaseShape())


class PromptOrderWish(Shape):
    """The ids of all cases in their new order."""

    cases = serializers.ListField(child=Number(), max_length=keeping.MOST)


class PromptImportWish(Shape):
    """A file with cases."""

    text = Text(max_length=5_000_000, required=True)
    format = Choice(["auto", *READERS], required=False)


class PromptStartersWish(Shape):
    """Cases made of what the project's texts say, in their language. ``language``: en, fr, ja, ko or zh-Hans; guessed
    when it is not told. What should call nothing is put in it even if the texts are in another."""

    language = Line(max_length=35, required=False)


class SaidShape(Shape):
    """A logged call, and what was said to the model; what a chat of the simulator was told is known."""

    exchange = Line(max_length=40)
    text = Text(max_length=8000)
    kind = Choice(list(KINDS), required=False)


class PromptPromoteWish(Shape):
    """Logged calls as cases."""

    calls = serializers.ListField(child=SaidShape(), min_length=1, max_length=100)


class PromptRunWish(PromptHow):
    """A run; what is not said is the suite's. ``revision``: that version of the contract instead of what is live.
    ``cases``: only these."""

    revision = Number(min_value=1, required=False, allow_null=True)
    cases = serializers.ListField(child=Number(), required=False, max_length=keeping.MOST)


class PromptAgainWish(Shape):
    """The operations whose texts have changed; without: those that differ from what the run was asked with."""

    operations = serializers.ListField(child=Line(max_length=300), required=False, min_length=1, max_length=100)


class PromptModelShape(Shape):
    """A model of a run."""

    model = serializers.CharField()
    label = serializers.CharField()


class PromptRunShape(Shape):
    """A run. ``share`` of what was asked passed; ``tools`` names what the models read: equal when nothing changed."""

    id = serializers.CharField()
    state = Choice(PromptRun.State.choices)
    cause = Choice(PromptRun.Cause.values)
    mode = Choice(PromptSuite.Mode.values)
    models = serializers.ListField(child=PromptModelShape())
    revision = Number(allow_null=True)
    tools = serializers.CharField()
    repeat = Number()
    base = serializers.CharField(allow_null=True)
    only = serializers.ListField(child=serializers.CharField())
    created = serializers.DateTimeField()
    finished = serializers.DateTimeField(allow_null=True)
    total = Number()
    counts = serializers.DictField(child=Number())
    share = serializers.FloatField(allow_null=True)
    fail_under = serializers.FloatField()
    passed = Flag()
    error = serializers.CharField()


class RateShape(Shape):
    """``good`` of ``of``."""

    good = Number()
    of = Number()
    share = serializers.FloatField(allow_null=True)


class OfOperationShape(Shape):
    """How an operation did. ``mistaken``: what was called instead and how often, "" for no call."""

    operation = serializers.CharField()
    precision = RateShape()
    recall = RateShape()
    mistaken = serializers.DictField(child=Number())


class OfArgumentShape(Shape):
    """How an argument was filled in."""

    operation = serializers.CharField()
    argument = serializers.CharField()
    right = RateShape()


class FlakyShape(Shape):
    """A case that passes now and then."""

    name = serializers.CharField()
    passed = Number()
    of = Number()


class PromptResultShape(Shape):
    """The numbers of one model. ``matrix`` has a row for each expected operation and a column for each called one, in
    the order of ``names``; the last, "", is no call. ``pass_all`` is pass^k by k."""

    model = serializers.CharField()
    passed = RateShape()
    chosen = RateShape()
    no_call = RateShape()
    errors = Number()
    names = serializers.ListField(child=serializers.CharField())
    matrix = serializers.ListField(child=serializers.ListField(child=Number()))
    operations = serializers.ListField(child=OfOperationShape())
    arguments = serializers.ListField(child=OfArgumentShape())
    kinds = serializers.DictField(child=RateShape())
    flaky = serializers.ListField(child=FlakyShape())
    pass_all = serializers.DictField(child=serializers.FloatField())
    tokens_in = Number(allow_null=True)
    tokens_out = Number(allow_null=True)
    dollars = serializers.FloatField(allow_null=True)
    ms = Number()


class PromptRunWhole(PromptRunShape):
    """A run with its numbers. ``tool_tokens``: about what its tools cost with each request."""

    tool_tokens = Number()
    results = serializers.ListField(child=PromptResultShape())


class CalledShape(Shape):
    """A call that the model asked for. ``turn`` is the place of what it answers in the case's turns, from 0."""

    operation = serializers.CharField()
    arguments = serializers.CharField()
    consent = serializers.BooleanField(allow_null=True)
    unknown = Flag()
    turn = Number(allow_null=True, required=False)


class PromptOutcomeShape(Shape):
    """What a model did with a case. ``time`` counts repetitions from 0; ``why`` are sentences; ``carried``: taken from
    the run before."""

    id = Number()
    case = Number(allow_null=True)
    n = Number()
    model = Number()
    time = Number()
    name = serializers.CharField()
    kind = serializers.CharField()
    verdict = Choice(["", *PromptOutcome.Verdict.values])
    why = serializers.ListField(child=serializers.CharField())
    called = serializers.ListField(child=CalledShape())
    text = serializers.CharField()
    tokens_in = Number(allow_null=True)
    tokens_out = Number(allow_null=True)
    dollars = serializers.FloatField(allow_null=True)
    ms = Number()
    carried = Flag()


class PromptOutcomeWhole(PromptOutcomeShape):
    """An outcome with what was expected and what travelled (without tools, which the run has once)."""

    expected = serializers.JSONField()
    score = serializers.JSONField(allow_null=True)
    trace = serializers.JSONField()


class FlipShape(Shape):
    """A case whose verdict is another one now."""

    name = serializers.CharField()
    better = Flag()
    before = serializers.ListField(child=Number())
    after = serializers.ListField(child=Number())


class UnsteadyShape(Shape):
    """A case that passed always, or never, and now does now and then."""

    name = serializers.CharField()
    before = serializers.ListField(child=Number())
    after = serializers.ListField(child=Number())


class PromptChangeShape(Shape):
    """A field that differs in what the models read."""

    operation = serializers.CharField()
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class PromptComparisonShape(Shape):
    """Two runs, or two models of one, case by case. ``p`` is McNemar's exact test of the flips; ``hint`` warns of more
    than one changed field."""

    before = PromptResultShape()
    after = PromptResultShape()
    both = Number()
    passed_before = Number()
    passed_after = Number()
    flips = serializers.ListField(child=FlipShape())
    unsteady = serializers.ListField(child=UnsteadyShape())
    p = serializers.FloatField()
    changes = serializers.ListField(child=PromptChangeShape())
    hint = serializers.CharField()


class HintShape(Shape):
    """What is known of the tools before any model runs."""

    code = serializers.CharField()
    message = serializers.CharField()
    operations = serializers.ListField(child=serializers.CharField())
    argument = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())


class PromptImportShape(PromptCasesShape):
    """The cases that were made. ``hints``: what they want and ChatGPT does not have, or no call may have."""

    hints = serializers.ListField(child=HintShape())


class HintsShape(Shape):
    """All hints, the worst first."""

    results = serializers.ListField(child=HintShape())
