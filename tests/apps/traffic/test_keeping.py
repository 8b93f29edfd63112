"""The page of the log's data: bounds, rules with their preview, hiding in the past, deleting what was chosen."""

import io
import json
import re
import time
import zipfile

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job
from actionstudio.apps.publishing import source
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic import erasing, storing
from actionstudio.apps.traffic.conversations import feeding
from actionstudio.apps.traffic.keeping import changing, deleting, rehiding, selections
from actionstudio.apps.traffic.models import Conversation, DebugText, Exchange
from actionstudio.core.hiding import Masks, Rule
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/items/data/"
MARIA = {"customer": {"name": "Maria Long", "email": "maria@example.org"}, "n": 1}


@pytest.fixture
def project(ann):
    return make.project("items", ann)


def run(job: Job) -> Job:
    """Does a queued job's work until it is over."""
    for _ in range(20):
        jobs.run.func(str(job.pk))
        job.refresh_from_db()
        if job.over:
            break
    return job


@pytest.fixture
def later(settings):
    """Jobs wait until a test does them."""
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def rules(*rows: dict, **more) -> dict:
    """The rules' form as a browser sends it."""
    sent = {"deed": "hide", "rule-TOTAL_FORMS": len(rows), "rule-INITIAL_FORMS": 0, **more}
    for n, row in enumerate(rows):
        sent |= {f"rule-{n}-{name}": value for name, value in {"where": "everywhere", "text": "", **row}.items()}
    return sent


def test_the_page_tells_what_is_stored(client, project, ann):
    client.force_login(ann)
    make.exchange(project, at=int(time.time() * 1000) - 60_000, response_body=b"x" * 4_000)
    storing.step()
    page = client.get(URL).content.decode()
    assert re.search(r"<title>Data · [^·]+ · Action Studio</title>", page), "the project stands in it once"
    assert re.search(r"<dt>Requests</dt><dd>1</dd>", page) and re.search(r"<dd>4\.\d\sKB</dd>", page)


@pytest.mark.parametrize(
    ("masks", "words"),
    [
        ([], "Add names of your own fields</a>."),
        (["tax_id"], "You hide 1 more name</a>."),
        (["tax_id", "pin"], "You hide 2 more names</a>."),
    ],
)
def test_the_page_leads_to_the_names_that_are_hidden_besides(client, project, ann, masks, words):
    client.force_login(ann)
    project.masks = masks
    project.save()
    assert words in client.get(URL).text


def test_bounds_are_saved_and_every_process_learns_of_them(client, project, ann):
    client.force_login(ann)
    version = Address.objects.get().version
    sent = {"deed": "keep", "keep_days": "7", "keep_calls": "", "megabytes": "50", "bodyless": "getItems\n"}
    assert client.post(URL, sent).status_code == 302
    project.refresh_from_db()
    assert (project.keep_days, project.keep_calls, project.keep_bytes) == (7, None, 50_000_000)
    assert not project.keep_bodies and project.bodyless == ["getItems"]
    assert Address.objects.get().version > version
    assert not source.masks_of(project).keeps("other")


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, project, ann):
    client.force_login(ann)
    page = client.post(URL, {"deed": "keep", "keep_days": "-1", "bodyless": "unknownOne"})
    text = page.content.decode()
    assert page.status_code == 422 and "no operation “unknownOne”" in text and "unknownOne</textarea>" in text
    page = client.post(URL, rules({"kind": "path", "text": "customer"}, {"kind": "pattern", "text": "(("}))
    text = page.content.decode()
    assert page.status_code == 422 and "A path begins with $" in text and 'value="(("' in text
    project.refresh_from_db()
    assert project.hiding == [] and project.keep_days is None


def test_rules_are_shown_on_the_newest_calls_before_they_are_saved(client, project, ann):
    client.force_login(ann)
    make.exchange(project, request_body=MARIA)
    make.exchange(project)
    page = client.post(URL, rules({"kind": "path", "text": "$.customer.name"}, {"kind": "email"}, preview="1"))
    text = page.content.decode()
    assert "1 of the newest 2 requests would change." in text
    assert "Maria Long" in text and "•••• (10 characters)" in text
    project.refresh_from_db()
    assert project.hiding == []


