"""What an operation calls back: sent after its answer to a real server, or not sent and why."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from actionstudio.core.auth import ApiKey
from actionstudio.core.behaviour import Around, Callback, Fault, Template
from actionstudio.core.contract import Body, Example, Media, Operation, Response
from actionstudio.runtime.callbacks import desk
from tests import make
from tests.runtime.house import ask, front, key

JSON = "application/json"
EVENT = {
    "type": "object",
    "required": ["kind", "at"],
    "properties": {"kind": {"const": "made"}, "at": {"type": "string"}},
}
EXAMPLE = {"kind": "made", "at": "noon"}


class Listener:
    """A server on this machine that keeps what it gets."""

    def __init__(self, status: int = 204, wait: float = 0) -> None:
        self.got: list[tuple[str, str, dict, bytes]] = []
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                got.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                time.sleep(wait)
                self.send_response(status)
                self.send_header("location", "/elsewhere")
                self.end_headers()

            do_PUT = do_GET = do_POST

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.server.shutdown()


def subscribing(
    content=None, around: Around | None = None, expression: str = "{$request.body#/url}", more=None, **fields
):
    content = {JSON: {"schema": EVENT}} if content is None else content
    item = {"post": {"requestBody": {"content": content}, **(more or {})}}
    auth = {"auth": fields.pop("auth")} if "auth" in fields else {}
    fields.setdefault("responses", (Response("201", content=(Media(JSON, None, (Example("", {"id": 9}),)),)),))
    operation = Operation(
        "POST", "/subscribe/{id}", "subscribe",
        body=Body(content=(Media(JSON, {"type": "object"}),)),
        around=around or Around(),
        extra={"callbacks": {"onEvent": {expression: item}}},
        **fields,
    )  # fmt: skip
    return make.contract(operation, **auth)


def calling(contract, private: bool = True, **fields):
    return front(contract, extra={"private": private}, **fields)


def subscribe(door, url: str, **headers):
    return ask(
        door, "POST", "/subscribe/7?key=SECRET", orjson.dumps({"url": url, "name": "Ada"}), content_type=JSON, **headers
    )


def entries(answer):
    return [entry for entry in answer.record.decisions.get("trail", ()) if entry["what"] == "callback"]


def logged(door, number: int = 1, within: float = 5.0):
    """The log's records of callbacks, when there are so many."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = [record for record in door.journal._sink.records if record.kind == "callback"]
        if len(found) >= number:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{len(found)} callbacks in the log, wanted {number}")


def test_it_is_sent_after_the_answer_and_is_in_the_log(listener):
    door = calling(subscribing({JSON: {"schema": EVENT, "example": EXAMPLE}}))
    answer = subscribe(door, listener.url + "/hook?token=abc", openai_conversation_id="c1")
    assert answer.reply.status == 201
    (record,) = logged(door)
    ((method, path, headers, body),) = listener.got
    assert (method, path, orjson.loads(body)) == ("POST", "/hook?token=abc", EXAMPLE)
    assert headers["content-type"] == JSON and "action-studio" in headers["via"]
    assert (record.kind, record.source, record.method, record.status) == ("callback", "client", "POST", 204)
    assert (record.path, record.query) == (listener.url + "/hook", "token=abc")
    assert (record.conversation_id, record.operation_id) == ("c1", "subscribe")
    assert record.decisions["call"] == answer.record.id < record.id
    assert orjson.loads(record.request_body) == EXAMPLE and record.duration_us > 0
    assert entries(answer) == [
        {"what": "callback", "name": "onEvent", "method": "POST", "url": listener.url + "/hook?…", "delay": 0.0}
    ]


def test_without_an_example_the_body_is_made_from_the_schema(listener):
    door = calling(subscribing())
    subscribe(door, listener.url)
    logged(door)
    body = orjson.loads(listener.got[0][3])
    assert body["kind"] == "made" and isinstance(body["at"], str)


