"""A rehearsal says what the draft of an answer would say to the last calls; nothing is sent, kept or counted."""

from dataclasses import replace

import pytest

from actionstudio.apps.mocking import rows
from actionstudio.apps.mocking.models import Counter, Row
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.behaviour import (
    Collection,
    Condition,
    Examples,
    Fault,
    Generated,
    Proxy,
    Rule,
    Rules,
    Stateful,
    Template,
)
from tests import make
from tests.apps.design.test_endpoint_page import Browser
from tests.core.test_answering import OP, WHOLE

pytestmark = pytest.mark.django_db
PAGE = "/projects/items/endpoints/getPetsPetid/mock/"
URL = PAGE + "check/"


@pytest.fixture
def show(client, ann):
    """The page for an operation that answers so, after these calls."""

    def shown(behaviour, *queries, **fields) -> str:
        project = make.project("items", ann, replace(WHOLE, operations=(replace(OP, behaviour=behaviour, **fields),)))
        for query in queries:
            make.exchange(project, path="/pets/7", query=query, operation_id="getPetsPetid")
        client.force_login(ann)
        return client.get(URL).content.decode()

    return shown


RULES = Rules((Rule((Condition("query", "q", value="cat"),), Examples("404"), "no cats"), Rule((), Examples("200"))))


def test_rule_by_rule_for_each_of_the_last_calls(show):
    html = show(RULES, "q=dog", "q=cat")
    assert html.index("/pets/7?q=cat") < html.index("/pets/7?q=dog")
    assert "Rule 1, “no cats”: answers" in html
    assert "Rule 1, “no cats”: does not hold" in html
    assert 'class="st s4">404' in html


def test_a_template_is_filled_in_from_the_call(show):
    html = show(Template(media_type="text/plain", body="Pet {{ path.petId }}, {{ query.q }}"), "q=dog")
    assert "Pet 7, dog" in html


def test_without_calls_one_is_made_from_the_definition(show):
    html = show(Template(media_type="text/plain", body="Hello"))
    assert "Made from the definition" in html
    assert "Hello" in html


@pytest.mark.parametrize("value", [Generated(), Stateful("pets", "read"), Fault("status", status=503)])
def test_every_other_way_answers_too(show, value):
    assert "/pets/7" in show(value, "q=1")


def test_other_servers_are_not_called(show):
    html = show(Rules((Rule((), Proxy("shop")),)), "q=1")
    assert "Forwarded to “shop”: not called in a rehearsal." in html


def test_the_draft_is_asked_and_nothing_is_kept(show, client):
    show(Examples(), "q=cat")
    page = Browser(client, PAGE)
    page.press("kind:a0:template")
    page.press("", body='"The draft"')
    logged = Exchange.objects.count()
    assert "The draft" in client.get(URL).content.decode()
    assert (Exchange.objects.count(), Row.objects.count(), Counter.objects.count()) == (logged, 0, 0)


def test_collections_have_the_rows_they_have_now_and_keep_them(show, client):
    show(Template(media_type="text/plain", body="{{ collection.pets.1.name }} of {{ collection.pets | count }}"), "q=1")
    place = rows.place(Project.objects.get(), Collection("pets"))
    rows.insert(place, {"id": 1, "name": "Rex"})
    assert "Rex of 1" in client.get(URL).content.decode()


def test_what_a_rehearsed_call_takes_away_is_still_there(show, client):
    show(Stateful("pets", "delete", key="path.petId"), "q=1")
    place = rows.place(Project.objects.get(), Collection("pets"))
    rows.insert(place, {"id": 7, "name": "Rex"})
    assert "A row was taken out of “pets”." in client.get(URL).content.decode()
    assert list(rows.store().read(place).rows) == ["7"]


def test_a_draft_that_is_wrong_answers_nothing(show, client):
    show(Examples(), "q=cat")
    page = Browser(client, PAGE)
    page.press("kind:a0:template")
    page.press("", body="{{ nothing")
    assert "Mend what is wrong first" in client.get(URL).content.decode()


def test_what_the_log_hides_is_not_sent_on(show):
    html = show(Template(media_type="text/plain", body="{{ header.x-team or 'none' }}"), "q=1")
    assert "none" in html


def test_the_answer_page_shows_it_as_a_part(show, client):
    show(RULES, "q=cat")
    assert URL in client.get(PAGE).content.decode()
    part = client.get(URL, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()
    assert "<html" not in part
    assert "no cats" in part


def test_a_stranger_finds_nothing(show, client, eve):
    show(RULES, "q=cat")
    client.force_login(eve)
    assert client.get(URL).status_code == 404
