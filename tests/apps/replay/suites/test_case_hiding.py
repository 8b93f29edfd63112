"""Hiding in the past hides what a case says, and leaves its variables where they stand."""

import json

import pytest

from actionstudio.apps.replay import rehiding
from actionstudio.apps.replay.models import Case
from actionstudio.apps.replay.suites import saving
from actionstudio.core import filling
from actionstudio.core.hiding import Masks, Rule
from actionstudio.core.hiding.marks import Variables, has_variable
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(ann):
    """Keeps a case as it is given, and reads it again after hiding."""
    suite = saving.create(make.project("shop", ann), "Orders", ann)

    def hide(masks=frozenset(), **fields) -> tuple[int, Case]:
        case = Case.objects.create(suite=suite, name="one", method="POST", position=1, **{"path": "/items", **fields})
        changed = rehiding.again(suite.project, masks)
        case.refresh_from_db()
        return changed, case

    return hide


BODY = b'{"secret":"{{secret}}","n":{{ n }},"list":["{{a}}"]}'


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": [["authorization", "Bearer {{authorization}}"], ["x-api-key", "{{ key }}"]]},
        {"headers": [["cookie", "sid={{sid}}; lang={{lang}}"], ["authorization", "Basic {{user}}:{{password}}"]]},
        {"query": "token={{token}}&n={{n}}", "path": "/items/{{part}}"},
        {"body": b'{"secret":"{{secret}}","token":["{{a}}","{{b}}"]}'},
        {"body": BODY},
        {"body": b"token={{t}}&password={{p}}", "headers": [["content-type", "application/x-www-form-urlencoded"]]},
        {"body": b"authorization: bearer {{t}}\npassword = {{p}}", "headers": [["content-type", "text/plain"]]},
    ],
)
def test_variables_stay_whatever_the_name_they_stand_under(kept, fields):
    changed, case = kept(**fields)
    assert not changed
    for name, value in fields.items():
        assert getattr(case, name) == value


def test_what_stands_beside_a_variable_is_hidden_all_the_same(kept):
    changed, case = kept(
        headers=[["content-type", "application/json"], ["x-api-key", "abc-{{id}}-0123456789xyz"]],
        body=json.dumps({"password": "hunter2", "secret": "{{secret}}", "token": "pre{{t}}"}).encode(),
    )
    assert changed == 1
    assert case.headers[1][1] == "•••• (4 characters){{id}}•••• (14 characters)"
    assert json.loads(bytes(case.body)) == {
        "password": "•••• (hidden)",
        "secret": "{{secret}}",
        "token": "•••• (3 characters){{t}}",
    }


@pytest.mark.parametrize("rule", [Rule("path", "$.who"), Rule("path", "$..name"), Rule("pattern", "r[a-z]+|[{ }]+")])
def test_rules_leave_variables_alone_too(kept, rule):
    changed, case = kept(Masks((), [rule]), body=b'{"who":{"name":"{{ name }}","age":"{{age}}","city":"rome"}}')
    told = bytes(case.body).decode()
    assert "{{ name }}" in told and "{{age}}" in told
    assert ("rome" in told) == (rule.text == "$..name")
    assert changed == (rule.text != "$..name")


def test_thousands_of_variables_come_back_in_their_places():
    variables = Variables(filling.PLACE)
    text = " ".join(f"{{{{v{n}}}}}" for n in range(7_000))
    assert has_variable(variables.out(text)) and "{{" not in variables.out(text)
    assert variables.back(variables.out(text)) == text and variables.back("plain") == "plain"
