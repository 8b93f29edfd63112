"""Callbacks in the log: with the call they followed, told apart from calls that came in."""

import pytest
from django.conf import settings
from django.db import connections

from actionstudio.apps.replay import replaying
from actionstudio.apps.traffic import adopting, callbacks, charting, exporting, verdict
from actionstudio.apps.traffic.models import SHIFT
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
AT = 1_800_000_000_000


def call(project, *entries, **fields):
    trail = [{"what": "callback", "name": "onEvent", "url": "https://a.test/x", **entry} for entry in entries]
    return make.exchange(project, "POST", "/subscribe", 201, at=AT, decisions={"trail": trail}, **fields)


def callback(project, of, status: int = 204, after: int = 5, error: str = ""):
    entry = {"what": "callback", "name": "onEvent", "url": "https://a.test/x", **({"error": error} if error else {})}
    return make.exchange(
        project, "POST", "https://a.test/x", status, query="a=1", at=AT + after, kind="callback", operation_id="sub",
        decisions={"call": of.pk, "trail": [entry]}, request_body={"kind": "made"},
    )  # fmt: skip


def test_a_call_leads_to_its_callbacks_and_back(client, ann):
    project = make.project("items", ann)
    row = call(project, {"delay": 2.0}, {"delay": 0})
    mine = [callback(project, row), callback(project, row, 0, 2500, "nobody there")]
    callback(project, call(make.project("others", ann), {"delay": 0}))
    assert [one.pk for one in callbacks.of(row)] == [one.pk for one in mine]
    client.force_login(ann)
    page = client.get(f"/projects/items/log/{row.public_id}/").content.decode()
    assert all(f"/log/{one.public_id}/" in page for one in mine)
    page = client.get(f"/projects/items/log/{mine[1].public_id}/").content.decode()
    assert f"/log/{row.public_id}/" in page and "nobody there" in page
    assert "Edit and resend" not in page and ">–<" in page


def test_only_what_was_tried_is_looked_for(ann, django_assert_num_queries):
    project = make.project("items", ann)
    row = call(project, {"error": "no URL"})
    with django_assert_num_queries(0, connection=connections[settings.LOG_DATABASE]):
        assert callbacks.of(row) == []


@pytest.mark.parametrize("number", [1, 10])
def test_however_many_there_are_it_is_one_query(ann, number, django_assert_num_queries):
    project = make.project("items", ann)
    row = call(project, *[{"delay": 0}] * number)
    for index in range(number):
        callback(project, row, after=index + 1)
    with django_assert_num_queries(1, connection=connections[settings.LOG_DATABASE]):
        assert len(callbacks.of(row)) == number


def test_callbacks_that_left_long_after_are_another_calls(ann):
    project = make.project("items", ann)
    row = call(project, {"delay": 0})
    late = callback(project, row, after=(callbacks.LATE + 1) * 1000)
    assert (late.pk - row.pk) >> SHIFT > callbacks.LATE * 1000
    assert callbacks.of(row) == []


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [(204, "ok", "was sent."), (302, "warn", "not accepted"), (500, "warn", "not accepted"), (0, "bad", "no answer")],
)
def test_what_became_of_it_is_told(ann, status, kind, words):
    project = make.project("items", ann)
    found = verdict.verdict(callback(project, call(project, {"delay": 0}), status, error="" if status else "time"))
    assert found.kind == kind and words in found.head
    assert found.sentences == ([] if status else ["The reason: time."])


def test_its_url_is_its_own_and_it_cannot_be_replayed(ann):
    project = make.project("items", ann)
    row = callback(project, call(project, {"delay": 0}))
    assert exporting.url(row) == "https://a.test/x?a=1"
    assert "https://a.test/x?a=1" in exporting.curl(row)
    with pytest.raises(Refused, match="made by the mock itself"):
        replaying.replay(project, row, by=ann)


def test_the_log_can_be_filtered_by_them(client, ann):
    project = make.project("items", ann)
    row = call(project, {"delay": 0})
    mine = callback(project, row)
    client.force_login(ann)
    page = client.get("/projects/items/log/?kind=callback").content.decode()
    assert mine.public_id in page and f'id="{row.public_id}"' not in page


def test_a_callback_is_no_call_of_the_endpoint(client, ann):
    op = make.operation("POST", "/subscribe", operation_id="sub")
    project = make.project("items", ann, make.contract(op))
    call(project, operation_id="sub")
    mine = callback(project, call(project, {"delay": 0}, operation_id="sub"))
    client.force_login(ann)
    url = f"/projects/items/log/{mine.public_id}/"
    page = client.get(url).content.decode()
    assert "/adopt/" not in page and "/try/" not in page
    assert client.get(url + "adopt/").status_code == 404
    with pytest.raises(Refused, match="This is a callback"):
        adopting.adopt(project, mine, ["example:204"], ann)
    checked = client.get("/projects/items/endpoints/sub/mock/check/").content.decode()
    assert "/subscribe" in checked and "a.test" not in checked


def test_the_overview_counts_calls_and_not_callbacks(ann):
    project = make.project("items", ann)
    row = call(project, {"delay": 0}, duration_us=1000)
    for after in (1, 2, 3):
        callback(project, row, 500, after=after)
    day = charting.day(project.pk, AT + 1000)
    assert (day.calls, day.failed, day.median_us) == (1, 0, 1000)
