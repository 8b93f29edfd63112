"""Which plane answers, and what the outer guard refuses before any does."""

import asyncio
import threading

import orjson
import pytest

from actionstudio.core.auth import OAuth
from actionstudio.core.call import Reply
from actionstudio.core.contract import Body, Example, Header, Media, Response
from actionstudio.runtime import answers, gate
from actionstudio.runtime.bridge import WsgiBridge
from actionstudio.runtime.dispatch import Both, Hosts
from actionstudio.runtime.ports import CUT_REQUEST, Provided
from tests import make
from tests.runtime.house import front

HOST = (b"host", b"todo.live.localhost:8000")


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
    return [environ["wsgi.input"].read(), b"|page"]


async def stream(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-kind", b"stream")]})
    await send({"type": "http.response.body", "body": b"stream"})


class Served:
    """The composition root without Django."""

    def __init__(self, **more):
        operation = make.operation("POST", "/items", body=Body(content=(Media("text/plain"),)))
        self.door = front(make.contract(make.operation(), operation))
        self.app = Both(
            Hosts("live.localhost:8000", ["localhost", ".studio.example"]),
            self.door,
            WsgiBridge(page),
            stream,
            **more,
        )

    def __call__(self, path="/items", headers=(HOST,), method="GET", parts=(b"",), wait=0.0):
        sent, pieces = [], list(parts)

        async def receive():
            await asyncio.sleep(wait)
            if not pieces:
                return {"type": "http.disconnect"}
            body = pieces.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(pieces)}

        async def send(message):
            sent.append(message)

        raw, _, query = path.partition("?")
        scope = {"type": "http", "http_version": "1.1", "method": method, "path": raw, "raw_path": raw.encode()}
        scope |= {
            "query_string": query.encode(),
            "headers": list(headers),
            "client": ("127.0.0.1", 5),
            "scheme": "http",
        }
        asyncio.run(self._run(scope, receive, send))
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], body, dict(sent[0]["headers"])

    async def _run(self, scope, receive, send):
        self.door.journal._loop = None
        await self.app(scope, receive, send)

    @property
    def records(self):
        return self.door.journal._sink.records


@pytest.mark.parametrize(
    ("host", "path", "wanted"),
    [
        (b"todo.live.localhost:8000", "/items", b'{"ok":true}'),
        (b"TODO.live.localhost", "/items", b'{"ok":true}'),
        (b"localhost:8000", "/live/todo/items", b'{"ok":true}'),
        (b"api.example.com", "/items", b'{"ok":true}'),
        (b"localhost:8000", "/items", b"|page"),
        (b"a.studio.example", "/items", b"|page"),
        (b"other.example", "/items", b"|page"),
        (b"localhost", "/healthz", b"ok\n"),
        (b"localhost", "/healthz/ready", b"ok\n"),
    ],
)
def test_host_and_path_decide(host, path, wanted):
    assert Served()(path, [(b"host", host)])[1] == wanted


def test_the_live_tail_goes_to_the_stream_handler():
    accept = (b"accept", b"text/event-stream")
    assert Served()("/projects/x/log/tail", [(b"host", b"localhost"), accept])[1] == b"stream"
    assert Served()("/projects/x/log/tail", [(b"host", b"localhost")])[1] == b"|page"


def test_an_unknown_address_is_said_plainly():
    status, body, _ = Served()(headers=[(b"host", b"nobody.live.localhost:8000")])
    assert (status, orjson.loads(body)["title"]) == (404, "There is no such address")


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ([HOST], 400),
        ([(b"content-length", b"1"), (b"transfer-encoding", b"chunked")], 400),
        ([(b"content-length", b"1"), (b"content-length", b"2")], 400),
        ([(b"content-length", b"abc")], 400),
        ([(b"x-%d" % number, b"1") for number in range(100)], 400),
        ([(b"content-length", str(gate.BODY_LIMIT + 1).encode())], 413),
    ],
)
def test_what_no_application_should_see_is_refused_on_both_planes_and_logged(extra, status):
    served = Served()
    assert served(headers=[HOST, *extra], method="POST")[0] == status
    assert [(record.kind, record.status) for record in served.records] == [("refused", status)]
    own = [(b"host", b"localhost")] + [(b"host", b"localhost") if pair == HOST else pair for pair in extra]
    if status == 400:
        assert served("/page", headers=own, method="POST")[0] == 400


