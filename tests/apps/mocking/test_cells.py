"""Rows as cells: what a value looks like, and what a cell's text means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.apps.mocking import cells
from actionstudio.apps.mocking.cells import ABSENT, Column
from actionstudio.core.problem import Refused

PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "price": {"type": ["number", "null"]},
        "good": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "tags": {"type": "array"},
        "id": {"type": "integer"},
    },
}


def test_the_columns_are_the_id_the_schemas_fields_and_what_rows_have_beside_them():
    shown = cells.columns({"$ref": "#/components/schemas/Pet"}, {"Pet": PET}, [{"note": "x"}])
    assert [column.name for column in shown] == ["id", "name", "age", "price", "good", "kind", "tags", "note"]
    assert [column.kind for column in shown] == [
        "integer", "text", "integer", "number", "boolean", "choice", "json", "text",
    ]  # fmt: skip
    assert (shown[0].fixed, shown[1].required, shown[3].nullable, shown[5].choices) == (
        True,
        True,
        True,
        ("cat", "dog"),
    )


def test_fields_of_the_parts_of_a_schema_are_columns_too():
    schema = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"owner": {"type": "string"}}}]}
    assert [column.name for column in cells.columns(schema, {"Pet": PET}, [])][-1] == "owner"


def test_rows_that_are_texts_have_one_column():
    (column,) = cells.columns({"type": "string"}, {}, ["milk"], "")
    assert (column.name, column.kind) == ("", "text")
    assert cells.cells("milk", [column])[0].text == "milk"
    assert cells.row_of({"": "bread"}, [column], "milk") == "bread"
    with pytest.raises(Refused, match="delete it"):
        cells.row_of({"": ""}, [column])


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "7", "7"),
        ("text", "", ABSENT),
        ("integer", "7", 7),
        ("integer", " 7 ", 7),
        ("number", "0.5", 0.5),
        ("boolean", "true", True),
        ("boolean", "no", False),
        ("json", '["a", 1]', ["a", 1]),
        ("json", "", ABSENT),
        ("choice", "", ABSENT),
    ],
)
def test_what_a_text_means(kind, text, value):
    assert cells.value_of(text, Column("x", kind)) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "seven"), ("integer", "0.5"), ("integer", "true"), ("number", "true"), ("number", "NaN"),
     ("boolean", "maybe"), ("json", "{a: 1}"), ("json", "Infinity")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_cell(kind, text):
    with pytest.raises(Refused) as refused:
        cells.row_of({"x": text, "y": "fine"}, [Column("x", kind), Column("y", "text")])
    assert [problem.pointer for problem in refused.value.problems] == ["/x"]


def test_a_text_may_be_emptied_but_a_missing_one_stays_missing():
    column = [Column("x", "text")]
    assert cells.row_of({"x": ""}, column, {"x": "a"}) == {"x": ""}
    assert cells.row_of({"x": ""}, column, {"y": 1}) == {"y": 1}


def test_null_is_written_null_where_it_is_allowed():
    column = Column("x", "text", nullable=True)
    assert cells.value_of("null", column) is None
    assert cells.value_of("null", Column("x", "text")) == "null"
    assert cells.text_of(None, column) == "null"


def test_what_no_column_shows_stays():
    assert cells.row_of({"a": "2"}, [Column("a", "integer")], {"a": 1, "deep": {"b": 1}}) == {"a": 2, "deep": {"b": 1}}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.sampled_from(["text", "integer", "number", "boolean", "choice", "json"]))
def test_a_cell_that_nobody_touches_means_what_it_did(value, kind):
    column = Column("x", kind)
    assert cells.value_of(cells.text_of(value, column), column, value) is value
