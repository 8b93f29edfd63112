"""manage.py studio_replay: exit codes that CI understands, and JUnit XML that its readers take."""

import re
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from actionstudio.apps.design import editing
from actionstudio.apps.replay.models import Case, Outcome, Suite, SuiteRun
from actionstudio.apps.replay.suites import junit, saving, variables
from tests.apps.replay.suites.test_suite_running import called, contract, project, suite  # noqa: F401
from tests.runtime.upstream import Upstream

pytestmark = pytest.mark.django_db

# The elements of junit-10.xsd: the attributes each must and may have, and its children in the order they may come in
SCHEMA = {
    "testsuites": ({"name"}, {"time", "tests", "failures", "errors", "disabled"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests"},
        {"failures", "errors", "time", "skipped", "timestamp", "hostname", "id", "package"},
        ["properties", "testcase"],
    ),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": ({"name", "classname"}, {"time"}, ["skipped", "error", "failure", "system-out"]),
    "skipped": (set(), {"message"}, []),
    "error": (set(), {"message", "type"}, []),
    "failure": (set(), {"message", "type"}, []),
    "system-out": (set(), set(), []),
}


def wrong(element) -> list[str]:
    """What in an element is not as the schema has it."""
    must, may, children = SCHEMA[element.tag]
    found = [f"{element.tag}: {name}" for name in must - set(element.attrib) | set(element.attrib) - must - may]
    order = [children.index(one.tag) if one.tag in children else -1 for one in element]
    found += [f"{element.tag}: children"] if order != sorted(order) or -1 in order else []
    numbers = {"tests", "failures", "errors", "skipped", "id"} & set(element.attrib)
    found += [f"{element.tag}: {name}" for name in numbers if not re.fullmatch(r"\d+", element.attrib[name])]
    if "timestamp" in element.attrib and not re.fullmatch(r"[-\d]{10}T[:\d]{8}", element.attrib["timestamp"]):
        found.append("timestamp")
    if "time" in element.attrib and not re.fullmatch(r"\d+\.\d{3}", element.attrib["time"]):
        found.append("time")
    return found + [line for one in element for line in wrong(one)]


def test_it_is_silent_about_what_passes_and_ends_well(suite, capsys):  # noqa: F811
    call_command("studio_replay", "shop", "orders")
    assert capsys.readouterr().out == "ok passed  getItems\n1 of 1 case passed.\n"


def test_a_difference_ends_with_one_and_stands_in_the_file(suite, tmp_path, capsys):  # noqa: F811
    Case.objects.create(suite=suite, position=5, name="bad \x01 <name>", path="/items", query="a={{none}}")
    editing.replace(suite.project, contract({"total": "12", "name": "tea"}))
    file = tmp_path / "out.xml"
    with pytest.raises(SystemExit) as stopped:
        call_command("studio_replay", "shop", "orders", "--junit", str(file))
    assert stopped.value.code == 1
    assert "$.total became a string." in capsys.readouterr().out
    root = ElementTree.fromstring(file.read_bytes())
    assert wrong(root) == []
    suite_element = root.find("testsuite")
    assert [suite_element.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "1", "0"]
    failure = suite_element.find("testcase/failure")
    assert (failure.get("type"), failure.get("message")) == ("broken", "$.total became a string.")
    assert failure.text == "GET /items\n$.total became a string."
    properties = {one.get("name"): one.get("value") for one in suite_element.iter("property")}
    assert properties["project"] == "shop"
    assert properties["revision"] == "2"


def test_every_verdict_has_its_place_in_the_file(suite):  # noqa: F811
    run = SuiteRun.objects.create(suite=suite, state="done")
    rows = [
        Outcome(run=run, n=n, name=f"c{n}", method="GET", path="/", verdict=v, reason="Why.")
        for n, v in enumerate(Outcome.Verdict.values)
    ]  # noqa: E501
    root = ElementTree.fromstring(junit.render(run, rows))
    assert wrong(root) == []
    found = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert list(found.values()) == [[], ["failure"], ["failure"], ["error"], ["error"], ["skipped"]]


def test_what_may_change_something_elsewhere_is_listed_and_sent_only_when_confirmed(suite, capsys):  # noqa: F811
    for n in range(7):
        Case.objects.create(suite=suite, name=f"Refund {n}", method="POST", path="/refunds", position=n, whole=False)
    with Upstream() as server:
        arguments = ["shop", "orders", "--base-url", server.url]
        with pytest.raises(CommandError) as stopped:
            call_command("studio_replay", *arguments)
        assert stopped.value.returncode == 2
        host = f"127.0.0.1:{server.port}"
        assert f"POST /refunds to {host}, 7 cases: Refund 0, Refund 1," in str(stopped.value)
        assert "--confirm" in str(stopped.value)
        assert not server.seen and not SuiteRun.objects.exists()
        for _once_more in range(2):
            with pytest.raises(SystemExit):
                call_command("studio_replay", *arguments, "--confirm")
        assert len(server.seen) == 16
        with pytest.raises(CommandError):  # it was said of those runs alone
            call_command("studio_replay", *arguments)
        Suite.objects.update(agreed=[host])
        with pytest.raises(SystemExit):
            call_command("studio_replay", *arguments)
        assert len(server.seen) == 24


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "orders"], "no project"),
        (["shop", "nothing"], "It has: orders"),
        (["shop", "orders", "--base-url", "example.com"], "http"),
        (["shop", "orders", "--base-url", "http://a.example", "--target", "live"], "either"),
        (["shop", "orders", "--target", "revision:99"], "no version 99"),
        (["shop", "orders", "--target", "http://a.example"], "with --base-url"),
        (["shop", "orders", "--junit", "/no/such/folder/x.xml"], "no such folder"),
        (["shop", "orders", "--variable", "nonsense"], "NAME=VALUE"),
    ],
)
def test_bad_usage_ends_with_two_and_sends_nothing(suite, arguments, words):  # noqa: F811
    with pytest.raises(CommandError, match=words) as stopped:
        call_command("studio_replay", *arguments)
    assert stopped.value.returncode == 2
    assert not SuiteRun.objects.exists()


def test_a_suite_without_cases_ends_with_two(project):  # noqa: F811
    saving.create(project, "Empty")
    with pytest.raises(CommandError, match="no case"):
        call_command("studio_replay", "shop", "empty")


def test_a_variable_may_be_given_for_the_run_alone(suite):  # noqa: F811
    Case.objects.filter(suite=suite).update(headers=[["x-who", "{{who}}"]])
    variables.keep(suite, [{"name": "who", "secret": True}])
    with pytest.raises(SystemExit):
        call_command("studio_replay", "shop", "orders")
    call_command("studio_replay", "shop", "orders", "--variable", "who=secret-bob-1")
    assert "secret-bob-1" not in str(Outcome.objects.latest("pk").call)
    assert variables.secrets(suite) == {}
