"""What an operation answers: the declared response, the example, the media type, the headers."""

from typing import get_args

import orjson
import pytest

from actionstudio.core.behaviour import Behaviour, Examples, Generated
from actionstudio.core.contract import Component, Example, Header, Media, Operation, Response
from actionstudio.core.schemas.sample import Sampler
from actionstudio.core.schemas.validate import compile_validator
from actionstudio.runtime.responders import RESPONDERS
from tests import make
from tests.runtime.house import ask, front

PET = {
    "type": "object",
    "required": ["id", "name", "secret"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "secret": {"type": "string", "writeOnly": True},
    },
}
REF = {"$ref": "#/components/schemas/Pet"}
JSON = "application/json"


def serving(*responses: Response, **fields):
    operation = Operation("GET", "/pet", "getPet", responses=responses, **fields)
    return make.contract(operation, components=(Component("Pet", PET),))


def one(status: str = "200", *examples: Example, kind: str = JSON, schema=None, **fields) -> Response:
    return Response(status, content=(Media(kind, schema, examples),), **fields)


def test_the_table_is_whole():
    assert set(get_args(Behaviour.__value__)) == set(RESPONDERS)


@pytest.mark.parametrize(
    ("declared", "status"),
    [
        (["404", "201", "200"], 200),
        (["2XX", "404"], 200),
        (["default"], 200),
        (["404", "default"], 200),
        (["302"], 302),
        (["4XX"], 400),
        ([], 204),
    ],
)
def test_the_lowest_success_is_the_usual_answer(declared, status):
    assert ask(serving(*[Response(code) for code in declared]), "GET", "/pet").reply.status == status


def test_the_first_example_is_sent_byte_for_byte_the_same():
    made = serving(one("200", Example("cat", {"id": 1, "b": [1.5, None]}), Example("dog", {"id": 2})))
    assert ask(made, "GET", "/pet").reply.body == b'{"id":1,"b":[1.5,null]}'


@pytest.mark.parametrize(
    ("url", "headers", "status", "body"),
    [
        ("/pet", {"prefer": "code=404"}, 404, b'"gone"'),
        ("/pet?__code=404", {}, 404, b'"gone"'),
        ("/pet", {"prefer": "example=dog"}, 200, b'{"id":2}'),
        ("/pet", {"prefer": 'code=200, example="dog"'}, 200, b'{"id":2}'),
        ("/pet?__example=dog", {}, 200, b'{"id":2}'),
        ("/pet?__code=503", {}, 503, b'"oops"'),
    ],
)
def test_the_caller_may_choose(url, headers, status, body):
    made = serving(
        one("200", Example("cat", {"id": 1}), Example("dog", {"id": 2})),
        one("404", Example("", "gone")),
        one("5XX", Example("", "oops")),
    )
    answer = ask(made, "GET", url, **headers)
    assert (answer.reply.status, answer.reply.body) == (status, body)


@pytest.mark.parametrize("url", ["/pet?__code=418", "/pet?__example=cow", "/pet?__code=99"])
def test_a_wish_that_cannot_be_met_is_said_plainly(url):
    answer = ask(serving(one("200", Example("cat", {}))), "GET", url)
    assert (answer.reply.status, answer.reply.header("content-type")) == (404, "application/problem+json")


def test_the_builders_choice_stands_until_the_caller_makes_one():
    made = serving(one("200"), one("404", Example("a", 1), Example("b", 2)), behaviour=Examples("404", "b"))
    assert (ask(made, "GET", "/pet").reply.status, ask(made, "GET", "/pet").reply.body) == (404, b"2")
    assert ask(made, "GET", "/pet?__code=200").reply.status == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/plain", "text/plain; charset=utf-8"),
        ("application/json;q=0.5, text/plain;q=0.9", "text/plain; charset=utf-8"),
        ("text/*, application/json;q=0.1", "text/plain; charset=utf-8"),
        ("image/png, */*;q=0.1", JSON),
        ("text/plain;q=0, */*", JSON),
    ],
)
def test_the_media_type_follows_accept(accept, kind):
    content = (Media(JSON, None, (Example("", {"a": 1}),)), Media("text/plain", None, (Example("", "a"),)))
    made = serving(Response("200", content=content))
    assert ask(made, "GET", "/pet", accept=accept).reply.header("content-type") == kind


