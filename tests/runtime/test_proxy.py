"""A proxied operation passes the call and the answer through, byte for byte, but for what must not travel."""

import gzip
import hashlib
import time
import zlib
from dataclasses import replace

import orjson
import pytest

from actionstudio.core.auth import ApiKey, Declared, OAuth
from actionstudio.core.behaviour import Backend, Proxy, Upstream
from actionstudio.core.contract import Example, Media, Operation, Parameter, Response, Server
from actionstudio.runtime.forwarding import credentials, fleet
from tests import make
from tests.runtime.house import key
from tests.runtime.proxying import JSON, SECRET, door, proxied, send, trail
from tests.runtime.test_outbound import HOSTILE
from tests.runtime.upstream import answer


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_method_path_query_and_body_arrive_as_they_were_sent(upstream, method):
    target = "/things/a%2Fb%20c+d?x=1&x=&y&z=%C3%A9+%2B&a[]=1&q=a%20b"
    body = b"" if method in ("GET", "OPTIONS") else bytes(range(256))
    made = send(proxied(upstream.url), method, target, body, [("content-type", "application/octet-stream")])
    assert made.reply.status == 200
    seen = upstream.last
    assert (seen.method, seen.target, seen.body) == (method, target, body)
    assert seen.header("content-type") == "application/octet-stream"
    assert seen.header("host") == f"127.0.0.1:{upstream.port}"


def test_a_base_path_of_the_server_goes_before_and_the_documents_own_goes_off(upstream):
    contract = proxied(upstream.url + "/api/v2/", servers=(Server("https://api.example.com/v1"),))
    send(contract, url="/v1/things/1?a=1")
    assert upstream.last.target == "/api/v2/things/1?a=1"
    send(contract, url="/things/1/")
    assert upstream.last.target == "/api/v2/things/1/"


def test_what_belongs_to_the_connection_stays_behind_and_the_rest_goes(upstream):
    sent = [
        ("host", "todo.live.localhost:8000"), ("connection", "keep-alive, x-hop"), ("x-hop", "1"), ("te", "trailers"),
        ("keep-alive", "timeout=5"), ("proxy-authorization", "Basic x"), ("upgrade", "h2c"), ("expect", "100-continue"),
        ("x-forwarded-for", "10.0.0.9"), ("forwarded", "for=10.0.0.9"), ("accept", "text/csv, */*;q=0.1"),
        ("openai-conversation-id", "c1"), ("openai-ephemeral-user-id", "u1"), ("user-agent", "ChatGPT-User/1.0"),
        ("accept-encoding", "br, gzip;q=0.8, zstd"), ("x-two", "a"), ("x-two", "b"), ("via", "1.1 edge"),
        ("if-none-match", '"e1"'), ("range", "bytes=0-9"),
    ]  # fmt: skip
    send(proxied(upstream.url), headers=sent)
    seen = upstream.last
    gone = {"connection", "x-hop", "te", "keep-alive", "proxy-authorization", "upgrade", "expect", "x-forwarded-for"}
    assert not (gone | {"forwarded"}) & seen.names
    assert [value for name, value in seen.headers if name == "x-two"] == ["a", "b"]
    assert seen.header("accept") == "text/csv, */*;q=0.1"
    assert seen.header("openai-conversation-id") == "c1"
    assert seen.header("accept-encoding") == "gzip;q=0.8"
    assert seen.header("via") == "1.1 edge, 1.1 action-studio"
    assert seen.header("if-none-match") == '"e1"'
    assert seen.header("range") == "bytes=0-9"


SCHEMES = {
    "components": {
        "securitySchemes": {
            "h": {"type": "apiKey", "in": "header", "name": "X-Door"},
            "q": {"type": "apiKey", "in": "query", "name": "door key"},
            "c": {"type": "apiKey", "in": "cookie", "name": "door"},
        }
    }
}


