"""What stands around an answer: faults, latency, rate limits, one-shot switches."""

import random

import orjson
import pytest

from actionstudio.core.auth import NoAuth, ServiceHttp
from actionstudio.core.behaviour import FAULTS, Around, Condition, Fault, Latency, Limit, Rule, Rules
from actionstudio.core.contract import Example, Media, Response
from actionstudio.runtime.operation import House
from actionstudio.runtime.pacing import UNWAITED, draw
from actionstudio.runtime.ports import Switch
from actionstudio.runtime.responders.fault import MAKERS
from tests import make
from tests.runtime.house import ask, front, key

ERROR = {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}
OWN = Response("503", "Busy", content=(Media("application/json", ERROR, (Example("", {"code": 7}),)),))


def around(*faults: Fault, responses=(), **fields):
    """A front door with one GET /items that these faults stand around."""
    usual = make.operation().responses
    return make.contract(make.operation(around=Around(faults=faults, **fields), responses=(*usual, *responses)))


def struck(*faults: Fault, **fields):
    return ask(around(*faults, **fields), "GET", "/items")


def trail(answer, what: str) -> list:
    return [step for step in answer.record.decisions.get("trail", ()) if step["what"] == what]


def test_every_fault_is_made():
    assert set(MAKERS) == set(FAULTS)


@pytest.mark.parametrize("what", FAULTS)
def test_every_fault_tells_of_itself_and_keeps_the_safety_headers(what):
    answer = struck(Fault(what))
    assert trail(answer, "fault") == [{"what": "fault", "fault": what, "when": "always", "n": 0}]
    assert answer.reply.header("content-security-policy") == "sandbox"
    assert answer.record.decisions["response"]


def test_a_status_is_answered_as_the_document_declares_it():
    answer = struck(Fault("status", status=503), responses=(OWN,))
    assert (answer.reply.status, orjson.loads(answer.reply.body)) == (503, {"code": 7})
    assert answer.record.decisions["validation"] == "not reached"


def test_a_status_that_is_not_declared_is_a_problem():
    answer = struck(Fault("status", status=418))
    assert answer.reply.status == 418
    assert answer.reply.header("content-type") == "application/problem+json"
    assert struck(Fault("status", status=99)).reply.status == 500


def test_too_many_requests_say_when_to_come_back():
    reply = struck(Fault("too-many-requests", seconds=7.2)).reply
    assert (reply.status, reply.header("retry-after")) == (429, "8")
    assert struck(Fault("too-many-requests")).reply.header("retry-after") == "30"


def test_an_expired_token_is_told_as_rfc_6750_wants_it():
    reply = struck(Fault("expired-token")).reply
    assert reply.status == 401
    assert (
        reply.header("www-authenticate") == 'Bearer error="invalid_token", error_description="The access token expired"'
    )


def test_a_redirect_goes_where_the_builder_says():
    reply = struck(Fault("redirect", location="https://example.com/x")).reply
    assert (reply.status, reply.header("location"), reply.body) == (307, "https://example.com/x", b"")
    assert struck(Fault("redirect", status=301)).reply.header("location") == "/moved/items"
    split = struck(Fault("redirect", location="https://example.com/\r\nx: y"))
    assert split.reply.header("location") == "" and split.record.violations[0]["code"] == "not-sent"


def test_a_page_of_html_stands_where_json_was_promised():
    reply = struck(Fault("html", status=503)).reply
    assert (reply.status, reply.header("content-type")) == (503, "text/html; charset=utf-8")
    assert b"<h1>503 Service Unavailable</h1>" in reply.body


@pytest.mark.parametrize("value", [{"ok": True}, [], 5, "text", True, None, {}])
def test_invalid_json_never_parses(value):
    answers = (Response("200", content=(Media("application/json", None, (Example("", value),)),)),)
    contract = make.contract(make.operation(responses=answers, around=Around(faults=(Fault("invalid-json"),))))
    reply = ask(contract, "GET", "/items").reply
    assert reply.header("content-type") == "application/json"
    assert reply.header("content-length") == str(len(reply.body))
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(reply.body)


def test_the_wrong_type_leaves_the_body_alone():
    reply = struck(Fault("wrong-type")).reply
    assert (reply.header("content-type"), reply.body) == ("text/html; charset=utf-8", b'{"ok":true}')


@pytest.mark.parametrize("characters", [99_999, 100_001])
def test_an_over_long_body_has_exactly_so_many_characters(characters):
    reply = struck(Fault("over-long", characters=characters)).reply
    text = reply.body.decode()
    assert len(text) == characters and orjson.loads(text)["ok"] is True
    assert struck(Fault("over-long")).reply.header("content-length") == "100001"


