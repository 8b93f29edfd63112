"""Documents are read in a process of their own, and what that process says comes through."""

import pytest

from actionstudio.core.problem import Refused
from actionstudio.core.specs import text
from actionstudio.runtime import parsing
from actionstudio.runtime.parsing import parse_safely


def refusal(data):
    with pytest.raises(Refused) as caught:
        parse_safely(data)
    return caught.value.problems[0]


def test_a_document_comes_through():
    assert parse_safely("a: [1, é]".encode()) == {"a": [1, "é"]}


def test_a_problem_comes_through():
    problem = refusal(b"a: 1\na: 2")
    assert (problem.code, problem.message[:16]) == ("duplicate-key", "Line 2, column 1")


def test_too_much_is_refused_without_reading():
    assert refusal(b" " * (text.LARGEST + 1)).code == "too-large"


def test_a_process_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(parsing, "_COMMAND", [parsing.sys.executable, "-c", "import os; os.abort()"])
    assert refusal(b"a: 1").code == "bomb"


def test_a_process_that_hangs_is_a_refusal(monkeypatch):
    monkeypatch.setattr(parsing, "_COMMAND", [parsing.sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(parsing, "SECONDS", 0.2)
    assert refusal(b"a: 1").code == "bomb"


def test_memory_is_limited(monkeypatch):
    greedy = f"from {text.__name__} import _limit; _limit(); print(len(bytearray({text.MEMORY})))"
    monkeypatch.setattr(parsing, "_COMMAND", [parsing.sys.executable, "-P", "-c", greedy])
    assert refusal(b"a: 1").code == "bomb"
