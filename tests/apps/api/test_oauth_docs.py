"""What docs/api.md shows of people who sign in works as it stands there."""

import json
import re
from pathlib import Path

import pytest

from tests.apps.api.test_api import Api

pytestmark = pytest.mark.django_db
DOCS = (Path(__file__).resolve().parents[3] / "docs/api.md").read_text()
CALL = re.compile(r"^api (\S+)(?: -X (\w+))? -d '(.*)'$", re.M)


def test_every_call_of_the_chapter_is_answered(ann):
    """From nothing, with the function that the chapter defines before it is used."""
    api = Api(ann)
    chapter = DOCS[DOCS.index("## People who sign in") : DOCS.index("## From nothing to a diff")]
    answers = []
    assert chapter.index("api() {") < chapter.index("\napi ")
    shop = re.search(r"^shop=(\S+)$", chapter, re.M)[1]
    for url, method, body in CALL.findall(chapter):
        path = url.replace("$shop", shop).removeprefix("localhost:8000/api/v1/")
        answers.append(api(method or "POST", path, json.loads(body)))
    statuses = [201, 200, 200, 201, 201, 201, 200, 201]
    assert [one.status_code for one in answers] == statuses, [one.content for one in answers]
    assert "client_secret" in answers[3].json() and "access_token" in answers[5].json()
    assert answers[6].json()["decisions"]["signed_in"]["who"] == "Alice"


def test_every_resource_stands_in_the_table():
    table = DOCS[: DOCS.index("## An operation")]
    for name in ("provider", "clients", "callbacks", "end-users", "tokens", "faults"):
        assert f"`projects/{{slug}}/oauth/{name}/`" in table
