"""A call in the shape of the GPT profile reaches the mock as the document has it; any other call passes as it is."""

from urllib.parse import parse_qs

import orjson
import pytest

from actionstudio.core.arguments import Encode, Move, Parse, Rename, Unwrap
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter, Response
from actionstudio.core.importer.profile import enabled, profile
from actionstudio.core.resolve import Resolver
from actionstudio.runtime.translate import Translator
from actionstudio.runtime.visit import Visit
from tests.runtime.house import ask, front

STRING, NUMBER = {"type": "string"}, {"type": "integer"}
ANSWER = (Response("200", "OK", content=(Media("application/json", {"type": "object"}),)),)


def body(schema, kind="application/json", required=True, **extra):
    return Body(required, content=(Media(kind, schema, extra=extra),))


def obj(*required, **properties):
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def api(*operations: Operation) -> Contract:
    """Everything on that makes it import cleanly."""
    made = enabled(Contract(operations=operations), None)
    assert made.repairs
    return made


def post(schema=None, *parameters, path="/a", kind="application/json", **fields):
    return Operation(
        "POST",
        path,
        "a",
        parameters=parameters,
        body=None if schema is None else body(schema, kind, **fields),
        responses=ANSWER,
    )


def send(contract, value=None, url="/a", content_type="application/json", method="POST", **headers):
    data = value if isinstance(value, bytes) else b"" if value is None else orjson.dumps(value)
    answer = ask(contract, method, url, data, **({"content_type": content_type} if data else {}), **headers)
    record = answer.record
    wrong = [
        (".".join(map(str, one["location"])), one["code"]) for one in record.violations if one["side"] == "request"
    ]
    return answer.reply.status, record.decisions.get("translation", ""), wrong


LIST = api(post({"type": "array", "items": NUMBER}))


def test_a_wrapped_list_is_taken_out():
    assert send(LIST, {"items": [1, 2]}) == (200, "the shape of the GPT profile: the field items is the whole body", [])


def test_the_documents_own_shape_passes_untouched():
    assert send(LIST, [1, 2]) == (200, "", [])


def test_what_is_wrong_is_told_in_the_callers_names():
    assert send(LIST, {"items": [1, "x"]})[2] == [("body.items.1", "type")]
    assert send(LIST, [1, "x"])[2] == [("body.1", "type")]


def test_a_call_of_neither_shape_is_refused_as_it_is():
    status, said, wrong = send(LIST, {"items": [1], "more": 1})
    assert (status, said) == (422, "") and wrong == [("body", "type")]
    assert send(LIST, b"{nonsense")[2] == [("body", "json")]


def test_an_empty_object_is_no_body_where_none_is_needed():
    assert send(api(post({"type": "array"}, required=False)), {})[0] == 200
    assert send(api(post({"type": "array"})), {})[2] == [("body", "type")]
    assert send(api(post({}, required=False)), {})[:2] == (200, "")


def test_the_log_keeps_the_call_as_it_came():
    answer = ask(LIST, "POST", "/a", b'{"items":[1]}', content_type="application/json")
    assert answer.record.request_body == b'{"items":[1]}'
    assert ("content-type", "application/json") in answer.record.request_headers


HEADERS = api(
    Operation(
        "GET",
        "/a",
        "a",
        parameters=(
            Parameter("X-Plan", "header", True, schema={"enum": ["free", "pro"]}),
            Parameter("sid", "cookie", True, schema=NUMBER),
            Parameter("q", schema=STRING),
        ),
        responses=ANSWER,
    )
)


def test_headers_and_cookies_come_by_the_query():
    status, said, wrong = send(HEADERS, url="/a?q=a%26b&X-Plan=pro&sid=7", method="GET")
    assert (status, wrong) == (200, [])
    assert said.endswith("the query parameter X-Plan is the header X-Plan; the query parameter sid is the cookie sid")


def test_headers_and_cookies_may_come_as_such():
    assert send(HEADERS, url="/a", method="GET", X_Plan="pro".lower(), **{"x_plan": "free", "cookie": "sid=1"})[:2] == (
        200,
        "",
    )


