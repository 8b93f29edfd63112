"""No sentence and no expression of a document makes the scripted model take long: time grows with the text alone."""

import time
from dataclasses import replace

import pytest

from actionstudio.core.chatgpt.plugin import checks
from actionstudio.core.prompting import asking as wording
from actionstudio.core.scripted import clauses, denying, likely, parting, patterns, repeating, spans, talking, telling
from actionstudio.core.scripted.answering import answer
from actionstudio.core.scripted.said import HEARD
from actionstudio.core.scripted.scripts import Script, matching
from tests.core.scripted import corpus
from tests.core.scripted.test_answering import Message

LONG = 100_000  # characters; what is quadratic takes minutes for them
TOOLS = corpus.tools("todo")


def quick(work) -> None:
    """In a second of this process: linear work takes some hundredths of it."""
    began = time.process_time()
    work()
    assert time.process_time() - began < 1


def run(unit: str, before: str = "", after: str = "\n!") -> str:
    return before + unit * (LONG // len(unit)) + after


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (clauses._MADE, run(" ", "add x", "=")),
        (clauses._MADE_KO, run("가")),
        (denying._MIND, run(" ", "a")),
        (denying._BOUNDARY, run(" ", "a")),
        (denying._BOUNDARY, run(",")),
        (denying._LEAD, run("so, ")),
        (denying._PASSIVE, run(" ", "must not", "x")),
        (denying._HANGUL, run("지 ")),
        (talking._WRITES, run("the ", "write ")),
        (likely._COMMAND, run("보여", "", " x")),
        (parting._THEN, run(" ", "a")),
        (repeating._ELLIPSIS, run(" ", "呢", "x")),
        (spans._QUOTED, run("“")),
        (spans._QUOTED, run(" ", "«")),
        (spans._QUOTED, run("《")),
        (spans._EMAIL, run("a")),
        (spans._HOST, run("a-")),
        (spans._HOST, run("a.", "", "1")),
        (spans._ORDINAL, run("1")),
        (spans._CJK_COUNT, run("一")),
        (spans._CODE, run("a1-", "", "é")),
        (telling._STATUS, run(" ", "status", "x")),
        (checks._MAIL, run(".", "a@", "@")),
        (wording._MORE, run(" and adds a")),
    ],
)  # fmt: skip
def test_an_expression_of_ours_takes_time_in_proportion_to_the_text(pattern, text):
    quick(lambda: sum(1 for _ in pattern.finditer(text)))


UNITS = [
    " ",
    "\n",
    "1",
    "1 ",
    "[",
    '{"a":',
    "[1,",
    "한",
    "을 ",
    "一",
    "5 한",
    "a",
    "a-",
    "“",
    "«",
    ".",
    "Ann ",
    "a: ",
    "$1 ",
    "do not delete it, ",
    "지 마 ",
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_sentence_is_answered_whatever_it_is_made_of(unit):
    text = f"add x{unit * (HEARD // len(unit))}=y"
    quick(lambda: answer((Message("user", text),), TOOLS, (), "en", corpus.TODAY))


@pytest.mark.parametrize("pattern", ["^(a|aa)+$", "(a+)+b", "^.*.*.*.*b$", "(?=a)(a|aa)+b"])
def test_a_documents_pattern_cannot_hold_the_model_up(pattern):
    text = "a" * HEARD
    quick(lambda: patterns.suits(pattern, text + "!"))
    quick(lambda: list(patterns.places(pattern, text + "!")))
    schema = {"type": "object", "required": ["todo"], "properties": {"todo": {"type": "string", "pattern": pattern}}}
    tools = [replace(one, parameters=schema) for one in TOOLS]
    quick(lambda: answer((Message("user", f"add {text}!"),), tools, (), "en", corpus.TODAY))


def test_a_scripts_expression_cannot_either():
    script = Script("regex", "(a|aa)+b.*.*.*c", "say", text="x")
    quick(lambda: matching([script], "a" * HEARD, 1))
    assert matching([replace(script, pattern=r"(\d+) (?P<what>MILK)")], "3 milk", 1)[1] == {
        "text": "3 milk", "1": "3", "2": "milk", "what": "milk", "0": "3 milk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^A-[0-9]{2}$", "order A-10, a-11 and A-123", ["A-10", "a-11"]),
        ("[0-9]{4}", "12345 1234-2345", ["1234", "2345"]),
        ("a|ab", "ab a", ["ab", "a"]),
        ("x*", "yy", []),
        ("^(?=a)a$", "a", []),  # looking around is not for sentences
        ("(", "a", []),
    ],
)
def test_what_keeps_a_pattern_is_found_where_nothing_touches_it(pattern, text, found):
    assert [text[a:b] for a, b in patterns.places(pattern, text)] == found


def test_values_are_found_as_before():
    found = {(one.kind, one.value) for one in spans.spans("« du lait » “a b” x-y.example.com me+1@a-b.example.org", [])}
    assert {("quoted", "du lait"), ("quoted", "a b"), ("host", "x-y.example.com")} <= found
    assert ("email", "me+1@a-b.example.org") in found
    assert checks._MAIL.fullmatch("a@b.c")
    assert not any(checks._MAIL.fullmatch(one) for one in ("a@b", "a@.b", "a@b.", "a b@c.d"))
