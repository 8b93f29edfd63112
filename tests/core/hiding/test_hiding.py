"""Rules hide what they name: by name, by the way into a body, by pattern, by kind, in the part they are for."""

import json

import pytest

from actionstudio.core.hiding import Masks, Rule, read
from actionstudio.core.hiding.kinds import KINDS, iban, luhn
from actionstudio.core.hiding.marks import is_mark, mark
from actionstudio.core.hiding.masks import without
from actionstudio.core.problem import Problem


def body(value, *rules: Rule, side: str = "request", kind: str = "application/json"):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    hidden = Masks((), rules).body(data, kind, side)
    return hidden if isinstance(value, bytes) else json.loads(hidden)


@pytest.mark.parametrize(
    ("way", "value", "hidden"),
    [
        (
            "$.customer.email",
            {"customer": {"email": "a@b.de", "id": 1}},
            {"customer": {"email": mark("a@b.de"), "id": 1}},
        ),
        ("$.a[*].b", {"a": [{"b": "x"}, {"b": 12}]}, {"a": [{"b": mark("x")}, {"b": mark("12")}]}),
        ("$.a[0]", {"a": ["x", "y"]}, {"a": [mark("x"), "y"]}),
        ("$.a[-1]", {"a": ["x", "y"]}, {"a": ["x", mark("y")]}),
        ("$..b", {"a": [{"b": {"b": 1}}], "b": "x"}, {"a": [{"b": mark('{"b":1}')}], "b": mark("x")}),
        ("$['odd name']", {"odd name": True, "x": None}, {"odd name": mark("true"), "x": None}),
        ("$.*", {"a": 1, "b": None}, {"a": mark("1"), "b": None}),
        (
            "$.in.x",
            {"in": '{"x": "deep"}'},
            {"in": json.dumps({"x": mark("deep")}, ensure_ascii=False, separators=(",", ":"))},
        ),
        ("$.nothing", {"a": 1}, {"a": 1}),
    ],
)
def test_a_way_hides_what_stands_there(way, value, hidden):
    assert body(value, Rule("path", way)) == hidden


def test_a_body_that_was_cut_is_hidden_from_the_ways_last_name_on():
    cut = b'{"id": 7, "customer": {"name": "Maria", "address": {"street": "Long Ro'
    assert b"Maria" in body(cut, Rule("path", "$.customer.address"))
    assert b"Long" not in body(cut, Rule("path", "$.customer.address"))
    assert b"Maria" not in body(cut, Rule("path", "$.customer"))


def test_lines_of_json_are_read_line_by_line():
    stream = b'data: {"who": "Maria"}\n\ndata: [DONE]\n'
    hidden = body(stream, Rule("path", "$.who"), kind="text/event-stream")
    assert b"Maria" not in hidden and hidden.endswith(b"data: [DONE]\n")


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("email", ["maria.k+x@mail.example.org", "müller@exämple.de"], ["maria@", "@here", "a@b"]),
        (
            "phone",
            ["+49 151 2345678", "0049-30-1234567", "(415) 555-2671", "030 1234 5678"],
            ["2026-11-26", "12:30:45.123456", "1700000000000"],
        ),
        (
            "card",
            ["4111 1111 1111 1111", "5555555555554444", "378282246310005"],
            ["4111 1111 1111 1112", "1234567890123456"],
        ),
        ("iban", ["DE89 3704 0044 0532 0130 00", "gb82west12345698765432"], ["DE88370400440532013000", "AB12"]),
    ],
)
def test_kinds_are_known_by_their_looks_and_checksums(kind, yes, no):
    for text in yes:
        assert text not in KINDS[kind].hide(f"it is {text}, thanks"), text
    for text in no:
        assert KINDS[kind].hide(f"it is {text}, thanks") == f"it is {text}, thanks", text


def test_checksums():
    assert luhn("4111111111111111") and not luhn("0000000000000000") and not luhn("411")
    assert iban("DE89370400440532013000") and not iban("DE89370400440532013001")


def test_a_pattern_is_found_in_texts_numbers_names_and_json_within_texts():
    rule = Rule("pattern", r"C-\d{4}")
    value = {"C-1234": ["see C-5678", '{"n": "C-9999"}'], "n": 1}
    hidden = json.dumps(body(value, rule), ensure_ascii=False)
    assert "C-" not in hidden and mark("C-1234") in hidden
    assert body({"card": 4111111111111111}, Rule("card")) == {"card": mark("4111111111111111")}


