"""The pages of prompt suites: cases are written, models asked, wrong cells repaired, runs compared, calls promoted."""

import dataclasses
import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.simulator.models import PromptCase, PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import keeping, results, starting
from actionstudio.apps.simulator.prompts.playing import Play
from actionstudio.apps.simulator.prompts.starting import Wish
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused
from tests import make
from tests.apps.simulator.prompts.test_prompt_running import (  # noqa: F401
    add,
    contract,
    model,
    project,
    start,
    suite,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


def at(name, *args):
    return reverse(f"simulator:{name}", args=["todo", *args])


def form(**fields):
    """What a case's form posts: one turn, one call without an operation."""
    first = {"t-0-role": "user", "t-0-text": "Put eggs on the list", "c-0-operation": "", "c-0-a-0-name": ""}
    return {**first, "kind": "direct", "language": "en", "enabled": "on", "consent": "", **fields}


def case_of(name):
    return PromptCase.objects.get(name=name)


def test_a_suite_is_made_and_its_settings_are_kept(page, project):  # noqa: F811
    assert "No prompt suite yet" in page.get(at("prompts")).text
    fields = {"name": "First", "models": "scripted", "repeat": 3, "mode": "select", "passing": 90}
    wrong = page.post(at("prompt-new"), {**fields, "concurrency": 99, "rate": 5})
    assert wrong.status_code == 422 and "nothing you typed is lost" in wrong.text and 'value="First"' in wrong.text
    made = page.post(at("prompt-new"), {**fields, "concurrency": 2, "rate": 5})
    assert made.url == at("prompt-suite", "first")
    row = PromptSuite.objects.get()
    assert (row.repeat, row.fail_under, row.asks) == (3, 0.9, ["scripted"])
    assert 'value="90"' in page.get(at("prompt-edit", "first")).text
    page.post(at("prompt-delete", "first"))
    assert not PromptSuite.objects.exists()


def test_a_case_is_written_with_turns_a_call_and_matchers(page, suite):  # noqa: F811
    url = at("prompt-case-new", suite.slug)
    shown = page.post(url, form(pick="rows", **{"c-0-operation": "addTodo"}))
    assert shown.status_code == 200 and 'value="title"' in shown.text, "the operation's arguments have a row each"
    assert "Put eggs on the list" in shown.text
    matcher = {"c-0-a-0-name": "title", "c-0-a-0-op": "any-of", "c-0-a-0-value": "eggs\n12", "c-0-operation": "addTodo"}
    saved = page.post(url, form(consent="yes", never="listTodos", **matcher))
    assert saved.status_code == 302
    row = case_of("Put eggs on the list")
    assert row.calls == [{"operation": "addTodo", "arguments": {"title": {"op": "any-of", "value": ["eggs", "12"]}}}], (
        "the argument is a text: 12 stays one"
    )
    assert (row.consent, row.never, row.position) == (True, ["listTodos"], 4)
    again = page.get(at("prompt-case", suite.slug, row.pk)).text
    assert "eggs\n12</textarea>" in again


def test_what_is_wrong_in_a_case_stands_beside_its_field_and_nothing_is_lost(page, suite):  # noqa: F811
    matcher = {"c-0-a-0-name": "title", "c-0-a-0-op": "regex", "c-0-a-0-value": "(open", "c-0-operation": "addTodo"}
    wrong = page.post(at("prompt-case-new", suite.slug), form(**matcher, **{"t-0-text": " "}, language="??"))
    assert wrong.status_code == 422
    assert 'aria-describedby="c-0-a-0-err"' in wrong.text and "(open" in wrong.text
    assert "the last turn is the user" in wrong.text and "Write the language as a tag" in wrong.text
    assert suite.cases.count() == 3


def test_talks_of_several_turns_are_kept_in_order(page, suite):  # noqa: F811
    url = at("prompt-case-new", suite.slug)
    assert 'name="t-2-text"' in page.post(url, form(pick="turn")).text
    turns = {"t-1-role": "assistant", "t-1-text": "Which list?", "t-2-role": "user", "t-2-text": "The first"}
    page.post(url, form(**turns, kind="negative"))
    row = case_of("The first")
    assert row.turns == ["Put eggs on the list", {"role": "assistant", "text": "Which list?"}, "The first"]


def test_cases_are_moved_doubled_and_deleted(page, suite):  # noqa: F811
    one, other, last = suite.cases.values_list("pk", flat=True)
    page.post(at("prompt-order", suite.slug), {"o": [one, other, last], "down": one})
    assert list(suite.cases.values_list("pk", flat=True)) == [other, one, last]
    made = page.post(at("prompt-case-copy", suite.slug, one))
    copy = PromptCase.objects.get(name="Add milk 2")
    assert made.url == at("prompt-case", suite.slug, copy.pk)
    assert list(suite.cases.values_list("pk", flat=True)) == [other, one, copy.pk, last]
    page.post(at("prompt-case-delete", suite.slug, one))
    assert not PromptCase.objects.filter(pk=one).exists()


def test_a_run_shows_its_matrix_and_what_is_wrong_first(page, suite, model):  # noqa: F811
    model.rules = {"milk": [("listTodos", {})], "open": [("listTodos", {})]}
    started = page.post(at("prompt-start", suite.slug), {"models": "scripted", "repeat": 1, "mode": "select"})
    run = PromptRun.objects.get()
    assert started.url == at("prompt-run", suite.slug, run.pk)
    shown = page.get(started.url).text
    assert "expected=addTodo&amp;called=listTodos" in shown
    assert shown.index(">Add milk</a>") < shown.index(">What is open?</a>")
    assert "67 %" in shown, "two of three passed"
    assert not Exchange.objects.exists(), "nothing was called"
    failed = run.outcomes.get(verdict="failed")
    one = page.get(at("prompt-outcome", suite.slug, run.pk, failed.pk)).text
    assert "listTodos was called instead of addTodo." in one and "Add milk" in one
    assert "2 / 3" in page.get(at("prompts")).text
    assert page.get(at("prompt-xml", suite.slug, run.pk))["Content-Type"] == "application/xml"


def test_a_run_that_cannot_be_is_told_on_the_suites_page(page, suite, model):  # noqa: F811
    wrong = page.post(at("prompt-start", suite.slug), {"repeat": 99, "mode": "select"})
    assert wrong.status_code == 422 and "Choose at least one model." in wrong.text and 'value="99"' in wrong.text
    assert not PromptRun.objects.exists()


def test_both_descriptions_of_a_wrong_cell_are_changed_and_only_what_that_touches_is_asked(page, suite, model):  # noqa: F811
    model.rules = {"milk": [("listTodos", {})], "open": [("listTodos", {})]}
    run = start(suite)
    url = f"{at('prompt-cell', suite.slug, run.pk)}?expected=addTodo&called=listTodos"
    shown = page.get(url).text
    assert "<mark>todo</mark>" in shown and "<mark>todos</mark>" in shown and "11 of 300 characters" in shown
    assert ">Add milk</a>" in shown
    texts = {
        "operation": ["addTodo", "listTodos"],
        "was": ["Adds a todo", "Lists all todos"],
        "text": ["Writes down one new thing to do", "Lists all todos"],
    }
    model.rules = {"milk": [("addTodo", {"title": "milk"})], "open": [("listTodos", {})]}
    asked = page.post(url, {**texts, "go": "ask"})
    after = PromptRun.objects.first()
    assert asked.url == at("prompt-run", suite.slug, after.pk)
    assert (after.base_id, after.only, after.revision) == (run.pk, ["addTodo"], 2)
    assert list(after.outcomes.values_list("name", "carried")) == [
        ("Add milk", False),
        ("What is open?", True),
        ("Tell me a joke", False),
    ]
    compared = page.get(at("prompt-compare", suite.slug), {"a": run.pk, "b": after.pk}).text
    assert "1 case passes now, 0 no longer do." in compared and "That may be chance" in compared
    assert "Writes down one new thing to do" in compared and "fields changed at once" not in compared


def test_a_text_that_somebody_changed_meanwhile_is_not_overwritten(page, suite, model):  # noqa: F811
    run = start(suite)
    url = f"{at('prompt-cell', suite.slug, run.pk)}?expected=addTodo&called=addTodo"
    editing.replace(suite.project, contract("Keeps a todo"))
    wrong = page.post(url, {"operation": "addTodo", "was": "Adds a todo", "text": "Mine", "go": "save"})
    assert wrong.status_code == 422 and "Keeps a todo" in wrong.text and ">\nMine</textarea>" in wrong.text
    assert suite.project.operations.get(operation_id="addTodo").description == "Keeps a todo"
    saved = page.post(url, {"operation": "addTodo", "was": "Keeps a todo", "text": "Mine", "go": "save"})
    assert saved.url == url and suite.project.operations.get(operation_id="addTodo").description == "Mine"
    again = page.post(at("prompt-again", suite.slug, run.pk))
    assert again.url == at("prompt-run", suite.slug, PromptRun.objects.first().pk)
    assert PromptRun.objects.first().base_id == run.pk


def test_two_changed_fields_are_warned_of_when_runs_are_compared(page, suite, model):  # noqa: F811
    start(suite)
    editing.replace(suite.project, contract("Writes one down", "Shows every one"))
    start(suite)
    assert "2 fields changed at once" in page.get(at("prompt-compare", suite.slug)).text


def test_cases_come_from_the_projects_texts_and_from_files_and_go_out_again(page, suite):  # noqa: F811
    shown = page.get(at("prompt-starters", suite.slug)).text
    assert "Tell me a joke about cats." in shown
    assert page.post(at("prompt-starters", suite.slug), {"pick": "no such"}).status_code == 422
    page.post(at("prompt-starters", suite.slug), {"pick": ["Tell me a joke about cats."]})
    assert case_of("Tell me a joke about cats.").origin == "starter"
    wrong = page.post(at("prompt-import", suite.slug), {"text": "prompt,kind\nx,direct\ny,odd\n", "format": "auto"})
    assert wrong.status_code == 422 and "Line 3" in wrong.text and "y,odd" in wrong.text
    file = SimpleUploadedFile("cases.csv", b"prompt,operation\nAjoute du lait,addTodo\n")
    page.post(at("prompt-import", suite.slug), {"file": file, "format": "auto"})
    assert case_of("Ajoute du lait").value.operations == ("addTodo",)
    out = page.get(at("prompt-export", suite.slug, "jsonl"))
    assert "Ajoute du lait" in out.text and out["Content-Disposition"].endswith('.jsonl"')
    assert page.get(at("prompt-export", suite.slug, "odd")).status_code == 404
    bad = SimpleUploadedFile("cases.csv", b"\xff\xfe\xff")
    assert "no text in UTF-8" in page.post(at("prompt-import", suite.slug), {"file": bad}).text


def test_cases_of_operations_that_never_were_are_kept_and_told_of(page, suite):  # noqa: F811
    told = page.post(at("prompt-import", suite.slug), {"text": "prompt,operation\nDo it,nosuchop\n"}, follow=True).text
    assert "They speak of operations that ChatGPT does not have: nosuchop." in told
    assert "ChatGPT has no operation called nosuchop." in told and "any more" not in told


def test_what_a_case_wants_and_no_call_may_have_is_told_before_any_model_is_asked(page, suite):  # noqa: F811
    add(suite, "Add 12", [{"operation": "addTodo", "arguments": {"title": 12, "nope": "x"}}])
    shown = page.get(at("prompt-suite", suite.slug)).text
    assert "wants what is not allowed: title is of type string, never 12." in shown
    assert "addTodo has no argument nope." in shown


@pytest.mark.parametrize("kind", ["csv", "jsonl", "promptfoo"])
def test_cases_that_went_out_come_in_again_as_they_were(page, suite, kind):  # noqa: F811
    long = "x" * 149 + " " + "y" * 9 + " and so on"  # cut at either of its blanks
    for name in ("refund", "refund", long, keeping.free_name(long, {long})):
        add(suite, name, [{"operation": "addTodo", "arguments": {}}])
    out = page.get(at("prompt-export", suite.slug, kind)).text
    other = keeping.suite(suite.project, None, {"name": "Other"})
    page.post(at("prompt-import", other.slug), {"text": out.replace("\n", "\r\n")})
    assert page.get(at("prompt-export", other.slug, kind)).text == out
    page.post(at("prompt-import", other.slug), {"text": out})
    assert "refund 2" in other.cases.values_list("name", flat=True), "what the suite has gets a number"


def test_logged_calls_are_promoted_when_what_was_said_is_typed(page, project):  # noqa: F811
    call = make.exchange(project, "POST", "/todos", operation_id="addTodo", request_body={"title": "Milk"})
    gone = make.exchange(project, "GET", "/else", operation_id="gone")
    shown = page.get(at("prompt-add"), {"pick": [call.public_id, gone.public_id]}).text
    assert "&quot;Milk&quot;" in shown and "1 call cannot be a case" in shown
    sent = {"pick": call.public_id, "go": 1, "name": "From the log", f"kind-{call.public_id}": "indirect"}
    wrong = page.post(at("prompt-add"), sent)
    assert wrong.status_code == 422 and "Type what was said to the model." in wrong.text
    assert not PromptSuite.objects.exists(), "nothing half-saved"
    made = page.post(at("prompt-add"), {**sent, f"text-{call.public_id}": "We are out of milk"})
    assert made.url == at("prompt-suite", "from-the-log") + "#cases"
    assert case_of("We are out of milk").kind == "indirect"
    assert "No calls are selected" in page.get(at("prompt-add"), {"q": "status:404"}).text


@pytest.mark.parametrize("name", ["prompts", "prompt-suite", "prompt-run", "prompt-cell", "prompt-compare"])
def test_twice_as_many_rows_cost_no_more_queries(page, suite, model, name):  # noqa: F811
    def cost():
        run = start(suite)
        args = {"prompts": (), "prompt-run": (suite.slug, run.pk), "prompt-cell": (suite.slug, run.pk)}
        url = at(name, *args.get(name, (suite.slug,)))
        with CaptureQueriesContext(connection) as found:
            page.get(url, {"expected": "addTodo", "called": "addTodo"} if name == "prompt-cell" else {})
        return len(found)

    start(suite)
    cost()
    before = cost()
    for n in range(4):
        add(suite, f"Add milk {n}", ["addTodo"])
        keeping.suite(suite.project, None, {"name": f"Suite {n}"})
    assert cost() <= before


def test_a_cancelled_run_and_its_outcomes_are_told(page, suite, model):  # noqa: F811
    run = start(suite)
    PromptOutcome.objects.filter(run=run).update(verdict="skipped")
    PromptRun.objects.filter(pk=run.pk).update(state="cancelled")
    assert "The run was cancelled." in page.get(at("prompt-run", suite.slug, run.pk)).text
    assert page.post(at("prompt-cancel", suite.slug, run.pk)).status_code == 302


def test_what_travelled_stands_on_the_page_of_an_outcome(page, suite, model):  # noqa: F811
    run = start(suite)
    one = run.outcomes.get(n=0)
    shown = page.get(at("prompt-outcome", suite.slug, run.pk, one.pk)).text
    assert "What travelled" in shown and json.loads(one.called[0]["arguments"])["title"] in shown


@pytest.mark.parametrize("go", ["ask", "save"])
def test_a_description_that_chatgpt_would_not_take_is_refused_beside_its_field_before_it_is_served(page, suite, go):  # noqa: F811
    run = start(suite)
    url = f"{at('prompt-cell', suite.slug, run.pk)}?expected=addTodo&called=listTodos"
    texts = {"operation": "addTodo", "was": "Adds a todo", "text": "x" * 400, "go": go}
    wrong = page.post(url, texts)
    assert wrong.status_code == 422 and "400 characters, and ChatGPT takes at most 300" in wrong.text
    assert 'aria-describedby="text-1-err"' in wrong.text and f">\n{'x' * 400}</textarea>" in wrong.text
    assert suite.project.revisions.count() == 1 and PromptRun.objects.count() == 1
    assert suite.project.operations.get(operation_id="addTodo").description == "Adds a todo"


def test_what_was_saved_and_not_asked_is_told_so(page, suite, model, monkeypatch):  # noqa: F811
    run = start(suite)
    url = f"{at('prompt-cell', suite.slug, run.pk)}?expected=addTodo&called=addTodo"
    monkeypatch.setattr(starting.choosing, "find", refusing)
    texts = {"operation": "addTodo", "was": "Adds a todo", "text": "Writes it down", "go": "ask"}
    saved = page.post(url, texts, follow=True)
    assert "Saved. Not asked: The model is gone." in saved.text and "Not saved yet" not in saved.text
    assert suite.project.operations.get(operation_id="addTodo").description == "Writes it down"


def refusing(*_):
    raise Refused(Problem("/models", "The model is gone.", "unknown"))


def test_cases_of_an_operation_that_was_renamed_are_marked_and_changed_at_once(page, suite, model):  # noqa: F811
    add(suite, "Never this", [], kind="negative", never=["addTodo"])
    value = contract()
    renamed = dataclasses.replace(value.operations[1], operation_id="createTodo")
    editing.replace(suite.project, dataclasses.replace(value, operations=(value.operations[0], renamed)))
    shown = page.get(at("prompt-suite", suite.slug)).text
    assert "ChatGPT has no operation called addTodo." in shown and "2 cases speak of it" in shown
    assert shown.count("no such operation") == 2
    run = start(suite)
    failed = run.outcomes.get(name="Add milk")
    assert (
        "ChatGPT has no operation called addTodo." in page.get(at("prompt-outcome", suite.slug, run.pk, failed.pk)).text
    )
    assert "addTodo" not in results.of_run(run)[0].result.names
    page.post(at("prompt-rename", suite.slug), {"old": "addTodo", "new": "nope"})
    assert case_of("Add milk").calls[0]["operation"] == "addTodo"
    page.post(at("prompt-rename", suite.slug), {"old": "addTodo", "new": "createTodo"})
    milk = case_of("Add milk")
    assert milk.calls[0]["operation"] == "createTodo" and milk.calls[0]["arguments"]
    assert case_of("Never this").never == ["createTodo"]
    assert "ChatGPT has no operation" not in page.get(at("prompt-suite", suite.slug)).text


def test_a_negative_prompt_with_a_call_is_refused_beside_its_kind(page, suite):  # noqa: F811
    wrong = page.post(at("prompt-case-new", suite.slug), form(kind="negative", **{"c-0-operation": "addTodo"}))
    assert wrong.status_code == 422 and "A negative prompt expects no call" in wrong.text


def test_a_comparison_of_what_is_not_there_is_not_found(page, suite, model):  # noqa: F811
    start(suite)
    start(suite)
    assert [page.get(at("prompt-compare", suite.slug), {key: "x"}).status_code for key in "ab"] == [404, 404]


def test_the_turn_of_each_call_is_told(page, suite, model):  # noqa: F811
    suite.cases.all().delete()
    add(suite, ["What is open?", "Add milk"], ["addTodo"])
    run = start(suite)
    assert run.passed, "what the first turn called is no fault"
    one = page.get(at("prompt-outcome", suite.slug, run.pk, run.outcomes.get().pk)).text
    assert ">turn 1</span>" in one and ">turn 2</span>" in one


def test_the_way_to_the_requests_says_what_to_do_there(page, suite):  # noqa: F811
    way = f"{reverse('traffic:log', args=['todo'])}?for=prompts"
    assert f'href="{way}"' in page.get(at("prompt-suite", suite.slug)).text
    assert "then press “Save as prompts…”" in page.get(way).text


def test_the_suite_is_judged_by_its_own_bar_whatever_a_run_asks_for(page, suite, model):  # noqa: F811
    model.rules = {"milk": [("listTodos", {})], "open": [("listTodos", {})]}
    run = start(suite, fail_under=0.5)
    suite.refresh_from_db()
    assert run.passed and suite.state == "below"
    assert "not passed" in page.get(reverse("simulator:prompts", args=["todo"])).text


def test_the_scripted_model_needs_no_throttle(suite):  # noqa: F811
    run = starting.prepare(suite, suite.project.owner, Wish(rate=0.1))
    play = Play(run)
    began = time.monotonic()
    assert all(play.pace.wait() for _n in range(3)) and time.monotonic() - began < 5
