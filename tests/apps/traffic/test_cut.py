"""A body is cut where the log kept only its beginning, and nowhere else: not where something in it is hidden."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connections, router
from django.urls import reverse

from actionstudio.apps.replay import replaying
from actionstudio.apps.traffic import exporting, walking
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.keeping import changing
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Media
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.api.test_api import Api

pytestmark = pytest.mark.django_db
JSON = (("content-type", "application/json"),)


@pytest.fixture
def project(ann):
    body = Body((Media("application/json", {"type": "object"}),))
    return make.project("shop", ann, make.contract(make.operation("POST", "/orders", operation_id="order", body=body)))


def called(told: dict) -> Exchange:
    call = Call("POST", "/orders", headers=JSON, body=json.dumps(told, indent=4).encode())
    return Exchange.objects.get(pk=frontdoor().call_blocking("shop", call, source="gpt").record.id)


def found(project) -> list[Exchange]:
    return list(walking.page(project.pk, Filter(q="is:cut")).rows)


def test_what_is_hidden_in_a_body_makes_it_shorter_and_it_is_whole(client, ann, project):
    row = called({"note": "the key is sk-live-" + "a" * 40, "token": "b" * 90})
    assert len(row.request_body) < row.request_size
    client.force_login(ann)
    page = client.get(reverse("traffic:exchange", args=["shop", row.public_id])).content.decode()
    assert "Cut: the log keeps" not in page
    told = Api(ann)("GET", f"projects/shop/exchanges/{row.public_id}/").json()["request"]
    assert (told["cut"], told["unkept"]) == (False, False)
    assert not found(project) and not exporting.calls.lacking(row)


def test_a_body_that_is_too_long_is_cut_whatever_is_hidden_in_it(project, monkeypatch):
    monkeypatch.setattr(frontdoor(), "_cut", 200)
    row = called({"token": "b" * 90, "note": "c" * 300})
    assert row.lacks("request") == "cut" and found(project) == [row]
    assert exporting.calls.lacking(row) == "The log kept only the beginning of this body."
    assert replaying.replay(project, row).facts["cut"]


def test_a_body_of_which_a_rule_has_nothing_kept_is_not_cut(client, ann, project):
    changing.keep(project, bodyless=["order"])
    row = called({"note": "c"})
    assert (row.lacks("request"), bytes(row.request_body)) == ("unkept", b"")
    told = Api(ann)("GET", f"projects/shop/exchanges/{row.public_id}/").json()["request"]
    assert (told["cut"], told["unkept"]) == (False, True)
    assert not found(project)


def test_calls_of_before_get_it_from_their_sizes(project, settings):
    settings.STUDIO_LOG_BODY_LIMIT = 200
    long = make.exchange(project, request_body=b"x" * 200, request_size=201)
    make.exchange(project, request_body=b"x" * 90, request_size=200)
    both = make.exchange(project, request_body=b"x" * 90, request_size=300, response_body=b"x" * 200, response_size=300)
    with connections[router.db_for_write(Exchange)].cursor() as cursor:
        import_module("actionstudio.apps.traffic.migrations.0007_cut").of_before(apps, cursor)
    assert {row.pk: row.cut for row in Exchange.objects.exclude(cut=0)} == {long.pk: 1, both.pk: 3}
