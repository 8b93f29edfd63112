"""The code verifier (PKCE) at the token endpoint."""

import pytest

from actionstudio.apps.oauth.models import Client
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PKCE = {"code_challenge": flows.CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
def project(db):
    return shop()


def code(project, who, **parameters):
    return flows.allowed(project, who, flows.person(project), **parameters)["code"]


def test_the_verifier_of_the_challenge_opens(project):
    who = flows.client(project, token_method="none", pkce="required")
    assert flows.redeem(project, who, code(project, who, **PKCE), code_verifier=flows.VERIFIER)[0] == 200


@pytest.mark.parametrize(
    ("verifier", "error", "words"),
    [
        (None, "invalid_grant", "has to come"),
        ("", "invalid_grant", "has to come"),
        ("w" * 43, "invalid_grant", "does not belong"),
        (flows.CHALLENGE, "invalid_grant", "does not belong"),
        ("v" * 42, "invalid_request", "malformed"),
        ("v" * 128, "invalid_grant", "does not belong"),
        ("v" * 129, "invalid_request", "too long"),
        ("v" * 42 + "é", "invalid_request", "malformed"),
    ],
)
def test_no_other_does_and_the_right_one_still_works_after(project, verifier, error, words):
    who = flows.client(project, token_method="none")
    text = code(project, who, **PKCE)
    status, answer = flows.redeem(project, who, text, code_verifier=verifier)
    assert (status, answer["error"]) == (400, error) and words in answer["error_description"]
    assert flows.redeem(project, who, text, code_verifier=flows.VERIFIER)[0] == 200


@pytest.mark.parametrize("mode", ["optional", "off"])
def test_a_verifier_without_a_challenge_before_it_is_refused(project, mode):
    """Else whoever takes the challenge out of the authorize request is not noticed (RFC 9700, section 4.8.2)."""
    who = flows.client(project, pkce=mode)
    text = code(project, who)
    answer = flows.redeem(project, who, text, code_verifier=flows.VERIFIER)[1]
    assert answer["error"] == "invalid_grant" and "without a code_challenge" in answer["error_description"]
    assert flows.redeem(project, who, text)[0] == 200


def test_a_code_from_before_the_client_had_to_is_not_taken_without(project):
    who = flows.client(project)
    text = code(project, who)
    Client.objects.update(pkce_seen=True)
    assert "code_challenge" in flows.redeem(project, who, text)[1]["error_description"]
