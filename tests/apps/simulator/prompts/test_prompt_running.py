"""A prompt suite is run: models are asked, their calls judged, nothing is called, nothing gets lost."""

import json

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job
from actionstudio.apps.simulator.models import Endpoint, Gpt, PromptCase, PromptOutcome, PromptRun
from actionstudio.apps.simulator.prompts import closing, keeping, pruning, results, running, starting
from actionstudio.apps.simulator.prompts.starting import Wish
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.provider import ProviderError, Reply, Text, Usage
from actionstudio.apps.simulator.providers.provider import Wish as Call
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Body, Example, Media, Response
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db


class Model:
    """Answers by rules: the first whose words stand in what the user said last. A rule is text, a list of calls
    [(name, arguments)], an exception, or a function of the prompt that gives one of these."""

    label = "Test model"

    def __init__(self, rules):
        self.rules = rules
        self.prompts = []

    def stream(self, prompt, stopped=bool):
        self.prompts.append(prompt)
        said = next(one.text for one in reversed(prompt.messages) if one.role == "user")
        rule = next((rule for words, rule in self.rules.items() if words in said), "I cannot help with that.")
        rule = rule(prompt) if callable(rule) else rule
        if isinstance(rule, Exception):
            raise rule
        yield Text("…")
        request = {"messages": [one.text for one in prompt.messages], "tools": [one.name for one in prompt.tools]}
        usage = Usage(100, 10, 0.001)
        if isinstance(rule, str):
            yield Reply(rule, usage=usage, request=request, response={"text": rule}, ms=5)
        else:
            wishes = tuple(
                Call(f"call_{n}", name, given if isinstance(given, str) else json.dumps(given))
                for n, (name, given) in enumerate(rule)
            )
            yield Reply("", wishes, "calls", usage, request=request, response={}, ms=7)


def contract(description="Adds a todo", listing="Lists all todos"):
    media = Media("application/json", {"type": "object", "properties": {"title": {"type": "string"}}})
    answer = Response("200", "OK", content=(Media("application/json", {"type": "object"}, (Example("", {"id": 7}),)),))
    return make.contract(
        make.operation(path="/todos", operation_id="listTodos", description=listing),
        make.operation(
            "POST",
            "/todos",
            operation_id="addTodo",
            description=description,
            body=Body(content=(media,)),
            responses=(answer,),
        ),
    )


@pytest.fixture
def model(monkeypatch):
    made = Model({"milk": [("addTodo", {"title": "Milk"})], "open": [("listTodos", {})]})
    monkeypatch.setattr(table, "provider_of", lambda _endpoint, _project: made)
    return made


@pytest.fixture
def project(ann):
    return make.project("todo", ann, contract())


@pytest.fixture
def suite(project):
    made = keeping.suite(project, None, {"name": "First prompts"})
    add(made, "Add milk", [{"operation": "addTodo", "arguments": {"title": "milk"}}], consent=True)
    add(made, "What is open?", ["listTodos"], kind="indirect", consent=False)
    add(made, "Tell me a joke", [], kind="negative")
    return made


def add(suite, text, calls, **fields) -> PromptCase:
    turns = text if isinstance(text, list) else [text]
    return keeping.case(keeping.fill(PromptCase(suite=suite), {"turns": turns, "calls": calls, **fields}))


def start(suite, **wish) -> PromptRun:
    return starting.start(suite, suite.project.owner, Wish(**wish))


def verdicts(run):
    return list(run.outcomes.values_list("verdict", flat=True))


def test_a_suite_passes_when_the_model_does_what_is_expected_and_nothing_is_called(suite, model):
    run = start(suite)
    assert (run.state, run.counts, run.passed, run.share) == ("done", {"passed": 3}, True, 1.0)
    assert run.revision == 1 and run.job.state == Job.State.DONE
    assert not Exchange.objects.exists(), "no operation was executed"
    suite.refresh_from_db()
    assert suite.state == "passed"
    outcome = run.outcomes.get(n=0)
    assert (outcome.tokens_in, outcome.tokens_out, outcome.ms, outcome.tools_hash) == (100, 10, 7, run.tools_hash)
    assert outcome.called == [
        {"operation": "addTodo", "arguments": '{"title": "Milk"}', "consent": True, "unknown": False, "turn": 0}
    ]
    assert outcome.trace[0]["request"]["messages"] == ["Add milk"]
    assert outcome.trace[0]["request"]["tools"] == "…", "the tools stand once, in the run"
    assert [one.operation for one in run.sheets] == ["listTodos", "addTodo"]