def test_a_wrong_header_is_told_as_the_parameter_that_was_sent():
    assert send(HEADERS, url="/a?X-Plan=gold&sid=7", method="GET")[2] == [("query.X-Plan", "enum")]


def test_what_chatgpt_left_out_is_told_in_its_own_names():
    headers = {"openai_conversation_id": "1"}
    assert send(HEADERS, url="/a", method="GET", **headers)[2] == [
        ("query.X-Plan", "required"),
        ("query.sid", "required"),
    ]
    assert send(HEADERS, url="/a", method="GET")[2] == [("header.X-Plan", "required"), ("cookie.sid", "required")]


def test_names_that_were_taken_come_back():
    made = api(post(obj("q", q=NUMBER), Parameter("q", required=True, schema=STRING)))
    status, said, wrong = send(made, {"q": 1}, "/a?query_q=x%20y")
    assert (status, said, wrong) == (200, "the shape of the GPT profile: query_q is q", [])
    assert send(made, {"q": 1}, "/a?q=x")[:2] == (200, "")


def test_a_path_has_the_profiles_names_for_chatgpt_only():
    put = Operation(
        "PUT", "/a/{id}", "p", parameters=(Parameter("id", "path", True, schema=NUMBER),), body=body(obj(id=NUMBER))
    )
    made = api(put)
    assert send(made, {"id": 1}, "/a/x", method="PUT")[2] == [("path.id", "type")]
    assert send(made, {"id": 1}, "/a/x", method="PUT", openai_conversation_id="1")[2] == [("path.path_id", "type")]


MAPS = api(
    post(
        obj(
            tags={"type": "object", "additionalProperties": NUMBER}, rows={"type": "array", "items": {"type": "object"}}
        )
    )
)


def test_json_texts_are_read_wherever_they_are():
    status, said, wrong = send(MAPS, {"tags": '{"a": 1}', "rows": ['{"b": 2}', "{}"]})
    assert (status, wrong) == (200, []) and "tags" in said and "rows.*" in said
    assert send(MAPS, {"tags": {"a": 1}, "rows": [{}]})[:2] == (200, "")
    assert send(MAPS, {"tags": '{"a": "x"}'})[2] == [("body.tags.a", "type")]
    assert send(MAPS, {"tags": "[1]"})[2] == [("body.tags", "type")]


def test_a_text_that_is_no_object_is_told_as_such():
    sent = orjson.dumps({"tags": "{oops", "rows": ["{}"]})
    answer = ask(MAPS, "POST", "/a", sent, content_type="application/json")
    assert b"body.tags is not one object as JSON text" in answer.reply.body


def test_a_map_as_body_is_wrapped_only_when_its_text_is_one():
    made = api(post({"type": "object", "additionalProperties": STRING}))
    assert send(made, {"entries": '{"a": "b"}'})[0::2] == (200, [])
    assert send(made, {"entries": "just a text"}) == (200, "", [])
    assert send(made, {"entries": '{"a": 1}'})[2] == [("body.entries.a", "type")]


def test_null_is_taken_out_where_a_map_may_be_null():
    made = api(post({"anyOf": [{"type": "object", "additionalProperties": STRING}, {"type": "null"}]}))
    assert send(made, {"body": None})[0::2] == (200, [])
    assert send(api(post({"type": "object"})), {"entries": None}) == (200, "", [])


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_json_becomes_a_form(kind):
    made = api(post(obj("a", a=NUMBER, tags={"type": "array", "items": STRING}, o=obj(x=NUMBER)), kind=kind))
    assert send(made, {"a": 1, "tags": ["x", "y"], "o": {"x": 1}})[0::2] == (200, [])
    assert send(made, {"a": "one"})[2] == [("body.a", "type")]
    assert send(made, {"tags": ["x"]})[2] == [("body.a", "required")]


def test_a_form_passes_as_it_is():
    made = api(post(obj("a", a=NUMBER), kind="application/x-www-form-urlencoded"))
    assert send(made, b"a=1", content_type="application/x-www-form-urlencoded") == (200, "", [])


def test_a_text_is_sent_as_such():
    made = api(post(STRING, kind="text/plain"))
    assert send(made, {"text": "hello"})[0::2] == (200, [])
    assert send(made, b"hello", content_type="text/plain") == (200, "", [])


