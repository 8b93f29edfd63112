"""A project is created whole or not at all."""

import dataclasses

import pytest
from django.db import IntegrityError

from actionstudio.apps.design import load
from actionstudio.apps.library import creating
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.contract import Component
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db


def test_it_answers_at_once(ann):
    project = creating.create(ann, make.contract(), name="My items")
    assert (project.slug, project.name) == ("my-items", "My items")
    assert DatabaseSource().load("my-items").contract == load.contract(project)
    assert project.revisions.get().author == ann


def test_the_title_is_the_name_when_none_is_given(ann):
    assert creating.create(ann, make.contract(title="会议室预订")).slug == "project"


def test_two_of_a_name_get_two_addresses(ann):
    creating.create(ann, make.contract())
    assert creating.create(ann, make.contract()).slug == "items-2"


@pytest.mark.parametrize("slug", ["🍕", "a//b", "new", "taken"])
def test_a_bad_slug_creates_nothing(ann, slug):
    make.project("taken")
    with pytest.raises(Refused):
        creating.create(ann, make.contract(), slug=slug)
    assert Project.objects.count() == Address.objects.count() == 1


@pytest.mark.parametrize(
    "value",
    [
        make.contract(make.operation(), make.operation()),
        make.contract(make.operation(path="/a//b")),
        make.contract(make.operation(path="a")),
        make.contract(make.operation("FETCH")),
        make.contract(components=(Component("A", {}), Component("A", {}))),
    ],
)
def test_what_cannot_be_routed_creates_nothing(ann, value):
    with pytest.raises(Refused):
        creating.create(ann, value)
    assert not Project.objects.exists()


def test_apps_after_this_one_give_a_new_project_what_belongs_to_it(ann, monkeypatch):
    monkeypatch.setattr(creating, "_ALSO", [])
    told = []
    for _twice in range(2):
        creating.also(work := lambda project, value: told.append((project.revisions.count(), value)))
        creating.also(work)
    value = make.contract()
    creating.create(ann, value)
    assert told == [(1, value)] * 2


def test_what_they_refuse_makes_no_project(ann, monkeypatch):
    monkeypatch.setattr(creating, "_ALSO", [])

    @creating.also
    def refuses(project, value):
        raise Refused()

    with pytest.raises(Refused):
        creating.create(ann, make.contract())
    assert not Project.objects.exists()


def test_a_failure_half_way_leaves_nothing(ann, monkeypatch):
    def breaking(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(creating.editing, "replace", breaking)
    with pytest.raises(IntegrityError):
        creating.create(ann, make.contract())
    assert not Project.objects.exists()
    assert not Address.objects.exists()


def test_a_name_lost_to_somebody_faster_is_a_clear_message(ann, monkeypatch):
    make.project("todo")
    monkeypatch.setattr(creating.naming, "checked_slug", lambda slug: slug)
    with pytest.raises(Refused, match="just now"):
        creating.create(ann, make.contract(), slug="todo")


def test_a_contract_never_names_a_logo_it_has_not(ann):
    assert load.contract(creating.create(ann, make.contract(logo="f" * 64))).logo == ""


def test_a_copy_says_the_same_and_has_no_keys(ann):
    project = make.project(value=make.contract(description="d"), description="sentence", masks=["iban"])
    project.keys.create(name="k", digest="0" * 64, last4="aaaa")
    copy = creating.duplicate(project, load.contract(project), ann, "Copy")
    assert load.contract(copy) == dataclasses.replace(load.contract(project))
    assert (copy.description, copy.masks, copy.keys.count()) == ("sentence", ["iban"], 0)
