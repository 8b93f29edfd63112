"""Clients, their secrets and callbacks, and what people allowed them."""

import re
import secrets

from django.db import models
from django.utils import timezone
from oauth2_provider.models import AbstractApplication

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.oauth.models.people import EndUser
from actionstudio.apps.projects.models import Project

_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(?=[/?]|$)")


def _portless(uri: str) -> str:
    return _LOOPBACK.sub(r"http://\1", uri)


def client_id() -> str:
    """A client id: unique among all projects, since the toolkit knows clients by it alone."""
    return f"asc_{secrets.token_hex(12)}"


class Client(AbstractApplication):
    """A program that people let use their account: a GPT, a plugin, an MCP client, the builder's own.

    ``user`` is the end user who registered it, None nearly always. ``client_secret`` is not used: see ClientSecret.
    ``registration_source`` is the toolkit's, or SIMULATOR: made for a GPT that exists in the studio alone.
    """

    SIMULATOR = "simulator"

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

    faulty = (
        True  # whether a failure on purpose waits in its project, as far as who read it knows (authenticating.find)
    )

    class Meta:
        ordering = ["-id"]

    @property
    def uris(self) -> list[str]:
        """The registered callbacks."""
        return self.redirect_uris.split()

    @property
    def registered_itself(self) -> bool:
        """Whether nobody of the project made it (RFC 7591)."""
        return self.registration_source not in (Client.RegistrationSource.MANUAL, Client.SIMULATOR)

    @property
    def simulated(self) -> bool:
        """Whether it was made for a GPT that exists in the studio alone."""
        return self.registration_source == Client.SIMULATOR

    @property
    def lacks_callback(self) -> bool:
        """Whether people cannot sign in with it yet, because it does not say where they go back to."""
        return "authorization_code" in self.grants and not self.redirect_uris

    @property
    def has_lapsed(self) -> bool:
        """Whether it registered itself and has ended because nobody used it."""
        return self.lapses is not None and self.lapses <= timezone.now()

    @property
    def works(self) -> bool:
        """Whether it is switched on and has not lapsed."""
        return self.enabled and not self.has_lapsed

    def is_usable(self, request: object) -> bool:
        """Whether it may be used at the address being answered; the toolkit asks before it takes it or its token."""
        return self.works and self.project_id == tenancy.project_id()

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Whether it has one of these grants, in the toolkit's spelling (``authorization-code``)."""
        return any(name.replace("-", "_") in self.grants for name in grant_types)

    def get_allowed_schemes(self) -> list[str]:
        """The schemes of callbacks: https, and http where one of its callbacks is on the person's own machine."""
        return ["https", "http"] if any(_LOOPBACK.match(uri) for uri in self.uris) else ["https"]

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Whether a callback is registered, to the letter (RFC 9700, section 2.1). On a loopback address its port is
        free: programs take one that is not in use (RFC 8252, section 7.3). So it is on localhost, which section 8.3
        advises against and programs use: a public client there is asked about each time (consents.is_anybodys)."""
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
