"""A run sends what was selected, each call once, in order, and says of every one what became of it."""

import base64
import json

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.projects import driven, jobs
from actionstudio.apps.replay import ignoring, judging, sending
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import (
    claiming,
    closing,
    counting,
    grouping,
    previewing,
    reaching,
    running,
    selecting,
    starting,
)
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Example, Media, Parameter, Response
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db
FAST = Options(rate=200, concurrency=1)


def contract(value, *more):
    media = Media("application/json", {"type": "object"}, (Example("", value),))
    return make.contract(make.operation(responses=(Response("200", "OK", content=(media,)),)), *more)


def called(project, method="GET", path="/items", headers=(), body=b"", source="client") -> Exchange:
    call = Call(method, path, "", tuple(headers), body)
    return Exchange.objects.get(pk=frontdoor().call_blocking(project.slug, call, source=source).record.id)


def start(project, calls, target="live", options=FAST, **more) -> Run:
    selection = selecting.picked(project, [one.public_id for one in calls])
    run = starting.start(project, selection, target, options, project.owner, **more)
    run.refresh_from_db()
    return run


def states(run) -> list[str]:
    return list(Item.objects.filter(run=run).order_by("n").values_list("state", flat=True))


@pytest.fixture
def project(ann):
    return make.project("shop", ann, contract({"id": 1, "total": 2}))


def test_what_was_selected_is_sent_again_and_compared(project):
    calls = [called(project) for _n in range(3)]
    editing.replace(project, contract({"id": 1, "total": "2"}))
    run = start(project, calls)
    assert (run.state, run.job.state, run.total) == ("done", "done", 3)
    assert run.counts == {"states": {"done": 3}, "verdicts": {"broken": 3}}
    (group,) = grouping.listed(run)
    assert (group["kind"], group["path"], group["was"], group["now"]) == ("type", "$.total", "number", "string")
    assert (group["count"], group["verdict"]) == (3, "broken")
    rows = Replay.objects.filter(run=run).order_by("id")
    assert [row.exchange_id for row in rows] == [one.pk for one in calls]
    assert all(row.packed for row in rows)
    assert Exchange.objects.filter(source="replay").count() == 3
    assert Exchange.objects.get(pk=rows[0].result_exchange_id).source == "replay"


def test_calls_are_sent_in_the_order_in_which_they_came_and_callbacks_are_left_out(project):
    calls = [called(project) for _n in range(3)]
    leg = make.exchange(project, "POST", "/oauth/token", kind="oauth")
    run = start(project, [calls[2], leg, calls[0], calls[1]])
    assert list(run.items.values_list("exchange_id", flat=True)) == [one.pk for one in calls]
    assert run.left_out == {"oauth": 1}


def test_all_that_a_filter_finds_is_selected(project):
    for _n in range(3):
        called(project)
    called(project, path="/nowhere")
    found = selecting.filtered(project, Filter.read({"status": "2"}))
    assert (len(found), found.text, found.more) == (3, "status=2", False)


def test_more_than_a_run_takes_is_said(project, monkeypatch):
    monkeypatch.setattr(selecting, "MOST", 2)
    calls = [called(project) for _n in range(3)]
    found = selecting.filtered(project, Filter())
    assert ([one.pk for one in found.calls], found.more) == ([one.pk for one in calls[1:]], True)


def test_a_run_against_a_revision_gets_the_answers_of_then(project):
    calls = [called(project)]
    editing.replace(project, contract({"id": 1, "total": "2"}))
    run = start(project, calls, "revision:1")
    assert run.counts["verdicts"] == {"same": 1}


def test_a_call_that_the_log_no_longer_has_is_skipped(project):
    calls = [called(project), called(project)]
    selection = selecting.picked(project, [one.public_id for one in calls])
    Exchange.objects.filter(pk=calls[0].pk).delete()
    run = starting.start(project, selection, "live", FAST, project.owner)
    assert states(run) == ["skipped", "done"]
    assert run.items.get(n=1).reason == "The log no longer has this call."


def test_a_body_that_the_log_cut_is_not_sent(project):
    cut = make.exchange(project, "POST", "/items", request_body=b'{"a": 1', request_size=900, cut=1)
    run = start(project, [cut])
    assert states(run) == ["skipped"]


