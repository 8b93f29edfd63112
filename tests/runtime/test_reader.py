"""Parameters and bodies are read as declared; what is wrong is told, in the three modes."""

import gzip

import orjson
import pytest

from actionstudio.core.contract import Body, Component, Media, Parameter, Response
from tests import make
from tests.runtime.house import ask

TODO = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "count": {"type": "integer"},
    },
}
REF = {"$ref": "#/components/schemas/Todo"}


def posting(*media: Media, required: bool = True, mode: str | None = None, responses=None, **fields):
    media = media or (Media("application/json", REF),)
    fields |= {"responses": responses} if responses else {}
    operation = make.operation("POST", "/todos", body=Body(required, content=media), validation=mode, **fields)
    return make.contract(operation, components=(Component("Todo", TODO),))


def getting(*parameters: Parameter, path: str = "/todos", **fields):
    return make.contract(make.operation("GET", path, parameters=parameters, **fields))


def wrong(answer) -> list[tuple[str, str]]:
    """Location and code of each violation of a 422 or 415."""
    assert answer.reply.header("content-type") == "application/problem+json"
    return [(".".join(map(str, one["location"])), one["code"]) for one in orjson.loads(answer.reply.body)["validation"]]


@pytest.mark.parametrize(
    ("place", "path", "url", "headers", "found"),
    [
        ("query", "/todos", "/todos?limit=3", {}, None),
        ("query", "/todos", "/todos?limit=many", {}, [("query.limit", "type")]),
        ("query", "/todos", "/todos", {}, [("query.limit", "required")]),
        ("path", "/todos/{limit}", "/todos/3", {}, None),
        ("path", "/todos/{limit}", "/todos/x", {}, [("path.limit", "type")]),
        ("header", "/todos", "/todos", {"limit": "3"}, None),
        ("header", "/todos", "/todos", {"limit": "x"}, [("header.limit", "type")]),
        ("cookie", "/todos", "/todos", {"cookie": "a=1; limit=3"}, None),
        ("cookie", "/todos", "/todos", {"cookie": "limit=x"}, [("cookie.limit", "type")]),
    ],
)
def test_parameters_of_every_place_become_their_type(place, path, url, headers, found):
    made = getting(Parameter("limit", place, True, schema={"type": "integer"}), path=path)
    answer = ask(made, "GET", url, **headers)
    assert answer.reply.status == (422 if found else 200)
    assert not found or wrong(answer) == found


def test_a_cookie_is_percent_decoded():
    operation = getting(Parameter("plan", "cookie", schema={"enum": ["a;b \u00e9"]}))
    assert ask(operation, "GET", "/todos", cookie="plan=a%3Bb%20%C3%A9").reply.status == 200
    assert wrong(ask(operation, "GET", "/todos", cookie="plan=a%3Bc")) == [("cookie.plan", "enum")]


def test_lists_are_read_from_repeated_keys_and_from_commas():
    ids = Parameter("ids", schema={"type": "array", "items": {"type": "integer"}, "maxItems": 2})
    made = getting(ids)
    assert ask(made, "GET", "/todos?ids=1&ids=2").reply.status == 200
    assert ask(made, "GET", "/todos?ids=1,2").reply.status == 200
    assert wrong(ask(made, "GET", "/todos?ids=1,2,3")) == [("query.ids", "maxItems")]


def test_a_parameter_can_be_json():
    content = (Media("application/json", {"type": "object", "required": ["a"]}),)
    made = getting(Parameter("filter", content=content))
    assert ask(made, "GET", "/todos?filter=%7B%22a%22:1%7D").reply.status == 200
    assert wrong(ask(made, "GET", "/todos?filter=%7B%7D")) == [("query.filter.a", "required")]


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        ("application/json", b'{"name":"x"}', None),
        ("application/json; charset=utf-8", b'{"name":"x"}', None),
        ("application/json", b'{"name":1}', [("body.name", "type")]),
        ("application/json", b"{}", [("body.name", "required")]),
        ("application/json", b"{", [("body", "json")]),
        ("application/json", b'\xff"', [("body", "json")]),
        ("application/json", b"", [("body", "required")]),
        ("", b'{"name":"x"}', None),
        ("application/xml", b"<a/>", [("header.Content-Type", "content-type")]),
    ],
)
def test_a_json_body_is_validated(kind, body, found):
    answer = ask(posting(), "POST", "/todos", body, **({"content_type": kind} if kind else {}))
    status = 200 if not found else 415 if found[0][1] == "content-type" else 422
    assert answer.reply.status == status
    assert not found or wrong(answer) == found


