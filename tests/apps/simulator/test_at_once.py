"""Many at once: one GPT is made of a project, and an expired token is refreshed by one."""

import datetime

import pytest
from django.utils import timezone

from actionstudio.apps.simulator import automatic, dialog, keeping, setting, signing
from actionstudio.apps.simulator.models import Action, Gpt, Grant
from actionstudio.core.auth import OAuth, Scope
from tests import make
from tests.apps.oauth.conftest import sqlite_file  # noqa: F401
from tests.apps.oauth.engine.test_races import at_once
from tests.provider import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(sqlite_file):  # noqa: F811
    return make.project("shop", make.user(), make.contract(auth=OAuth((Scope("read", "Read"),))))


def test_many_tabs_get_one_gpt_with_one_action_and_one_client(project):
    got = at_once(*[lambda: setting.first(project).pk] * 6)
    assert len(set(got)) == 1 and None not in got
    assert Gpt.objects.count() == 1 and Action.objects.count() == 1 and project.clients.count() == 1


def test_many_calls_refresh_once(project):
    """The provider rotates: a refresh token that came twice would end the sign-in."""
    with Elsewhere(automatic.callback_url()) as other:
        action, ann = setting.first(project).actions.get(), make.user()
        action.automatic = False
        action.auth = dialog.oauth(f"{other.url}/authorize", f"{other.url}/token", "read", client_id=other.client_id)
        keeping.put_secrets(action, {keeping.CLIENT_SECRET: other.client_secret})
        action.save()
        other.fresh["first"] = "read"
        grant = Grant(action=action, user=ann, state=Grant.State.GRANTED)
        grant.expires = timezone.now() - datetime.timedelta(seconds=1)
        keeping.put_held(grant, {"access": "old", "refresh": "first"})
        grant.save()
        got = at_once(*[lambda: signing.credential(action, ann)] * 6)
        assert len({token.access for token in got}) == 1 and len(other.asked("/token")) == 1
