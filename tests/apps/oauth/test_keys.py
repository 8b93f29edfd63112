"""The keys that sign ID tokens: made once, shared, replaced without a gap."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

from actionstudio.apps.oauth import keys
from actionstudio.apps.oauth.models import SigningKey

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Key size should be")]


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(keys, "BITS", 1024)  # made in a tenth of the time


def later(monkeypatch, delta):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + delta)


def test_it_is_made_when_it_is_first_needed_and_then_stays():
    assert keys.signer().kid == keys.signer().kid
    assert SigningKey.objects.count() == 1


def test_what_is_published_is_the_public_half_alone():
    (shown,) = keys.published()
    assert set(shown) == {"kty", "n", "e", "kid", "alg", "use"}
    assert shown["kid"] == keys.signer().kid


def test_others_know_it_by_the_same_name_and_take_what_it_signs():
    (shown,) = keys.published()
    key = RSAKey.import_key(shown)
    assert key.thumbprint() == shown["kid"]
    assert jwt.decode(keys.signer().sign({"sub": "ä"}), key, algorithms=["RS256"]).claims == {"sub": "ä"}


def test_at_rest_it_is_sealed():
    keys.signer()
    assert b"PRIVATE KEY" not in bytes(SigningKey.objects.get().sealed)


def test_of_two_workers_that_make_one_at_once_the_second_takes_the_firsts(monkeypatch):
    first = keys._make(timezone.now())
    monkeypatch.setattr(SigningKey.objects, "values_list", lambda *a, **k: SigningKey.objects.none())
    assert keys._make(timezone.now()).kid == first.kid


def test_a_new_key_is_published_before_it_signs_and_the_old_one_after(monkeypatch):
    old = keys.signer().kid
    call_command("studio_rotate_signing_key")
    new = SigningKey.objects.first().kid
    assert keys.signer().kid == old
    assert [one["kid"] for one in keys.published()] == [new, old]
    later(monkeypatch, keys.AHEAD + timedelta(seconds=1))
    assert keys.signer().kid == new
    assert [one["kid"] for one in keys.published()] == [new, old]
    later(monkeypatch, keys.KEPT)
    assert [one["kid"] for one in keys.published()] == [new]
    keys.rotate()
    assert not SigningKey.objects.filter(kid=old).exists()


def test_a_key_that_somebody_else_may_have_is_gone_at_once():
    old = keys.signer().kid
    call_command("studio_rotate_signing_key", at_once=True)
    assert [one["kid"] for one in keys.published()] == [keys.signer().kid] != [old]


def test_it_is_sealed_anew_with_the_operators_new_key(settings):
    settings.STUDIO_ENCRYPTION_KEYS = ["old"]
    kid = keys.signer().kid
    settings.STUDIO_ENCRYPTION_KEYS = ["new", "old"]
    call_command("studio_reseal")
    settings.STUDIO_ENCRYPTION_KEYS = ["new"]
    keys._opened.cache_clear()
    assert keys.signer().kid == kid


def test_when_nobody_can_open_it_a_new_one_signs_and_the_old_one_still_proves_what_it_signed(settings):
    settings.STUDIO_ENCRYPTION_KEYS = ["old"]
    old = keys.signer().kid
    settings.STUDIO_ENCRYPTION_KEYS = ["new"]
    keys._opened.cache_clear()
    assert keys.reseal() == (0, 1)
    assert old != keys.signer().kid in {one["kid"] for one in keys.published()}
    assert old in {one["kid"] for one in keys.published()}
