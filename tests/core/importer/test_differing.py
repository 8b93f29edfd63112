"""What a new copy of a document changes is told by operation."""

import copy

from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.differing import Difference, differences

GET = {
    "operationId": "listPets",
    "parameters": [{"name": "kind", "in": "query", "schema": {"type": "string"}}],
    "responses": {"200": {"description": "OK"}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": GET}},
}


def told(change) -> list[Difference]:
    other = copy.deepcopy(DOCUMENT)
    change(other)
    return differences(simulate_document(DOCUMENT), simulate_document(other))


def test_the_same_document_differs_in_nothing():
    assert told(lambda document: document["info"].update(title="Animals")) == []


def test_each_part_is_named():
    get = lambda document: document["paths"]["/pets"]["get"]  # noqa: E731
    cases = {
        "words": lambda one: get(one).update(summary="All pets"),
        "arguments": lambda one: get(one)["parameters"][0].update(required=True),
        "answer": lambda one: get(one)["responses"].update({"200": {"description": "Pets"}}),
        "consent": lambda one: get(one).update({"x-openai-isConsequential": True}),
        "place": lambda one: one["servers"][0].update(url="https://pets.example.com/v2"),
    }
    assert {part: [found.parts for found in told(change)] for part, change in cases.items()} == {
        part: [(part,)] for part in cases
    }


def test_operations_come_and_go():
    def renamed(document):
        document["paths"]["/pets"]["get"]["operationId"] = "allPets"

    assert told(renamed) == [Difference("added", "allPets"), Difference("removed", "listPets")]
