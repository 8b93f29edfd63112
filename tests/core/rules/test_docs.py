"""What docs/mocking.md says of rules is what happens."""

import json
import re
from pathlib import Path

import pytest

from actionstudio.core import codec
from actionstudio.core.behaviour import OPERATORS, RULE_MODES, TARGETS, Condition, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.rules import Compiled, Facts, problems

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "mocking.md").read_text()
CHAPTER = DOCS[DOCS.index("## Rules") : DOCS.index("## Collections")]
METHOD, PATH, QUERY = re.search(r"call `([A-Z]+) ([^?`]+)\?([^`]*)`", CHAPTER).groups()
BODY = re.search(r"with the body\s+`(\{.*?\})`", CHAPTER, re.DOTALL)[1]
ROWS = re.findall(r"^\| `(\{.*\})` \| (yes|no) \|$", CHAPTER, re.MULTILINE)


@pytest.mark.parametrize(("text", "holds"), ROWS)
def test_a_condition_of_the_docs_holds_as_they_say(text, holds):
    rules = Rules((Rule((codec.value_of(Condition, json.loads(text.replace("\\|", "|"))),)),))
    call = Call(METHOD, PATH, QUERY, (("content-type", "application/json"),), BODY.encode())
    assert problems(rules) == []
    decision = Compiled(rules).decide(Facts(call, {"petId": PATH.rpartition("/")[2]}), len, float)
    assert (decision.matched == 0) is (holds == "yes")


def test_every_row_of_the_table_is_tried():
    assert len(ROWS) == 15


def test_every_target_operator_and_mode_stands_in_the_docs():
    assert not [name for name in (*TARGETS, *OPERATORS, *RULE_MODES) if f"`{name}`" not in CHAPTER]