def test_what_goes_wrong_stands_in_the_matrix(suite, model):
    model.rules = {"milk": [("listTodos", {})], "joke": [("listTodos", {})]}
    run = start(suite)
    assert run.counts == {"failed": 3} and not run.passed
    found = results.of_run(run)[0].result
    assert found.names == ("listTodos", "addTodo", "")
    assert [found.row(name) for name in found.names] == [[0, 0, 1], [1, 0, 0], [1, 0, 0]]
    suite.refresh_from_db()
    assert suite.state == "below"


def test_one_request_is_enough_for_one_call_and_the_example_leads_on_to_the_next(suite, model):
    suite.cases.all().delete()
    add(suite, "Do both", ["listTodos", "addTodo"], ordered=True)

    def both(prompt):
        told = [one.text for one in prompt.messages if one.role == "tool"]
        return [("addTodo", {})] if told else [("listTodos", {})]

    model.rules = {"both": both}
    run = start(suite)
    assert run.passed and len(model.prompts) == 2
    assert model.prompts[1].messages[-1].text == '{"ok": true}', "the operation's own example"
    assert not Exchange.objects.exists()


def test_a_talk_of_several_turns_goes_through_the_models_own_answers(suite, model):
    suite.cases.all().delete()
    add(suite, ["Hello", "Add milk"], ["addTodo"])
    add(suite, ["Hi", {"role": "assistant", "text": "Which todo?"}, "Add milk"], ["addTodo"])
    run = start(suite)
    assert run.passed
    said = [[(one.role, one.text) for one in prompt.messages] for prompt in model.prompts]
    assert [len(one) for one in said] == [1, 3, 3]
    assert said[1][1] == ("assistant", "I cannot help with that.")
    assert said[2][1] == ("assistant", "Which todo?")


def test_on_the_mock_the_calls_are_made_and_the_log_says_who_did(suite, model):
    def add_then_tell(prompt):
        told = [one.text for one in prompt.messages if one.role == "tool"]
        return f"Done: {told[-1]}" if told else [("addTodo", {"title": "Milk"})]

    model.rules = {"milk": add_then_tell, "open": [("listTodos", {"nonsense": 1})]}
    run = start(suite, mode="mock")
    calls = list(Exchange.objects.values_list("method", "path", "source", "status"))
    assert calls == [("POST", "/todos", "simulator", 200)], "an argument that is not declared never leaves"
    outcome = run.outcomes.get(n=0)
    assert outcome.verdict == "passed" and outcome.text == 'Done: {"id":7}'
    assert outcome.trace[0]["told"] == [["addTodo", '{"id":7}']]


def test_on_the_mock_an_answer_is_not_kept_where_the_log_keeps_none(suite, model, project):
    model.rules = {
        "milk": lambda prompt: "Done." if prompt.messages[-1].role == "tool" else [("addTodo", {"title": "M"})]
    }
    project.bodyless = ["addTodo"]
    project.save()
    assert start(suite, mode="mock").outcomes.get(n=0).trace[0]["told"] == [["addTodo", ""]]


def test_several_models_and_repetitions_are_told_apart(suite, model, monkeypatch, ann):
    other = Model({"milk": lambda _prompt: [("addTodo", {})] if len(other.prompts) % 2 else "No."})
    Endpoint.objects.create(user=ann, name="Local", model="small", base_url="http://localhost:1/v1")
    monkeypatch.setattr(table, "provider_of", lambda endpoint, _project: other if endpoint else model)
    run = start(suite, models=["scripted", "Local"], repeat=2)
    assert run.total == 12 and [one["label"] for one in run.asks] == ["Scripted model", "Local (small)"]
    good, bad = results.of_run(run)
    assert (good.result.passed.good, good.result.passed.of) == (6, 6)
    assert bad.result.passed.of == 6 and bad.result.passed.good < 6
    compared = results.compare(run, run, (1, 0))
    assert compared.comparison.better and not compared.comparison.worse and not compared.changes


