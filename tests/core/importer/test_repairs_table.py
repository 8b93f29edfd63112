"""The list of repairs in docs/chatgpt-rules.md is the list of repairs."""

import re
from pathlib import Path

from actionstudio.core.importer.profile import REPAIRS

RULES = Path(__file__).parents[3] / "docs" / "chatgpt-rules.md"


def test_every_repair_stands_in_the_documentation_with_what_it_is():
    table = RULES.read_text().partition("## What mends them")[2]
    told = {}
    for names, _rules, said in re.findall(r"^\| ([a-z, -]+) \| ([^|]*) \| ?([^|]*)\|$", table, re.M):
        told |= {name: said for name in names.split(", ") if name != "repair"}
    assert told.keys() == REPAIRS.keys()
    for code, one in REPAIRS.items():
        assert ("always" in told[code], "shape" in told[code]) == (one.always, one.shapes)
