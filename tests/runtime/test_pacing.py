"""Answers that take their time, byte by byte through the real server."""

import asyncio
import threading
import time

import pytest
import uvicorn

from actionstudio.apps.publishing.management.commands.studio_serve import OPTIONS
from actionstudio.core.behaviour import Around, Fault, Latency
from actionstudio.core.call import Call
from actionstudio.runtime import pacing
from actionstudio.runtime.bridge import WsgiBridge
from actionstudio.runtime.dispatch import Both, Hosts
from actionstudio.runtime.pacing import CROWDED, GONE, STOPPING, WAITED, WaitingRoom
from actionstudio.runtime.replies import Pace, Prepared
from actionstudio.runtime.visit import Visit
from tests import make
from tests.runtime.house import front
from tests.runtime.test_lane import HOST, OK, page, statuses, stream, talk
from tests.studio import free_port

FAULTS = {
    "/late": Fault("delay", seconds=0.3),
    "/slow": Fault("slow-body", seconds=0.3),
    "/cut": Fault("truncated"),
    "/long": Fault("over-long", characters=300_000),
    "/longer": Fault("delay", seconds=30),
}

NEARLY = 290_000  # microseconds: the event loop's clock is a coarse one


def contract():
    faulty = [make.operation("GET", path, around=Around(faults=(fault,))) for path, fault in FAULTS.items()]
    waits = make.operation("GET", "/waits", around=Around(latency=Latency(low=100)))
    return make.contract(make.operation(), waits, *faulty)


def started():
    door = front(contract())
    app = Both(Hosts("live.localhost:8000", ["localhost"]), door, WsgiBridge(page), stream)
    port = free_port()
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, **{**OPTIONS, "backlog": 100}))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    running.door, running.port, running.thread = door, port, thread
    return running


@pytest.fixture(scope="module")
def server():
    running = started()
    yield running
    running.should_exit = True
    running.thread.join(10)


@pytest.fixture
def records(server):
    kept = server.door.journal._sink.records
    kept.clear()
    return kept