def test_an_answer_without_a_body_can_be_over_long_too():
    contract = make.contract(make.operation(responses=(Response("204"),), around=Around(faults=(Fault("over-long"),))))
    reply = ask(contract, "GET", "/items").reply
    assert (reply.status, len(reply.body)) == (200, 100_001)


def test_a_truncated_body_promises_more_than_it_sends():
    answer = struck(Fault("truncated"))
    assert (answer.reply.header("content-length"), answer.reply.body) == ("11", b'{"ok"')
    assert (answer.record.response_size, answer.record.response_body) == (5, b'{"ok"')


def test_a_delay_counts_in_the_log_and_keeps_nobody_in_the_house_waiting():
    answer = struck(Fault("delay", seconds=46), latency=Latency(low=500))
    assert 46_500_000 <= answer.record.duration_us < 50_000_000
    assert (UNWAITED, 46_500_000) in answer.record.timings
    assert answer.record.decisions["wait"] == "46.5 s, counted but not waited for"
    assert [step["ms"] for step in trail(answer, "latency")] == [46_000, 500]


def test_no_wait_is_longer_than_ten_minutes():
    assert (UNWAITED, 600_000_000) in struck(Fault("delay", seconds=1e9)).record.timings


def test_latency_is_drawn_as_its_shape_says():
    dice = random.Random(4)
    assert draw(Latency("fixed", 20), dice) == 20
    uniform = [draw(Latency("uniform", 20, 40), dice) for _ in range(500)]
    assert min(uniform) >= 20 and max(uniform) <= 40 and len(set(uniform)) > 15
    lognormal = sorted(draw(Latency("lognormal", 100, 300), dice) for _ in range(4000))
    assert 90 < lognormal[2000] < 110 and 270 < lognormal[3800] < 330
    assert draw(Latency("lognormal", 0, 300), dice) == 0 and draw(Latency("uniform", 40, 20), dice) == 40


def test_a_fault_may_strike_every_third_call():
    door = front(around(Fault("status", status=503, when="every", number=3)))
    answers = [ask(door, "GET", "/items") for _ in range(7)]
    assert [answer.reply.status for answer in answers] == [200, 200, 503, 200, 200, 503, 200]
    assert trail(answers[2], "fault")[0]["n"] == 3 and not trail(answers[3], "fault")


def test_a_fault_may_strike_by_chance(monkeypatch):
    monkeypatch.setattr(House, "dice", random.Random(5))
    door = front(around(Fault("status", when="percent", number=30)))
    failed = sum(ask(door, "GET", "/items").reply.status == 500 for _ in range(400))
    assert 90 < failed < 150


def test_of_two_faults_the_first_whose_turn_it_is_strikes():
    each = [Fault("status", status=500 + number, when="every", number=number) for number in (3, 2)]
    door = front(around(*each))
    statuses = [ask(door, "GET", "/items").reply.status for _ in range(6)]
    assert statuses == [200, 502, 503, 502, 200, 503]


def test_a_fault_can_be_a_behaviour_and_the_answer_of_a_rule():
    door = front(make.contract(make.operation(behaviour=Fault("status", status=503, when="every", number=2))))
    assert [ask(door, "GET", "/items").reply.status for _ in range(2)] == [200, 503]
    assert ask(make.contract(make.operation(behaviour=Fault("truncated"))), "GET", "/items").reply.body == b'{"ok"'


def test_an_invalid_call_meets_the_faults_around_an_operation_first():
    from actionstudio.core.contract import Parameter

    parameters = (Parameter("n", "query", required=True, schema={"type": "integer"}),)
    fault = make.operation(parameters=parameters, around=Around(faults=(Fault("status", status=503),)))
    assert ask(make.contract(fault), "GET", "/items").reply.status == 503
    late = make.operation(parameters=parameters, around=Around(latency=Latency(low=5)))
    answer = ask(make.contract(late), "GET", "/items")
    assert answer.reply.status == 422 and answer.record.kind == "refused" and trail(answer, "latency")


def limited(calls: int = 2, per: str = "all", limits=(), auth=NoAuth(), **fields):
    own = Around(limit=Limit(calls, 60, per))
    return make.contract(make.operation(around=own, **fields), make.operation("POST"), limits=limits, auth=auth)