def test_saved_rules_hold_for_the_next_call(client, project, ann):
    client.force_login(ann)
    assert client.post(URL, rules({"kind": "email"}, {"kind": ""})).status_code == 302
    project.refresh_from_db()
    assert changing.of(project) == [Rule("email")]
    assert source.masks_of(project).rules == (Rule("email"),)


def test_the_past_is_hidden_with_replays_and_pasted_texts_and_only_once(project, ann):
    told = make.exchange(project, request_body=MARIA, violations=[{"code": "x", "message": "“Maria Long” is too long"}])
    plain = make.exchange(project, response_body={"ok": True}, request_headers=[["accept", "*/*"]])
    replay = Replay.objects.create(
        project=project,
        exchange_id=told.pk,
        call={"method": "GET", "path": "/maria@example.org", "query": "", "headers": [], "body": ""},
    )
    DebugText.objects.create(project_id=project.pk, key="k", text="to maria@example.org")
    changing.hide(project, [Rule("email"), Rule("path", "$..name")])
    job = run(rehiding.start(project, by=ann))
    assert job.state == Job.State.DONE and (job.result["looked"], job.result["changed"]) == (2, 1)
    told.refresh_from_db()
    everything = bytes(told.request_body).decode() + told.violations
    assert "Maria" not in everything and "maria" not in everything and '"n":1' in everything
    assert bytes(plain.response_body) == bytes(Exchange.objects.get(pk=plain.pk).response_body)
    replay.refresh_from_db()
    assert "maria" not in json.dumps(replay.call) and "maria" not in DebugText.objects.get().text
    again = run(rehiding.start(project, by=ann))
    assert again.result["changed"] == 0 and again.result["copies"] == 0


def test_hiding_the_past_goes_on_where_it_was_stopped(project, ann, monkeypatch, later):
    monkeypatch.setattr(rehiding, "READ", 2)
    monkeypatch.setattr(rehiding, "TURN", -1.0)
    for n in range(5):
        make.exchange(project, path=f"/to/maria{n}@example.org")
    changing.hide(project, [Rule("email")])
    job = rehiding.start(project, by=ann)
    jobs.run.func(str(job.pk))
    job.refresh_from_db()
    assert not job.over and job.result["changed"] == 2
    assert run(job).result["changed"] == 5
    assert not Exchange.objects.filter(path__contains="maria").exists()


def test_bodies_that_are_not_to_be_kept_go_from_the_past_and_the_bytes_are_counted_down(project, ann):
    make.exchange(project, at=1_700_000_000_000, response_body=b"x" * 9_000, operation_id="getItems")
    storing.step()
    before = storing.amount(project.pk).bytes
    changing.keep(project, bodyless=["getItems"])
    run(rehiding.start(project, by=ann))
    assert bytes(Exchange.objects.get().response_body) == b""
    assert storing.amount(project.pk) == storing.Amount(1, before - 9_000)


def test_only_one_such_work_at_a_time(project, ann, later):
    make.exchange(project)
    rehiding.start(project, by=ann)
    with pytest.raises(Refused):
        deleting.start(project, {"q": "status:200"}, by=ann)


def test_what_a_deletion_takes_along_is_told_before(client, project, ann):
    client.force_login(ann)
    make.exchange(project, status=500)
    make.exchange(project)
    page = client.get(f"{URL}delete/?q=status:500").content.decode()
    assert "1 request" in page and "replays made of them" in page and "none was made of these requests" in page
    assert Exchange.objects.count() == 2