def test_the_builder_writes_the_body_and_the_delay(listener):
    body = '{"who": "{{ body.name }}", "id": "{{ response.body.id }}", "status": {{ response.status }}'
    body += ', "key": "{{ query.nothing }}"}'
    door = calling(subscribing(around=Around(callbacks=(Callback("onEvent", delay=0.3, body=body),))))
    answer = subscribe(door, listener.url)
    time.sleep(0.1)
    assert not listener.got
    (record,) = logged(door)
    assert orjson.loads(listener.got[0][3]) == {"who": "Ada", "id": 9, "status": 201, "key": ""}
    assert entries(answer)[0]["delay"] == 0.3
    trail = record.decisions["trail"][0]
    assert trail["values"]["body.name"] == "Ada" and trail["notes"] == ["query.nothing was not sent"]


def test_declared_headers_go_along_and_nothing_of_the_callers_credentials(listener):
    declared = [
        {"name": "X-Event", "in": "header", "schema": {"const": "made"}, "required": True},
        {"name": "X-Sign", "in": "header", "example": "s1"},
        {"name": "Authorization", "in": "header", "example": "Bearer x", "required": True},
    ]
    body = '{"all": "{{ header }} {{ query }} {{ url }}"}'
    around = Around(callbacks=(Callback("onEvent", body=body),))
    made = subscribing(more={"parameters": declared}, auth=ApiKey("header", "key"), around=around)
    door = calling(made, keys=(key("ask_secret"),))
    subscribe(door, listener.url, key="ask_secret", authorization="Bearer AA", cookie="sid=SID")
    logged(door)
    _, _, headers, sent = listener.got[0]
    assert (headers["x-event"], headers["x-sign"]) == ("made", "s1")
    assert "authorization" not in headers and "cookie" not in headers and "key" not in headers
    assert all(secret not in sent for secret in (b"ask_secret", b"AA", b"SID", b"SECRET"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "$request.body#/url"),
        ("not a url", "no http:// or https:// URL"),
        ("ftp://a.test/x", "no http:// or https:// URL"),
        ("file:///etc/passwd", "no http:// or https:// URL"),
        ("http://todo.live.localhost:8000/subscribe/7", "the studio itself"),
        ("http://other.LIVE.localhost./x", "the studio itself"),
        ("http://localhost:8000/live/todo/x", "the studio itself"),
        ("http://[::1", "cannot be used"),
    ],
)
def test_a_url_that_may_not_be_called_is_told_in_the_calls_trail(url, why):
    expression = "{$request.body#/url}" if url else "{$request.body#/url/deeper}"
    answer = subscribe(calling(subscribing(expression=expression), private=False), url)
    assert answer.reply.status == 201
    assert why in entries(answer)[0]["error"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "0x7f000001"])
def test_private_addresses_are_not_called_unless_allowed(host):
    door = calling(subscribing(), private=False)
    subscribe(door, f"http://{host}:9/x")
    (record,) = logged(door)
    assert record.status == 0
    error = record.decisions["trail"][0]["error"]
    assert any(words in error for words in ("private network", "link-local", "no host"))


def test_nothing_is_called_that_a_refused_or_failed_call_asked_for(listener):
    door = calling(subscribing(responses=(Response("422"),)))
    assert not entries(subscribe(door, listener.url))
    door = calling(subscribing(auth=ApiKey("bearer")), keys=(key("ask_a"),))
    assert subscribe(door, listener.url).reply.status == 401
    door = calling(subscribing(around=Around(faults=(Fault("status", 503),))))
    assert subscribe(door, listener.url).reply.status == 503
    time.sleep(0.2)
    assert not listener.got


def test_a_callback_can_be_switched_off(listener):
    answer = subscribe(calling(subscribing(around=Around(callbacks=(Callback("onEvent", send=False),)))), listener.url)
    assert not entries(answer)