def test_a_rate_limit_is_told_on_every_answer_and_then_refuses():
    door = front(limited())
    first, second, third = (ask(door, "GET", "/items") for _ in range(3))
    assert first.reply.header("ratelimit-policy") == '"operation";q=2;w=60'
    assert first.reply.header("ratelimit").startswith('"operation";r=1;t=')
    assert second.reply.header("ratelimit").startswith('"operation";r=0;t=')
    assert (third.reply.status, third.record.kind) == (429, "refused")
    assert 1 <= int(third.reply.header("retry-after")) <= 60
    assert third.reply.header("content-type") == "application/problem+json"
    step = trail(third, "limit")[0]
    assert (step["name"], step["left"], step["allowed"]) == ("operation", 0, False)
    assert ask(door, "POST", "/items").reply.status == 200


def test_a_refused_call_gets_the_documents_own_429():
    own = Response("429", content=(Media("application/json", None, (Example("", {"slow": "down"}),)),))
    door = front(limited(1, responses=(*make.operation().responses, own)))
    assert [orjson.loads(ask(door, "GET", "/items").reply.body) for _ in range(2)] == [{"ok": True}, {"slow": "down"}]


def test_the_projects_limit_counts_all_its_operations_and_no_documents():
    door = front(limited(9, limits=(Limit(2, 10),)))
    first = ask(door, "GET", "/items").reply
    assert first.header("ratelimit-policy") == '"operation";q=9;w=60, "project";q=2;w=10'
    assert [ask(door, "POST", "/items").reply.status for _ in range(2)] == [200, 429]
    assert ask(door, "GET", "/openapi.json").reply.header("ratelimit") == ""


def test_a_limit_per_credential_gives_each_key_its_own_window():
    contract = limited(1, "credential", auth=ServiceHttp())
    issued = (key("one", 1), key("two", 2))
    door = front(contract, keys=issued)
    sent = ["one", "two", "one", "two"]
    statuses = [ask(door, "GET", "/items", authorization=f"Bearer {text}").reply.status for text in sent]
    assert statuses == [200, 200, 429, 429]
    assert ask(door, "GET", "/items", authorization="Bearer wrong").reply.status == 401


def test_without_issued_keys_whatever_was_sent_tells_callers_apart():
    door = front(limited(1, "credential"))
    sent = [{"authorization": "Bearer a"}, {"authorization": "Bearer b"}, {}, {"authorization": "Bearer a"}, {}]
    assert [ask(door, "GET", "/items", **headers).reply.status for headers in sent] == [200, 200, 200, 429, 429]
    assert not any("Bearer a" in name for _, name in door.store._counters)


def switched(fault: Fault, left: int = 1, **fields):
    """A door with a switch on GET /items."""
    door = front(limited(1, **fields), switches=(Switch(5, "GET", "/items", fault, left),))
    door.store.switches[5] = left
    return door


def test_the_next_calls_get_what_the_switch_says_and_then_all_is_as_before():
    door = switched(Fault("status", status=503), left=2)
    answers = [ask(door, "GET", "/items") for _ in range(4)]
    assert [answer.reply.status for answer in answers] == [503, 503, 200, 429], "a switch goes before the rate limit"
    assert trail(answers[0], "fault") == [{"what": "fault", "fault": "status", "when": "once", "n": 0}]


def test_a_switch_waits_for_its_own_operation_and_for_a_call_that_is_let_in():
    door = switched(Fault("status", status=503), auth=ServiceHttp())
    asked = {"authorization": "Bearer x"}
    assert ask(door, "POST", "/items", **asked).reply.status == 200
    assert ask(door, "GET", "/items").reply.status == 401
    assert ask(door, "GET", "/items", **asked).reply.status == 503


def test_a_switch_is_for_head_too():
    door = switched(Fault("status", status=503))
    assert ask(door, "HEAD", "/items").reply.status == 503


def test_a_spent_switch_is_not_asked_again():
    door = switched(Fault("delay", seconds=1))
    for _ in range(3):
        ask(door, "GET", "/items")
    served = door.registry.current("todo").router.find("GET", "/items")[0]
    assert served.switches == ()


def test_equal_faults_in_two_rules_count_for_themselves():
    each = [Fault("status", status=503, when="every", number=2) for _ in "xy"]
    rules = tuple(Rule((Condition("query", "a", value=text),), one) for text, one in zip("xy", each, strict=True))
    door = front(make.contract(make.operation(behaviour=Rules(rules))))
    asked = [ask(door, "GET", f"/items?a={text}").reply.status for text in "xyxy"]
    assert asked == [200, 200, 503, 503]
