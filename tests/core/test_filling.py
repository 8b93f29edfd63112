"""Variables of a call: where they may stand, and what becomes of their values."""

import json

from actionstudio.core.call import Call
from actionstudio.core.filling import fill, names


def test_a_call_is_filled_everywhere_as_each_place_wants_it():
    call = Call(
        "POST",
        "/orders/{{order}}",
        "who={{name}}",
        (("authorization", "Bearer {{token}}"),),
        b'{"id": "{{order}}", "note": "for {{name}}", "keep": "{{unknown}}"}',
    )
    made = fill(call, {"order": 17, "name": "Zoë & co", "token": "s3cret"})
    assert made.path == "/orders/17"
    assert made.query == "who=Zo%C3%AB+%26+co"
    assert made.headers == (("authorization", "Bearer s3cret"),)
    assert json.loads(made.body) == {"id": 17, "note": "for Zoë & co", "keep": "{{unknown}}"}
    assert names(call) == ["order", "name", "token", "unknown"]


def test_a_value_leaves_its_place_neither_in_json_nor_in_a_header():
    call = Call("POST", "/a/{{x}}", "", (("x-a", "{{x}}"),), b'{"a": "say {{x}}"}')
    made = fill(call, {"x": 'q", "admin": true, "/../\r\nset-cookie: a'})
    assert list(json.loads(made.body)) == ["a"]
    assert made.path.count("/") == 2
    assert "\n" not in made.headers[0][1]


def test_a_call_without_variables_stays_byte_for_byte():
    call = Call("POST", "/a", "b=1", (), b'{ "a" : 1.50 }')
    assert fill(call, {"a": 1}) is call


def test_text_that_is_no_json_is_filled_too():
    assert fill(Call("POST", "/", body=b"a={{x}}&b=\xff"), {"x": [1]}).body == b"a=[1]&b=\xff"
