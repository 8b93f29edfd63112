"""A suite is made of logged calls, run, judged, accepted: the same way that every call goes."""

import datetime
import json

import pytest
from django.utils import timezone

from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Job
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay import ignoring
from actionstudio.apps.replay.models import Case, IgnoreRule, Outcome, Replay, Suite, SuiteRun
from actionstudio.apps.replay.suites import accepting, playing, running, saving, scheduling, variables
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey, OAuth
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Parameter, Response
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import BELOW_LIVE, frontdoor
from tests import make

pytestmark = pytest.mark.django_db
JSON = (("content-type", "application/json"),)


def contract(answer, asks=(), **fields):
    """One GET /items that answers ``answer``, and takes texts of these names in its query."""
    media = Media("application/json", {"type": "object"}, (Example("", answer),))
    parameters = tuple(Parameter(name, "query", schema={"type": "string"}) for name in asks)
    operation = make.operation(parameters=parameters, responses=(Response("200", "OK", content=(media,)),))
    return make.contract(operation, **fields)


def called(project, path="/items", headers=(), **more) -> Exchange:
    answer = frontdoor().call_blocking(project.slug, Call("GET", path, "", tuple(headers)), source="client", **more)
    return Exchange.objects.get(pk=answer.record.id)


@pytest.fixture
def project(ann):
    return make.project("shop", ann, contract({"total": 12, "name": "tea"}))


@pytest.fixture
def suite(project):
    made = saving.create(project, "Orders", project.owner)
    proposals, _cut = saving.proposed(project, [called(project)])
    saving.add(made, proposals)
    return made


def run(suite, **more) -> SuiteRun:
    return running.start(suite, by=suite.project.owner, **more)


def only(made: SuiteRun) -> Outcome:
    return made.outcomes.select_related("case", "run__suite__project").get()


def test_a_case_is_called_by_the_address_that_its_call_came_by(project):
    made = saving.create(project, "Documents", project.owner)
    fetched = called(project, "/openapi.json", (("host", "localhost:8000"),), base=BELOW_LIVE)
    assert b"localhost:8000/live/shop" in bytes(fetched.response_body)
    saving.add(made, saving.proposed(project, [fetched])[0])
    assert only(run(made)).verdict == "passed"


def test_a_suite_passes_while_nothing_changes(suite):
    made = run(suite)
    assert (made.state, made.counts, made.passed) == ("done", {"passed": 1}, True)
    assert made.revision == 1
    suite.refresh_from_db()
    assert suite.state == "passed"
    assert not Replay.objects.exists(), "cases do not fill the list of replays"
    assert Exchange.objects.get(pk=only(made).result_exchange_id).source == "replay"


def test_a_changed_answer_is_told_accepted_and_passes_then(suite):
    editing.replace(suite.project, contract({"total": "12", "name": "tea"}))
    made = run(suite)
    outcome = only(made)
    assert (outcome.verdict, made.counts) == ("broken", {"broken": 1})
    assert [(one["kind"], one["path"], one["was"], one["now"]) for one in outcome.reasons] == [
        ("type", "$.total", "number", "string")
    ]
    suite.refresh_from_db()
    assert suite.state == "differs"
    assert accepting.accept_all(made) == 1
    assert run(suite).passed
    assert accepting.accept_all(made) == 0, "what was accepted is not accepted again"


def test_checks_by_path_judge_without_the_whole_answer(suite):
    case = suite.cases.get()
    case.whole = False
    case.checks = [
        {"on": "$.total", "op": "range", "value": [1, 20]},
        {"on": "status", "op": "equals", "value": 200},
        {"on": "$.name", "op": "equals", "value": "tea"},
    ]
    case.save()
    editing.replace(suite.project, contract({"total": 13, "name": "cocoa", "new": 1}))
    outcome = only(run(suite))
    assert outcome.verdict == "changed"
    told = [(one["kind"], one["path"], one["op"], one["was"], one["now"]) for one in outcome.reasons]
    assert told == [("check", "$.name", "equals", "tea", '"cocoa"')]
    accepting.accept(outcome)
    case.refresh_from_db()
    assert [one["value"] for one in case.checks] == [[1, 20], 200, "cocoa"]


