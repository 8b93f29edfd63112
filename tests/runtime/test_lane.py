"""The short way through the server, spoken to byte by byte."""

import asyncio
import contextlib
import threading

import pytest
import uvicorn

from actionstudio.apps.publishing.management.commands.studio_serve import OPTIONS
from actionstudio.core.contract import Body, Media, Response
from actionstudio.runtime import gate, lane
from actionstudio.runtime.bridge import WsgiBridge
from actionstudio.runtime.dispatch import Both, Hosts
from tests import make
from tests.runtime.house import front
from tests.studio import free_port

HOST = "Host: todo.live.localhost:8000\r\n"
OK = b'{"ok":true}'


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
    return [b"page"]


async def stream(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"tick\n", "more_body": True})
        with contextlib.suppress(TimeoutError):
            if (await asyncio.wait_for(receive(), 0.05))["type"] == "http.disconnect":
                return


@pytest.fixture(scope="module")
def server():
    """The real server in a thread, with addresses from memory and the log in a list."""
    echo = make.operation("POST", "/items", body=Body(content=(Media("text/plain"),)))
    answer = Media("application/json", {"type": "object", "properties": {"id": {"type": "integer"}}})
    made = make.operation("GET", "/made", responses=(Response("200", "OK", content=(answer,)),))
    door = front(make.contract(make.operation(), echo, made))
    app = Both(Hosts("live.localhost:8000", ["localhost"]), door, WsgiBridge(page), stream)
    port = free_port()
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, **{**OPTIONS, "backlog": 100}))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
    running.door, running.port = door, port
    door.registry._clock = lambda: 0.0  # an address once looked up stays fresh
    yield running
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def records(server):
    kept = server.door.journal._sink.records
    kept.clear()
    talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n")  # the address is looked up: what follows takes the short way
    kept.clear()
    return kept


def talk(server, *parts: str | bytes, wait: float = 0.3, pause: float = 0.02) -> bytes:
    """Sends the parts one after the other and returns all that comes until it is quiet or closed."""

    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for part in parts:
            writer.write(part.encode() if isinstance(part, str) else part)
            await writer.drain()
            await asyncio.sleep(pause)
        out = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while chunk := await asyncio.wait_for(reader.read(65536), wait):
                out += chunk
        writer.close()
        return out

    return asyncio.run(main())


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def test_a_call_is_answered_and_logged(server, records):
    answer = talk(server, f"GET /items?a=1 HTTP/1.1\r\n{HOST}Accept: */*\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n") and body == OK
    assert b"\r\ndate: " in head and b"\r\ncontent-length: 11" in head and b"connection" not in head
    assert [(record.path, record.query, record.client) for record in records] == [("/items", "a=1", "127.0.0.1")]


def test_a_connection_serves_many_calls_for_many_hosts(server, records):
    one, other = f"GET /items HTTP/1.1\r\n{HOST}\r\n", "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
    document = f"GET /openapi.json HTTP/1.1\r\n{HOST}\r\n"
    answer = talk(server, one, other, one, document, one, pause=0.1)
    assert statuses(answer) == [200] * 5
    assert answer.count(OK) == 3 and answer.count(b"page") == 1
    assert len(records) == 4