def test_escapes_hide_nothing():
    assert b"maria" not in body(b'{"a": "maria\\u0040example.org", "cut', Rule("email"))
    assert "maria" not in Masks((), [Rule("email")]).line("q=maria%40example.org&x=1")
    assert Masks((), [Rule("email")]).line("/users/maria%40example.org/pets").endswith("/pets")


def test_a_form_hides_by_pattern_and_by_a_ways_single_name():
    masks = Masks((), [Rule("email"), Rule("path", "$.nick")])
    assert b"maria" not in masks.body(b"to=maria%40example.org&n=1", "application/x-www-form-urlencoded", "request")
    assert "nick" in masks.fields("request") and "nick" not in masks.names("request", "body")


@pytest.mark.parametrize(
    ("where", "sides"),
    [
        (
            "everywhere",
            {
                ("request", "body"),
                ("response", "body"),
                ("request", "headers"),
                ("response", "headers"),
                ("request", "line"),
            },
        ),
        ("request", {("request", "body"), ("request", "headers"), ("request", "line")}),
        ("response", {("response", "body"), ("response", "headers")}),
        ("headers", {("request", "headers"), ("response", "headers")}),
        ("query", {("request", "line")}),
    ],
)
def test_a_rule_holds_where_it_is_for(where, sides):
    rule = Rule("name", "x", where)
    places = [(side, part) for side in ("request", "response") for part in ("line", "headers", "body")]
    assert {place for place in places if rule.covers(*place)} >= sides
    assert not {place for place in places if rule.covers(*place)} - sides - {("response", "line")}


def test_hiding_twice_changes_nothing():
    masks = Masks(
        (), [Rule("path", "$..name"), Rule("email"), Rule("phone"), Rule("pattern", "[a-z]+"), Rule("pattern", r"\d+")]
    )
    once = masks.body(b'{"name": "Maria", "to": ["a@b.de", 5], "t": "+49 151 2345678"}', "application/json", "request")
    assert masks.body(once, "application/json", "request") == once
    assert is_mark(mark("x")) and mark(mark("x")) == mark("x")


def test_masks_keep_their_rules_in_every_union():
    masks = Masks.of(["a"], [Rule("email")], True, ["addPet"])
    for union in (masks | {"b"}, frozenset({"b"}) | masks):
        assert isinstance(union, Masks) and union == {"a", "b"} and union.rules == (Rule("email"),)
        assert not union.keeps("addPet") and union.keeps("other")
    assert type(Masks.of(["a"], [], True, [])) is frozenset
    assert not Masks.of([], [], False, []).keeps("any")


def test_secrets_that_a_call_carries_go_with_its_masks():
    masks = Masks.carrying(frozenset({"a"}), ["s3cret/x"]) | {"b"}
    assert isinstance(masks, Masks) and masks == {"a", "b"} and masks.texts == ("s3cret/x",)
    both = Masks((), [Rule("email")], False) | masks
    assert (both.texts, both.rules, both.bodies) == (masks.texts, (Rule("email"),), False)
    assert "s3cret" not in without("/x?y=s3cret%2Fx", masks.texts)
    assert "maria" not in str(Masks((), [Rule("email")]).told({"url": "http://x/?to=maria%40example.org"}))


def test_what_quotes_a_hidden_value_loses_it():
    assert without('“Maria” is no number; "a\\"b"', ["Maria", 'a"b4']) == f'“{mark("Maria")}” is no number; "a\\"b"'
    masks = Masks((), [Rule("email")])
    assert "a@b.de" not in str(masks.told({"why": ["a@b.de is long"], "n": 12345}, ["12345"]))
    assert "12345" not in str(masks.told({"n": 12345}, ["12345"]))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ({"kind": "path", "text": "customer"}, "/text"),
        ({"kind": "path", "text": "$.a[?x]"}, "/text"),
        ({"kind": "path", "text": "$.a", "where": "headers"}, "/text"),
        ({"kind": "pattern", "text": "(a"}, "/text"),
        ({"kind": "pattern", "text": "x*"}, "/text"),
        ({"kind": "pattern", "text": r"(a)\1"}, "/text"),
        ({"kind": "name", "text": " "}, "/text"),
        ({"kind": "name", "text": "x" * 81}, "/text"),
        ({"kind": "nothing"}, "/kind"),
        ({"kind": "email", "where": "moon"}, "/where"),
        ([], ""),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_beside_its_field(value, at):
    found = read(value)
    assert isinstance(found, Problem) and found.pointer == at and found.message


def test_a_good_rule_is_read():
    assert read({"kind": "path", "text": " $.a "}) == Rule("path", "$.a")
    assert read({"kind": "email", "text": "x", "where": "response"}) == Rule("email", "", "response")