def test_a_body_without_a_length_is_counted():
    chunked = [HOST, (b"transfer-encoding", b"chunked"), (b"content-type", b"text/plain")]
    served = Served()
    assert served(headers=chunked, method="POST", parts=[b"a", b"b", b"c"])[0] == 200
    assert served.records[-1].request_body == b"abc"
    assert served(headers=chunked, method="POST", parts=[b"x" * 1024 * 1024] * 11)[0] == 413
    assert gate._held == 0


def test_a_body_that_breaks_off_is_400():
    chunked = [HOST, (b"content-length", b"9")]
    assert Served()(headers=chunked, method="POST", parts=[b"a", b"b"])[0] == 400


def test_a_body_that_drips_is_408(monkeypatch):
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(gate.read_body, "__defaults__", (gate.BODY_LIMIT, 0.1))
    slow = [HOST, (b"content-length", b"900")]
    assert Served()(headers=slow, method="POST", parts=[b"a"] * 900, wait=0.02)[0] == 408


def test_an_upload_to_a_page_may_be_larger_than_a_mocks_body_but_not_without_end():
    served = Served()
    large = [(b"host", b"localhost"), (b"content-length", str(11 * 1024 * 1024).encode())]
    assert served("/upload", large, "POST", [b"x" * 11 * 1024 * 1024])[0] == 200
    larger = [(b"host", b"localhost"), (b"content-length", str(50 * 1024 * 1024).encode())]
    status, body, _ = served("/upload", larger, "POST", [b"x"])
    assert (status, body) == (413, b"The body is larger than 12 MB.\n")
    status, body, headers = served("/api/v1/projects/", larger, "POST", [b"x"])
    assert (status, headers[b"content-type"]) == (413, b"application/problem+json")


def too_large(limit, headers):
    return f"<p>{limit} {headers['cookie']}".encode()


@pytest.mark.parametrize(
    ("path", "host", "accept", "htmx", "kind"),
    [
        ("/projects/new/", b"localhost", b"text/html,*/*", False, b"text/html; charset=utf-8"),
        ("/projects/new/", b"localhost", b"text/html,*/*", True, b"text/plain; charset=utf-8"),
        ("/projects/new/", b"localhost", b"*/*", False, b"text/plain; charset=utf-8"),
        ("/projects/new/", b"other.example", b"text/html", False, b"text/plain; charset=utf-8"),
        ("/api/v1/projects/", b"localhost", b"text/html", False, b"application/problem+json"),
        ("/items", b"todo.live.localhost", b"text/html", False, b"application/problem+json"),
        ("/live/todo/items", b"localhost", b"text/html", False, b"application/problem+json"),
    ],
)
def test_a_browser_whose_form_is_too_large_gets_a_page(path, host, accept, htmx, kind):
    headers = [(b"host", host), (b"content-length", str(50 * 1024 * 1024).encode()), (b"accept", accept)]
    headers += [(b"cookie", b"theme=dark")] + [(b"hx-request", b"true")] * htmx
    status, body, answered = Served(too_large=too_large)(path, headers, "POST", [b"x"])
    assert (status, answered[b"content-type"]) == (413, kind)
    if kind.startswith(b"text/html"):
        assert body == b"<p>12582912 theme=dark"
        assert b"unsafe" not in answered[b"content-security-policy"]


def test_the_path_stays_encoded_for_the_data_plane_and_pages_see_it_decoded():
    served = Served()
    served("/live/todo/it%2Fems", [(b"host", b"localhost")])
    assert served.records[-1].path == "/it%2Fems"


@pytest.mark.parametrize("examples", [(), (Example("", 5),)])
def test_what_an_answer_needs_is_compiled_beside_the_event_loop(monkeypatch, examples):
    made = []
    for name in ("compile_sampler", "compile_validator"):
        real = getattr(answers, name)
        monkeypatch.setattr(answers, name, lambda *a, real=real: made.append(threading.current_thread()) or real(*a))
    served = Served()
    answer = Response("200", content=(Media("application/json", {"type": "integer"}, examples),))
    served.door.registry._source.save(make.contract(make.operation(responses=(answer,))))
    assert [served()[0], served()[0]] == [200, 200]
    assert made and threading.main_thread() not in made
    assert len(served.records) == 2


