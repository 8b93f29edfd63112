"""A change and its log entry are one commit: in the event loop and in threads, and when the database fails."""

import asyncio
import json
import logging
import sqlite3
import threading
from collections import Counter

import pytest

from actionstudio.apps.mocking import desks
from actionstudio.apps.mocking.store import DatabaseStore
from actionstudio.apps.traffic.sink import DatabaseSink
from actionstudio.core.behaviour import Backend, Collection, Condition, Proxy, Rule, Rules, Stateful, Upstream
from actionstudio.core.call import Call
from actionstudio.runtime import replies, responders
from actionstudio.runtime.answers import Unmade
from actionstudio.runtime.app import Frontdoor
from actionstudio.runtime.forwarding.forwarder import Failure, Forwarder, Outcome
from actionstudio.runtime.ports import Place, Unavailable, Write
from tests import make
from tests.apps.mocking.desk import asked
from tests.runtime.house import Memory

PETS = Place(7, Collection("pets"))
CONTRACT = make.contract(
    make.operation("POST", "/pets", behaviour=Stateful("pets", "create")),
    make.operation("GET", "/pets", behaviour=Stateful("pets")),
    make.operation("GET", "/plain"),
)
DEEDS = {}


def adds(store):
    """Adds a row; returns its id."""

    def deed(table):
        key = str(len(table.rows) + 1)
        return Write({key: {"id": int(key)}}), key

    return store.change(PETS, deed)


def compile(served, behaviour):
    """A collection's responder in miniature. A call with ``x-deed`` does that after its change."""
    store = served.house.store

    def respond(visit):
        if behaviour.action == "list":
            body = str(len(store.read(PETS).rows))
        else:
            body = adds(store)
            DEEDS.get(visit.headers.get("x-deed"), lambda: None)()
        if "x-after" in visit.headers:
            visit.after = ("planned",)
        reply = replies.mock(200, "text/plain", body.encode())
        if "x-wait" in visit.headers:
            reply.pace = replies.Pace(before=float(visit.headers["x-wait"]))
        return reply

    return respond


@pytest.fixture(autouse=True)
def _responder(monkeypatch):
    monkeypatch.setitem(responders.RESPONDERS, Stateful, compile)
    monkeypatch.setitem(DEEDS, "unmade", _raise(Unmade()))
    monkeypatch.setitem(DEEDS, "broken", _raise(ZeroDivisionError()))


def _raise(error):
    def deed():
        raise error

    return deed


class Failing:
    """A connection on which the next statements that begin so fail as on a full disk."""

    def __init__(self, connection):
        self._connection = connection
        self.wanted = []

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, sql, *params):
        if self.wanted and sql.startswith(self.wanted[0]):
            self.wanted.pop(0)
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(sql, *params)


@pytest.fixture
def door(log_file):
    sink = DatabaseSink(str(log_file))
    door = Frontdoor(Memory(CONTRACT), sink, DatabaseStore(sink), worker=1)
    door.call_blocking("todo", call("GET", "/plain"))  # made once in a thread, then at hand
    return door


def fails(door, *statements):
    """The next statements that begin so fail, one after the other."""
    own = door.journal._sink.own
    own._connection = Failing(own.connection())
    own._connection.wanted = list(statements)


def call(method="POST", path="/pets", **headers):
    return Call(method, path, "", tuple((name.replace("_", "-"), value) for name, value in headers.items()))


def in_one_turn(door, *calls):
    """The answers to calls that come in one turn of the event loop; None where it cannot be given at once."""

    async def run():
        loop = asyncio.get_running_loop()
        door.start(loop)
        program = await door.registry.program("todo")
        for operation in CONTRACT.operations:
            program.router.find(operation.method, operation.path)[0].compile()
        answers = [loop.create_future() for _ in calls]
        for one, answer in zip(calls, answers, strict=True):
            if not door.quick("todo", one, "", answer.set_result):
                answer.set_result(None)
        try:
            return await asyncio.gather(*answers)
        finally:
            await asyncio.sleep(0.01)
            await door.journal.stop()

    return asyncio.run(run())