def test_the_log_tells_the_side_of_a_violation():
    answer = ask(posting(), "POST", "/todos", b'{"name":1}', content_type="application/json")
    assert [found["side"] for found in answer.record.violations] == ["request"]
    assert answer.record.kind == "refused"


def test_forms_become_typed_values():
    made = posting(Media("application/x-www-form-urlencoded", REF), Media("multipart/form-data", REF))
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert ask(made, "POST", "/todos", b"name=x&count=3&tags=a&tags=b", **form).reply.status == 200
    assert wrong(ask(made, "POST", "/todos", b"name=x&count=three", **form)) == [("body.count", "type")]
    part = b'--B\r\nContent-Disposition: form-data; name="count"\r\n\r\n%s\r\n--B--\r\n'
    multipart = {"content_type": "multipart/form-data; boundary=B"}
    assert ("body.count", "type") in wrong(ask(made, "POST", "/todos", part % b"x", **multipart))
    assert wrong(ask(made, "POST", "/todos", part % b"3", **multipart)) == [("body.name", "required")]
    assert wrong(ask(made, "POST", "/todos", b"nonsense", **multipart)) == [("body", "form")]


def test_text_is_text():
    made = posting(Media("text/plain", {"type": "string", "maxLength": 3}))
    assert ask(made, "POST", "/todos", b"abc", content_type="text/plain").reply.status == 200
    assert wrong(ask(made, "POST", "/todos", b"abcd", content_type="text/plain")) == [("body", "maxLength")]


@pytest.mark.parametrize(
    ("schema", "body", "found"),
    [
        (REF, b"<todo/>", []),
        (REF, b'{"name": 1}', [("body.name", "type")]),
        ({"type": "array"}, b"[]", []),
        ({"type": "integer"}, b"5", []),
        ({"type": "integer"}, b"five", [("body", "type")]),
    ],
)
def test_a_text_that_is_described_by_its_parts_is_looked_into_when_it_is_json(schema, body, found):
    answer = ask(posting(Media("text/xml", schema)), "POST", "/todos", body, content_type="text/xml")
    assert (wrong(answer) if found else answer.reply.status) == (found or 200)


def test_media_ranges_cover_what_they_name():
    made = posting(Media("application/*", None))
    assert ask(made, "POST", "/todos", b"%PDF", content_type="application/pdf").reply.status == 200
    assert ask(made, "POST", "/todos", b"x", content_type="text/plain").reply.status == 415


def test_a_form_declared_as_a_text_is_taken_whole():
    kind = "application/x-www-form-urlencoded"
    made = posting(Media(kind, {"type": "string", "maxLength": 3}))
    assert ask(made, "POST", "/todos", b"a=1", content_type=kind).reply.status == 200
    assert wrong(ask(made, "POST", "/todos", b"a=12", content_type=kind)) == [("body", "maxLength")]


def test_a_text_is_read_in_the_encoding_it_names():
    made = posting(Media("text/plain", {"type": "string", "maxLength": 1}))
    assert ask(made, "POST", "/todos", b"\xe9", content_type="text/plain; charset=ISO-8859-1").reply.status == 200
    assert wrong(ask(made, "POST", "/todos", b"\xe9", content_type="text/plain")) == [("body", "encoding")]


def test_a_property_that_only_the_server_sends_is_not_asked_of_callers():
    assert ask(posting(), "POST", "/todos", b'{"name":"x"}', content_type="application/json").reply.status == 200


def test_report_answers_normally_and_says_what_was_wrong():
    answer = ask(posting(mode="report"), "POST", "/todos", b'{"name":1}', content_type="application/json")
    assert answer.reply.status == 200
    assert answer.reply.header("studio-violations") == "body.name must be a text"
    assert len(answer.record.violations) == 1


