"""A callback through the real server: first the answer, then the call to a server of this machine; both logged."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

MAKE = """
from actionstudio.core.behaviour import Around, Callback, Template
from tests import make
item = {"post": {"requestBody": {"content": {"application/json": {"example": {"event": "paid"}}}}}}
extra = {"callbacks": {"paid": {"{$request.body#/url}": item}}}
later = Around(callbacks=(Callback("paid", delay=0.5, body='{"id": "{{ response.body.id }}", "n": "{{ call }}"}'),))
made = Template("201", body='{"id": "{{ body.id }}"}')
make.project("shop", make.user("ann"), make.contract(
    make.operation("POST", "/orders", extra=extra), make.operation("POST", "/later", extra=extra, around=later,
    behaviour=made)))
"""
LOGGED = """
from actionstudio.apps.traffic import callbacks
from actionstudio.apps.traffic.models import Exchange
for row in Exchange.objects.filter(kind="mock").order_by("pk"):
    found = callbacks.of(row)
    print([(one.status, one.path.rpartition("/")[2], callbacks.call_of(one) == row.public_id) for one in found])
"""


@pytest.fixture
def listener():
    got: list[tuple[float, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((time.monotonic(), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()


def until(condition, seconds: float = 15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_orders_are_called_back(studio, listener):
    url, got = listener
    studio.shell(MAKE)
    assert studio.call("shop", "POST", "/orders", json={"url": url}).status_code == 200
    until(lambda: len(got) == 1)
    assert got[0][1] == b'{"event":"paid"}'
    answer = studio.call("shop", "POST", "/later", json={"url": url, "id": 5})
    answered = time.monotonic()
    assert answer.json() == {"id": 5}
    until(lambda: len(got) == 2)
    assert got[1][1] == b'{"id": 5, "n": 1}'
    assert got[1][0] - answered > 0.3
    until(lambda: studio.shell(LOGGED).split("\n") == ["[(204, 'hook', True)]"] * 2)


def test_the_server_stops_soon_although_callbacks_wait(studio, listener):
    url, got = listener
    slow = MAKE.replace('"shop"', '"slow"').replace("delay=0.5", "delay=600")
    studio.shell(slow)
    studio.call("slow", "POST", "/later", json={"url": url, "id": 1})
    began = time.monotonic()
    studio.stop()
    assert time.monotonic() - began < 15
    studio.start()
    assert not got
    assert "[(0, 'hook', True)]" in studio.shell(LOGGED)
