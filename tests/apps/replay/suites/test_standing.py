"""How a suite stands: by its own target alone; how long it took; and that a case is not written over unseen."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.replay.models import Case, Suite, SuiteRun
from actionstudio.apps.replay.suites import junit, keeping, running
from actionstudio.core.behaviour import Around, Latency
from tests.apps.replay.suites.test_suite_pages import empty_sets
from tests.apps.replay.suites.test_suite_running import contract, project, suite  # noqa: F401
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db
JSON = "Content-Type: application/json"


def at(name, *args):
    return reverse(f"replay:{name}", args=["shop", *args])


def test_a_run_elsewhere_says_nothing_of_how_the_suite_stands(suite, client, ann):  # noqa: F811
    running.start(suite, by=ann)
    running.start(suite, by=ann)
    with Server(lambda seen: answer(b'{"total": "other"}', "200 OK", JSON)) as server:
        other = running.start(suite, by=ann, target=server.url)
        assert not other.passed
        assert Suite.objects.get().state == "passed"
        client.force_login(ann)
        page = client.get(at("suite", "orders"))
        assert [run.pk for run in page.context["trend"].runs] == [run.pk for run in suite.runs.all()[1:]][::-1]
        assert {case.verdict for case in page.context["cases"]} == {"passed"}
        assert server.url in page.text and "Only runs to the suite" in page.text
        (row,) = client.get(at("suites")).context["rows"]
        assert row.run.passed
        keeping.suite(suite.project, suite, {"target": server.url})
        assert Suite.objects.get().state == "differs"


def test_a_run_without_any_answer_does_not_differ(suite, client, ann):  # noqa: F811
    Case.objects.update(query="a={{none}}")
    made = running.start(suite, by=ann)
    assert (made.passed, made.answered, Suite.objects.get().state) == (False, False, "failed")
    client.force_login(ann)
    page = client.get(at("suite-run", "orders", made.pk)).text
    assert "no answer</span>" in page and "differs</span>" not in page


def test_a_latency_that_is_not_waited_for_is_no_time_of_the_run(suite, client, ann):  # noqa: F811
    made = contract({"total": 12, "name": "tea"})
    (operation,) = made.operations
    around = Around(latency=Latency(low=3000))
    editing.replace(suite.project, replace(made, operations=(replace(operation, around=around),)))
    run = running.start(suite, by=ann)
    assert run.took_us >= 3_000_000 and run.lasted.total_seconds() < 3
    root = ElementTree.fromstring(junit.render(run, list(run.outcomes.all())))
    assert float(root.get("time")) < 3 <= float(root.find("testsuite/testcase").get("time"))
    client.force_login(ann)
    assert "though the run does not wait for it" in client.get(at("suite-run", "orders", run.pk)).text


def test_a_case_that_changed_meanwhile_is_not_written_over_unseen(suite, client, ann):  # noqa: F811
    client.force_login(ann)
    url = at("case", "orders", Case.objects.get().pk)
    stamp = client.get(url).context["stamp"]
    client.post(url, empty_sets(name="first", stamp=stamp))
    asked = client.post(url, empty_sets(name="second", path="/things", stamp=stamp))
    assert asked.status_code == 409 and Case.objects.get().name == "first"
    assert "Yours differs in: Name, Path" in asked.text and "second" in asked.text
    assert client.post(url, empty_sets(name="second", stamp=asked.context["stamp"], force="1")).status_code == 302
    assert Case.objects.get().name == "second"
    assert client.post(url, empty_sets(name="third", stamp=asked.context["stamp"])).status_code == 409


def test_a_wrong_field_does_not_take_the_stamp_of_the_other(suite, client, ann):  # noqa: F811
    client.force_login(ann)
    url = at("case", "orders", Case.objects.get().pk)
    stamp = client.get(url).context["stamp"]
    client.post(url, empty_sets(name="first", stamp=stamp))
    wrong = client.post(url, empty_sets(name="second", path="nowhere", stamp=stamp))
    assert (wrong.status_code, wrong.context["stamp"]) == (422, stamp)
    assert SuiteRun.objects.count() == 0
