"""Named pairing: a call that carries the request examples of a key gets the response example of that key."""

import orjson
import pytest

from actionstudio.core.behaviour import Condition, Examples, Rule, Rules
from actionstudio.core.contract import Body, Example, Header, Media, Operation, Parameter, Response
from tests import make
from tests.runtime.house import ask, front

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def parameter(name, in_="query", schema=None, **examples):
    return Parameter(name, in_, schema=schema, examples=tuple(Example(key, value) for key, value in examples.items()))


def response(status="200", *keys, kind=JSON):
    return Response(status, content=(Media(kind, None, tuple(Example(key, {"is": key or "plain"}) for key in keys)),))


def serving(*parameters, method="GET", path="/pets/{id}", body=None, responses=None, behaviour=None, **fields):
    responses = responses or (response("200", "usual", "cat", "dog"), response("404", "gone"))
    operation = Operation(
        method, path, "pets", parameters=parameters, body=body, responses=responses, behaviour=behaviour or Examples()
    )
    return make.contract(operation, validation="off", **fields)


ID = parameter("id", "path", {"type": "integer"}, cat=1, dog=2, gone=404)
TAGS = {"type": "array", "items": {"type": "string"}}


def said(made, url, method="GET", body=b"", **headers):
    answer = ask(made, method, url, body, **headers)
    value = orjson.loads(answer.reply.body)
    return answer.reply.status, value.get("is", value)


def test_a_parameter_chooses_the_example_in_whichever_response_it_stands():
    door = front(serving(ID))
    urls = ["/pets/1", "/pets/2", "/pets/404", "/pets/3"]
    assert [said(door, url) for url in urls] == [(200, "cat"), (200, "dog"), (404, "gone"), (200, "usual")]


def test_the_log_says_that_a_pair_answered():
    door = front(serving(ID))
    first, again = (ask(door, "GET", "/pets/404").record.decisions for _ in range(2))
    assert first["trail"] == [{"what": "pairing", "key": "gone"}] and first is again
    assert "trail" not in ask(door, "GET", "/pets/3").record.decisions


def test_all_examples_of_the_key_must_be_carried():
    door = front(serving(ID, parameter("size", cat="small", huge="big")))
    assert said(door, "/pets/1") == said(door, "/pets/1?size=big") == (200, "usual")
    assert said(door, "/pets/1?size=small") == (200, "cat")
    assert said(door, "/pets/2?size=big") == (200, "dog"), "the key dog asks nothing of size"


def test_the_key_that_asks_for_most_wins():
    door = front(serving(parameter("id", "path", None, usual=1, cat=1), parameter("size", cat="small")))
    assert said(door, "/pets/1?size=small") == (200, "cat")
    assert said(door, "/pets/1") == (200, "usual")


@pytest.mark.parametrize(
    ("one", "url", "headers", "found"),
    [
        (parameter("q", cat="a b"), "/pets/9?q=a%20b", {}, "cat"),
        (parameter("q", cat="a b"), "/pets/9?q=A+b", {}, "usual"),
        (parameter("q", cat=5), "/pets/9?q=5", {}, "cat"),
        (parameter("q", "query", {"type": "string"}, cat="1.1"), "/pets/9?q=1.10", {}, "usual"),
        (parameter("q", "query", {"type": "number"}, cat=5), "/pets/9?q=5.0", {}, "cat"),
        (parameter("q", "query", {"type": "boolean"}, cat=True), "/pets/9?q=true", {}, "cat"),
        (parameter("q", "query", TAGS, cat=["a", "b"]), "/pets/9?q=a&q=b", {}, "cat"),
        (parameter("q", "query", TAGS, cat=["a", "b"]), "/pets/9?q=b&q=a", {}, "usual"),
        (parameter("q", "query", TAGS, cat=["a"]), "/pets/9?q=a", {}, "cat"),
        (parameter("q", "query", TAGS, cat="a"), "/pets/9?q=a", {}, "cat"),
        (parameter("q", cat=""), "/pets/9", {}, "usual"),
        (parameter("X-Kind", "header", None, cat="c"), "/pets/9", {"x_kind": "c"}, "cat"),
        (parameter("X-Kind", "header", None, cat="c"), "/pets/9", {"x_kind": "d"}, "usual"),
        (parameter("Accept", "header", None, cat="application/json"), "/pets/9", {"accept": JSON}, "usual"),
        (parameter("kind", "cookie", None, cat="a b"), "/pets/9", {"cookie": "x=1; kind=a%20b"}, "cat"),
    ],
)
def test_values_are_read_as_the_parameter_is_declared(one, url, headers, found):
    assert said(serving(one), url, **headers) == (200, found)


def test_examples_of_parameters_of_the_path_and_of_shared_ones_count():
    shared = {"name": "id", "in": "path", "required": True, "examples": {"cat": {"value": 1}}}
    made = serving(path_items={"/pets/{id}": {"parameters": [{"$ref": "#/components/parameters/id"}]}},
                   extra={"components": {"parameters": {"id": shared}}})  # fmt: skip
    assert said(made, "/pets/1") == (200, "cat")