def test_no_credential_of_the_caller_and_no_cookie_of_ours_is_forwarded(upstream):
    contract = proxied(upstream.url, auth=Declared(), extra=SCHEMES, security=({"h": []}, {"q": []}, {"c": []}))
    where = door(contract, keys=(key("door-key-1"),))
    sent = [
        ("authorization", "Bearer studio-token-1"), ("x-door", "door-key-1"),
        ("cookie", "studio=session-1; theirs=ok; door=door-key-1; csrf=token-1; __Host-studio=session-2"),
    ]  # fmt: skip
    made = send(where, url="/things/1?a=1&door+key=door-key-1&b=%2F", headers=sent)
    assert made.reply.status == 200
    seen = upstream.last
    assert seen.target == "/things/1?a=1&b=%2F"
    assert seen.header("cookie") == "theirs=ok"
    assert not {"authorization", "x-door"} & seen.names


def test_without_a_host_of_its_own_an_address_forwards_no_cookie_at_all(upstream):
    import asyncio

    where = door(proxied(upstream.url))
    out = []

    async def call():
        where.start(asyncio.get_running_loop())
        scope = {
            "type": "http", "method": "GET", "path": "/live/todo/things/1", "raw_path": b"/live/todo/things/1",
            "query_string": b"", "headers": [(b"host", b"localhost"), (b"cookie", b"anything=1")], "client": ("1", 1),
        }  # fmt: skip

        async def keep(message):
            out.append(message)

        await where.serve("todo", scope, None, keep, base=-1)
        await where.stop()

    asyncio.run(call())
    assert out[0]["status"] == 200
    assert "cookie" not in upstream.last.names


@pytest.mark.parametrize(
    ("place", "header", "value", "target"),
    [
        ({"secret_in": "bearer"}, "authorization", f"Bearer {SECRET}", "/things/1?a=1"),
        ({"secret_in": "bearer", "secret_prefix": "token "}, "authorization", f"token {SECRET}", "/things/1?a=1"),
        ({"secret_in": "header", "secret_name": "X-API-KEY"}, "x-api-key", SECRET, "/things/1?a=1"),
        ({"secret_in": "basic"}, "authorization", f"Basic {SECRET}", "/things/1?a=1"),
        ({"secret_in": "query", "secret_name": "api key"}, "x-none", "", f"/things/1?a=1&api%20key={SECRET}"),
    ],
)
def test_the_upstreams_own_secret_is_put_where_it_wants_it(upstream, place, header, value, target):
    contract = proxied(upstream.url, secret="gate", **place)
    made = send(door(contract, secrets={"gate": SECRET}), url="/things/1?a=1", headers=[("x-api-key", "callers")])
    assert upstream.last.header(header) == value
    assert upstream.last.target == target
    assert SECRET not in repr(made.record)


def test_a_user_and_password_are_encoded_for_basic(upstream):
    contract = proxied(upstream.url, secret="gate", secret_in="basic")
    send(door(contract, secrets={"gate": "ann:pass-word"}))
    assert upstream.last.header("authorization") == "Basic YW5uOnBhc3Mtd29yZA=="


def test_a_secret_that_was_not_filled_in_is_told_and_nothing_is_sent(upstream):
    made = send(proxied(upstream.url, secret="gate"))
    assert made.reply.status == 502
    assert "“gate”" in made.record.decisions["response"]
    assert not upstream.seen


@pytest.mark.parametrize("where", ["body", "header", "gzip", "basic", "location"])
def test_an_upstream_that_echoes_the_secret_gives_it_to_nobody(upstream, where):
    def reply(seen):
        told = orjson.dumps({"headers": dict(seen.headers), "url": seen.target})
        kind = "Content-Type: application/json"
        if where == "header":
            return answer(b"{}", "200 OK", kind, f"X-Echo: you sent {seen.header('authorization')}")
        if where == "location":
            return answer(b"", "302 Found", f"Location: /again?key={SECRET}")
        if where == "gzip":
            return answer(gzip.compress(told), "200 OK", kind, "Content-Encoding: gzip", 'ETag: "strong"')
        return answer(told, "200 OK", kind)

    upstream.reply = reply
    text = "ann:pass-word-1" if where == "basic" else SECRET
    contract = proxied(upstream.url, secret="gate", secret_in="basic" if where == "basic" else "bearer")
    made = send(door(contract, secrets={"gate": text}), headers=[("accept-encoding", "gzip")])
    plain = "".join(f"{name}: {value}\n" for name, value in made.reply.headers).encode() + made.reply.body
    for form in (text, "YW5uOnBhc3Mtd29yZC0x", SECRET):
        assert form.encode() not in plain
        assert form not in repr(made.record)
    assert "hidden" in made.record.decisions["response"]
    if where == "gzip":
        assert made.reply.header("content-encoding") == ""
        assert made.reply.header("etag") == 'W/"strong"'


