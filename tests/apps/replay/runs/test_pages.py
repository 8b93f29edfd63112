"""The pages of runs: what would be sent, the run while it goes on and afterwards, its end, and once more."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.design import editing
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import selecting, starting
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Parameter, Response
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db


def contract(answer, *parameters):
    media = Media("application/json", {"type": "object"}, (Example("", answer),))
    responses = (Response("200", "OK", content=(media,)),)
    return make.contract(make.operation(responses=responses, parameters=parameters))


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project("shop", ann, contract({"id": 1, "price": 2}))


def called(n: int = 1, query: str = "", headers=()) -> list[Exchange]:
    call = Call("GET", "/items", query, (("accept", "application/json"), *headers))
    made = [frontdoor().call_blocking("shop", call, source="client").record.id for _n in range(n)]
    return list(Exchange.objects.filter(pk__in=made).order_by("pk"))


def url(name: str, *args) -> str:
    return reverse(f"replay:{name}", args=["shop", *args])


def form(calls=(), **fields) -> dict:
    usual = {"target": "live", "credential": "same", "concurrency": 2, "rate": 200, "carry": "on", "go": "1"}
    return {"pick": [one.public_id for one in calls], **usual, **fields}


def run_of(project, calls, **options) -> Run:
    selection = selecting.picked(project, [one.public_id for one in calls])
    return starting.start(project, selection, "live", Options(rate=200, **options), project.owner)


@pytest.fixture
def waiting(project, settings):
    """A run that no worker has begun."""
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    return run_of(project, called(2))


def test_the_time_to_go_is_told_by_the_pace_so_far(client, project, waiting):
    Run.objects.update(state="running", begun=timezone.now() - datetime.timedelta(seconds=60), total=120)
    items = [Item(run=waiting, n=n, exchange_id=n, method="GET", path="/", state="done") for n in range(3, 33)]
    items += [Item(run=waiting, n=n, exchange_id=n, method="GET", path="/") for n in range(33, 121)]
    page = client.get(url("run", waiting.pk))
    assert "about" not in page.text
    Item.objects.bulk_create(items)
    page = client.get(url("run", waiting.pk)).text
    assert "30 of 120 done, 90 left" in page and "running for 1 min" in page and "about 3 min to go" in page


def test_a_look_shows_what_would_be_sent_with_what_was_typed(client, project):
    (call,) = called(1, "a=1")
    wish = form([call], set_headers="X-Team: blue", look="1")
    del wish["go"]
    shown = client.post(url("new"), wish)
    assert shown.status_code == 200 and "X-Team: blue" in shown.text
    wrong = client.post(url("new"), wish | {"target": "base", "base": "ftp://x"})
    assert wrong.status_code == 422 and "ftp://x" in wrong.text
    assert not Run.objects.exists()


def test_the_form_shows_what_would_be_sent(client, project):
    calls = called(2, "a=1")
    text = client.get(url("new"), {"pick": [one.public_id for one in calls]}).content.decode()
    assert "Replay 2 calls" in text and "Send 0 calls" in text, "ChatGPT would send no query that is not declared"
    assert "/live/shop/items?a=1" in text
    assert text.count('name="pick"') == 2


def test_a_filter_selects_too_and_one_that_cannot_be_read_selects_nothing(client, project):
    called(3)
    assert "Send 3 calls" in client.get(url("new"), {"q": "status:200"}).content.decode()
    assert "Send 3 calls" in client.get(url("new"), {"status": "2"}).content.decode()
    answer = client.get(url("new"), {"q": "status:>="})
    assert answer.status_code == 422
    assert "No calls are selected" in answer.content.decode()


def test_the_calls_of_one_conversation_are_selected(client, project):
    called(1), called(2, headers=[("openai-conversation-id", "talk-1")])
    assert "Send 2 calls" in client.get(url("new"), {"conversation": "talk-1"}).content.decode()


def test_many_picks_may_be_posted(client, project):
    calls = called(3)
    answer = client.post(url("new"), {"pick": [one.public_id for one in calls]})
    assert "Send 3 calls" in answer.content.decode()
    assert not Run.objects.exists()


def test_sending_leads_to_the_run_which_tells_what_changed(client, project):
    calls = called(3)
    editing.replace(project, contract({"id": 1, "price": "2"}))
    answer = client.post(url("new"), form(calls))
    run = Run.objects.get()
    assert answer.url == url("run", run.pk)
    text = client.get(answer.url).content.decode()
    assert "$.price became a string." in text
    assert "3 answers are broken." in text
    assert 'hx-trigger="every 1s"' not in text
    assert "Only the broken ones" in text


def test_a_run_that_goes_on_asks_for_itself_and_can_be_cancelled(client, project, waiting):
    text = client.get(url("run", waiting.pk)).content.decode()
    assert 'hx-trigger="every 1s"' in text and "Waiting for a free worker" in text
    assert client.post(url("run-cancel", waiting.pk)).url == url("run", waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    text = client.get(url("run", waiting.pk)).content.decode()
    assert "The run was cancelled." in text and "skipped" in text
    assert not Exchange.objects.filter(source="replay").exists()


def test_a_run_whose_worker_was_killed_too_often_is_told_as_interrupted(client, project, waiting):
    waiting.job.state = "failed"
    waiting.job.error = "This work was interrupted too often."
    waiting.job.save()
    text = client.get(url("run", waiting.pk)).content.decode()
    assert "The run did not come to its end." in text and "interrupted too often" in text
    assert set(Item.objects.values_list("state", flat=True)) == {"skipped"}


def test_outcomes_are_filtered_by_verdict_and_by_group(client, project):
    calls = called(1)
    editing.replace(project, contract({"id": 1, "price": 3}))
    calls += called(1)
    run = run_of(project, calls)
    page = url("run", run.pk)
    assert client.get(page).content.decode().count('id="item-') == 2
    assert client.get(page, {"only": "same"}).content.decode().count('id="item-') == 1
    assert client.get(page, {"group": "0"}).content.decode().count('id="item-') == 1
    assert client.get(page, {"only": "nonsense"}).status_code == 404


def test_only_the_broken_ones_are_run_again(client, project):
    calls = called(1)
    editing.replace(project, contract({"id": 1, "price": "2"}))
    calls += called(1)
    run = run_of(project, calls)
    client.post(url("run-again", run.pk), {"only": "broken"})
    again = Run.objects.exclude(pk=run.pk).get()
    assert (again.parent_id, again.total, again.items.get().exchange_id) == (run.pk, 1, calls[0].pk)


def test_a_run_is_changed_and_run_from_a_form_that_knows_how_it_was(client, project):
    run = run_of(project, called(2), edits={"set_headers": [["x-tenant", "acme"]]}, concurrency=3)
    text = client.get(url("new"), {"run": run.pk}).content.decode()
    assert "x-tenant: acme" in text and 'value="3"' in text and "Send 2 calls" in text


def test_what_chatgpt_would_refuse_is_told_before(client, project):
    editing.replace(project, contract({}, Parameter("q", "query", schema={"type": "string"})))
    call = Call("GET", "/items", "q=a")
    old = Exchange.objects.get(pk=frontdoor().call_blocking("shop", call, source="gpt").record.id)
    editing.replace(project, contract({}))
    text = client.get(url("new"), {"pick": [old.public_id, called(1)[0].public_id]}).content.decode()
    assert "1 of 2 calls would be refused before leaving ChatGPT." in text
    assert "UnrecognizedKwargsError" in text
    client.post(url("new"), form([old]))
    text = client.get(url("run", Run.objects.get().pk)).content.decode()
    assert "1 of 1 calls would be refused before leaving ChatGPT; it was not sent." in text


def test_calls_that_may_change_something_elsewhere_are_listed_and_need_a_tick(client, project):
    change = make.exchange(project, "POST", "/items", operation_id="addItem")
    with Server() as server:
        sent = form([change], target="base", base=server.url)
        answer = client.post(url("new"), sent)
        text = answer.content.decode()
        assert answer.status_code == 422 and not server.seen
        assert "addItem" in text and f"127.0.0.1:{server.port}" in text and change.public_id in text
        client.post(url("new"), {**sent, "confirm": "on"})
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"target": "base"}, "Type the base URL"),
        ({"set_headers": "no colon"}, "Line 1: write it as name: value."),
        ({"set_headers": "bad name: x"}, "is no name of a header"),
        ({"set_values": "$.a"}, "Line 1: write it as $.name = value."),
        ({"set_values": "nowhere = 1"}, "is no place"),
        ({"base_from": "v1"}, "is no base path"),
        ({"concurrency": "99"}, "less than or equal to 16"),
        ({"rate": "0"}, "greater than or equal to 0.1"),
        ({"typed_value": "secret"}, "Name the header"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(client, project, wrong, message):
    answer = client.post(url("new"), form(called(1), **{"remove_headers": "x-kept-name", **wrong}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text.replace("&quot;", '"').replace("&#x27;", "'")
    assert "x-kept-name" in text
    assert not Run.objects.exists()


def test_all_mistakes_are_told_at_once_and_each_of_them_once(client, project):
    wrong = {
        "target": "base",
        "base": "ftp://no",
        "typed_name": "Host",
        "typed_value": "x",
        "set_headers": "no colon here",
        "remove_headers": "bad{name",
        "base_from": "v1",
        "set_values": "garbage",
        "shift_days": "99999999",
        "concurrency": "99",
        "rate": "0",
    }
    text = client.post(url("new"), form(called(1), **wrong)).content.decode()
    told = {name: text.count(f'id="id_{name}-err') for name in wrong if name not in ("target", "typed_value")}
    assert told == dict.fromkeys(told, 1)
    assert text.count("Host follows from where the call goes") == 1
    assert text.count("Line 1: write it as name: value.") == 1 and "“no colon here” is no name" not in text


def test_a_call_leads_to_its_replays_and_runs_and_a_replay_back_to_its_call(client, project):
    (call,) = called(1)
    run = run_of(project, [call])
    text = client.get(url("of", call.public_id)).content.decode()
    assert url("run", run.pk) in text
    result = Exchange.objects.get(source="replay")
    text = client.get(url("of", result.public_id)).content.decode()
    assert "This call is itself a replay of" in text and call.public_id in text


def test_the_list_has_runs_and_single_replays(client, project):
    (call,) = called(1)
    run = run_of(project, [call])
    client.post(url("send", call.public_id))
    text = client.get(url("list")).content.decode()
    assert url("run", run.pk) in text and "1 same" in text and "Single replays" in text


def count(client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_ten_calls_and_twenty_cost_the_same(client, project):
    editing.replace(project, contract({"id": 1, "price": 2}))
    calls = called(10)
    editing.replace(project, contract({"id": 1, "price": 3}))
    small = run_of(project, calls)
    few = count(client, url("run", small.pk)), count(client, url("list"))
    large = run_of(project, calls + called(10))
    for _n in range(5):
        run_of(project, calls[:1])
    assert (count(client, url("run", large.pk)), count(client, url("list"))) == few


class TestOneVerdict:
    """What a run says of an answer and what the page of that answer says."""

    def elsewhere(self, client, project, body: bytes, status: str = "200 OK"):
        """The page of one call, sent to another server that answers so."""
        with Server() as server:
            server.reply = lambda seen: answer(body, status, "Content-Type: application/json")
            client.post(url("new"), form(called(1), target="base", base=server.url))
        row = Replay.objects.get()
        page = client.get(url("result", row.pk)).content.decode()
        return row, page, client.get(url("run", row.run_id)).content.decode()

    def test_an_answer_of_another_server_is_held_to_the_contract_on_both(self, client, ann):
        client.force_login(ann)
        whole = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
        media = Media("application/json", whole, (Example("", {"id": 1}),))
        value = make.contract(make.operation(responses=(Response("200", "OK", content=(media,)),)))
        row, page, run = self.elsewhere(client, make.project("shop", ann, value), b'{"id":"1"}')
        assert row.after["violations"] == 1 and row.facts["verdict"] == "broken"
        assert "The answer departs from the contract." in run and "1 answer is broken" in run
        assert "The answer is broken." in page and "The answer departs from the contract." in page
        assert "not checked" not in page and "1 violation" in page

    def test_an_answer_that_keeps_the_contract_is_told_so(self, client, project):
        _row, page, _run = self.elsewhere(client, project, b'{"id":1,"price":2}')
        assert "Valid" in page and "not checked" not in page

    def test_what_is_counted_is_what_is_listed(self, client, project):
        editing.replace(project, contract([{"id": n, "price": n} for n in range(3)]))
        body = json.dumps([{"id": n, "price": n + 9} for n in range(3)]).encode()
        row, page, _run = self.elsewhere(client, project, body)
        changes = page.count('name="add"')
        assert f"The answer differs in {changes} places." in page and row.changes == changes
        assert "<dd>3 changes</dd>" in page

    def test_what_comes_with_another_status_is_folded_and_not_counted(self, client, project):
        row, page, _run = self.elsewhere(client, project, b'{"error":"x","hint":"y"}', "404 No")
        shown, _fold, along = page.partition("come with the other status")
        assert row.changes == 1 and "The answer differs in 1 place." in page
        assert shown.count('name="add"') == 1 and along.count('name="add"') >= 4
        assert "another one" in page and "The status became 404; it was 200." in page

    def test_what_is_ignored_breaks_no_more_until_it_counts_again(self, client, project):
        row, _page, _run = self.elsewhere(client, project, b'{"id":"1","price":3}')
        client.post(url("ignore", row.pk), {"add": "$.id"})
        row.refresh_from_db()
        assert row.facts["verdict"] == "changed"
        assert "The answer is broken." not in client.get(url("result", row.pk)).content.decode()
        client.post(url("ignore", row.pk), {"remove": "$.id"})
        assert "The answer is broken." in client.get(url("result", row.pk)).content.decode()

    def test_what_an_answer_only_says_back_is_listed_no_more_than_counted(self, client, project):
        call = make.exchange(project, query="ref=alpha-1", operation_id="getItems", response_body={"ref": "alpha-1"})
        with Server() as server:
            server.reply = lambda seen: answer(b'{"ref":"beta-22"}', "200 OK", "Content-Type: application/json")
            edit = {"set_values": "query.ref = beta-22"}
            client.post(url("new"), form([call], target="base", base=server.url, **edit))
        row = Replay.objects.get()
        assert row.facts["echoes"] == ["$.ref"] and row.same
        assert "$.ref" not in client.get(url("result", row.pk)).content.decode().partition('id="changes"')[2][:600]

    def test_a_single_replay_of_it_begins_without_its_verdict(self, client, project):
        row, _page, _run = self.elsewhere(client, project, b'{"id":"1","price":3}')
        with Server() as server:
            server.reply = lambda seen: answer(b'{"id":1,"price":2}', "200 OK", "Content-Type: application/json")
            Replay.objects.filter(pk=row.pk).update(target=server.url)
            client.post(url("again", row.pk))
        again = Replay.objects.exclude(pk=row.pk).get()
        assert "verdict" not in again.facts and "reasons" not in again.facts