def test_off_looks_at_nothing():
    answer = ask(posting(mode="off"), "POST", "/todos", b"{", content_type="application/json")
    assert (answer.reply.status, answer.record.violations) == (200, ())


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"type": "object", "properties": {"message": TEXT}, "required": ["message"]}, {"message": "WHY"}),
        (
            {"type": "object", "properties": {"code": {"type": "integer"}, "detail": TEXT}},
            {"code": 422, "detail": "WHY"},
        ),
        (
            {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "object", "required": ["reason"], "properties": {"reason": TEXT}}},
            },
            {"error": {"reason": "WHY"}},
        ),
        (
            {
                "type": "object",
                "required": ["descriptions"],
                "properties": {"descriptions": {"type": "array", "items": TEXT, "minItems": 1}},
            },
            {"descriptions": ["WHY"]},
        ),
        (
            {"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "enum": ["Bad"]}}},
            {"title": "Bad"},
        ),
        (TEXT, "WHY"),
    ],
)
def test_a_refusal_made_from_the_documents_schema_says_why_and_stays_valid(schema, body):
    own = Response("422", content=(Media("application/json", schema),))
    item = Parameter("limit", "query", True, schema={"type": "integer"})
    made = make.contract(make.operation("GET", "/pets", parameters=(item,), responses=(own,)))
    answer = ask(made, "GET", "/pets?limit=x")
    why = "query.limit " + answer.record.violations[0]["message"]
    assert orjson.loads(answer.reply.body) == orjson.loads(orjson.dumps(body).replace(b'"WHY"', orjson.dumps(why)))
    assert all(found["side"] == "request" for found in answer.record.violations)


@pytest.mark.parametrize(("declared", "status"), [("422", 422), ("400", 400), ("4XX", 422), ("default", 422)])
def test_the_documents_own_refusal_is_used_and_the_log_still_says_why(declared, status):
    own = Response(declared, "No", content=(Media("application/json", {"const": "own"}),))
    usual = make.operation().responses
    answer = ask(posting(responses=(*usual, own)), "POST", "/todos", b"{}", content_type="application/json")
    assert (answer.reply.status, answer.reply.body) == (status, b'"own"')
    assert [found["code"] for found in answer.record.violations] == ["required"]


def test_a_schema_that_refers_to_nothing_is_not_asked_of_callers():
    made = posting(Media("application/json", {"$ref": "#/components/schemas/Gone"}))
    assert ask(made, "POST", "/todos", b"{}", content_type="application/json").reply.status == 200


def test_a_schema_that_refers_to_itself_is_fine():
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}, "required": ["v"]}
    media = Media("application/json", {"$ref": "#/components/schemas/Node"})
    operation = make.operation("POST", "/n", body=Body(True, content=(media,)))
    made = make.contract(operation, components=(Component("Node", node),))
    deep = b'{"v":1,"next":{"v":2,"next":{}}}'
    assert wrong(ask(made, "POST", "/n", deep, content_type="application/json")) == [("body.next.next.v", "required")]


def test_files_arrive_as_objects_where_ids_are_declared():
    refs = {"type": "array", "items": {"type": "string"}}
    made = posting(Media("application/json", {"type": "object", "properties": {"openaiFileIdRefs": refs}}))
    file = {"name": "a.csv", "id": "file-1", "mime_type": "text/csv", "download_link": "https://files.test/1"}
    for sent, status in (([file], 200), (["file-1"], 200), ([{"name": "a.csv"}], 422), ([1], 422)):
        body = orjson.dumps({"openaiFileIdRefs": sent})
        assert ask(made, "POST", "/todos", body, **{"content-type": "application/json"}).reply.status == status


def test_files_that_are_declared_as_objects_are_read_as_such():
    whole = {"type": "object", "required": ["id", "download_link"]}
    refs = {"type": "array", "items": whole}
    made = posting(Media("application/json", {"type": "object", "properties": {"openaiFileIdRefs": refs}}))
    for sent, status in (([{"id": "file-1", "download_link": "x"}], 200), (["file-1"], 422)):
        body = orjson.dumps({"openaiFileIdRefs": sent})
        assert ask(made, "POST", "/todos", body, **{"content-type": "application/json"}).reply.status == status


def test_a_compressed_body_is_told_as_that():
    sent = gzip.compress(b'{"name": "a"}')
    answer = ask(posting(), "POST", "/todos", sent, content_type="application/json", content_encoding="gzip")
    assert (answer.reply.status, wrong(answer)) == (415, [("header.Content-Encoding", "content-encoding")])
    assert "gzip" in answer.reply.body.decode()
    answer = ask(posting(), "POST", "/todos", sent, content_type="application/json")
    assert (answer.reply.status, wrong(answer)) == (422, [("body", "json")])
    assert "surrogates" not in answer.reply.body.decode()
    plain = {"content_type": "application/json", "content_encoding": "identity"}
    assert ask(posting(), "POST", "/todos", b'{"name": "a"}', **plain).reply.status == 200
