"""The provider's rows. The toolkit's six models are swapped: who signs in belongs to a project, not to the studio."""

import re
import secrets
import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.utils import timezone
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.projects.models import Project


class Provider(models.Model):
    """How a project's provider behaves. Scopes are not here: they belong to the contract (core/auth.py OAuth)."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="provider")
    development = models.BooleanField(default=True)  # test users are offered on the login page
    signup = models.BooleanField(default=False)  # people may make an account themselves
    registration = models.BooleanField(default=False)  # clients may register themselves (RFC 7591)
    code_seconds = models.PositiveIntegerField(default=60)
    access_seconds = models.PositiveIntegerField(default=3600)
    refresh_days = models.PositiveIntegerField(default=30)  # without use; 0: no refresh tokens are issued
    colour = models.CharField(max_length=7, blank=True)  # "#rrggbb" of the sign-in pages; "": the studio's own

    def __str__(self):
        return f"provider of {self.project_id}"

    @classmethod
    def of(cls, project: Project) -> "Provider":
        """The project's provider, made when it is first asked for, and the people of drills with it: once."""
        from actionstudio.apps.oauth import people

        if found := cls.objects.filter(project=project).first():
            return found
        with transaction.atomic():
            provider, made = cls.objects.get_or_create(project=project)
            if made:
                people.test_users(project)
        return provider


