"""What a builder changes on the way: path, query, headers and body of the request; the answer's too."""

from dataclasses import replace

import orjson
import pytest

from actionstudio.core.behaviour import Change
from actionstudio.core.contract import Parameter
from tests.runtime.proxying import door, proxied, send, trail
from tests.runtime.upstream import answer

IDS = Parameter("ids", "query", schema={"type": "array", "items": {"type": "integer"}})
LIMIT = Parameter("limit", "query", schema={"type": "integer"})
STATS = Change(
    path="/api/v1/stats",
    query=(
        ("page", "0"),
        ("per_page", "{{ query.limit or 100 }}"),
        ("search", "{{ query.query }}"),
        ("player_ids[]", "{{ query.ids }}"),
    ),
    without_query=("limit", "query", "ids"),
)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "page=0&per_page=100"),
        ("limit=5", "page=0&per_page=5"),
        ("query=le+b%26ron", "page=0&per_page=100&search=le%20b%26ron"),
        ("ids=1&ids=2", "page=0&per_page=100&player_ids%5B%5D=1&player_ids%5B%5D=2"),
        ("ids=1,2", "page=0&per_page=100&player_ids%5B%5D=1&player_ids%5B%5D=2"),
        ("other=a%20b&page=9", "other=a%20b&page=0&per_page=100"),
    ],
)
def test_a_query_is_mapped_for_an_upstream_that_wants_another(upstream, query, wanted):
    contract = proxied(upstream.url, path="/stats", request=STATS, methods="GET", validation="off")
    operation = contract.operations[0]
    contract = replace(contract, operations=(replace(operation, parameters=(IDS, LIMIT)),))
    made = send(contract, url=f"/stats?{query}" if query else "/stats")
    assert made.reply.status == 200
    assert upstream.last.target == f"/api/v1/stats?{wanted}"


def test_what_fills_a_path_is_one_segment_and_cannot_climb(upstream):
    contract = proxied(upstream.url, request=Change(path="/v2/{{ path.id }}/all"))
    send(contract, url="/things/a%2Fb%20c")
    assert upstream.last.target == "/v2/a%2Fb%20c/all"
    assert send(contract, url="/things/..").reply.status == 400
    assert len(upstream.seen) == 1


def test_everything_may_be_taken_off_the_query_and_the_headers(upstream):
    own = (("X-Team", "{{ path.id }}"),)
    change = Change(without_query=("*",), without_headers=("openai-*", "User-Agent"), headers=own)
    headers = [("openai-gpt-id", "g"), ("openai-conversation-id", "c"), ("user-agent", "u"), ("accept", "a/b")]
    send(proxied(upstream.url, request=change), url="/things/7?a=1&b=2", headers=headers)
    assert upstream.last.target == "/things/7"
    assert not {"openai-gpt-id", "openai-conversation-id", "user-agent"} & upstream.last.names
    assert upstream.last.header("x-team") == "7"
    assert upstream.last.header("accept") == "a/b"


def test_a_header_cannot_be_broken_out_of(upstream):
    change = Change(headers=(("X-Name", "{{ query.n }}"),))
    send(proxied(upstream.url, request=change), url="/things/1?n=a%0d%0aX-Evil:%201")
    assert upstream.last.header("x-name") == "a X-Evil: 1"
    assert "x-evil" not in upstream.last.names


def test_a_body_is_written_anew(upstream):
    change = Change(body='{"name": "{{ body.title }}", "by": "{{ path.id }}"}')
    contract = proxied(upstream.url, request=change)
    send(contract, "POST", "/things/7", b'{"title": "a \\"b\\""}', [("content-type", "application/json")])
    assert orjson.loads(upstream.last.body) == {"name": 'a "b"', "by": "7"}
    assert upstream.last.header("content-length") == str(len(upstream.last.body))


def test_the_answer_is_changed_too(upstream):
    upstream.reply = lambda seen: answer(
        b'{"meta": {"total": 3}, "data": [1, 2]}',
        "404 Not Found", "Content-Type: application/json", "X-Debug: 1", 'ETag: "e"'
    )  # fmt: skip
    change = Change(
        body='{"items": {{ response.body.data }}, "was": {{ response.status }}}',
        status=(("404", "200"),),
        headers=(("X-Total", "{{ response.body.meta.total }}"),),
        without_headers=("x-debug",),
    )
    made = send(proxied(upstream.url, response=change))
    assert made.reply.status == 200
    assert orjson.loads(made.reply.body) == {"items": [1, 2], "was": 404}
    assert made.reply.header("x-total") == "3"
    assert made.reply.header("x-debug") == made.reply.header("etag") == ""
    assert made.reply.header("content-length") == str(len(made.reply.body))


def test_a_range_of_statuses_is_led_to_one(upstream):
    upstream.reply = lambda seen: answer(b"{}", "503 Said")
    assert send(proxied(upstream.url, response=Change(status=(("5XX", "502"),)))).reply.status == 502


def test_what_the_templates_read_stands_in_the_trail_without_secrets(upstream):
    change = Change(query=(("q", "{{ query.query }}"), ("t", "{{ query.access_token }}")))
    made = send(proxied(upstream.url, request=change), url="/things/1?query=x&access_token=abcdefgh")
    told = trail(made)[0]
    assert told["what"] == "template"
    assert told["values"]["query.query"] == "x"
    assert "abcdefgh" not in repr(trail(made))


def test_a_transformation_that_grows_without_bounds_is_refused(upstream):
    change = Change(body="{{#each body.items}}{{#each body.items}}{{ body.text }}{{/each}}{{/each}}")
    body = orjson.dumps({"items": [1] * 3000, "text": "x" * 3000})
    made = send(proxied(upstream.url, request=change), "POST", body=body)
    assert made.reply.status == 500
    assert not upstream.seen


def test_a_wrong_template_is_told_and_nothing_is_sent(upstream):
    made = send(proxied(upstream.url, request=Change(path="/{{ nothing.here }}")))
    assert made.reply.status == 500
    assert not upstream.seen


def test_the_upstreams_own_headers_are_sent_and_a_change_goes_over_them(upstream):
    contract = proxied(
        upstream.url, headers=(("X-Tenant", "one"), ("Accept", "a/b")), request=Change(headers=(("Accept", "c/d"),))
    )
    send(contract, headers=[("accept", "*/*"), ("x-tenant", "callers")])
    assert (upstream.last.header("x-tenant"), upstream.last.header("accept")) == ("one", "c/d")


def test_no_template_puts_a_header_in_place_of_the_secret(upstream):
    contract = proxied(
        upstream.url, secret="gate", request=Change(headers=(("Authorization", "Bearer {{ query.t }}"),))
    )
    send(door(contract, secrets={"gate": "edd1c9f034335f136f87"}), url="/things/1?t=callers")
    assert upstream.last.header("authorization") == "Bearer edd1c9f034335f136f87"