def test_a_cookie_is_never_set_on_the_host_of_the_pages():
    cookie = Header("Set-Cookie", examples=(Example("", "sessionid=mine; Path=/"),))
    served = Served()
    served.door.registry._source.save(make.contract(make.operation(responses=(Response("200", headers=(cookie,)),))))
    assert served()[2][b"set-cookie"] == b"sessionid=mine; Path=/"
    assert b"set-cookie" not in served("/live/todo/items", [(b"host", b"localhost")])[2]
    assert [found["code"] for found in served.records[-1].violations] == ["not-sent"]


def test_bodies_are_logged_whole_up_to_the_limit_then_cut():
    served = Served()
    served.door._cut = 10
    served(
        headers=[HOST, (b"content-length", b"20"), (b"content-type", b"text/plain")], method="POST", parts=[b"x" * 20]
    )
    record = served.records[-1]
    assert (record.request_body, record.request_size) == (b"x" * 10, 20)
    assert record.cut & CUT_REQUEST
    served(headers=[HOST, (b"content-length", b"9"), (b"content-type", b"text/plain")], method="POST", parts=[b"x" * 9])
    assert not served.records[-1].cut & CUT_REQUEST


@pytest.mark.parametrize(
    ("header", "source"),
    [
        ((b"user-agent", b"Mozilla/5.0 ChatGPT-User/1.0"), "gpt"),
        ((b"openai-gpt-id", b"g-1"), "gpt"),
        ((b"openai-ephemeral-user-id", b"u-1"), "gpt"),
        ((b"user-agent", b"curl/8"), "client"),
    ],
)
def test_calls_from_chatgpt_are_known(header, source):
    served = Served()
    served(headers=[HOST, header])
    assert served.records[-1].source == source


def test_an_error_of_ours_is_a_500_that_stands_in_the_log(monkeypatch):
    served = Served()
    monkeypatch.setattr("actionstudio.runtime.program.Program.finish", lambda *a: 1 / 0)
    assert served()[0] == 500
    assert [(record.kind, record.status) for record in served.records] == [("refused", 500)]


class Told:
    """runtime.ports.Provider: answers with what it was asked."""

    def answer(self, hosted, call, base, client):
        said = f"{hosted.address} {call.path} {hosted.base_urls[base]}"
        return Provided(Reply(200, (), said.encode()), {"route": "told"})


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/.well-known/oauth-authorization-server/live/todo", "/.well-known/oauth-authorization-server"),
        ("/.well-known/openid-configuration/live/TODO", "/.well-known/openid-configuration"),
        ("/.well-known/oauth-protected-resource/live/todo", "/.well-known/oauth-protected-resource"),
        ("/.well-known/oauth-protected-resource/live/todo/mcp", "/.well-known/oauth-protected-resource/mcp"),
    ],
)
def test_a_well_known_part_before_the_path_is_about_the_address_below_live(path, wanted):
    served = Served()
    served.door._provider = Told()
    served.door.registry._source.save(make.contract(auth=OAuth()))
    said = served(path, [(b"host", b"localhost:8000")])[1].decode()
    assert said == f"todo {wanted} http://localhost:8000/live/todo"
    assert [(record.kind, record.path) for record in served.records] == [("oauth", wanted)]


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/oauth-authorization-server/live/nobody",
        "/.well-known/oauth-authorization-server/live/",
        "/.well-known/oauth-authorization-server/live/todo/more",
        "/.well-known/oauth-authorization-server",
        "/.well-known/ai-plugin.json/live/todo",
        "/.well-known/security.txt",
    ],
)
def test_other_well_known_paths_stay_the_pages(path):
    served = Served()
    served.door._provider = Told()
    served.door.registry._source.save(make.contract(auth=OAuth()))
    assert served(path, [(b"host", b"localhost:8000")])[1] == b"|page"


def test_an_address_where_nobody_signs_in_is_not_found_by_its_well_known_path():
    served = Served()
    served.door._provider = Told()
    path = "/.well-known/oauth-authorization-server/live/todo"
    assert served(path, [(b"host", b"localhost:8000")])[1] == b"|page"
