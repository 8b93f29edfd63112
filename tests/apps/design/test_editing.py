"""Every change goes through one door and leaves a numbered revision."""

import pytest

from actionstudio.apps.design import load
from actionstudio.apps.design.editing import editing, replace, restore
from tests import make

pytestmark = pytest.mark.django_db


def test_a_change_of_rows_becomes_the_next_revision():
    project = make.project()
    with editing(project, by=project.owner) as edit:
        row = project.operations.get()
        row.summary = "List items"
        row.save()
    assert edit.revision.number == 2
    assert edit.revision.contract().operations[0].summary == "List items"
    assert edit.revision.changes == [
        {"kind": "changed", "pointer": "/paths/~1items/get", "label": "GET /items: summary"}
    ]


def test_a_block_that_changes_nothing_makes_no_revision():
    project = make.project()
    with editing(project) as edit:
        pass
    assert edit.revision is None


def test_an_exception_inside_changes_nothing():
    project = make.project()
    with pytest.raises(RuntimeError), editing(project):
        project.operations.all().delete()
        raise RuntimeError
    assert project.operations.count() == 1
    assert project.revisions.count() == 1


def test_rows_and_value_say_the_same():
    value = make.contract(make.operation("POST", "/a"), make.operation(), description="d", security=())
    assert load.contract(make.project(value=value)) == value


def test_restoring_makes_the_old_contract_the_newest():
    project = make.project()
    replace(project, make.contract(make.operation("GET", "/other")))
    assert restore(project, 1).number == 3
    assert load.contract(project).operations[0].path == "/items"
