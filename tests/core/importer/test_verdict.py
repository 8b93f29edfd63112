"""What an import comes to, in one sentence; and which lines are one defect."""

import pytest

from actionstudio.core.importer import Import, ImportedOperation, Message
from actionstudio.core.importer.verdict import defects, verdict


def message(level: str = "drops-op", cause: str = "", text: str = "said", **fields) -> Message:
    return Message(text, level, "converter", "OP-02", cause=cause, **fields)


def operation(kept: bool = True, lost: tuple[str, ...] = ()) -> ImportedOperation:
    return ImportedOperation("getThings", "GET", "/things", "/paths/~1things/get", kept, lost)


@pytest.mark.parametrize(
    ("seen", "outcome", "sentence"),
    [
        (Import(operations=(operation(),)), "silent", "ChatGPT imports this in silence: 1 operation, no message."),
        (
            Import(operations=(operation(), operation())),
            "silent",
            "ChatGPT imports this in silence: 2 operations, no message.",
        ),
        (
            Import(messages=(message("degrades"),), operations=(operation(), operation())),
            "noisy",
            "All 2 operations arrive; the red lines do not stop them.",
        ),
        (
            Import(messages=(message(),), operations=(operation(), operation(kept=False))),
            "losing",
            "1 of 2 operations is lost.",
        ),
        (
            Import(messages=(message("drops-param"),), operations=(operation(lost=("X-Plan",)),)),
            "losing",
            "Every operation arrives, but 1 parameter does not.",
        ),
        (
            Import(operations=(operation(lost=("a", "b")), operation(kept=False), operation(kept=False))),
            "losing",
            "2 of 3 operations are lost, and 2 parameters of the others.",
        ),
        (
            Import(fatal=True, messages=(message("fatal"),), operations=(operation(),)),
            "refused",
            "ChatGPT refuses this document: no operation arrives.",
        ),
        (
            Import(operations=(operation(kept=False),)),
            "refused",
            "ChatGPT takes nothing: the only operation is dropped.",
        ),
        (Import(), "refused", "ChatGPT takes nothing: it finds no operation in this document."),
    ],
)
def test_the_outcome_is_one_sentence(seen, outcome, sentence):
    found = verdict(seen)
    assert (found.outcome, found.sentence) == (outcome, sentence)


def test_calls_that_are_all_refused_are_part_of_the_outcome():
    denied = Message("said", "degrades", "silent", "SEC-04")
    words = "Every call of 1 operation will be refused with 401: ChatGPT cannot send what it asks for."
    found = verdict(Import(operations=(operation(), operation()), silent=(denied,)))
    assert (found.outcome, found.denied, found.sentence) == ("losing", 1, words)
    found = verdict(Import(operations=(operation(), operation(False)), silent=(denied,)))
    assert found.sentence == f"1 of 2 operations is lost. {words}"


def test_lines_beyond_those_kept_are_counted_too():
    assert verdict(Import(messages=(message(), message()), more=40)).lines == 42


def test_nothing_of_a_refused_document_is_kept():
    found = verdict(Import(fatal=True, operations=(operation(), operation())))
    assert (found.kept, found.lost) == (0, 2)


def test_lines_of_one_cause_are_one_defect_and_the_worst_comes_first():
    lines = [
        message("degrades", "/a"),
        message("drops-op", "/b", "first", repair="", pointer="/1"),
        message("cosmetic"),
        message("fatal", "/b", "second", repair="mend", pointer="/2"),
        message("cosmetic"),
    ]
    found = defects(lines)
    assert [defect.level for defect in found] == ["fatal", "degrades", "cosmetic", "cosmetic"]
    assert [line.text for line in found[0].messages] == ["first", "second"]
    assert found[0].first.text == "second"
    assert (found[0].repair, found[0].places) == ("mend", ("/1", "/2"))


@pytest.mark.parametrize(("letter", "certain"), [("A", True), ("C", True), ("D", False), ("E", False)])
def test_one_report_and_our_conclusions_are_not_called_certain(letter, certain):
    assert defects([message(confidence=letter)])[0].certain is certain
