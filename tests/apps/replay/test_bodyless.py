"""A body that the log would not keep is kept by nothing that sends a call again: replays, runs, suites, cases."""

import base64
import json

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.replay import judging, rehiding, replaying
from actionstudio.apps.replay.models import Case, Outcome, Replay
from actionstudio.apps.replay.runs import selecting, starting
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.replay.suites import accepting, running, saving
from actionstudio.apps.traffic.keeping import changing
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Response
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.api.test_api import Api
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db
WHO = "mina@acme.test"


def operation(name: str, path: str, method: str = "GET", body=None):
    media = Media("application/json", {"type": "object"}, (Example("", {"customer": WHO}),))
    return make.operation(
        operation_id=name, path=path, method=method, responses=(Response("200", "OK", content=(media,)),)
    )


@pytest.fixture
def project(ann):
    made = make.project("shop", ann, make.contract(operation("listOrders", "/orders"), operation("ping", "/ping")))
    changing.keep(made, bodyless=["listOrders"])
    return made


def called(path: str = "/orders") -> Exchange:
    return Exchange.objects.get(pk=frontdoor().call_blocking("shop", Call("GET", path), source="gpt").record.id)


def whole(project) -> Exchange:
    """A call whose answer the log kept, from before bodies of its operation were no longer kept."""
    changing.keep(project, bodyless=[])
    made = called()
    assert WHO in bytes(made.response_body).decode()
    changing.keep(project, bodyless=["listOrders"])
    return made


def everything(*models) -> str:
    """All that rows of these tables keep, bodies decoded."""
    rows = [row for model in models for row in model.objects.all()]
    replies = [
        getattr(row, name, None) or {} for row in rows for name in ("call", "before", "after", "again", "answer")
    ]
    bodies = [base64.b64decode(one.get("body", "")).decode() for one in replies]
    plain = [json.dumps([getattr(row, name, None) for name in ("facts", "reasons", "checks")]) for row in rows]
    return " ".join([*bodies, *plain])


@pytest.mark.parametrize("make_call", [lambda project: called(), whole])
def test_a_replay_keeps_no_body_of_then_or_now(project, make_call):
    row = replaying.replay(project, make_call(project), twice=True)
    assert row.after["status"] == 200 and row.after["size"] > 0
    replaying.again(row)
    assert WHO not in everything(Replay)
    assert WHO not in bytes(Exchange.objects.get(pk=row.result_exchange_id).response_body).decode()


def test_an_edited_call_keeps_none_where_it_arrives(project):
    row = replaying.replay(project, called("/ping"), overrides={"path": "/orders"})
    assert row.after["status"] == 200 and not row.after["body"]
    with Server(lambda _seen: answer(json.dumps({"customer": WHO}).encode())) as server:
        row = replaying.replay(project, called("/ping"), server.url, overrides={"path": "/orders"})
    assert row.after["status"] == 200 and not row.after["body"]


def test_other_operations_keep_theirs(project):
    replaying.replay(project, called("/ping"))
    assert WHO in everything(Replay)


def test_a_run_keeps_none(project):
    calls = [whole(project), called()]
    selection = selecting.picked(project, [one.public_id for one in calls])
    made = starting.start(project, selection, "live", Options(rate=200, twice=True), project.owner)
    assert made.replays.count() == 2 and WHO not in everything(Replay) + json.dumps(made.groups)


def test_a_case_of_such_a_call_expects_its_status_and_its_run_keeps_no_answer(project):
    suite = saving.create(project, "Orders", project.owner)
    proposals, _cut = saving.proposed(project, [whole(project), called()])
    made = saving.add(suite, proposals)
    assert [(one.whole, one.answer, one.checks[0]["value"]) for one in made] == [(False, None, 200)] * 2
    assert running.start(suite, by=project.owner).passed
    assert WHO not in everything(Case, Outcome)


