"""What docs/mocking.md says of asking a list is what happens."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from actionstudio.core.collections import query
from actionstudio.core.collections.asking import Asking
from actionstudio.core.collections.filters import OPERATORS
from actionstudio.core.collections.roles import FIXED, Row

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "mocking.md").read_text()
CHAPTER = DOCS[DOCS.index("## Collections") : DOCS.index("## Templates")]
ROWS = json.loads(re.search(r"`(\[\{\"id\": 1.*?\}\])`", CHAPTER, re.DOTALL)[1])
ASKED = re.findall(r"^\| `([^` ]*=[^` ]*)` \| .* \| ([0-9, ]+) \|$", CHAPTER, re.MULTILINE)


@pytest.mark.parametrize(("asked", "ids"), ASKED)
def test_a_question_of_the_docs_gets_the_rows_they_say(asked, ids):
    asking = Asking((), Row(None, {}), {}, frozenset())
    found, problems = asking.read(parse_qsl(asked))
    assert problems == []
    assert ", ".join(str(row["id"]) for row in query.ask(found, ROWS).rows) == ids


def test_every_row_of_the_table_is_tried():
    assert len(ASKED) == 9


def test_every_name_stands_in_the_docs():
    assert not [name for name in (*FIXED, *(f"_{one}" for one in OPERATORS)) if name not in CHAPTER]
