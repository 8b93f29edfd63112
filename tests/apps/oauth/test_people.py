"""Accounts of a project: what they may hold, and that what ends access ends it at once."""

import datetime
from hashlib import sha256

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import people, providing, revoking
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, EndUserSession, Provider
from actionstudio.apps.oauth.tokens import DatabaseTokens
from actionstudio.core.problem import Refused
from actionstudio.runtime import tokens
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make.project("shop")


def wrong(deed) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed()
    return sorted({problem.pointer for problem in refused.value.problems})


def token_of(user: EndUser, text: str = "asat_one") -> bytes:
    """Gives an app a token of somebody; its digest."""
    client = Client.objects.create(project=user.project, name="App")
    expires = timezone.now() + datetime.timedelta(hours=1)
    AccessToken.objects.create(user=user, application=client, token=text, expires=expires, scope="orders:read")
    return sha256(text.encode()).digest()


def state(user: EndUser, digest: bytes) -> str | None:
    found = DatabaseTokens().find(user.project_id, digest)
    return found and found.state


def test_what_test_users_had_ends_with_the_development(shop):
    Provider.of(shop)
    alice = EndUser.objects.get(username="alice")
    people.set_password(EndUser.objects.get(username="bob"), "correct horse battery")
    ann = people.make(shop, "ann")
    everyone = [alice, EndUser.objects.get(username="bob"), ann]
    digests = [token_of(user, f"asat_{user.username}") for user in everyone]
    for user in everyone:
        EndUserSession.objects.create(user=user, digest=user.username, expires=timezone.now() + datetime.timedelta(1))
    providing.change(shop, development=True, signup=True)
    assert [state(*pair) for pair in zip(everyone, digests, strict=True)] == ["ok"] * 3
    providing.change(shop, development=False)
    assert [state(*pair) for pair in zip(everyone, digests, strict=True)] == ["revoked", "revoked", "ok"]
    assert [row.user for row in EndUserSession.objects.all()] == [ann]
    token_of(alice, "asat_later")
    providing.change(shop, development=False)
    assert AccessToken.objects.get(token="asat_later").revoked is None, "it ends once, when it is switched off"


def test_nobody_is_a_test_user_without_a_password_any_more(shop):
    Provider.of(shop)
    alice = EndUser.objects.get(username="alice")
    assert revoking.locked(alice.pk)
    Provider.objects.update(development=False)
    assert not revoking.locked(alice.pk)
    people.set_password(alice, "correct horse battery")
    assert revoking.locked(alice.pk)


def test_an_account_is_kept_as_given_and_its_password_hashed(shop):
    user = people.make(
        shop, " Ann@Example.com ", email="ann@example.com", name="Ann", password="correct horse battery",
        groups=["staff", " staff ", ""], claims={"plan": {"name": "gold"}},
    )  # fmt: skip
    user.refresh_from_db()
    assert (user.username, user.groups, user.claims) == ("ann@example.com", ["staff"], {"plan": {"name": "gold"}})
    assert user.check_password("correct horse battery") and not user.check_password("correct horse")
    assert "correct" not in user.password


def test_passwords_are_argon2(shop, settings):
    settings.PASSWORD_HASHERS = ["actionstudio.apps.accounts.hashers.SmallArgon2"]
    assert people.make(shop, "ann", password="correct horse battery").password.startswith("argon2$argon2id$")


def test_without_a_password_nobody_signs_in_with_one(shop):
    user = people.make(shop, "ann")
    assert user.password == "" and not user.check_password("")


@pytest.mark.parametrize("username", ["", " ", "a b", "-a", "a.", "ä", "a/b", "a\0", "x" * 151, "<b>"])
def test_a_username_that_cannot_be_typed_or_shown_everywhere_is_refused(shop, username):
    assert wrong(lambda: people.make(shop, username)) == ["/username"]


def test_everything_that_is_wrong_is_told_at_once(shop):
    deed = lambda: people.make(shop, "", email="nobody", name="a\nb", groups=["x" * 81], claims=["gold"])  # noqa: E731
    assert wrong(deed) == ["/claims", "/email", "/groups", "/name", "/username"]


@pytest.mark.parametrize(
    "claims",
    [{"sub": "x"}, {"iss": 1}, {"email": "a@b.c"}, {"groups": []}, [], "x", {"a": "\0"}, {"a\ud800": 1},
     {"a": float("nan")}, {"a": "x" * 4096}],
)  # fmt: skip
def test_claims_that_the_provider_says_itself_or_cannot_keep_are_refused(shop, claims):
    assert wrong(lambda: people.change(people.make(shop, "ann"), claims=claims)) == ["/claims"]