def counts(path):
    rows = asked(path, "SELECT count(*) FROM mocking_row")[0][0]
    logged = Counter(status for (status,) in asked(path, "SELECT status FROM traffic_exchange WHERE method = 'POST'"))
    return rows, dict(logged)


def test_what_a_turn_changes_is_committed_once_with_its_log_entries(door, log_file, monkeypatch):
    seen = []
    write = door.journal._sink.own.write
    monkeypatch.setattr(door.journal._sink.own, "write", lambda rows: (seen.append(counts(log_file)), write(rows)))
    answers = in_one_turn(door, *[call()] * 5, call("GET"))
    assert [answer.body for answer in answers] == [b"1", b"2", b"3", b"4", b"5", b"5"]
    assert seen == [(0, {})]
    assert counts(log_file) == (5, {200: 5})


def test_a_call_that_fails_after_its_change_leaves_nothing_and_the_others_of_its_turn_stay(door, log_file):
    answers = in_one_turn(door, call(), call(x_deed="broken"), call())
    assert [answer.status for answer in answers] == [200, 500, 200]
    assert [answers[0].body, answers[2].body] == [b"1", b"2"]
    assert counts(log_file) == (2, {200: 2, 500: 1})


def test_an_answer_that_must_be_made_in_a_thread_leaves_nothing_behind_in_the_loop(door, log_file):
    assert in_one_turn(door, call(x_deed="unmade")) == [None]
    assert counts(log_file) == (0, {})
    assert in_one_turn(door, call())[0].body == b"1"


def test_nobody_gets_a_success_for_a_change_that_could_not_be_committed(door, log_file):
    assert in_one_turn(door, call())[0].body == b"1"
    fails(door, "COMMIT")
    answers = in_one_turn(door, call("GET", "/plain"), call(), call("GET"))
    assert [answer.status for answer in answers] == [200, 503, 503]
    assert dict(answers[1].headers)["content-type"] == "application/problem+json"
    assert door.journal.lost == 3
    assert counts(log_file) == (1, {200: 1})


def test_a_full_disk_ends_the_transaction_and_the_next_turn_goes_on(door, log_file):
    connection = door.journal._sink.own.connection()
    assert in_one_turn(door, call())[0].status == 200
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    answers = in_one_turn(door, *[call()] * 3, call("GET", "/plain"), *[call(x_long="x" * 60_000)] * 3)
    assert {answer.status for answer in answers} == {200, 503}
    assert [answer.status for answer in answers[:3]] == [503] * 3
    connection.execute("PRAGMA max_page_count = 100000")
    assert in_one_turn(door, call())[0].body == b"2"
    assert counts(log_file) == (2, {200: 2})


def test_a_transaction_that_is_lost_in_the_middle_of_a_turn_is_lost_for_all_who_changed_something(door, log_file):
    connection = door.journal._sink.own.connection()
    DEEDS["lost"] = lambda: connection.execute("ROLLBACK")
    answers = in_one_turn(door, call(), call(x_deed="lost"), call())
    assert [answer.status for answer in answers] == [503, 503, 503]
    assert counts(log_file) == (0, {})
    assert in_one_turn(door, call())[0].body == b"1"


def test_a_record_that_cannot_be_written_takes_the_changes_of_its_turn_with_it(door, log_file, caplog):
    answers = in_one_turn(door, call(), call(x_deed="fine", x_bad="\ud800"))
    assert [answer.status for answer in answers] == [503, 503]
    assert counts(log_file) == (0, {})
    assert in_one_turn(door, call())[0].body == b"1"


def test_a_change_whose_record_never_comes_is_undone(door, log_file, caplog):
    async def run():
        with door.store.transaction():
            adds(door.store)
        assert door.store.pending()
        await asyncio.sleep(0.01)
        assert not door.store.pending()

    with caplog.at_level(logging.ERROR, desks.__name__):
        asyncio.run(run())
    assert "never logged" in caplog.text
    assert counts(log_file) == (0, {})
    assert dict(door.store.read(PETS).rows) == {}


