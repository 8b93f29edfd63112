"""Text becomes JSON, or one clear sentence says why not and where."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.problem import Refused
from actionstudio.core.specs import yaml_in, yaml_out
from actionstudio.core.specs.text import LARGEST, parse

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | floats
values = st.recursive(
    scalars | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


def refusal(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    (problem,) = caught.value.problems
    return problem


@given(values)
def test_what_is_written_as_yaml_reads_the_same_here_and_in_pyyaml(value):
    text = yaml_out.write(value)
    assert yaml.load(text, Loader=yaml.CSafeLoader) == value
    assert yaml_in.read(text) == value


@pytest.mark.parametrize(
    "text", ["two\nlines", "ends\n", "\n starts", "a\n\n\n", "- x\n# y\n", "trail \n x", "tab\t\nx"]
)
@pytest.mark.parametrize("wrap", [lambda t: t, lambda t: [t], lambda t: {"a": {"b": [{"c": t, "d": t}]}}])
def test_long_texts_keep_every_line(text, wrap):
    assert yaml_in.read(yaml_out.write(wrap(text))) == wrap(text)


def test_long_texts_are_readable():
    written = yaml_out.write({"description": "First line.\nSecond: line\n", "on": "2026-01-31", "number": "12"})
    assert written == 'description: |\n  First line.\n  Second: line\n"on": "2026-01-31"\nnumber: "12"\n'


def test_a_very_long_key_survives():
    assert yaml_in.read(yaml_out.write({"k" * 2000: [{"j" * 2000: 1}]})) == {"k" * 2000: [{"j" * 2000: 1}]}


def test_yaml_words_mean_what_yaml_1_2_says():
    assert parse("on: yes\ndate: 2026-01-31\n200: ok\n1.10: 1.5\nt: 12:30:45\no: 0o17\nz: 007\ne:\n") == {
        "on": "yes",
        "date": "2026-01-31",
        "200": "ok",
        "1.10": 1.5,
        "t": "12:30:45",
        "o": 15,
        "z": 7,
        "e": None,
    }


def test_json_is_read_as_json():
    assert parse('\n {"a": [1, 2.5, null, true, "\\u00e9"]}') == {"a": [1, 2.5, None, True, "é"]}


def test_flow_style_yaml_that_looks_like_json_is_read():
    assert parse("{a: 1, b: [x, y]}") == {"a": 1, "b": ["x", "y"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_usual_encoding_is_read(encoding):
    assert parse('{"a": "ü"}'.encode(encoding)) == {"a": "ü"}


def test_aliases_and_merge_keys_are_unfolded():
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3}\none: {<<: *b, x: 0}\ntwo: {<<: [*m, *b]}\nthree: *b\n"
    read = parse(text)
    assert read["one"] == {"x": 0, "y": 2}
    assert read["two"] == {"x": 1, "y": 3}
    assert read["three"] == {"x": 1, "y": 2}


REFUSED = {
    "": "empty",
    " \n\t": "empty",
    "<!DOCTYPE html>": "markup",
    b"PK\x03\x04": "binary",
    b"a: \xe9": "encoding",
    "a: 1\nb: [1, 2": "syntax",
    '{"a": 1,\n "b" 2}': "syntax",
    "a: 1\n\tb: 2": "syntax",
    "a: \x07": "character",
    '{"a": "\\u0000"}': "character",
    '{"a": "\\ud800"}': "character",
    'a: "\\0"': "character",
    '{"a": NaN}': "number",
    '{"a": 1e400}': "number",
    '{"a": 99999999999999999999}': "number",
    "a: .nan": "number",
    "a: 1e400": "number",
    "a: " + "9" * 5000: "number",
    "a: 1\nb: 2\na: 3": "duplicate-key",
    '{"a": 1,\n "a": 2}': "duplicate-key",
    "a: 1\n---\nb: 2": "documents",
    "a: !!python/object:os.system x": "tag",
    "a: !Ref x": "tag",
    "? [a]\n: b": "key",
    "a: *nobody": "alias",
    "a: &a [*a]": "circle",
    "a: &a {b: {<<: *a}}": "circle",
    "a: {<<: 1}": "merge",
    "[" * 50_000: "depth",
    '{"a":' * 100_000: "depth",
    "[" * 101 + "]" * 101: "depth",
    "\n".join(f"{' ' * n}a:" for n in range(120)): "depth",
    "a" * (LARGEST + 1): "too-large",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:24]))
def test_what_cannot_be_used_is_refused(text):
    assert refusal(text).code == REFUSED[text]


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}\n" for n in range(1, 30)
)
STAIRS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200))


@pytest.mark.parametrize(("bomb", "code"), [(LAUGHS, "too-many"), (MERGES, "too-many"), (STAIRS, "depth")])
def test_bombs_are_refused_before_they_unfold(bomb, code):
    assert refusal(bomb).code == code


def test_too_many_values_are_refused_in_json_too():
    assert refusal("[" + ",".join(["1"] * 600_000) + "]").code == "too-many"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "Line 4, column 3"),
        ('{"a": 1,\n  "a": 2}', "Line 2, column 3"),
        ('{"a": 1,\n "b" 2}', "Line 2, column 6"),
        ('{"a": 1,\n "b": NaN}', "Line 2, column 7"),
        ("a: 1\nb: \x07", "Line 2, column 4"),
        (b"a: 1\nb: \xe9", "Line 2"),
    ],
)
def test_a_refusal_says_where(text, where):
    assert refusal(text).message.startswith(where)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        parse(text)
    except Refused as refused:
        assert refused.problems[0].message


def test_the_largest_numbers_are_kept():
    assert parse(f"a: {2**64 - 1}\nb: {-(2**63)}\nc: 1.7976931348623157e308") == {
        "a": 2**64 - 1,
        "b": -(2**63),
        "c": math.nextafter(math.inf, 0),
    }


@pytest.mark.parametrize("text", ['{"a": 18446744073709552000}', "a: 18446744073709552000"])
def test_a_limit_that_javascript_wrote_is_the_number_it_meant(text):
    assert parse(text) == {"a": 2.0**64}
