"""A builder, a caller or an upstream with ill intent: loops, secrets in strange writing, answers for somebody else."""

from __future__ import annotations

import base64

import pytest

from actionstudio.core.behaviour import Change
from actionstudio.runtime.forwarding import cache
from actionstudio.runtime.replies import allowed
from tests.runtime.proxying import door, proxied, send
from tests.runtime.upstream import answer


@pytest.mark.parametrize(
    "fields",
    [
        {"request": Change(without_headers=("*",))},
        {"request": Change(without_headers=("via",))},
        {"request": Change(headers=(("Via", "1.1 other"),))},
        {"headers": (("via", "1.1 other"),)},
    ],
)
def test_no_change_leaves_via_out_so_that_loops_end(upstream, fields):
    send(proxied(upstream.url, **fields), headers=[("via", "1.1 edge, 1.1 action-studio")])
    assert upstream.last.header("via") == "1.1 edge, 1.1 action-studio, 1.1 action-studio"


@pytest.mark.parametrize("url", ["/things/..;", "/things/..;a=b", "/things/%2e%2e%3b", "/things/.;x"])
def test_a_path_that_climbs_behind_a_semicolon_is_refused(upstream, url):
    assert send(proxied(upstream.url), url=url).reply.status == 400
    assert upstream.seen == []


def test_a_semicolon_elsewhere_passes(upstream):
    send(proxied(upstream.url), url="/things/a;v=..1")
    assert upstream.last.target == "/things/a;v=..1"


HARD = "a/b+c&d<e>f'g\"h="


@pytest.mark.parametrize(
    "written",
    [
        r"a\/b+c&d<e>f'g\"h=",  # PHP's json_encode
        r"a/b+c\u0026d\u003ce\u003ef'g\"h=",  # Go's encoding/json
        r"a/b\u002Bc\u0026d\u003Ce\u003Ef\u0027g\u0022h=",  # .NET's System.Text.Json
        "a%2fb%2bc%26d%3ce%3ef%27g%22h%3d",
        "a/b%2Bc%26d%3Ce%3Ef%27g%22h%3D",
        "a/b+c&amp;d&lt;e&gt;f&#39;g&#34;h=",
        "a/b+c&amp;d&lt;e&gt;f&#x27;g&quot;h=",
    ],
)
def test_the_secret_is_found_however_it_is_written(upstream, written):
    upstream.reply = lambda seen: answer(f"you sent {written}!".encode())
    made = send(door(proxied(upstream.url, secret="gate", secret_in="header"), secrets={"gate": HARD}))
    assert made.reply.body.decode() == "you sent ••••!"


def test_of_a_coded_user_and_password_the_password_is_found_too(upstream):
    upstream.reply = lambda seen: answer(b'{"password": "open-sesame"}')
    coded = base64.b64encode(b"ann:open-sesame").decode()
    made = send(door(proxied(upstream.url, secret="gate", secret_in="basic"), secrets={"gate": coded}))
    assert "open-sesame" not in made.reply.body.decode()


@pytest.mark.parametrize(
    ("fields", "ann", "bob"),
    [
        ({}, {"headers": [("cookie", "login=ann")]}, {"headers": [("cookie", "login=bob")]}),
        ({}, {"headers": [("x-auth-token", "ann-1")]}, {"headers": [("x-auth-token", "bob-1")]}),
        ({}, {"body": b'{"who": "ann"}'}, {"body": b'{"who": "bob"}'}),
        (
            {"request": Change(headers=(("x-who", "{{ query.who }}"),), without_query=("who",))},
            {"url": "/things/1?who=ann"},
            {"url": "/things/1?who=bob"},
        ),
    ],
)
def test_what_is_kept_for_one_is_not_given_to_another(upstream, fields, ann, bob):
    cache.CACHE.clear()
    upstream.reply = lambda seen: answer(str(len(upstream.seen)).encode())
    where = door(proxied(upstream.url, cache=True, keep=60, **fields))
    assert [send(where, **one).reply.body for one in (ann, bob, ann, bob)] == [b"1", b"2", b"1", b"2"]


def test_an_answer_to_get_is_none_to_options(upstream):
    cache.CACHE.clear()
    upstream.reply = lambda seen: answer(seen.method.encode())
    where = door(proxied(upstream.url, cache=True, keep=60))
    assert [send(where, method).reply.body for method in ("GET", "OPTIONS", "GET")] == [b"GET", b"OPTIONS", b"GET"]


@pytest.mark.parametrize(
    "name", ["X-Accel-Redirect", "X-Accel-Buffering", "X-Sendfile", "X-Lighttpd-Send-File", "X-Reproxy-URL"]
)
def test_an_upstream_gives_no_orders_to_the_web_server_in_front_of_us(upstream, name):
    upstream.reply = lambda seen: answer(b"", "200 OK", f"{name}: /internal/secret")
    made = send(proxied(upstream.url))
    assert name.lower() not in {key for key, _ in made.reply.headers}
    assert not allowed([(name, "/internal/secret")])[0]
