"""Ids: a given one is kept, a new one is the highest number and one, the next of a series, or a UUID."""

import pytest

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.ids import Ids, key_of, keyed

UUID = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("row", "field", "key"),
    [
        ({"id": 7}, "id", "7"),
        ({"id": "7"}, "id", "7"),
        ({"id": 7.0}, "id", "7"),
        ({"data": {"id": "x"}}, "data.id", "x"),
        ({"data.id": "y", "data": {"id": "x"}}, "data.id", "y"),
        ({"id": None}, "id", None),
        ({"id": True}, "id", None),
        ({"id": 1.5}, "id", None),
        ({"id": ""}, "id", None),
        ({"id": "x" * 201}, "id", None),
        ({"id": "a\0b"}, "id", None),
        ({"id": {}}, "id", None),
        ({}, "id", None),
        ("text", "id", None),
        ({"id": 1}, "", None),
    ],
)
def test_the_key_of_a_row(row, field, key):
    assert key_of(row, field) == key


@pytest.mark.parametrize(
    ("kind", "schema", "keys", "key", "value"),
    [
        ("integer", {"type": "integer"}, [], "1", 1),
        ("integer", {"type": "integer"}, ["3", "10", "9"], "11", 11),
        ("integer", {"type": "string"}, ["3"], "4", "4"),
        ("integer", None, ["-4", "x"], "1", 1),
        ("uuid", {"type": "string", "format": "uuid"}, ["a"], UUID, UUID),
        ("uuid", None, ["1", "2"], UUID, UUID),
        ("text", {"type": "string"}, ["1", "2"], "3", "3"),
        ("text", {"type": "string"}, ["T-729", "T-731", "other"], "T-732", "T-732"),
        ("text", {"type": "string", "pattern": "^A-[0-9]{5}$"}, ["A-00009"], "A-00010", "A-00010"),
        ("text", {"type": "string"}, ["red", "blue"], UUID, UUID),
        ("uuid", {"type": "string", "pattern": "^only$"}, [], "only", "only"),
    ],
)
def test_a_new_id(kind, schema, keys, key, value):
    row = None if schema is None else {"type": "object", "properties": {"id": schema}}
    ids = Ids(Collection("rows", row, "id", kind), {})
    assert ids.new(dict.fromkeys(keys), lambda: UUID) == (key, value)


def test_rows_that_have_no_ids_are_numbered():
    plain = Collection("todos", {"type": "string"}, id_field="")
    assert keyed(plain, ["a", "b"]) == {"1": "a", "2": "b"}
    assert Ids(plain, {}).new({"1": "a", "5": "b"}, lambda: UUID) == ("6", "6")


def test_a_list_begins_with_an_id_for_every_row_and_the_same_each_time():
    collection = Collection("pets", None, "id", "uuid")
    rows = [{"id": "a"}, {"name": "x"}, {"id": "a", "name": "again"}]
    made = keyed(collection, rows)
    assert list(made)[0] == "a"
    assert len(made) == 3
    assert all(row["id"] == key for key, row in made.items())
    assert keyed(collection, rows) == made
