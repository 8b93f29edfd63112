"""A suite changes nothing on the server of somebody else before a person has agreed to it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.replay.models import Case, Suite, SuiteRun
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites import running, scheduling
from tests.apps.replay.suites.test_suite_running import project, suite  # noqa: F401
from tests.runtime.upstream import Upstream as Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with Server() as made:
        yield made


@pytest.fixture
def elsewhere(suite, server):  # noqa: F811
    suite.target = server.url
    suite.save()
    Case.objects.create(suite=suite, name="Refund", method="POST", path="/refunds", whole=False, position=2)
    return suite


def test_what_only_reads_there_or_stays_here_needs_no_word(suite, server):  # noqa: F811
    running.start(suite, by=suite.project.owner, target=server.url)
    Case.objects.create(suite=suite, name="Refund", method="POST", path="/refunds", whole=False, position=2)
    running.start(suite, by=suite.project.owner)
    assert SuiteRun.objects.count() == 2


def test_the_person_is_asked_once_with_a_list(elsewhere, server):
    with pytest.raises(reaching.Unconfirmed) as asked:
        running.start(elsewhere, by=elsewhere.project.owner)
    (risk,) = asked.value.risks
    assert (risk.method, risk.host, risk.first) == ("POST", f"127.0.0.1:{server.port}", ("Refund",))
    assert not server.seen and not SuiteRun.objects.exists()
    running.start(elsewhere, by=elsewhere.project.owner, confirmed=True)
    assert len(server.seen) == 2
    running.start(Suite.objects.get(), by=elsewhere.project.owner)
    assert len(server.seen) == 4


def test_a_schedule_and_a_save_wait_for_the_word(elsewhere, server):
    past = timezone.now() - datetime.timedelta(minutes=1)
    Suite.objects.update(schedule="hourly", next_run=past, on_save=True)
    assert scheduling.due() == [] and scheduling.saved(elsewhere.project) == []
    Suite.objects.update(agreed=[f"127.0.0.1:{server.port}"], next_run=past)
    assert len(scheduling.due()) == 1


def test_the_page_lists_what_would_be_sent_and_takes_the_word(elsewhere, server, client, ann):
    client.force_login(ann)
    page, go = (reverse(f"replay:{name}", args=["shop", elsewhere.slug]) for name in ("suite", "suite-start"))
    shown = client.get(page).text
    assert "Agree and run" in shown and f"127.0.0.1:{server.port}" in shown and "/refunds" in shown
    assert client.post(go).url == f"{page}#risks"
    assert not SuiteRun.objects.exists()
    client.post(go, {"confirm": "1"})
    assert SuiteRun.objects.count() == 1
    assert "Agree and run" not in client.get(page).text


def test_the_api_tells_what_has_to_be_confirmed(elsewhere, server, client, ann):
    _row, text = ApiToken.mint(ann, "ci")
    url = reverse("api:suite-start", args=["shop", elsewhere.pk])
    sent = {"content_type": "application/json", "headers": {"authorization": f"Bearer {text}"}}
    asked = client.post(url, {}, **sent)
    assert (asked.status_code, asked.json()["errors"][0]["pointer"]) == (409, "/confirm")
    assert not server.seen
    assert client.post(url, {"confirm": True}, **sent).status_code == 202
