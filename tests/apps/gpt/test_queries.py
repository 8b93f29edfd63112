"""Pages about ChatGPT's side ask the database the same questions, however many operations a project has."""

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.gpt import repairing
from actionstudio.apps.library import importing
from actionstudio.core.contract import Parameter, Waiver
from tests import make

PAGES = (
    "gpt:connect", "gpt:document", "gpt:light", "gpt:model", "gpt:import", "gpt:brief", "gpt:repair", "gpt:choose",
    "design:checks", "design:document", "library:tools", "library:reimport", "library:overview",
)  # fmt: skip
API = ("chatgpt-import", "repair", "lint", "waivers")


def project(number: int):
    """A project with that many operations, each with something to find, to repair and to waive, and a call."""
    headed = Parameter("X-Plan", "header", schema={"type": "string"})
    operations = [make.operation(path=f"/t{n}", operation_id=f"t-{n}", parameters=(headed,)) for n in range(number)]
    waivers = tuple(Waiver("operation-id-characters", f"/paths/~1t{n}/get", "So it is") for n in range(number // 2))
    made = make.project(f"of-{number}", value=make.contract(*operations, waivers=waivers))
    for n in range(number):
        make.exchange(made, path=f"/t{n}", operation_id=f"t-{n}")
    repairing.apply(made, ["header-parameters"])
    return made


def questions(client, url: str) -> int:
    """Those of the second look: what is remembered by version is."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.fixture
def small(db, client):
    made = project(10)
    client.force_login(made.owner)
    return made


@pytest.fixture
def large(small):
    return project(20)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_no_more_of_more_operations(client, small, large, page):
    few, many = (questions(client, reverse(page, args=[one.slug])) for one in (small, large))
    assert few == many <= 25


@pytest.mark.parametrize("place", API)
def test_the_api_asks_no_more_of_more_operations(client, small, large, place):
    few, many = (questions(client, f"/api/v1/projects/{one.slug}/{place}/") for one in (small, large))
    assert few == many <= 12


def test_a_plan_asks_no_more_of_more_items(client, ann):
    client.force_login(ann)
    found = []
    for number in (10, 20):
        made = importing.begin(ann, data=_document(number, "Old"), slug=f"again-{number}").project
        answer = client.post(
            reverse("library:reimport", args=[made.slug]), {"source": _document(number, "New").decode()}
        )
        assert client.get(answer["Location"]).text.count('name="accept"') >= number
        found.append(questions(client, answer["Location"]))
    assert found[0] == found[1] <= 20


def _document(number: int, summary: str) -> bytes:
    paths = {f"/t{n}": {"get": {"operationId": f"t{n}", "summary": summary}} for n in range(number)}
    return orjson.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