def test_a_text_that_is_left_out_is_no_body():
    xml = {"type": "object", "properties": {"a": STRING}}
    assert send(api(post(xml, kind="application/xml", required=False)), {})[0::2] == (200, [])
    assert send(api(post(xml, kind="application/xml")), {})[2] == [("body.text", "required")]


def test_a_form_that_is_one_text_is_sent_as_such():
    made = api(post(STRING, kind="application/x-www-form-urlencoded"))
    assert send(made, {"text": "a=b&c"})[0::2] == (200, [])


def test_a_text_goes_out_in_the_encoding_that_the_document_names():
    op = post(STRING, kind="text/plain; charset=iso-8859-1")
    call = translated(op, data='{"text":"Grüße"}'.encode(), content_type="application/json").call
    assert call.body == "Grüße".encode("latin-1")


def translated(op, url="/a", data=b"", **headers):
    """What a translator makes of a call of one operation."""
    contract = api(op)
    steps = profile(contract).steps[op.method, op.path]
    path, _, query = url.partition("?")
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    visit = Visit(Call(op.method, path, query, pairs, data))
    assert Translator(steps, {}, op, Resolver(contract)).translate(visit)
    return visit


def test_a_form_keeps_the_styles_that_the_document_gives_its_fields():
    encoding = {"ids": {"style": "spaceDelimited", "explode": False}, "o": {"style": "deepObject", "explode": True}}
    form = obj(ids={"type": "array", "items": NUMBER}, o=obj(x=NUMBER))
    op = post(form, kind="application/x-www-form-urlencoded", encoding=encoding)
    data = orjson.dumps({"ids": [1, 2], "o": {"x": 3}, "none": None})
    call = translated(op, data=data, content_type="application/json", content_length="9").call
    assert parse_qs(call.body.decode()) == {"ids": ["1 2"], "o[x]": ["3"]}
    assert call.headers == (("content-type", "application/x-www-form-urlencoded"),)


def test_another_kind_of_json_gets_its_name():
    call = translated(
        post(obj(a=STRING), kind="application/vnd.api+json"), data=b'{"a":"x"}', content_type="application/json"
    ).call
    assert call.headers == (("content-type", "application/vnd.api+json"),) and call.body == b'{"a":"x"}'


def test_a_header_never_holds_a_line_break():
    op = post(None, Parameter("X-A", "header"), Parameter("c", "cookie"))
    visit = translated(op, "/a?X-A=a%0D%0AEvil:%201&c=x;y&rest=1", cookie="old=1")
    assert visit.call.headers == (("cookie", "old=1; c=x%3By"), ("x-a", "a Evil: 1"))
    assert visit.call.query == "rest=1"


def test_a_header_never_holds_a_nul():
    visit = translated(post(None, Parameter("X-A", "header")), "/a?X-A=a%00b")
    assert visit.call.headers == (("x-a", "a b"),)


def test_operations_without_steps_have_no_translator():
    other = Operation("GET", "/b", "b", responses=ANSWER)
    contract = api(post({"type": "array"}), other)
    door = front(contract)
    ask(door, "GET", "/b")
    program = door.registry.current("todo")
    (served,) = [one for one in program.router.find("GET", "/b") if one and not isinstance(one, tuple)]
    assert served.ready and served.translator is None


@pytest.mark.parametrize("data", [b"null", b"[]", b'"x"', b"{}", b'{"items":null}', b'{"a":{}}', b"[[[", b"\xff"])
def test_nothing_that_comes_breaks_a_translator(data):
    steps = (Move("m", "header", "X"), Rename("query", "r", "q"), Rename("body", "n", "o"), Parse(("a", "*", "b")))
    op = post(obj(a=STRING), kind="application/x-www-form-urlencoded")
    for more in ((), (Unwrap("items"),), (Encode("application/x-www-form-urlencoded"),)):
        one = Translator((*steps, *more), {}, op, Resolver(Contract(operations=(op,))))
        one.translate(Visit(Call("POST", "/a", "m&r=&%zz&=&&", (("content-type", "application/json"),), data)))
