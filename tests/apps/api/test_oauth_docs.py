"""What docs/api.md shows of people who sign in works as it stands there."""

import json
import re
from pathlib import Path

import pytest

from tests import make
from tests.apps.api.test_api import Api

pytestmark = pytest.mark.django_db
DOCS = (Path(__file__).resolve().parents[3] / "docs/api.md").read_text()
CALL = re.compile(r"^api \$shop/(\S+)(?: -X (\w+))? -d '(.*)'$", re.M)


def test_every_call_of_the_chapter_is_answered(ann):
    make.project("shop", ann, make.contract(make.operation("GET", "/orders")))
    api = Api(ann)
    chapter = DOCS[DOCS.index("## People who sign in") : DOCS.index("## From nothing to a diff")]
    answers = []
    for path, method, body in CALL.findall(chapter):
        answers.append(api(method or "POST", f"projects/shop/{path}", json.loads(body)))
    assert [one.status_code for one in answers] == [200, 201, 201, 201, 200, 201], [one.content for one in answers]
    assert "client_secret" in answers[1].json() and "access_token" in answers[3].json()
    assert answers[4].json()["decisions"]["signed_in"]["who"] == "Alice"


def test_every_resource_stands_in_the_table():
    table = DOCS[: DOCS.index("## An operation")]
    for name in ("provider", "clients", "callbacks", "end-users", "tokens", "faults"):
        assert f"`projects/{{slug}}/oauth/{name}/`" in table
