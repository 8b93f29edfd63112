"""Every document is known for what it is, by one reader."""

import pytest

from actionstudio.core.specs.readers import READERS, detected

KNOWN = {
    "openapi": {"openapi": "3.1.0"},
    "swagger2": {"swagger": "2.0"},
    "har": {"log": {"entries": []}},
    "postman": {"info": {"name": "x"}, "item": []},
    "ai-plugin": {"schema_version": "v1", "api": {}},
    "curl": "curl https://a.example",
    "json-sample": {"id": 1},
}


@pytest.mark.parametrize(("key", "source"), KNOWN.items())
def test_one_reader_knows_it(key, source):
    assert detected(source) == key


def test_the_table_is_whole():
    assert set(READERS) == set(KNOWN)


@pytest.mark.parametrize(
    "source",
    [
        None,
        5,
        "text",
        "",
        [],
        {},
        {"asyncapi": "3"},
        {"$schema": "x"},
        {"paths": {}},
        {"type": "object", "properties": {}},
    ],
)
def test_what_nobody_reads_is_known_to_nobody(source):
    assert detected(source) == ""
