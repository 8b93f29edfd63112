"""Before anything is bound the builder sees what would be answered, or why rows cannot be shown."""

import dataclasses

from actionstudio.core.collections import binding
from actionstudio.core.collections.fields import MISSING
from actionstudio.core.collections.preview import preview
from actionstudio.core.schemas.validate import compile_validator
from tests.core.collections.documents import PET, answers, document, op, pets

PAGE = {
    "type": "object",
    "required": ["pets", "total", "source"],
    "properties": {
        "pets": {"type": "array", "items": PET},
        "total": {"type": "integer"},
        "source": {"type": "string"},
        "note": {"type": "string"},
    },
}


def shown(contract, path="/pets", most=None):
    bound = binding.bind(contract, path)
    return {
        f"{one.method} {one.path}": preview(contract, op_, one.behaviour, bound.collection, most)
        for one in bound.bound
        for op_ in contract.operations
        if (op_.method, op_.path) == (one.method, one.path)
    }


def test_the_answers_of_a_whole_set():
    contract = pets(PAGE)
    found = shown(contract)
    page = found["GET /pets"].value
    assert (len(page["pets"]), page["total"]) == (3, 3)
    assert set(page) == {"pets", "total", "source"}
    assert compile_validator(PAGE, contract.schemas()).ok(page)
    assert found["GET /pets/{petId}"].value == page["pets"][0]
    assert found["DELETE /pets/{petId}"].value is MISSING


def test_a_few_rows_will_do():
    assert len(shown(pets(), most=1)["GET /pets"].value) == 1


def test_why_no_rows_can_be_shown():
    told = answers({"type": "object", "properties": {"ok": {"type": "boolean"}}})
    contract = dataclasses.replace(pets(), operations=(op("GET", "/pets", told), *pets().operations[1:]))
    found = shown(contract)["GET /pets"]
    assert (found.value, found.layout.why) == (MISSING, "the answer's schema has no list")


def test_an_example_lends_what_nothing_is_known_of():
    listed = answers(PAGE, one={"pets": [{"id": 1, "name": "A"}], "total": 9, "source": "shelter"})
    contract = document(op("GET", "/pets", listed), op("GET", "/pets/{petId}", answers(PET)))
    assert shown(contract)["GET /pets"].value == {"pets": [{"id": 1, "name": "A"}], "total": 1, "source": "shelter"}
