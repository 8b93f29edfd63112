"""Answers by template: what they read of a call, what they may not, and how the log tells it."""

import orjson
import pytest

from actionstudio.core.auth import ApiKey
from actionstudio.core.behaviour import Collection, Seed, Template
from actionstudio.core.contract import Body, Component, Contract, Header, Media, Operation, Parameter, Response
from actionstudio.runtime.app import Answer
from tests import make
from tests.runtime.house import ask, front, key

JSON = "application/json"
ITEM = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
LIMIT = Parameter("limit", schema={"type": "integer"})
TAGS = Parameter("tags", schema={"type": "array", "items": {"type": "string"}})


def serving(text: str, status: str = "", media_type: str = "", headers=(), **fields) -> Contract:
    fields.setdefault("responses", (Response("200", content=(Media(JSON, ITEM),)), Response("404")))
    fields.setdefault("parameters", (Parameter("id", "path", True, schema={"type": "integer"}), LIMIT, TAGS))
    shared = {name: fields.pop(name) for name in ("auth", "collections", "components") if name in fields}
    behaviour = Template(status, media_type, text, headers)
    return make.contract(Operation("POST", "/items/{id}", behaviour=behaviour, **fields), **shared)


def post(made, url: str = "/items/7", body=None, **headers: str) -> Answer:
    if body is not None and not isinstance(body, bytes):
        body = orjson.dumps(body)
        headers.setdefault("content_type", JSON)
    return ask(made, "POST", url, body or b"", **headers)


def value(answer: Answer):
    return orjson.loads(answer.reply.body)


def trail(answer: Answer):
    return answer.record.decisions["trail"]


def test_the_call_is_read():
    made = serving('{"id": "{{ path.id }}", "name": "{{ body.name | upper }}", "n": {{ query.limit or 10 }}}')
    answer = post(made, body={"name": "lamp"})
    assert value(answer) == {"id": 7, "name": "LAMP", "n": 10}
    assert answer.reply.header("content-type") == JSON
    assert answer.record.decisions["response"] == "200, application/json, template"
    assert trail(answer) == [
        {"what": "template", "values": {"path.id": 7, "body.name": "lamp", "query.limit": None}, "notes": []}
    ]


def test_parameters_come_in_their_declared_types_and_others_as_text():
    made = serving(
        '{"id": 1, "a": "{{ query.limit }}", "b": "{{ query.tags }}", "c": "{{ query.x }}", "d": "{{ query.y }}"}'
    )
    answer = post(made, "/items/7?limit=5&tags=a&tags=b&x=1&y=1&y=2")
    assert value(answer) == {"id": 1, "a": 5, "b": ["a", "b"], "c": "1", "d": ["1", "2"]}


def test_what_was_not_sent_is_empty_and_told():
    answer = post(serving('{"id": 1, "name": "{{ query.foo }}{{ body.x }}"}'))
    assert value(answer) == {"id": 1, "name": ""}
    assert trail(answer)[0]["notes"] == ["query.foo was not sent", "no body was sent"]


def test_a_body_that_breaks_the_schema_is_sent_and_shown():
    answer = post(serving('{"id": "{{ query.limit or "none" }}"}'))
    assert answer.reply.status == 200 and value(answer) == {"id": "none"}
    assert [found["location"] for found in answer.record.violations] == [["body", "id"]]


def test_status_headers_and_media_type_are_the_templates_own():
    made = serving("Hi {{ path.id }}", "404", "text/plain", (("X-Id", "{{ path.id }}"), ("X-No", "{{ query.no }}")))
    answer = post(made)
    assert (answer.reply.status, answer.reply.body) == (404, b"Hi 7")
    assert answer.reply.header("content-type") == "text/plain; charset=utf-8"
    assert answer.reply.header("x-id") == "7"
    assert "x-no" not in dict(answer.reply.headers)


def test_a_header_keeps_to_one_line_whatever_the_call_says():
    made = serving('{"id": 1}', headers=(("X-Echo", "{{ query.x }}"),))
    answer = post(made, "/items/7?x=a%0d%0aSet-Cookie:%20b=c")
    assert "x-echo" not in dict(answer.reply.headers) and "set-cookie" not in dict(answer.reply.headers)
    assert any("X-Echo" in found["location"] for found in answer.record.violations)


def test_declared_headers_are_filled_unless_the_template_sets_them():
    declared = (Header("X-Kept", schema={"const": "k"}, required=True), Header("X-Set", schema={"const": "s"}))
    responses = (Response("200", headers=declared, content=(Media(JSON, ITEM),)),)
    answer = post(serving('{"id": 1}', headers=(("x-set", "mine"),), responses=responses))
    assert (answer.reply.header("x-kept"), answer.reply.header("x-set")) == ("k", "mine")


def test_without_a_declared_response_the_media_type_is_seen_from_the_body():
    assert post(serving('{"a": {{ path.id }}}', responses=())).reply.header("content-type") == JSON
    assert post(serving("a {{ path.id }}", responses=())).reply.header("content-type").startswith("text/plain")
    assert post(serving("", "204", responses=())).reply.status == 204


