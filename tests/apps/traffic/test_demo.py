"""The demo: one click makes a project with a day of calls, each of which the product really answered."""

import time
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from actionstudio.apps.projects import deleting
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.traffic import charting, demo
from actionstudio.apps.traffic.conversations import listing
from actionstudio.apps.traffic.demo_calls import CALLS, DAY, plan
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(ann):
    return demo.open_for(ann)


def rows(project) -> list[Exchange]:
    return list(Exchange.objects.filter(project_id=project.pk).order_by("id"))


def test_one_click_on_the_empty_list_leads_to_the_demo(client, ann):
    client.force_login(ann)
    url = reverse("traffic:demo")
    assert f'action="{url}"' in client.get("/projects/").text
    assert client.post(url)["Location"] == "/projects/acme-orders/"
    assert "Acme Orders" in client.get("/projects/acme-orders/").text


def test_it_takes_a_form_of_somebody_who_is_signed_in(client, ann):
    assert "login" in client.post(reverse("traffic:demo"))["Location"]
    client.force_login(ann)
    assert client.get(reverse("traffic:demo")).status_code == 405
    assert not Project.objects.exists()


def test_opening_it_again_opens_the_same_whatever_it_is_called_now(ann, opened):
    Project.objects.update(name="Mine")
    assert demo.open_for(ann) == opened
    assert Project.objects.count() == 1
    assert len(rows(opened)) == CALLS


def test_a_double_click_makes_one(ann, opened, monkeypatch):
    looked = iter([None, opened])
    monkeypatch.setattr(demo, "_opened", lambda user: next(looked))  # both looked before either wrote
    assert demo.open_for(ann) == opened
    assert Project.objects.count() == 1
    assert len(rows(opened)) == Exchange.objects.count() == CALLS


def test_everybody_has_their_own(opened, eve, client):
    hers = demo.open_for(eve)
    assert (opened.slug, hers.slug) == ("acme-orders", "acme-orders-2")
    assert len(rows(hers)) == CALLS
    client.force_login(eve)
    assert client.get("/projects/acme-orders/").status_code == 404


def test_the_calls_are_of_all_kinds(opened):
    found = rows(opened)
    assert {row.source for row in found} == {"gpt", "client", "try"}
    assert {row.kind for row in found} == {"mock", "document", "refused"}
    assert {row.status for row in found} >= {200, 201, 401, 404, 405, 409, 422}
    assert {row.operation_id for row in found} >= {op.operation_id for op in opened.operations.all()}
    assert {row.auth for row in found} >= {"ok", "missing", "wrong"}
    assert any(row.found for row in found)
    assert all(row.duration_us > 0 for row in found)
    assert all(row.timings != "[]" for row in found if row.kind == "mock")
    failed = sum(row.status >= 400 for row in found)
    assert 0.04 < failed / CALLS < 0.15
    assert Counter(row.source for row in found)["gpt"] > CALLS / 3


def test_they_lie_in_the_last_day_and_the_day_counts_them(opened):
    now = int(time.time() * 1000)
    times = [row.pk >> SHIFT for row in rows(opened)]
    assert now - DAY < min(times)
    assert max(times) <= now
    assert len({at // 3_600_000 for at in times}) > 18
    day = charting.day(opened.pk)
    assert CALLS - 8 <= day.calls <= CALLS  # the oldest may be in the hour that the picture has left
    assert day.median_us


def test_no_key_stands_in_the_log_and_the_row_names_the_key_used(opened):
    key = opened.keys.get()
    signed = [row for row in rows(opened) if row.auth == "ok"]
    assert {row.key_id for row in signed} == {key.pk}
    assert not [row for row in signed if "ask_" in row.request_headers]


def test_a_row_is_what_the_same_call_is_answered_now(opened):
    row = next(row for row in rows(opened) if row.status == 201 and row.operation_id == "refundOrder")
    headers = tuple((name, value) for name, value in row.headers_in if name != "authorization")
    call = Call(row.method, row.path, row.query, headers, bytes(row.request_body))
    again = frontdoor().call_blocking(row.address, call, key_id=row.key_id)
    assert (again.reply.status, again.reply.body) == (row.status, bytes(row.response_body))
    assert again.record.revision == row.revision == 2


def test_its_two_versions_can_be_compared(opened, client, ann):
    client.force_login(ann)
    assert "updateTicket" in client.get("/projects/acme-orders/spec/versions/1..2/").text


def test_it_is_deleted_as_any_project(opened, ann):
    deleting.delete(opened, by=ann)
    assert not Project.objects.exists()
    assert not Address.objects.exists()
    assert not Exchange.objects.exists()
    assert demo.open_for(ann).slug == "acme-orders"


def test_a_failure_leaves_nothing(ann, monkeypatch):
    monkeypatch.setattr(demo, "plan", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo.open_for(ann)
    assert not Project.objects.exists()
    assert not Exchange.objects.exists()


def test_only_one_demo_of_a_person_can_exist(opened, ann):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.project("other", ann, demo=True)
    make.project("third", ann)


def test_the_plan_is_the_same_for_the_same_moment():
    assert plan(10**12, "k" * 9, "h") == plan(10**12, "k" * 9, "h")
    assert len(plan(10**12, "k" * 9, "h")) == CALLS


def test_its_conversations_are_counted_and_some_have_several_errands(opened, ann):
    page = listing.page(opened.pk, size=200)
    assert len(page.rows) > 10 and not page.behind
    assert max(row.calls for row in page.rows) >= 4
    calls = (
        Exchange.objects.filter(project_id=opened.pk, kind__in=("mock", "refused")).exclude(conversation_id="").count()
    )
    assert sum(row.calls for row in page.rows if row.kind == "id") == calls


def test_no_call_of_it_lies_in_the_future():
    assert max(one.at for one in plan(10**12, "key", "host")) < 10**12