def test_a_password_alone_is_hidden_too(upstream):
    upstream.reply = lambda seen: answer(b'{"user": "ann", "password": "pass-word-1"}')
    made = send(door(proxied(upstream.url, secret="gate", secret_in="basic"), secrets={"gate": "ann:pass-word-1"}))
    assert b"pass-word-1" not in made.reply.body
    assert b'"ann"' in made.reply.body


def test_an_error_that_quotes_the_request_does_not_tell_the_secret(upstream):
    upstream.reply = lambda seen: b"HTTP/1.1 200 OK\r\nBad Header " + SECRET.encode() + b"\r\n\r\n"
    contract = proxied(upstream.url, secret="gate", secret_in="query", secret_name="k")
    made = send(door(contract, secrets={"gate": SECRET}))
    assert made.reply.status == 502
    assert SECRET not in repr(made.record) + repr(made.reply)


COOKIES = ("Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; HttpOnly", "Set-Cookie: c=3; Domain=example.com")


def test_status_headers_and_body_come_back_as_they_were_sent(upstream):
    upstream.reply = lambda seen: answer(
        bytes(range(256)), "418 I'm a teapot", "Content-Type: image/png", "X-Rate: 7", "X-Two: a", "X-Two: b",
        'ETag: "e1"', "Cache-Control: max-age=5", "X-Latin: caf\xe9", "Link: <https://a/?p=2>; rel=next", *COOKIES,
        "Strict-Transport-Security: max-age=1", "Clear-Site-Data: *", "Server: nginx", "Connection: keep-alive",
    )  # fmt: skip
    made = send(proxied(upstream.url))
    assert made.reply.status == 418
    assert made.reply.body == bytes(range(256))
    pairs = made.reply.headers
    for wanted in [
        ("content-type", "image/png"), ("x-rate", "7"), ("x-two", "a"), ("x-two", "b"), ("etag", '"e1"'),
        ("cache-control", "max-age=5"), ("x-latin", "caf\xe9"), ("link", "<https://a/?p=2>; rel=next"),
        ("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2; HttpOnly"), ("content-length", "256"),
        ("content-security-policy", "sandbox"),
    ]:  # fmt: skip
        assert wanted in pairs
    names = [name for name, _ in pairs]
    assert names.count("set-cookie") == 2
    assert not {"strict-transport-security", "clear-site-data", "server", "connection"} & set(names)
    step = trail(made)[0]
    assert step["withheld"] == ["clear-site-data", "set-cookie", "strict-transport-security"]
    assert step["status"] == 418
    assert [one["code"] for one in made.record.violations] == ["not-sent"]


@pytest.mark.parametrize("status", [200, 201, 204, 206, 301, 304, 307, 400, 401, 403, 404, 409, 418, 429, 500, 503])
def test_every_status_comes_back(upstream, status):
    body = b"" if status in (204, 304) else b'{"s":1}'
    upstream.reply = lambda seen: answer(body, f"{status} Said", "Retry-After: 3", length=bool(body))
    made = send(proxied(upstream.url))
    assert (made.reply.status, made.reply.body) == (status, body)
    assert made.reply.header("retry-after") == "3"
    assert ("content-length" in dict(made.reply.headers)) is bool(body)


