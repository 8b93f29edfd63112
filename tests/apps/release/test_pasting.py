"""What to type into ChatGPT's dialog."""

import pytest

from actionstudio.apps.release import pasting
from actionstudio.core.auth import ApiKey, Declared
from actionstudio.core.importer.profile import enabled
from tests import make

CODE = {
    "authorizationUrl": "https://x.test/a",
    "tokenUrl": "https://x.test/t",
    "scopes": {"read": "Read", "write": "Write"},
}
BEARER, KEY = {"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "header", "name": "X-K"}


def declared(*ways, **schemes):
    extra = {"components": {"securitySchemes": schemes}}
    return make.contract(auth=Declared(), security=ways, extra=extra)


def values(contract):
    return [value for _label, value in pasting.dialog(contract).fields]


@pytest.mark.parametrize(
    ("scheme", "fields"),
    [
        (BEARER, ["API Key", "Bearer"]),
        ({"type": "http", "scheme": "Basic"}, ["API Key", "Basic"]),
        (KEY, ["API Key", "Custom", "X-K"]),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://x.test"}, ["API Key", "Bearer"]),
        ({"type": "oauth2", "flows": {"clientCredentials": CODE}}, ["API Key", "Bearer"]),
        (
            {"type": "oauth2", "flows": {"authorizationCode": CODE}},
            ["OAuth", "https://x.test/a", "https://x.test/t", "read", "Default (POST request)"],
        ),
    ],
)
def test_a_declared_scheme_gives_its_values(scheme, fields):
    assert values(declared({"s": ["read"] if scheme["type"] == "oauth2" else []}, s=scheme)) == fields


def test_without_scopes_asked_for_all_that_are_declared_are_given():
    scheme = {"type": "oauth2", "flows": {"authorizationCode": CODE}}
    assert values(declared({"s": []}, s=scheme))[3] == "read write"


def test_a_document_that_asks_for_nothing_needs_none():
    assert values(declared(s=BEARER)) == ["None"]
    assert not pasting.dialog(declared(s=BEARER)).takes_key


def test_of_several_schemes_the_one_of_the_gpt_profile_is_told():
    assert values(declared({"k": []}, b=BEARER, k=KEY)) == ["API Key", "Custom", "X-K"]


def test_a_key_that_chatgpt_cannot_send_is_told_as_it_can_and_so_is_what_it_costs():
    contract = declared({"k": []}, k={"type": "apiKey", "in": "query", "name": "key"})
    assert values(contract) == ["API Key", "Custom", "key"]
    assert "refused with 401" in pasting.dialog(contract).notes[0]
    assert "refused with 401" not in " ".join(pasting.dialog(enabled(contract, None)).notes)


def test_a_key_of_ones_own_is_told_as_it_was_chosen():
    assert values(make.contract(auth=ApiKey("header", "X-Mine"))) == ["API Key", "Custom", "X-Mine"]