def test_what_the_caller_cannot_read_is_406():
    answer = ask(serving(one("200", Example("", 1))), "GET", "/pet", accept="image/png")
    assert answer.reply.status == 406


def test_without_an_example_a_valid_value_is_made_and_stays():
    door = front(serving(one("200", schema=REF)))
    first, second = ask(door, "GET", "/pet"), ask(door, "GET", "/pet?x=1")
    assert first.reply.body == second.reply.body
    value = orjson.loads(first.reply.body)
    assert "secret" not in value and {"id", "name"} <= value.keys()
    assert first.record.violations == ()


def test_generated_values_are_valid_and_follow_the_arguments():
    made = serving(one("200", schema=REF), behaviour=Generated(seed=3))
    bodies = [ask(made, "GET", f"/pet?n={number}").reply.body for number in range(20)]
    seen = {**PET, "required": ["id", "name"]}
    assert all(compile_validator(seen, {}).ok(orjson.loads(body)) for body in bodies)
    assert len(set(bodies)) > 10
    assert ask(made, "GET", "/pet?n=7&m=1").reply.body == ask(made, "GET", "/pet?m=1&n=7").reply.body


def test_what_made_an_answer_out_of_very_many_schemas_is_not_kept():
    shared = tuple(
        Component(f"S{n}", {"type": "object", "properties": {"a": {"$ref": f"#/components/schemas/S{n + 1}"}}})
        for n in range(150)
    )
    many = make.contract(
        Operation("GET", "/pet", "getPet", responses=(one("200", schema={"$ref": "#/components/schemas/S0"}),)),
        components=(*shared, Component("S150", {"type": "string"})),
    )
    door = front(many)
    first, again = (ask(door, "GET", "/pet").reply for _ in range(2))
    assert (first.status, again.body) == (200, first.body)
    choice = door.registry.current("todo").router.routes["/pet"].methods["GET"].answers.usual.choices[0]
    assert not isinstance(choice._sampler, Sampler)
    assert ask(door, "GET", "/pet?__dynamic=true").reply.status == 200
    assert isinstance(choice._sampler, Sampler)  # values made for each call need it


def test_dynamic_generates_although_there_is_an_example():
    made = serving(one("200", Example("", {"id": 1, "name": "Rex"}), schema=REF))
    answer = ask(made, "GET", "/pet?__dynamic=true")
    assert answer.reply.status == 200 and answer.reply.body != b'{"id":1,"name":"Rex"}'


def test_an_example_that_breaks_its_schema_is_sent_and_shown():
    answer = ask(serving(one("200", Example("", {"id": "x", "name": "Rex"}), schema=REF)), "GET", "/pet")
    assert answer.reply.status == 200
    assert [(found["location"], found["side"]) for found in answer.record.violations] == [(["body", "id"], "response")]


def test_an_example_written_as_json_text_is_that_json():
    answer = ask(serving(one("200", Example("", '{"id": 1, "name": "Rex"}'), schema=REF)), "GET", "/pet")
    assert answer.reply.body == b'{"id":1,"name":"Rex"}'