class EndUser(models.Model):
    """A person with an account at a project. ``sub`` is who they are to clients: it says nothing across projects."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="end_users")
    sub = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=150)  # lower case; what people type to sign in
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=150, blank=True)
    password = models.CharField(max_length=128, blank=True)  # Argon2; "": nobody signs in with a password
    is_active = models.BooleanField(default=True)
    test = models.BooleanField(default=False)  # offered on the login page while the project is in development
    joined = models.BooleanField(default=False)  # they made the account themselves: what it says of them is unproved
    denies = models.BooleanField(default=False)  # a drill: whatever they are asked to allow, the answer is no
    groups = models.JSONField(default=list, blank=True)  # names
    claims = models.JSONField(default=dict, blank=True)  # more claims of userinfo and ID tokens
    created = models.DateTimeField(default=timezone.now)
    last_login = models.DateTimeField(null=True, blank=True)

    is_authenticated = True
    is_anonymous = False

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "username"], name="oauth_username_once")]

    def __str__(self):
        return self.name or self.username

    def get_username(self) -> str:
        return self.username

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def set_password(self, text: str) -> None:
        self.password = make_password(text)

    def check_password(self, text: str) -> bool:
        return bool(self.password) and check_password(text, self.password)


class EndUserSession(models.Model):
    """A browser in which an end user is signed in. The cookie holds a random text, this row its SHA-256."""

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"session of {self.user_id}"


class UserKey(models.Model):
    """An end user's own key, for callers that know no OAuth (``user_http`` of the plugin manifest). Its text begins
    with PREFIX and is shown once; only its SHA-256 is kept."""

    PREFIX = "asuk_"

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    created = models.DateTimeField(default=timezone.now)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name


_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?]|$)")


def _portless(uri: str) -> str:
    return _LOOPBACK.sub(r"http://\1", uri)


def client_id() -> str:
    """A client id: unique among all projects, since the toolkit knows clients by it alone."""
    return f"asc_{secrets.token_hex(12)}"


class Client(AbstractApplication):
    """A program that people let use their account: a GPT, a plugin, an MCP client, the builder's own.

    ``user`` is the end user who registered it, None nearly always. ``client_secret`` is not used: see ClientSecret.
    """

    class Preset(models.TextChoices):
        GPT = "gpt"
        PLUGIN = "plugin"
        MCP = "mcp"
        LIBRECHAT = "librechat"
        OTHER = "other"

    class Pkce(models.TextChoices):
        REQUIRED = "required"
        OPTIONAL = "optional"  # required once the client has answered a challenge
        OFF = "off"  # a challenge is taken when one comes

    class Method(models.TextChoices):
        POST = "client_secret_post"
        BASIC = "client_secret_basic"
        ANY = "any"  # either of the two
        NONE = "none"  # a public client

    class Consent(models.TextChoices):
        ALWAYS = "always"
        REMEMBER = "remember"  # until it asks for more, or returns to another host
        SKIP = "skip"  # for the project's own test clients

    project = models.ForeignKey(Project, models.CASCADE, related_name="clients", default=tenancy.project_id)
    user = models.ForeignKey(EndUser, models.SET_NULL, null=True, blank=True, related_name="+")
    client_id = models.CharField(max_length=255, unique=True, default=client_id)
    client_secret = models.CharField(max_length=255, blank=True, default="", editable=False)
    preset = models.CharField(max_length=12, choices=Preset, default=Preset.OTHER)
    gpt_id = models.CharField(max_length=80, blank=True)  # as in its callback: g-…
    grants = models.JSONField(default=list)  # authorization_code, refresh_token, client_credentials
    token_method = models.CharField(max_length=24, choices=Method, default=Method.POST)
    pkce = models.CharField(max_length=8, choices=Pkce, default=Pkce.REQUIRED)
    pkce_seen = models.BooleanField(default=False)
    consent = models.CharField(max_length=8, choices=Consent, default=Consent.REMEMBER)
    scopes = models.JSONField(default=list)  # names it may ask for; []: every scope of the project
    json_bodies = models.BooleanField(default=False)  # takes its token request as JSON, as plugins sent it
    enabled = models.BooleanField(default=True)
    last_used = models.DateTimeField(null=True, blank=True)
    lapses = models.DateTimeField(null=True, blank=True)  # a self-registered client that nobody uses ends then
    registration_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of what lets it change itself; "": no
    decided = models.BooleanField(default=False)  # a builder has saved it: it does not undo that when it changes itself

    class Meta:
        ordering = ["-id"]

    @property
    def uris(self) -> list[str]:
        """The registered callbacks."""
        return self.redirect_uris.split()

    @property
    def lacks_callback(self) -> bool:
        """Whether people cannot sign in with it yet, because it does not say where they go back to."""
        return "authorization_code" in self.grants and not self.redirect_uris

    def is_usable(self, request: object) -> bool:
        """Whether it may be used at the address being answered; the toolkit asks before it takes it or its token."""
        lapsed = self.lapses is not None and self.lapses <= timezone.now()
        return self.enabled and not lapsed and self.project_id == tenancy.project_id()

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Whether it has one of these grants, in the toolkit's spelling (``authorization-code``)."""
        return any(name.replace("-", "_") in self.grants for name in grant_types)

    def get_allowed_schemes(self) -> list[str]:
        """The schemes of callbacks: https, and http where one of its callbacks is on the person's own machine."""
        return ["https", "http"] if any(_LOOPBACK.match(uri) for uri in self.uris) else ["https"]

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Whether a callback is registered, to the letter (RFC 9700, section 2.1). On a loopback address its port is
        free: programs take one that is not in use (RFC 8252, section 7.3)."""
        if uri in self.uris:
            return True
        return bool(_LOOPBACK.match(uri)) and _portless(uri) in map(_portless, self.uris)


class ClientSecret(models.Model):
    """One of a client's secrets. While a new one takes over, the old one lives on until ``expires``."""

    PREFIX = "ascs_"

    client = models.ForeignKey(Client, models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64)  # SHA-256: its text is 256 random bits
    last4 = models.CharField(max_length=4)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"••••{self.last4}"