def test_calls_sent_ahead_are_answered_in_their_order(server, records):
    calls = [f"GET /items?n={number} HTTP/1.1\r\n{HOST}\r\n" for number in range(5)]
    calls.insert(2, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    calls.insert(4, f"POST /items HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc")
    answer = talk(server, "".join(calls))
    bodies = [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert bodies == [OK, OK, b"page", OK, OK, OK, OK]
    assert [record.query or record.request_body for record in records] == ["n=0", "n=1", "n=2", b"abc", "n=3", "n=4"]


def test_a_body_may_come_in_pieces(server, records):
    head = f"POST /items HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nContent-Length: 6\r\n\r\n"
    assert statuses(talk(server, head, "abc", "def")) == [200]
    assert records[-1].request_body == b"abcdef"


def test_chunked_and_large_bodies_go_the_ordinary_way(server, records):
    chunked = f"POST /items HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert statuses(talk(server, chunked, "3\r\nabc\r\n", "0\r\n\r\n")) == [200]
    size = lane.SMALL + 5
    large = f"POST /items HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nContent-Length: {size}\r\n\r\n"
    assert statuses(talk(server, large + "x" * size)) == [200]
    assert [record.request_size for record in records] == [3, size]


def test_a_body_that_is_announced_as_too_large_is_refused_and_logged(server, records):
    large = f"POST /items HTTP/1.1\r\n{HOST}Content-Length: {gate.BODY_LIMIT + 1}\r\n\r\n"
    assert statuses(talk(server, large)) == [413]
    assert [record.status for record in records] == [413]


def test_expect_100_continue(server, records):
    head = (
        f"POST /items HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    )
    answer = talk(server, head, "abc")
    assert statuses(answer) == [100, 200]


def test_head_sends_no_body(server, records):
    answer = talk(server, f"HEAD /items HTTP/1.1\r\n{HOST}\r\n")
    assert statuses(answer) == [200] and answer.endswith(b"\r\n\r\n") and b"content-length: 11" in answer


@pytest.mark.parametrize(
    "call",
    [f"GET /items HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", f"GET /items HTTP/1.0\r\n{HOST}\r\n"],
)
def test_the_connection_is_closed_when_the_caller_says_so(server, records, call):
    answer = talk(server, call, call, pause=0.1)
    assert statuses(answer) == [200] and b"connection: close\r\n" in answer


def test_a_wish_for_http2_is_not_followed_and_the_call_is_answered(server, records):
    upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
    assert statuses(talk(server, f"GET /items HTTP/1.1\r\n{HOST}{upgrade}\r\n")) == [200]


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (f"GET /items HTTP/1.1\r\n{HOST}{HOST}\r\n", 400),
        (f"GET /items HTTP/1.1\r\n{HOST}{''.join(f'X-{n}: 1{chr(13)}{chr(10)}' for n in range(101))}\r\n", 400),
        (f"POST /items HTTP/1.1\r\n{HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (f"POST /items HTTP/1.1\r\n{HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (f"POST /items HTTP/1.1\r\n{HOST}Content-Length: -3\r\n\r\n", 400),
        (f"GET /it\x00ems HTTP/1.1\r\n{HOST}\r\n", 400),
        (f"GET /items HTTP/1.1\r\n{HOST}X A: 1\r\n\r\n", 400),
        (f"GET /items HTTP/1.1\r\n{HOST} folded\r\n\r\n", 400),
        ("GARBAGE\r\n\r\n", 400),
        (f"GET /items HTTP/1.1\r\n{HOST}X: {'x' * 70_000}\r\n\r\n", 431),
    ],
)
def test_what_is_no_proper_request_is_refused(server, records, call, status):
    answer = talk(server, call[:60_000], call[60_000:])
    assert statuses(answer)[:1] == [status]
    assert statuses(talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n")) == [200]


def test_a_head_that_drips_is_cut_off(server, records, monkeypatch):
    monkeypatch.setattr(lane, "HEAD_SECONDS", 0.3)
    assert talk(server, "GET /items HTTP/1.1\r\nHo", wait=3) == b""


def test_a_body_that_drips_is_408_and_logged(server, records, monkeypatch):
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.3)
    head = f"POST /items HTTP/1.1\r\n{HOST}Content-Length: 3\r\n\r\na"
    assert statuses(talk(server, head, wait=3)) == [408]
    assert [record.status for record in records] == [408]


def test_a_body_that_breaks_off_stands_in_the_log(server, records):
    talk(server, f"POST /items HTTP/1.1\r\n{HOST}Content-Length: 9\r\n\r\nabc", wait=0.05)
    talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n")
    assert (records[0].status, records[0].kind, records[0].request_body) == (400, "refused", b"abc")


def test_an_idle_connection_is_closed_after_a_while(server, records, monkeypatch):
    monkeypatch.setattr(lane, "IDLE_SECONDS", 0.3)
    answer = talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n", wait=5)
    assert statuses(answer) == [200]


def test_a_caller_that_goes_away_disturbs_nobody(server, records):
    for _ in range(20):
        talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n", wait=0.0, pause=0.0)
    assert statuses(talk(server, f"GET /items HTTP/1.1\r\n{HOST}\r\n")) == [200]


def test_a_stream_ends_when_the_server_stops():
    door = front(make.contract())
    app = Both(Hosts("live.localhost", ["localhost"]), door, WsgiBridge(page), stream)
    port = free_port()
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, **OPTIONS))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
    running.port = port

    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /projects/x/log/tail HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        await reader.readuntil(b"tick")
        running.should_exit = True
        await asyncio.wait_for(reader.read(), 5)

    asyncio.run(main())
    thread.join(5)
    assert not thread.is_alive()


def test_an_answer_that_has_yet_to_be_compiled_takes_the_ordinary_way(server, records):
    first = talk(server, f"GET /made HTTP/1.1\r\n{HOST}\r\n")
    again = talk(server, f"GET /made HTTP/1.1\r\n{HOST}\r\n", f"GET /made HTTP/1.1\r\n{HOST}\r\n")
    assert first.startswith(b"HTTP/1.1 200") and b'"id"' in first
    assert again.count(b"HTTP/1.1 200") == 2
    assert [record.status for record in records] == [200, 200, 200]


def test_a_body_beside_a_wish_for_http2_is_read(server, records):
    upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
    head = f"POST /items HTTP/1.1\r\n{HOST}{upgrade}Content-Type: text/plain\r\nContent-Length: 3\r\n\r\n"
    assert statuses(talk(server, head + "abc")) == [200]
    assert records[-1].request_body == b"abc"


@pytest.mark.parametrize(
    "framing", ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
)
def test_a_body_beside_a_wish_for_another_protocol_comes_in_any_framing(server, records, framing):
    head = f"POST /items HTTP/1.1\r\n{HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Type: text/plain\r\n"
    after = f"GET /items?after=1 HTTP/1.1\r\n{HOST}\r\n"
    assert statuses(talk(server, head + framing, after, pause=0.1)) == [200, 200]
    assert [(record.request_body, record.query) for record in records] == [(b"abc", ""), (b"", "after=1")]


def test_connect_is_refused(server, records):
    assert statuses(talk(server, "CONNECT todo.live.localhost:8000 HTTP/1.1\r\nHost: x\r\n\r\n")) == [400]
