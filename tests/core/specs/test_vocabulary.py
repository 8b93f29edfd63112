"""The words that completion offers agree with what the readers know of a document."""

import re

from actionstudio.core.specs.grammar import GRAMMAR
from actionstudio.core.specs.vocabulary import KINDS, NAMES, names


def parts(value):
    return re.fullmatch(r"([\[{]?)([@=]?)([^:]*)(?::(.*))?", value, re.DOTALL).groups()


def test_every_kind_and_name_that_is_mentioned_exists():
    for fields in KINDS.values():
        for value in fields.values():
            _shape, mark, word, _keys = parts(value) if not value.lstrip("[{").startswith("=") else ("", "=", "", "")
            if mark == "@":
                assert word in NAMES
            elif mark == "":
                assert word == "" or word in KINDS


def test_the_grammar_of_the_readers_is_in_it():
    shapes = {"one": "", "list": "[", "map": "{", "map*": "{"}
    for kind, fields in GRAMMAR.items():
        for field, (shape, inner) in fields.items():
            if not field or field in ("query", "additionalOperations", "mediaTypes"):
                continue  # a callback's own map, and OpenAPI 3.2
            found = parts(KINDS[kind][field])
            assert (found[0], found[2]) == (shapes[shape], inner), (kind, field)


def test_names_of_a_document():
    document = {
        "tags": [{"name": "pets"}, "odd"],
        "paths": {"/a": {"get": {"operationId": "a"}, "post": {"operationId": 5}}, "/b": None},
        "components": {
            "schemas": {"Pet": {}},
            "securitySchemes": {
                "login": {"type": "oauth2", "flows": {"implicit": {"scopes": {"read": "", "write": ""}}}}
            },
        },
    }
    found = names(document)
    assert found["schemas"] == ["#/components/schemas/Pet"]
    assert found["operations"] == ["a"]
    assert found["tags"] == ["pets"]
    assert found["scopes"] == {"login": ["read", "write"]}
    assert set(found) == set(NAMES)
    assert names([])["schemas"] == []