def test_a_head_keeps_the_length_of_what_a_get_would_have_brought(upstream):
    upstream.reply = lambda seen: b'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: "e"\r\n\r\n'
    made = send(proxied(upstream.url), "HEAD")
    assert upstream.last.method == "HEAD"
    assert (made.reply.header("content-length"), made.reply.body) == ("1234", b"")
    upstream.reply = lambda seen: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert "content-length" not in dict(send(proxied(upstream.url), "HEAD").reply.headers)


def test_a_chunked_answer_comes_back_whole(upstream):
    upstream.reply = lambda seen: (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
    )
    made = send(proxied(upstream.url))
    assert made.reply.body == b"abcde"
    assert made.reply.header("content-length") == "5"


def test_an_answer_that_ends_with_the_connection_comes_back_whole(upstream):
    upstream.reply = lambda seen: [b"HTTP/1.0 200 OK\r\n\r\nabc", b"def"]
    assert send(proxied(upstream.url)).reply.body == b"abcdef"


PACKED = gzip.compress(b'{"a": 1}' * 50)


def test_a_compressed_answer_keeps_its_bytes_for_a_caller_that_can_read_it(upstream):
    upstream.reply = lambda seen: answer(PACKED, "200 OK", "Content-Encoding: gzip", "Content-Type: application/json")
    made = send(proxied(upstream.url), headers=[("accept-encoding", "gzip, br")])
    assert made.reply.body == PACKED
    assert made.reply.header("content-encoding") == "gzip"
    assert made.reply.header("content-length") == str(len(PACKED))
    assert made.record.response_body == b'{"a": 1}' * 50
    assert made.record.response_size == len(PACKED)


@pytest.mark.parametrize("accept", [(), (("accept-encoding", "identity"),), (("accept-encoding", "gzip;q=0"),)])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "bare"])
def test_a_compressed_answer_is_unpacked_for_one_that_cannot(upstream, accept, coding):
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(b"hello") + raw.flush()
    body = {"gzip": gzip.compress(b"hello"), "deflate": zlib.compress(b"hello"), "bare": bare}[coding]
    said = f"Content-Encoding: {'gzip' if coding == 'gzip' else 'deflate'}"
    upstream.reply = lambda seen: answer(body, "200 OK", said, 'ETag: "e"')
    made = send(proxied(upstream.url), headers=accept)
    assert made.reply.body == b"hello"
    assert made.reply.header("content-length") == "5"
    assert "content-encoding" not in dict(made.reply.headers)


def test_a_coding_that_we_do_not_know_passes_as_it_came(upstream):
    upstream.reply = lambda seen: answer(b"\x0b\x02\x80hi\x03", "200 OK", "Content-Encoding: br")
    made = send(proxied(upstream.url), headers=[("accept-encoding", "br")])
    assert made.reply.body == b"\x0b\x02\x80hi\x03"
    assert made.reply.header("content-encoding") == "br"


