"""A run as JUnit XML, as Jenkins, GitLab and GitHub actions read it: one testcase a case.

The shape is that of the schema which Jenkins' xUnit plug-in publishes (junit-10.xsd): testsuites > testsuite >
properties, testcase > skipped | error | failure | system-out. A case that differs is a failure; one that got no answer,
or could not be sent, is an error; one that passed though ChatGPT would refuse to send its call tells that. The time of
the whole is how long the run took, that of a case how long its answer takes as callers get it: a latency that a mock
simulates is counted in the second alone.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from actionstudio.apps.replay.suites import telling
from actionstudio.apps.replay.suites.models import Outcome, SuiteRun

Verdict = Outcome.Verdict
TAGS = {
    Verdict.CHANGED: "failure",
    Verdict.BROKEN: "failure",
    Verdict.REFUSED: "error",
    Verdict.ERROR: "error",
    Verdict.SKIPPED: "skipped",
}
# What XML 1.0 may not hold (section 2.2), however it is written
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: SuiteRun, outcomes: Sequence[Outcome]) -> bytes:
    """The file."""
    counts = {tag: sum(TAGS.get(row.verdict) == tag for row in outcomes) for tag in ("failure", "error", "skipped")}
    numbers = {
        "tests": str(len(outcomes)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "time": f"{run.lasted.total_seconds():.3f}",
    }
    name = plain(run.suite.name)
    root = ET.Element("testsuites", {"name": name, **numbers})
    begun = (run.begun or run.created).strftime("%Y-%m-%dT%H:%M:%S")
    more = {"skipped": str(counts["skipped"]), "timestamp": begun, "hostname": plain(socket.gethostname()), "id": "0"}
    suite = ET.SubElement(root, "testsuite", {"name": name, "package": run.suite.project.slug, **numbers, **more})
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(run):
        ET.SubElement(properties, "property", {"name": key, "value": plain(value)})
    for row in outcomes:
        _case(suite, run, row)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8") + b"\n"


def _properties(run: SuiteRun) -> list[tuple[str, str]]:
    found = [
        ("project", run.suite.project.slug),
        ("suite", run.suite.slug),
        ("target", run.target),
        ("run", str(run.pk)),
    ]
    return found + ([("revision", str(run.revision))] if run.revision else [])


def _case(suite: ET.Element, run: SuiteRun, row: Outcome) -> None:
    classname = f"{run.suite.project.slug}.{run.suite.slug}"
    told = {"name": plain(row.name), "classname": classname, "time": seconds(row.took_us)}
    case = ET.SubElement(suite, "testcase", told)
    refusal = telling.refusal(row)
    if tag := TAGS.get(row.verdict):
        lines = [plain(text) for text in filter(None, [*telling.sentences(row), refusal])]
        message = lines[0] if lines else telling.verdict(row.verdict)
        if tag == "skipped":
            ET.SubElement(case, tag, {"message": message})
        else:
            found = ET.SubElement(case, tag, {"type": row.verdict, "message": message})
            found.text = "\n".join([f"{row.method} {plain(row.path)}", *lines])
    elif refusal:
        ET.SubElement(case, "system-out").text = plain(refusal)


def seconds(microseconds: int) -> str:
    """A time as the schema has it."""
    return f"{microseconds / 1_000_000:.3f}"


def plain(text: str) -> str:
    """A text that XML may hold."""
    return _ILLEGAL.sub("\ufffd", str(text))
