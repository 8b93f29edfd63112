"""A newer document behind a link: what it names is looked for where it was found, not where it was asked for."""

import json

import pytest
from django.urls import reverse

from actionstudio.apps.library import importing
from actionstudio.runtime.outbound import Fetched
from tests import make

pytestmark = pytest.mark.django_db
OLD, NEW = "https://old.example.com/ai-plugin.json", "https://new.example.com/plugin/ai-plugin.json"
MANIFEST = {"name_for_model": "todos", "api": {"type": "openapi", "url": "docs.json"}}


def test_a_manifest_behind_a_redirect_names_its_document_from_where_it_was_found(client, ann, monkeypatch):
    asked = []

    def fetch(_method, url, *_given, **_options):
        asked.append(url)
        return Fetched(200, (), json.dumps(MANIFEST).encode(), NEW, 1)

    monkeypatch.setattr(importing.outbound, "fetch", fetch)
    client.force_login(ann)
    client.post(reverse("library:reimport", args=[make.project("todos", ann).slug]), {"source": OLD})
    assert asked == [OLD, "https://new.example.com/plugin/docs.json"]
