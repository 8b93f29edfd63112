"""Where cases come from: starters, files, logged calls; and that they go with what they were made of."""

import json

import pytest

from actionstudio.apps.simulator.models import Chat, Gpt, Message, PromptCase, PromptSuite
from actionstudio.apps.simulator.prompts import beginning, keeping, promoting, pruning
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db


def contract():
    schema = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "secret": {"type": "string"}, "n": {"type": "number"}},
        "required": ["title"],
    }
    status = Parameter("status", "query", schema={"type": "string", "enum": ["open", "done"]})
    number = Parameter("limit", "query", schema={"type": "integer"})
    return make.contract(
        make.operation(
            path="/todos", operation_id="listTodos", description="Lists all todos", parameters=(status, number)
        ),
        make.operation(
            "POST",
            "/todos",
            operation_id="addTodo",
            description="Adds a todo",
            body=Body(content=(Media("application/json", schema),)),
        ),
    )


@pytest.fixture
def project(ann):
    return make.project("todo", ann, contract())


@pytest.fixture
def suite(project) -> PromptSuite:
    return keeping.suite(project, None, {"name": "First"})


def test_starter_cases_are_made_of_the_projects_own_texts_once(suite):
    found = beginning.proposed(suite)
    assert {one.of for one in found} == {"sentence", "enum", "nothing"}
    made = beginning.keep(suite, found)
    assert [row.origin for row in made] == ["starter"] * len(found)
    assert beginning.proposed(suite) == [], "what the suite has is not proposed again"
    assert suite.cases.filter(kind="negative").count() == 3


def test_conversation_starters_of_the_gpt_are_cases_too(suite, project):
    Gpt.objects.create(project=project, name="Todos", starters=["List all my todos", "Sing a song about rain"])
    found = [one for one in beginning.proposed(suite) if one.of == "starter"]
    assert [(one.case.utterance, one.case.operations) for one in found] == [("List all my todos", ("listTodos",))]


def test_cases_go_out_as_a_file_and_come_in_again(suite, project):
    beginning.keep(suite, beginning.proposed(suite))
    for kind in ("csv", "jsonl", "promptfoo"):
        other = keeping.suite(project, None, {"name": kind})
        beginning.imported(other, beginning.exported(suite, kind))
        assert [(row.name, row.value) for row in other.cases.all()] == [
            (row.name, row.value) for row in suite.cases.all()
        ]
        assert set(other.cases.values_list("origin", flat=True)) == {"import"}


def test_a_file_with_a_wrong_line_brings_nothing(suite):
    with pytest.raises(Refused, match="Line 3"):
        beginning.imported(suite, "prompt,kind\nx,direct\ny,odd\n")
    assert not suite.cases.exists()


def test_what_a_suite_has_no_room_for_is_refused_as_a_whole(suite, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    with pytest.raises(Refused, match="at most 2 cases"):
        beginning.imported(suite, "prompt\na\nb\nc\n")
    assert not suite.cases.exists()


def test_a_logged_call_becomes_a_case_with_its_arguments_as_matchers(suite, project):
    call = make.exchange(
        project,
        "POST",
        "/todos",
        operation_id="addTodo",
        request_body={"title": "Milk", "secret": "sk-••••abcd (24 characters)", "n": 1.5, "strange": 1},
    )
    listing = make.exchange(project, "GET", "/todos", query="status=open&limit=5", operation_id="listTodos")
    gone = make.exchange(project, "GET", "/else", operation_id="gone")
    made, left = promoting.proposed(project, [call, listing, gone])
    assert [(one.public_id, reason) for one, reason in left] == [
        (gone.public_id, "There is no operation called gone any more.")
    ]
    arguments = [one.case.calls[0]["arguments"] for one in made]
    assert arguments[0] == {
        "title": {"op": "equals", "value": "Milk"},
        "secret": {"op": "present"},
        "n": {"op": "near", "value": 1.5, "by": 0.0},
    }
    assert arguments[1] == {"status": {"op": "equals", "value": "open"}, "limit": {"op": "equals", "value": 5}}
    assert [one.case.consent for one in made] == [True, False]
    kept = promoting.keep(suite, made, {call.public_id: "우유 추가해 줘", listing.public_id: "What is open?"})
    assert [(row.name, row.origin, row.language) for row in kept] == [
        ("우유 추가해 줘", "log", "ko"),
        ("What is open?", "log", "en"),
    ]


def test_what_was_said_must_be_typed_unless_a_chat_of_ours_knows_it(suite, project, ann):
    gpt = Gpt.objects.create(project=project, name="Todos")
    chat = Chat.objects.create(gpt=gpt, user=ann, conversation="c-1")
    fields = {"operation_id": "listTodos", "conversation_id": "c-1", "source": "simulator"}
    known, unknown = (make.exchange(project, "GET", "/todos", **fields) for _n in range(2))
    said = Message.objects.create(chat=chat, role="user", text="What is open?")
    answer = Message.objects.create(chat=chat, parent=said, role="assistant")
    data = {"attempts": [{"exchange": known.public_id}]}
    Message.objects.create(chat=chat, parent=answer, role="call", text="listTodos", data=data)
    made, _left = promoting.proposed(project, [known, unknown])
    assert [one.case.value.utterance for one in made] == ["What is open?", ""]
    with pytest.raises(Refused) as refused:
        promoting.keep(suite, made, {})
    assert [one.pointer for one in refused.value.problems] == ["/1/turns/0"]
    assert not suite.cases.exists()


def test_what_a_case_holds_of_a_call_goes_with_it(suite, project):
    call = make.exchange(project, "POST", "/todos", operation_id="addTodo", request_body={"title": "Milk"})
    made, _left = promoting.proposed(project, [call])
    (case,) = promoting.keep(suite, made, {call.public_id: "Add milk"})
    assert pruning.forget(project.pk, [call.pk]) == 1
    case.refresh_from_db()
    assert case.calls == [{"operation": "addTodo", "arguments": {}}] and case.source is None
    assert "Milk" not in json.dumps(list(PromptCase.objects.values()), default=str)


def test_hints_are_there_before_any_model_runs(suite):
    assert {one.code for one in beginning.warned(suite)} >= {"short", "silent"}


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": " "}, "/name"),
        ({"mode": "live"}, "/mode"),
        ({"repeat": 0}, "/repeat"),
        ({"asks": ["gpt-99"]}, "/asks/0"),
        ({"asks": "scripted"}, "/asks"),
        ({"temperature": 3}, "/temperature"),
        ({"fail_under": 1.5}, "/fail_under"),
    ],
)
def test_what_no_suite_can_be_is_refused_beside_its_field(suite, fields, at):
    with pytest.raises(Refused) as refused:
        keeping.suite(suite.project, suite, fields)
    assert [one.pointer for one in refused.value.problems] == [at]
    kept = PromptSuite.objects.get()
    assert {name: getattr(kept, name) for name in fields} != fields, "nothing was changed"


def test_two_suites_of_one_name_have_slugs_of_their_own(project):
    made = [keeping.suite(project, None, {"name": name}).slug for name in ("First", "First", "add", "123", "할 일")]
    assert made == ["first", "first-2", "add-prompts", "123-prompts", "prompts"]


def test_cases_are_put_into_another_order_when_each_is_named_once(suite):
    beginning.imported(suite, "prompt\na\nb\n")
    one, other = suite.cases.values_list("pk", flat=True)
    keeping.order(suite, [other, one])
    assert [row.name for row in suite.cases.all()] == ["b", "a"]
    with pytest.raises(Refused, match="every case"):
        keeping.order(suite, [one])
