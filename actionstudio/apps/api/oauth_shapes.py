"""Shapes of a project's sign-in: clients, end users, what is minted and what goes wrong on purpose."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, JSONObject, Line, Number, Pattern, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.oauth import callbacks, faults, minting, providing, registering, vetting
from actionstudio.apps.oauth.models import Callback, Client, EndUser
from actionstudio.core.problem import Problem

_SCOPE = r"^[!#-\[\]-~]{1,200}$"  # RFC 6749, section 3.3
_URIS = {"child": Line(max_length=callbacks.LONGEST), "required": False, "max_length": callbacks.MOST}


def _vetted(name: str, value):
    checked, problems = vetting.fields({name: value})
    if problems:
        raise serializers.ValidationError([_detail(one) for one in problems])
    return checked[name]


def _detail(problem: Problem) -> serializers.ErrorDetail:
    return serializers.ErrorDetail(problem.message, problem.code)


def scopes(**options) -> serializers.ListField:
    """A list of the names of scopes."""
    return serializers.ListField(child=Pattern(_SCOPE), required=False, max_length=200, **options)


class ClientSecretShape(Shape):
    """A secret without its text. ``expires``: another has taken over, and this one ends then."""

    last4 = Text()
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField(allow_null=True)
    last_used = serializers.DateTimeField(allow_null=True)


class ClientShape(Shape):
    """A program that people let use their account. What is left out when it is made is its preset's."""

    client_id = Text(read_only=True)
    preset = Choice(choices=Client.Preset.values, required=False, help_text="What kind of program it is, for good.")
    name = Line(max_length=registering.NAME_LONGEST, help_text="People read it when they are asked to allow it.")
    gpt_id = Text(
        max_length=callbacks.LONGEST,
        help_text="g-…, or ChatGPT's Callback URL: registers both hosts.",
    )
    redirect_uris = serializers.ListField(**_URIS, help_text="Compared to the letter.")
    grants = serializers.ListField(child=Choice(choices=registering.GRANTS), required=False, max_length=3)
    token_method = Choice(choices=Client.Method.values, required=False)
    pkce = Choice(choices=Client.Pkce.values, required=False)
    consent = Choice(choices=Client.Consent.values, required=False)
    scopes = scopes(help_text="Those it may ask for; [] for every scope of the project.")
    json_bodies = Flag(required=False, help_text="Takes its token request as JSON, too.")
    allowed_origins = serializers.ListField(
        child=Line(max_length=callbacks.LONGEST), required=False, max_length=registering.ORIGINS_MOST
    )
    enabled = Flag(required=False, help_text="Off: its sign-ins and tokens are refused until it is on again.")
    registered_itself = Flag(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    last_used = serializers.DateTimeField(read_only=True, allow_null=True)
    lapses = serializers.DateTimeField(read_only=True, allow_null=True)
    secrets = ClientSecretShape(many=True, read_only=True)


class ClientPatch(ClientShape):
    preset = Choice(choices=Client.Preset.values, read_only=True)
    name = Line(max_length=registering.NAME_LONGEST, required=False)


class ClientMade(ClientShape):
    """``client_secret`` is shown in this answer and nowhere else; null for a public client."""

    client_secret = Text(allow_null=True)


class RotateShape(Shape):
    """For how long the secret before works besides the new one."""

    overlap_seconds = Number(min_value=0, max_value=7 * 86400, required=False)


class SecretMade(ClientSecretShape):
    """``client_secret`` is shown in this answer and nowhere else."""

    client_secret = Text()


class EndUserShape(Shape):
    """A person with an account at the project. ``sub`` is who they are to clients."""

    sub = serializers.UUIDField(read_only=True)
    username = Line(max_length=vetting.LONGEST, help_text="What they type to sign in; kept in small letters.")
    email = Text(max_length=vetting.LONGEST_EMAIL)
    name = Text(max_length=vetting.LONGEST)
    groups = serializers.ListField(
        child=Line(max_length=vetting.LONGEST_GROUP), required=False, max_length=vetting.GROUPS_MOST
    )
    claims = JSONObject(required=False, help_text="More claims of userinfo and ID tokens.")
    test = Flag(required=False, help_text="Offered on the sign-in page while the project is in development.")
    denies = Flag(required=False, help_text="A drill: whatever they are asked to allow, the answer is no.")
    active = Flag(required=False, help_text="false closes the account: all access ends at once.")
    password = Text(
        max_length=vetting.LONGEST_PASSWORD, write_only=True, help_text="Another password; empty: none. Never shown."
    )
    has_password = Flag(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    last_login = serializers.DateTimeField(read_only=True, allow_null=True)

    # Judged here, beside the lengths and the types, so that everything that is wrong is said at once

    def validate_username(self, value: str) -> str:
        return _vetted("username", value)

    def validate_email(self, value: str) -> str:
        return _vetted("email", value)

    def validate_name(self, value: str) -> str:
        return _vetted("name", value)

    def validate_groups(self, value: list[str]) -> list[str]:
        return _vetted("groups", value)

    def validate_claims(self, value: dict) -> dict:
        return _vetted("claims", value)

    def validate_password(self, value: str) -> str:
        if problems := vetting.of_password(value, EndUser()):
            raise serializers.ValidationError([_detail(one) for one in problems])
        return value


class EndUserPatch(EndUserShape):
    username = Line(max_length=vetting.LONGEST, required=False)


class UserKeyShape(Shape):
    """An end user's own key, for callers that know no sign-in."""

    id = Number(read_only=True)
    name = Line(max_length=vetting.LONGEST_KEY)
    last4 = Text(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    revoked = serializers.DateTimeField(read_only=True, allow_null=True)


class UserKeyMade(UserKeyShape):
    """``text`` is shown in this answer and nowhere else."""

    text = Line(read_only=True)


class ConnectionShape(Shape):
    """An app that may use the account. ``granted`` is null where it was allowed without being asked."""

    client_id = Text()
    name = Text()
    scopes = serializers.ListField(child=Text())
    granted = serializers.DateTimeField(allow_null=True)
    last_token = serializers.DateTimeField(allow_null=True)


class SessionShape(Shape):
    """A browser in which the person is signed in."""

    agent = Text()
    created = serializers.DateTimeField()
    seen = serializers.DateTimeField()
    expires = serializers.DateTimeField()


class OnePage(Shape):
    """A list that is always on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ConnectionsShape(OnePage):
    results = ConnectionShape(many=True)


class SessionsShape(OnePage):
    results = SessionShape(many=True)


class FaultShape(Shape):
    """A one-shot: the next ``left`` answers of a leg misbehave."""

    id = Number()
    kind = Text()
    left = Number()
    created = serializers.DateTimeField()


class FaultsShape(OnePage):
    results = FaultShape(many=True)


class FaultWish(Shape):
    """What is to go wrong, and how often. revoke-now and expire-now are done at once, to the newest tokens."""

    kind = Choice(choices=[*faults.KINDS, *faults.DEEDS])
    times = Number(min_value=1, max_value=faults.MOST_TIMES, required=False)


class FaultDone(Shape):
    """What was done at once, and to how many tokens."""

    kind = Text()
    tokens = Number()


class TokenWish(Shape):
    """Whose token: of an end user (sub or username), of a client that acts for itself, or of both."""

    end_user = Line(max_length=vetting.LONGEST, required=False)
    client_id = Line(max_length=255, required=False)
    scopes = scopes(help_text="Left out: all that the project, or the client, may ask for.")
    seconds = Number(min_value=1, max_value=minting.LONGEST, required=False, help_text="How long it lives; else 600.")


class TokenMade(Shape):
    """``access_token`` is shown in this answer and nowhere else."""

    access_token = Text()
    token_type = Text()
    expires_in = Number()
    scope = Text()
    end_user = Text(allow_null=True, help_text="The person's sub.")
    client_id = Text(allow_null=True)


def _bounds(name: str) -> dict[str, int]:
    least, most = providing.BOUNDS[name]
    return {"min_value": least, "max_value": most}


class ProviderShape(Shape):
    """How the project's own sign-in behaves. Scopes are the contract's: see the project's ``auth``."""

    development = Flag(required=False, help_text="Test users are offered on the sign-in page.")
    signup = Flag(required=False, help_text="People may make an account themselves.")
    registration = Flag(required=False, help_text="Clients may register themselves (RFC 7591).")
    code_seconds = Number(required=False, **_bounds("code_seconds"), help_text="The life of an authorization code.")
    access_seconds = Number(required=False, **_bounds("access_seconds"), help_text="The life of an access token.")
    refresh_days = Number(
        required=False,
        **_bounds("refresh_days"),
        help_text="The life of a refresh token that nobody uses; 0: none are issued.",
    )
    colour = Text(max_length=7, help_text="Of the sign-in pages, such as #4f46e5; empty: the studio's own.")
    issuers = serializers.ListField(
        child=Text(), read_only=True, help_text="Its names: the base URLs under which it answers."
    )

    def validate_colour(self, value: str) -> str:
        """Here, beside the numbers' bounds, so that everything that is wrong is said at once."""
        if problem := providing.judge("colour", value):
            raise serializers.ValidationError(problem.message, problem.code)
        return value


class CallbackShape(Shape):
    """A callback that a client asked for in vain."""

    id = Number()
    client_id = Text()
    uri = Text()
    state = Text()
    times = Number()
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()


class CallbacksShape(OnePage):
    results = CallbackShape(many=True)


class CallbackDecision(Shape):
    """allowed registers it (with its twin on ChatGPT's other host); refused: it is not offered again."""

    state = Choice(choices=[Callback.State.ALLOWED.value, Callback.State.REFUSED.value])