def get(path: str, method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\r\n{HOST}\r\n"


def last(path: str) -> str:
    """A call after which the connection ends."""
    return get(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")


def told(record) -> dict:
    return dict(record.timings)


def eventually(holds, seconds: float = 5):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_a_delayed_answer_is_whole_and_the_log_holds_the_wait(server, records):
    assert talk(server, last("/late"), wait=5).endswith(OK)
    assert records[0].duration_us >= NEARLY and told(records[0])["wait"] >= NEARLY
    assert records[0].decisions["wait"] == "0.3 s"


def test_latency_stands_around_any_answer(server, records):
    assert talk(server, last("/waits"), wait=5).endswith(OK)
    assert told(records[0])["wait"] >= 90_000


def test_the_head_goes_ahead_of_a_slow_body(server, records):
    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(get("/slow").encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 3)
        early = len(records)
        body = await asyncio.wait_for(reader.readexactly(len(OK)), 3)
        writer.close()
        return head, early, body

    head, early, body = asyncio.run(main())
    assert head.startswith(b"HTTP/1.1 200") and body == OK
    assert early == 0, "the body leaves when the call is in the log, the head before"
    assert told(records[0])["wait"] >= NEARLY


def test_a_truncated_body_ends_with_the_connection(server, records):
    answer = talk(server, get("/cut"), get("/late"), wait=3)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-length: 11" in head and body == OK[:5]
    assert (records[0].status, records[0].response_size) == (200, 5)


def test_a_long_body_arrives_whole(server, records):
    answer = talk(server, last("/long"), wait=5)
    assert len(answer.partition(b"\r\n\r\n")[2]) == 300_000


def test_the_connection_is_kept_and_calls_sent_ahead_wait_for_their_turn(server, records):
    answer = talk(server, get("/late") + get("/items") + get("/slow") + get("/items") + get("/cut"), wait=3)
    assert statuses(answer) == [200] * 5
    assert answer.endswith(OK[:5]) and answer.count(OK) == 4
    assert [record.path for record in records] == ["/late", "/items", "/slow", "/items", "/cut"]


def test_head_waits_but_has_no_body_to_wait_for_or_to_cut(server, records):
    answer = talk(server, get("/late", "HEAD"), get("/slow", "HEAD"), get("/cut", "HEAD"), last("/items"), wait=5)
    assert statuses(answer) == [200] * 4 and answer.count(b"content-length: 11") == 4
    assert answer.count(OK) == 1 and answer.endswith(OK)
    assert "wait" in told(records[0]) and "wait" not in told(records[1])


def test_who_hangs_up_while_waiting_is_logged_at_once(server, records):
    talk(server, get("/longer"), wait=0.2)
    eventually(lambda: records)
    assert (records[0].status, records[0].response_size) == (499, 0)
    assert "hung up" in records[0].decisions["wait"] and records[0].duration_us < 20_000_000
    assert len(server.door.waiting) == 0


def test_many_may_wait_at_once(server, records):
    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(last("/late").encode())
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    async def main():
        return await asyncio.gather(*(one() for _ in range(100)))

    began = time.monotonic()
    assert all(answer.endswith(OK) for answer in asyncio.run(main()))
    assert time.monotonic() - began < 10, "one after the other would take half a minute"


def test_a_server_that_stops_does_not_wait(records):
    running = started()
    answers = []
    caller = threading.Thread(target=lambda: answers.append(talk(running, get("/longer"), wait=20)))
    caller.start()
    eventually(lambda: len(running.door.waiting) == 1)
    running.should_exit = True
    running.thread.join(10)
    caller.join(10)
    assert not running.thread.is_alive() and answers[0].endswith(OK)
    record = running.door.journal._sink.records[0]
    assert record.status == 200 and "the server stopped after" in record.decisions["wait"]


def test_a_server_without_our_extension_is_told_by_what_is_missing():
    from actionstudio.runtime.replies import Pace, Prepared
    from actionstudio.runtime.visit import Call, Visit

    sent = []

    async def main():
        visit = Visit(Call("GET", "/"))
        visit.reply = Prepared(200, (), b"0123456789", pace=Pace(cut=4))

        async def send(message):
            sent.append(message)

        async def keep():
            sent.append("kept")

        await WaitingRoom().leave(visit, {}, None, send, keep)

    asyncio.run(main())
    assert sent[0] == "kept" and sent[-1] == {"type": "http.response.body", "body": b"0123", "more_body": True}


def test_when_too_many_wait_the_next_answer_leaves_at_once(monkeypatch):
    monkeypatch.setattr(pacing, "MOST_WAITING", 2)

    async def never():
        await asyncio.Event().wait()

    async def main():
        room = WaitingRoom()
        waiting = [asyncio.create_task(room.wait(30, never)) for _ in range(2)]
        await asyncio.sleep(0.01)
        crowded = await room.wait(30, never)
        room.hurry()
        return crowded, await asyncio.gather(*waiting)

    assert asyncio.run(main()) == (CROWDED, [STOPPING, STOPPING])


def test_a_wait_ends_in_one_of_three_ways():
    async def main():
        room, gone = WaitingRoom(), asyncio.Event()

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        waited = await room.wait(0.01, receive)
        asyncio.get_running_loop().call_later(0.01, room.hurry)
        stopping = await room.wait(30, receive)
        room.stopping = False
        gone.set()
        return waited, stopping, await room.wait(30, receive), await room.wait(0, receive)

    assert asyncio.run(main()) == (WAITED, STOPPING, GONE, WAITED)


def test_large_bodies_of_waiting_calls_are_bounded_too(monkeypatch):
    monkeypatch.setattr(pacing, "MOST_HELD", 1_000)
    said = []

    async def never():
        await asyncio.Event().wait()

    async def send(message):
        pass

    async def main():
        room = WaitingRoom()
        reply = Prepared(200, (), b"x", pace=Pace(before=30))

        async def call():
            visit = Visit(Call("POST", "/", "", (), b"b" * 600), 0)
            visit.reply = reply

            async def keep():
                said.append(visit.decisions["wait"])

            await room.leave(visit, {}, never, send, keep)

        tasks = [asyncio.create_task(call()) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert len(said) == 1 and "waited already" in said[0]
        room.hurry()
        await asyncio.gather(*tasks)
        assert room._held == 0

    asyncio.run(main())
