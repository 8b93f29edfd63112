"""A call that nobody answers becomes the operation that would."""

import orjson

from actionstudio.core.call import Call
from actionstudio.core.contract import Example
from actionstudio.core.sketching import sketched, without_examples

JSON = (("content-type", "application/json"), ("authorization", "Bearer secret-token-of-mine"), ("user-agent", "x"))


def test_a_call_becomes_path_template_parameters_body_and_a_first_answer():
    body = orjson.dumps({"name": "Rex", "tags": ["a"]})
    op = sketched(Call("POST", "/shops/17/pets", "limit=5&tag=a&tag=b", (*JSON, ("x-trace", "abc")), body))
    assert (op.method, op.path, op.operation_id) == ("POST", "/shops/{shop_id}/pets", "post_shops_pets")
    assert [(one.in_, one.name, one.required) for one in op.parameters] == [
        ("path", "shop_id", True),
        ("query", "limit", False),
        ("query", "tag", False),
        ("header", "x-trace", False),
    ]
    (media,) = op.body.content
    assert media.schema["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    assert media.examples == (Example("", {"name": "Rex", "tags": ["a"]}),)
    assert [one.status for one in op.responses] == ["200"]
    assert op.security is None
    assert "secret" not in repr(op)


def test_the_names_of_a_path_of_the_same_shape_are_taken_over_and_operation_names_stay_apart():
    op = sketched(Call("DELETE", "/v1/pets/7"), ["/pets/{petId}"], {"delete_pets_by_petId"}, "/v1")
    assert (op.path, op.operation_id) == ("/pets/{petId}", "delete_pets_by_petId_2")


def test_a_form_is_described_by_its_fields():
    head = (("content-type", "multipart/form-data; boundary=x"),)
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nhello\r\n--x--\r\n'
    (media,) = sketched(Call("POST", "/files", headers=head, body=body)).body.content
    assert media.schema["properties"] == {"title": {"type": "string"}}


def test_bytes_and_broken_bodies_are_described_by_their_media_type_alone():
    op = sketched(Call("POST", "/x", headers=(("content-type", "image/png"),), body=b"\x89PNG\xff"))
    assert [one.media_type for one in op.body.content] == ["image/png"]
    broken = (("content-type", "multipart/form-data; boundary=x"),)
    assert sketched(Call("POST", "/x", headers=broken, body=b"nothing")).body.content[0].media_type.startswith("multi")


def test_hidden_values_are_taken_out_of_examples_and_their_fields_stay():
    body = orjson.dumps({"name": "Rex", "mark": "?", "deep": {"mark": "?", "list": ["?", "x"]}})
    op = without_examples(sketched(Call("POST", "/pets/9", "q=?", JSON, body)), lambda value: value == "?")
    (media,) = op.body.content
    assert media.schema["properties"].keys() == {"name", "mark", "deep"}
    assert media.examples[0].value == {"name": "Rex", "deep": {"list": ["x"]}}
    assert [(one.name, one.examples) for one in op.parameters] == [("pet_id", (Example("", 9),)), ("q", ())]
