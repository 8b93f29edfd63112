"""Cases as files: what we write we read again, what others write is understood, what is wrong is told by its line."""

import csv
import io
import json

import pytest

from actionstudio.core.problem import Refused
from actionstudio.core.prompting import Case, Matcher, Turn, Wanted
from actionstudio.core.prompting.formats import MOST, WRITERS, Row, read, sniffed, write

ROWS = [
    Row(
        "Milk",
        Case(
            (Turn("Add milk, please"),),
            (Wanted("addTodo", {"title": Matcher("contains", "milk"), "n": Matcher("near", 2, 0.5)}),),
            consent=True,
            never=("wipe", "drop"),
        ),
        note="by hand",
    ),
    Row(
        "Both",
        Case((Turn("Hi"), Turn("Yes?", "assistant"), Turn("=Do both")), (Wanted("a"), Wanted("b")), ordered=True),
    ),
    Row(
        "Odd",
        Case(
            (Turn("[1, 2]"),),
            (Wanted("add", {"text": Matcher("equals", "a\u2028b\nc", exact=True), "n": Matcher("any-of", [1, ""])}),),
            "indirect",
            others=True,
            closed=True,
        ),
        note="'=SUM(A1)",
    ),
    Row("Joke", Case((Turn("=1+1"),), (), "negative", "zh-Hans"), enabled=False),
]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "promptfoo"])
def test_what_is_written_is_read_again(kind):
    text = write(ROWS, kind)
    again = read(text)
    assert [row.case for row in again] == [row.case for row in ROWS]
    assert [(row.name, row.enabled, row.note) for row in again] == [(row.name, row.enabled, row.note) for row in ROWS]
    assert write(again, kind) == text and read(text.replace("\r\n", "\n").replace("\n", "\r\n")) == again


def test_no_cell_is_a_formula_to_a_spreadsheet():
    rows = list(csv.reader(io.StringIO(write(ROWS, "csv"))))
    assert rows[4][1] == "'=1+1"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_table_that_a_person_types_needs_three_columns():
    found = read('prompt,operation,arguments\nAdd milk,addTodo,"{""title"": ""milk""}"\nTell me a joke,,\n')
    assert [row.case.kind for row in found] == ["direct", "negative"]
    assert found[0].case.calls == (Wanted("addTodo", {"title": Matcher("equals", "milk")}),)


def test_lines_of_bfcl_are_closed_cases_with_accepted_values():
    line = {
        "id": "simple_0",
        "question": [[{"role": "system", "content": "x"}, {"role": "user", "content": "Area of a triangle?"}]],
        "ground_truth": [{"triangle_area": {"base": [10], "unit": ["units", ""]}}],
    }
    (row,) = read(json.dumps(line))
    assert row.name == "simple_0" and row.case.closed
    assert row.case.turns == (Turn("Area of a triangle?"),)
    assert row.case.calls == (
        Wanted("triangle_area", {"base": Matcher("any-of", [10]), "unit": Matcher("any-of", ["units", ""])}),
    )
    apart = [{key: line[key] for key in ("id", "question")}, {key: line[key] for key in ("id", "ground_truth")}]
    assert read("\n".join(map(json.dumps, apart))) == [row], "questions and answers in two files, one after the other"
    assert json.loads(write([row], "bfcl"))["ground_truth"] == line["ground_truth"]


def test_tests_of_promptfoo_that_others_wrote_are_understood():
    tests = [
        {"description": "weather", "vars": {"city": "x", "message": "Rain in Oslo?"}, "assert": [
            {"type": "python"}, {"type": "is-json", "value": {"name": "getWeather", "arguments": {"city": "Oslo"}}}]},
        {"vars": {"q": "Hello"}},
    ]  # fmt: skip
    found = read(json.dumps({"tests": tests}))
    assert [row.case.utterance for row in found] == ["Rain in Oslo?", "Hello"]
    assert found[0].case.calls == (Wanted("getWeather", {"city": Matcher("equals", "Oslo")}),)


def test_every_format_that_is_written_is_told_apart():
    assert {kind: sniffed(write(ROWS, kind)) for kind in WRITERS} == {kind: kind for kind in WRITERS}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is nothing in it"),
        ("nothing", "Begin with a line that names the columns"),
        ("prompt,colour\nx,y", "There are: name, prompt"),
        ("prompt,operation\n", "no case in this file"),
        ('prompt,arguments\n"x,y', "This is not CSV"),
        (
            "prompt,operation,arguments\nx,addTodo,{",
            r'Line 2, arguments: Write a JSON object, such as {"title": "milk"}\.',
        ),
        ("prompt,calls\nx,{}", r"Line 2, calls: Write a list as JSON, such as \[{"),
        ("prompt,operation\n ,addTodo", "Line 2, prompt: This turn says nothing"),
        ('prompt,operation,arguments\nx,,{"n": 1}'.replace('{"n": 1}', '"{""n"": 1}"'), "Line 2, operation: Name the"),
        ('{"turns": [""]}', r"Line 1, turns\[0\]: This turn says nothing"),
        ("prompt,consent\nx,perhaps", "Line 2, consent: Write yes or no"),
        ("prompt,kind\nx,odd", "Line 2, kind: There is no such kind"),
        ("prompt\n,", "no case in this file"),
        ('{"turns": ["x"]}\n[1]', "Line 2: A line is one JSON object"),
        ('{"turns": ["x"], "wrong": 1}', "Line 1, wrong: There is no such field"),
        (
            '{"turns": ["x"], "calls": [{"operation": "a", "arguments": {"t": {"op": "regex", "value": "("}}}]}',
            "Line 1",
        ),
        ("[1]", "Line 1: A test is a JSON object"),
        ('{"tests": 1}', "no JSON with a list of tests"),
        ("prompt\n" + "x\n" * (MOST + 1), "at most 500 cases"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text, words):
    with pytest.raises(Refused, match=words):
        read(text)


def test_all_that_is_wrong_in_a_line_is_told_at_once():
    with pytest.raises(Refused) as refused:
        read("prompt,arguments,consent,kind\n,{,perhaps,odd")
    said = [one.message.split(":")[0] for one in refused.value.problems]
    assert said == ["Line 2, arguments", "Line 2, consent", "Line 2, prompt", "Line 2, kind"]


def test_a_format_that_nobody_knows_is_refused():
    with pytest.raises(Refused, match="no such format"):
        read("prompt\nx", "xml")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_table_of_a_spreadsheet_whose_comma_is_the_decimal_sign_is_read(sign):
    lines = [["prompt", "operation", "arguments"], ["Add milk, please", "addTodo", '"{""title"": ""milk""}"']]
    found = read("\n".join(sign.join(line) for line in lines))
    assert found[0].case.turns == (Turn("Add milk, please"),)
    assert found[0].case.calls == (Wanted("addTodo", {"title": Matcher("equals", "milk")}),)


def test_an_empty_file_is_told_as_such():
    with pytest.raises(Refused) as refused:
        read(" \n")
    assert [one.code for one in refused.value.problems] == ["empty"]