class Callback(models.Model):
    """A callback that a client asked for and that is not registered: refused, and shown to the builder to decide."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ALLOWED = "allowed"
        REFUSED = "refused"

    client = models.ForeignKey(Client, models.CASCADE, related_name="callbacks")
    uri = models.CharField(max_length=2000)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    times = models.PositiveIntegerField(default=1)
    first = models.DateTimeField(default=timezone.now)
    last = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last"]
        constraints = [models.UniqueConstraint(fields=["client", "uri"], name="oauth_callback_once")]

    def __str__(self):
        return self.uri


class Consent(models.Model):
    """What an end user has allowed a client: the connected app that they see, and can disconnect."""

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, models.CASCADE, related_name="consents")
    scopes = models.JSONField(default=list)
    hosts = models.JSONField(default=list)  # to which it returned then
    granted = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-granted"]
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="oauth_consent_once")]

    def __str__(self):
        return f"{self.user_id} → {self.client_id}"


class Grant(AbstractGrant):
    """An authorization code: ``code`` is its SHA-256. Its row stays after use, so that a replay is recognised."""

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="grants")
    consumed = models.DateTimeField(null=True, blank=True)
    authenticated = models.DateTimeField(null=True, blank=True)  # when the user signed in: an ID token's auth_time
    family = models.UUIDField(default=uuid.uuid4)  # of the tokens made from it
    sign_in = models.CharField(max_length=32, blank=True)


class AccessToken(AbstractAccessToken):
    """An access token, known by its SHA-256. Revoked ones stay until they expire, so that calls can be told why."""

    user = models.ForeignKey(EndUser, models.CASCADE, null=True, blank=True, related_name="access_tokens")
    revoked = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=8, blank=True, default="")  # who revoked it: a key of runtime.bearer.ENDED
    family = models.UUIDField(null=True, blank=True, db_index=True)
    sign_in = models.CharField(max_length=32, blank=True)


class RefreshToken(AbstractRefreshToken):
    """A refresh token, known by its SHA-256. ``revoked`` is also when another took its place (no ``ended_by`` then)."""

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="refresh_tokens")
    scope = models.TextField(blank=True)
    sign_in = models.CharField(max_length=32, blank=True)
    ended_by = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_checksum"], name="oauth_refresh_token_once")]
        indexes = [models.Index(fields=["token_family"], name="oauth_refresh_family")]


class IDToken(AbstractIDToken):
    user = models.ForeignKey(EndUser, models.CASCADE, null=True, blank=True, related_name="+")


class DeviceGrant(AbstractDeviceGrant):
    """Swapped with the others; no device flow is offered."""

    user = models.ForeignKey(EndUser, models.CASCADE, null=True, blank=True, related_name="+")


class SigningKey(models.Model):
    """A private key (RSA) that signs ID tokens for the whole installation: see oauth/keys.py. The one of the highest
    ``number`` that has ``starts`` behind it signs; those are published whose ``ends`` is not behind them."""

    number = models.PositiveIntegerField(unique=True)  # two workers that both make one: the second takes the first's
    kid = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()  # its PEM
    public = models.JSONField()  # as it is published
    created = models.DateTimeField(default=timezone.now)
    starts = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self):
        return self.kid


class SignIn(models.Model):
    """One sign-in from its first request on. Its legs are the logged calls that bear its ``key`` (Exchange.sign_in);
    those of the studio's own client emulator are kept in ``legs``."""

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        PASSED = "passed"  # a token was issued
        FAILED = "failed"

    project = models.ForeignKey(Project, models.CASCADE, related_name="sign_ins")
    key = models.CharField(max_length=32, unique=True)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, blank=True, related_name="sign_ins")
    user = models.ForeignKey(EndUser, models.SET_NULL, null=True, blank=True, related_name="+")
    who = models.CharField(max_length=20, blank=True)  # chatgpt, plugin, librechat, mcp, browser …: as far as known
    emulator = models.JSONField(default=dict)  # {} for real ones; else what the emulator was told to do
    legs = models.JSONField(default=list)
    state_digest = models.CharField(max_length=64, blank=True, db_index=True)  # finds it again at its next leg
    step = models.CharField(max_length=20, blank=True)  # the last leg
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=40, blank=True)  # the code of what was wrong
    started = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"])]

    def __str__(self):
        return self.key


class Fault(models.Model):
    """A one-shot: the next ``left`` answers of a leg misbehave."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="oauth_faults")
    kind = models.CharField(max_length=24)  # a member of oauth/faults.py
    left = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.kind


class Attempt(models.Model):
    """How often something was tried within a window, exact across workers: see oauth/limiting.py."""

    name = models.CharField(max_length=100, unique=True)  # a hash where it would tell who
    since = models.FloatField(default=0)  # Unix time in seconds
    ends = models.FloatField(default=0, db_index=True)  # when its window is over, likewise
    count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.name
