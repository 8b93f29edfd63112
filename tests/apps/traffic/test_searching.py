"""Text search reads paths, operations, ids and bodies, and says how far it got."""

import pytest

from actionstudio.apps.traffic import searching, walking
from actionstudio.apps.traffic.filters import Filter
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("q", ["milk", "MILK", "grün", "/todos/7", "tag=b c", "addTodo"])
def test_a_word_is_found_wherever_it_stands(q):
    project = make.project()
    make.exchange(project, path="/other")
    hit = make.exchange(
        project,
        "POST",
        "/todos/7",
        query="tag=b%20c",
        operation_id="addTodo",
        request_body={"todo": "Milk"},
        response_body={"colour": "Grün"},
    )
    assert [row.pk for row in searching.page(project.pk, Filter(q=q)).rows] == [hit.pk]


def test_an_id_finds_its_request_and_nobody_elses():
    project, other = make.project(), make.project("other")
    mine, theirs = make.exchange(project), make.exchange(other)
    assert [row.pk for row in searching.page(project.pk, Filter(q=mine.public_id)).rows] == [mine.pk]
    assert not searching.page(project.pk, Filter(q=theirs.public_id)).rows


def test_filters_hold_while_searching():
    project = make.project()
    make.exchange(project, path="/milk", status=200)
    bad = make.exchange(project, path="/milk", status=404)
    assert [row.pk for row in searching.page(project.pk, Filter(q="milk", status="4")).rows] == [bad.pk]


def test_a_search_ends_with_its_budget_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr(walking, "CHUNK", 5)
    monkeypatch.setattr(walking, "LARGEST", 5)
    monkeypatch.setattr(walking, "MOST", 10)
    project = make.project()
    old = make.exchange(project, path="/needle", at=1000)
    for n in range(12):
        make.exchange(project, at=2000 + n)
    first = searching.page(project.pk, Filter(q="needle"))
    assert (list(first.rows), first.complete) == ([], False)
    second = searching.page(project.pk, Filter(q="needle"), first.older)
    assert [row.pk for row in second.rows] == [old.pk]
    assert second.complete


def test_a_slow_search_stops_in_time(monkeypatch):
    monkeypatch.setattr(walking, "CHUNK", 5)
    project = make.project()
    for n in range(12):
        make.exchange(project, at=2000 + n)
    times = iter([0, 1, 2])
    page = searching.page(project.pk, Filter(q="needle"), clock=lambda: next(times))
    assert not page.complete


def test_pages_of_a_search_hold_every_match_once():
    project = make.project()
    made = [make.exchange(project, path="/needle", at=1000 + n).pk for n in range(7)]
    seen, before = [], None
    while True:
        page = searching.page(project.pk, Filter(q="needle"), before, size=3)
        seen += [row.pk for row in page.rows]
        if page.older is None:
            break
        before = page.older
    assert seen == made[::-1]
