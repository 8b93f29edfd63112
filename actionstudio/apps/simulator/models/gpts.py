"""Gpt: what a builder sets up in ChatGPT's editor. Action: one of its action sets. Allowed, Grant: users' choices."""

import secrets

from django.conf import settings
from django.db import models

from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address

INSTRUCTIONS = 8_000  # characters (docs/chatgpt-rules.md, PUB-02)


def gpt_key() -> str:
    """The id of a GPT as ``openai-gpt-id`` has it (docs/chatgpt-rules.md, CALL-01)."""
    return f"g-{secrets.token_hex(16)}"


def action_key() -> str:
    """The id of an action as its callback URL has it (OA-04)."""
    return f"g-{secrets.token_hex(20)}"


class Gpt(models.Model):
    """A GPT that exists here alone. Each project has one from its first chat on, with the project's own action.

    ``public`` and ``category`` are as for sharing it, ``domains`` those that the workspace allows (None: it has no such
    list): they change what the editor says (docs/chatgpt-rules.md, DOM-03, PUB-01, PUB-02).
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="gpts")
    key = models.CharField(max_length=40, unique=True, default=gpt_key)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    instructions = models.TextField(blank=True, max_length=INSTRUCTIONS)
    starters = models.JSONField(default=list, blank=True)  # conversation starters: texts
    public = models.BooleanField(default=False)
    category = models.CharField(max_length=40, blank=True)
    domains = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Action(models.Model):
    """One action set of a GPT: whose document it took, and how its calls are signed in.

    ``address`` is one of this studio's, ``url`` anybody's document; one of them is set. ``document`` is the copy that
    was taken (ChatGPT hosts a copy, too), ``revision`` of what of ours it is one; with ``follows`` a newer revision is
    taken by itself; ``changes`` tells what the last copy changed. ``auth`` is the dialog's stored form without its
    secrets (docs/chatgpt-rules.md, AUTH-01), ``sealed`` the secrets; with ``automatic`` they are what the address
    asks for, until a person has saved the dialog. ``client`` is the one that was made for it at the project's provider.
    """

    gpt = models.ForeignKey(Gpt, models.CASCADE, related_name="actions")
    key = models.CharField(max_length=48, unique=True, default=action_key)
    position = models.PositiveSmallIntegerField(default=0)
    address = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    url = models.CharField(max_length=2000, blank=True)
    document = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    fetched = models.DateTimeField(null=True)
    follows = models.BooleanField(default=True)
    changes = models.JSONField(default=list, blank=True)  # [{"kind", "name", "parts"}], see core/importer/differing.py
    auth = models.JSONField(default=dict, blank=True)
    automatic = models.BooleanField(default=False)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, blank=True, related_name="+")
    privacy_url = models.CharField(max_length=2000, blank=True)
    sealed = models.BinaryField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.url or str(self.address)


class Grant(models.Model):
    """A user's sign-in at an action with OAuth. ``sealed`` holds what is secret about it: state, access and refresh
    token. ``state`` is waiting (for the browser), granted, or failed (``fault`` says why)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        GRANTED = "granted"
        FAILED = "failed"

    action = models.ForeignKey(Action, models.CASCADE, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    digest = models.CharField(max_length=64, blank=True, db_index=True)  # of the state parameter: finds the callback's
    sealed = models.BinaryField(null=True)
    scope = models.TextField(blank=True)
    expires = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "user"], name="grant_once")]

    def __str__(self):
        return self.state


class Allowed(models.Model):
    """ "Always allow": a user's choice for a domain in a GPT (docs/chatgpt-rules.md, ASK-03)."""

    gpt = models.ForeignKey(Gpt, models.CASCADE, related_name="allowed")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    domain = models.CharField(max_length=253)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gpt", "user", "domain"], name="allowed_once")]

    def __str__(self):
        return self.domain