class TestStillSent:
    """A call that ChatGPT would no longer make."""

    @pytest.fixture
    def calls(self, project):
        operation = make.operation(parameters=(Parameter("q", "query", schema={"type": "string"}),))
        editing.replace(project, make.contract(operation))
        call = Call("GET", "/items", "q=a", ())
        made = frontdoor().call_blocking("shop", call, source="gpt")
        editing.replace(project, make.contract(make.operation()))
        return [Exchange.objects.get(pk=made.record.id), called(project, source="gpt")]

    def test_it_is_refused_with_chatgpts_own_words(self, project, calls):
        run = start(project, calls)
        assert states(run) == ["refused", "done"]
        assert "UnrecognizedKwargsError" in run.items.get(n=1).reason
        assert counting.of_run(run).plain() == {"states": {"refused": 1, "done": 1}, "verdicts": {"same": 1}}

    def test_it_is_sent_when_that_is_wanted(self, project, calls):
        run = start(project, calls, options=Options(rate=200, send_refused=True))
        assert states(run) == ["done", "done"]

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            ({"status": 401, "kind": "refused", "auth": "missing"}, "UnrecognizedKwargsError: q"),
            ({"status": 422, "kind": "refused"}, "UnrecognizedKwargsError: q"),
            ({"status": 404, "kind": "refused", "operation_id": ""}, "UnrecognizedKwargsError: q"),
            ({"status": 404, "kind": "refused", "operation_id": "", "path": "/nosuch"}, "No operation has this method"),
            (
                {"status": 405, "kind": "refused", "operation_id": "", "method": "DELETE"},
                "No operation has this method",
            ),
        ],
    )
    def test_it_is_refused_however_it_was_answered_and_by_whom(self, project, made, words):
        call = make.exchange(project, **{"query": "q=a", "operation_id": "getItems", **made})
        run = start(project, [call])
        assert states(run) == ["refused"]
        assert run.items.get().reason.startswith(words)
        checked = previewing.check(project, [call], sending.Target(), FAST)
        assert [reason for _call, reason in checked.first] == [run.items.get().reason]

    def test_it_is_asked_of_the_version_that_the_calls_go_to(self, project, calls):
        missed = make.exchange(project, query="q=a", status=404, kind="refused")
        assert states(start(project, [missed], "revision:2")) == ["done"]
        assert states(start(project, [missed], "revision:3")) == ["refused"]

    def test_the_fetch_of_a_document_is_no_call_of_an_action(self, project):
        fetched = called(project, path="/openapi.json")
        assert fetched.kind == "document"
        assert states(start(project, [fetched])) == ["done"]

    def test_many_calls_are_looked_at_in_few_statements(self, project, django_assert_max_num_queries):
        missed = [make.exchange(project, path=f"/no/{n}", status=404, kind="refused") for n in range(250)]
        with django_assert_max_num_queries(12):  # three of 100 calls each, and what is live
            assert previewing.check(project, missed, sending.Target(), FAST).refused == 250

    def test_a_call_that_is_skipped_for_its_body_is_not_told_as_refused(self, project):
        cut = make.exchange(
            project,
            "POST",
            request_body=b'{"a": 1',
            request_size=900,
            cut=1,
            request_headers=[["content-type", "application/json"]],
        )
        assert previewing.check(project, [cut], sending.Target(), FAST).refused == 0