def test_declared_headers_are_filled():
    headers = (
        Header("X-Total", schema={"type": "integer", "minimum": 5, "maximum": 5}),
        Header("X-Next", examples=(Example("", "/pet?page=2"),)),
    )
    answer = ask(serving(one("200", Example("", 1), headers=headers)), "GET", "/pet")
    assert (answer.reply.header("x-total"), answer.reply.header("x-next")) == ("5", "/pet?page=2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Length", "5"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Security-Policy", "sandbox allow-scripts"),
        ("Service-Worker-Allowed", "/"),
        ("Clear-Site-Data", '"*"'),
        ("Set-Cookie", "a=b; Domain=example.com"),
        ("X A", "1"),
        ("X-A", "one\r\nX-B: two"),
        ("X-A", "caf\u00e9"),
        ("Proxy-Authenticate", "Basic"),
    ],
)
def test_a_header_that_could_reach_beyond_the_answer_is_not_sent_and_the_log_says_so(name, value):
    answer = ask(
        serving(one("200", Example("", 1), headers=(Header(name, examples=(Example("", value),)),))), "GET", "/pet"
    )
    sent = [pair for pair in answer.reply.headers if pair[0] == name.lower()]
    assert sent in ([], [("content-length", "1")], [("content-security-policy", "sandbox")])
    assert [found["code"] for found in answer.record.violations] == ["not-sent"]


@pytest.mark.parametrize("kind", ["application/json\r\nX-Evil: 1", "application/json\u2603", "no media type"])
def test_a_media_type_that_is_no_header_is_not_sent_as_one(kind):
    answer = ask(serving(one("200", Example("", "x"), kind=kind)), "GET", "/pet")
    assert (answer.reply.status, answer.reply.header("content-type")) == (200, "application/octet-stream")
    assert "not-sent" in [found["code"] for found in answer.record.violations]


def test_a_host_only_cookie_may_be_set():
    header = Header("Set-Cookie", examples=(Example("", "sid=1; HttpOnly"),))
    assert ask(serving(one("200", headers=(header,))), "GET", "/pet").reply.header("set-cookie") == "sid=1; HttpOnly"


def test_mock_answers_are_sandboxed():
    reply = ask(serving(one("200", Example("", "<script>"), kind="text/html")), "GET", "/pet").reply
    assert reply.header("content-security-policy") == "sandbox"
    assert reply.header("x-content-type-options") == "nosniff"
    assert reply.header("cross-origin-resource-policy") == "cross-origin"


def test_deprecated_operations_say_so():
    assert ask(serving(one("200"), deprecated=True), "GET", "/pet").reply.header("deprecation") == "true"


def test_head_follows_get_without_its_body():
    answer = ask(serving(one("200", Example("", {"a": 1}))), "HEAD", "/pet")
    assert (answer.reply.status, answer.reply.body) == (200, b"")
    assert answer.reply.header("content-length") == "7"
    assert (answer.record.response_body, answer.record.response_size) == (b"", 0)


def test_options_names_the_methods_and_lets_browsers_in():
    answer = ask(serving(one("200")), "OPTIONS", "/pet")
    assert (answer.reply.status, answer.reply.header("allow")) == (204, "GET, HEAD, OPTIONS")
    wish = {"origin": "https://a.example", "access_control_request_method": "GET"}
    preflight = ask(serving(one("200")), "OPTIONS", "/pet", access_control_request_headers="authorization", **wish)
    assert preflight.reply.header("access-control-allow-origin") == "*"
    assert preflight.reply.header("access-control-allow-headers") == "authorization"


def test_an_unknown_method_is_405_and_an_unknown_path_404_with_near_misses():
    made = serving(one("200"))
    refused = ask(made, "DELETE", "/pet")
    assert (refused.reply.status, refused.reply.header("allow")) == (405, "GET, HEAD, OPTIONS")
    lost = ask(made, "GET", "/pets")
    assert lost.reply.status == 404
    assert orjson.loads(lost.reply.body)["near_misses"][0]["path"] == "/pet"
    assert lost.record.kind == refused.record.kind == "refused"


def test_xml_answers_are_xml():
    schema = {"type": "object", "xml": {"name": "pet"}, "properties": {"id": {"xml": {"attribute": True}}}}
    made = serving(one("200", Example("", {"id": 1, "tag": ["a", "<b>"]}), kind="application/xml", schema=schema))
    assert ask(made, "GET", "/pet").reply.body.endswith(b'<pet id="1"><tag>a</tag><tag>&lt;b&gt;</tag></pet>')
