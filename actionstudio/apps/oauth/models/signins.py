"""What became of each sign-in, failures on purpose, and how often something was tried."""

from django.db import models
from django.utils import timezone

from actionstudio.apps.oauth.models.clients import Client
from actionstudio.apps.oauth.models.people import EndUser
from actionstudio.apps.projects.models import Project


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
