"""What a logged body is, and how it can be looked at."""

import pytest

from actionstudio.apps.traffic import bodies

JSON = [["content-type", "application/json"]]


def test_json_has_three_views():
    body = bodies.read(JSON, b'{"a": [1, "\\u00fc"]}', 18)
    assert (body.kind, body.views, body.nodes) == ("json", ("pretty", "tree", "raw"), 4)
    assert body.pretty == '{\n  "a": [\n    1,\n    "ü"\n  ]\n}'


def test_large_json_is_not_made_pretty():
    data = b'["' + b"x" * bodies.PRETTY + b'"]'
    assert bodies.read(JSON, data, len(data)).views == ("tree", "raw")


def test_cut_json_is_the_text_it_is():
    body = bodies.read(JSON, '{"a": "ü'.encode()[:-1], 900)
    assert (body.kind, body.text, body.kept < body.size) == ("text", '{"a": "', True)


@pytest.mark.parametrize(
    ("media_type", "data", "kind"),
    [
        ("text/html", b"<b>hi</b>", "text"),
        ("text/plain; charset=latin-1", "ü".encode("latin-1"), "text"),
        ("image/png", b"\x89PNG\0\0", "binary"),
        ("", b"", "none"),
        ("application/problem+json", b'{"title": "x"}', "json"),
        ("", b"[1]", "json"),
        ("text/plain; charset=no-such", b"hi", "text"),
    ],
)
def test_what_a_body_is(media_type, data, kind):
    assert bodies.read([["content-type", media_type]], data, len(data)).kind == kind


def test_bytes_are_shown_as_hexadecimal():
    assert bodies.read([], b"\0abc\xff", 5).text == "00000000  00 61 62 63 ff                                   .abc."


def test_a_large_tree_is_given_level_by_level():
    value = {"items": [{"id": n, "a/b": {"c": None}} for n in range(1200)]}
    data = __import__("json").dumps(value).encode()
    body = bodies.read(JSON, data, len(data))
    assert body.large_tree
    [items] = bodies.level(body.value).branches
    assert (items.pointer, items.path, items.size, items.many) == ("/items", "$.items", 1200, "array")
    first = bodies.level(body.value, "/items")
    assert (len(first.branches), first.more) == (500, 500)
    last = bodies.level(body.value, "/items", 1000)
    assert (len(last.branches), last.more) == (200, None)
    id_, group = bodies.level(body.value, "/items/3").branches
    assert (id_.leaf, id_.path, group.pointer) == ("3", "$.items[3].id", "/items/3/a~1b")
    assert bodies.level(body.value, "/items/3/a~1b").branches[0].path == '$.items[3]["a/b"].c'


@pytest.mark.parametrize("pointer", ["/nothing", "/items/x", "/items/9", "/items/0/id/deeper"])
def test_a_place_that_is_not_there_is_an_error(pointer):
    with pytest.raises(LookupError):
        bodies.level({"items": [{"id": 1}]}, pointer)
