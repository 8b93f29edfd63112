"""The pages of suites: a call becomes a case, a suite runs, what differs is accepted, cases are ordered and changed."""

import re

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.replay.models import Case, IgnoreRule, Outcome, Replay, Suite, SuiteRun
from actionstudio.apps.replay.suites import running, saving, variables
from tests import make
from tests.apps.replay.suites.test_suite_running import called, contract, only, project, run, suite  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


def at(name, *args):
    return reverse(f"replay:{name}", args=["shop", *args])


def empty_sets(**fields):
    """The fields that a case's form always posts."""
    sets = {f"{prefix}-{name}": n for prefix in "cx" for name, n in (("TOTAL_FORMS", 2), ("INITIAL_FORMS", 0))}
    sets |= {"c-0-op": "equals", "c-1-op": "equals"}  # a browser posts the first choice of an empty row
    return {**sets, "name": "case", "method": "GET", "path": "/items", "credential": "none", "enabled": "on", **fields}


def test_a_logged_call_is_saved_as_a_case_and_passes(page, project):  # noqa: F811
    call = called(project)
    shown = page.get(at("suite-add"), {"pick": call.public_id})
    assert "Save 1 call as a case" in shown.text
    refused = page.post(at("suite-add"), {"pick": call.public_id, "go": 1, "name": " "})
    assert (refused.status_code, Suite.objects.count()) == (422, 0)
    assert call.public_id in refused.text
    made = page.post(at("suite-add"), {"pick": call.public_id, "go": 1, "name": "Orders"})
    assert made.url == at("suite", "orders")
    assert "No suite yet" not in page.get(at("suites")).text
    started = page.post(at("suite-start", "orders"))
    assert started.url == at("suite-run", "orders", SuiteRun.objects.get().pk)
    assert "Every case passed." in page.get(started.url).text


def test_calls_of_a_filter_and_of_a_conversation_are_offered(page, project):  # noqa: F811
    first, second = called(project), called(project)
    type(first).objects.filter(pk=first.pk).update(conversation_id="talk-1")
    assert "Save 2 calls as cases" in page.get(at("suite-add"), {"q": "status:200"}).text
    assert second.public_id not in page.get(at("suite-add"), {"conversation": "talk-1"}).text
    assert page.get(at("suite-add"), {"q": "status:oops"}).status_code == 422
    assert "No calls are selected" in page.get(at("suite-add"), {"q": "status:404"}).text


def test_an_unticked_kind_of_noise_counts(page, project):  # noqa: F811
    editing.replace(project, contract({"created_at": "2026-03-01T10:00:00Z"}))
    call = called(project)
    assert "$.created_at" in page.get(at("suite-add"), {"pick": call.public_id}).text
    page.post(at("suite-add"), {"pick": call.public_id, "go": 1, "name": "Strict"})
    editing.replace(project, contract({"created_at": "2026-03-02T10:00:00Z"}))
    made = run(Suite.objects.get())
    assert only(made).verdict == "changed"
    page.post(at("suite-add"), {"pick": call.public_id, "go": 1, "name": "Calm", "quiet": "times"})
    assert run(Suite.objects.get(slug="calm")).passed


def test_a_difference_is_shown_ignored_and_accepted(page, suite):  # noqa: F811
    editing.replace(suite.project, contract({"total": "12", "name": "tea"}))
    made = run(suite)
    shown = page.get(at("suite-run", "orders", made.pk))
    assert "$.total became a string." in shown.text
    assert "Accept all" in shown.text
    one = page.get(at("suite-outcome", "orders", made.pk, 1))
    assert "For this endpoint from now on" in one.text
    page.post(at("suite-ignore", "orders", made.pk, 1), {"add": "$.total"})
    assert Case.objects.get().rules["ignore"] == ["$.total"]
    page.post(at("suite-ignore", "orders", made.pk, 1), {"keep": "$.name"})
    rule = IgnoreRule.objects.get()
    assert (rule.operation_id, rule.at, rule.author.username) == ("getItems", "$.name", "ann")
    page.post(at("suite-accept", "orders", made.pk, 1))
    assert Outcome.objects.get().accepted
    assert page.post(at("suite-run-accept", "orders", made.pk)).status_code == 302
    assert run(suite).passed


