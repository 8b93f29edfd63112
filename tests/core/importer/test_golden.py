"""Every message that ChatGPT's editor is known to say comes from a readable document, as it is written."""

import re
from pathlib import Path

import pytest

from actionstudio.core.importer.message import LEVELS
from tests.core.importer import golden

RULES = Path(__file__).resolve().parents[3] / "docs" / "chatgpt-rules.md"
FAMILIES = ("DOC", "SRV", "DOM", "PUB", "SAVE", "OP", "PAR", "SCH", "SEC", "EXT")  # those of an import
LONG = "DOC-08"  # a million characters are no reading; test_simulate.py has it


def rows():
    """Rule of an import -> (level, ChatGPT's words) of the tables in docs/chatgpt-rules.md."""
    found = {}
    for line in RULES.read_text().splitlines():
        if re.match(rf"\| ({'|'.join(FAMILIES)})-\d\d[a-z]? \|", line):
            rule, _, level, words, _ = (cell.strip() for cell in line.split("|")[1:-1])
            texts = re.findall(r"``(.+?) ``|`([^`]+)`", words)
            found[rule] = level, [one or other for one, other in texts]
    return found


def lines():
    """(silent, level, rule, text) of every message of the golden documents."""
    for path in golden.FILES:
        for line in golden.read(path).messages.splitlines():
            level, rule, text = line.split(" | ", 2)
            yield level.startswith("silent "), level.removeprefix("silent "), rule, text


@pytest.mark.parametrize("path", golden.FILES, ids=lambda path: path.stem)
def test_the_editor_says_what_is_written(path):
    case = golden.read(path)
    result = case.run()
    assert golden.messages(result) == case.messages
    assert golden.operations(result) == case.operations


def test_every_known_message_has_its_document():
    said = [(rule, text) for silent, _, rule, text in lines() if not silent]
    wanted = [(rule, text) for rule, (_, texts) in rows().items() for text in texts]
    assert len(wanted) > 30
    missing = [(rule, text) for rule, text in wanted if not any(text in words and by == rule for by, words in said)]
    assert not missing


def test_every_rule_that_has_a_level_has_its_document():
    wanted = {rule for rule, (level, _) in rows().items() if level}
    assert wanted - {rule for _, _, rule, _ in lines()} == {LONG}


def test_the_table_names_every_rule_and_level():
    table = rows()
    wrong = {
        (rule, level)
        for _, level, rule, _ in lines()
        if level not in LEVELS or rule not in table or level not in table[rule][0]
    }
    assert not wrong


def test_the_editors_own_words_are_never_said_silently():
    known = [text for _, texts in rows().values() for text in texts]
    assert not [text for silent, _, _, text in lines() if silent and any(words in text for words in known)]