def test_a_redirect_is_handed_back_and_points_at_our_address(upstream):
    for location, wanted in [
        ("/things/2?a=b#c", "/things/2?a=b#c"),
        (f"{upstream.url}/things/2?a=1", "http://todo.live.localhost:8000/things/2?a=1"),
        ("https://elsewhere.example/things/2", "https://elsewhere.example/things/2"),
        ("2", "http://todo.live.localhost:8000/things/2"),
        ("//evil.example/x", "//evil.example/x"),
        ("http://[bad", "http://[bad"),
    ]:
        upstream.reply = lambda seen, location=location: answer(b"", "302 Found", f"Location: {location}")
        made = send(proxied(upstream.url))
        assert made.reply.status == 302
        assert made.reply.header("location") == wanted
    assert len(upstream.seen) == 6
    based = proxied(upstream.url + "/api")
    for location, wanted in [
        ("/api/things/2", "http://todo.live.localhost:8000/things/2"),
        ("/apiary/2", "/apiary/2"),
    ]:
        upstream.reply = lambda seen, location=location: answer(b"", "201 Created", f"Location: {location}")
        assert send(based, "POST").reply.header("location") == wanted


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [
        (lambda seen: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"], 502, "cut"),
        (lambda seen: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], 502, "cut"),
        (lambda seen: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], 502, "protocol"),
        (lambda seen: [b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"], 502, "protocol"),
        (lambda seen: [b"SMTP ready\r\n\r\n"], 502, "protocol"),
        (lambda seen: None, 502, "cut"),
        (lambda seen: [b"HTTP/1.1 200 OK\r\n", b"X-Large: " + b"x" * 200_000 + b"\r\n\r\n"], 502, "protocol"),
        (lambda seen: [b"HTTP/1.1 999 Said\r\nContent-Length: 0\r\n\r\n"], 502, "protocol"),
        (lambda seen: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", *([b"x", 0.3] * 9)], 504, "time"),
        (lambda seen: [5.0, b"HTTP/1.1 200 OK\r\n\r\n"], 504, "time"),
    ],
)
def test_an_upstream_that_misbehaves_is_a_bad_gateway_with_the_reason(upstream, script, status, reason):
    upstream.reply = script
    began = time.monotonic()
    made = send(proxied(upstream.url, timeout=1))
    assert time.monotonic() - began < 2.5
    assert made.reply.status == status
    assert made.reply.header("content-type") == "application/problem+json"
    assert str(upstream.port) not in made.reply.body.decode()
    step = trail(made)[-1]
    assert step["reason"] == reason
    assert step["error"]
    assert step["us"] > 0


def test_an_answer_that_never_ends_is_broken_off(upstream, monkeypatch):
    upstream.reply = lambda seen: [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 1_000_000] * 30]
    made = send(proxied(upstream.url, timeout=20))
    assert made.reply.status == 502
    assert trail(made)[-1]["reason"] == "large"


def test_a_body_that_is_longer_than_it_says_ends_where_it_says(upstream):
    upstream.reply = lambda seen: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokSMUGGLED HTTP/1.1 200 OK\r\n\r\n"
    where = door(proxied(upstream.url))
    for _ in range(3):
        assert send(where).reply.body == b"ok"


def test_an_upstream_that_is_not_there_is_told_apart(upstream):
    made = send(proxied("http://127.0.0.1:9"))
    assert made.reply.status == 502
    assert "refused" in made.reply.body.decode()


def test_a_connection_is_used_again_and_replaced_when_the_server_has_closed_it(upstream):
    where = door(proxied(upstream.url))
    for _ in range(5):
        assert send(where).reply.status == 200
    assert upstream.connections == 1
    upstream.reply = lambda seen: answer(b"{}") if len(upstream.seen) % 2 else None
    for _ in range(4):
        assert send(where).reply.status == 200


def test_a_call_that_may_not_be_repeated_gets_a_connection_of_its_own(upstream):
    where = door(proxied(upstream.url))
    for _ in range(3):
        assert send(where, "POST", body=b"{}").reply.status == 200
    assert (upstream.connections, len(upstream.seen)) == (3, 3)


@pytest.mark.parametrize(
    "path", ["/things/..", "/things/%2e%2e", "/things/..%2f..%2fadmin", "/things/%5c..%5cx", "/things/."]
)
def test_a_path_that_climbs_is_not_forwarded(upstream, path):
    made = send(proxied(upstream.url + "/api"), url=path)
    assert made.reply.status == 400
    assert not upstream.seen


def test_a_loop_ends(upstream):
    via = [("via", "1.1 action-studio, 1.1 action-studio"), ("via", "1.1 action-studio")]
    made = send(proxied(upstream.url), headers=via)
    assert made.reply.status == 508
    assert not upstream.seen


