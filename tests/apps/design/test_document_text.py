"""The document as text: kept as typed, judged at its lines, saved as one revision, at the cost of nobody's save."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from actionstudio.apps.design import editing, load
from actionstudio.apps.design.views import writing as views
from actionstudio.core.behaviour import Examples
from actionstudio.core.contract import Component
from tests import make

URL = "/projects/items/spec/"
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}


@pytest.fixture
def project(db):
    operations = [make.operation("GET", f"/{name}", operation_id=name, summary=f"The {name}") for name in ("a", "b")]
    value = make.contract(*operations, components=(Component("Pet", SCHEMA),))
    return make.project("items", value=value)


class Tab:
    """One tab of the editor: posts as the script does, and knows what its page shows."""

    def __init__(self, client, user, tab="one"):
        client.force_login(user)
        self.client, self.tab, self.seq = client, tab, 0
        self.open()

    def open(self, query=""):
        self.html = self.client.get(URL + query).content.decode()
        self.fields = {
            name: re.search(rf'name="{name}" value="([^"]*)"', self.html)[1]
            for name in ("rev", "stamp", "saved", "format")
        }
        self.text = unescape(re.search(r"<textarea[^>]*>\n(.*)</textarea>", self.html, re.DOTALL)[1])
        return self

    def post(self, deed="", text=None, **extra):
        self.text = self.text if text is None else text
        self.seq += 1
        data = {**self.fields, "tab": self.tab, "seq": self.seq, "_op": deed, "text": self.text, **extra}
        self.answer = self.client.post(URL, data, headers={"accept": "application/json"})
        if self.answer.status_code == 204:
            return None
        found = self.answer.json()
        self.fields |= {name: str(found[name]) for name in ("rev", "stamp", "saved", "format")}
        self.text = found.get("text", self.text)
        return found

    def replaced(self, old, new):
        assert old in self.text
        return self.text.replace(old, new)


@pytest.fixture
def tab(client, project):
    return Tab(client, project.owner)


def lines(answer):
    return [(line["line"], line["sev"], line["msg"]) for line in answer["problems"]]


def test_the_text_is_the_whole_document_with_the_address_first(tab):
    assert tab.text.startswith('openapi: "3.1.0"')
    assert "http://items.live.localhost" in tab.text.partition("paths:")[0]
    assert "operationId: a" in tab.text


def test_a_text_that_nobody_changed_is_no_draft_and_no_revision(tab, project):
    assert tab.post()["unsaved"] is False
    assert tab.post("save")["toast"]["message"] == "Nothing had changed."
    assert project.revisions.count() == 1


def test_what_is_typed_is_kept_however_wrong_it_is_and_survives_a_reload(tab, project):
    wrong = tab.replaced("paths:", "paths: [")
    assert tab.post(text=wrong)["unsaved"] is True
    assert tab.open().text == wrong
    answer = tab.post("save")
    assert tab.answer.status_code == 422
    assert any("not valid YAML" in line["msg"] for line in answer["problems"])
    assert project.revisions.count() == 1
    assert tab.open().text == wrong


def test_saving_makes_one_revision_and_the_forms_show_it(tab, project, client):
    answer = tab.post("save", tab.replaced("summary: The a", "summary: All of a"))
    assert answer["toast"]["message"] == "Saved, live as v2."
    assert answer["unsaved"] is False
    assert load.contract(project).operations[0].summary == "All of a"
    assert "All of a" in client.get("/projects/items/endpoints/a/").content.decode()
    assert [change["label"] for change in project.revisions.first().changes] == ["GET /a: summary"]


def test_what_no_document_can_say_stays(tab, project):
    kept = load.contract(project)
    hidden = replace(
        kept, operations=(replace(kept.operations[0], exposed=False, behaviour=Examples()), kept.operations[1])
    )
    editing.replace(project, hidden, by=project.owner)
    tab.open()
    tab.post("save", tab.replaced("/a:", "/moved:"))
    value = load.contract(project)
    assert (value.operations[0].path, value.operations[0].exposed) == ("/moved", False)
    assert value.servers == ()  # the address in the text is not the author's


def test_the_forms_edit_the_same_copy(tab, project):
    value = load.contract(project)
    editing.replace(project, replace(value, title="Renamed"), by=project.owner)
    assert "title: Renamed" in tab.open().text


def form_save(project, by, **fields):
    value = load.contract(project)
    first = replace(value.operations[0], **fields)
    editing.replace(project, replace(value, operations=(first, *value.operations[1:])), by=by)


def test_a_save_meanwhile_is_never_overwritten_unasked(tab, project):
    form_save(project, project.owner, summary="By a form")
    answer = tab.post("save", tab.replaced("summary: The b", "summary: As text"))
    assert tab.answer.status_code == 409
    assert "v2 was saved after this draft began" in answer["parts"]["notice"]
    assert load.contract(project).operations[0].summary == "By a form"
    assert tab.open().text.count("As text") == 1


def test_both_changes_are_merged_where_they_do_not_meet(tab, project):
    form_save(project, project.owner, summary="By a form")
    tab.post(text=tab.replaced("summary: The b", "summary: As text"))
    answer = tab.post("merge")
    assert "By a form" in answer["text"]
    assert "As text" in answer["text"]
    tab.post("save")
    assert [op.summary for op in load.contract(project).operations] == ["By a form", "As text"]


def test_where_both_changed_the_same_the_place_is_named_before_anything_is_taken(tab, project):
    form_save(project, project.owner, summary="By a form")
    tab.post(text=tab.replaced("summary: The a", "summary: As text"))
    answer = tab.post("merge")
    assert tab.answer.status_code == 409
    assert "operation:GET /a → summary" in answer["parts"]["notice"]
    answer = tab.post("merge:mine")
    assert "summary: As text" in answer["text"]


def test_keeping_only_mine_replaces_their_save(tab, project):
    form_save(project, project.owner, summary="By a form")
    tab.post(text=tab.replaced("summary: The b", "summary: As text"))
    tab.post("mine")
    tab.post("save")
    assert [op.summary for op in load.contract(project).operations] == ["The a", "As text"]


def test_taking_theirs_drops_the_draft(tab, project):
    form_save(project, project.owner, summary="By a form")
    tab.post(text=tab.replaced("summary: The b", "summary: As text"))
    answer = tab.post("discard")
    assert "By a form" in answer["text"]
    assert "As text" not in answer["text"]
    assert answer["unsaved"] is False


def test_an_old_page_that_nobody_typed_in_shows_what_is_saved_now(tab, project):
    form_save(project, project.owner, summary="By a form")
    assert tab.post()["stamp"] == "1"  # it still shows v1, and what is typed now began there
    assert "By a form" in tab.post("convert:yaml")["text"]


def test_a_text_that_cannot_be_read_cannot_be_merged_and_is_kept(tab, project):
    form_save(project, project.owner, summary="By a form")
    wrong = tab.replaced("paths:", "paths: [")
    tab.post(text=wrong)
    tab.post("merge")
    assert tab.answer.status_code == 422
    assert tab.open().text == wrong


def test_two_tabs_of_one_person_are_asked(tab, client, project):
    other = Tab(client, project.owner, "two")
    tab.post(text=tab.replaced("The a", "first tab"))
    answer = other.post(text=other.replaced("The a", "second tab"))
    assert other.answer.status_code == 409
    assert answer["kept"] is False
    answer = other.post(text=other.replaced("second tab", "second tab, typed on"))
    assert other.answer.status_code == 409
    assert answer["kept"] is False
    assert "first tab" in tab.open().text
    assert other.post(force="1")["kept"] is True
    assert "second tab, typed on" in tab.open().text


def test_two_tabs_are_asked_without_scripts_too(tab, client, project):
    other = Tab(client, project.owner, "two")
    tab.post(text=tab.replaced("The a", "first tab"))
    data = {**other.fields, "tab": "two", "text": other.replaced("The a", "second tab")}
    for _time in range(2):
        answer = client.post(URL, data)
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "second tab" in html
        data |= {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("rev", "stamp", "saved")}
    assert "first tab" in tab.open().text
    assert client.post(URL, {**data, "force": "1"}).status_code == 200
    assert "second tab" in tab.open().text


def test_a_late_request_of_the_same_tab_changes_nothing(tab):
    tab.post(text=tab.replaced("The a", "newest"))
    tab.seq = 0
    assert tab.post(text=tab.text.replace("newest", "older")) is None
    assert "newest" in tab.open().text


def test_each_person_has_a_draft_of_their_own(tab, project):
    tab.post(text=tab.replaced("The a", "mine"))
    (draft,) = project.drafts.all()
    assert draft.target == f"document:{project.owner.pk}"


def test_removing_operations_says_how_many_and_waits_for_a_yes(tab, project):
    text = re.sub(r"  /b:\n(    .*\n)+", "", tab.text)
    answer = tab.post("save", text)
    assert tab.answer.status_code == 409
    assert "This text leaves out 1 endpoint" in answer["parts"]["notice"]
    assert project.operations.count() == 2
    agreed = re.search(r'value="(save:[^"]+)"', answer["parts"]["notice"])[1]
    assert tab.post(agreed)["toast"]["message"] == "Saved, live as v2."
    assert project.operations.count() == 1


def test_a_yes_to_other_removals_is_none(tab):
    text = re.sub(r"  /b:\n(    .*\n)+", "", tab.text)
    tab.post("save:0123456789", text)
    assert tab.answer.status_code == 409


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("operationId: b", "operationId: a"),
        ("type: object", "type: objekt"),
        ("    get:", "    get: 5\n    post:"),
    ],
)
def test_what_a_reader_would_leave_out_or_cannot_use_is_not_saved(tab, project, old, new):
    before = tab.text
    tab.post("save", before[::-1].replace(old[::-1], new[::-1], 1)[::-1])
    assert tab.answer.status_code == 422
    assert project.revisions.count() == 1


def test_converting_keeps_what_is_typed(tab):
    answer = tab.post("convert:json", tab.replaced("summary: The a", "summary: Typed"))
    document = json.loads(answer["text"])
    assert document["paths"]["/a"]["get"]["summary"] == "Typed"
    assert (answer["format"], answer["unsaved"]) == ("json", True)
    back = tab.post("convert:yaml")
    assert "summary: Typed" in back["text"]
    assert tab.open().text == back["text"]


def test_what_cannot_be_read_cannot_be_converted_and_it_is_said_why(tab):
    wrong = tab.replaced("paths:", "paths: [")
    answer = tab.post("convert:json", wrong)
    assert tab.answer.status_code == 422
    assert "cannot be written anew" in answer["toast"]["message"]
    assert "text" not in answer
    assert tab.open().text == wrong


def test_format_writes_it_anew_and_says_that_comments_go(tab):
    answer = tab.post("convert", "# mine\n" + tab.replaced("summary: The a", "summary:    'The a'  "))
    assert "summary: The a\n" in answer["text"]
    assert "Comments are not kept" in answer["toast"]["message"]
    assert answer["unsaved"] is False  # it says again what is saved


def lint(client, text):
    return client.post(f"{URL}lint/", {"text": text}).json()


@pytest.mark.parametrize("windows", [False, True])
def test_a_syntax_error_is_told_at_its_line_and_column(client, tab, windows):
    text = tab.text.replace("paths:", "paths: [}")
    number = text[: text.index("paths:")].count("\n") + 1
    found = lint(client, text.replace("\n", "\r\n") if windows else text)
    (problem,) = found["problems"]
    assert (problem["line"], problem["col"], problem["sev"]) == (number, 9, "error")
    assert problem["end"] == 10
    assert found["valid"] is False


def test_what_a_reader_notices_is_told_at_its_line(client, tab):
    text = tab.replaced("type: object", "$ref: '#/components/schemas/Nobody'")
    number = text[: text.index("Nobody")].count("\n") + 1
    messages = [line for line in lint(client, text)["problems"] if line["group"] == "text"]
    assert [(line["line"], line["sev"], line["rule"]) for line in messages] == [(number, "error", "unresolved-ref")]


def test_what_chatgpt_would_say_stands_apart_from_what_remains_after_the_repairs(client, tab):
    parameter = "      parameters:\n        - {name: X-Trace, in: header, schema: {type: string}}\n"
    text = tab.replaced("      operationId: a\n", "      operationId: a\n" + parameter)
    number = text[: text.index("X-Trace")].count("\n") + 1
    found = lint(client, text)["problems"]
    said = [line for line in found if line["group"] == "chatgpt" and "header" in line["msg"]]
    assert [line["line"] for line in said] == [number]
    assert not [
        line for line in found if line["group"] == "gpt" and "ChatGPT says" in line["msg"] and line["sev"] == "error"
    ]


def test_the_operations_are_listed_as_chatgpt_would_have_them(client, tab, project):
    form_save(project, project.owner, exposed=False)
    panel = lint(client, tab.open().text)["panels"]["panel"]
    assert "Hidden from GPT" in panel
    assert re.search(r"Available actions <span class=\"badge\">1 / 2", panel)


def test_removals_are_told_while_typing(client, tab):
    text = re.sub(r"  /b:\n(    .*\n)+", "", tab.text)
    assert "Saving removes 1 endpoint" in lint(client, text)["panels"]["removes"]


def test_names_for_completion_follow_the_text(client, tab):
    names = lint(client, tab.replaced("    Pet:", "    Dog:"))["names"]
    assert names["schemas"] == ["#/components/schemas/Dog"]
    assert names["operations"] == ["a", "b"]


def test_a_long_text_is_only_read_while_typing_and_wholly_checked_when_asked(client, tab, monkeypatch):
    monkeypatch.setattr("actionstudio.apps.design.judging.LIVE", 100)
    found = lint(client, tab.text)
    assert found["valid"]
    assert "This text is long" in found["panels"]["panel"]
    assert "This text is long" not in tab.post("check")["panels"]["panel"]


def test_without_a_script_check_and_save_answer_with_the_whole_page(client, tab, project):
    wrong = tab.replaced("paths:", "paths: [}")
    fields = {**tab.fields, "tab": "", "seq": 0, "text": wrong.replace("\n", "\r\n")}
    checked = client.post(URL, {**fields, "_op": "check"})
    assert checked.status_code == 200
    assert "not valid YAML" in checked.content.decode()
    refused = client.post(URL, {**tab.open().fields, "_op": "save", "text": wrong})
    assert refused.status_code == 422
    assert "paths: [}" in refused.content.decode()
    good = tab.open().text.replace("paths: [}", "paths:").replace("The a", "No script")
    done = client.post(URL, {**tab.fields, "_op": "save", "text": good})
    assert (done.status_code, done.headers["Location"]) == (302, URL)
    assert load.contract(project).operations[0].summary == "No script"


def test_the_draft_is_compared_with_what_is_saved(client, tab):
    tab.post(text=tab.replaced("summary: The a", "summary: Typed"))
    html = client.get(f"{URL}compare/").content.decode()
    assert "GET /a: summary" in html
    assert "Typed" in html
    tab.post(text="paths: [}")
    assert "cannot be read yet" in client.get(f"{URL}compare/").content.decode()
    tab.post("discard")
    assert "There is no draft" in client.get(f"{URL}compare/").content.decode()


@pytest.mark.parametrize("text", ["", " ", "5", "[]", "<html>", "a: &a [*a]", "{" * 5000, "\x00", "paths: {}"])
@pytest.mark.parametrize("deed", ["", "check", "convert:json", "convert:nonsense", "save", "merge", "mine", "other"])
def test_no_text_and_no_deed_makes_it_fail(tab, project, text, deed):
    tab.post(deed, text)
    assert tab.answer.status_code in (200, 409, 422)
    assert project.revisions.count() == 1
    assert lint(tab.client, text)["valid"] in (False, True)


def test_keeping_and_judging_ask_few_queries(client, db, django_assert_max_num_queries):
    many = [make.operation("GET", f"/x{n}", operation_id=f"x{n}") for n in range(40)]
    project = make.project("items", value=make.contract(*many))
    tab = Tab(client, project.owner)
    with django_assert_max_num_queries(24):
        tab.post(text=tab.text + "# more\n")
    with django_assert_max_num_queries(20):
        lint(client, tab.text)


def test_eve_reaches_nothing(client, project, eve):
    client.force_login(eve)
    assert client.post(f"{URL}lint/", {"text": "a: 1"}).status_code == 404
    assert client.post(URL, {"text": "a: 1"}).status_code == 404
    assert client.get(f"{URL}compare/").status_code == 404


def test_every_deed_has_a_button():
    html = "".join(path.read_text() for path in Path("templates/design").glob("document*.html"))
    for deed in views.DEEDS:
        assert re.search(rf'name="_op" value="{deed}[":]', html), deed


def test_what_no_database_keeps_is_not_kept(tab, project, client):
    tab.post(text=tab.text + "# a\0b\n")
    assert "# ab\n" in project.drafts.get().state["text"]


def test_an_odd_number_of_a_request_is_none(tab):
    assert tab.post(text=tab.text + "# a\n", seq="²", rev="²")["unsaved"] is True