def test_a_call_that_comes_from_a_studio_calls_nobody_back(listener):
    answer = subscribe(calling(subscribing()), listener.url, via="1.1 proxy, 1.1 action-studio")
    assert "round in circles" in entries(answer)[0]["error"]
    time.sleep(0.1)
    assert not listener.got


def test_two_mocks_that_call_each_other_stop_after_one_round(listener):
    """A callback that reaches a mock says where it came from, so that this one sends none."""
    first = calling(subscribing())
    subscribe(first, listener.url)
    logged(first)
    assert "round in circles" in entries(subscribe(first, listener.url, via=listener.got[0][2]["via"]))[0]["error"]


def test_redirects_are_told_and_not_followed():
    listener = Listener(302)
    door = calling(subscribing())
    subscribe(door, listener.url)
    assert logged(door)[0].status == 302
    assert len(listener.got) == 1
    listener.server.shutdown()


def test_nobody_there_is_told():
    door = calling(subscribing())
    subscribe(door, "http://127.0.0.1:1/x")
    assert "the call failed" in logged(door)[0].decisions["trail"][0]["error"]


def test_a_slow_server_is_left_after_the_deadline(monkeypatch):
    monkeypatch.setattr(desk, "SECONDS", 0.3)
    listener = Listener(wait=3)
    door = calling(subscribing())
    subscribe(door, listener.url)
    assert "in time" in logged(door)[0].decisions["trail"][0]["error"]
    listener.server.shutdown()


def test_so_many_a_minute_and_no_more(listener, monkeypatch):
    monkeypatch.setattr(desk, "PER_MINUTE", 3)
    door = calling(subscribing())
    answers = [subscribe(door, listener.url) for _ in range(5)]
    assert ["error" in entries(answer)[0] for answer in answers] == [False, False, False, True, True]
    logged(door, 3)
    assert len(listener.got) == 3


def test_so_much_may_wait_in_memory_and_no_more(monkeypatch):
    monkeypatch.setattr(desk, "MOST_HELD", 400)
    door = calling(subscribing(around=Around(callbacks=(Callback("onEvent", delay=60),))))
    answers = [subscribe(door, "https://example.com/" + "x" * 200) for _ in range(3)]
    assert ["error" in entries(answer)[0] for answer in answers] == [False, True, True]
    assert "too many" in entries(answers[1])[0]["error"]
    door.callbacks.stop()


def test_so_many_of_one_call_and_no_more(listener):
    made = subscribing()
    operation = made.operations[0]
    item = operation.extra["callbacks"]["onEvent"]
    extra = {"callbacks": {f"on{n}": item for n in range(7)}}
    door = calling(
        make.contract(Operation("POST", "/subscribe/{id}", "subscribe", responses=operation.responses, extra=extra))
    )
    answer = subscribe(door, listener.url)
    assert ["error" in entry for entry in entries(answer)] == [False] * 5 + [True] * 2
    logged(door, 5)


def test_what_still_waits_when_the_server_stops_is_in_the_log(listener):
    door = calling(subscribing(around=Around(callbacks=(Callback("onEvent", delay=60),))))
    answer = subscribe(door, listener.url)
    (record,) = door.callbacks.stop()
    assert record.decisions["call"] == answer.record.id and "stopped" in record.decisions["response"]
    assert not listener.got


def test_a_template_that_is_wrong_or_goes_too_far_is_told(listener):
    for body in ("{{ foo }}", "{{#repeat 50000}}{{ body.url }}{{/repeat}}"):
        door = calling(subscribing(around=Around(callbacks=(Callback("onEvent", body=body),))))
        subscribe(door, listener.url)
        assert logged(door)[0].status == 0
    assert not listener.got


def test_a_templates_answer_is_what_response_means(listener):
    made = subscribing(
        expression="{$request.body#/url}/{$response.body#/id}/{$statusCode}",
        behaviour=Template("201", body='{"id": "{{ body.name }}"}'),
    )
    door = calling(made)
    subscribe(door, listener.url)
    logged(door)
    assert listener.got[0][1] == "/Ada/201"