def body(kind, **examples):
    return Body(content=(Media(kind, None, tuple(Example(key, value) for key, value in examples.items())),))


@pytest.mark.parametrize(
    ("kind", "example", "sent", "found"),
    [
        (JSON, {"a": 1, "b": [1, 2]}, b'{"b": [1.0, 2], "a": 1}', "cat"),
        (JSON, {"a": 1, "b": [1, 2]}, b'{"b": [2, 1], "a": 1}', "usual"),
        (JSON, '{"a": 1}', b'{"a":1}', "cat"),
        (JSON, {"a": 1}, b'{"a":1,"c":2}', "usual"),
        (JSON, {"a": 1}, b'{"a":"1"}', "usual"),
        (JSON, 5, b'"5"', "usual"),
        (JSON, {"a": 1}, b"{", "usual"),
        (JSON, {"a": 1}, b"", "usual"),
        (FORM, {"a": 1, "tags": ["x", "y"], "one": ["z"]}, b"one=z&tags=x&tags=y&a=1", "cat"),
        (FORM, {"a": 1}, b"a=2", "usual"),
        ("text/plain", "hello", b"hello", "cat"),
    ],
)
def test_bodies_are_compared_as_values(kind, example, sent, found):
    made = serving(method="POST", body=body(kind, cat=example))
    assert said(made, "/pets/1", "POST", sent, content_type=kind) == (200, found)


def test_a_body_and_a_parameter_together():
    door = front(serving(ID, method="POST", body=body(JSON, cat={"a": 1}, dog={"a": 1})))
    given = [said(door, f"/pets/{number}", "POST", b'{"a":1}', content_type=JSON)[1] for number in (1, 2, 3)]
    assert given == ["cat", "dog", "usual"]


def test_what_the_caller_or_the_builder_chose_wins():
    door = front(serving(ID))
    assert said(door, "/pets/1?__example=dog") == (200, "dog")
    assert said(door, "/pets/1?__code=404")[0] == 404
    assert said(door, "/pets/1", prefer="example=dog") == (200, "dog")
    assert said(door, "/pets/1", prefer="respond-async") == (200, "cat")
    assert said(serving(ID, behaviour=Examples(example="dog")), "/pets/1") == (200, "dog")
    assert said(serving(ID, behaviour=Examples(pairing=False)), "/pets/1") == (200, "usual")


def test_a_pinned_status_pairs_only_with_its_own_examples():
    responses = (response("200", "cat"), response("4XX", "gone", "lost"))
    door = front(serving(ID, responses=responses, behaviour=Examples("404")))
    assert [said(door, f"/pets/{number}") for number in (1, 404)] == [(404, "gone"), (404, "gone")]
    lost = parameter("id", "path", None, lost=5)
    assert said(serving(lost, responses=responses, behaviour=Examples("404")), "/pets/5") == (404, "lost")


def test_the_usual_response_wins_when_several_have_the_key():
    made = serving(ID, responses=(response("404", "cat"), response("200", "usual", "cat")))
    assert said(made, "/pets/1") == (200, "cat")


def test_the_media_type_that_has_the_example_is_sent():
    plain = Media("text/plain", None, (Example("", "plain"),))
    two = Response("200", content=(plain, Media(JSON, None, (Example("cat", {"is": "cat"}),))))
    door = front(serving(ID, responses=(two,)))
    assert said(door, "/pets/1") == (200, "cat")
    assert ask(door, "GET", "/pets/1", accept="image/png").reply.status == 406
    assert ask(door, "GET", "/pets/2").reply.body == b"plain"


def test_without_keys_in_common_there_is_nothing_to_look_for():
    door = front(serving(parameter("id", "path", None, other=1), responses=(response("200", "", "cat"),)))
    assert said(door, "/pets/1") == (200, "plain")
    served = door.registry.current("todo").router.routes["/pets/{id}"].methods["GET"]
    assert served._respond.__closure__ and not any(
        "Pairs" in repr(cell.cell_contents) for cell in served._respond.__closure__
    )


def test_pairs_work_within_the_answers_of_rules():
    behaviour = Rules((Rule((Condition("query", "x", "exists"),), Examples("404")),))
    door = front(serving(ID, behaviour=behaviour))
    assert said(door, "/pets/1") == (200, "cat")
    assert [entry["what"] for entry in ask(door, "GET", "/pets/1").record.decisions["trail"]] == ["rules", "pairing"]


def test_headers_of_the_paired_response_are_filled():
    gone = Response("410", headers=(Header("X-Why", examples=(Example("", "sold"),)),),
                    content=response("410", "gone").content)  # fmt: skip
    answer = ask(serving(ID, responses=(response("200", "cat"), gone)), "GET", "/pets/404")
    assert (answer.reply.status, answer.reply.header("x-why")) == (410, "sold")
