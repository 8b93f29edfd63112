"""studio_check: a document judged on the command line, for people and for CI, without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actionstudio.apps.gpt import inspecting, reporting
from actionstudio.runtime import outbound
from tests.apps.gpt.documents import CLEAN, WRONG
from tests.core.test_sarif import faults

ROOT = Path(__file__).parents[3]


@pytest.fixture
def written(tmp_path):
    """``written(text)``: the path of a file with that text."""

    def write(text: str, name: str = "openapi.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def run(source: str, **options) -> tuple[int, str]:
    """The exit status and what was printed."""
    out = io.StringIO()
    try:
        call_command("studio_check", source, stdout=out, **options)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_a_clean_document_ends_with_zero(written):
    status, text = run(written(CLEAN))
    assert status == 0
    assert "ChatGPT imports this in silence: 1 operation, no message." in text


def test_a_loss_ends_with_one_and_names_line_and_column(written):
    path = written(WRONG)
    status, text = run(path)
    assert status == 1
    assert f"{path}:6:5: drops-op OP-02 In path /things, method get is missing operationId; skipping" in text
    assert "repair: operation-ids" in text
    assert text.rstrip().splitlines()[-1].startswith(f"{path}: ChatGPT refuses this document")


def test_advice_is_printed_on_wish_only(written):
    path = written(CLEAN)
    assert ": advice " not in run(path)[1]
    assert "see --advice" in run(path)[1]
    assert ": advice " in run(path, advice=True)[1]


@pytest.mark.parametrize(("level", "status"), [("fatal", 0), ("drops-param", 0), ("advice", 1)])
def test_how_bad_is_too_bad_can_be_told(written, level, status):
    assert run(written(CLEAN), fail_on=level)[0] == status


def test_what_the_importer_says_the_checks_do_not_repeat(written):
    found = inspecting.inspect(WRONG.encode()).found
    assert "missing-operation-id" not in {one.rule for one in found}
    assert [one.rule for one in found if one.pointer.startswith("/paths/~1things/get")].count("OP-02") == 1


def test_json_tells_everything_to_programs(written):
    status, text = run(written(WRONG), form="json")
    told = json.loads(text)
    assert (status, told["failed"], told["outcome"], told["target"]) == (1, True, "refused", "gpt")
    first = next(one for one in told["found"] if one["rule"] == "OP-02")
    assert (first["line"], first["column"], first["level"], first["repair"]) == (6, 5, "drops-op", "operation-ids")
    assert [op["kept"] for op in told["operations"]] == [False, False]


@pytest.mark.parametrize("target", ["gpt", "plugin", "mcp", "openai"])
@pytest.mark.parametrize("document", [CLEAN, WRONG], ids=["clean", "wrong"])
def test_sarif_keeps_the_standard(written, target, document, monkeypatch, tmp_path):
    written(document, "my api.yaml")
    monkeypatch.chdir(tmp_path)
    _status, text = run("my api.yaml", form="sarif", target=target)
    log = json.loads(text)
    assert faults(log) == []
    results = log["runs"][0]["results"]
    assert results
    assert all("ruleIndex" in result for result in results)
    locations = [result["locations"][0]["physicalLocation"] for result in results]
    assert {location["artifactLocation"]["uri"] for location in locations} == {"my%20api.yaml"}
    assert all(location["region"]["startLine"] >= 1 for location in locations)


def test_sarif_rules_say_what_they_are_about(written):
    log = json.loads(run(written(WRONG), form="sarif")[1])
    rules = {rule["id"]: rule["shortDescription"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["OP-02"] == "Every operation has a name."
    assert rules["DOC-02"] == "“openapi” is 3.1.0 or 3.1.1."
    assert not [code for code, title in rules.items() if title == code]


@pytest.mark.parametrize("target", ["plugin", "mcp", "openai"])
def test_other_targets_are_judged_by_the_checks_alone(written, target):
    inspection = inspecting.inspect(WRONG.encode(), target)
    assert inspection.imported is None
    assert not any(one.lines for one in inspection.found)


@pytest.mark.parametrize(
    ("text", "why"),
    [("openapi: [", "not valid YAML"), ("", "nothing here"), ("<html>", "web page"), ("a: 1\na: 2", "a second time")],
)
def test_what_is_no_document_ends_with_two(written, text, why):
    with pytest.raises(CommandError, match=why) as refused:
        run(written(text))
    assert refused.value.returncode == 2


NO_API = '{"asyncapi": "2.0.0"}'


def test_a_json_that_is_no_api_is_refused_by_chatgpt_and_unreadable_for_others(written):
    assert run(written(NO_API))[0] == 1
    with pytest.raises(CommandError) as refused:
        run(written(NO_API), target="mcp")
    assert refused.value.returncode == 2


COMMAND = "curl https://a.example/orders"


def test_another_format_is_judged_by_the_document_made_of_it(written):
    status, text = run(written(COMMAND))
    assert status == 0
    assert "Detected: curl command. ChatGPT takes OpenAPI only; this is about the document made of it." in text
    told = json.loads(run(written(COMMAND), form="json")[1])
    assert [op["path"] for op in told["operations"]] == ["/orders"]
    assert told["detected"] == "curl command" and told["as_it_is"]
    assert not any(one["line"] for one in told["found"])
    assert faults(json.loads(run(written(COMMAND), form="sarif")[1])) == []


def test_another_format_is_judged_for_other_targets_too(written):
    inspection = inspecting.inspect(COMMAND.encode(), "mcp")
    assert inspection.imported is None and inspection.as_it_is is None
    assert inspection.detected == "curl command"


def test_a_missing_file_ends_with_two(tmp_path):
    with pytest.raises(CommandError, match="No such file") as refused:
        run(str(tmp_path / "nowhere.yaml"))
    assert refused.value.returncode == 2


@pytest.mark.parametrize("status", [200, 404])
def test_a_link_is_fetched(monkeypatch, status):
    answer = outbound.Fetched(status, (), CLEAN.encode(), "https://a.example/x", 1)
    monkeypatch.setattr(outbound, "fetch", lambda *args, **options: answer)
    if status == 200:
        assert run("https://a.example/x")[0] == 0
        return
    with pytest.raises(CommandError, match="the server answered 404") as refused:
        run("https://a.example/x")
    assert refused.value.returncode == 2


def test_many_lines_of_one_defect_are_counted():
    found = inspecting.Found("DOC-03", "degrades", tuple(f"line {n}" for n in range(9)), "Why.", "/x")
    text = reporting.as_text("a.yaml", inspecting.Inspection("gpt", (found,)))
    assert "line 4" in text and "line 5" not in text
    assert "and 4 more lines" in text


def manage(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], "STUDIO_DATA_DIR": str(folder), "TMPDIR": str(folder.parent)}
    command = [sys.executable, str(ROOT / "manage.py"), "studio_check", *arguments]
    return subprocess.run(
        command, cwd=folder.parent, env=environment, input=stdin, capture_output=True, text=True, check=False
    )


def test_it_needs_no_database_and_leaves_nothing_behind(tmp_path):
    done = manage("-", "--format", "json", folder=tmp_path / "data", stdin=WRONG)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["source"] == "stdin"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [[], ["-", "--target", "siri"], ["-", "--format", "xml"], ["no-such-file"], ["-"]]
)
def test_a_wrong_call_ends_with_two(tmp_path, arguments):
    done = manage(*arguments, folder=tmp_path / "data")
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
