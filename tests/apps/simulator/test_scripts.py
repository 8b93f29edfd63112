"""The scripts of a project: the page, their order, and that the scripted model follows them."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import load
from actionstudio.apps.library import bundle, creating, importing
from actionstudio.apps.simulator import scripting
from actionstudio.apps.simulator.models import Script
from actionstudio.apps.simulator.providers.provider import Prompt, ProviderError, Said, Tool
from actionstudio.apps.simulator.providers.scripted import Scripted
from actionstudio.core.problem import Refused
from tests import make

TOOL = Tool(
    "getItems", "Answers with all items.", {"type": "object", "properties": {"q": {"type": "string"}}}, "getItems"
)


@pytest.fixture
def project(ann):
    return make.project("items", ann)


def _form(**fields) -> dict:
    return {
        "when": "contains",
        "pattern": "the plan",
        "then": "call",
        "operation": "getItems",
        "enabled": "on",
    } | fields


def _packed(project, **changed) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle.pack(project, load.contract(project)))) as file:
        about = json.loads(file.read("project.json")) | changed
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("project.json", json.dumps(about))
    return out.getvalue()


def test_scripts_come_along_in_the_projects_file_and_its_copies(ann, project):
    first = {"pattern": r"(\d+) milk", "when": "regex", "operation": "getItems", "arguments": '{"q": "{{1}}"}'}
    second = {"pattern": "2", "when": "turn", "then": "say", "text": "Ho\n", "name": "ho", "enabled": False}
    for fields in (first, second):
        scripting.keep(Script(project=project, **fields))
    scripting.earlier(Script.objects.get(name="ho"))
    wishes = {"name": "", "slug": "again", "url": ""}
    made, _report = importing.create(ann, (bundle.unpack(_packed(project)), {"format": "project"}), wishes)
    copy = creating.duplicate(project, load.contract(project), ann, "Copy")
    assert [one["pattern"] for one in scripting.plain(made)] == ["2", r"(\d+) milk"]
    assert scripting.plain(made) == scripting.plain(copy) == scripting.plain(project)
    assert json.loads(_reply(made, "3 milk").wishes[0].arguments) == {"q": 3}


def test_a_file_of_a_project_without_scripts_says_nothing_of_them(project):
    assert b'"scripts"' not in _packed(project)


GOOD = {"when": "contains", "pattern": "x", "then": "say", "text": "y"}


@pytest.mark.parametrize(
    ("scripts", "pointer"),
    [
        ({}, "/scripts"),
        ([GOOD] * 201, "/scripts"),
        ([GOOD, 1], "/scripts/1"),
        ([GOOD | {"more": 1}], "/scripts/0"),
        ([GOOD | {"pattern": 1}], "/scripts/0/pattern"),
        ([GOOD | {"pattern": "x" * 501}], "/scripts/0/pattern"),
        ([GOOD | {"when": "regex", "pattern": "(a"}], "/scripts/0/pattern"),
        ([GOOD | {"when": "later"}], "/scripts/0/when"),
        ([GOOD | {"enabled": "no"}], "/scripts/0/enabled"),
        ([GOOD | {"text": "a\0"}], "/scripts/0/text"),
        ([GOOD | {"then": "call"}], "/scripts/0/operation"),
    ],
)
def test_scripts_of_a_file_are_understood_or_refused(project, scripts, pointer):
    with pytest.raises(Refused) as refused:
        bundle.unpack(_packed(project, scripts=scripts))
    assert refused.value.problems[0].pointer == pointer


def _reply(project, text: str):
    *_, reply = Scripted(project).stream(Prompt("", (Said("user", text),), (TOOL,)))
    return reply


def test_a_script_is_made_on_the_page_and_followed(client, ann, project):
    client.force_login(ann)
    answer = client.post(reverse("simulator:scripts", args=["items"]), _form(arguments='{"q": "{{text}}"}'))

    assert answer.status_code in (302, 200, 204)
    (wish,) = _reply(project, "Follow the plan!").wishes
    assert json.loads(wish.arguments) == {"q": "Follow the plan!"}


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(client, ann, project):
    client.force_login(ann)
    answer = client.post(
        reverse("simulator:scripts", args=["items"]), _form(when="regex", pattern="(open", arguments="{not json")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "cannot be read" in page and "not JSON" in page and "(open" in page and "{not json" in page
    assert not Script.objects.exists()


def test_the_first_that_fits_is_followed_and_can_be_changed(client, ann, project):
    for text in ("one", "two"):
        scripting.keep(Script(project=project, pattern="hello", then="say", text=text))
    assert _reply(project, "Hello").text == "one"

    client.force_login(ann)
    client.post(reverse("simulator:script-earlier", args=["items", Script.objects.get(text="two").pk]))

    assert _reply(project, "Hello").text == "two"


def test_a_script_that_is_not_in_use_waits(project):
    scripting.keep(Script(project=project, pattern="hello", then="say", text="scripted", enabled=False))

    assert _reply(project, "Hello").text != "scripted"


def test_a_script_makes_the_model_fail(project):
    scripting.keep(Script(project=project, pattern="now", then="fail", text="The model is overloaded."))

    with pytest.raises(ProviderError, match="overloaded"):
        _reply(project, "Now, please")


def test_deleting_gives_the_sentence_back_to_the_rules(client, ann, project):
    row = scripting.keep(Script(project=project, pattern="items", then="say", text="scripted"))
    client.force_login(ann)
    client.post(reverse("simulator:script-delete", args=["items", row.pk]))

    assert _reply(project, "Show all items").wishes[0].name == "getItems"


def test_a_project_has_not_more_than_so_many(project, monkeypatch):
    monkeypatch.setattr(scripting, "MOST", 1)
    scripting.keep(Script(project=project, pattern="a", then="say", text="b"))

    with pytest.raises(Refused):
        scripting.keep(Script(project=project, pattern="c", then="say", text="d"))


def test_the_page_asks_the_database_the_same_for_two_scripts_and_for_twenty(client, ann, project):
    client.force_login(ann)
    asked = []
    for many in (2, 20):
        while project.scripts.count() < many:
            scripting.keep(Script(project=project, pattern="p", then="say", text="x"))
        client.get(reverse("simulator:scripts", args=["items"]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("simulator:scripts", args=["items"]))
        asked.append(len(queries))

    assert asked[0] == asked[1]
