"""What checks found as SARIF 2.1.0 (OASIS standard, errata 01), the format in which CI systems take findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

type JSON = Any

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SEVERITIES = ("error", "warning", "note")  # section 3.27.10; "none" is for results that are no problem


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that results name: its id, a few words, and the whole explanation as Markdown or plain text."""

    id: str
    title: str
    about: str = ""
    severity: str = "warning"


@dataclass(frozen=True, slots=True)
class Result:
    """One finding. ``pointer`` is where in the document; ``line`` and ``column`` count from 1, 0 when not known."""

    rule: str
    severity: str
    message: str
    pointer: str = ""
    line: int = 0
    column: int = 0
    properties: Mapping[str, JSON] | None = None


def render(uri: str, results: Sequence[Result], rules: Iterable[Rule], *, tool: str, version: str) -> dict[str, JSON]:
    """The log of one run of ``tool`` over the document at ``uri`` (a relative path or a URL).

    Only the rules that a result names are told. Every result has a location, a region when its line is known, and a
    fingerprint that stays when lines move.
    """
    named = {result.rule for result in results}
    told = [rule for rule in rules if rule.id in named]
    index = {rule.id: place for place, rule in enumerate(told)}
    driver = {"name": tool, "version": version, "rules": [_rule(rule) for rule in told]}
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {"driver": driver},
                "artifacts": [{"location": {"uri": uri}}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(uri, result, index) for result in results],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, JSON]:
    out: dict[str, JSON] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": rule.severity},
    }
    if rule.about:
        out["fullDescription"] = {"text": rule.about}
        out["help"] = {"text": rule.about}
    return out


def _result(uri: str, result: Result, index: Mapping[str, int]) -> dict[str, JSON]:
    physical: dict[str, JSON] = {"artifactLocation": {"uri": uri, "index": 0}}
    if result.line:
        physical["region"] = {"startLine": result.line, **({"startColumn": result.column} if result.column else {})}
    location: dict[str, JSON] = {"physicalLocation": physical}
    if result.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": result.pointer, "kind": "value"}]
    out: dict[str, JSON] = {
        "ruleId": result.rule,
        "level": result.severity,
        "message": {"text": result.message},
        "locations": [location],
        "partialFingerprints": {"pointer/v1": _fingerprint(result)},
    }
    if result.rule in index:
        out["ruleIndex"] = index[result.rule]
    if result.properties:
        out["properties"] = dict(result.properties)
    return out


def _fingerprint(result: Result) -> str:
    return sha256(f"{result.rule}\n{result.pointer}\n{result.message}".encode()).hexdigest()[:32]
