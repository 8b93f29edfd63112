"""A slug is part of a host name: made from any name, and checked when typed."""

import pytest

from actionstudio.apps.projects import naming
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Todo list", "todo-list"),
        ("Café Zürich", "cafe-zurich"),
        ("  --Weather!!  ", "weather"),
        ("🍕", "slice-of-pizza"),
        ("🍕 Orders", "orders"),
        ("会议室预订", "project"),
        ("", "project"),
        ("new", "new-2"),
        ("x" * 200, "x" * 54),
    ],
)
def test_any_name_gives_a_usable_slug(name, slug):
    assert naming.free_slug(name) == slug


def test_a_taken_slug_gets_a_number():
    make.project("todo")
    assert naming.free_slug("Todo") == "todo-2"


def test_the_address_of_another_project_is_taken_too():
    make.project("todo").addresses.create(name="other")
    assert naming.free_slug("Other") == "other-2"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("🍕", "letters a to z"),
        ("a//b", "letters a to z"),
        ("-a", "letters a to z"),
        ("a" * 61, "at most 60"),
        ("xn--caf-dma", "international"),
        ("admin", "reserved"),
        ("todo", "taken"),
        ("", "address"),
    ],
)
def test_a_bad_slug_is_refused_with_the_reason(text, says):
    make.project("todo")
    with pytest.raises(Refused, match=says):
        naming.checked_slug(text)


def test_capitals_become_small():
    assert naming.checked_slug(" Todo ") == "todo"
