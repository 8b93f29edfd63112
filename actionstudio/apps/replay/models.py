"""Replay: one logged call sent again, with what came back and how it differs."""

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Project


class Replay(models.Model):
    """One call sent again. ``target`` is live, revision:N, or a base URL.

    Replies are plain JSON {"status", "headers": [[name, value]], "body" (base64), "size", "duration_us", "revision",
    "cut"}; they are kept here because retention may delete the exchange they came from. ``facts`` says what was
    different about the request: {"edited": [...], "withheld": [...], "credential": ..., "revisions": [then, now]}.
    Credentials are never kept.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="replays")
    exchange_id = models.BigIntegerField()
    operation_id = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created = models.DateTimeField(auto_now_add=True)
    target = models.CharField(max_length=2000, default="live")
    call = models.JSONField(default=dict)  # {"method","path","query","headers","body" (base64)} as sent
    edited = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    ignore = models.JSONField(
        default=list
    )  # paths left out of the verdict; the operation's next replay starts with them
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    again = models.JSONField(null=True)  # the second run, when asked to find noise
    result_exchange_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)
    same = models.BooleanField(default=False)
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="replay_newest"),
            models.Index(fields=["project", "operation_id", "-id"], name="replay_operation"),
            models.Index(fields=["project", "exchange_id", "-id"], name="replay_exchange"),
        ]

    def __str__(self):
        return f"replay {self.pk}"
