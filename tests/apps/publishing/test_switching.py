"""One-shot switches: set, listed, used up, taken back; bounded; never shown to strangers."""

import pytest

from actionstudio.apps.publishing import switching
from actionstudio.apps.publishing.models import Address, Switch
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.behaviour import Fault, Latency
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db
BUSY = Fault("status", status=503)
HERE = ("GET", "/items")
URL = "projects/items/operations/getItems/switches/"


@pytest.fixture
def project(ann):
    return make.project("items", ann)


@pytest.fixture
def api(ann, project):
    return Api(ann)


def test_a_switch_is_served_at_once_by_every_address(project):
    Address.objects.create(project=project, name="second")
    before = DatabaseSource().version("second")
    varies = Fault("delay", latency=Latency("uniform", 5, 9))
    made = [switching.set_switch(project, *HERE, fault, calls) for fault, calls in ((BUSY, 2), (varies, 1))]
    assert DatabaseSource().version("second") > before
    found = DatabaseSource().load("second").switches
    assert [(one.id, one.fault, one.left) for one in found] == [(made[0].pk, BUSY, 2), (made[1].pk, varies, 1)]
    assert not DatabaseSource().load("items", 1).switches, "a call that asks for a revision uses none up"


def test_only_so_many_switches_wait_for_an_endpoint(project):
    for _ in range(switching.MOST):
        switching.set_switch(project, *HERE, BUSY)
    with pytest.raises(Refused, match="10 switches wait for this endpoint already"):
        switching.set_switch(project, *HERE, BUSY)
    assert switching.set_switch(project, "POST", "/items", BUSY)


@pytest.mark.parametrize("calls", [0, 101])
def test_a_switch_is_for_a_number_of_calls_one_can_wait_for(project, calls):
    with pytest.raises(Refused, match="1 to 100 calls"):
        switching.set_switch(project, *HERE, BUSY, calls)


def test_one_or_all_are_taken_back(project):
    made = [switching.set_switch(project, *HERE, BUSY) for _ in range(3)]
    switching.set_switch(project, "POST", "/items", BUSY)
    assert switching.cancel(project, *HERE, made[0].pk) == 1
    assert switching.cancel(project, *HERE, made[0].pk) == 0
    assert switching.cancel(project, *HERE) == 2
    assert Switch.objects.count() == 1


def test_the_api_sets_shows_and_takes_back(api):
    answer = api("POST", URL, {"fault": {"what": "status", "status": 503}, "calls": 2})
    assert answer.status_code == 201, answer.content
    number = answer.json()["id"]
    assert api("POST", URL, {"preset": "server-errors"}).json()["left"] == 10
    listed = api("GET", URL).json()
    assert [(row["fault"], row["left"]) for row in listed["results"]] == [
        ({"kind": "fault", "status": 503}, 2),
        ({"kind": "fault", "status": 500}, 10),
    ]
    assert api("POST", URL, {"fault": listed["results"][0]["fault"]}).status_code == 201
    assert api("DELETE", f"{URL}{number}/").status_code == 204
    assert api("DELETE", f"{URL}{number}/").status_code == 404
    assert api("DELETE", URL).status_code == 204
    assert api("GET", URL).json() == {"next": None, "previous": None, "results": []}


def test_the_api_says_what_is_wrong(api):
    assert errors(api("POST", URL, {})) == [("", "invalid")]
    assert errors(api("POST", URL, {"preset": "answers-46-s", "fault": {}})) == [("", "invalid")]
    assert errors(api("POST", URL, {"preset": "x"}))[0][0] == "/preset"
    assert errors(api("POST", URL, {"fault": {"what": "delay", "seconds": 9999}})) == [("/fault/seconds", "range")]
    assert errors(api("POST", URL, {"fault": {"what": "melt", "x": 1}}))[0][0].startswith("/fault")
    assert errors(api("POST", URL, {"preset": "redirect", "calls": 101}))[0][0] == "/calls"
    assert api("GET", "projects/items/operations/nothing/switches/").status_code == 404
    assert Switch.objects.count() == 0


def test_eve_neither_sees_nor_sets_anything(api, eve):
    api("POST", URL, {"preset": "redirect"})
    hers = Api(eve)
    for method in ("GET", "POST", "DELETE"):
        assert hers(method, URL, {"preset": "redirect"} if method == "POST" else None).status_code == 404
    assert Switch.objects.count() == 1
