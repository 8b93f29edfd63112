"""What a message means beside its text: its place, its cause, its cure; and what the model sees afterwards."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from actionstudio.core import limits
from actionstudio.core.importer import (
    profile,
    simulate,
    simulate_document,
    unreadable,
)
from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.importer.verdict import defects
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import openapi, text
from actionstudio.core.specs.pointers import MISSING, find
from actionstudio.core.specs.readers import openapi as reader
from tests.core.importer import golden
from tests.core.importer.documents import document

ROOT = Path(__file__).resolve().parents[3]
STARTERS = sorted((ROOT / "actionstudio" / "apps" / "library" / "starters").glob("*.yaml"))


def results():
    return [(path.stem, golden.read(path)) for path in golden.FILES]


def test_a_pointer_leads_into_the_document():
    for name, case in results():
        result = case.run()
        if result.messages and result.messages[0].rule == "DOC-01":
            continue
        doc = text.parse(case.document)
        for message in (*result.messages, *result.silent):
            missing = message.rule in ("SRV-01", "DOC-09")
            assert missing or find(doc, f"#{message.pointer}") is not MISSING, (name, message)


def test_every_message_says_what_it_means_and_how_sure_it_is():
    for name, case in results():
        for message in case.run().messages:
            assert message.explanation and message.explanation != message.text, name
            assert message.confidence in "ABCDE" and message.layer != "silent"


def test_a_repair_that_a_message_names_exists():
    named = {message.repair for _, case in results() for message in (*case.run().messages, *case.run().silent)}
    assert named - {""} <= set(REPAIRS)


def test_one_defect_is_one_cause_however_often_it_is_told():
    case = golden.read(golden.FOLDER / "structure-cascade.txt")
    result = case.run()
    assert len(result.messages) > 3 and len(defects(result.messages)) == 1
    assert {message.repair for message in result.messages} == {"unreadable-keywords"}


def test_a_dead_reference_and_the_operation_it_takes_along_are_one_cause():
    result = golden.read(golden.FOLDER / "reference-unknown.txt").run()
    gone = [defect for defect in defects(result.messages) if "Gone" in defect.messages[0].text]
    assert len(gone) == 1
    assert [message.rule for message in gone[0].messages] == ["DOC-06", "OP-07", "DOC-06", "DOC-06"]


def test_two_defects_are_two_causes():
    doc = document()
    doc["components"]["schemas"]["Thing"]["properties"]["size"] = {"type": "int"}
    doc["components"]["schemas"]["Thing"]["properties"]["tags"]["items"] = {"type": "text"}
    assert len(defects(simulate_document(doc).messages)) == 2


def test_text_that_cannot_be_read_names_line_and_column():
    message = simulate('{"openapi": "3.1.0",\n "info": ]').messages[0]
    assert message.text == "Could not parse valid OpenAPI spec"
    assert "line 2" in message.explanation.lower() and "column" in message.explanation.lower()


def test_what_only_we_refuse_is_called_a_guess():
    message = simulate('{"openapi": "3.1.0", "openapi": "3.1.1"}').messages[0]
    assert message.confidence == "E" and "second time" in message.explanation and "guess" in message.explanation


def test_a_text_that_was_read_elsewhere_has_its_size():
    assert simulate_document(document(), size=2_000_000).silent[0].rule == "DOC-08"
    assert unreadable(Problem("", "No.", "syntax"), 7).size == 7


def test_text_above_a_million_characters_is_noted():
    doc = openapi.to_json(document()).decode()
    assert not simulate(doc).silent
    notes = simulate(doc + " " * limits.DOCUMENT_BYTES).silent
    assert [note.rule for note in notes] == ["DOC-08"]


def test_the_model_sees_what_survived():
    doc = document()
    doc["paths"]["/things"]["get"].pop("operationId")
    result = simulate_document(doc)
    assert result.root == result.server == "https://api.example.com"
    assert list(result.arguments) == ["addThing", "getThing"]
    assert [(item.name, item.in_, item.required, item.description) for item in result.arguments["addThing"]] == [
        ("name", "body", True, "What it is called"),
        ("size", "body", False, ""),
        ("tags", "body", False, ""),
    ]
    assert result.namespace.startswith("## api_example_com__jit_plugin\n")
    assert "// What it is called\nname: string,\nsize?: number,\ntags?: string[],\n}) => any;" in result.namespace
    assert "listThings" not in result.namespace
    assert result.characters == len(result.namespace)


def test_a_refused_document_leaves_the_model_nothing():
    result = simulate_document(document(servers=[]))
    assert result.fatal and not result.kept and not result.arguments and result.namespace == ""


def test_bytes_and_text_are_the_same():
    data = openapi.to_json(document())
    assert simulate(data).operations == simulate(data.decode()).operations == simulate_document(document()).operations


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("root", ["https://pets.live.example.com", "http://pets.live.localhost:8000"])
def test_every_starter_imports_in_silence(path, root):
    raw = text.parse(path.read_text())
    studio = raw.get("x-studio", {})
    contract = reader.read(raw).contract
    offered = [
        dataclasses.replace(op, exposed=op.operation_id not in studio.get("hidden", ())) for op in contract.operations
    ]
    repairs = studio.get("always", {}).get("repairs", {})
    contract = dataclasses.replace(contract, operations=tuple(offered), repairs=repairs)
    result = simulate_document(openapi.render(contract, profile="gpt", servers=[root]), root)
    assert result.clean and not result.silent and not result.fatal
    assert len(result.kept) == sum(op.exposed for op in contract.operations) and result.root == root


def readable():
    """The golden documents that our reader takes."""
    for name, case in results():
        try:
            yield name, reader.read(text.parse(case.document)).contract
        except Refused:
            assert case.run().fatal, name


def test_after_all_repairs_every_document_imports_in_silence_and_loses_nothing():
    for name, contract in readable():
        mended = profile.enabled(contract, None)
        served = openapi.render(mended, profile="gpt", servers=["https://pets.live.example.com"])
        result = simulate_document(served, "https://pets.live.example.com")
        able = [op for op in contract.operations if op.method in ("GET", "POST", "PUT", "PATCH", "DELETE")]
        assert result.clean, (name, result.messages)
        assert len(result.kept) == min(len(able), limits.OPERATIONS), name


def test_the_models_are_loaded_only_when_somebody_asks():
    code = "import sys, actionstudio.core.importer; sys.exit('openapi_pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_an_operation_keeps_whether_the_document_says_that_it_asks():
    post = {"operationId": "add", "responses": {"200": {"description": "OK"}}}
    said = [({}, None), ({"x-openai-isConsequential": True}, True), ({"x-openai-isConsequential": "yes"}, None)]
    for more, flag in said:
        doc = document() | {"paths": {"/items": {"get": {**post, **more, "operationId": "list"}, "post": post | more}}}
        reads, adds = simulate_document(doc).kept
        assert (reads.consequential, adds.consequential) == (flag, flag)
        assert (reads.asks, adds.asks) == (bool(flag), True)
