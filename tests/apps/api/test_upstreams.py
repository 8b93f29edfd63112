"""Upstreams and secrets through the API: whole values in and out, texts only in."""

import pytest

from actionstudio.apps.design import editing, load
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import secrets
from actionstudio.core.behaviour import Proxy
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db
SECRET = "edd1c9f034335f136f87"
P = "projects/items/"
GATE = {
    "name": "gate", "backends": [{"url": "https://a.example/v1"}, {"url": "https://b.example", "weight": 2}],
    "balance": "weighted", "secret": "key one", "secret_in": "header", "secret_name": "X-API-KEY",
}  # fmt: skip


@pytest.fixture
def api(ann):
    make.project("items", ann)
    return Api(ann)


def test_an_upstream_is_added_shown_replaced_and_taken_away(api):
    assert api("POST", f"{P}upstreams/", GATE).status_code == 201
    assert api("GET", f"{P}upstreams/").json()["results"] == [GATE]
    other = {**GATE, "health": "/up"}
    assert api("PUT", f"{P}upstreams/gate/", other).json() == other
    assert api("GET", f"{P}upstreams/gate/").json() == other
    assert api("DELETE", f"{P}upstreams/gate/").status_code == 204
    assert api("GET", f"{P}upstreams/gate/").status_code == 404
    assert api("DELETE", f"{P}upstreams/gate/").status_code == 404
    assert Project.objects.get().revisions.count() == 4


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({**GATE, "name": "a b"}, "/name"),
        ({**GATE, "backends": [{"url": "ftp://x"}]}, "/backends/0/url"),
        ({**GATE, "secret_name": ""}, "/secret_name"),
        ({**GATE, "balance": "luck"}, "/balance"),
        ({**GATE, "unknown": 1}, "/unknown"),
        ({"backends": []}, "/name"),
        ([], ""),
        ("x", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(api, wish, pointer):
    answered = api("POST", f"{P}upstreams/", wish)
    assert answered.status_code in (400, 422)
    assert pointer in [found[0] for found in errors(answered)]


def test_a_name_is_given_once_and_stays(api):
    api("POST", f"{P}upstreams/", GATE)
    assert api("POST", f"{P}upstreams/", GATE).status_code == 409
    assert errors(api("PUT", f"{P}upstreams/gate/", {**GATE, "name": "other"})) == [("/name", "name")]


def test_one_that_operations_forward_to_stays(api):
    api("POST", f"{P}upstreams/", GATE)
    project = Project.objects.get()
    from dataclasses import replace

    used = make.operation(behaviour=Proxy("gate"))
    editing.replace(project, replace(load.contract(project), operations=(used,)))
    assert errors(api("DELETE", f"{P}upstreams/gate/")) == [("/upstreams", "used")]


def test_secrets_go_in_and_only_their_names_come_out(api):
    api("POST", f"{P}upstreams/", GATE)
    (named,) = api("GET", f"{P}secrets/").json()["results"]
    assert (named["name"], named["set"], named["upstreams"]) == ("key one", False, ["gate"])
    kept = api("PUT", f"{P}secrets/key one/", {"text": SECRET})
    assert kept.json()["set"] is True
    assert SECRET not in kept.content.decode() + api("GET", f"{P}secrets/").content.decode()
    assert kept.json()["last4"] == SECRET[-4:]
    assert secrets.texts(Project.objects.get()) == {"key one": SECRET}
    assert api("DELETE", f"{P}secrets/key one/").status_code == 400
    api("DELETE", f"{P}upstreams/gate/")
    assert api("DELETE", f"{P}secrets/key one/").status_code == 204
    assert api("DELETE", f"{P}secrets/key one/").status_code == 404


@pytest.mark.parametrize("wish", [{"text": "short"}, {"text": ""}, {}, {"text": "a b\nc d e f"}, {"texts": SECRET}])
def test_a_secret_that_cannot_be_one_is_refused(api, wish):
    assert api("PUT", f"{P}secrets/a/", wish).status_code in (400, 422)
    assert not Project.objects.get().secrets.exists()


def test_an_upstream_is_asked(api):
    with Server(lambda seen: answer(seen.header("x-api-key").encode(), "202 Said")) as server:
        api("POST", f"{P}upstreams/", {**GATE, "backends": [{"url": server.url}]})
        assert errors(api("POST", f"{P}upstreams/gate/ask/", {}))[0] == ("/secret", "missing")
        api("PUT", f"{P}secrets/key one/", {"text": SECRET})
        asked = api("POST", f"{P}upstreams/gate/ask/", {"path": "/x?a=1"})
        assert server.last.target == "/x?a=1"
        assert asked.json()["status"] == 202
        assert SECRET not in asked.content.decode()
        assert server.last.header("x-api-key") == SECRET


def test_a_reader_of_versions_exports_and_copies_finds_no_text(api):
    api("POST", f"{P}upstreams/", GATE)
    api("PUT", f"{P}secrets/key one/", {"text": SECRET})
    for export in ("openapi-json", "gpt-yaml", "ai-plugin", "bundle"):
        assert SECRET.encode() not in api("GET", f"{P}export/?as={export}").content
    for row in Project.objects.get().revisions.all():
        assert SECRET not in repr(row.contract())
