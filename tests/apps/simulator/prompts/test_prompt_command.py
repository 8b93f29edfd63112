"""manage.py studio_prompts: exit codes, what is told, and the file for CI."""

import io
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command

from actionstudio.apps.simulator.models import PromptCase, PromptRun
from actionstudio.apps.simulator.prompts import keeping
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.provider import ProviderError, Reply, Usage
from actionstudio.apps.simulator.providers.provider import Wish as Call
from tests import make

pytestmark = pytest.mark.django_db


class Lister:
    """Lists whatever it is told."""

    label = "Lister"
    fails: Exception | None = None

    def stream(self, prompt, stopped=bool):
        if self.fails is not None:
            raise self.fails
        yield Reply("", (Call("1", "getItems", "{}"),), "calls", Usage(3, 1), {}, {}, ms=4)


@pytest.fixture
def model(monkeypatch):
    made = Lister()
    monkeypatch.setattr(table, "provider_of", lambda _endpoint, _project: made)
    return made


@pytest.fixture
def suite(ann, model):
    made = keeping.suite(make.project("shop", ann), None, {"name": "First"})
    for text, calls in (("What is there?", ["getItems"]), ("Tell me a <joke>\x00\x07", [])):
        keeping.case(keeping.fill(PromptCase(suite=made), {"turns": [text.replace("\x00", "")], "calls": calls}))
    return made


def run(*args) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("studio_prompts", *args, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_less_than_asked_for_is_exit_code_one_and_enough_is_zero(suite):
    code, told = run("shop", "first")
    assert code == 1
    assert "ok passed  What is there?" in told
    assert "getItems was called, and nobody expected it." in told
    assert "Scripted model: 1 of 2 passed; the right operation in 1, no call in 0 of 1." in told
    assert "50.0 % passed; 100.0 % had to." in told
    assert run("shop", "first", "--fail-under", "0.5")[0] == 0


def test_junit_has_no_two_cases_of_one_name(suite, tmp_path):
    keeping.case(keeping.fill(PromptCase(suite=suite), {"turns": ["What is there?"], "calls": ["getItems"]}))
    file = tmp_path / "prompts.xml"
    run("shop", "first", "--junit", str(file))
    names = [one.get("name") for one in ET.fromstring(file.read_bytes()).findall("testsuite/testcase")]
    assert names[0] == "What is there?" and names[-1] == "What is there? (2)"


def test_junit_holds_each_case_and_repetition(suite, tmp_path):
    file = tmp_path / "prompts.xml"
    assert run("shop", "first", "--repeat", "2", "--junit", str(file))[0] == 1
    root = ET.fromstring(file.read_bytes())
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "0")
    cases = root.findall("testsuite/testcase")
    assert [one.get("name") for one in cases][:2] == ["What is there? #1", "What is there? #2"]
    assert "\ufffd" in cases[2].get("name"), "what XML may not hold is replaced"
    assert cases[2].find("failure").get("message") == "getItems was called, and nobody expected it."
    names = {one.get("name"): one.get("value") for one in root.iter("property")}
    assert names["model"] == "Scripted model" and names["revision"] == "1" and names["run"].startswith("prun_")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nowhere", "first"), "no project “nowhere”"),
        (("shop", "gone"), "It has: first"),
        (("shop", "first", "--model", "gpt-99"), "--model: There is no model “gpt-99”. Known: scripted"),
        (("shop", "first", "--revision", "7"), "--revision: This project has no version 7."),
        (("shop", "first", "--repeat", "0"), "--repeat: Type a number from 1 to 20."),
        (("shop", "first", "--fail-under", "7"), "--fail-under: Type a number from 0 to 1."),
        (("shop", "first", "--junit", "/nowhere/at/all.xml"), "no such folder"),
    ],
)
def test_what_cannot_be_run_is_exit_code_two_before_anything_is_asked(suite, args, words):
    code, told = run(*args)
    assert code == 2 and words in told
    assert not PromptRun.objects.exists()


def test_a_model_that_answers_nothing_is_exit_code_two(suite, model):
    model.fails = ProviderError("The key is not accepted.", "key", 401)
    code, told = run("shop", "first", "--fail-under", "0")
    assert (code, told) == (2, "No answer came from Scripted model.")
    assert PromptRun.objects.get().counts == {"error": 2}