def test_a_call_that_chatgpt_would_not_make_any_more_is_refused_and_not_sent(suite):
    sent = Exchange.objects.count()
    editing.replace(suite.project, make.contract(make.operation(path="/goods", operation_id="getGoods")))
    outcome = only(run(suite))
    assert outcome.verdict == "refused"
    assert "getItems" in outcome.reason
    assert Exchange.objects.count() == sent


@pytest.mark.parametrize("path", ["/goods", "/openapi.json"])
def test_a_case_that_no_endpoint_answered_is_asked_like_the_others(project, path):
    made = saving.create(project, "Missed", project.owner)
    saving.add(made, saving.proposed(project, [called(project, path)])[0])
    outcome = only(run(made))
    if path == "/openapi.json":
        assert outcome.verdict == "passed", "a document is no call of an action"
        return
    assert (outcome.verdict, outcome.result_exchange_id) == ("refused", None)
    assert outcome.reason.startswith("No operation has this method and path")
    editing.replace(project, make.contract(make.operation(path=path)))
    assert only(run(made)).verdict == "changed", "an endpoint has the path now, and answers otherwise"


def test_what_a_sign_in_answers_is_no_call_of_an_action(ann):
    project = make.project("shop", ann, contract({"total": 12}, auth=OAuth()))
    made = saving.create(project, "Signing in", ann)
    path = "/.well-known/oauth-authorization-server"
    saving.add(made, saving.proposed(project, [called(project, path)])[0])
    assert only(run(made)).verdict == "passed"


def test_rules_of_the_project_and_of_the_case_leave_out(suite):
    editing.replace(suite.project, contract({"total": 12.004, "name": "coffee"}))
    assert only(run(suite)).verdict == "changed"
    ignoring.keep(IgnoreRule(project=suite.project, operation_id="getItems", what="ignore", at="$.name"))
    ignoring.keep(IgnoreRule(project=suite.project, path="/it*", what="tolerance", at="$.total", size=0.01))
    made = run(suite)
    assert made.passed
    assert only(made).noise == {"tolerance": 1}


def test_a_case_of_its_own_rules_alone(suite):
    editing.replace(suite.project, contract({"total": 12, "name": "coffee"}))
    case = suite.cases.get()
    case.rules = {"ignore": ["$.name"]}
    case.save()
    assert run(suite).passed


def test_a_credential_goes_by_reference_and_a_lost_key_is_told(ann):
    project = make.project("locked", ann, contract({"a": 1}, auth=ApiKey(header="X-Key")))
    key, _text = Key.mint(project, "GPT")
    suite = saving.create(project, "Locked")
    proposals, _cut = saving.proposed(project, [called(project, key_id=key.pk)])
    case = saving.add(suite, proposals)[0]
    assert case.credential == str(key.pk)
    assert run(suite).passed
    Key.objects.filter(pk=key.pk).update(revoked=timezone.now())
    outcome = only(run(suite))
    assert (outcome.verdict, outcome.reason) == ("error", "The key that this case uses is gone: choose another one.")


def test_a_value_of_one_answer_goes_into_the_next_request(suite):
    editing.replace(suite.project, contract({"total": 12, "name": "tea"}, asks=["q"]))
    first = suite.cases.get()
    first.extracts = [{"name": "drink", "on": "$.name"}]
    first.save()
    Case.objects.create(suite=suite, position=2, name="next", path="/items", query="q={{drink}}")
    made = run(suite)
    assert [one.verdict for one in made.outcomes.all()] == ["passed", "passed"]
    assert made.outcomes.get(n=2).call["query"] == "q=tea"
    made.refresh_from_db()
    assert made.sealed is None, "what a run has learned goes with it"


def test_a_value_that_no_answer_brings_breaks_its_case_and_the_later_one_is_not_sent(suite):
    first = suite.cases.get()
    first.extracts = [{"name": "drink", "on": "$.nothing"}]
    first.save()
    Case.objects.create(suite=suite, position=2, name="next", path="/{{drink}}")
    made = run(suite)
    assert [one.verdict for one in made.outcomes.all()] == ["broken", "error"]
    assert "drink" in made.outcomes.get(n=2).reason


