"""One-shot failures are claimed once each, and deeds are done to the newest tokens at once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import faults
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, RefreshToken
from actionstudio.core.problem import Refused
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return entering.shop()


def token(shop, text, sign_in="", family=None):
    client, _made = Client.objects.get_or_create(project=shop, name="GPT", client_type="confidential")
    user, _made = EndUser.objects.get_or_create(project=shop, username="mina")
    family, later = family or uuid.uuid4(), timezone.now() + timedelta(hours=1)
    shared = {"user": user, "application": client, "token": text, "sign_in": sign_in}
    access = AccessToken.objects.create(expires=later, family=family, **shared)
    return access, RefreshToken.objects.create(access_token=access, token_family=family, **shared)


def test_each_failure_is_claimed_once_and_the_oldest_first(shop):
    faults.set_fault(shop, "token-html")
    faults.set_fault(shop, "token-500", times=2)
    kinds = [kind for kind in faults.KINDS if kind.startswith("token-")]
    assert [faults.claim(shop.pk, kinds) for _each in range(4)] == ["token-html", "token-500", "token-500", None]
    assert faults.waiting(shop) == []


def test_a_leg_claims_its_own_kinds_of_its_own_project(shop):
    faults.set_fault(shop, "token-html")
    assert faults.claim(shop.pk, ["wrong-state"]) is None
    assert faults.claim(entering.shop("other").pk, ["token-html"]) is None


def test_what_was_claimed_is_told(shop):
    faults.set_fault(shop, "wrong-state")
    with entering.request(shop) as tenant:
        faults.claim(shop.pk, ["wrong-state"])
    assert tenant.notes["fault"] == "wrong-state"


def test_a_failure_can_be_taken_back(shop):
    one, _two = faults.set_fault(shop, "token-html"), faults.set_fault(shop, "token-500")
    assert faults.take_back(shop, one.pk) == 1 and faults.take_back(shop) == 1
    assert faults.waiting(shop) == []


@pytest.mark.parametrize(
    ("kind", "times", "pointer"),
    [("token-teapot", 1, "/kind"), ("token-html", 0, "/times"), ("token-html", 21, "/times")],
)
def test_what_cannot_be_is_refused_with_its_field(shop, kind, times, pointer):
    with pytest.raises(Refused) as refused:
        faults.set_fault(shop, kind, times)
    assert refused.value.problems[0].pointer == pointer


def test_there_is_an_end_to_failures_that_wait(shop):
    for _each in range(faults.MOST):
        faults.set_fault(shop, "token-html")
    with pytest.raises(Refused):
        faults.set_fault(shop, "token-html")


def test_revoking_now_ends_the_newest_family_alone(shop, django_capture_on_commit_callbacks, monkeypatch):
    forgotten = []
    monkeypatch.setattr(faults, "forget", forgotten.append)
    old, _refresh = token(shop, "old")
    new, refresh = token(shop, "new")
    with django_capture_on_commit_callbacks(execute=True):
        assert faults.revoke_now(shop) == 2
    for row in (old, new, refresh):
        row.refresh_from_db()
    assert old.revoked is None and new.revoked and refresh.revoked and forgotten == [shop.pk]


def test_revoking_now_can_name_a_sign_in(shop):
    old, _refresh = token(shop, "old", sign_in="a")
    new, _refresh = token(shop, "new", sign_in="b")
    assert faults.revoke_now(shop, "a") == 2
    old.refresh_from_db(), new.refresh_from_db()
    assert old.revoked and new.revoked is None


def test_expiring_now_leaves_the_refresh_token(shop):
    access, refresh = token(shop, "new")
    assert faults.expire_now(shop) == 1
    access.refresh_from_db(), refresh.refresh_from_db()
    assert access.expires <= timezone.now() and access.revoked is None and refresh.revoked is None
    assert faults.expire_now(shop) == 0


def test_every_failure_and_deed_has_words():
    for one in (*faults.KINDS.values(), *faults.DEEDS.values()):
        assert str(one.title) and str(one.words).endswith(".")
    assert set(faults.RUN) == set(faults.DEEDS)


@pytest.mark.parametrize("kind", faults.KINDS.values(), ids=lambda kind: kind.name)
def test_what_has_struck_is_not_said_to_come_and_what_follows_is_told(kind):
    assert "next" in str(kind.words) and "next" not in str(kind.struck)
    assert str(kind.then).endswith(".") and str(kind.struck).endswith(".")
