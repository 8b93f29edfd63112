"""Several servers behind one upstream: turns, retries, who is left alone; and what stands in when nobody answers."""

import socket
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest

from actionstudio.core.behaviour import Backend, Examples, Generated, Upstream
from actionstudio.core.contract import Example, Media, Response
from actionstudio.runtime.forwarding import fleet, forwarder, health
from actionstudio.runtime.forwarding.credentials import Secret
from tests.runtime.proxying import door, proxied, send, trail
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer


@pytest.fixture
def servers():
    opened = [Server() for _ in range(3)]
    for one in opened:
        one.__enter__()
    yield opened
    for one in opened:
        one.__exit__()


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(fleet, "clock", lambda: now[0])
    return now


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(forwarder, "sleep", lambda seconds: None)


def behind(servers, weights=(1, 1, 1), **fields):
    backends = tuple(Backend(one.url, weight) for one, weight in zip(servers, weights, strict=True))
    return proxied("", backends=backends, **fields)


def shares(servers):
    return [len(one.seen) for one in servers]


def test_servers_take_turns(servers):
    where = door(behind(servers))
    for _ in range(9):
        send(where)
    assert shares(servers) == [3, 3, 3]


def test_weights_share_the_calls_smoothly():
    one = fleet.Fleet(Upstream("u", (Backend("a", 5), Backend("b", 1), Backend("c", 1)), balance="weighted"))
    order = []
    for _ in range(7):
        taken = one.take()
        order.append(taken.url)
        one.give_back(taken, True)
    assert order == ["a", "a", "b", "a", "c", "a", "a"]


def test_the_least_busy_server_is_taken():
    one = fleet.Fleet(Upstream("u", (Backend("a"), Backend("b"), Backend("c")), balance="least-connections"))
    held = [one.take() for _ in range(3)]
    assert {taken.url for taken in held} == {"a", "b", "c"}
    one.give_back(held[1], True)
    assert one.take().url == held[1].url


def test_a_server_without_weight_is_asked_only_when_the_others_fail(clock):
    one = fleet.Fleet(Upstream("u", (Backend("a", 0), Backend("b", 1)), balance="weighted"))
    taken = one.take()
    assert taken.url == "b"
    one.give_back(taken, False)
    assert one.take().url == "a"


def test_a_server_that_fails_is_left_alone_for_a_while_and_then_asked_again(servers, clock):
    servers[0].reply = lambda seen: None
    where = door(behind(servers, health_seconds=10))
    for _ in range(7):
        send(where)
    assert len(servers[0].seen) == 1
    clock[0] += 11
    for _ in range(3):
        send(where)
    assert len(servers[0].seen) == 2


def test_when_all_failed_somebody_is_asked_all_the_same(servers):
    for one in servers:
        one.reply = lambda seen: None
    where = door(behind(servers))
    for _ in range(6):
        assert send(where).reply.status == 502
    assert sum(shares(servers)) == 6


def test_a_call_that_may_be_repeated_is_tried_on_another_server(servers):
    servers[0].reply = lambda seen: None
    servers[1].reply = lambda seen: answer(b"", "503 Busy")
    made = send(behind(servers, retries=2))
    assert made.reply.status == 200
    told = trail(made)
    assert [one["attempt"] for one in told] == [1, 2, 3]
    assert [one.get("status") for one in told] == [None, 503, 200]
    assert [one["url"].split("/")[2] for one in told] == [one.url.removeprefix("http://") for one in servers]
    assert "attempt 3" in made.record.decisions["response"]


@pytest.mark.parametrize(("method", "calls"), [("GET", 3), ("PUT", 3), ("DELETE", 3), ("POST", 1), ("PATCH", 1)])
def test_only_idempotent_methods_are_tried_again(servers, method, calls):
    for one in servers:
        one.reply = lambda seen: answer(b"{}", "503 Busy")
    made = send(behind(servers, retries=2), method)
    assert made.reply.status == 503
    assert sum(shares(servers)) == calls


@pytest.mark.parametrize("status", [400, 404, 429, 500, 501])
def test_an_answer_that_is_no_gateways_is_not_asked_for_again(servers, status):
    for one in servers:
        one.reply = lambda seen: answer(b"{}", f"{status} Said")
    assert send(behind(servers, retries=2)).reply.status == status
    assert sum(shares(servers)) == 1


def test_pauses_grow_and_all_of_it_ends_in_time(upstream, monkeypatch):
    pauses = []
    monkeypatch.setattr(forwarder, "sleep", pauses.append)
    upstream.reply = lambda seen: answer(b"{}", "502 Bad")
    send(proxied(upstream.url, retries=3))
    assert pauses == [0.1, 0.2, 0.4]
    pauses.clear()
    began = time.monotonic()
    upstream.reply = lambda seen: [0.3, answer(b"{}", "502 Bad")]
    assert send(proxied(upstream.url, retries=5, timeout=0.5)).reply.status in (502, 504)
    assert time.monotonic() - began < 2


def test_a_health_check_takes_a_server_out_and_back_in(servers, clock):
    contract = behind(servers, health="/health", health_seconds=5, secret="")
    where = door(contract)
    send(where)
    one = fleet.fleets()[0][1]
    ill = servers[1].url
    for url in one.states:
        one.note(url, url != ill)
    before = shares(servers)
    for _ in range(4):
        send(where)
    assert shares(servers)[1] == before[1]
    one.note(ill, True)
    for _ in range(3):
        send(where)
    assert shares(servers)[1] == before[1] + 1


