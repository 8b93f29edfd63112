"""What an app learns about a person, by scope."""

import pytest

from actionstudio.apps.oauth import claims
from actionstudio.apps.oauth.models import EndUser

ALL = ("openid", "profile", "email", "groups")


def person(**fields):
    return EndUser(username="alice", name="Alice Ng", email="alice@example.test", groups=["staff"], **fields)


@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (("openid",), {"sub"}),
        (("openid", "profile"), {"sub", "name", "preferred_username"}),
        (("openid", "email"), {"sub", "email", "email_verified"}),
        (("openid", "groups"), {"sub", "groups"}),
        (ALL, set(claims.KNOWN)),
    ],
)
def test_each_scope_tells_its_own(scopes, names):
    assert set(claims.of(person(), scopes)) == names


def test_a_builders_own_claims_come_with_the_profile_or_with_the_scope_of_their_name():
    user = person(claims={"plan": "gold", "phone_number": "+33 1", "email_verified": True})
    told = claims.of(user, ALL)
    assert told["plan"] == "gold"
    assert told["email_verified"] is True
    assert "phone_number" not in told
    assert claims.of(user, ("openid", "phone")) == {"sub": str(user.sub), "phone_number": "+33 1"}


@pytest.mark.parametrize("name", ["sub", "iss", "aud", "exp", "nonce", "auth_time", "scope"])
def test_no_claim_of_a_builder_stands_in_for_what_the_token_says(name):
    user = person(claims={name: "somebody else"})
    assert "somebody else" not in claims.of(user, ALL).values()


def test_what_an_account_has_not_is_not_told():
    assert claims.of(EndUser(username="bob"), ALL) | {"sub": ""} == {
        "sub": "", "preferred_username": "bob", "groups": [],
    }  # fmt: skip
