"""The bodies of the API that speak of simulated calls."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, JSONObject, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.api.simulated_shapes import OAuthFields
from actionstudio.apps.simulator.calling.performed import STATES
from actionstudio.core.chatgpt import credential, told
from actionstudio.core.chatgpt.consent import CHOICES
from actionstudio.core.chatgpt.pacing import MOST_RETRIES
from actionstudio.core.limits import FILES

LONGEST = 200_000  # characters of arguments; ChatGPT sends less than half of it


@extend_schema_field({"oneOf": [{"type": "object"}, {"type": "string", "maxLength": LONGEST}]})
class Arguments(serializers.Field):
    """An object, or a text as a model might write it, which need not be JSON."""

    default_error_messages = {
        "invalid": _("Give an object, or the text that a model would write."),
        "max_length": _("Use at most {most} characters."),
    }

    def to_internal_value(self, data):
        if not isinstance(data, dict | str):
            self.fail("invalid")
        if isinstance(data, str) and len(data) > LONGEST:
            self.fail("max_length", most=LONGEST)
        return data

    def to_representation(self, value):
        return value


@extend_schema_field({"oneOf": [{"type": "string", "enum": [*CHOICES]}, {"type": "boolean"}, {"type": "null"}]})
class Consent(Choice):
    """The button that the user presses; true and false are yes and no, whatever the buttons are called."""

    def to_internal_value(self, data):
        if isinstance(data, bool):
            return "confirm" if data else "deny"
        return super().to_internal_value(data)


class CallAuthShape(OAuthFields):
    """ChatGPT's authentication dialog in its stored form, with the secret: ``api_key`` as it is typed there (Basic is
    sent as typed), ``token`` for oauth: an access token. Nobody is signed in, so what the dialog stores of OAuth is
    taken and not used. Nothing of it is kept."""

    type = Choice(choices=credential.TYPES)
    authorization_type = Choice(choices=credential.SCHEMES, required=False)
    custom_auth_header = Line(required=False, max_length=100)
    api_key = Text(max_length=8_000)
    token = Text(max_length=8_000)


class CallFileShape(Shape):
    """A file that the call hands on in openaiFileIdRefs."""

    name = Line(max_length=200)
    mime_type = Line(max_length=120)
    content = Text(help_text="Base64.")


class CallWish(Shape):
    """One call as ChatGPT would make it. Without ``consent`` a call that is asked for is not made: the answer has the
    card. ``conversation_id`` goes on with a conversation of earlier calls."""

    operation_id = Line(max_length=200)
    arguments = Arguments(required=False)
    consent = Consent(choices=CHOICES, required=False, allow_null=True)
    mode = Choice(choices=told.MODES, required=False, help_text="What the model is told of an answer that is no 2xx.")
    action = Line(required=False, max_length=48, help_text="The key of the GPT's action that calls, else the first.")
    url = Line(required=False, max_length=2_000, help_text="Another document than the action's own.")
    auth = CallAuthShape(required=False, help_text="Instead of what the action has.")
    conversation_id = serializers.UUIDField(required=False)
    retries = Number(required=False, min_value=0, max_value=MOST_RETRIES, help_text="After 429 and 5xx.")
    pace = Flag(required=False, help_text="false: also while ChatGPT would hold back after failures.")
    files = CallFileShape(many=True, required=False, max_length=FILES)


class CallRequestShape(Shape):
    """A request as it was sent, its secrets hidden. ``cut``: not all of its body is shown."""

    method = Text()
    url = Text()
    headers = serializers.ListField(child=serializers.ListField(child=Text(), min_length=2))
    body = Text()
    size = Number()
    cut = Flag()


class CallAnswerShape(Shape):
    status = Number()
    headers = serializers.ListField(child=serializers.ListField(child=Text(), min_length=2))
    body = Text()
    size = Number()
    cut = Flag()


class AttemptShape(Shape):
    """``exchange`` is the call's id in the log, empty when it left the studio; ``error`` why no answer came."""

    request = CallRequestShape()
    response = CallAnswerShape(allow_null=True)
    ms = Number()
    exchange = Text()
    error = Text()
    detail = Text()


class CardShape(Shape):
    """What ChatGPT asks its user."""

    kind = Choice(choices=("confirm", "allow"))
    title = Text()
    subtitle = Text()
    panel = Text()
    buttons = serializers.ListField(child=Choice(choices=CHOICES))


class CallRefusalShape(Shape):
    """Why nothing was sent: ``message`` in ChatGPT's words where they are known, ``detail`` in ours."""

    code = Text()
    message = Text()
    detail = Text()
    confidence = Text()
    names = serializers.ListField(child=Text())


class CallShape(Shape):
    """``told`` is what the model is told, ``code`` why that is not the answer (empty when it is). ``request`` and
    ``response`` are of the attempt that counts."""

    state = Choice(choices=STATES)
    code = Text()
    told = Text()
    request = CallRequestShape(allow_null=True)
    response = CallAnswerShape(allow_null=True)
    exchange = Text()
    attempts = AttemptShape(many=True)
    card = CardShape(allow_null=True)
    refusal = CallRefusalShape(allow_null=True)
    files = serializers.ListField(child=JSONObject(), help_text="Those that the answer brought.")
    ms = Number()
    conversation_id = Text()
    user_id = Text()
    gpt_id = Text()
    domain = Text()
    attached = serializers.ListField(child=Text(), help_text="The ids of the files that were given.")
