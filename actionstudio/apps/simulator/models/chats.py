"""Chat: a conversation with a GPT. Message: one piece of it; an edit or a retry begins another branch."""

import secrets

from django.conf import settings
from django.db import models

from actionstudio.apps.simulator.models.endpoints import Endpoint
from actionstudio.apps.simulator.models.gpts import Gpt


def chat_key() -> str:
    """What a chat is called in its URL."""
    return secrets.token_hex(8)


class Chat(models.Model):
    """``conversation`` is the id that its calls carry and that the log shows. ``endpoint`` is the model that answers;
    None: the scripted one. ``mode`` is how much it is told of a call that fails (core/chatgpt/told.py). ``tip`` is the
    last message of the branch that is shown. ``beat`` is the last sign of life of the process that works on a turn
    (``holder``): without one the turn was interrupted, and can be gone on with."""

    class State(models.TextChoices):
        IDLE = "idle"
        RUNNING = "running"
        WAITING = "waiting"  # for the person: a card or a sign-in
        INTERRUPTED = "interrupted"

    class Mode(models.TextChoices):
        REPORTED = "reported"
        LENIENT = "lenient"

    gpt = models.ForeignKey(Gpt, models.CASCADE, related_name="chats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=16, unique=True, default=chat_key)
    conversation = models.CharField(max_length=36, db_index=True)
    title = models.CharField(max_length=120, blank=True)
    endpoint = models.ForeignKey(Endpoint, models.SET_NULL, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.REPORTED)
    state = models.CharField(max_length=12, choices=State, default=State.IDLE)
    tip = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="+")
    holder = models.CharField(max_length=32, blank=True)
    beat = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated", "-pk"]
        indexes = [
            models.Index(fields=["gpt", "user", "-updated", "-id"], name="chat_newest"),
            models.Index(fields=["beat"], name="chat_running", condition=models.Q(state="running")),
        ]

    def __str__(self):
        return self.title or self.key


class Message(models.Model):
    """``role`` user or assistant: ``text`` is what was said. ``call``: one call of an action, from the model's wish to
    what it was told; all of it stands in ``data``. ``notice``: what the simulator itself says, ``data["code"]`` why.

    ``state``: streaming, waiting (for a person's choice), done, stopped, failed. ``usage`` is what the model's answer
    cost: {"prompt", "completion", "dollars", "ms"}.
    """

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"
        CALL = "call"
        NOTICE = "notice"

    class State(models.TextChoices):
        STREAMING = "streaming"
        WAITING = "waiting"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    usage = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["chat", "id"], name="message_order")]

    def __str__(self):
        return f"{self.role} {self.pk}"


class Sheet(models.Model):
    """What the prompts of a chat say besides its messages (instructions, tools), once for each wording."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="sheets")
    digest = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "digest"], name="sheet_once")]

    def __str__(self):
        return self.digest