def test_what_was_only_counted_may_be_committed_without_a_record(door, log_file):
    async def run():
        with door.store.transaction():
            door.store.count(7, "calls")
        assert not door.store.changed()
        door.store.settle()
        await asyncio.sleep(0.01)

    asyncio.run(run())
    assert asked(log_file, "SELECT value FROM mocking_counter") == [(1,)]


def test_a_change_outside_of_a_visit_is_committed_by_itself(door, log_file):
    async def run():
        assert adds(door.store) == "1"
        assert not door.store.pending()

    asyncio.run(run())
    assert counts(log_file) == (1, {})


def test_a_thread_writes_its_record_in_the_same_commit(door, log_file, monkeypatch):
    own, seen = door.journal._sink.own, []
    commit = own.commit
    monkeypatch.setattr(own, "commit", lambda: (seen.append(counts(log_file)), commit()))
    assert door.call_blocking("todo", call()).reply.body == b"1"
    assert seen == [(0, {})]
    assert counts(log_file) == (1, {200: 1})


@pytest.mark.parametrize("statement", ["COMMIT", 'INSERT INTO "traffic', 'UPDATE "mocking_state', "BEGIN"])
def test_a_thread_whose_database_fails_answers_that_nothing_was_changed(door, log_file, statement):
    assert door.call_blocking("todo", call()).reply.status == 200
    fails(door, statement)
    assert door.call_blocking("todo", call()).reply.status == 503
    assert counts(log_file) == (1, {200: 1, 503: 1})
    assert door.call_blocking("todo", call()).reply.body == b"2"


@pytest.mark.parametrize("statement", ["SAVEPOINT", 'UPDATE "mocking_state', "RELEASE", "BEGIN"])
def test_a_change_that_fails_in_the_loop_is_answered_with_503_and_the_others_stay(door, log_file, statement):
    assert in_one_turn(door, call())[0].status == 200
    fails(door, statement)
    answers = in_one_turn(door, call("GET", "/plain"), call(), call())
    assert [answer.status for answer in answers] == [200, 503, 200]
    assert counts(log_file) == (2, {200: 2, 503: 1})


def test_a_thread_that_fails_after_its_change_leaves_nothing(door, log_file):
    with pytest.raises(ZeroDivisionError):
        door.call_blocking("todo", call(x_deed="broken"))
    assert counts(log_file) == (0, {})
    assert door.call_blocking("todo", call()).reply.body == b"1"


def test_what_was_settled_before_a_wait_stays_and_nobody_is_held_up(door, log_file):
    order = []
    with pytest.raises(ValueError), door.store.transaction():
        assert door.store.count(7, "calls") == 1
        door.store.settle()
        other = threading.Thread(target=lambda: order.append(door.store.count(7, "calls")))
        other.start()
        other.join(5)
        order.append("waited")
        adds(door.store)
        raise ValueError
    assert order == [2, "waited"]
    assert counts(log_file) == (0, {})


@pytest.mark.parametrize("statement", ["COMMIT", 'UPDATE "mocking_state'])
def test_a_call_that_was_not_kept_calls_nobody_back(door, log_file, monkeypatch, statement):
    started = []
    monkeypatch.setattr(door.callbacks, "admit", lambda program, visit: ("job",))
    monkeypatch.setattr(door.callbacks, "start", lambda jobs, number: started.append(jobs))
    assert door.call_blocking("todo", call(x_after="1")).reply.status == 200
    assert served(door, call(x_after="1")) == 200
    assert started == [("job",), ("job",)]
    fails(door, statement)
    assert served(door, call(x_after="1")) == 503
    fails(door, statement)
    assert door.call_blocking("todo", call(x_after="1")).reply.status == 503
    assert len(started) == 2


def test_an_answer_that_waits_has_its_rows_and_its_record_kept_before(door, log_file):
    seen = []

    async def look():
        await asyncio.sleep(0.1)
        seen.append(counts(log_file))

    assert served(door, call(x_wait="0.4"), look()) == 200
    assert seen == [(1, {200: 1})]
    assert counts(log_file) == (1, {200: 1})
    ((decisions, duration),) = asked(
        log_file, "SELECT decisions, duration_us FROM traffic_exchange WHERE status = 200 AND method = 'POST'"
    )
    assert json.loads(decisions)["wait"] == "0.4 s, noted before it began"
    assert duration > 400_000
    fails(door, "COMMIT")
    assert served(door, call(x_wait="0.4")) == 503


