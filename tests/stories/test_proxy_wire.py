"""What goes over the wire when the whole product stands in between: the server's own framing meets the upstream's."""

import gzip
import json
import os

import httpx2
import pytest

from tests.runtime.upstream import Upstream, answer
from tests.stories.test_api_job import made
from tests.studio import Studio

PACKED = gzip.compress(b'{"hello": "world"}' * 20)
ANSWERS = {
    "/things/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    "/things/gzip": answer(PACKED, "200 OK", "Content-Type: application/json", "Content-Encoding: gzip"),
    "/things/binary": answer(bytes(range(256)), "200 OK", "Content-Type: application/octet-stream"),
    "/things/none": answer(b"", "204 No Content", "X-Left: 3", length=False),
    "/things/same": answer(b"", "304 Not Modified", 'ETag: "e1"', length=False),
    "/things/gone": answer(b'{"why": "sold"}', "410 Gone", "Content-Type: application/json", "Retry-After: 9"),
    "/things/cookies": answer(b"{}", "200 OK", "Set-Cookie: a=1", "Set-Cookie: b=2; HttpOnly"),
    "/things/moved": answer(b"", "302 Found", "Location: /things/chunked"),
    "/things/cut": [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
}


def reply(seen):
    if seen.method == "HEAD":
        return b'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: "e1"\r\n\r\n'
    if seen.method in ("POST", "PUT", "PATCH", "DELETE"):
        return answer(seen.body, "201 Created", f"X-Target: {seen.target}", f"X-Method: {seen.method}")
    return ANSWERS.get(seen.target.partition("?")[0], answer(seen.target.encode()))


@pytest.fixture(scope="module")
def upstream():
    with Upstream(reply) as server:
        yield server


@pytest.fixture(scope="module")
def studio():
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    with Studio(workers=workers, database_url=database, env={"STUDIO_ALLOW_PRIVATE_UPSTREAMS": "true"}) as running:
        yield running


@pytest.fixture(scope="module")
def api(studio, upstream):
    """The API, and a project "pass" whose every method is forwarded; "loop" is forwarded to itself."""
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{studio.url}/api/v1/", headers=headers, trust_env=False, timeout=90) as client:
        for slug, url in (("pass", upstream.url), ("loop", f"{studio.url}/live/loop")):
            ways = {method: {"operationId": f"{method}Thing", "responses": {"default": {"description": "Any"}}}
                    for method in ("get", "post", "put", "patch", "delete")}  # fmt: skip
            at = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}
            document = {
                "openapi": "3.1.0",
                "info": {"title": slug, "version": "1"},
                "paths": {"/things/{id}": {**at, **ways}},
            }
            made(client.post("projects/import/", json={"source": json.dumps(document), "slug": slug}))
            made(client.patch(f"projects/{slug}/document/", json={"validation": "off"}), 200)
            made(client.post(f"projects/{slug}/upstreams/", json={"name": "up", "backends": [{"url": url}]}))
            for method in ways:
                wish = {"behaviour": {"kind": "proxy", "upstream": "up", "timeout": 10}}
                made(client.patch(f"projects/{slug}/operations/{method}Thing/", json=wish), 200)
        studio.settle()
        yield client


def test_answers_arrive_as_the_upstream_sent_them(studio, api):
    def get(name, **headers):
        return studio.call("pass", "GET", f"/things/{name}", headers=headers)

    assert get("chunked").content == b"abcde"
    assert get("binary").content == bytes(range(256))
    packed = get("gzip", **{"accept-encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.headers["content-length"]) == ("gzip", str(len(PACKED)))
    plain = get("gzip", **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content == b'{"hello": "world"}' * 20
    none = get("none")
    assert (none.status_code, none.content, none.headers["x-left"]) == (204, b"", "3")
    same = get("same", **{"if-none-match": '"e1"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"e1"')
    gone = get("gone")
    assert (gone.status_code, gone.json(), gone.headers["retry-after"]) == (410, {"why": "sold"}, "9")
    assert get("cookies").headers.get_list("set-cookie") == ["a=1", "b=2; HttpOnly"]
    assert (get("moved").status_code, get("moved").headers["location"]) == (302, "/things/chunked")
    assert get("cut").status_code == 502


def test_a_head_tells_the_length_that_a_get_would_have(studio, api):
    answered = studio.call("pass", "HEAD", "/things/1")
    assert (answered.status_code, answered.headers["content-length"], answered.content) == (200, "1234", b"")
    assert studio.call("pass", "GET", "/things/after").content == b"/things/after"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_methods_queries_and_bodies_arrive_as_they_were_sent(studio, api, upstream, method):
    target = "/things/a%2Fb%20c?x=1&x=&y&q=a+b&a%5B%5D=%C3%A9"
    sent = bytes(range(256))
    answered = studio.call("pass", method, target, content=sent, headers={"content-type": "application/octet-stream"})
    assert (answered.status_code, answered.content) == (201, sent)
    assert (answered.headers["x-target"], answered.headers["x-method"]) == (target, method)


def test_a_project_that_forwards_to_itself_ends(studio, api):
    answered = studio.call("loop", "GET", "/things/1")
    assert answered.status_code == 508
    assert answered.json()["title"] == "Loop detected"
