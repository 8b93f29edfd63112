"""What has ended is kept for a while, and then removed; what works is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import limiting, pruning, secrets
from actionstudio.apps.oauth.models import (
    AccessToken,
    Attempt,
    ClientSecret,
    EndUserSession,
    Grant,
    Provider,
    RefreshToken,
)
from actionstudio.apps.replay.pruning import prune
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return shop()


def kept() -> tuple[int, int, int]:
    return Grant.objects.count(), AccessToken.objects.count(), RefreshToken.objects.count()


def after(**time):
    return pruning.prune(timezone.now() + timedelta(**time))


def test_codes_then_access_tokens_then_refresh_tokens(project):
    gpt = flows.client(project)
    flows.signed_in(project, gpt)
    after(hours=23)
    assert kept() == (1, 1, 1)
    after(hours=25)
    assert kept() == (1, 1, 1), "it tells where the sign-in returned to"
    after(days=7, hours=2)
    assert kept() == (1, 0, 1)
    after(days=36)
    assert kept() == (1, 0, 1)
    assert after(days=38) == 2
    assert kept() == (0, 0, 0)


def test_a_refresh_token_whose_access_token_is_gone_still_works(project):
    gpt = flows.client(project)
    first = flows.signed_in(project, gpt)
    after(days=8)
    assert flows.refresh(project, gpt, first["refresh_token"])[0] == 200


def test_each_project_has_its_own_time(project):
    other = shop("other")
    for one, days in ((project, 1), (other, 60)):
        Provider.objects.update_or_create(project=one, defaults={"refresh_days": days})
        flows.signed_in(one, flows.client(one))
    after(days=9)
    assert [row.application.project for row in RefreshToken.objects.all()] == [other]


def test_many_are_removed_in_steps(project, monkeypatch):
    monkeypatch.setattr(pruning, "CHUNK", 2)
    gpt = flows.client(project)
    for _ in range(5):
        flows.allowed(project, gpt, flows.person(project))
    assert after(days=2) == 5


def test_the_daily_work_does_it(project):
    flows.allowed(project, flows.client(project), flows.person(project))
    Grant.objects.update(expires=timezone.now() - timedelta(days=2))
    prune()
    assert kept() == (0, 0, 0)


def test_ended_secrets_go_after_a_month_but_for_the_newest_of_a_client(project):
    gpt, other = flows.client(project), flows.client(project)
    for _each in range(2):
        secrets.rotate(gpt.row)
    ended = timezone.now()
    ClientSecret.objects.filter(client=other.row).update(expires=ended)  # it has none that works
    after(days=29)
    assert ClientSecret.objects.count() == 4
    after(days=32)
    (kept,) = gpt.row.secrets.all()
    assert kept.expires is None and [row.expires for row in other.row.secrets.all()] == [ended]


def test_sessions_and_counted_tries_that_are_over_go_too(project):
    person, now = flows.person(project), timezone.now()
    for number, ends in enumerate((now - timedelta(days=1), now + timedelta(days=1))):
        EndUserSession.objects.create(user=person, digest=str(number), expires=ends)
    limiting.allowed("login:a", 5, 60)
    Attempt.objects.update(ends=now.timestamp() - 1)
    limiting.allowed("login:b", 5, 60)
    assert pruning.prune() == 1
    assert (EndUserSession.objects.get().digest, Attempt.objects.count()) == ("1", 1)
