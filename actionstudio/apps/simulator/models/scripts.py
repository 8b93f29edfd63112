"""Script: what the scripted model does on certain sentences of a project's chats."""

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Project


class Script(models.Model):
    """The same fields as ``core.scripted.scripts.Script``; the first one whose ``when`` fits is followed, by
    ``position``. One that is not ``enabled`` waits."""

    class When(models.TextChoices):
        CONTAINS = "contains"
        REGEX = "regex"
        EXACT = "exact"
        TURN = "turn"

    class Then(models.TextChoices):
        CALL = "call"
        SAY = "say"
        FAIL = "fail"

    project = models.ForeignKey(Project, models.CASCADE, related_name="scripts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    name = models.CharField(max_length=80, blank=True)
    when = models.CharField(max_length=10, choices=When, default=When.CONTAINS)
    pattern = models.CharField(max_length=500)
    then = models.CharField(max_length=10, choices=Then, default=Then.CALL)
    operation = models.CharField(max_length=200, blank=True)
    arguments = models.TextField(blank=True, max_length=20_000)
    text = models.TextField(blank=True, max_length=4_000)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name or self.pattern
