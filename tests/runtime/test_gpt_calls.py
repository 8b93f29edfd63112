"""Real documents, mended: what ChatGPT can call reaches the mock as the document has it (docs/decisions/0012)."""

import os

import pytest

from tests.corpus import calls, documents

DOCUMENTS = 60
SMALL = 150_000  # bytes


@pytest.fixture(scope="module")
def called():
    try:
        chosen = [path for path in documents.sample(DOCUMENTS) if path.stat().st_size <= SMALL]
    except documents.Unavailable as why:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            raise
        pytest.skip(str(why))
    return [one for path in chosen for one in calls.judge(path, most=4, seeds=(1,))]


# What may be refused, for it cannot be told from the imported document: which fields of a joined choice go together,
# and patterns that ChatGPT's reader cannot take. Refused in any shape: a path whose parameters touch each other, two
# paths that differ in their parameters' names only, an operation at the path of a document of ours.
LEAST = 0.98


@pytest.mark.parametrize("shape", ["gpt", "own"])
def test_nearly_every_call_is_taken(called, shape):
    mine = [one for one in called if one.shape == shape]
    refused = [(one.name, one.operation, one.wrong) for one in mine if one.wrong]
    assert len(mine) > 100
    assert len(refused) <= len(mine) * (1 - LEAST), refused


def test_a_call_that_was_translated_says_so(called):
    reshaped = [one for one in called if one.shape == "gpt" and one.reshaped]
    assert len(reshaped) > 20
    assert not [one for one in reshaped if not one.said and not one.wrong]


def test_a_call_of_the_documents_own_shape_is_left_as_it_is(called):
    assert not [one for one in called if one.shape == "own" and one.said]