def test_a_seed_differs_with_each_repetition(suite, model):
    start(suite, repeat=2, seed=40, temperature=0.5)
    assert {(one.seed, one.temperature) for one in model.prompts} == {(40, 0.5), (41, 0.5)}


def test_a_gpts_instructions_are_asked_with(suite, model):
    gpt = Gpt.objects.create(project=suite.project, name="Helper", instructions="Be kind.")
    keeping.suite(suite.project, suite, {"gpt": gpt})
    run = start(suite)
    assert model.prompts[0].instructions == run.instructions == "Be kind."


def test_an_older_version_is_asked_with_its_own_texts(suite, model):
    editing.replace(suite.project, contract("Puts something onto the list"), by=suite.project.owner)
    then, now = start(suite, revision=1), start(suite)
    assert [then.revision, now.revision] == [1, 2]
    assert {one.tools[1].description for one in model.prompts} == {"Adds a todo", "Puts something onto the list"}
    compared = results.compare(then, now)
    assert [(one.operation, one.field) for one in compared.changes] == [("addTodo", "description")]
    assert compared.hint == "" and compared.comparison.p == 1.0


def test_more_than_one_changed_field_is_warned_of(suite, model):
    then = start(suite)
    editing.replace(suite.project, contract("Puts", "Shows"), by=suite.project.owner)
    assert "2 fields changed at once" in results.compare(then, start(suite)).hint


def test_only_what_a_change_touches_is_asked_again(suite, model):
    base = start(suite)
    editing.replace(suite.project, contract("Puts something onto the list"), by=suite.project.owner)
    model.prompts.clear()
    run = starting.again(base, suite.project.owner)
    assert (run.base, run.only, run.state) == (base, ["addTodo"], "done")
    assert [(one.name, one.carried) for one in run.outcomes.all()] == [
        ("Add milk", False),
        ("What is open?", True),
        ("Tell me a joke", False),
    ]
    assert len(model.prompts) == 2 and run.counts == {"passed": 3}
    assert starting.affected(base, ["addTodo"]).keys() == {run.outcomes.get(n=n).case_id for n in (0, 2)}


def test_nothing_is_asked_again_when_nothing_changed_unless_one_says_what(suite, model):
    base = start(suite)
    with pytest.raises(Refused, match="Nothing that the model reads has changed"):
        starting.again(base)
    with pytest.raises(Refused, match="no operation gone"):
        starting.again(base, operations=["gone"])
    assert starting.again(base, operations=["listTodos"]).outcomes.filter(carried=True).count() == 1


def test_a_case_that_was_changed_since_is_asked_again(suite, model):
    base = start(suite)
    case = suite.cases.get(name="What is open?")
    keeping.case(keeping.fill(case, {"language": "fr"}))
    run = starting.again(base, operations=["addTodo"])
    assert not run.outcomes.filter(carried=True).exists()


def test_a_model_without_an_answer_is_an_error_and_a_dead_one_is_not_asked_again(suite, model):
    model.rules = {"": ProviderError("The key is not accepted.", "key", 401)}
    run = start(suite)
    assert run.counts == {"error": 3} and len(model.prompts) == 1, "two more requests would fare no better"
    assert run.outcomes.first().error == "The key is not accepted."
    suite.refresh_from_db()
    assert suite.state == "failed"
    assert results.of_run(run)[0].result.errors == 3


def test_a_busy_model_is_given_time(suite, model, monkeypatch, ann):
    waits = []
    Endpoint.objects.create(user=ann, name="Local", model="small", base_url="http://localhost:1/v1")
    monkeypatch.setattr("actionstudio.apps.replay.runs.pacing.Pace.pause", lambda _self, seconds: waits.append(seconds))
    answers = [ProviderError("Slower.", "limit", 429, 3.0), ProviderError("Slower.", "limit", 429), [("addTodo", {})]]
    model.rules["milk"] = lambda _prompt: answers.pop(0)
    run = start(suite, models=["Local"])
    assert waits == [3.0, 4.0] and run.outcomes.get(n=0).verdict == "failed", "the title is missing"


