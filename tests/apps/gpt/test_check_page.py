"""Checking any document: pasted or linked, with what would be left after the repairs; nothing is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionstudio.apps.gpt import checking, forms
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
    monkeypatch.setattr(importing, "opened", lambda url: (CLEAN.encode(), url))
    assert "in silence" in signed_in.post(URL, {"source": "https://a.example/openapi.yaml"}).text


def test_a_link_that_leads_nowhere_says_so_beside_the_field(signed_in, monkeypatch):
    def refuse(url):
        raise Refused(Problem("/source", "The link could not be fetched.", "fetch"))

    monkeypatch.setattr(importing, "opened", refuse)
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
        ("just words", "This is nothing that can be imported"),
        ("<html>", "web page"),
        ("a: &a [1]\nb: *a", ""),
    ],
)
def test_a_text_that_is_no_document_gets_the_editors_line_and_our_reason(signed_in, source, why):
    page = signed_in.post(URL, {"source": source})
    assert page.status_code == 200
    assert page.context["found"].imported.fatal
    assert why in page.text
    assert "Make a project of it" not in page.text


def test_a_bomb_harms_nothing():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join(f'*{a}' for _ in range(9))}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = checking.check(bomb.encode())
    assert found.imported.fatal
    assert found.contract is None
    assert found.problems


def test_it_is_linked_from_the_projects_and_the_guide(signed_in):
    for place in (reverse("projects:list"), "/help/what-chatgpt-says/"):
        assert f'href="{URL}"' in signed_in.get(place).text, place


def test_it_asks_the_database_next_to_nothing(signed_in, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        signed_in.post(URL, {"source": WRONG})


SWAGGER = "swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: a.example\n"
SWAGGER += "paths: {/a: {get: {operationId: a, responses: {}}}}"
POSTMAN = '{"info": {"name": "Shop"}, "item": [{"name": "List", "request": "https://a.example/orders"}]}'
HAR = """{"log": {"entries": [{"request": {"method": "GET", "url": "https://a.example/orders/1", "headers": []},
  "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}}}]}}"""


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (SWAGGER, "Swagger 2.0 document"),
        (POSTMAN, "Postman collection"),
        (HAR, "HAR recording"),
        ("curl https://a.example/orders", "curl command"),
        ('{"city": "Wien"}', "sample answer in JSON"),
    ],
)
def test_every_format_of_a_new_project_is_judged_by_the_document_made_of_it(signed_in, source, what):
    page = signed_in.post(URL, {"source": source})
    assert f"Detected: {what}." in page.text
    found = page.context["found"]
    assert found.imported.fatal and not found.first.fatal
    assert page.context["sight"].verdict.kept == 1
    assert "Pasted as it is, ChatGPT says" in page.text
    assert "Make a project of it" in page.text


def test_the_document_that_a_manifest_names_is_fetched(signed_in, monkeypatch):
    monkeypatch.setattr(importing, "opened", lambda url: (CLEAN.encode(), url))
    manifest = """{"schema_version": "v1", "name_for_human": "T", "name_for_model": "t", "description_for_human": "x",
      "description_for_model": "x", "api": {"type": "openapi", "url": "https://a.example/openapi.yaml"}}"""
    page = signed_in.post(URL, {"source": manifest})
    assert "Detected: plugin manifest." in page.text
    assert page.context["sight"].verdict.kept == 1


@pytest.mark.parametrize("source", ["hello", "hello: world"])
def test_what_nobody_knows_is_answered_with_what_is_read(signed_in, source):
    text = signed_in.post(URL, {"source": source}).text
    assert "Postman collection" in text.partition("note warn")[2]
    assert "Make a project of it" not in text


def test_the_new_project_page_sends_what_was_typed_and_gets_it_back(signed_in):
    new = reverse("library:new")
    assert f'formaction="{URL}"' in signed_in.get(new).text
    typed = {"source": "curl https://a.example/orders", "name": "My shop", "slug": "my-shop", "format": "curl"}
    page = signed_in.post(URL, typed)
    assert f'formaction="{new}" name="back"' in page.text
    assert 'name="name" value="My shop"' in page.text
    back = signed_in.post(new, {**typed, "back": "1"})
    assert back.status_code == 200
    assert {name: back.context["form"][name].value() for name in typed} == typed
    assert Project.objects.count() == 0


def test_the_text_of_a_file_stays_in_the_field(signed_in):
    page = signed_in.post(URL, {"file": SimpleUploadedFile("a.yaml", CLEAN.encode()), "name": "N"})
    assert page.context["form"]["source"].value() == CLEAN
    assert page.context["form"]["name"].value() == "N"
    assert "choose it once more" not in page.text


def test_a_file_that_is_no_text_must_be_chosen_again(signed_in, monkeypatch):
    monkeypatch.setattr(forms, "SHOWN", 3)
    page = signed_in.post(URL, {"file": SimpleUploadedFile("a.yaml", CLEAN.encode())})
    assert "choose it once more" in page.text
    assert "Make a project of it" not in page.text
