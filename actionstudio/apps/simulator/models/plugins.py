"""PluginInstall: a plugin of 2023 that a user installs, from the manifest that was found to its calls."""

import secrets
import uuid

from django.conf import settings
from django.db import models

from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project


def plugin_key() -> str:
    """The id of a plugin as its callback URL had it (docs/chatgpt-rules.md, OA-04)."""
    return f"plugin-{uuid.uuid4()}"


def verification_token() -> str:
    """What ChatGPT gave for the manifest: 32 hexadecimal digits (PL-14). It is published there, and no secret."""
    return secrets.token_hex(16)


class PluginInstall(models.Model):
    """A plugin at a domain, as one user has it in one project.

    ``manifest`` is the copy that was taken when it was found, at ``url``; ``document`` is what its ``api.url`` said
    when it was asked last, or ``missing`` why it said nothing: it is asked again with each call. ``verified`` is when
    the manifest was seen with ``token``, ``installed`` when it became usable. ``sealed`` holds what is secret: the
    token or key, the client's secret, and of a sign-in its state, access and refresh token. ``client`` is the one that
    was made for it at the project's own provider, ``oauth_client_id`` what was typed or made; ``digest`` finds the
    callback's state; ``fault`` says why the last sign-in failed.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="plugins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=48, unique=True, default=plugin_key)
    domain = models.CharField(max_length=260)
    url = models.CharField(max_length=2000)
    manifest = models.JSONField(default=dict)
    document = models.TextField(blank=True)
    missing = models.TextField(blank=True)
    fetched = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, default=verification_token)
    verified = models.DateTimeField(null=True)
    installed = models.DateTimeField(null=True)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, blank=True, related_name="+")
    oauth_client_id = models.CharField(max_length=500, blank=True)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    scope = models.TextField(blank=True)
    expires = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "user", "domain"], name="plugin_once")]

    def __str__(self):
        return self.domain
