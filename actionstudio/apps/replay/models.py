"""Replay: one logged call sent again, with what came back and how it differs."""

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Project


class Replay(models.Model):
    """One call sent again. ``target`` is live, revision:N, or a base URL. Replies are the codec-free JSON
    {"status", "headers": [[name, value]], "body" (base64), "size", "duration_us"}."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="replays")
    exchange_id = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created = models.DateTimeField(auto_now_add=True)
    target = models.CharField(max_length=500, default="live")
    call = models.JSONField(default=dict)  # {"method","path","query","headers","body" (base64)} as sent
    edited = models.BooleanField(default=False)
    ignore = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    again = models.JSONField(null=True)  # the second run, when asked to find noise
    result_exchange_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)
    same = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created", "-id"]
        indexes = [models.Index(fields=["project", "-created", "-id"])]

    def __str__(self):
        return f"replay {self.pk}"
