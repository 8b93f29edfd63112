"""The bodies of the API that speak of runs: many logged calls sent again as a job."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, JSONObject, Line, Number, Pattern, Text
from actionstudio.apps.api.log_shapes import OverridesShape, ReplayCompared, ReplayShape
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.replay import verdicts
from actionstudio.apps.replay.models import Item, Run
from actionstudio.apps.replay.runs.options import LEAST_RATE, MOST_AT_ONCE, MOST_RATE
from actionstudio.apps.replay.runs.selecting import MOST

VERDICTS = verdicts.ALL


class Pair(serializers.ListField):
    """[name, text]"""

    def __init__(self, **options):
        super().__init__(child=Text(), min_length=2, max_length=2, **options)


class HeaderShape(Shape):
    """A header that is sent with every call and kept nowhere."""

    name = Pattern(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}$")
    value = Line(max_length=8000)


class EditsShape(Shape):
    """What is changed about every call. ``set_values`` are [place, text], the place ``$.items[*].sku`` or
    ``query.limit``. Texts may be templates, such as {{uuid}}."""

    set_headers = serializers.ListField(child=Pair(), required=False, max_length=50)
    remove_headers = serializers.ListField(child=Line(max_length=80), required=False, max_length=50)
    base_path = serializers.ListField(child=Text(), required=False, min_length=2, max_length=2)
    shift_days = Number(required=False)
    shift_to_now = Flag(required=False)
    set_values = serializers.ListField(child=Pair(), required=False, max_length=50)


class ReplayCreate(Shape):
    """Which calls (``exchanges``, or all that ``filter`` finds, the newest 10,000 at most) go where: live, revision:N,
    upstream, or a base URL.

    Whose calls they count as at our own address: as logged, unless ``credential`` is none, or ``key_id``, ``end_user``
    or ``header`` say otherwise. Calls that may change something on another server need ``confirm``.
    """

    exchanges = serializers.ListField(child=Line(max_length=40), required=False, min_length=1, max_length=MOST)
    filter = Text(help_text="The filter language of the log. Empty: every call.", max_length=2000)
    target = Text(max_length=2000)
    overrides = OverridesShape(required=False)
    edits = EditsShape(required=False)
    ignore = serializers.ListField(child=Line(max_length=300), required=False, max_length=200)
    twice = Flag(required=False, help_text="Run twice to find noise, where that does no harm.")
    credential = Choice(["same", "none"], required=False)
    key_id = Number(required=False)
    end_user = Line(max_length=150, required=False, help_text="Their username or sub.")
    header = HeaderShape(required=False)
    carry = Flag(required=False, help_text="Values of earlier answers go into later calls of a conversation.")
    concurrency = serializers.IntegerField(required=False, min_value=1, max_value=MOST_AT_ONCE)
    rate = serializers.FloatField(
        required=False, min_value=LEAST_RATE, max_value=MOST_RATE, help_text="Calls a second."
    )
    send_refused = Flag(required=False, help_text="Send also what ChatGPT would refuse to send now.")
    resend = Flag(required=False, help_text="After a crash send again also what is not known to be harmless twice.")
    confirm = Flag(required=False)


class GroupShape(Shape):
    """One thing that changed, and in how many calls. ``number`` filters the outcomes."""

    number = Number()
    count = Number()
    verdict = Text()
    operation = Text()
    kind = Text()
    path = Text()
    was = Text()
    now = Text()
    sentence = Text()


class RunShape(Shape):
    """A run. ``states`` add up to ``total``; ``left`` have not come to an end."""

    id = Text(help_text="run_…")
    state = Choice(Run.State.choices)
    created = serializers.DateTimeField()
    begun = serializers.DateTimeField(allow_null=True)
    finished = serializers.DateTimeField(allow_null=True)
    target = Text()
    total = Number()
    left = Number()
    states = JSONObject(help_text=f"How many calls are {', '.join(Item.State.values)}.")
    verdicts = JSONObject(help_text=f"How many answers are {', '.join(VERDICTS)} (a body was not kept).")
    left_out = JSONObject(
        help_text="What was selected and is not sent, by kind. older: beyond what one run takes, as far as counted."
    )
    parent = Text(allow_null=True)
    error = Text()


class RunMade(RunShape):
    """The run, and the replays there are by now: all of them when they were few and quick. With the header ``Prefer:
    respond-async`` nothing is waited for."""

    results = ReplayShape(many=True)


class CallOutcomeShape(Shape):
    """What became of one call. ``reason`` says why it was refused, skipped, failed or not sent again."""

    n = Number()
    exchange = Text()
    method = Text()
    path = Text()
    operation_id = Text()
    conversation = Text()
    state = Choice(Item.State.choices)
    verdict = Choice(["", *VERDICTS], allow_blank=True)
    attempts = Number()
    reason = Text()
    groups = serializers.ListField(child=Number())
    replay = ReplayCompared(allow_null=True)


class RunWhole(RunShape):
    """A run with its groups and a page of outcomes, in the order of the calls."""

    groups = GroupShape(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CallOutcomeShape(many=True)
