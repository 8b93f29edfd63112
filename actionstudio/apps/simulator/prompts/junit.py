"""A prompt run as JUnit XML, in the shape of a suite's (replay/suites/junit.py): one testsuite a model, one testcase a
case and repetition. What got no answer is an error, what was answered otherwise a failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from actionstudio.apps.replay.suites.junit import plain, seconds
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun
from actionstudio.apps.simulator.prompts import telling

Verdict = PromptOutcome.Verdict
TAGS = {Verdict.FAILED: "failure", Verdict.ERROR: "error", Verdict.SKIPPED: "skipped"}


def render(run: PromptRun, outcomes: Sequence[PromptOutcome]) -> bytes:
    """The file."""
    root = ET.Element("testsuites", {"name": plain(run.suite.name), **_numbers(outcomes)})
    for number, asked in enumerate(run.asks):
        rows = [row for row in outcomes if row.model == number]
        begun = (run.begun or run.created).strftime("%Y-%m-%dT%H:%M:%S")
        skipped = str(sum(row.verdict == Verdict.SKIPPED for row in rows))
        more = {"skipped": skipped, "timestamp": begun, "id": str(number), "package": run.suite.project.slug}
        name = plain(f"{run.suite.name}: {asked['label']}")
        suite = ET.SubElement(root, "testsuite", {"name": name, **_numbers(rows), **more})
        properties = ET.SubElement(suite, "properties")
        for key, value in _properties(run, asked):
            ET.SubElement(properties, "property", {"name": key, "value": plain(value)})
        seen: Counter[str] = Counter()
        for row in rows:
            name = row.name if run.repeat == 1 else f"{row.name} #{row.time + 1}"
            seen[name] += 1
            _case(suite, run, row, name if seen[name] == 1 else f"{name} ({seen[name]})")
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8") + b"\n"


def _numbers(rows: Sequence[PromptOutcome]) -> dict[str, str]:
    return {
        "tests": str(len(rows)),
        "failures": str(sum(row.verdict == Verdict.FAILED for row in rows)),
        "errors": str(sum(row.verdict == Verdict.ERROR for row in rows)),
        "time": seconds(sum(row.ms for row in rows) * 1000),
    }


def _properties(run: PromptRun, asked: dict[str, str]) -> list[tuple[str, str]]:
    return [
        ("project", run.suite.project.slug),
        ("suite", run.suite.slug),
        ("run", run.public_id),
        ("model", asked["label"]),
        ("revision", str(run.revision or "")),
        ("tools", run.tools_hash),
    ]


def _case(suite: ET.Element, run: PromptRun, row: PromptOutcome, name: str) -> None:
    """One outcome. ``name`` is its own within the testsuite: CI puts cases of one name together."""
    told = {"name": plain(name), "classname": f"{run.suite.project.slug}.{run.suite.slug}"}
    case = ET.SubElement(suite, "testcase", {**told, "time": seconds(row.ms * 1000)})
    tag = TAGS.get(Verdict(row.verdict)) if row.verdict else None
    if tag is None:
        return
    lines = [plain(text) for text in telling.sentences(row)]
    message = lines[0] if lines else telling.verdict(row.verdict)
    if tag == "skipped":
        ET.SubElement(case, tag, {"message": message})
    else:
        found = ET.SubElement(case, tag, {"type": row.verdict, "message": message})
        found.text = "\n".join([plain(row.value.utterance), *lines])
