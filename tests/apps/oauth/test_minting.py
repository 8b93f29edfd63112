"""Tokens without a sign-in."""

import hashlib

import pytest

from actionstudio.apps.oauth import minting
from actionstudio.apps.oauth.models import AccessToken
from actionstudio.apps.oauth.tokens import DatabaseTokens
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return shop()


def found(project, text):
    return DatabaseTokens().find(project.pk, hashlib.sha256(text.encode()).digest())


def test_a_token_for_a_person_works_without_a_client(project):
    ann = flows.person(project, "ann")
    row, text = minting.mint(project, ann, None, ["orders:read", "orders:read"], 60)
    token = found(project, text)
    assert (token.state, token.user, token.app, token.scopes) == ("ok", str(ann.sub), "", {"orders:read"})
    assert found(shop("other"), text) is None
    assert text not in str(AccessToken.objects.values()) and text.startswith("asat_") and row.user == ann


def test_a_token_for_a_client_is_nobodys(project):
    gpt = flows.client(project)
    token = found(project, minting.mint(project, None, gpt.row, [], 60)[1])
    assert (token.user, token.app) == ("", "GPT")


def test_what_makes_no_sense_is_refused(project):
    ann, theirs = flows.person(project), flows.person(shop("other"))
    for user, client, seconds in (
        (None, None, 60),
        (theirs, None, 60),
        (ann, None, 0),
        (ann, None, minting.LONGEST + 1),
    ):
        with pytest.raises(ValueError):
            minting.mint(project, user, client, [], seconds)
    assert not AccessToken.objects.exists()
