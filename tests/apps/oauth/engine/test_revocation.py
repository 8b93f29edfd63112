"""The revocation endpoint: what a client gives back is gone, with the sign-in it came from."""

import pytest

from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, RefreshToken
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def gpt(project):
    return flows.client(project)


def revoke(project, who, text, headers=(), **sent):
    sent = {"token": text, "client_id": who.id, "client_secret": who.secret or None, **sent}
    return flows.post(project, "/oauth/revoke", sent, headers)


def live():
    return AccessToken.objects.filter(revoked=None).count(), RefreshToken.objects.filter(revoked=None).count()


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
@pytest.mark.parametrize("hint", [None, "refresh_token", "access_token", "nonsense"])
def test_either_token_ends_the_sign_in_whatever_the_hint(project, gpt, which, hint):
    first = flows.signed_in(project, gpt)
    flows.refresh(project, gpt, first["refresh_token"])
    other = flows.signed_in(project, gpt)
    reply = revoke(project, gpt, first[which], token_type_hint=hint)
    assert (reply.status, reply.body) == (200, b"")
    assert live() == (1, 1), "another sign-in goes on"
    assert flows.refresh(project, gpt, other["refresh_token"])[0] == 200


@pytest.mark.parametrize("text", ["nonsense", "x" * 5000, "ey.ey.ey", "é", "asat_" + "x" * 43])
def test_what_is_not_there_is_gone_too(project, gpt, text):
    assert revoke(project, gpt, text).status == 200


def test_what_another_client_holds_is_left_alone(project, gpt):
    first = flows.signed_in(project, gpt)
    other, theirs = flows.client(project), flows.client(shop("other"))
    for text in (first["refresh_token"], first["access_token"]):
        assert revoke(project, other, text).status == 200
        assert revoke(theirs.row.project, theirs, text).status == 200
    assert live() == (1, 1)


def test_who_does_not_prove_who_it_is_revokes_nothing(project, gpt):
    first = flows.signed_in(project, gpt)
    for reply in (
        revoke(project, gpt, first["refresh_token"], client_secret=None),
        revoke(project, gpt, first["refresh_token"], client_secret="ascs_wrong"),
        revoke(project, gpt, first["refresh_token"], [flows.basic(gpt)]),
        revoke(project, flows.Registered(Client(client_id="asc_no")), first["refresh_token"]),
        flows.post(project, "/oauth/revoke", {"token": first["refresh_token"]}),
    ):
        assert reply.status in (400, 401) and b"error_description" in reply.body
    assert live() == (1, 1)


def test_nothing_to_revoke_is_said(project, gpt):
    reply = revoke(project, gpt, "")
    assert reply.status == 400 and b"no token" in reply.body


def test_a_public_client_and_a_client_for_itself_give_back_too(project):
    public = flows.client(project, token_method="none")
    machine = flows.client(project, grants=["client_credentials"])
    first = flows.signed_in(project, public)
    second = flows.token(project, machine, grant_type="client_credentials")[1]
    assert revoke(project, public, first["access_token"]).status == 200
    assert revoke(project, machine, second["access_token"]).status == 200
    assert live() == (0, 0)


def test_a_closed_account_does_not_keep_tokens_from_being_revoked(project, gpt):
    first = flows.signed_in(project, gpt)
    EndUser.objects.update(is_active=False)
    revoke(project, gpt, first["refresh_token"])
    assert live() == (0, 0)
