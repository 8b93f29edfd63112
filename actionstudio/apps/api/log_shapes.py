"""The bodies of the API that speak of the log and of replays."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Flag, JSONObject, JSONValue, Line, Number, Pattern, Text
from actionstudio.apps.api.resource import Shape


class ExchangeShape(Shape):
    """One call to an address and its answer, as the list shows it."""

    id = Text(help_text="req_…")
    at = serializers.DateTimeField()
    source = Text()
    kind = Text()
    method = Text()
    path = Text()
    query = Text()
    status = Number()
    operation_id = Text()
    duration_us = Number()


class WarningShape(Shape):
    """``unknown``: the project has nothing of a name that was asked for. ``ambiguous``: could be meant otherwise."""

    code = serializers.ChoiceField(("unknown", "ambiguous"))
    message = Text()


class ExchangePage(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ExchangeShape(many=True)
    warnings = WarningShape(many=True)


class BodyShape(Shape):
    """Text when it is UTF-8, else base64."""

    text = Text(allow_null=True)
    base64 = Text(allow_null=True)


class MessageShape(Shape):
    """One side of an exchange. ``size`` is that on the wire. ``cut``: the body was too long, the log has only its
    beginning; ``unkept``: a rule of the project has none kept."""

    headers = serializers.ListField(child=serializers.ListField(child=Text(), min_length=2))
    body = BodyShape()
    size = Number()
    cut = Flag()
    unkept = Flag()


class TimingShape(Shape):
    stage = Text()
    us = Number()


class LinkShape(Shape):
    """A page of the studio where something is mended."""

    label = Text()
    url = Text()


class DiagnosisShape(Shape):
    """One thing that was probably wrong with a call, and the cure, in the reader's language."""

    code = Text(help_text="Which diagnosis: stable, for programs.")
    level = Text(help_text="bad, warn or info")
    title = Text()
    words = Text()
    facts = serializers.ListField(child=serializers.ListField(child=Text(), min_length=2, max_length=2))
    links = LinkShape(many=True)


class ReasonShape(Shape):
    """One likely reason why nothing arrives. ``sure``: the studio has seen it."""

    title = Text()
    check = Text()
    sure = Flag()
    links = LinkShape(many=True)


class SilenceShape(Shape):
    """Why no call of ChatGPT's arrives. ``kind`` is never, document (its last fetch was the last), or "" (they do)."""

    kind = Text(allow_blank=True)
    exchange = Text(allow_null=True, help_text="The fetch of the document after which nothing came.")
    reasons = ReasonShape(many=True)


class ExchangeWhole(ExchangeShape):
    """One exchange with everything the log keeps. Secrets were masked on their way in."""

    address = Text()
    revision = Number()
    timings = TimingShape(many=True)
    request = MessageShape()
    response = MessageShape()
    violations = serializers.ListField(child=JSONObject())
    decisions = JSONObject(help_text="Stage by stage, and in “trail” what the behaviours decided.")
    near_misses = serializers.ListField(
        child=JSONObject(),
        help_text="Of an unmatched or refused call: the closest operations, what fits, what does not.",
    )
    auth = Text()
    key_id = Number(allow_null=True)
    client = Text()
    gpt_id = Text()
    conversation_id = Text()
    user_id = Text()
    diagnoses = DiagnosisShape(many=True)


class CurlShape(Shape):
    curl = Text()


class HurlShape(Shape):
    hurl = Text()


class PythonShape(Shape):
    python = Text()


class PostmanShape(Shape):
    """A Postman collection (v2.1.0) of one request."""

    postman = JSONObject()


class ProposalShape(Shape):
    """One thing of a logged call that its operation does not declare."""

    id = Text()
    kind = Text()
    place = Text()
    detail = Text()
    label = Text()


class ProposalsShape(Shape):
    proposals = ProposalShape(many=True)


class Adopt(Shape):
    proposals = serializers.ListField(child=Line(max_length=2000), min_length=1, max_length=100)


