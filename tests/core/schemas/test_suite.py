"""The JSON-Schema-Test-Suite, draft 2020-12: our validator agrees with it, and what we make is valid by another's word.

There are no exceptions: the suite is vendored in tests/vendor/json-schema-test-suite, the documents that its schemas
refer to are handed in (nothing is ever fetched).
"""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema_specifications import REGISTRY
from referencing import Resource
from referencing.jsonschema import DRAFT202012

from actionstudio.core.behaviour import Examples, Generated
from actionstudio.core.contract import Media, Response
from actionstudio.core.schemas.sample import compile_sampler
from actionstudio.core.schemas.validate import compile_validator
from tests import make
from tests.runtime.house import ask, front

SUITE = Path(__file__).parents[2] / "vendor" / "json-schema-test-suite"
SERVER = "http://localhost:1234/"
FILES = sorted(path.stem for path in (SUITE / "draft2020-12").glob("*.json"))
SEEDS = range(8)
LONGEST = 5.0  # seconds of work for one schema, on a busy machine


@cache
def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((SUITE / "draft2020-12" / f"{name}.json").read_text())


@cache
def documents() -> dict[str, Any]:
    """What the suite's own server would serve, by URI."""
    found = sorted((SUITE / "remotes").rglob("*.json"))
    return {SERVER + path.relative_to(SUITE / "remotes").as_posix(): json.loads(path.read_text()) for path in found}


@cache
def registry():
    made = [(uri, Resource.from_contents(one, default_specification=DRAFT202012)) for uri, one in documents().items()]
    return REGISTRY.with_resources(made)


def judge(schema: Any) -> jsonschema.Draft202012Validator:
    """Another project's validator."""
    return jsonschema.Draft202012Validator(schema, registry=registry())


def satisfiable(name: str) -> list[dict[str, Any]]:
    return [case for case in cases(name) if any(test["valid"] for test in case["tests"])]


def test_the_suite_is_whole():
    assert len(FILES) == 46
    assert sum(len(case["tests"]) for name in FILES for case in cases(name)) > 1_250


@pytest.mark.parametrize("name", FILES)
def test_the_validator_agrees_with_every_required_test(name):
    wrong = []
    for case in cases(name):
        checker = compile_validator(case["schema"], {}, formats=False, documents=documents())
        assert not checker.notes, case["description"]
        for test in case["tests"]:
            if checker.ok(test["data"]) != test["valid"] or bool(checker.violations(test["data"])) == test["valid"]:
                wrong.append((case["description"], test["description"]))
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_every_schema_that_has_a_valid_value_is_given_one(name):
    wrong = []
    for case in satisfiable(name):
        began = time.process_time()
        sampler = compile_sampler(case["schema"], {}, documents=documents())
        made = [sampler.sample(seed) for seed in SEEDS]
        assert time.process_time() - began < LONGEST, case["description"]
        valid = judge(case["schema"]).is_valid
        wrong += [(case["description"], value) for value in made if not valid(value)]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("behaviour", [Examples(), Generated()], ids=["examples", "generated"])
def test_a_mock_answers_with_a_valid_value_whatever_the_schema(name, behaviour):
    wrong = []
    for case in satisfiable(name):
        if SERVER in json.dumps(case["schema"]):
            continue  # a contract holds all it refers to
        answers = (Response("200", "OK", content=(Media("application/json", case["schema"]),)),)
        door = front(make.contract(make.operation(responses=answers, behaviour=behaviour)))
        valid = judge(case["schema"]).is_valid
        for number in range(3):
            found = ask(door, "GET", f"/items?n={number}")
            right = found.reply.status == 200 and not found.record.violations
            if not right or not valid(json.loads(found.reply.body)):
                wrong.append((case["description"], found.reply.body))
    assert wrong == []