def test_servers_are_asked_at_their_health_path_with_the_secret(upstream):
    upstream.reply = lambda seen: answer(b"", "204 Well" if seen.target == "/api/up?x=1&k=gate-key-1" else "500 Ill")

    def is_well(path, url=upstream.url + "/api", private=True, **fields):
        one = Upstream("u", (Backend(url),), health=path, headers=(("X-Team", "red"),), **fields)
        return health.is_well(one, url, Secret(one, "gate-key-1"), private)

    in_query = {"secret_in": "query", "secret_name": "k"}
    assert is_well("/up?x=1", **in_query)
    assert upstream.last.header("x-team") == "red"
    assert not is_well("/up?x=1")
    assert upstream.last.header("authorization") == "Bearer gate-key-1"
    assert not is_well("/up?x=1", private=False, **in_query)
    assert not is_well("/", "http://127.0.0.1:9")


def test_only_upstreams_in_use_are_asked_and_not_too_often(servers, clock):
    send(behind(servers, health="/up", health_seconds=5))
    assert len(health.due(clock[0])) == 3
    assert not health.due(clock[0])
    clock[0] += 6
    assert len(health.due(clock[0])) == 3
    clock[0] += health.RESTS + 1
    assert not health.due(clock[0])


def test_the_checks_run_by_themselves(servers):
    servers[2].reply = lambda seen: answer(b"", "500 Ill" if seen.target == "/up" else "200 OK")
    where = door(behind(servers, health="/up", health_seconds=1))
    send(where)
    one = fleet.fleets()[0][1]
    until = time.monotonic() + 10
    while time.monotonic() < until and any(state.checked is None for state in one.states.values()):
        time.sleep(0.05)
    assert [state.checked for state in one.states.values()] == [True, True, False]


def test_what_is_known_of_a_server_outlives_a_change_of_the_project(servers, clock):
    servers[0].reply = lambda seen: None
    where = door(behind(servers))
    send(where)
    where.registry._source.save(behind(servers, timeout=2))
    where.registry.clear()
    for _ in range(4):
        send(where)
    assert len(servers[0].seen) == 1


def test_many_threads_share_the_servers_evenly(servers):
    where = door(behind(servers))
    send(where)
    threads = [threading.Thread(target=lambda: [send(where) for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(shares(servers)) == 81
    assert max(shares(servers)) - min(shares(servers)) <= 3
    assert not any(state.running for state in fleet.fleets()[0][1].states.values())


@pytest.mark.parametrize(
    ("script", "wanted", "stands_in"),
    [
        (None, ("unreachable",), True),
        (None, ("502",), True),
        (None, ("5XX",), True),
        (None, ("404",), False),
        (b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", ("501",), True),
        (b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", ("5xx",), True),
        (b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", ("unreachable",), False),
        (b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", (), False),
    ],
)
def test_the_mock_stands_in_when_the_builder_wants_it(upstream, script, wanted, stands_in):
    upstream.reply = lambda seen: script
    made = send(proxied(upstream.url, fall_back_on=wanted, otherwise=Examples()))
    assert (made.reply.body == b'{"ok":true}') is stands_in
    told = trail(made)
    assert told[0]["what"] == "upstream"
    assert any(one["what"] == "fallback" and one["because"] for one in told) is stands_in
    if stands_in:
        assert "instead: 200" in made.record.decisions["response"]


def test_a_secret_or_a_server_that_is_missing_counts_as_unreachable(upstream):
    for contract in (
        proxied(upstream.url, secret="gate", fall_back_on=("unreachable",)),
        proxied("", backends=(), fall_back_on=("unreachable",), otherwise=Generated()),
    ):
        assert send(contract).reply.status == 200
    assert not upstream.seen


def test_a_loop_or_a_path_that_climbs_is_not_smoothed_over(upstream):
    contract = proxied(upstream.url, fall_back_on=("unreachable", "4XX", "5XX"))
    assert (
        send(contract, headers=[("via", "1.1 action-studio, 1.1 action-studio, 1.1 action-studio")]).reply.status == 508
    )
    assert send(contract, url="/things/..").reply.status == 400


def test_a_thousand_projects_do_not_grow_what_is_remembered(monkeypatch):
    monkeypatch.setattr(fleet, "FLEETS", 10)
    for number in range(50):
        fleet.fleet(number, Upstream("u", (Backend("http://a"),)))
    assert Counter(project for project, _ in fleet.fleets()) == Counter(range(40, 50))


@pytest.mark.parametrize(("method", "status", "attempts"), [("GET", 200, 2), ("POST", 502, 1)])
def test_a_server_that_nobody_can_connect_to_is_passed_over_at_once(servers, method, status, attempts, monkeypatch):
    """Nothing was sent, so the next one is asked without a pause although there are no retries."""
    monkeypatch.setattr(forwarder, "sleep", lambda seconds: pytest.fail("it paused"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    made = send(proxied("", backends=(Backend(nobody), Backend(servers[0].url)), retries=0), method)
    told = [step for step in trail(made) if step["what"] == "upstream"]
    assert made.reply.status == status
    assert [step["attempt"] for step in told] == [*range(1, attempts + 1)]
    assert told[0]["reason"] == "connect"


@pytest.mark.parametrize(("kept", "told"), [(19, {"record": "examples"}), (20, {"unkept": "20 are there already"})])
def test_an_answer_that_is_not_recorded_says_so(servers, kept, told):
    examples = tuple(Example(f"logged{number}", {"id": number}) for number in range(kept))
    made = behind(servers, record="examples")
    answers = (Response("200", "OK", content=(Media("application/json", {}, examples),)),)
    operations = tuple(replace(one, responses=answers) for one in made.operations)
    (step,) = trail(send(replace(made, operations=operations)))
    assert {name: step[name] for name in ("record", "unkept") if name in step} == told
