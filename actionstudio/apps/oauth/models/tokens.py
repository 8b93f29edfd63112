"""Codes and tokens, each known by its SHA-256, and the keys that sign."""

import uuid

from django.db import models
from django.utils import timezone
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from actionstudio.apps.oauth.models.people import EndUser


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
