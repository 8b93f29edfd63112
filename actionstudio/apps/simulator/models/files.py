"""File: what a call hands on to a server as a link, or what an answer brought back."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models.chats import Chat

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def file_key() -> str:
    """The id of a file as ChatGPT's file service writes them (docs/chatgpt-rules.md, FILE-02)."""
    return "file-" + "".join(secrets.choice(_ALPHABET) for _ in range(24))


class File(models.Model):
    """One file, for a day, and no longer than its chat if it is one's. ``brought``: an answer brought it; else somebody
    attached it, to be handed on."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="files")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chat = models.ForeignKey(Chat, models.CASCADE, null=True, related_name="files")
    key = models.CharField(max_length=40, unique=True, default=file_key)
    name = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField(default=0)
    brought = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self):
        return self.name