def test_the_caller_may_still_wish_for_something_else():
    made = serving('{"id": 1}')
    assert post(made, "/items/7?__code=404").reply.status == 404
    assert post(made, accept="text/html").reply.status == 406
    assert value(post(made, "/items/7?name=__init__")) == {"id": 1}


def test_credentials_cannot_be_read():
    text = "{{ header }}|{{ url }}|{{ query.key }}|{{ cookie.sid }}|{{ cookie.key }}|{{ header.key }}"
    made = serving(text, media_type="text/plain", auth=ApiKey("header", "key"))
    door = front(made, keys=(key("ask_secret"),))
    answer = post(door, "/items/7?key=QQ&x=1", key="ask_secret", authorization="Bearer AA", cookie="sid=s; key=KK")
    text = answer.reply.body.decode()
    assert answer.reply.status == 200
    assert all(secret not in text for secret in ("ask_secret", "AA", "KK", "QQ", "Bearer"))
    assert "/items/7?x=1|" in text and "|s|" in text
    assert "query.key carries a credential, which templates cannot read" in trail(answer)[0]["notes"]


def test_values_of_secrets_are_not_in_the_trail():
    answer = post(serving('{"id": 1, "name": "{{ body.user.password }}"}'), body={"user": {"password": "p4ss"}})
    assert value(answer)["name"] == "p4ss"
    assert trail(answer)[0]["values"] == {"body.user.password": "hidden"}


def test_a_template_that_goes_too_far_is_answered_with_the_bound():
    answer = post(serving('{"id": 1, "name": "{{#repeat 50000}}{{ body.x }}{{/repeat}}"}'), body={"x": "x"})
    assert answer.reply.status == 500
    assert value(answer)["bound"] == "steps" and "50,000 steps" in value(answer)["detail"]
    assert trail(answer)[0]["bound"] == "steps"


def test_a_wrong_template_is_answered_with_its_place():
    answer = post(serving('{"id": {{ foo }}}'))
    assert answer.reply.status == 500
    assert value(answer)["detail"].startswith("Line 1, column 11: There is no “foo”")


def test_the_same_call_gets_the_same_and_another_call_something_else():
    made = front(serving('{"id": 1, "name": "{{ faker.name }} {{ uuid }}"}'))
    assert value(post(made)) == value(post(made)) != value(post(made, "/items/8"))


def test_a_template_that_reads_nothing_is_rendered_once():
    made = front(serving('{"id": {{ 5 | plus 1 }}}'))
    first = post(made)
    assert value(first) == {"id": 6}
    assert post(made).record.decisions is first.record.decisions


PETS = Collection("pets", seeds=(Seed(({"id": 3, "name": "Rex"}, {"id": 4, "name": "Tom"})),))


def test_collections_and_the_number_of_the_call_are_read():
    text = '{"id": "{{ call }}", "name": "{{ collection.pets.3.name }}", "n": {{ collection.pets | count }}'
    made = front(serving(text + ', "x": "{{ collection.cats }}"}', collections=(PETS,)))
    assert value(post(made)) == {"id": 1, "name": "Rex", "n": 2, "x": ""}
    again = post(made)
    assert value(again)["id"] == 2
    assert trail(again)[0]["notes"] == ["collection.cats is not there"]


def test_a_collection_is_told_row_by_row():
    body = '[{{#each collection.pets}}{"id": "{{ this.id }}", "key": "{{ @key }}"}{{/each}}]'
    assert value(post(serving(body, collections=(PETS,)))) == [{"id": 3, "key": "3"}, {"id": 4, "key": "4"}]


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("{{ query.a }}", False),
        ("recall {{ uuid }}", False),
        ("{{ call }}", True),
        ("{{ collection.a | count }}", True),
    ],
)
def test_only_what_reads_state_needs_the_store(body, stored):
    made = front(serving(body, media_type="text/plain"))
    program = made.registry.current("todo")
    assert program.router.find("POST", "/items/7")[0].stored is stored


def test_forms_are_read_by_their_fields():
    made = serving(
        '{"id": 1, "name": "{{ body.name }}"}', body=Body(content=(Media("application/x-www-form-urlencoded"),))
    )
    answer = post(made, body=b"name=a%20b", content_type="application/x-www-form-urlencoded")
    assert value(answer)["name"] == "a b"


def test_a_schema_of_the_document_judges_what_a_template_writes():
    ref = Media(JSON, {"$ref": "#/components/schemas/Item"})
    made = serving('{"id": "x"}', responses=(Response("200", content=(ref,)),), components=(Component("Item", ITEM),))
    assert [found["location"] for found in post(made).record.violations] == [["body", "id"]]


def test_a_media_type_that_is_not_declared_is_against_the_contract():
    (found,) = post(serving("<p>Done", media_type="text/html")).record.violations
    assert (found["code"], found["side"], found["location"]) == (
        "undeclared-media-type", "response", ["header", "Content-Type"],
    )  # fmt: skip
    assert not post(serving("<p>Done", media_type="text/html", responses=(Response("200"),))).record.violations
    assert not post(serving('{"id": 1}', media_type="application/json; charset=utf-8")).record.violations