def test_secret_variables_are_sealed_sent_and_nowhere_to_be_read(suite):
    secret = "sup3r-secret-value"
    editing.replace(suite.project, contract({"total": 12, "name": "tea"}, asks=["who", "pass"]))
    variables.keep(suite, [{"name": "pin", "secret": True, "value": secret}, {"name": "who", "value": "bob"}])
    case = suite.cases.get()
    case.headers, case.query = [["x-pin", "Pin {{pin}}"]], "who={{who}}&pass={{pin}}"
    case.save()
    made = run(suite)
    outcome = only(made)
    exchange = Exchange.objects.get(pk=outcome.result_exchange_id)
    assert "who=bob" in outcome.call["query"]
    kept = [json.dumps(suite.variables), bytes(suite.sealed).decode("latin-1"), json.dumps(outcome.call)]
    kept += [json.dumps(outcome.after), exchange.query, exchange.request_headers]
    assert not [text for text in kept if secret in text]
    assert variables.secrets(suite) == {"pin": secret}
    variables.keep(suite, [{"name": "pin", "secret": True, "value": ""}])
    assert variables.secrets(suite) == {"pin": secret}, "an empty field keeps the secret"
    variables.keep(suite, [])
    assert suite.sealed is None


def test_a_masked_part_of_a_logged_call_becomes_a_variable_to_be_given(project):
    project.masks = ["x-tenant"]
    project.save()
    suite = saving.create(project, "Masked")
    exchange = called(project, headers=(("x-tenant", "acme-0815-secret"), ("authorization", "Bearer abcdefghijkl")))
    assert "acme-0815" not in exchange.request_headers
    proposals, _cut = saving.proposed(project, [exchange])
    case = saving.add(suite, proposals)[0]
    assert ["x-tenant", "{{x_tenant}}"] in case.headers
    suite.refresh_from_db()
    assert {one["name"]: (one["secret"], one["set"]) for one in suite.variables}["x_tenant"] == (True, False)
    outcome = only(run(suite))
    assert outcome.verdict == "error"
    assert "x_tenant" in outcome.reason


def test_the_first_failure_stops_when_wanted(suite):
    Case.objects.create(
        suite=suite, position=0, name="wrong", path="/items", checks=[{"on": "status", "op": "equals", "value": 404}]
    )
    assert [one.verdict for one in run(suite).outcomes.all()] == ["changed", "passed"]
    Suite.objects.filter(pk=suite.pk).update(stop_first=True)
    suite.refresh_from_db()
    assert [one.verdict for one in run(suite).outcomes.all()] == ["changed", "skipped"]


def test_a_suite_without_cases_is_refused(project):
    with pytest.raises(Refused, match="no case"):
        run(saving.create(project, "Empty"))
    assert not SuiteRun.objects.exists()


def test_a_call_on_its_way_when_the_worker_died_is_not_sent_blindly_again(suite):
    case = suite.cases.get()
    Case.objects.filter(pk=case.pk).update(method="POST")
    made = running.prepare(suite, "hand", state="running")
    Outcome.objects.filter(run=made).update(state="sent", attempts=1)
    sent = Exchange.objects.count()
    running.Turn(playing.Play(running.found(made.pk)), lambda *_told: None, None).take()
    outcome = only(made)
    assert (outcome.verdict, Exchange.objects.count()) == ("error", sent)
    Outcome.objects.filter(run=made).update(state="sent", verdict="", method="GET")
    running.Turn(playing.Play(running.found(made.pk)), lambda *_told: None, None).take()
    assert only(made).verdict != "error", "a GET may be sent again"


def test_what_earlier_turns_have_learned_is_known_to_the_next(suite):
    made = running.prepare(suite, "hand", state="running")
    variables.remember(made, {"plain": {"a": 1}, "secret": {"b": "hidden-b"}})
    play = playing.Play(running.found(made.pk))
    assert play.values.missing(Call("GET", "/{{a}}{{b}}")) == []
    assert play.values.secrets(Call("GET", "/{{b}}")) == ["hidden-b"]