def served(door, one, beside=None):
    """The status that a call gets on the ordinary way through ASGI."""
    sent = []

    async def receive():
        await asyncio.sleep(5)

    async def send(message):
        sent.append(message)

    async def run():
        door.start(asyncio.get_running_loop())
        headers = [(name.encode(), value.encode()) for name, value in one.headers]
        scope = {"type": "http", "method": one.method, "path": one.path, "query_string": b"", "headers": headers}
        await asyncio.gather(door.serve("todo", scope, receive, send), beside or asyncio.sleep(0))
        await door.journal.stop()

    asyncio.run(run())
    return sent[0]["status"]


def test_nobody_waits_for_what_is_counted_before_an_upstream_answers(log_file, monkeypatch):
    sink = DatabaseSink(str(log_file))
    first = Rule((Condition("call", value=1),), Proxy("shop", fall_back_on=("unreachable",)))
    operation = make.operation("GET", "/forwarded", behaviour=Rules((first,)))
    contract = make.contract(operation, upstreams=(Upstream("shop", (Backend("https://shop.example"),)),))
    door = Frontdoor(Memory(contract), sink, DatabaseStore(sink), worker=1)
    counted = []

    def forward(self, visit):
        other = threading.Thread(target=lambda: counted.append(door.store.count(7, "else")))
        other.start()
        other.join(5)
        return Outcome(failure=Failure(502, "Unreachable", "", "no answer came"))

    monkeypatch.setattr(Forwarder, "forward", forward)
    assert door.call_blocking("todo", call("GET", "/forwarded")).reply.status == 200
    assert counted == [1]


def test_threads_and_the_event_loop_change_one_list_without_losing_anything(door, log_file):
    async def run():
        loop = asyncio.get_running_loop()
        door.start(loop)
        program = await door.registry.program("todo")
        for operation in CONTRACT.operations:
            program.router.find(operation.method, operation.path)[0].compile()
        threads = [asyncio.to_thread(door.call_blocking, "todo", call()) for _ in range(60)]
        readers = [asyncio.to_thread(door.call_blocking, "todo", call("GET")) for _ in range(20)]
        quick = asyncio.create_task(_quickly(door, 60))
        answers = await asyncio.wait_for(asyncio.gather(*threads, *readers), 60)
        bodies = [answer.reply.body for answer in answers[:60]] + [answer.body for answer in await quick]
        await door.journal.stop()
        return bodies

    bodies = asyncio.run(run())
    assert sorted(map(int, bodies)) == list(range(1, 121))
    assert counts(log_file) == (120, {200: 120})


async def _quickly(door, number):
    answers = []
    for _ in range(number):
        answer = asyncio.get_running_loop().create_future()
        await door.registry.program("todo")
        assert door.quick("todo", call(), "", answer.set_result)
        answers.append(await answer)
        await asyncio.sleep(0)
    return answers


def test_two_processes_on_one_file_see_each_others_changes_at_once(log_file):
    first, second = (DatabaseStore(DatabaseSink(str(log_file))) for _ in range(2))
    for number in range(1, 6):
        assert adds(first) == str(2 * number - 1)
        assert adds(second) == str(2 * number)
        assert first.read(PETS).rows == second.read(PETS).rows
    before = first.read(PETS)
    second.count(7, "other")
    assert first.read(PETS) is before
    second.reset(7, "pets")
    assert dict(first.read(PETS).rows) == {}


def test_a_database_that_cannot_be_written_says_so(log_file):
    store = DatabaseStore(DatabaseSink(str(log_file)))
    adds(store)
    store._desk._log.connection().execute("PRAGMA query_only = 1")
    with pytest.raises(Unavailable):
        adds(store)
    assert not store.pending()
    assert len(store.read(PETS).rows) == 1
