"""The manifest of 2023 says what its rules ask, with texts made from the contract where none were written."""

import pytest

from actionstudio.core import limits
from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, Scope, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract, Manifest, Operation
from actionstudio.core.specs import manifest

BASE = "https://todo.live.example"


def test_everything_is_there_and_points_to_the_address():
    contract = Contract("Todo list", description="Keeps todos.\n\nFor everybody.", contact_email="ann@example.test")
    assert manifest.render(contract, base_url=f"{BASE}/") == {
        "schema_version": "v1",
        "name_for_human": "Todo list",
        "name_for_model": "todo_list",
        "description_for_human": "Keeps todos.",
        "description_for_model": "Keeps todos.\n\nFor everybody.",
        "auth": {"type": "none"},
        "api": {"type": "openapi", "url": f"{BASE}/openapi.yaml", "is_user_authenticated": False},
        "logo_url": f"{BASE}/logo.png",
        "contact_email": "ann@example.test",
        "legal_info_url": f"{BASE}/legal",
    }


def test_an_address_under_a_path_is_kept():
    written = manifest.render(Contract(), base_url="http://localhost:8000/live/todo")
    assert written["api"]["url"] == "http://localhost:8000/live/todo/openapi.yaml"


def test_without_a_contact_no_mailbox_is_made_up():
    written = manifest.render(Contract(), base_url="https://todo.live.example")
    assert written["contact_email"] == "contact-not-given@example.com"


def test_texts_that_were_written_win():
    texts = Manifest("For people", "for_model", "Short", "Plugin for this.")
    written = manifest.render(Contract("X", manifest=texts), base_url=BASE)
    assert (written["name_for_human"], written["name_for_model"]) == ("For people", "for_model")
    assert (written["description_for_human"], written["description_for_model"]) == ("Short", "Plugin for this.")


def test_made_texts_stay_within_the_limits():
    written = manifest.render(Contract("Long name " * 30, description="long text " * 2000), base_url=BASE)
    assert len(written["name_for_human"]) <= limits.NAME_FOR_HUMAN
    assert len(written["name_for_model"]) <= limits.NAME_FOR_MODEL
    assert len(written["description_for_human"]) <= limits.DESCRIPTION_FOR_HUMAN
    assert len(written["description_for_model"]) <= limits.DESCRIPTION_FOR_MODEL


def test_without_a_description_the_model_is_told_what_can_be_done():
    operations = (Operation("GET", "/a", summary="List todos."), Operation("POST", "/a", summary="Add one"))
    written = manifest.render(Contract("Todo", operations=operations), base_url=BASE)
    assert written["description_for_model"] == "Plugin for Todo. It can: List todos; Add one."


def test_a_name_for_the_model_is_made_of_any_title():
    assert manifest.model_name("☂ Été 2026!") == "t_2026"
    assert manifest.model_name("天気") == "plugin"


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (NoAuth(), {"type": "none"}),
        (Declared(), {"type": "none"}),
        (ApiKey("header"), {"type": "none"}),
        (ApiKey("basic"), {"type": "service_http", "authorization_type": "basic", "verification_tokens": {}}),
        (UserHttp(), {"type": "user_http", "authorization_type": "bearer"}),
        (
            ServiceHttp("bearer", {"openai": "0" * 32}),
            {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {"openai": "0" * 32}},
        ),
    ],
)
def test_the_manifests_auth(auth, expected):
    assert manifest.auth(Contract(auth=auth), BASE) == expected


def test_oauth_names_both_addresses_under_which_it_is_asked():
    scopes = (Scope("todos:read", "Read your todos"), Scope("todos:write", "Change them", True))
    auth = OAuth(scopes, content_type="application/json", verification_tokens={"openai": "0" * 32})
    written = manifest.render(Contract(auth=auth), base_url="http://localhost:8000/live/todo/")
    assert written["auth"] == {
        "type": "oauth",
        "client_url": "http://localhost:8000/live/todo/oauth/authorize",
        "scope": "todos:read todos:write",
        "authorization_url": "http://localhost:8000/live/todo/oauth/token",
        "authorization_content_type": "application/json",
        "verification_tokens": {"openai": "0" * 32},
    }
    assert written["api"]["is_user_authenticated"] is True


def test_oauth_of_ones_own_keeps_its_addresses():
    auth = OAuth((), "https://login.example.com/authorize", "https://login.example.com/token")
    written = manifest.auth(Contract(auth=auth), BASE)
    assert (written["client_url"], written["authorization_url"]) == (auth.authorization_url, auth.token_url)
    assert written["scope"] == ""


def test_a_client_asks_for_the_scopes_that_offered_operations_need():
    auth = OAuth((Scope("a"), Scope("b"), Scope("c")))
    needs = Operation("GET", "/a", security=({"oauth": ["b", "a"]},))
    hidden = Operation("GET", "/c", security=({"oauth": ["c"]},), exposed=False)
    assert manifest.wanted(Contract(operations=(needs, hidden), auth=auth), auth) == ["a", "b"]


def test_each_persons_key_is_a_user_level_token():
    kind = UserHttp("basic", {"openai": "1" * 32})
    written = manifest.auth(Contract(auth=kind), BASE)
    assert written == {
        "type": "user_http",
        "authorization_type": "basic",
        "verification_tokens": {"openai": "1" * 32},
    }
