"""Where a finding is, in words."""

import pytest

from actionstudio.core.lint.look import place_of


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("", "The document"),
        ("/components/schemas", "The document"),
        ("/components/schemas/Pet/properties/id", "Schema Pet"),
        ("/paths", "The document"),
        ("/paths/~1todos", "The document"),
        ("/paths/~1todos/parameters/0", "/todos"),
        ("/paths/~1todos/get", "GET /todos"),
        ("/paths/~1todos/get/responses", "GET /todos"),
        ("/paths/~1todos/get/responses/200/content", "GET /todos, answer 200"),
    ],
)
def test_a_pointer_has_words_however_short_it_is(pointer, words):
    assert str(place_of(pointer)) == words
