"""Simulated GPTs through the API: everything that their pages can do, and no secret ever comes out."""

import pytest

from actionstudio.apps.simulator import keeping
from actionstudio.apps.simulator.calling import acting, by_hand
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core.auth import OAuth, Scope
from tests import make
from tests.apps.api.test_api import Api
from tests.apps.simulator.test_actions import spec

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
G = "projects/items/simulator/gpts/"
PETS = "https://pets.example.com/openapi.json"
KEYED = {"url": PETS, "auth": {"type": "service_http", "authorization_type": "bearer", "api_key": "s3cret-text"}}

OAUTH = {
    "type": "oauth",
    "client_url": "https://pets.example.com/authorize",
    "authorization_url": "https://pets.example.com/token",
    "authorization_content_type": "application/x-www-form-urlencoded",
    "scope": "read",
    "token_exchange_method": "default_post",
    "oauth_client_id": "pets",
}


@pytest.fixture
def api(ann, monkeypatch):
    monkeypatch.setattr(acting, "fetched", lambda project, url: spec(url.split("/")[2]))
    make.project("items", ann)
    return Api(ann)


@pytest.fixture
def gpt(api) -> str:
    """The URL of the first GPT, which is there by itself."""
    return f"{G}{api('GET', G).json()['results'][0]['key']}/"


def test_the_first_gpt_is_there_and_others_are_made_changed_and_deleted(api, gpt):
    assert api("GET", gpt).json()["name"] == "Items" and len(api("GET", f"{gpt}actions/").json()["results"]) == 1
    made = api("POST", G, {"name": "Second", "starters": ["Hello"], "domains": []})
    assert made.status_code == 201 and made.json()["domains"] == [] and len(made.json()["actions"]) == 1
    there = f"{G}{made.json()['key']}/"
    assert api("PATCH", there, {"instructions": "Be brief.", "public": True}).json()["messages"][0]["rule"] == "PUB-02"
    assert api("GET", there).json()["instructions"] == "Be brief."
    assert api("DELETE", there).status_code == 204 and Gpt.objects.count() == 1


