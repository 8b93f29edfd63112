"""Arguments as the calls they become."""

import pytest

from actionstudio.core.calling import call_of, content_of
from actionstudio.core.contract import Media, Parameter


def test_each_argument_goes_where_its_parameter_says():
    call = call_of(
        "GET",
        "/pets/{petId}/photos",
        [
            (Parameter("petId", "path"), "a b/c"),
            (Parameter("tag", "query"), ["new", "big&small"]),
            (Parameter("limit", "query"), 5),
            (Parameter("X-Trace", "header"), "abc\r\nevil: 1"),
            (Parameter("lang", "cookie"), "de;x"),
        ],
    )
    assert call.path == "/pets/a%20b%2Fc/photos"
    assert call.query == "tag=new&tag=big%26small&limit=5"
    assert call.headers == (("x-trace", "abc  evil: 1"), ("cookie", "lang=de%3Bx"))


def test_style_and_explode_count():
    comma = Parameter("ids", "query", style="form", explode=False)
    deep = Parameter("filter", "query", style="deepObject")
    as_json = Parameter("where", "query", content=(Media("application/json"),))
    call = call_of("GET", "/x", [(comma, [1, 2]), (deep, {"a": {"b": 1}}), (as_json, {"c": True})])
    assert call.query == "ids=1%2C2&filter%5Ba%5D%5Bb%5D=1&where=%7B%22c%22%3Atrue%7D"


def test_a_path_parameter_without_a_value_stays_as_it_is_written():
    assert call_of("GET", "/pets/{petId}", []).path == "/pets/%7BpetId%7D"


@pytest.mark.parametrize(
    ("media_type", "value", "content_type", "body"),
    [
        ("application/json", {"a": 1}, "application/json", b'{"a":1}'),
        ("application/json", "text", "application/json", b'"text"'),
        ("*/*", [1], "application/json", b"[1]"),
        ("text/plain", "Grüße", "text/plain", "Grüße".encode()),
        ("application/x-www-form-urlencoded", {"a": [1, 2], "b": "x y"}, None, b"a=1&a=2&b=x+y"),
    ],
)
def test_a_body_is_written_in_its_media_type(media_type, value, content_type, body):
    content = content_of(media_type, value)
    assert (content.content_type, content.body) == (content_type or media_type, body)


def test_a_multipart_body_can_be_read_again():
    from actionstudio.core.schemas.forms import read_multipart

    content = content_of("multipart/form-data", {"title": "A", "tags": ["x", "y"], "more": {"a": 1}})
    assert read_multipart(content.body, content.content_type) == {"title": "A", "tags": ["x", "y"], "more": '{"a":1}'}