def test_a_case_written_by_hand_is_compared_with_what_came_and_nothing_of_that_is_kept(project):
    suite = saving.create(project, "Orders", project.owner)
    reply = {"status": 200, "headers": [], "duration_us": 0, "size": 17, "typed": True}
    coded = base64.b64encode(b'{"customer":"joe"}').decode()
    checks = [{"on": "$.customer", "op": "absent", "value": None}]
    case = Case.objects.create(
        suite=suite, name="one", path="/orders", answer={**reply, "body": coded}, operation_id="listOrders"
    )
    outcome = running.start(suite, by=project.owner).outcomes.get()
    assert outcome.verdict == "changed" and outcome.reasons[0]["path"] == "$.customer"
    with pytest.raises(Refused, match="was not kept"):
        accepting.accept(outcome)
    Case.objects.filter(pk=case.pk).update(checks=checks)
    missed = running.start(suite, by=project.owner).outcomes.get().reasons
    assert [one["now"] for one in missed if one["kind"] == "check"] == ["••••"]
    same = base64.b64encode(json.dumps({"customer": WHO}).encode()).decode()
    Case.objects.update(answer={**reply, "body": same}, checks=[])
    assert running.start(suite, by=project.owner).passed
    outcomes = [*Outcome.objects.all()]
    assert WHO not in json.dumps([[one.reasons, one.facts] for one in outcomes])
    assert not any(one.after["body"] for one in outcomes)


def test_hiding_in_the_past_takes_them_out(project):
    changing.keep(project, bodyless=[])
    row = replaying.replay(project, called())
    changing.keep(project, bodyless=["listOrders"])
    assert WHO in everything(Replay) and judging.unkept(row.after) is False
    assert rehiding.again(project, replaying.masks_of(project)) == 1
    assert WHO not in everything(Replay)


def test_an_answer_whose_body_was_not_kept_is_not_called_the_same(project, client):
    client.force_login(project.owner)
    row = replaying.replay(project, called())
    assert (row.same, row.changes, row.facts["comparable"]) == (False, 0, False)
    page = client.get(reverse("replay:result", args=["shop", row.pk])).text
    assert "The answers cannot be compared." in page and "only status and headers were compared" in page
    assert "The same answer as then" not in page and "0 changes" not in page
    assert "not comparable" in client.get(reverse("replay:list", args=["shop"])).text
    assert Api(project.owner)("GET", f"projects/shop/replays/{row.pk}/").json()["comparable"] is False
    changing.keep(project, bodyless=[])
    assert not replaying.replay(project, Exchange.objects.get(pk=row.exchange_id)).same, "then is not known"


def test_a_run_counts_it_as_not_comparable(project, client):
    client.force_login(project.owner)
    selection = selecting.picked(project, [called().public_id, called("/ping").public_id])
    made = starting.start(project, selection, "live", Options(rate=200), project.owner)
    assert made.counts["verdicts"] == {"uncompared": 1, "same": 1}
    page = client.get(reverse("replay:run", args=["shop", made.pk])).text
    assert "1 answer cannot be compared" in page and "Every answer is the same" not in page
    only = client.get(reverse("replay:run", args=["shop", made.pk]), {"only": "uncompared"}).text
    assert "The body was not kept, so the answers cannot be compared." in only
    found = Api(project.owner)("GET", f"projects/shop/replays/run_{made.pk}/?verdict=uncompared").json()
    assert [one["operation_id"] for one in found["results"]] == ["listOrders"]


def test_a_body_of_which_nothing_was_kept_is_not_sent_as_an_empty_one(project, client):
    client.force_login(project.owner)
    editing.replace(project, make.contract(operation("addOrder", "/orders", "POST")))
    changing.keep(project, bodyless=["addOrder"])
    call = Call("POST", "/orders", headers=(("content-type", "application/json"),), body=b'{"customer":"joe"}')
    exchange = Exchange.objects.get(pk=frontdoor().call_blocking("shop", call, source="gpt").record.id)
    with pytest.raises(Refused, match="kept nothing of the body"):
        replaying.replay(project, exchange)
    made = starting.start(project, selecting.picked(project, [exchange.public_id]), "live", None, project.owner)
    assert made.items.get().reason == "The log kept nothing of its body."
    typed = replaying.replay(project, exchange, overrides={"body": b'{"customer":"joe"}'})
    assert not typed.call["body"] and typed.after["status"] == 200
    with pytest.raises(Refused, match="cannot be sent again"):
        replaying.again(typed)