class TestKilled:
    """What a worker leaves behind that was killed."""

    @pytest.fixture
    def run(self, project, monkeypatch):
        monkeypatch.setattr(jobs, "start", lambda work, **fields: None)
        calls = [
            make.exchange(project, method, "/items", request_body=b"{}") for method in ("GET", "POST", "PUT", "POST")
        ]
        run = start(project, calls, options=Options(rate=200, concurrency=1, send_refused=True))
        monkeypatch.undo()
        run.items.filter(n__lt=4).update(state="sent", attempts=1)
        return run

    def go_on(self, run):
        job = jobs.start(
            running.work, owner=run.project.owner, project=run.project, queue="bulk", input={"run": run.pk}
        )
        job.refresh_from_db()
        run.refresh_from_db()
        return job

    def test_only_what_does_no_harm_is_sent_again(self, run):
        self.go_on(run)
        assert states(run) == ["done", "unknown", "done", "done"]
        assert run.counts["states"] == {"done": 3, "unknown": 1}
        assert sum(run.counts["states"].values()) == run.total
        assert Exchange.objects.filter(source="replay", method="POST").count() == 1
        assert "It may have arrived" in run.items.get(n=2).reason

    def test_an_operation_that_says_so_may_be_sent_again(self, run):
        marked = make.operation("POST", "/items", extra={"x-idempotent": True})
        editing.replace(run.project, make.contract(make.operation(), marked))
        run.items.update(operation_id=marked.operation_id)
        self.go_on(run)
        assert states(run) == ["done"] * 4

    def test_so_may_everything_when_the_run_allows_it(self, run):
        run.options["resend"] = True
        run.save()
        self.go_on(run)
        assert states(run) == ["done"] * 4

    def test_a_result_that_comes_late_is_taken_and_not_twice(self, run):
        item = run.items.get(n=2)
        claiming.recover(run, lambda one: False)
        row = Replay(project=run.project, run=run, exchange_id=item.exchange_id, call={"body": ""}, before={}, after={})
        assert claiming.settle(item, row, "same", "")
        item.refresh_from_db()
        assert (item.state, item.replay_id) == ("done", row.pk)
        other = Replay(
            project=run.project, run=run, exchange_id=item.exchange_id, call={"body": ""}, before={}, after={}
        )
        assert not claiming.settle(item, other, "broken", "")
        assert Replay.objects.filter(run=run).count() == 1

    def test_a_call_is_claimed_by_one(self, run):
        one, two = run.items.get(n=4), run.items.get(n=4)
        assert (claiming.claim(one), claiming.claim(two)) == (True, False)
        assert claiming.claim_again(one) and not claiming.claim_again(two)


def test_a_run_goes_on_in_turns(project, monkeypatch):
    calls = [called(project) for _n in range(3)]
    asked = []

    def one_call_a_turn(turn):
        asked.append(turn)
        return asked.count(turn) > 3  # before a lane, before its call, before it leaves

    monkeypatch.setattr(running.Turn, "_over", one_call_a_turn)
    run = start(project, calls)
    assert (run.state, states(run)) == ("done", ["done"] * 3)
    assert len(set(map(id, asked))) == 3
    assert Exchange.objects.filter(source="replay").count() == 3


class TestElsewhere:
    """Another server."""

    @pytest.fixture
    def server(self):
        with Server() as made:
            yield made

    def test_calls_that_may_change_something_there_have_to_be_confirmed(self, project, server):
        calls = [called(project), make.exchange(project, "POST", "/items"), make.exchange(project, "POST", "/items")]
        with pytest.raises(reaching.Unconfirmed) as asked:
            start(project, calls, server.url)
        (risk,) = asked.value.risks
        assert (risk.method, risk.host, risk.count) == ("POST", f"127.0.0.1:{server.port}", 2)
        assert risk.first == tuple(one.public_id for one in calls[1:])
        assert not Run.objects.exists() and not server.seen
        assert start(project, calls, server.url, confirmed=True).counts["states"] == {"done": 3}

    def test_a_busy_server_is_left_alone_as_long_as_it_asks_and_then_asked_again(self, project, server, monkeypatch):
        answers = iter([answer(b"", "429 Slow down", "Retry-After: 0"), answer(b"{}", "200 OK")])
        server.reply = lambda seen: next(answers)
        run = start(project, [called(project)], server.url)
        assert (len(server.seen), run.items.get().attempts, run.counts["states"]) == (2, 2, {"done": 1})

    def test_a_call_that_may_not_be_repeated_is_not_sent_again_to_a_busy_server(self, project, server):
        server.reply = lambda seen: answer(b"", "503 Busy", "Retry-After: 0")
        run = start(project, [make.exchange(project, "POST", "/items")], server.url, confirmed=True)
        assert (len(server.seen), run.counts["states"]) == (1, {"done": 1})

    def test_a_server_that_is_not_there_fails_each_call(self, project):
        run = start(project, [called(project)], "http://127.0.0.1:9")
        assert run.counts == {"states": {"failed": 1}, "verdicts": {"broken": 1}}
        assert run.items.get().reason

    def test_a_typed_header_is_sealed_and_gone_when_the_run_is_over(self, project, server, monkeypatch):
        kept = {}
        real = running._typed
        monkeypatch.setattr(running, "_typed", lambda run: kept.update(sealed=bytes(run.sealed)) or real(run))
        options = Options(rate=200, typed="X-Key")
        run = start(project, [called(project)], server.url, options, typed="s3cret-value")
        assert server.last.header("x-key") == "s3cret-value"
        assert b"s3cret" not in kept["sealed"]
        assert run.sealed is None
        assert "s3cret" not in json.dumps([run.options, run.job.input, run.job.result])

    def test_edits_by_template_apply_to_every_call(self, project, server):
        edits = {"set_headers": [["x-tenant", "acme"]], "base_path": ["/items", "/v2/items"]}
        start(project, [called(project), called(project)], server.url, Options(rate=200, edits=edits))
        assert [(one.target, one.header("x-tenant")) for one in server.seen] == [("/v2/items", "acme")] * 2


