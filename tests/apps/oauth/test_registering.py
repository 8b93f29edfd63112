"""Clients: what each kind starts with, what is refused, and what switching off and deleting do."""

import pytest

from actionstudio.apps.library import creating
from actionstudio.apps.oauth import callbacks, registering
from actionstudio.apps.oauth.models import Client
from actionstudio.core.auth import ApiKey, OAuth, Scope
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
BACK = "https://example.com/back"


@pytest.fixture
def project(ann):
    return make.project(owner=ann, value=make.contract(auth=OAuth((Scope("orders.read", "Read your orders"),))))


def register(project, preset=Client.Preset.OTHER, **fields):
    return registering.register(project, preset, **{"name": "Shop", "redirect_uris": [BACK], **fields})


def refused(project, **fields) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        register(project, **fields)
    assert not project.clients.exists()
    return [(problem.pointer, problem.message) for problem in caught.value.problems]


def test_every_kind_of_the_model_has_its_values_and_they_are_whole():
    assert set(registering.PRESETS) == set(Client.Preset.values)
    for preset in registering.PRESETS.values():
        assert {"name", "gpt_id", *preset.values} == set(registering.FIELDS)


def test_chatgpt_starts_without_a_callback_with_a_secret_in_the_body_and_without_pkce(project):
    made = registering.register(project, Client.Preset.GPT, name="My GPT")
    assert made.lacks_callback
    assert (made.token_method, made.pkce, made.json_bodies) == ("client_secret_post", "optional", False)
    assert (made.client_type, made.authorization_grant_type) == ("confidential", "authorization-code")
    assert made.client_id.startswith("asc_")


def test_chatgpt_sends_what_the_project_tells_it_to(ann):
    project = make.project("basic", ann, make.contract(auth=OAuth(token_exchange="basic_auth_header")))
    assert registering.register(project, Client.Preset.GPT, name="My GPT").token_method == "client_secret_basic"


def test_a_plugin_sends_json(project):
    assert registering.register(project, Client.Preset.PLUGIN, name="Old").json_bodies


def test_an_mcp_client_is_public_needs_pkce_and_knows_chatgpts_connector_and_claude(project):
    made = registering.register(project, Client.Preset.MCP, name="Claude")
    assert (made.client_type, made.token_method, made.pkce) == ("public", "none", "required")
    assert callbacks.CONNECTOR in made.uris and set(callbacks.CLAUDE) <= set(made.uris)


@pytest.mark.parametrize(
    ("fields", "pointer", "word"),
    [
        ({"name": " "}, "/name", "Give it a name"),
        ({"name": "a" * 81}, "/name", "80"),
        ({"name": "a\nb"}, "/name", "one line"),
        ({"redirect_uris": []}, "/redirect_uris", "at least one"),
        ({"redirect_uris": [BACK, "http://example.com/"]}, "/redirect_uris", "http://example.com/: http is for"),
        ({"redirect_uris": [f"{BACK}/{n}" for n in range(21)]}, "/redirect_uris", "at most 20"),
        ({"allowed_origins": ["https://example.com/app"]}, "/allowed_origins", "path"),
        ({"allowed_origins": ["*"]}, "/allowed_origins", "whole"),
        ({"grants": []}, "/grants", "at least one"),
        ({"grants": ["password"]}, "/grants", "at least one"),
        ({"grants": ["refresh_token"]}, "/grants", "authorization code"),
        ({"grants": ["client_credentials"], "token_method": "none"}, "/grants", "secret"),
        ({"token_method": "none", "pkce": "off"}, "/pkce", "must be required"),
        ({"token_method": "none", "consent": "skip"}, "/consent", "asked"),
        ({"token_method": "tls"}, "/token_method", "client_secret_post"),
        ({"pkce": "plain"}, "/pkce", "required"),
        ({"scopes": ["orders.delete"]}, "/scopes", "orders.delete"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(project, fields, pointer, word):
    assert [(at, word in words) for at, words in refused(project, **fields)] == [(pointer, True)]


def test_everything_that_is_wrong_is_told_at_once(project):
    found = refused(project, name="", redirect_uris=["x"], grants=[], allowed_origins=["y"])
    assert [pointer for pointer, _ in found] == ["/name", "/redirect_uris", "/allowed_origins", "/grants"]


def test_a_program_that_acts_for_itself_needs_no_callback(project):
    made = register(project, redirect_uris=[], grants=["client_credentials"])
    assert made.authorization_grant_type == "client-credentials"
    assert not made.lacks_callback


def test_a_change_touches_what_it_names_only(project):
    made = register(project, scopes=["orders.read"])
    changed = registering.change(made, pkce="off", redirect_uris=[BACK, BACK, f"{BACK}/2"])
    assert (changed.name, changed.pkce, changed.uris, changed.scopes) == (
        "Shop",
        "off",
        [BACK, f"{BACK}/2"],
        ["orders.read"],
    )


def test_another_rule_for_pkce_forgets_what_was_noticed_under_the_old_one(project):
    made = registering.register(project, Client.Preset.GPT, name="My GPT")
    Client.objects.filter(pk=made.pk).update(pkce_seen=True)
    assert registering.change(made, name="Still mine").pkce_seen
    assert not registering.change(made, pkce="off").pkce_seen


def test_a_refused_change_changes_nothing(project):
    made = register(project)
    with pytest.raises(Refused):
        registering.change(made, name="New name", redirect_uris=["x"])
    made.refresh_from_db()
    assert (made.name, made.uris) == ("Shop", [BACK])


def test_a_scope_that_the_project_no_longer_has_may_stay_with_its_client(project):
    made = register(project, scopes=["orders.read"])
    Client.objects.filter(pk=made.pk).update(scopes=["gone", "orders.read"])
    assert registering.change(made, name="Still").scopes == ["gone", "orders.read"]


@pytest.mark.parametrize("deed", [lambda c: registering.switch(c, False), registering.delete, registering.change])
def test_tokens_are_looked_at_again_after_a_change(project, deed, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(registering, "forget", told.append)
    made = register(project)
    with django_capture_on_commit_callbacks(execute=True):
        deed(made)
    assert told == [project.pk]


def test_a_project_has_a_bounded_number_of_clients(project, monkeypatch):
    monkeypatch.setattr(registering, "MOST", 1)
    register(project)
    with pytest.raises(Refused, match="at most 1"):
        register(project)
    assert project.clients.count() == 1


def test_a_new_project_with_oauth_begins_with_a_client_for_chatgpt(ann):
    made = creating.create(ann, make.contract(auth=OAuth()), name="Signing")
    assert [(client.preset, client.name) for client in made.clients.all()] == [("gpt", "ChatGPT")]
    elsewhere = OAuth(authorization_url="https://id.example.com/a", token_url="https://id.example.com/t")
    for auth in (ApiKey(), elsewhere):
        assert not creating.create(ann, make.contract(auth=auth), name="Other").clients.exists()
