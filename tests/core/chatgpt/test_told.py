"""What the model is told of an answer, in either mode."""

import pytest

from actionstudio.core.chatgpt.told import answer, failure, refused
from actionstudio.core.sendable import Refusal


@pytest.mark.parametrize(("status", "body", "mode", "text", "code"), [
    (200, b'{"a": 1}', "reported", '{"a": 1}', ""),
    (204, b"", "reported", "", ""),
    (404, b'{"why": "gone"}', "reported", "ClientResponseError", "status"),
    (404, b'{"why": "gone"}', "lenient", '{"why": "gone"}', "status"),
    (500, b"", "lenient", "ClientResponseError", "status"),
    (302, b"moved", "reported", "ClientResponseError", "redirect"),
    (302, b"moved", "lenient", "moved", "redirect"),
    (200, b"x" * 99_999, "reported", "x" * 99_999, ""),
    (200, b"x" * 100_000, "reported", "ResponseTooLarge", "too-large"),
    (200, b"x" * 100_000, "lenient", "ResponseTooLarge", "too-large"),
    (200, "ü".encode() * 99_999, "reported", "ü" * 99_999, ""),  # characters are counted, not bytes
    (500, b"x" * 100_000, "reported", "ClientResponseError", "status"),
    (500, b"x" * 100_000, "lenient", "ResponseTooLarge", "status"),
    (200, b"\xff\x00", "reported", "\ufffd\x00", ""),
])  # fmt: skip
def test_the_model_is_told_the_answer_or_the_name_of_an_error(status, body, mode, text, code):
    found = answer(status, body, mode)
    assert (found.text, found.code) == (text, code)


def test_without_an_answer_it_is_told_the_name_of_the_error():
    assert (failure().text, failure().code) == ("ClientResponseError", "failed")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("UnrecognizedKwargsError: env", "UnrecognizedKwargsError: env"),
        ("ApiSyntaxError: Could not parse", "ApiSyntaxError: Could not parse"),
        ("The path /a/{id} needs a value for id.", "The call was not made: The path /a/{id} needs a value for id."),
        ("In path /a, method get is skipped", "The call was not made: In path /a, method get is skipped"),
    ],
)
def test_a_refusal_never_looks_like_an_answer(message, text):
    assert refused(Refusal("unfillable", message, "")) == text
