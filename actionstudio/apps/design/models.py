"""Rows of the working copy. Each row bears the name and the fields of its value in core/contract.py.

Parameters, body, responses, security and behaviour are kept as the codec's JSON in their operation's row: they are
always read and written together with it (docs/decisions/0002-rows.md).
"""

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.fields import KeptJSON
from actionstudio.apps.projects.models import Project


class Document(models.Model):
    """The document-level facts of a contract: every field of Contract but ``operations`` and ``components``."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="document")
    title = models.CharField(max_length=500)
    version = models.CharField(max_length=100, default="1.0.0")
    description = models.TextField(blank=True)
    servers = KeptJSON(default=list)
    tags = KeptJSON(default=list)
    security = KeptJSON(null=True)
    auth = KeptJSON(default=dict)
    validation = models.CharField(max_length=6, default="strict")
    manifest = KeptJSON(default=dict)
    privacy = models.TextField(blank=True)
    legal = models.TextField(blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    logo = models.CharField(max_length=64, blank=True)
    path_items = KeptJSON(default=dict)
    repairs = KeptJSON(default=dict)
    waivers = KeptJSON(default=list)
    collections = KeptJSON(default=list)
    upstreams = KeptJSON(default=list)
    limits = KeptJSON(default=list)
    extra = KeptJSON(default=dict)

    def __str__(self):
        return self.title


class Operation(models.Model):
    """One operation of the working copy."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="operations")
    position = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=2000)
    operation_id = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True)
    tags = KeptJSON(default=list)
    deprecated = models.BooleanField(default=False)
    consequential = models.BooleanField(null=True)
    exposed = models.BooleanField(default=True)
    parameters = KeptJSON(default=list)
    body = KeptJSON(null=True)
    responses = KeptJSON(default=list)
    security = KeptJSON(null=True)
    validation = models.CharField(max_length=6, null=True)
    behaviour = KeptJSON(default=dict)
    around = KeptJSON(default=dict)
    extra = KeptJSON(default=dict)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["project", "position", "id"])]
        constraints = [models.UniqueConstraint(fields=["project", "method", "path"], name="operation_once")]

    def __str__(self):
        return f"{self.method} {self.path}"


class Component(models.Model):
    """One shared schema of the working copy."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="components")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200)
    schema = KeptJSON()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="component_once")]

    def __str__(self):
        return self.name


class Draft(models.Model):
    """The unsaved form state of one operation or shared schema. Not served until saved; survives a reload.

    ``target`` is "operation:<pk>", "component:<pk>" or "operation:new". ``rev`` grows with every change; a request of
    another ``tab`` that carries an older one is a conflict (409). ``seq`` numbers the requests of one tab: an older one
    that arrives late is ignored. ``stamp`` marks the saved row that the draft began from. A ``clean`` one says what is
    saved: it stays for its undo stack, and so that a page in use keeps its rows' keys.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="drafts")
    target = models.CharField(max_length=60)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    state = KeptJSON(default=dict)
    rev = models.PositiveIntegerField(default=1)
    tab = models.CharField(max_length=20, blank=True)
    seq = models.PositiveIntegerField(default=0)
    stamp = models.CharField(max_length=40, blank=True)
    clean = models.BooleanField(default=False)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "target"], name="draft_once")]

    def __str__(self):
        return self.target


class Step(models.Model):
    """One entry of a draft's undo stack: the state before a change, and ``what`` changed (text edits coalesce)."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=200)
    state = KeptJSON()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.what