def test_a_workspace_that_allows_no_domain_is_told_at_the_gpt(api, gpt):
    said = api("PATCH", gpt, {"domains": []}).json()["messages"]
    assert [one["text"] for one in said] == ["No domains are allowed by your workspace's settings."]
    assert api("PATCH", gpt, {"domains": ["example.com"]}).json()["messages"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"name": ""}, "/name"), ({"instructions": "x" * 8001}, "/instructions"), ({"starters": ["x"] * 21}, "/starters"),
     ({"domains": "x"}, "/domains"), ({"key": "g-1"}, "/key"), ({"public": "yes"}, "/public")],
)  # fmt: skip
def test_what_is_wrong_with_a_gpt_is_told_by_field(api, gpt, body, pointer):
    answer = api("PATCH", gpt, body)
    assert answer.status_code == 400 and [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_an_action_comes_in_with_its_secret_and_goes_out_without(api, gpt):
    answer = api("POST", f"{gpt}actions/", KEYED)
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made["secret_set"] and "s3cret" not in answer.content.decode()
    assert (made["domain"], made["operations"][0]["operationId"]) == ("pets.example.com", "listPets")
    there = f"{gpt}actions/{made['key']}/"
    changed = api("PATCH", there, {"auth": {"type": "service_http", "authorization_type": "basic"}}).json()
    assert changed["auth"]["authorization_type"] == "basic" and changed["url"] == PETS
    assert keeping.secrets(Action.objects.get(key=made["key"])) == {"api_key": "s3cret-text"}
    kept = api("PATCH", there, {"privacy_url": "https://pets.example.com/privacy"}).json()
    assert kept["auth"]["authorization_type"] == "basic" and kept["secret_set"]
    assert api("POST", f"{there}import/").json()["changes"] == []
    assert api("DELETE", there).status_code == 204 and api("GET", there).status_code == 404


@pytest.mark.parametrize(
    "auth",
    [
        {"type": "none"},
        {"type": "service_http", "authorization_type": "custom", "custom_auth_header": "X-Key", "api_key": "s3cret"},
        OAUTH,
    ],
    ids=lambda auth: auth["type"],
)
def test_a_dialog_that_was_read_can_be_sent_back_and_called_with(api, gpt, auth):
    made = api("POST", f"{gpt}actions/", {"url": PETS, "auth": auth}).json()
    assert "key" in made, made
    again = api("PATCH", f"{gpt}actions/{made['key']}/", {"auth": made["auth"]})
    assert again.status_code == 200 and again.json()["auth"] == made["auth"]
    stored = {name: value for name, value in made["auth"].items() if name != "automatic"}
    called = api("POST", "projects/items/simulator/calls/", {"operation_id": "getItems", "auth": stored})
    assert called.status_code == 200 and called.json()["state"] == "asks"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/url"]),
        ({"url": "x"}, ["/url"]),
        ({"address": "hers"}, ["/address"]),
        ({"url": PETS, "auth": {"type": "service_http"}}, ["/auth/api_key"]),
        ({"url": PETS, "auth": {"type": "magic"}}, ["/auth/type"]),
        ({"url": PETS, "auth": {"automatic": True}}, ["/auth"]),
        ({"url": PETS, "auth": {"type": "oauth"}},
         ["/auth/client_url", "/auth/authorization_url", "/auth/oauth_client_id"]),
        ({"url": PETS, "auth": {"secret": "x"}}, ["/auth/secret"]),
        ({"url": PETS, "auth": OAUTH | {"authorization_content_type": "application/json"}},
         ["/auth/authorization_content_type"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_action_is_told_by_field(api, gpt, eve, body, pointers):
    make.project("hers", eve)
    answer = api("POST", f"{gpt}actions/", body)
    assert answer.status_code == 400 and [one["pointer"] for one in answer.json()["errors"]] == pointers


def test_a_domain_that_is_there_is_refused_in_chatgpts_words(api, gpt):
    api("POST", f"{gpt}actions/", KEYED)
    answer = api("POST", f"{gpt}actions/", KEYED)
    assert answer.status_code == 400
    assert "Action sets cannot have duplicate domains - pets.example.com" in answer.json()["errors"][0]["message"]


def test_another_address_of_ones_own_is_an_action_signed_in_by_itself(api, gpt, ann):
    make.project("other", ann, make.contract(auth=OAuth((Scope("read", "Read"),))))
    made = api("POST", f"{gpt}actions/", {"address": "other"}).json()
    assert made["auth"]["automatic"] and made["auth"]["type"] == "oauth" and made["signed_in"] is False
    there = f"{gpt}actions/{made['key']}/sign-in/"
    begun = api("POST", there).json()
    assert begun["authorization_url"].startswith("http://other.live.localhost:8000/oauth/authorize?response_type=code&")
    assert begun["callback"].endswith("/simulator/callback/")
    assert api("DELETE", there).status_code == 204 and api("DELETE", there).status_code == 404


def test_an_action_without_sign_in_says_so(api, gpt):
    key = Action.objects.get().key
    assert api("POST", f"{gpt}actions/{key}/sign-in/").status_code == 400


def test_always_allow_is_listed_for_whom_has_chosen_it_and_taken_back(api, gpt, ann, eve):
    row = Gpt.objects.get()
    for user, domain in ((ann, "items.live.localhost"), (ann, "pets.example.com"), (eve, "items.live.localhost")):
        by_hand.allow(row, user, domain)
    there = f"{gpt}allowed/"
    assert [one["domain"] for one in api("GET", there).json()["results"]] == [
        "items.live.localhost",
        "pets.example.com",
    ]
    call = {"operation_id": "getItems"}
    assert api("POST", "projects/items/simulator/calls/", call).json()["state"] == "sent"
    assert api("DELETE", f"{there}items.live.localhost/").status_code == 204
    assert api("DELETE", f"{there}items.live.localhost/").status_code == 404
    assert [one["domain"] for one in api("GET", there).json()["results"]] == ["pets.example.com"]
    assert by_hand.is_allowed(row, eve, "items.live.localhost")
    assert api("POST", "projects/items/simulator/calls/", call).json()["state"] == "asks"
    assert Api(eve)("GET", there).status_code == Api(eve)("DELETE", f"{there}pets.example.com/").status_code == 404
