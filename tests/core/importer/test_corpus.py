"""Real documents: none crashes, what is written says what was read, and nearly all import in silence once repaired."""

import os

import orjson
import pytest

from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers.openapi import read
from tests.corpus import documents, judge, same

SMALL = 1_500_000  # bytes; `make corpus` takes them all
SCHEMAS = 25  # shared schemas of a document whose meaning is asked for
EVERY = 2  # documents: so many get that question


@pytest.fixture(scope="module")
def rows():
    return [judge.judge(path) for path in sample()]


def sample():
    try:
        return [path for path in documents.sample() if path.stat().st_size <= SMALL]
    except documents.Unavailable as why:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            raise
        pytest.skip(str(why))


def test_no_document_crashes_the_import(rows):
    assert not [(row.name, row.crash) for row in rows if row.crash]
    assert len(rows) > 100


def test_the_full_profile_says_what_the_source_says(rows):
    assert not {row.name: row.different for row in rows if row.different}


def test_written_read_and_written_again_it_is_the_same(rows):
    assert not [row.name for row in rows if row.drifting]


def test_nearly_all_are_clean_after_make_it_import_cleanly(rows):
    able = [row for row in rows if row.callable]
    dirty = {row.name: row.left[:3] or row.missing or row.refused for row in able if not row.clean}
    assert len(dirty) <= len(able) * 0.05, dirty


def test_no_operation_is_lost_but_by_the_choice_of_thirty(rows):
    assert not {row.name: row.missing for row in rows if row.missing}


def test_a_validator_of_each_dialect_judges_alike():
    asked = 0
    for path in sample()[::EVERY]:
        source = orjson.loads(path.read_bytes())
        contract = read(source).contract
        if not read_by_the_letter(source):
            continue
        values = {name: candidates(contract.schemas(), name) for name in list(contract.schemas())[:SCHEMAS]}
        asked += len(values)
        assert not same.verdicts_differ(source, openapi.render(contract), values), path
    assert asked > 100


def read_by_the_letter(node):
    """Whether nothing in it is read by the habit of writers instead (docs/decisions/0006), or differs by direction."""
    if isinstance(node, list):
        return all(map(read_by_the_letter, node))
    if not isinstance(node, dict):
        return True
    if node.get("nullable") is True and ("type" not in node or "enum" in node):
        return False
    return not (node.get("readOnly") or node.get("writeOnly")) and all(map(read_by_the_letter, node.values()))


def candidates(schemas, name):
    """Values that fit the shared schema, or nearly."""
    try:
        value = compile_sampler(schemas[name], schemas).sample(1)
    except (SchemaError, Unsatisfiable, RecursionError):
        return [None, {}]
    return [value, None, {}, [value], *_less(value)]


def _less(value):
    if isinstance(value, dict):
        yield from ({key: item for key, item in value.items() if key != gone} for gone in list(value)[:4])
        yield from ({**value, key: None} for key in list(value)[:4])