def test_a_due_suite_is_begun_once_and_moves_on(suite):
    now = timezone.now()
    suite.schedule, suite.minutes, suite.next_run = "minutes", 10, now - datetime.timedelta(seconds=1)
    suite.save()
    stale = Suite.objects.get(pk=suite.pk)
    assert len(scheduling.due(now)) == 1
    assert scheduling.due(now) == []
    assert not scheduling.claim(stale, now), "the turn was taken by another worker"
    suite.refresh_from_db()
    assert suite.next_run == now + datetime.timedelta(minutes=10)


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"schedule": "off"}, None),
        ({"schedule": "minutes", "minutes": 5}, "2026-03-01T12:39:56+00:00"),
        ({"schedule": "hourly"}, "2026-03-01T13:00:00+00:00"),
        ({"schedule": "daily", "daily_at": datetime.time(12, 0)}, "2026-03-02T12:00:00+00:00"),
        ({"schedule": "daily", "daily_at": datetime.time(13, 0)}, "2026-03-01T13:00:00+00:00"),
    ],
)
def test_the_schedule_says_when_it_is_due_next(fields, after):
    now = datetime.datetime(2026, 3, 1, 12, 34, 56, tzinfo=datetime.UTC)
    found = scheduling.next_time(Suite(**fields), now)
    assert (found and found.isoformat()) == after


def test_a_save_begins_the_suites_that_want_it(suite, django_capture_on_commit_callbacks):
    Suite.objects.filter(pk=suite.pk).update(on_save=True)
    with django_capture_on_commit_callbacks(execute=True):
        editing.replace(suite.project, contract({"total": 13, "name": "tea"}))
    made = SuiteRun.objects.get()
    assert (made.cause, made.counts) == ("save", {"changed": 1})


def test_many_saves_leave_one_run_waiting(suite, monkeypatch):
    Suite.objects.filter(pk=suite.pk).update(on_save=True)
    monkeypatch.setattr("actionstudio.apps.projects.jobs.run", type("Later", (), {"using": lambda **_named: Later}))
    for _n in range(3):
        scheduling.saved(suite.project)
    assert SuiteRun.objects.filter(state="waiting").count() == 1
    assert Job.objects.filter(state="ready").count() == 1


class Later:
    """A queue that nobody works at."""

    @staticmethod
    def enqueue(_job_id):
        """Nothing happens."""


def test_old_runs_go_with_the_retention_and_many_go_anyway(suite, monkeypatch):
    from actionstudio.apps.replay.suites import pruning

    old, new = run(suite), run(suite)
    SuiteRun.objects.filter(pk=old.pk).update(created=timezone.now() - datetime.timedelta(days=40))
    pruning.prune(30)
    assert list(suite.runs.values_list("pk", flat=True)) == [new.pk]
    monkeypatch.setattr(pruning, "KEPT", 2)
    newest = [run(suite).pk for _n in range(3)]
    pruning.prune(0)
    assert list(suite.runs.values_list("pk", flat=True)) == newest[:0:-1]


def test_what_is_deleted_from_the_log_is_gone_from_cases_and_outcomes(suite):
    from actionstudio.apps.replay import pruning

    made, case = run(suite), suite.cases.get()
    pruning.of_erased(suite.project_id, [case.source])
    case.refresh_from_db()
    assert (case.enabled, case.answer, case.path) == (False, None, "/")
    outcome = only(made)
    assert (outcome.after, outcome.before, outcome.call) == ({}, {}, {})


def test_secrets_are_sealed_anew_under_a_new_key(suite, settings):
    from django.core.management import call_command

    variables.keep(suite, [{"name": "pin", "secret": True, "value": "s3cret-text"}])
    before = bytes(suite.sealed)
    settings.STUDIO_ENCRYPTION_KEYS = ["another key", *settings.STUDIO_ENCRYPTION_KEYS]
    call_command("studio_reseal")
    suite.refresh_from_db()
    assert bytes(suite.sealed) != before
    settings.STUDIO_ENCRYPTION_KEYS = settings.STUDIO_ENCRYPTION_KEYS[:1]
    assert variables.secrets(suite) == {"pin": "s3cret-text"}