def test_a_filter_deletes_what_it_finds_and_nothing_that_came_later(client, project, ann):
    client.force_login(ann)
    for status in (500, 500, 200):
        make.exchange(project, status=status)
    assert client.post(f"{URL}delete/", {"q": "status:500", "sure": "1"}).status_code == 302
    later = make.exchange(project, status=500, at=int(time.time() * 1000) + 5_000)
    job = run(Job.objects.get())
    assert job.state == Job.State.DONE and job.done == 2
    assert {row.status for row in Exchange.objects.exclude(pk=later.pk)} == {200}
    assert Exchange.objects.filter(pk=later.pk).exists()


def test_a_deletion_that_is_done_does_not_name_whose_calls_went(project, ann):
    for wanted in ({"q": "user:cleo status:500"}, {"user": "cleo"}):
        make.exchange(project, user_id="cleo", status=500)
        job = run(deleting.start(project, wanted, by=ann))
        assert (job.state, job.done) == (Job.State.DONE, 1)
    assert "cleo" not in str([*Job.objects.values()])
    deleting.work(jobs.Progress(job))  # killed after its last step it is begun again


def test_a_conversation_is_deleted_from_its_page(client, project, ann):
    client.force_login(ann)
    for n in range(3):
        make.exchange(project, conversation_id="c1", at=int(time.time() * 1000) - 60_000 + n)
    other = make.exchange(project)
    feeding.step()
    key = Conversation.objects.get(conversation_id="c1").key
    page = client.get(f"/projects/items/conversations/{key}/").content.decode()
    assert f"data/delete/?conversation={key}" in page
    assert "3 requests" in client.get(f"{URL}delete/?conversation=c1").text, "the id of ChatGPT finds it too"
    client.post(f"{URL}delete/", {"conversation": key, "sure": "1"})
    assert run(Job.objects.get()).done == 3
    assert [*Exchange.objects.all()] == [other] and not Conversation.objects.filter(conversation_id="c1").exists()


def test_a_filter_that_is_too_long_is_told_and_never_cut(client, project, ann):
    client.force_login(ann)
    assert 'id="del-q"' in (page := client.get(URL).text)
    assert "maxlength" not in page.partition('id="del-q"')[2].partition(">")[0]
    page = client.get(f"{URL}delete/", {"q": "milk " * 500}).text
    assert "may have 1000 characters" in page and "milk " * 499 in page


def test_by_age_and_by_hand(project):
    old = make.exchange(project, at=1_700_000_000_000)
    new = make.exchange(project)
    end = selections.newest(project)
    assert [*selections.ids(project, {"before": "2024-01-01"}, end)] == [old.pk]
    assert [*selections.ids(project, {"pick": [new.public_id]}, end)] == [new.pk]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"q": "a", "before": "2024-01-01"},
        {"q": "status:>>"},
        {"before": "soon"},
        {"pick": "x"},
        {"conversation": "?"},
        {"person": "me"},
    ],
)
def test_a_selection_that_cannot_be_read_is_refused_on_the_page(client, project, ann, wanted):
    client.force_login(ann)
    page = client.get(f"{URL}delete/", wanted)
    assert page.status_code == 422 and 'role="alert"' in page.content.decode()


@pytest.mark.parametrize(
    ("wanted", "status", "says"),
    [
        ({"q": "conversation:nope"}, 200, "There is no such request."),
        ({"before": "2001-01-01T00:00"}, 200, "There is no such request."),
        ({"q": "status:>>"}, 422, 'aria-describedby="del-q-err"'),
        ({"before": "soon"}, 422, 'aria-describedby="del-before-err"'),
    ],
)
def test_what_finds_nothing_can_be_asked_otherwise(client, project, ann, wanted, status, says):
    client.force_login(ann)
    make.exchange(project)
    page = client.get(f"{URL}delete/", wanted)
    [(name, value)] = wanted.items()
    assert page.status_code == status and says in page.text
    assert f'id="del-{name}"' in page.text and f'value="{escape(value)}"' in page.text


