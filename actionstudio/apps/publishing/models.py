"""Revision: a frozen contract with a number. Address: where it answers. Key: a credential for callers."""

import hashlib
import secrets
import time
import zlib

import orjson
from django.conf import settings
from django.db import models
from django.utils import timezone

from actionstudio.apps.projects.models import Project
from actionstudio.core import codec
from actionstudio.core.contract import Contract


class Revision(models.Model):
    """One save: its number, who made it, what changed, and the whole contract as compressed JSON."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)  # why, in the author's or the product's words
    changes = models.JSONField(default=list)  # [{"kind", "pointer", "label"}], see core/changes.py
    content = models.BinaryField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="revision_number_once")]

    def __str__(self):
        return f"v{self.number}"

    @staticmethod
    def freeze(contract: Contract) -> bytes:
        return zlib.compress(orjson.dumps(codec.dump(contract)), 6)

    def contract(self) -> Contract:
        return codec.load(orjson.loads(zlib.decompress(bytes(self.content))))


def first_version() -> int:
    """Higher than any version a deleted address of the same name may have had: the time in milliseconds."""
    return time.time_ns() // 1_000_000


class Address(models.Model):
    """A name under which a project answers. Follows the newest revision, or the one it is pinned to.

    ``version`` grows whenever anything the address serves changes (revision, pin, keys, logo, masks): the data plane
    asks for it and reloads when it differs.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=60, unique=True)
    domain = models.CharField(max_length=253, unique=True, null=True, blank=True)
    pinned = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveBigIntegerField(default=first_version)
    primary = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-primary", "id"]

    def __str__(self):
        return self.name


class Key(models.Model):
    """A named credential. Minted ones carry a prefix; a typed one is the builder's own text. Only its hash is kept."""

    PREFIX = "ask_"

    project = models.ForeignKey(Project, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    created = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self):
        return self.name

    @classmethod
    def mint(cls, project: Project, name: str, text: str = "") -> tuple["Key", str]:
        """A new key's row and its text (``text``, or a random one). The text is never kept."""
        text = text or cls.PREFIX + secrets.token_urlsafe(32)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cls.objects.create(project=project, name=name, digest=digest, last4=text[-4:]), text


class Secret(models.Model):
    """A text that upstreams ask for, known to the contract by its name. Kept encrypted; shown to nobody again."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=80)
    sealed = models.BinaryField()
    last4 = models.CharField(max_length=4, blank=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="secret_name_once")]

    def __str__(self):
        return self.name


class Switch(models.Model):
    """A one-shot: the next ``left`` calls of an operation misbehave as ``fault`` (core/behaviour.py Fault) says."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="switches")
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=2000)
    fault = models.JSONField(default=dict)
    left = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.method} {self.path}"
