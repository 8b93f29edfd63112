"""The first steps say what a sign-in lacks, and other pages show the usual client's values."""

import pytest
from django.urls import reverse

from actionstudio.apps.library import steps
from actionstudio.apps.oauth import entering, people, registering
from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, Scope, UserHttp
from tests import make

pytestmark = pytest.mark.django_db


def signing(auth, slug="items"):
    return make.project(slug, value=make.contract(auth=auth))


def of(project):
    return steps.of(project)


def test_oauth_is_done_with_a_client(client):
    project = signing(OAuth((Scope("read", "Read"),)))
    found = of(project)
    assert not found.sign_in
    assert found.need.url == reverse("oauth:client-new", args=["items"])
    client.force_login(project.owner)
    assert found.need.title in client.get(reverse("library:overview", args=["items"])).text
    registering.register(project, "gpt", name="GPT")
    assert of(project).sign_in and of(project).need is None


def test_a_key_for_each_person_is_done_with_a_persons_key():
    project = signing(UserHttp())
    assert of(project).need.url == reverse("oauth:users", args=["items"])
    people.mint_key(people.make(project, "mia", password="correct horse battery"), "curl")
    assert of(project).sign_in


def test_a_project_that_chatgpt_calls_lacks_nothing():
    found = steps.of(signing(OAuth()), connected=True)
    assert found.sign_in and found.need is None


@pytest.mark.parametrize("auth", [ApiKey(), OAuth((), "https://a.example/a", "https://a.example/t")])
def test_other_kinds_need_nothing_of_ours(auth):
    assert of(signing(auth)).sign_in


@pytest.mark.parametrize("auth", [NoAuth(), Declared()])
def test_where_nothing_was_chosen_nothing_is_lacking(auth):
    found = of(signing(auth))
    assert not found.sign_in and found.need is None


def test_the_usual_client_is_the_newest_of_a_gpt():
    project = signing(OAuth())
    assert entering.usual(project) is None
    other = registering.register(project, "other", name="Ours", redirect_uris=["https://a.example/cb"])
    assert entering.usual(project) == other
    gpt = registering.register(project, "gpt", name="GPT")
    registering.register(project, "mcp", name="Claude")
    assert entering.usual(project) == gpt
    registering.switch(gpt, False)
    assert entering.usual(project) == other


@pytest.mark.parametrize(
    ("auth", "asked"),
    [(OAuth(), True), (ApiKey(), False), (OAuth((), "https://a.example/a", "https://a.example/t"), False)],
)
def test_the_authentication_page_asks_for_the_clients_values_where_people_sign_in_here(client, auth, asked):
    project = signing(auth)
    client.force_login(project.owner)
    text = client.get(reverse("release:auth", args=["items"])).text
    assert (reverse("oauth:values", args=["items"]) in text) is asked
