"""What holds for any value: rendered JSON is JSON, a value stays the value it was, and nothing else comes in."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.problem import Refused
from actionstudio.core.templating import OverBound, Plain, compile, problems

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
SCALAR = st.none() | st.booleans() | NUMBER | TEXT
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
SIGNS = [*'"\\{}[],:/bfnrtu0 \n\t', "{{", "}}", "{{#if x}}", "{{ uuid }}"]
TRICKY = st.lists(st.sampled_from(SIGNS), max_size=20).map("".join)


@given(VALUE | TRICKY, TEXT | TRICKY)
def test_a_value_is_in_json_what_it_was(value, text):
    made = compile(
        '{"whole": "{{ body.v }}", "bare": {{ body.v }}, "in": "<{{ body.t }}>", "{{ body.t }}!": 1}', json=True
    )
    assert made.render(Plain({"body": {"v": value, "t": text}})).value == {
        "whole": value,
        "bare": value,
        "in": f"<{text}>",
        f"{text}!": 1,
    }


@given(st.lists(VALUE, max_size=5), VALUE)
def test_lists_made_by_loops_are_right_for_any_number_of_entries(entries, more):
    made = compile(
        '{"all": [{{#each body.list}}{"v": "{{ this }}"},{{/each}}],'
        ' "some": [{{#each body.list}}{{#if this}}{{ this }}{{/if}}{{/each}}],'
        ' "last": [{{#each body.list}}{{ this }}, {{/each}} "{{ body.more }}"]'
        '{{#if body.more}}, "more": "{{ body.more }}"{{/if}} }',
        json=True,
    )
    got = made.render(Plain({"body": {"list": entries, "more": more}})).value
    assert got["all"] == [{"v": one} for one in entries]
    assert got["some"] == [one for one in entries if one]
    assert got["last"] == [*entries, more]
    assert ("more" in got) == bool(more)


PIECES = st.sampled_from([
    "{{ query.a }}", "{{ body.v }}", "{{ body.v | json }}", "{{ body.none }}", "{{#if query.a}}", "{{else}}", "{{/if}}",
    "{{#each body.v}}", "{{/each}}", "{{#repeat 2}}", "{{/repeat}}", "{{ this }}", "{{", "}}", '"', "\\", "[", "]", "{",
    "}", ",", ":", "1", "null", " ", "x", '"k": ', "{{ 'x' or }}", "{{ uuid | upper }}", "|", "(", "{{ @index }}",
])  # fmt: skip


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=14), VALUE)
def test_any_template_is_refused_or_renders_within_bounds(pieces, value):
    text = "".join(pieces)
    for as_json in (False, True):
        wrong = problems(text, json=as_json)
        try:
            made = compile(text, json=as_json).render(Plain({"query": {"a": "x"}, "body": {"v": value}}))
        except Refused as refused:
            assert wrong and list(refused.problems) == wrong
        except OverBound as over:
            assert not wrong
            assert over.bound == "json" and as_json
        else:
            assert not wrong
            if as_json and made.text.strip():  # blocks alone may write nothing: an answer without a body
                assert json.loads(made.text) == made.value


@given(TEXT | TRICKY, TEXT | TRICKY)
def test_text_that_is_no_template_is_left_alone(before, value):
    plain = before.replace("{{", "")
    assert compile(plain).render(Plain()).text == plain
    if not plain.endswith("{"):
        assert compile(plain + "{{ query.a }}").render(Plain({"query": {"a": value}})).text == plain + value