@pytest.mark.parametrize("url", [url for url in HOSTILE if url])
def test_a_hostile_upstream_is_never_connected_to(url, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    made = send(door(proxied(url), extra={"private": False}))
    assert made.reply.status == 502
    assert made.reply.header("content-type") == "application/problem+json"


def test_private_addresses_are_called_only_where_the_operator_allows_it(upstream):
    made = send(door(proxied(upstream.url), extra={}))
    assert made.reply.status == 502
    assert "private network" in made.reply.body.decode()
    assert not upstream.seen


def test_only_so_many_calls_of_a_project_wait_at_once(upstream, monkeypatch):
    monkeypatch.setattr(fleet, "CALLS", 0)
    made = send(proxied(upstream.url))
    assert (made.reply.status, made.reply.header("retry-after")) == (503, "1")


def test_a_call_in_gpts_shape_is_forwarded_in_the_documents(upstream):
    from actionstudio.core.contract import Body

    body = Body(content=(Media(JSON, {"type": "array", "items": {"type": "integer"}}),))
    operation = Operation("POST", "/bulk", "bulk", body=body, behaviour=Proxy("up"), parameters=(
        Parameter("X-Trace", "header", schema={"type": "string"}),
    ), responses=(Response("200", content=(Media(JSON, None, (Example("", 1),)),)),))  # fmt: skip
    contract = make.contract(operation, upstreams=(Upstream("up", (Backend(upstream.url),)),), validation="off")
    from actionstudio.core.importer.profile import profile

    shaped = profile(contract)
    assert shaped is not None
    headers = [("openai-conversation-id", "c"), ("content-type", JSON)]
    where = door(contract)
    made = send(where, "POST", "/bulk?X_Trace=t1", b'{"body":[1,2]}', headers)
    assert made.reply.status == 200
    assert upstream.last.body in (b"[1,2]", b'{"body":[1,2]}')
    assert upstream.last.header("content-length") == str(len(upstream.last.body))


def test_an_api_key_of_the_projects_own_header_is_not_forwarded(upstream):
    contract = proxied(upstream.url, auth=ApiKey("header", "X-My-Key"))
    where = door(contract, keys=(key("typed-key-1"),))
    assert send(where, headers=[("x-my-key", "typed-key-1")]).reply.status == 200
    assert "x-my-key" not in upstream.last.names
    assert send(where, headers=[("x-my-key", "wrong-key-1")]).reply.status == 401
    assert len(upstream.seen) == 1


def test_an_upstream_that_nobody_has_set_is_told(upstream):
    contract = replace(proxied(upstream.url), upstreams=())
    made = send(contract)
    assert made.reply.status == 502
    assert "there is no upstream named “up”" in made.record.decisions["response"]


def test_what_was_sent_is_told_without_what_sounds_secret(upstream):
    made = send(proxied(upstream.url), url="/things/1?q=a&access_token=abc123456&sig=1")
    assert trail(made)[0]["url"] == f"{upstream.url}/things/1?q=a&access_token=••••&sig=••••"


def test_large_bodies_pass_both_ways(upstream):
    body = hashlib.sha256(b"x").digest() * 100_000
    upstream.reply = lambda seen: answer(seen.body, "200 OK", "Content-Type: application/octet-stream")
    assert send(proxied(upstream.url), "PUT", body=body).reply.body == body


@pytest.mark.parametrize(
    ("authorize", "token", "arrives"),
    [
        ("http://127.0.0.1:9/authorize", "http://127.0.0.1:9/token", True),
        ("https://login.elsewhere.example/authorize", "https://login.elsewhere.example/token", False),
        ("https://127.0.0.1.elsewhere.example/authorize", "", False),
        ("", "", False),
    ],
)
def test_a_token_of_the_builders_own_provider_goes_to_the_servers_beside_it_alone(upstream, authorize, token, arrives):
    contract = proxied(upstream.url, auth=OAuth((), authorize, token))
    send(contract, headers=[("authorization", "Bearer of-theirs")], key_id=-1)
    assert ("authorization" in upstream.last.names) is arrives


@pytest.mark.parametrize(
    ("host", "provider", "together"),
    [
        ("api.example.com", "login.example.com", True),
        ("example.com", "example.com", True),
        ("api.example.co.uk", "login.other.co.uk", False),
        ("api.example.com", "example.com.evil.example", False),
        ("10.0.0.1", "11.0.0.1", False),
        ("localhost", "localhost", True),
        ("com", "example.com", False),
    ],
)
def test_what_is_beside_a_provider_is_in_its_domain(host, provider, together):
    assert credentials._together(host, provider) is together
