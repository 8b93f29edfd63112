"""Nothing arrived: when that is said, which reasons stand first, and the pages that say it."""

import time

import pytest

from actionstudio.apps.traffic.diagnoses import silence
from actionstudio.core.auth import OAuth
from actionstudio.core.contract import Contract
from tests import make

pytestmark = pytest.mark.django_db
MINUTES = 60_000


def now() -> int:
    """In milliseconds; asked anew each time, since a whole suite takes longer than what is tested here."""
    return int(time.time() * 1000)


def fetched(project, ago=10, **fields):
    at = now() - ago * MINUTES
    return make.exchange(project, path="/openapi.json", kind="document", source="gpt", revision=1, at=at, **fields)


def test_a_document_fetch_without_a_call_after_it_is_silence(ann):
    project = make.project("items", ann)
    row = fetched(project)
    found = silence.of(project)
    assert (found.kind, found.row.pk) == ("document", row.pk)
    assert any("approval" in reason.title for reason in found.reasons)
    assert all(reason.check.endswith(".") or reason.check.endswith("…") for reason in found.reasons)


def test_a_call_after_the_fetch_ends_it_whatever_its_answer(ann):
    project = make.project("items", ann)
    fetched(project)
    make.exchange(project, status=401, kind="refused", source="gpt", at=now() - 9 * MINUTES)
    assert silence.of(project) is None


def test_a_call_of_somebody_else_or_of_before_does_not(ann):
    project = make.project("items", ann)
    make.exchange(project, source="gpt", at=now() - 20 * MINUTES)
    fetched(project)
    make.exchange(project, source="client", at=now() - 5 * MINUTES)
    assert silence.of(project).kind == "document"


def test_nothing_is_said_in_the_first_moments_or_while_nobody_has_fetched_but_calls(ann):
    project = make.project("items", ann)
    fetched(project, ago=1)
    assert silence.of(project) is None
    other = make.project("other", ann)
    make.exchange(other, source="gpt")
    assert silence.of(other) is None


def test_an_address_that_nobody_ever_fetched_is_told_what_keeps_chatgpt_away(ann):
    found = silence.of(make.project("items", ann))
    assert found.kind == "never" and found.reasons[0].sure
    assert "machine" in found.reasons[0].title


def test_a_fetch_by_nobody_known_is_told_and_taken_for_no_silence_of_chatgpts(ann):
    project = make.project("items", ann)
    row = make.exchange(project, path="/openapi.json", kind="document", revision=1, at=now() - 10 * MINUTES)
    found = silence.of(project)
    assert found.kind == "never" and "perhaps by the GPT editor" in found.reasons[-1].title
    assert row.public_id in found.reasons[-1].links[0][1] and "not imported" not in str(found.reasons)


def test_a_sign_in_that_was_begun_and_not_finished_stands_first(ann):
    project = make.project("items", ann, make.contract(auth=OAuth()))
    fetched(project)
    assert not next(reason for reason in silence.of(project).reasons if "signed in" in reason.title).sure
    make.exchange(project, path="/oauth/authorize", kind="oauth", at=now() - 5 * MINUTES)
    assert silence.of(project).reasons[0].title == "The sign-in was not finished."


def test_a_document_that_the_import_refuses_is_the_first_reason(ann):
    project = make.project("items", ann, Contract(title="Empty"))
    fetched(project)
    reasons = silence.of(project).reasons
    assert reasons[0].title == "ChatGPT's import refuses the document." and reasons[0].sure


def test_the_page_and_the_hint_above_the_log(client, ann):
    project = make.project("items", ann)
    client.force_login(ann)
    url = f"/projects/{project.slug}/log/silence/"
    assert "Nothing of ChatGPT" in client.get(url).text
    hint = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert client.get(url, headers=hint).text.strip() == ""
    fetched(project)
    assert "has not called since" in client.get(url, headers=hint).text
    page = client.get(url).text
    assert "no call has followed" in page and "A question for approval" in page
    assert url in client.get(f"/projects/{project.slug}/log/").text


def test_the_api_says_the_same(client, ann):
    project = make.project("items", ann)
    row = fetched(project)
    client.force_login(ann)
    answer = client.get(f"/api/v1/projects/{project.slug}/silence/").json()
    assert answer["kind"] == "document" and answer["exchange"] == row.public_id
    assert {"title", "check", "sure", "links"} == {*answer["reasons"][0]}
    make.exchange(project, status=204, source="gpt")
    newest = make.exchange(project, status=204, source="gpt")
    whole = client.get(f"/api/v1/projects/{project.slug}/exchanges/{newest.public_id}/").json()
    assert [one["code"] for one in whole["diagnoses"]] == ["nothing-told"]


def test_a_stranger_sees_no_page_and_no_answer(client, ann, eve):
    project = make.project("items", ann)
    client.force_login(eve)
    assert client.get(f"/projects/{project.slug}/log/silence/").status_code == 404
    assert client.get(f"/api/v1/projects/{project.slug}/silence/").status_code in (401, 404)


def test_the_page_is_reached_from_where_one_waits(client, ann):
    client.force_login(ann)
    make.project("items", ann)
    for page in ("log/", "connect/"):
        assert "/projects/items/log/silence/" in client.get(f"/projects/items/{page}").text


def test_it_is_told_to_ask_for_an_endpoint_that_is_there(ann):
    project = make.project("items", ann, make.contract(make.operation("GET", "/items", operation_id="findItems")))
    fetched(project)
    assert any("“use findItems”" in reason.check for reason in silence.of(project).reasons)