def test_a_script_that_fails_is_not_asked_again(suite, model):
    model.rules["milk"] = ProviderError("As the script says.", "server", 500)
    run = start(suite)
    assert run.outcomes.get(n=0).error == "As the script says." and len(model.prompts) == 3


def test_a_fault_of_ours_is_no_verdict_on_the_model(suite, model):
    model.rules["milk"] = ZeroDivisionError()
    run = start(suite)
    assert run.outcomes.get(n=0).verdict == "error" and run.counts == {"error": 1, "passed": 2}


def test_a_run_goes_on_where_a_killed_worker_left_it(suite, model, settings):
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    run = start(suite)
    rows = run.outcomes
    rows.filter(n=0).update(state="asked", attempts=1)
    rows.filter(n=1).update(state="asked", attempts=3)
    assert run.state == "waiting"
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)
    running.work(jobs.Progress(run.job))
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"passed": 2, "error": 1})
    assert "too often" in rows.get(n=1).error


def test_a_late_answer_of_a_worker_that_was_given_up_changes_nothing(suite, model):
    run = start(suite)
    row = run.outcomes.first()
    assert not running.settle(row, verdict="failed")
    row.attempts, row.state = 9, "ready"
    assert not running.claim(row)


def test_a_cancelled_run_asks_no_more(suite, model):
    run = starting.prepare(suite)
    closing.cancel(run)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("cancelled", {"skipped": 3})
    suite.refresh_from_db()
    assert suite.state == "", "a run that somebody stopped says nothing of the suite"
    assert not model.prompts


def test_a_run_that_is_cancelled_on_its_way_keeps_what_it_has(suite, model):
    def cancelling(_prompt):
        Job.objects.update(cancel=True)
        return [("addTodo", {"title": "Milk"})]

    model.rules["milk"] = cancelling
    run = start(suite, concurrency=1)
    assert run.state == "cancelled" and run.counts["passed"] >= 1


def test_a_run_whose_process_ended_without_it_is_closed(suite, model):
    run = starting.prepare(suite)
    PromptRun.objects.filter(pk=run.pk).update(beat=None)
    assert closing.tidy() == 1
    run.refresh_from_db()
    assert run.state == "failed" and "interrupted" in run.error


def test_what_cannot_be_asked_is_refused_before_anything_is_written(suite, model, project):
    for wish, words in [
        ({"models": ["gpt-99"]}, "no model “gpt-99”"),
        ({"revision": 9}, "no version 9"),
        ({"repeat": 99}, "from 1 to 20"),
        ({"rate": 0}, "from 0.1 to 50"),
        ({"mode": "live"}, "Known ways"),
        ({"cases": []}, "no case that is switched on"),
    ]:
        with pytest.raises(Refused, match=words):
            start(suite, **wish)
    editing.replace(project, make.contract(make.operation(exposed=False)), by=project.owner)
    with pytest.raises(Refused, match="no operation of this project"):
        start(suite)
    assert not PromptRun.objects.exists() and not model.prompts


def test_the_queries_of_a_run_do_not_grow_with_other_runs_and_results_take_one(suite, model, django_assert_num_queries):
    run = start(suite)
    for _n in range(3):
        start(suite)
    with django_assert_num_queries(1):
        results.of_run(run)
    with django_assert_num_queries(2):
        results.compare(run, run)


def test_old_runs_go_and_a_project_takes_all_with_it(suite, model, project):
    for _n in range(3):
        start(suite)
    PromptRun.objects.filter(pk=PromptRun.objects.last().pk).update(created="2020-01-01T00:00:00Z")
    assert pruning.prune(30) == 1
    assert PromptRun.objects.count() == 2
    project.delete()
    assert not PromptRun.objects.exists() and not PromptOutcome.objects.exists() and not PromptCase.objects.exists()
