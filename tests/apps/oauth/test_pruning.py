"""What has ended is kept for a while, and then removed; what works is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import pruning
from actionstudio.apps.oauth.models import AccessToken, Grant, Provider, RefreshToken
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
