"""Source: the document that a project was imported from last, to compare a newer one with."""

import zlib

import orjson
from django.db import models

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core import codec
from actionstudio.core.contract import Contract


class Source(models.Model):
    """Where a project's document came from, and what it said then, before anything was changed here.

    ``revision`` is the one that the import made; ``content`` is the whole contract as it was read, compressed.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="source")
    url = models.CharField(max_length=2000, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=80, blank=True)
    fetched = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of ``content``
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    content = models.BinaryField()

    def __str__(self):
        return self.url or self.filename or self.format

    def contract(self) -> Contract:
        """What the document said."""
        return codec.load(orjson.loads(zlib.decompress(bytes(self.content))))
