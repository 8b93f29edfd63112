"""Checking any document: pasted or linked, with what would be left after the repairs; nothing is kept."""

import pytest
from django.urls import reverse

from actionstudio.apps.gpt import checking
from actionstudio.apps.library import importing
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused
from tests.apps.gpt.documents import CLEAN, WRONG

pytestmark = pytest.mark.django_db
URL = "/check/"


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def test_who_is_not_signed_in_signs_in_first(client, ann):
    assert "/login/" in client.get(URL)["Location"]
    assert "/login/" in client.post(URL, {"source": CLEAN})["Location"]


def test_a_pasted_document_is_judged_as_it_is_and_after_repair(signed_in):
    page = signed_in.post(URL, {"source": WRONG})
    assert page.status_code == 200
    assert "ChatGPT refuses this document: no operation arrives." in page.text
    assert "In components section, schemas subsection is not an object" in page.text
    assert "messages before, 0 after." in page.text
    assert Project.objects.count() == 0


def test_what_was_pasted_stays_in_the_field(signed_in):
    assert "summary: No name" in signed_in.post(URL, {"source": WRONG}).text


def test_a_clean_one_needs_no_repair(signed_in):
    page = signed_in.post(URL, {"source": CLEAN})
    assert "ChatGPT imports this in silence" in page.text
    assert "As a project it would need no repair." in page.text


def test_one_button_makes_a_project_of_it(signed_in):
    text = signed_in.post(URL, {"source": CLEAN}).text
    assert f'formaction="{reverse("library:new")}"' in text
    signed_in.post(reverse("library:new"), {"source": CLEAN})
    assert Project.objects.get().name == "Clean"


def test_a_link_is_fetched(signed_in, monkeypatch):
    monkeypatch.setattr(importing, "fetched", lambda url: CLEAN.encode())
    assert "in silence" in signed_in.post(URL, {"source": "https://a.example/openapi.yaml"}).text


def test_a_link_that_leads_nowhere_says_so_beside_the_field(signed_in, monkeypatch):
    def refuse(url):
        raise Refused(Problem("/source", "The link could not be fetched.", "fetch"))

    monkeypatch.setattr(importing, "fetched", refuse)
    page = signed_in.post(URL, {"source": "https://a.example/openapi.yaml"})
    assert page.status_code == 422
    assert "The link could not be fetched." in page.text
    assert "https://a.example/openapi.yaml" in page.text


@pytest.mark.parametrize("source", ["", "   \n"])
def test_nothing_pasted_says_what_to_do(signed_in, source):
    page = signed_in.post(URL, {"source": source})
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("openapi: 3.1.0\ninfo: [", "not valid YAML"),
        ("just words", "An OpenAPI document is an object"),
        ("<html>", "web page"),
        ("a: &a [1]\nb: *a", ""),
    ],
)
def test_a_text_that_is_no_document_gets_the_editors_line_and_our_reason(signed_in, source, why):
    page = signed_in.post(URL, {"source": source})
    assert page.status_code == 200
    assert page.context["found"].imported.fatal
    assert why in page.text
    assert "formaction" not in page.text


def test_a_bomb_harms_nothing():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join(f'*{a}' for _ in range(9))}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = checking.check(bomb.encode())
    assert found.imported.fatal
    assert found.contract is None
    assert found.problems


def test_it_is_linked_from_the_projects_the_new_project_and_the_guide(signed_in):
    for place in (reverse("projects:list"), reverse("library:new"), "/help/what-chatgpt-says/"):
        assert f'href="{URL}"' in signed_in.get(place).text, place


def test_it_asks_the_database_next_to_nothing(signed_in, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        signed_in.post(URL, {"source": WRONG})
