"""Project: one GPT action. Job: work too long for one request, with progress and cancel."""

import uuid

from django.conf import settings
from django.db import models


class Project(models.Model):
    """One GPT action, belonging to its owner. What it promises is its contract (see design and publishing)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="projects")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    masks = models.JSONField(default=list, blank=True)  # names whose values the log hides
    hiding = models.JSONField(default=list, blank=True)  # more rules of what it hides: core.hiding.Rule as JSON
    keep_bodies = models.BooleanField(default=True)  # whether the log keeps what is in requests and answers
    bodyless = models.JSONField(default=list, blank=True)  # operation ids whose bodies it never keeps
    keep_days = models.PositiveIntegerField(null=True, blank=True)  # None: the installation's; 0: for ever
    keep_calls = models.PositiveIntegerField(null=True, blank=True)  # None: as many as come
    keep_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    demo = models.BooleanField(default=False, editable=False)  # the demo its owner opened, with its recorded calls
    guided = models.BooleanField(default=True, editable=False)  # the overview shows the first steps
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated", "-id"]
        indexes = [models.Index(fields=["owner", "-updated", "-id"])]
        constraints = [models.UniqueConstraint(fields=["owner"], condition=models.Q(demo=True), name="one_demo")]

    def __str__(self):
        return self.name


class Logo(models.Model):
    """A checked, resized and re-encoded PNG, found by the SHA-256 that contracts name."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="logos")
    digest = models.CharField(max_length=64)
    image = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="logo_once")]

    def __str__(self):
        return self.digest


class Lease(models.Model):
    """Who does the repeated work of this name until when: one of several processes (see leases.py)."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField()

    def __str__(self):
        return self.name


class Job(models.Model):
    """Work around a background task: heartbeat, progress, cancel. ``result`` is for the page that shows it."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="jobs")
    kind = models.CharField(max_length=120)  # dotted path of the function that does the work
    queue = models.CharField(max_length=10, default="fast")
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    input = models.JSONField(default=dict)
    payload = models.BinaryField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel = models.BooleanField(default=False)
    heartbeat = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["state", "heartbeat"])]

    def __str__(self):
        return f"{self.kind} {self.id}"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in (self.State.READY, self.State.RUNNING)
