"""Columns of the working copy keep the order in which keys were written, on either database."""

import pytest

from actionstudio.apps.design import load
from actionstudio.core.contract import Component
from tests import make

pytestmark = pytest.mark.django_db
SCHEMA = {"type": "object", "properties": {"zebra": {}, "a": {}, "middle": {}}, "examples": ["plain", None, 1.0, "1"]}


def test_keys_come_back_in_their_order():
    project = make.project(value=make.contract(components=(Component("S", SCHEMA), Component("T", True))))
    kept = load.contract(project).schemas()
    assert kept == {"S": SCHEMA, "T": True}
    assert list(kept["S"]) == list(SCHEMA)
    assert list(kept["S"]["properties"]) == ["zebra", "a", "middle"]


def test_nothing_stays_nothing():
    project = make.project()
    row = project.operations.get()
    assert (row.body, row.security) == (None, None)
    assert project.operations.filter(body__isnull=True).exists()
