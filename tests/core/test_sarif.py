"""SARIF: what the standard demands of a log, held against the schema's own constraints."""

import json
import re

import pytest

from actionstudio.core import sarif

RULES = [sarif.Rule("OP-02", "Every operation has a name", "Why.", "error"), sarif.Rule("SCH-01", "Unused here")]
RESULTS = [
    sarif.Result("OP-02", "error", "In path /x …", "/paths/~1x/get", 12, 5, {"level": "drops-op"}),
    sarif.Result("DOC-09", "note", "Somewhere"),
]


def faults(log: dict) -> list[str]:
    """What the SARIF 2.1.0 schema (and sections 3.13 to 3.52) would refuse, as far as we write it."""
    found = []

    def need(holds: bool, what: str) -> None:
        if not holds:
            found.append(what)

    need(log.get("version") == "2.1.0", "3.13.2: version")
    need(re.match(r"https://\S+\.json$", log.get("$schema", "")) is not None, "3.13.3: $schema is a URI")
    need(set(log) <= {"$schema", "version", "runs", "inlineExternalProperties", "properties"}, "3.13: no other keys")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        need(bool(driver.get("name")), "3.19.8: driver.name")
        ids = [rule["id"] for rule in driver.get("rules", [])]
        need(len(ids) == len(set(ids)), "3.19.23: rules are unique")
        for rule in driver.get("rules", []):
            need(rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error"), "3.50.3: level")
            for name in ("shortDescription", "fullDescription", "help"):
                need(name not in rule or bool(rule[name].get("text")), f"3.12.3: {name}.text")
        need(run.get("columnKind") in (None, "utf16CodeUnits", "unicodeCodePoints"), "3.14.17: columnKind")
        for result in run["results"]:
            need(bool(result["message"].get("text")), "3.27.11: message")
            need(result.get("level") in ("none", "note", "warning", "error"), "3.27.10: level")
            need("ruleIndex" not in result or ids[result["ruleIndex"]] == result["ruleId"], "3.27.6: ruleIndex")
            prints = result.get("partialFingerprints", {})
            need(all(isinstance(value, str) for value in prints.values()), "3.27.17: fingerprints are strings")
            for location in result["locations"]:
                physical = location["physicalLocation"]
                artifact = physical["artifactLocation"]
                need(artifact["uri"] == run["artifacts"][artifact["index"]]["location"]["uri"], "3.4.5: index")
                need(re.match(r"[^\s\\]+$", artifact["uri"]) is not None, "3.4.3: uri is an RFC 3986 reference")
                region = physical.get("region", {"startLine": 1})
                need(region["startLine"] >= 1 and region.get("startColumn", 1) >= 1, "3.30.5: lines count from 1")
    return found


def log(results=RESULTS) -> dict:
    return json.loads(json.dumps(sarif.render("api/openapi.yaml", results, RULES, tool="Action Studio", version="1.0")))


def test_a_log_keeps_the_standard():
    assert faults(log()) == []


def test_nothing_found_is_a_log_too():
    assert faults(log([])) == []
    assert log([])["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("breaking", "fault"),
    [
        (lambda made: made.update(version="2.0"), "3.13.2: version"),
        (lambda made: made["runs"][0]["results"][0].update(level="fatal"), "3.27.10: level"),
        (lambda made: made["runs"][0]["results"][0]["message"].update(text=""), "3.27.11: message"),
        (lambda made: made["runs"][0]["tool"]["driver"].update(name=""), "3.19.8: driver.name"),
    ],
)
def test_the_check_of_the_standard_can_fail(breaking, fault):
    made = log()
    breaking(made)
    assert fault in faults(made)


def test_only_rules_that_were_found_are_told():
    assert [rule["id"] for rule in log()["runs"][0]["tool"]["driver"]["rules"]] == ["OP-02"]


def test_a_line_that_is_not_known_has_no_region():
    first, second = (result["locations"][0] for result in log()["runs"][0]["results"])
    assert first["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 5}
    assert first["logicalLocations"][0]["fullyQualifiedName"] == "/paths/~1x/get"
    assert "region" not in second["physicalLocation"]


def test_a_finding_keeps_its_fingerprint_when_lines_move():
    moved = [sarif.Result("OP-02", "error", "In path /x …", "/paths/~1x/get", 40, 1)]
    prints = [made["runs"][0]["results"][0]["partialFingerprints"] for made in (log(), log(moved))]
    assert prints[0] == prints[1]
