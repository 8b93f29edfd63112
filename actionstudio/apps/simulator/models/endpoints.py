"""Endpoint: a model that can be asked, at any server that speaks OpenAI's protocols."""

from django.conf import settings
from django.db import models


class Endpoint(models.Model):
    """One model of one server. ``user`` is whose it is; None: everybody's on this installation.

    ``sealed`` is the key, which is never told again. ``price_in`` and ``price_out`` are US dollars for a million
    tokens, None while they are not known. ``tested`` is when it was last tested, ``fault`` what was wrong then.
    ``environment``: server and key are what the operator has set in the environment, and are not kept here.
    """

    class Protocol(models.TextChoices):
        CHAT = "chat", "Chat Completions"
        RESPONSES = "responses", "Responses"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="endpoints")
    name = models.CharField(max_length=80)
    base_url = models.CharField(max_length=500)
    protocol = models.CharField(max_length=10, choices=Protocol, default=Protocol.CHAT)
    model = models.CharField(max_length=120)
    sealed = models.BinaryField(null=True)
    last4 = models.CharField(max_length=4, blank=True)
    environment = models.BooleanField(default=False)
    options = models.JSONField(default=dict, blank=True)  # temperature, max_tokens, seconds (to wait), stream
    price_in = models.FloatField(null=True, blank=True)
    price_out = models.FloatField(null=True, blank=True)
    tested = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="endpoint_name"),
            models.UniqueConstraint(fields=["name"], name="endpoint_shared_name", condition=models.Q(user=None)),
        ]

    def __str__(self):
        return self.name