class AdoptedShape(Shape):
    """``revision`` is the number of the new one; null when nothing differed."""

    revision = Number(allow_null=True)
    proposals = serializers.ListField(child=Text())


class WishShape(Shape):
    """How the answer is chosen: what the header Prefer says."""

    code = Pattern(r"^[1-5][0-9][0-9]$", required=False)
    example = Line(required=False, max_length=200)
    dynamic = Flag(required=False)


class RawRequest(Shape):
    """A request as it is written. What is left out is the operation's own; ``headers`` are [name, value]."""

    method = Pattern(r"^[A-Z]{1,16}$", required=False)
    path = Text(max_length=8000)
    query = Text(max_length=16000)
    headers = serializers.ListField(
        child=serializers.ListField(child=Text(max_length=8000), min_length=2, max_length=2),
        required=False,
        max_length=100,
    )
    body = Text()
    body_base64 = Text()


class TryShape(Shape):
    """``arguments`` by parameter name (others are members of the body), or a raw ``request``.

    ``key_id``: the call counts as carrying that key of the project (-1: any good credential). ``end_user``: it counts
    as that person's, signed in, with ``scopes`` (left out: every scope there is).
    """

    arguments = JSONObject(required=False)
    body = JSONValue(required=False, allow_null=True)
    media_type = Line(required=False, max_length=200)
    accept = Line(required=False, max_length=400)
    prefer = WishShape(required=False)
    request = RawRequest(required=False)
    key_id = Number(required=False, allow_null=True)
    end_user = Line(max_length=150, required=False, help_text="Their username or sub.")
    scopes = serializers.ListField(child=Line(max_length=200), required=False, max_length=200)


class ReplayShape(Shape):
    """One logged call sent again. ``same``: the answer did not differ; without a body that was kept that cannot be said
    (``comparable``). ``run``: the run it belongs to, run_…"""

    id = Number()
    run = Text(allow_null=True)
    exchange = Text(help_text="The exchange that was sent again.")
    result_exchange = Text(allow_null=True, help_text="What the log holds of the new call, when it went to us.")
    created = serializers.DateTimeField()
    target = Text()
    edited = Flag()
    same = Flag()
    changes = Number()
    comparable = Flag()
    error = Text(help_text="Why no answer came; else empty.")


class ReplyShape(Shape):
    """An answer; the body is base64, cut as in the log."""

    status = Number()
    headers = serializers.ListField(child=serializers.ListField(child=Text(), min_length=2))
    body = Text()
    size = Number()
    duration_us = Number()


class DifferenceShape(Shape):
    """``noise``: it differs from run to run (known after a replay with ``twice``)."""

    kind = Text()
    path = Text()
    before = Text()
    after = Text()
    noise = Flag()


class ReplayCompared(ReplayShape):
    """A replay with both answers and what differs between them."""

    ignore = serializers.ListField(child=Line())
    before = ReplyShape()
    after = ReplyShape(allow_null=True)
    differences = DifferenceShape(many=True)


class ReplayWhole(ReplayCompared):
    """One replay, and what was different about its request."""

    facts = serializers.ListField(child=Line())


class OverridesShape(Shape):
    """What to send otherwise than it was. ``headers`` replace all of them."""

    method = Pattern(r"^[A-Za-z]{1,16}$", required=False)
    path = Text(max_length=8000)
    query = Text(max_length=8000)
    headers = serializers.ListField(
        child=serializers.ListField(child=Text(), min_length=2, max_length=2),
        required=False,
    )
    body = Text()
    body_base64 = Text()


class SavedViewWish(Shape):
    """A question of the log under a name."""

    name = Line(max_length=80)
    q = Text(max_length=1000, help_text="In the filter language; empty asks for all.")
    shared = Flag(required=False, help_text="Others who see the project see it too.")
    first = Flag(required=False, help_text="The Requests page opens with it; of one's own at most one.")


class SavedViewShape(SavedViewWish):
    """A saved view."""

    number = Number()
    mine = Flag(help_text="Only one's own can be changed.")
    created = serializers.DateTimeField()