def test_claims_nested_without_end_are_refused(shop):
    value: dict = {}
    for _ in range(5000):
        value = {"a": value}
    assert wrong(lambda: people.make(shop, "ann", claims=value)) == ["/claims"]


@pytest.mark.parametrize("password", ["short", "password123", "annabelle.long", "p" * 257])
def test_a_weak_password_is_refused(shop, password):
    assert wrong(lambda: people.make(shop, "annabelle.long", password=password)) == ["/password"]
    assert not shop.end_users.exists()


def test_a_username_is_given_once_in_a_project_and_again_in_another(shop):
    people.make(shop, "ann")
    assert wrong(lambda: people.make(shop, "ANN")) == ["/username"]
    assert wrong(lambda: people.change(people.make(shop, "bob"), username="ann")) == ["/username"]
    assert people.make(make.project("other"), "ann").sub != shop.end_users.get(username="ann").sub


def test_a_name_taken_between_look_and_write_is_refused_too(shop, monkeypatch):
    people.make(shop, "ann")
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)
    assert wrong(lambda: people.make(shop, "ann")) == ["/username"]


def test_there_is_a_most(shop, monkeypatch):
    monkeypatch.setattr(people, "MOST", 1)
    people.make(shop, "ann")
    assert wrong(lambda: people.make(shop, "bob")) == [""]


def test_closing_ends_tokens_browsers_and_keys_and_reopening_revives_no_token(shop, django_capture_on_commit_callbacks):
    user = people.make(shop, "ann")
    digest = token_of(user)
    key, text = people.mint_key(user, "curl")
    user.sessions.create(digest="s", expires=timezone.now())
    wallet = tokens.Wallet(DatabaseTokens())
    assert wallet.find(shop.pk, digest).state == "ok"
    with django_capture_on_commit_callbacks(execute=True):
        people.close(user)
    assert wallet.find(shop.pk, digest).state == "revoked", "what was at hand is forgotten at once"
    assert state(user, sha256(text.encode()).digest()) == "revoked"
    assert not user.sessions.exists()
    people.reopen(user)
    assert state(user, digest) == "revoked" and state(user, sha256(text.encode()).digest()) == "ok"


def test_deleting_leaves_nothing_that_opens_anything(shop, django_capture_on_commit_callbacks):
    user = people.make(shop, "ann")
    digest = token_of(user)
    wallet = tokens.Wallet(DatabaseTokens())
    assert wallet.find(shop.pk, digest).state == "ok"
    with django_capture_on_commit_callbacks(execute=True):
        people.delete(user)
    found = wallet.find(shop.pk, digest)
    assert found is None or found.state == "revoked"
    assert not shop.end_users.exists()


def test_another_password_signs_out_and_leaves_apps_connected(shop):
    user = people.make(shop, "ann", password="correct horse battery")
    digest = token_of(user)
    user.sessions.create(digest="s", expires=timezone.now())
    people.set_password(user, "another horse battery")
    assert not user.sessions.exists() and state(user, digest) == "ok"
    people.set_password(user, "")
    user.refresh_from_db()
    assert user.password == ""


def test_a_key_is_shown_once_kept_as_a_digest_and_ended_once(shop):
    user = people.make(shop, "ann")
    key, text = people.mint_key(user, "curl")
    assert text.startswith("asuk_") and text not in str(key.__dict__) and key.last4 == text[-4:]
    assert wrong(lambda: people.mint_key(user, "curl")) == wrong(lambda: people.mint_key(user, " ")) == ["/name"]
    assert people.revoke_key(user, key.pk) == key and people.revoke_key(user, key.pk) is None
    assert people.revoke_key(people.make(shop, "bob"), people.mint_key(user, "curl")[0].pk) is None


def test_the_people_of_drills_come_with_the_provider_once(shop):
    Provider.of(shop)
    drill = {user.username: user for user in shop.end_users.all()}
    assert sorted(drill) == ["alice", "bob", "dana", "lou"]
    assert all(user.test and not user.password for user in drill.values())
    assert drill["dana"].denies and not drill["lou"].is_active
    people.delete(drill["bob"])
    Provider.of(shop)
    assert not shop.end_users.filter(username="bob").exists()
    assert [user.username for user in people.test_users(shop)] == ["alice", "dana", "lou", "bob"]


def test_an_account_that_took_the_name_of_a_drill_stays_as_it_is(shop):
    people.make(shop, "alice", password="correct horse battery")
    people.test_users(shop)
    alice = shop.end_users.get(username="alice")
    assert not alice.test and alice.check_password("correct horse battery")
