"""The dialog's stored form becomes the one header of a call."""

import pytest

from actionstudio.core.chatgpt.credential import header
from actionstudio.core.problem import Refused

KEY = "service_http"


@pytest.mark.parametrize(("auth", "secret", "wanted"), [
    ({"type": "none"}, "x", None),
    ({}, "x", None),
    ({"type": KEY, "authorization_type": "basic"}, "ann:pw", ("authorization", "Basic ann:pw")),  # verbatim
    ({"type": KEY}, "YW5uOnB3", ("authorization", "Basic YW5uOnB3")),  # basic is preselected
    ({"type": KEY, "authorization_type": "bearer"}, "sk", ("authorization", "Bearer sk")),
    ({"type": KEY, "authorization_type": "custom", "custom_auth_header": "X-Key"}, "sk", ("X-Key", "sk")),
    ({"type": KEY, "authorization_type": "custom"}, "sk", ("X-Api-Key", "sk")),
    ({"type": KEY, "authorization_type": "custom", "custom_auth_header": "Authorization"}, "T", ("Authorization", "T")),
    ({"type": "oauth", "client_url": "https://x"}, "token", ("authorization", "Bearer token")),
    ({"type": "oauth"}, "", None),  # nobody has signed in
    ({"type": KEY, "authorization_type": "bearer"}, "", None),  # saved again with an empty field
])  # fmt: skip
def test_the_header_follows_from_the_dialog(auth, secret, wanted):
    found = header(auth, secret)
    assert (found and (found.name, found.value)) == wanted


@pytest.mark.parametrize(("auth", "secret", "pointer"), [
    ({"type": "user_http"}, "x", "/type"),
    ({"type": KEY, "authorization_type": "digest"}, "x", "/authorization_type"),
    ({"type": KEY, "authorization_type": "custom", "custom_auth_header": "a b"}, "x", "/custom_auth_header"),
    ({"type": KEY, "authorization_type": "custom", "custom_auth_header": "Host"}, "x", "/custom_auth_header"),
    ({"type": KEY}, "x\r\nx-evil: 1", "/api_key"),
    ({"type": KEY}, "клю", "/api_key"),
    ({"type": "oauth"}, "a\nb", "/token"),
])  # fmt: skip
def test_what_no_header_can_hold_is_refused_at_its_field(auth, secret, pointer):
    with pytest.raises(Refused) as refused:
        header(auth, secret)
    assert [one.pointer for one in refused.value.problems] == [pointer]


def test_the_secret_is_what_stands_behind_the_scheme_and_no_repr_shows_it():
    found = header({"type": KEY, "authorization_type": "bearer"}, "sk-secret")
    assert found.secret == "sk-secret"
    assert "sk-secret" not in repr(found)
