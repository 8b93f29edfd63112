"""Rows as pages change them: what the mock serves changes at once."""

import pytest

from actionstudio.apps.mocking import rows
from actionstudio.apps.mocking.models import Counter, Row, Snapshot, State
from actionstudio.apps.projects import deleting
from actionstudio.core.behaviour import Collection, Seed
from actionstudio.core.problem import Refused
from actionstudio.runtime.ports import Full
from tests import make

PETS = Collection("pets", seeds=(Seed(({"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"})),))
LISTS = Collection("todos", partition="path.username", seeds=(Seed(({"id": 1},)), Seed(({"id": 7},), "bob")))
pytestmark = pytest.mark.django_db


@pytest.fixture
def project(ann):
    return make.project("shop", ann)


@pytest.fixture
def pets(project):
    return rows.place(project, PETS)


def served(place):
    return dict(rows.store().read(place).rows)


def test_rows_are_added_changed_and_deleted(pets):
    assert rows.insert(pets, {"name": "Kit"}) == "3"
    assert rows.insert(pets, {"id": 9, "name": "Bo"}) == "9"
    rows.put(pets, "1", {"id": 1, "name": "Max"})
    assert rows.delete(pets, "2", "5") == 1
    assert served(pets) == {
        "1": {"id": 1, "name": "Max"},
        "3": {"id": 3, "name": "Kit"},
        "9": {"id": 9, "name": "Bo"},
    }


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (lambda place: rows.insert(place, {"id": 1}), "There is a row 1 already"),
        (lambda place: rows.insert(place, {"id": [1]}), "An id is a whole number"),
        (lambda place: rows.put(place, "5", {"id": 5}), "There is no row 5 any more"),
        (lambda place: rows.put(place, "1", {"id": 5}), "The id of a row stays as it is: 1"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_nothing_is_changed(pets, deed, said):
    before = served(pets)
    with pytest.raises(Refused, match=said):
        deed(pets)
    assert served(pets) == before


def test_rows_come_beside_those_that_are_there_or_instead_of_them(pets):
    assert rows.add_all(pets, [{"id": 2, "name": "New"}, {"name": "Kit"}]) == (1, 1)
    assert [row["name"] for row in served(pets).values()] == ["Rex", "New", "Kit"]
    assert rows.add_all(pets, [{"name": "Only"}], replace=True) == (1, 0)
    assert served(pets) == {"1": {"id": 1, "name": "Only"}}


def test_rows_that_may_not_take_a_place_are_refused_whole(pets):
    with pytest.raises(Refused, match="There is a row 2 already"):
        rows.add_all(pets, [{"name": "Kit"}, {"id": 2, "name": "New"}], merge=False)
    assert [row["name"] for row in served(pets).values()] == ["Rex", "Tom"]


def test_too_many_rows_are_refused_whole(pets):
    with pytest.raises(Full, match="10,000 rows"):
        rows.add_all(pets, [{"name": "x"}] * 10_001)
    assert len(served(pets)) == 2


def test_a_list_is_reset_to_what_it_begins_with_now(project, pets):
    rows.delete(pets, "1", "2")
    assert served(pets) == {}
    rows.reset(pets)
    assert list(served(pets)) == ["1", "2"]
    assert not State.objects.exists()
    other = rows.place(project, Collection("pets", seeds=(Seed(({"id": 5},)),)))
    assert list(served(other)) == ["5"]


def test_one_list_is_reset_without_the_others(project):
    ann, bob = (rows.place(project, LISTS, name) for name in ("ann", "bob"))
    rows.insert(ann, {})
    rows.insert(bob, {})
    rows.reset(bob)
    assert (list(served(ann)), list(served(bob))) == (["1", "2"], ["7"])
    rows.reset_all(project, LISTS)
    assert (list(served(ann)), list(served(bob))) == (["1"], ["7"])


def test_lists_that_were_changed_or_have_a_seed_of_their_own_are_listed(project):
    rows.insert(rows.place(project, LISTS, "ann"), {})
    found = rows.listed(project, LISTS)
    assert [(one.partition, one.rows, one.touched is None) for one in found] == [("ann", 2, False), ("bob", 1, True)]
    assert found[0].bytes == len('1{"id":1}2{"id":2}')


def test_a_snapshot_brings_all_lists_back_and_others_begin_anew(project):
    ann, bob, cat = (rows.place(project, LISTS, name) for name in ("ann", "bob", "cat"))
    rows.insert(ann, {"id": "é\n"})
    rows.delete(ann, "1")
    kept = rows.snapshot(project, LISTS, "  before  ")
    for place in (ann, bob, cat):
        rows.add_all(place, [{"id": 50}, {"id": 51}], replace=True)
    rows.restore(project, LISTS, kept)
    assert [list(served(place)) for place in (ann, bob, cat)] == [["é\n"], ["7"], ["1"]]
    assert [(one.name, one.rows) for one in rows.snapshots(project, LISTS)] == [("before", 2)]
    assert rows.find_snapshot(project, LISTS, str(kept.pk)) == kept
    assert rows.find_snapshot(project, PETS, str(kept.pk)) is None
    assert rows.find_snapshot(project, LISTS, "x") is None


def test_the_number_of_snapshots_is_bounded(project, monkeypatch):
    monkeypatch.setattr(rows, "MOST_SNAPSHOTS", 2)
    rows.snapshot(project, PETS, "a")
    rows.snapshot(project, LISTS, "b")
    with pytest.raises(Full, match="may have 2 snapshots. Delete one"):
        rows.snapshot(project, PETS, "c")
    monkeypatch.setattr(rows, "MOST_SNAPSHOTS", 9)
    monkeypatch.setattr(rows, "SNAPSHOT_BYTES", 100)
    with pytest.raises(Full, match="snapshots of a project may take"):
        rows.snapshot(project, PETS, "c")


def test_what_is_kept_of_a_collection_goes_with_it(project, pets):
    other = rows.place(project, LISTS, "ann")
    rows.insert(pets, {})
    rows.insert(other, {})
    rows.snapshot(project, PETS, "a")
    rows.forget(project, "pets")
    assert list(served(pets)) == ["1", "2"]
    assert list(served(other)) == ["1", "2"]
    assert not Snapshot.objects.exists()


def test_what_mocks_remember_goes_with_the_project(project, pets, ann):
    stays = rows.place(make.project("other", ann), PETS)
    for place in (pets, stays):
        rows.insert(place, {})
        rows.store().count(place.project_id, "calls")
    rows.snapshot(project, PETS, "a")
    deleting.delete(project, ann)
    assert Row.objects.count() == 3
    assert (State.objects.count(), Counter.objects.count(), Snapshot.objects.count()) == (1, 1, 0)
    assert len(served(stays)) == 3
