"""The first steps say what a sign-in lacks, and other pages show the usual client's values."""

import pytest
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.library import steps
from actionstudio.apps.oauth import entering, people, registering, secrets
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
    gpt = registering.register(project, "gpt", name="GPT")
    assert not of(project).sign_in and of(project).need.url == reverse("signin:emulator", args=["items"])
    assert "Try a sign-in" in client.get(reverse("library:overview", args=["items"])).text
    project.sign_ins.create(key="0a", outcome="failed")
    assert not of(project).sign_in
    project.sign_ins.create(key="0b", outcome="passed")
    assert of(project).need.url == reverse("oauth:client", args=["items", gpt.client_id]), "it has no secret yet"
    assert "Make the client secret" in client.get(reverse("library:overview", args=["items"])).text
    secrets.mint(gpt)
    assert of(project).sign_in and of(project).need is None
    gpt.secrets.update(expires=timezone.now())
    assert of(project).need.title == "Make the client secret"
    registering.register(project, "mcp", name="Claude")
    assert of(project).need is None, "a client without a secret can be used"


def test_where_people_sign_in_the_first_call_is_made_as_one_of_them(client):
    project = signing(OAuth((Scope("read", "Read"),)))
    client.force_login(project.owner)
    text = client.get(reverse("library:overview", args=["items"])).text
    place = reverse("mocking:try", args=["items", of(project).by_person])
    assert place in text and client.get(place).status_code == 200
    assert "YOUR_KEY" not in text and "oauth/tokens/" in text


def test_an_open_operation_is_called_with_a_command_by_anybody():
    closed, open_ = make.operation("GET", "/items"), make.operation("POST", "/ping", security=())
    project = make.project("ping", value=make.contract(closed, open_, auth=OAuth()))
    assert of(project).by_person == "" and of(project).curl.startswith("curl -X POST") and "/ping" in of(project).curl
    assert "YOUR_KEY" in steps.of(signing(OAuth((), "https://a.example/a", "https://a.example/t"))).curl


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


def shown(client, project):
    """The Token Exchange Method that the authentication page shows, and its notes."""
    client.force_login(project.owner)
    told = client.get(reverse("release:auth", args=[project.slug])).context["dialog"]
    return dict(told.fields)["Token Exchange Method"], told.notes


def test_chatgpt_is_told_the_method_of_its_client_and_not_the_projects(client):
    project = signing(OAuth())
    gpt = registering.register(project, "gpt", name="Support")
    assert shown(client, project)[0] == "Default (POST request)"
    assert not any("Support" in note for note in shown(client, project)[1])
    registering.change(gpt, token_method="client_secret_basic")
    method, notes = shown(client, project)
    assert method == "Basic authorization header"
    assert "the one of the client “Support”, which counts" in notes[0]


def test_of_several_clients_each_has_its_method_beside_its_id(client):
    project = signing(OAuth())
    client.force_login(project.owner)
    values = reverse("oauth:values", args=["items"])
    gpt = registering.register(project, "gpt", name="One")
    registering.change(gpt, token_method="client_secret_basic")
    assert "Token Exchange Method" not in client.get(values).text
    registering.register(project, "gpt", name="Two")
    text = client.get(values).text
    assert "Token Exchange Method: Basic" in text and "Token Exchange Method: Default" in text