def test_the_sidebar_says_that_a_suite_does_not_pass(page, suite):  # noqa: F811
    assert "not passed" not in page.get(at("rules")).text
    editing.replace(suite.project, contract({"total": 1, "name": "tea"}))
    run(suite)
    assert "not passed" in page.get(at("rules")).text


def test_a_case_is_written_by_hand_with_checks_and_a_value_for_later(page, suite):  # noqa: F811
    wrong = page.post(
        at("case-new", "orders"),
        empty_sets(path="items", headers="nonsense", **{"c-0-on": "total", "c-0-op": "range", "c-0-value": "x"}),
    )
    assert wrong.status_code == 422
    for words in ("A path begins with a slash", "is not name: value", "10..20"):
        assert words in wrong.text
    assert "nonsense" in wrong.text, "what was typed is not lost"
    fields = {"c-0-on": "$.total", "c-0-op": "range", "c-0-value": "1..20", "x-0-on": "$.name", "x-0-name": "drink"}
    page.post(at("case-new", "orders"), empty_sets(name="by hand", query="a={{drink}}", **fields))
    case = Case.objects.get(name="by hand")
    assert case.checks == [{"on": "$.total", "op": "range", "value": [1.0, 20.0]}]
    assert case.extracts == [{"on": "$.name", "name": "drink"}]
    assert (case.whole, case.answer, case.position) == (False, None, 2)