def stateful():
    """A list that can be added to and read from."""
    rows = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    media = (Media("application/json", rows),)
    add = make.operation(
        "POST",
        "/orders",
        body=Body(True, content=media),
        behaviour=Stateful("orders", "create"),
        responses=(Response("201", "Made", content=media),),
    )
    read = make.operation(
        "GET",
        "/orders/{id}",
        parameters=(Parameter("id", "path", True, schema={"type": "string"}),),
        behaviour=Stateful("orders", "read"),
        responses=(Response("200", "OK", content=media),),
    )
    return make.contract(add, read, collections=(Collection("orders", rows, id_kind="uuid"),))


def test_what_an_earlier_answer_said_goes_into_later_calls_of_the_conversation(ann):
    project = make.project("shop", ann, stateful())
    talk = (("openai-conversation-id", "talk"), ("content-type", "application/json"))
    first = called(project, "POST", "/orders", talk, b'{"name": "pen"}')
    made = json.loads(bytes(first.response_body))["id"]
    second = called(project, "GET", f"/orders/{made}", talk)
    assert (first.status, second.status) == (201, 200)
    run = start(project, [first, second])
    rows = Replay.objects.filter(run=run).order_by("id")
    new = json.loads(base64.b64decode(rows[0].after["body"]))["id"]
    assert new != made
    assert rows[1].call["path"] == f"/orders/{new}"
    assert rows[1].facts["carried"] == [{"place": "path", "old": made, "new": new}]
    assert run.counts["verdicts"] == {"same": 2}
    told = judging.facts(rows[1])
    assert f"path is {new} instead of {made}" in told[0]
    assert not rows[1].edited and not any("edited" in one for one in told)


def test_a_cancelled_run_keeps_what_it_has_and_skips_the_rest(project, monkeypatch):
    calls = [called(project) for _n in range(3)]
    looking = driven.Turn._looking

    def cancelled_after_one(self):
        if Replay.objects.exists():
            closing.cancel(Run.objects.get())
        return looking(self)

    monkeypatch.setattr(driven, "LOOK", 0)
    monkeypatch.setattr(driven.Turn, "_looking", cancelled_after_one)
    run = start(project, calls)
    assert run.state == "cancelled"
    assert states(run) == ["done", "skipped", "skipped"]
    assert sum(run.counts["states"].values()) == 3


def test_the_projects_rules_say_what_does_not_count(project):
    calls = [called(project)]
    ignoring.adopt(project, "getItems", "/items", ["$.total"])
    editing.replace(project, contract({"id": 1, "total": "2"}))
    run = start(project, calls)
    assert run.counts["verdicts"] == {"same": 1}
    assert judging.difference(Replay.objects.get()).same


def test_what_a_run_ignores_is_left_out_of_the_next_replays_too(project):
    calls = [called(project)]
    editing.replace(project, contract({"id": 1, "total": "2"}))
    assert start(project, calls, options=Options(rate=200, ignore=("$.total",))).counts["verdicts"] == {"same": 1}
    assert start(project, calls).counts["verdicts"] == {"same": 1}
