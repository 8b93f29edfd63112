"""What docs/mocking.md shows is what happens: its tables of templates, and its JSON forms."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from actionstudio.core.answering import around_of, behaviour_of
from actionstudio.core.behaviour import BEHAVIOUR_KINDS, Collection, Upstream
from actionstudio.core.contract import Example, Media, Response
from actionstudio.core.templating import Plain, compile
from actionstudio.core.templating.filters import FILTERS
from actionstudio.core.templating.made import MAKERS
from actionstudio.core.templating.run import ROOTS
from tests import make

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "mocking.md").read_text()
CHAPTER = DOCS[DOCS.index("## Templates") : DOCS.index("## Proxy")]
ROWS = re.findall(r"^\| (`.*`) \| (.*?) \| (`.*`) \|$", CHAPTER, re.MULTILINE)
FORMS = re.findall(r"^    \{\"(?:.*\n)(?:^     .*\n)*", DOCS[DOCS.index("## JSON forms") :], re.MULTILINE)


def scope(call: str) -> Plain:
    roots: dict = {"query": {}, "path": {}, "header": {}, "body": {}, "method": "GET"}
    for piece in re.findall(r"`([^`]*)`", call):
        if piece.startswith("{"):
            roots["body"] = json.loads(piece)
        elif piece.startswith("?"):
            roots["query"] = dict(parse_qsl(piece[1:]))
        elif piece.startswith("GET /pets/"):
            roots["path"] = {"id": piece.rpartition("/")[2]}
        elif ": " in piece:
            name, _, value = piece.partition(": ")
            roots["header"][name.lower()] = value
    return Plain(roots)


@pytest.mark.parametrize(("template", "call", "writes"), ROWS)
def test_a_template_of_the_docs_writes_what_they_say(template, call, writes):
    text = template.strip("`").replace("\\|", "|")
    as_json = text.startswith(('{"', "[{"))
    assert compile(text, json=as_json).render(scope(call)).text == writes[1:-1]


def test_every_row_of_the_tables_is_tried():
    assert len(ROWS) == CHAPTER.count("\n|") - 4 >= 16


def test_every_name_and_filter_of_the_language_stands_in_the_docs():
    assert not [
        name for name in (*ROOTS, *MAKERS, *FILTERS) if not re.search(rf"`{name}\b|\b{name}`|{name}\.", CHAPTER)
    ]


@pytest.mark.parametrize("text", FORMS)
def test_a_json_form_of_the_docs_is_accepted(text):
    content = (Media("application/json", None, (Example("dog", {"id": 1}),)),)
    responses = (Response("200", content=content), Response("201", content=content))
    operation = make.operation("GET", "/pets/{petId}", responses=responses, extra={"callbacks": {"orderPaid": {}}})
    contract = make.contract(operation, collections=(Collection("pets"),), upstreams=(Upstream("shop"),))
    data = json.loads(text)
    assert behaviour_of(data, contract, operation) if "kind" in data else around_of(data, contract, operation)


def test_every_kind_has_its_form():
    assert {json.loads(text).get("kind") for text in FORMS} == {*BEHAVIOUR_KINDS, None}