def test_an_untouched_case_stays_what_it_was(page, suite):  # noqa: F811
    before = Case.objects.values().get()
    form = page.get(at("case", "orders", before["id"])).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    assert page.post(at("case", "orders", before["id"]), empty_sets(**fields)).status_code == 302
    after = Case.objects.values().get()
    same = set(before) - {"updated"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_secret_where_the_log_could_not_hide_it_is_refused(page, suite):  # noqa: F811
    from actionstudio.apps.replay.suites import variables

    variables.keep(suite, [{"name": "pin", "secret": True, "value": "123456"}])
    for place in ({"path": "/a/{{pin}}"}, {"body": '["{{pin}}"]'}):
        answer = page.post(at("case-new", "orders"), empty_sets(**place))
        assert answer.status_code == 422
        assert "pin stands where the log cannot hide it" in answer.text
    assert page.post(at("case-new", "orders"), empty_sets(body='{"pin": "{{pin}}"}')).status_code == 302


def test_cases_change_places_are_doubled_and_deleted(page, suite):  # noqa: F811
    first = suite.cases.get()
    second = Case.objects.create(suite=suite, position=2, name="second")
    third = Case.objects.create(suite=suite, position=3, name="third")
    page.post(at("suite-order", "orders"), {"o": [third.pk, first.pk, second.pk]})
    assert [case.pk for case in suite.cases.all()] == [third.pk, first.pk, second.pk]
    page.post(at("suite-order", "orders"), {"o": [third.pk, first.pk, second.pk], "down": third.pk})
    assert [case.pk for case in suite.cases.all()] == [first.pk, third.pk, second.pk]
    page.post(at("suite-order", "orders"), {"o": [first.pk], "up": first.pk})
    assert suite.cases.count() == 3, "cases that were not posted are still there"
    page.post(at("case-copy", "orders", first.pk))
    assert [case.name for case in suite.cases.all()][:2] == ["getItems", "getItems 2"]
    page.post(at("case-delete", "orders", first.pk))
    assert suite.cases.count() == 3


def test_settings_keep_secrets_and_say_what_is_wrong(page, suite):  # noqa: F811
    fields = {"name": "Orders", "target": "live", "schedule": "minutes", "concurrency": 1}
    fields |= {"v-TOTAL_FORMS": 2, "v-INITIAL_FORMS": 0, "v-0-name": "pin", "v-0-value": "123456", "v-0-secret": "on"}
    refused = page.post(at("suite-edit", "orders"), fields)
    assert refused.status_code == 422
    assert "how many minutes" in refused.text
    page.post(at("suite-edit", "orders"), fields | {"minutes": 15})
    suite.refresh_from_db()
    assert suite.next_run is not None
    assert suite.variables == [{"name": "pin", "secret": True, "value": "", "set": True}]
    shown = page.get(at("suite-edit", "orders")).text
    assert "123456" not in shown
    again = fields | {"minutes": 15, "v-INITIAL_FORMS": 1, "v-0-value": "", "target": "base", "base": "nonsense"}
    assert page.post(at("suite-edit", "orders"), again).status_code == 422
    page.post(at("suite-edit", "orders"), again | {"base": "http://localhost:9"})
    suite.refresh_from_db()
    assert (suite.target, suite.variables[0]["set"]) == ("http://localhost:9", True)


def test_a_secret_is_not_lost_when_the_settings_come_back(page, suite):  # noqa: F811
    variables.keep(suite, [{"name": "pin", "secret": True, "value": "old-secret"}])
    fields = {"name": "Orders", "target": "live", "schedule": "minutes", "concurrency": 1, "minutes": 0}
    fields |= {"v-TOTAL_FORMS": 1, "v-INITIAL_FORMS": 1, "v-0-name": "pin", "v-0-secret": "on"}
    refused = page.post(at("suite-edit", "orders"), fields | {"v-0-value": "new-secret"})
    assert refused.status_code == 422 and "new-secret" not in refused.text
    sealed = re.search(r'name="v-0-value-sealed" value="([^"]+)"', refused.text)[1]
    page.post(at("suite-edit", "orders"), fields | {"v-0-value": "", "v-0-value-sealed": sealed, "minutes": 15})
    suite.refresh_from_db()
    assert variables.read(suite) == {"pin": "new-secret"}
    plain = {name: value for name, value in fields.items() if name != "v-0-secret"} | {"minutes": 15, "v-0-value": ""}
    shown = page.post(at("suite-edit", "orders"), plain)
    assert shown.status_code == 422 and "shown to nobody: type the value here" in shown.text
    page.post(at("suite-edit", "orders"), plain | {"v-0-value-sealed": sealed})
    suite.refresh_from_db()
    assert variables.read(suite) == {"pin": "new-secret"} and suite.sealed is None


def test_a_suite_is_made_and_deleted(page, project):  # noqa: F811
    fields = {"name": "add", "target": "live", "schedule": "off", "concurrency": 1}
    fields |= {"v-TOTAL_FORMS": 0, "v-INITIAL_FORMS": 0}
    assert page.post(at("suite-new"), fields).url == at("suite", "add-suite"), "a page of that name is there already"
    assert page.post(at("suite-new"), fields).url == at("suite", "add-suite-2")
    assert "No case yet" in page.get(at("suite", "add-suite")).text
    assert page.post(at("suite-start", "add-suite")).status_code == 302
    page.post(at("suite-delete", "add-suite"))
    assert Suite.objects.count() == 1


def test_the_run_leaves_as_junit(page, suite):  # noqa: F811
    answer = page.get(at("suite-run-xml", "orders", run(suite).pk))
    assert answer["Content-Type"] == "application/xml"
    assert b"<testcase" in answer.content


def test_a_run_that_waits_asks_for_itself_and_is_cancelled(page, suite):  # noqa: F811
    made = running.prepare(suite, "hand")
    assert 'hx-trigger="every 1s"' in page.get(at("suite-run", "orders", made.pk)).text
    page.post(at("suite-run-cancel", "orders", made.pk))
    shown = page.get(at("suite-run", "orders", made.pk)).text
    assert "The run was cancelled." in shown
    assert "every 1s" not in shown


def test_rules_are_added_tried_changed_and_deleted(page, suite):  # noqa: F811
    from actionstudio.apps.replay import replaying

    exchange = called(suite.project)
    editing.replace(suite.project, contract({"total": 13, "name": "tea"}))
    row = replaying.replay(suite.project, exchange)
    assert (row.same, row.changes) == (False, 1)
    tried = page.post(at("rules"), {"what": "ignore", "at": "$.total", "look": 1})
    assert "$.total" in tried.text
    assert "It would hide something in 1 of the newest replays" in tried.text
    assert not IgnoreRule.objects.exists()
    for fields, words in (
        ({"what": "ignore", "at": "total"}, "Write a place of the answer"),
        ({"what": "tolerance", "at": "$.total"}, "how far"),
        ({"what": "noise-off"}, "There is no such kind"),
        ({"what": "ignore", "at": "$.a", "path": "items"}, "begins with a slash"),
    ):
        answer = page.post(at("rules"), fields)
        assert (answer.status_code, words in answer.text) == (422, True), fields
    page.post(at("rules"), {"what": "tolerance", "at": "$.total", "size": "1", "operation_id": "getItems"})
    rule = IgnoreRule.objects.get()
    assert replaying.replay(suite.project, exchange).same
    assert "numbers may be" in page.get(at("rules")).text.lower()
    page.post(at("rule", rule.pk), {"what": "tolerance", "at": "$.total", "size": "0.001"})
    assert not replaying.replay(suite.project, exchange).same
    page.post(at("rule-delete", rule.pk))
    assert not IgnoreRule.objects.exists()


def test_ignoring_a_place_of_a_replay_may_be_kept_for_the_endpoint(page, suite):  # noqa: F811
    from actionstudio.apps.replay import replaying

    exchange = called(suite.project)
    editing.replace(suite.project, contract({"total": 13, "name": "tea"}))
    row = replaying.replay(suite.project, exchange)
    page.post(reverse("replay:ignore", args=["shop", row.pk]), {"keep": "$.total"})
    row = Replay.objects.get(pk=row.pk)
    assert (row.same, row.ignore) == (True, [])
    assert IgnoreRule.objects.get().operation_id == "getItems"
    assert "The same answer as then." in page.get(reverse("replay:result", args=["shop", row.pk])).text


def test_many_cases_and_runs_cost_no_more_queries_than_few(page, suite):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(url):
        page.get(url)
        with CaptureQueriesContext(connection) as found:
            page.get(url)
        return len(found)

    made = run(suite)
    pages = [at("suites"), at("suite", "orders"), at("suite-run", "orders", made.pk), at("rules")]
    few = [count(url) for url in pages]
    for n in range(10):
        Case.objects.create(suite=suite, position=n + 5, name=f"c{n}", path="/items")
        saving.create(suite.project, f"s{n}")
        IgnoreRule.objects.create(project=suite.project, at=f"$.a{n}", author=suite.project.owner)
    for _n in range(4):
        last = run(suite)
    pages[2] = at("suite-run", "orders", last.pk)
    many = [count(url) for url in pages]
    assert all(after <= before + 1 for before, after in zip(few, many, strict=True)), (few, many)


def test_a_case_that_flips_while_nothing_changes_is_called_flaky(page, suite):  # noqa: F811
    case = suite.cases.get()
    for n in range(4):
        made = run(suite)
        if n % 2:
            Outcome.objects.filter(run=made).update(verdict="changed")
    assert "flaky" in page.get(at("suite", "orders")).text
    SuiteRun.objects.filter(pk=made.pk).update(revision=99)
    Outcome.objects.filter(case=case).update(verdict="passed")
    assert "flaky" not in page.get(at("suite", "orders")).text


def test_a_stranger_neither_sees_nor_runs(client, suite, eve):  # noqa: F811
    client.force_login(eve)
    made = run(suite)
    assert client.get(at("suite", "orders")).status_code == 404
    assert client.post(at("suite-start", "orders")).status_code == 404
    mine = make.project("mine", eve)
    assert client.get(reverse("replay:suite-run", args=["mine", "orders", made.pk])).status_code == 404
    assert mine.suites.count() == 0


def test_a_rule_that_a_suites_run_has_made_is_shown(page, suite):  # noqa: F811
    editing.replace(suite.project, contract({"total": 13, "name": "tea"}))
    made = run(suite)
    after = page.post(at("suite-ignore", "orders", made.pk, 1), {"keep": "$.total"})
    shown = page.get(after.url).text
    assert "<code>$.total</code> does not count from now on" in shown
    assert at("rule-delete", IgnoreRule.objects.get().pk) in shown


def test_a_suite_that_never_ran_has_passed_nothing(page, suite):  # noqa: F811
    assert '<td class="r"><span class="muted small">1 case</span></td>' in page.get(at("suites")).text
    run(suite)
    assert '<td class="r">1 / 1</td>' in page.get(at("suites")).text