def test_all_that_is_kept_of_a_user_of_chatgpt_is_a_file_and_can_go(client, project, ann):
    client.force_login(ann)
    known = {"user_id": "u 1", "conversation_id": "c1", "response_body": {"n": 1}}
    theirs = [make.exchange(project, at=int(time.time() * 1000) - 60_000 + n, **known) for n in range(3)]
    others = [make.exchange(project, user_id="u 2"), make.exchange(project)]
    make.exchange(make.project("other"), user_id="u 1")
    feeding.step()
    talk = Conversation.objects.get(conversation_id="c1")
    DebugText.objects.create(project_id=project.pk, key=talk.key, text="[debug] what they said")
    assert f"{URL}?user=u%201#one" in client.get(f"/projects/items/conversations/{talk.key}/").text
    assert 'value="u 1"' in client.get(f"{URL}?user=u%201").text
    answer = client.get(f"{URL}user.zip", {"user": "u 1"})
    assert "items-user.zip" in answer["Content-Disposition"]
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert [one["id"] for one in json.loads(file.read("requests.json"))] == [row.public_id for row in theirs[::-1]]
    assert [one["pasted"] for one in json.loads(file.read("conversations.json"))] == ["[debug] what they said"]
    page = client.get(f"{URL}delete/", {"user": "u 1"}).text
    assert "3 requests" in page and "u 1" in page
    client.post(f"{URL}delete/", {"user": "u 1", "sure": "1"})
    assert run(Job.objects.get()).done == 3
    assert [*Exchange.objects.filter(project_id=project.pk).order_by("pk")] == others


def test_a_user_of_chatgpt_of_whom_nothing_is_kept_is_said_beside_the_field(client, project, ann):
    client.force_login(ann)
    make.exchange(project)
    for typed in ("nobody", "", "\0"):
        page = client.get(f"{URL}user.zip", {"user": typed})
        assert page.status_code == 422 and 'id="del-user-err"' in page.text
    assert 'value="nobody"' in client.get(f"{URL}user.zip", {"user": "nobody"}).text
    assert 'id="del-user"' in client.get(f"{URL}delete/", {"user": "nobody"}).text


def test_a_stranger_gets_no_file_of_anybody(client, project, ann):
    make.exchange(project, user_id="u1")
    client.force_login(make.user("eve"))
    assert client.get(f"{URL}user.zip", {"user": "u1"}).status_code == 404


def test_a_deletion_can_be_stopped(client, project, ann, monkeypatch, later):
    client.force_login(ann)
    for _ in range(3):
        make.exchange(project)
    job = deleting.start(project, {"q": "status:200"}, by=ann)
    assert client.post(f"{URL}jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED and Exchange.objects.count() == 3


def test_a_deletion_that_takes_long_gives_others_a_turn(project, ann, monkeypatch):
    monkeypatch.setattr(deleting, "TURN", -1.0)
    monkeypatch.setattr(erasing, "FIRST", 1)
    for _ in range(3):
        make.exchange(project)
    assert run(deleting.start(project, {"q": "status:200"}, by=ann)).done == 3


def test_cleaning_up_by_hand_follows_the_bounds(client, project, ann):
    client.force_login(ann)
    changing.keep(project, keep_calls=1, keep_days=0)
    old = [make.exchange(project, at=1_700_000_000_000 - n * 1_000) for n in range(3)]
    client.post(URL, {"deed": "prune"})
    assert run(Job.objects.get()).done == 2
    assert [*Exchange.objects.values_list("pk", flat=True)] == [old[0].pk]  # the newest


def test_ten_and_twenty_calls_cost_the_same(client, project, ann):
    client.force_login(ann)
    client.post(URL, rules({"kind": "email"}, preview="1"))  # the address is loaded once
    counts = []
    for _ in range(2):
        for _ in range(10):
            make.exchange(project, request_body=MARIA)
        with CaptureQueriesContext(connections["default"]) as first:
            client.post(URL, rules({"kind": "email"}, preview="1"))
        counts.append(len(first))
    assert counts[0] == counts[1]


def test_masks_of_a_plain_project_are_a_plain_set(project):
    assert type(source.masks_of(project)) is frozenset
    changing.hide(project, [Rule("email")])
    assert isinstance(source.masks_of(project), Masks)
