"""Secrets of clients: random, kept as a hash, replaced with an overlap."""

import hmac
from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import secrets
from actionstudio.apps.oauth.models import ClientSecret
from actionstudio.apps.oauth.secrets import Checked
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db):
    return flows.client(shop())


def test_only_a_hash_and_the_end_are_kept(client):
    row = ClientSecret.objects.get()
    assert client.secret.startswith("ascs_") and len(client.secret) == 48
    assert client.secret not in str(ClientSecret.objects.values()) and row.last4 == client.secret[-4:]
    assert client.row.client_secret == ""


def test_a_right_one_a_wrong_one_and_none(client):
    assert secrets.check(client.row, client.secret) is Checked.RIGHT
    for text in (
        "",
        "ascs_wrong",
        client.secret + "x",
        client.secret[:-1],
        "\ud800",
        ClientSecret.objects.get().digest,
    ):
        assert secrets.check(client.row, text) is Checked.WRONG
    assert secrets.check(None, client.secret) is Checked.WRONG


def test_that_of_another_client_is_wrong(client):
    other = flows.client(client.row.project)
    assert secrets.check(other.row, client.secret) is Checked.WRONG


def test_the_one_before_works_for_the_overlap_and_never_more_than_two(client):
    second = secrets.rotate(client.row, timedelta(hours=1))
    assert len(secrets.live(client.row)) == 2
    third = secrets.rotate(client.row, timedelta(hours=1))
    checked = [secrets.check(client.row, text) for text in (client.secret, second, third)]
    assert checked == [Checked.EXPIRED, Checked.RIGHT, Checked.RIGHT]
    secrets.rotate(client.row, timedelta(0))
    assert secrets.check(client.row, third) is Checked.EXPIRED


def test_rotating_again_does_not_lengthen_an_overlap(client):
    secrets.rotate(client.row, timedelta(minutes=1))
    secrets.rotate(client.row, timedelta(days=1))
    assert ClientSecret.objects.earliest("pk").expires <= timezone.now()


def test_when_it_was_used_last_is_known_to_the_minute(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        secrets.check(client.row, client.secret)
    with django_assert_num_queries(1):
        secrets.check(client.row, client.secret)
    assert ClientSecret.objects.get().last_used is not None


def test_every_one_is_compared_in_constant_time_whether_it_is_right_or_not(client, monkeypatch):
    seen, real = [], hmac.compare_digest
    monkeypatch.setattr(secrets.hmac, "compare_digest", lambda one, other: seen.append(one) or real(one, other))
    secrets.mint(client.row)
    for text in (client.secret, flows.wrong_secret()):
        seen.clear()
        secrets.check(client.row, text)
        assert len(seen) == 3, "both secrets, and that of nobody"
