"""Rows come from JSON and CSV, typed by the schema; what is wrong is told by line and column; and they go out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.files import read_rows, write_rows
from actionstudio.core.problem import Refused
from tests.core.collections.documents import PET_SCHEMA

ROW = {
    "type": "object",
    "required": ["id", "name", "made"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "price": {"type": "number"},
        "sold": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"type": "object", "properties": {"city": {"type": "string"}, "age": {"type": "integer"}}},
        "made": {"type": "string", "format": "date", "readOnly": True},
    },
}
PETS = Collection("pets", PET_SCHEMA)
THINGS = Collection("things", ROW)
TEXTS = Collection("todos", {"type": "string"}, id_field="")
ANYTHING = Collection("rows", None)


def refused(text, format, collection=PETS):
    with pytest.raises(Refused) as error:
        read_rows(text, format, collection, {})
    return [(problem.pointer, problem.message) for problem in error.value.problems]


def test_csv_is_typed_by_the_schema():
    text = 'id,name,price,sold,tags,owner.city,owner.age,made\n1,007,2.50,true,"[""a"",""b""]",Oslo,3,2026-01-01\n'
    (row,) = read_rows(text, "csv", THINGS, {})
    assert row == {
        "id": 1, "name": "007", "price": 2.5, "sold": True, "tags": ["a", "b"],
        "owner": {"city": "Oslo", "age": 3}, "made": "2026-01-01",
    }  # fmt: skip


def test_without_a_schema_numbers_and_words_are_what_they_look_like():
    text = "id,zip,ok,none,list,word\n5,0123,false,null,[1],x\n"
    assert read_rows(text, "csv", ANYTHING, {}) == [
        {"id": 5, "zip": "0123", "ok": False, "none": None, "list": [1], "word": "x"}
    ]


@pytest.mark.parametrize("text", ["id;name\r\n1;Mimi\r\n", "\ufeffid,name\n1,Mimi\n\n", "id\tname\n1\tMimi"])
def test_csv_as_spreadsheets_write_it(text):
    assert read_rows(text, "csv", PETS, {}) == [{"id": 1, "name": "Mimi"}]


def test_rows_without_an_id_get_one_that_nobody_has():
    rows = read_rows('[{"name":"a"},{"id":4,"name":"b"},{"name":"c"}]', "json", PETS, {}, taken=["9"])
    assert [row["id"] for row in rows] == [10, 4, 11]


def test_what_only_the_server_sets_is_made():
    (row,) = read_rows('[{"id":1,"name":"a"}]', "json", THINGS, {})
    assert row["made"].count("-") == 2
    assert read_rows('[{"id":1,"name":"a"}]', "json", THINGS, {}) == [row]


@pytest.mark.parametrize(
    "text",
    ['[{"id":1,"name":"Mimi"}]', '{"pets":[{"id":1,"name":"Mimi"}],"total":1}', '{"id":1,\n"name":"Mimi"}'],
)
def test_json_is_a_list_or_holds_one(text):
    if text.startswith('{"id"'):
        assert refused(text, "json") == [("/file", "The file must hold a list of rows, such as [{…}, {…}].")]
    else:
        assert read_rows(text, "json", PETS, {}) == [{"id": 1, "name": "Mimi"}]


def test_json_may_have_a_row_on_each_line():
    text = '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n'
    assert [row["id"] for row in read_rows(text, "json", PETS, {})] == [1, 2]
    assert refused(text + "{oops}\n", "json")[0][1].startswith("Line 3, column 2: ")


def test_lists_of_texts():
    assert read_rows('["a","b"]', "json", TEXTS, {}) == ["a", "b"]
    assert read_rows("value\na\n12\n", "csv", TEXTS, {}) == ["a", "12"]


@pytest.mark.parametrize(
    ("text", "format", "pointer", "words"),
    [
        ("", "csv", "/file", "The file is empty: its first line must name the fields."),
        ("id,name\n1\n", "csv", "/file", "Line 2 has 1 cells, the first line names 2 fields."),
        ("id,,name\n", "csv", "/file", "Line 1, column 2: the field has no name."),
        ("id,name,id\n", "csv", "/file", "Line 1, column 3: “id” is there twice."),
        ('id,name\n1,"open\n', "csv", "/file", "Line 2: unexpected end of data."),
        ("id,name\n1,a\n2,b\nx,c\n", "csv", "/2/id", "Line 4, id: "),
        ("id,name,age\n1,a,old\n", "csv", "/0/age", "Line 2, age: "),
        ("id,name\n1,a\n1,b\n", "csv", "/1", "Line 3: id 1 is there twice; Line 2 has it too."),
        ("name\na\n", "csv", None, None),
        ("[1,", "json", "/file", "Line 1, column 4: "),
        ('[\n{"id": 1,\n"name" "x"}]', "json", "/file", "Line 3, column 8: "),
        ('[{"id": NaN}]', "json", "/file", "NaN is no number in JSON"),
        ("[" * 100_000, "json", "/file", "The file is no JSON that can be kept"),
        ('[{"id":1},{"id":1.5,"name":"a"}]', "json", "/1", "Row 2: id must be a whole number"),
        ('[{"id":1,"name":"a"},{"id":"' + "x" * 201 + '","name":"a"}]', "json", "/1", "Row 2: id must be"),
        ('[{"id":1}]', "json", "/0/name", "Row 1, name: is required."),
        ('["a"]', "json", "/0", "Row 1: must be an object."),
        ('"text"', "json", "/file", "The file must hold a list of rows"),
        ("[" + ",".join(["{}"] * 10_001) + "]", "json", "/file", "The file has 10001 rows; 10000 are the most."),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(text, format, pointer, words):
    if pointer is None:
        assert read_rows(text, format, PETS, {})
        return
    problems = refused(text, format)
    found = [message for where, message in problems if where == pointer]
    assert found, problems
    assert words in found[0]


def test_at_most_twenty_problems_are_told():
    assert len(refused("[" + ",".join(["{}"] * 50) + "]", "json")) == 20


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@given(st.lists(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=3), max_size=5))
def test_json_brings_back_what_it_took(rows):
    numbered = [{**row, "id": number} for number, row in enumerate(rows)]
    assert read_rows(write_rows(numbered, "json", ANYTHING, {}), "json", ANYTHING, {}) == numbered


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=9)
THING = st.fixed_dictionaries(
    {"name": NAMES, "made": st.dates().map(str)},
    optional={
        "price": st.floats(-1e6, 1e6) | st.integers(-9, 9), "sold": st.booleans(), "tags": st.lists(NAMES, max_size=2),
        "owner": st.fixed_dictionaries({"city": NAMES}),
    },
)  # fmt: skip


@given(st.lists(THING, min_size=1, max_size=4))
def test_csv_brings_back_what_it_took_where_the_schema_says_the_types(rows):
    numbered = [{"id": number, **row} for number, row in enumerate(rows)]
    text = write_rows(numbered, "csv", THINGS, {})
    assert text.splitlines()[0].startswith("id,name")
    assert read_rows(text, "csv", THINGS, {}) == numbered


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_a_text_that_a_spreadsheet_would_run_is_written_as_text_and_comes_back(sign):
    row = {"id": -1, "name": f"{sign}HYPERLINK(1)", "made": "2026-01-01", "price": -2.5}
    text = write_rows([row], "csv", THINGS, {})
    assert f"'{sign}HYPERLINK" in text
    assert "-1," in text and "'-1" not in text
    assert read_rows(text, "csv", THINGS, {}) == [row]


def test_a_field_whose_name_a_spreadsheet_would_run_is_written_as_text_too():
    assert write_rows([{"=1+1": 1}], "csv", ANYTHING, {}).startswith("'=1+1")
