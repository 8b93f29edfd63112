"""The manifest of 2023 says what its rules ask, with texts made from the contract where none were written."""

import pytest

from actionstudio.core import limits
from actionstudio.core.auth import ApiKey, Declared, NoAuth, ServiceHttp
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
        (
            ServiceHttp("bearer", {"openai": "0" * 32}),
            {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {"openai": "0" * 32}},
        ),
    ],
)
def test_the_manifests_auth(auth, expected):
    assert manifest.auth(auth) == expected
