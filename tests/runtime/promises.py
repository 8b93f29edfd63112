"""What every store of the state of mocks promises, as tests that each kind of store is put through."""

import pytest

from actionstudio.core.behaviour import Collection, Seed
from actionstudio.runtime.ports import Full, Place, Write

PETS = Collection("pets", seeds=(Seed(({"id": 4, "name": "Rex"}, {"name": "Tom"})), Seed(({"id": 1},), "bob")))
SHARED = Place(7, PETS)


class Clock:
    """Stands still until it is told."""

    now = 1000.0

    def __call__(self):
        return self.now


def put(store, place, key, value):
    return store.change(place, lambda table: (Write({key: value}), len(table.rows)))


class Promises:
    """Give it the fixtures ``store`` and ``clock``."""

    def test_a_place_begins_with_its_seeds_and_every_row_has_an_id(self, store):
        table = store.read(SHARED)
        assert dict(table.rows) == {"4": {"id": 4, "name": "Rex"}, "5": {"id": 5, "name": "Tom"}}

    def test_a_partition_begins_with_its_own_seed_or_with_the_collections(self, store):
        assert list(store.read(Place(7, PETS, "bob")).rows) == ["1"]
        assert list(store.read(Place(7, PETS, "eve")).rows) == ["4", "5"]

    def test_a_table_is_the_same_object_until_something_changes(self, store):
        before = store.read(SHARED)
        assert store.read(SHARED) is before
        assert put(store, SHARED, "9", {"id": 9}) == 2
        assert store.read(SHARED) is not before
        assert len(before.rows) == 2

    def test_rows_that_are_put_stay_where_they_are_and_new_ones_go_to_the_end(self, store):
        store.change(SHARED, lambda table: (Write({"6": 6, "4": 4}, gone=["5"]), None))
        assert list(store.read(SHARED).rows.items()) == [("4", 4), ("6", 6)]
        store.change(SHARED, lambda table: (Write({"1": 1}, clear=True), None))
        assert dict(store.read(SHARED).rows) == {"1": 1}

    def test_rows_without_an_id_field_are_numbered(self, store):
        place = Place(7, Collection("notes", id_field="", seeds=(Seed(("one", "two")),)))
        assert dict(store.read(place).rows) == {"1": "one", "2": "two"}

    def test_rows_whose_ids_are_no_numbers_get_a_uuid_that_is_the_same_each_time(self, store):
        place = Place(7, Collection("orders", id_kind="uuid", seeds=(Seed(({"total": 1},)),)))
        first = store.read(place)
        assert (
            dict(store.read(Place(7, Collection("orders", id_kind="uuid", seeds=place.collection.seeds))).rows)
            == first.rows
        )
        (key,) = first.rows
        assert first.rows[key] == {"id": key, "total": 1} and len(key) == 36

    def test_a_row_that_is_too_large_or_one_too_many_is_refused_with_the_cure(self, store):
        with pytest.raises(Full, match="at most 200,000 bytes"):
            put(store, SHARED, "9", "x" * 200_001)
        many = {str(n): n for n in range(10, 10_010)}
        with pytest.raises(Full, match="10,000 rows in all. Delete rows"):
            store.change(SHARED, lambda table: (Write(many), None))
        assert len(store.read(SHARED).rows) == 2

    def test_calls_are_counted_and_a_window_begins_with_its_first_call(self, store, clock):
        assert [store.count(7, "a"), store.count(7, "a"), store.count(8, "a")] == [1, 2, 1]
        assert store.take(7, "limit", 2, 60) == (True, 1, 60.0)
        clock.now += 50
        assert store.take(7, "limit", 2, 60) == (True, 0, 10.0)
        assert store.take(7, "limit", 2, 60) == (False, 0, 10.0)
        clock.now += 10
        assert store.take(7, "limit", 2, 60) == (True, 1, 60.0)

    def test_a_call_that_read_its_clock_before_another_began_the_window_is_of_the_same_window(self, store, clock):
        assert store.take(7, "limit", 2, 60).allowed
        clock.now -= 0.5
        assert store.take(7, "limit", 2, 60) == (True, 0, 60.0)
        assert not store.take(7, "limit", 2, 60).allowed
        clock.now -= 120  # the clock was set back
        assert store.take(7, "limit", 2, 60).allowed

    def test_what_a_failed_transaction_did_is_undone_but_not_what_was_settled(self, store):
        with pytest.raises(ValueError), store.transaction():
            store.count(7, "a")
            assert store.pending()
            store.settle()
            assert not store.pending()
            store.count(7, "a")
            put(store, SHARED, "9", 9)
            raise ValueError
        assert store.count(7, "a") == 2
        assert len(store.read(SHARED).rows) == 2
