"""The page of one endpoint's switches: the deck, a fault in a number, what waits; wrong input stays as it was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.publishing import switching
from actionstudio.apps.publishing.models import Switch
from actionstudio.core.behaviour import Fault
from actionstudio.core.deck import PRESETS
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/items/endpoints/getItems/mock/switches/"


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project("items", ann)


def waiting(project):
    return [(row.fault, row.left) for row in switching.waiting(project, "GET", "/items")]


def test_the_page_shows_the_whole_deck_with_its_sources(client, project):
    page = client.get(URL).content.decode()
    assert all(f'id="{name}"' in page for name in PRESETS)
    assert "99,999 characters" in page and "production notes" in page and "documented" in page
    assert "Nothing waits" in page


def test_a_case_of_the_deck_is_set_for_so_many_calls(client, project):
    answer = client.post(URL, {"deed": "preset", "preset": "answers-46-s", "calls": "2"})
    assert (answer.status_code, answer.url) == (302, URL)
    assert waiting(project) == [({"kind": "fault", "what": "delay", "seconds": 46}, 2)]
    assert "Answers after 46 s" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("what", "number", "fault"),
    [
        ("status", "404", {"kind": "fault", "status": 404}),
        ("delay", "1.5", {"kind": "fault", "what": "delay", "seconds": 1.5}),
        ("over-long", "5000", {"kind": "fault", "what": "over-long", "characters": 5000}),
    ],
)
def test_a_fault_is_said_in_one_number(client, project, what, number, fault):
    assert client.post(URL, {"deed": "fault", "what": what, "number": number, "calls": "1"}).status_code == 302
    assert waiting(project) == [(fault, 1)]


@pytest.mark.parametrize("number", ["99", "700", "", "x", "1e400", "nan", "-1"])
def test_a_wrong_number_is_told_beside_it_and_stays_there(client, project, number):
    answer = client.post(URL, {"deed": "fault", "what": "status", "number": number, "calls": "7"})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Switch.objects.exists()
    assert 'id="id_number-err"' in page and 'value="7"' in page and f'value="{number}"' in page or not number


def test_more_than_can_wait_is_refused_in_words(client, project):
    for _ in range(switching.MOST):
        switching.set_switch(project, "GET", "/items", Fault("redirect"))
    answer = client.post(URL, {"deed": "preset", "preset": "redirect", "calls": "1"})
    assert answer.status_code == 422 and "10 switches wait" in answer.content.decode()
    assert client.post(URL, {"deed": "preset", "preset": "none", "calls": "1"}).status_code == 422


def test_one_or_all_are_cancelled(client, project):
    made = [switching.set_switch(project, "GET", "/items", Fault("redirect")) for _ in range(3)]
    for text in (str(made[0].pk), str(made[0].pk), "x", "9" * 40):
        assert client.post(URL, {"deed": "cancel", "switch": text}).status_code == 302
    assert len(waiting(project)) == 2
    client.post(URL, {"deed": "clear"})
    assert waiting(project) == []


def test_ten_switches_cost_no_more_queries_than_one(client, project):
    queries = []
    for more in (1, switching.MOST - 1):
        for _ in range(more):
            switching.set_switch(project, "GET", "/items", Fault("redirect"))
        client.get(URL)
        with CaptureQueriesContext(connection) as seen:
            client.get(URL)
        queries.append(len(seen))
    assert queries[0] == queries[1]


def test_eve_sees_and_sets_nothing(client, project, eve):
    client.force_login(eve)
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"deed": "preset", "preset": "redirect", "calls": "1"}).status_code == 404
    assert not Switch.objects.exists()
