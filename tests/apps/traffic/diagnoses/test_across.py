"""Many calls together: each finding once, with how often; what only shows in a run of calls; and at what cost."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.traffic import diagnoses
from actionstudio.apps.traffic.conversations import feeding
from actionstudio.apps.traffic.models import Conversation
from tests import make

pytestmark = pytest.mark.django_db
NOW = int(time.time() * 1000)
AGO = NOW - 3_600_000


def test_the_same_finding_is_told_once_with_the_calls_it_stands_on(ann):
    project = make.project("items", ann)
    rows = [make.exchange(project, status=204, source="gpt", at=NOW + n) for n in range(7)]
    (group,) = diagnoses.across(project, rows)
    assert (group.diagnosis.code, group.count) == ("nothing-told", 7)
    assert [row.pk for row in group.rows] == [row.pk for row in rows[:5]]


def test_a_storm_of_retries_is_one_call_failing_again_and_again(ann):
    project = make.project("items", ann)
    body, words = {"a": 1}, {"detail": "The amount must be a number."}
    storm = [
        make.exchange(project, "POST", status=422, request_body=body, response_body=words, at=NOW + n * 3000)
        for n in range(5)
    ]
    other = make.exchange(project, "POST", status=422, request_body={"a": 2}, response_body=words, at=NOW + 16_000)
    codes = {group.diagnosis.code: group for group in diagnoses.across(project, [*storm, other])}
    assert codes["retry-storm"].count == 5 and "5 times" in codes["retry-storm"].diagnosis.title
    assert ("Within", "12 s") in codes["retry-storm"].diagnosis.facts


@pytest.mark.parametrize(("gap", "failing"), [(61_000, 5), (3000, 3)])
def test_calls_far_apart_and_few_tries_are_no_storm(ann, gap, failing):
    project = make.project("items", ann)
    rows = [
        make.exchange(project, "POST", status=422, response_body={"detail": "No amount."}, at=NOW + n * gap)
        for n in range(failing)
    ]
    assert "retry-storm" not in {group.diagnosis.code for group in diagnoses.across(project, rows)}


def test_a_try_that_succeeds_ends_the_storm(ann):
    project = make.project("items", ann)
    statuses = (500, 500, 200, 500, 500)
    rows = [make.exchange(project, status=status, at=NOW + n * 1000) for n, status in enumerate(statuses)]
    assert "retry-storm" not in {group.diagnosis.code for group in diagnoses.across(project, rows)}


def test_a_token_that_expires_and_is_never_refreshed(ann):
    project = make.project("items", ann)
    rows = [make.exchange(project, status=401, auth="expired", source="gpt", at=NOW + n) for n in range(2)]
    assert "never-refreshed" in {group.diagnosis.code for group in diagnoses.across(project, rows)}
    told = {"oauth": {"leg": "refresh", "outcome": "ok"}}
    leg = make.exchange(project, "POST", "/oauth/token", kind="oauth", decisions=told, at=NOW + 9)
    assert "never-refreshed" not in {group.diagnosis.code for group in diagnoses.across(project, [*rows, leg])}


def test_twenty_calls_cost_as_many_queries_as_ten(ann):
    project = make.project("items", ann)

    def asked(number):
        kinds = ({"status": 401, "auth": "missing"}, {"status": 404, "path": "/item"}, {"status": 200, "source": "gpt"})
        rows = []
        for n in range(number):
            fields = {"operation_id": "getItems", "revision": 1, **kinds[n % 3]}
            rows.append(make.exchange(project, fields.pop("method", "GET"), fields.pop("path", "/items"), **fields))
        with CaptureQueriesContext(connection) as queries:
            diagnoses.across(project, rows)
        return len(queries)

    asked(3)
    assert asked(10) == asked(20) <= 8


@pytest.mark.django_db(databases="__all__")
def test_a_conversation_says_what_was_probably_wrong_in_it(client, ann, eve):
    project = make.project("items", ann)
    talk = {"source": "gpt", "conversation_id": "talk-1", "gpt_id": "g-1"}
    said = {"detail": "The amount must be a number."}
    rows = [
        make.exchange(project, "POST", status=422, request_body={"a": 1}, response_body=said, at=AGO + n * 1000, **talk)
        for n in range(5)
    ]
    feeding.work()
    url = f"/projects/items/conversations/{Conversation.objects.get().key}/"
    client.force_login(ann)
    assert f'hx-get="{url}diagnoses/"' in client.get(url).text
    text = client.get(f"{url}diagnoses/").text
    assert "5 times and failed each time" in text and rows[0].public_id in text
    client.force_login(eve)
    assert client.get(f"{url}diagnoses/").status_code == 404
