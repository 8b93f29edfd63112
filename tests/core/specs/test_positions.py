"""Every part of a document is found in its text, in YAML and in JSON, however it is written."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import yaml_out
from actionstudio.core.specs.positions import Place, Positions

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts | st.just("two\nlines\n"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=25,
)
documents = st.dictionaries(texts, values, min_size=1, max_size=4)


def places(node, at=""):
    """Pointer and offset of everything, as PyYAML's own composer knows it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            pointer = f"{at}/{escape(key.value)}"
            yield pointer, key.start_mark.index
            yield from places(value, pointer)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield f"{at}/{index}", item.start_mark.index
            yield from places(item, f"{at}/{index}")


def offset(text, place):
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


def agrees(text):
    positions = Positions(text)
    for pointer, index in places(yaml.compose(text, Loader=yaml.SafeLoader)):
        assert offset(text, positions.at(pointer)) == index, pointer


@given(documents)
def test_yaml_as_we_write_it(value):
    agrees(yaml_out.write(value))


@given(documents, st.booleans(), st.integers(1, 5))
def test_yaml_as_others_write_it_with_flow_and_anchors(value, flow, indent):
    shared = {"one": value, "two": value}  # PyYAML writes the second as an alias
    agrees(
        yaml.dump(shared, default_flow_style=flow or None, indent=indent, allow_unicode=True, Dumper=yaml.SafeDumper)
    )


@given(documents, st.sampled_from((None, 1, 2)), st.booleans())
def test_json(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found = Positions(text)
    assert isinstance(found._root.inside, dict)
    for pointer, name in keys(value):
        place = found.at(pointer)
        assert text[offset(text, place) :].startswith(json.dumps(name, ensure_ascii=ascii_only)), pointer


def keys(value, at=""):
    if isinstance(value, dict):
        for name, item in value.items():
            yield f"{at}/{escape(name)}", name
            yield from keys(item, f"{at}/{escape(name)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keys(item, f"{at}/{index}")


TEXT = """\
openapi: 3.1.0
paths:
  /a/{b}:
    get: &get
      operationId: go there
      parameters:
        - name: b
          in: path
        - {name: c, in: query}
      description: |
        Two
        lines
    post:
      <<: *get
      operationId: other
    put: *get
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", Place(1, 1, 8)),
        ("/openapi", Place(1, 1, 15)),
        ("/paths/~1a~1{b}", Place(3, 3, 9)),
        ("/paths/~1a~1{b}/get/operationId", Place(5, 7, 28)),
        ("/paths/~1a~1{b}/get/parameters/0", Place(7, 11, 15)),
        ("/paths/~1a~1{b}/get/parameters/1/in", Place(9, 21, 30)),
        ("/paths/~1a~1{b}/get/description", Place(10, 7, 18)),
        ("/paths/~1a~1{b}/get/responses", Place(4, 5, 8)),  # not there: the operation
        ("/paths/~1a~1{b}/post/operationId", Place(15, 7, 25)),
        ("/paths/~1a~1{b}/post/parameters/1/name", Place(9, 12, 19)),  # merged in from there
        ("/paths/~1a~1{b}/put", Place(16, 5, 8)),
        ("/paths/~1a~1{b}/put/parameters/7", Place(6, 7, 17)),
        ("/nothing/here", Place(1, 1, 8)),
    ],
)
def test_places_in_yaml(pointer, place):
    assert Positions(TEXT).at(pointer) == place


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_line_breaks_count_as_an_editor_counts_them(breaks):
    text = breaks.join(("a: 1", 'b: "x\u2028 y"', "c: 2"))
    assert Positions(text).at("/c") == Place(3, 1, 5)


def test_flow_style_that_only_looks_like_json():
    assert Positions("{a: 1, # no\n b: [x, y]}").at("/b/1") == Place(2, 9, 10)


def test_json_with_an_escaped_key():
    assert Positions('{"a\\u0062": {"c\\"": 1}}').at('/ab/c"') == Place(1, 14, 22)


@pytest.mark.parametrize("text", ["", "a: [", '{"a": ', "a: b: c", "{{}}", "[,]", '{"a" "b"}', "'"])
def test_text_that_cannot_be_read_is_no_reason_to_fail(text):
    assert Positions(text).at("/a/0").line >= 1


def test_a_percent_sign_in_a_pointer_is_one():
    text = "paths:\n  /a%20b: {}\n  /a b: {}\n"
    assert Positions(text).at("/paths/~1a%20b").line == 2
    assert Positions(text).at("/paths/~1a b").line == 3


def test_odd_digits_are_no_place_in_a_list():
    assert Positions("servers: [1, 2]\n").at("/servers/²").line == 1
