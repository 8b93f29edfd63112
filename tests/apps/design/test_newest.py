"""The contract that pages read is one object as long as nothing changes, and never an old one."""

import dataclasses

import pytest

from actionstudio.apps.design import editing, load, newest
from tests import make

pytestmark = pytest.mark.django_db


def test_it_is_what_the_working_copy_says_and_the_same_object_each_time():
    project = make.project()
    assert newest.contract(project) == load.contract(project)
    assert newest.contract(project) is newest.contract(project)


def test_a_change_is_seen_at_once(django_assert_num_queries):
    project = make.project()
    before = newest.contract(project)
    editing.replace(project, dataclasses.replace(before, title="Changed"))
    assert newest.contract(project).title == "Changed"
    with django_assert_num_queries(1):
        newest.contract(project)


def test_only_a_few_are_kept_in_memory():
    projects = [make.project(f"p{n}") for n in range(newest.KEPT + 2)]
    first = newest.contract(projects[0])
    for project in projects:
        newest.contract(project)
    assert newest.contract(projects[0]) is not first
    assert len(newest._known) == newest.KEPT
