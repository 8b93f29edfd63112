"""The log is read by index alone, a bounded way, whatever is asked."""

import time

import pytest
from django.db import connections, router

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")

FILTERS = [
    Filter(),
    Filter(status="4"),
    Filter(status="404"),
    Filter(method="POST"),
    Filter(op="addTodo"),
    Filter(op="addTodo", status="5"),
    Filter(op="addTodo", status="201", method="POST"),
    Filter(source="gpt", kind="refused"),
    Filter(status="2", method="GET", source="gpt", since=1, until=2_000_000_000_000),
]


@pytest.fixture
def statements(monkeypatch):
    """Every statement the walk runs, with its parameters."""
    seen, run = [], walking.run
    monkeypatch.setattr(walking, "run", lambda sql, params: seen.append((sql, params)) or run(sql, params))
    return seen


@pytest.mark.parametrize("filter", FILTERS, ids=lambda filter: filter.query() or "all")
def test_every_statement_reads_a_range_of_one_covering_index(filter, statements):
    if connections[router.db_for_read(Exchange)].vendor != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics; an empty table says nothing")
    walking.page(1, filter, before=10**15)
    walking.counts(1, [filter, Filter(status="5")])
    walking.histogram(1, filter, 0, 1_000_000)
    assert len(statements) >= 3
    for sql, params in list(statements):
        plan = [line for line in walking.explain(sql, params) if "traffic_exchange" in line or "TEMP" in line]
        assert plan
        for line in plan:
            assert line.startswith("SEARCH traffic_exchange USING COVERING INDEX exchange_"), line


def test_pages_hold_every_row_once_newest_first():
    project = make.project()
    made = [make.exchange(project, at=1_000 + n // 3).pk for n in range(25)]
    seen, before = [], None
    while True:
        page = walking.page(project.pk, Filter(), before, size=10)
        seen += [row.pk for row in page.rows]
        if page.older is None:
            break
        before = page.older
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ({"status": "4"}, ["/c", "/b"]),
        ({"status": "404"}, ["/b"]),
        ({"method": "POST"}, ["/c"]),
        ({"op": "two"}, ["/c", "/b"]),
        ({"op": "two", "status": "4", "method": "GET"}, ["/b"]),
        ({"source": "gpt"}, ["/a"]),
        ({"kind": "refused"}, ["/c"]),
        ({"since": 2000}, ["/c", "/b"]),
        ({"since": 2000, "until": 3000}, ["/b"]),
    ],
)
def test_each_filter_finds_its_rows(asked, paths):
    project, other = make.project(), make.project("other")
    make.exchange(project, path="/a", at=1000, source="gpt", operation_id="one")
    make.exchange(project, path="/b", at=2000, status=404, operation_id="two")
    make.exchange(project, "POST", "/c", 422, at=3000, operation_id="two", kind="refused")
    make.exchange(other, "POST", "/d", 404, at=2500, source="gpt", kind="refused", operation_id="two")
    page = walking.page(project.pk, Filter(**asked))
    assert [row.path for row in page.rows] == paths
    assert walking.counts(project.pk, [Filter(**asked)]) == [walking.Count(len(paths), False)]


def test_a_walk_that_ends_early_says_where_to_go_on():
    project = make.project()
    make.exchange(project, "DELETE", at=1000)
    for n in range(20):
        make.exchange(project, at=2000 + n)
    first = walking.page(project.pk, Filter(method="DELETE"), walk=15)
    assert (list(first.rows), first.complete) == ([], False)
    second = walking.page(project.pk, Filter(method="DELETE"), first.older, walk=15)
    assert [row.method for row in second.rows] == ["DELETE"]
    assert second.complete


def test_a_walk_looks_at_the_clock_and_ends_in_time_or_goes_on_to_what_it_looks_for(monkeypatch):
    monkeypatch.setattr(walking, "BETWEEN", 6)
    project = make.project()
    oldest, *others = [make.exchange(project, "GET" if n else "DELETE", at=1000 + n).pk for n in range(21)]
    hurried = walking.page(project.pk, Filter(method="DELETE"), seconds=1, clock=iter(range(0, 100, 2)).__next__)
    assert (list(hurried.rows), hurried.complete, hurried.older) == ([], False, others[-6])
    unhurried = walking.page(project.pk, Filter(method="DELETE"), clock=lambda: 0)
    assert ([row.pk for row in unhurried.rows], unhurried.complete) == ([oldest], True)


def test_counts_are_capped(monkeypatch):
    monkeypatch.setattr(walking, "COUNT", 5)
    project = make.project()
    for n in range(8):
        make.exchange(project, at=1000 + n, status=500 if n == 0 else 200)
    assert walking.counts(project.pk, [Filter(), Filter(status="5")]) == [
        walking.Count(5, True),
        walking.Count(1, False),
    ]


def test_a_count_that_is_tested_on_entries_is_capped_too(monkeypatch):
    monkeypatch.setattr(walking, "COUNT", 5)
    project = make.project()
    for n in range(8):
        make.exchange(project, at=1000 + n)
    assert walking.counts(project.pk, [Filter(q="-is:replay")]) == [walking.Count(5, True)]


def test_a_whole_is_no_less_than_its_parts_together():
    count = walking.Count
    assert walking.together(count(211, True), [count(222, True), count(10, False)]) == count(232, True)
    assert walking.together(count(500, False), [count(31, True), count(0, False)]) == count(500, False)
    assert walking.together(count(9, False), [count(10, False)]) == count(10, False), "one came meanwhile"
    assert walking.together(count(9_000, True), [count(9_999, True), count(31, False)]) == count(10_000, True)


def test_a_key_that_nobody_has_is_looked_for_nowhere(monkeypatch):
    project = make.project()
    one = make.exchange(project)
    assert [row.pk for row in walking.page(project.pk, Filter(q="-key:nope")).rows] == [one.pk]
    monkeypatch.setattr(walking, "read_rows", lambda *_: pytest.fail("rows were read"))
    found = walking.page(project.pk, Filter(q="key:nope"))
    assert (list(found.rows), found.complete) == ([], True)


def test_the_histogram_counts_calls_and_errors_of_each_bucket():
    project = make.project()
    for at, status in ((0, 200), (999, 404), (1000, 500), (2500, 200), (4000, 200)):
        make.exchange(project, at=at or 1, status=status)
    bars = walking.histogram(project.pk, Filter(), 0, 4000, buckets=4)
    assert [(bar.total, bar.failed) for bar in bars] == [(2, 1), (1, 1), (1, 0), (0, 0)]
    assert [bar.total for bar in walking.histogram(project.pk, Filter(status="4"), 0, 4000, buckets=4)] == [1, 0, 0, 0]


def test_a_crowded_bucket_is_estimated_from_its_first_entries(monkeypatch):
    monkeypatch.setattr(walking, "SAMPLE", 10)
    project = make.project()
    for n in range(40):
        make.exchange(project, at=1000 + n * 25, status=500 if n % 2 else 200)
    [bar] = walking.histogram(project.pk, Filter(), 1000, 2000, buckets=1)
    assert bar.estimated
    assert 35 <= bar.total <= 50
    assert 15 <= bar.failed <= 25


def test_a_page_costs_the_same_for_ten_rows_and_twenty(django_assert_num_queries):
    project = make.project()
    for _ in range(2):
        for n in range(10):
            make.exchange(project, at=int(time.time() * 1000) + n)
        with django_assert_num_queries(2, using=router.db_for_read(Exchange)):
            walking.page(project.pk, Filter())


def test_ids_hold_the_time():
    row = make.exchange(make.project(), at=1_700_000_000_123)
    assert row.pk >> SHIFT == 1_700_000_000_123
    assert Exchange.private_id(row.public_id) == row.pk


def test_the_calls_of_sign_ins_are_found_by_their_index(statements):
    if connections[router.db_for_read(Exchange)].vendor != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics; an empty table says nothing")
    walking.of_sign_ins(1, ["a", "b", "c"], 8)
    plan = [line for line in walking.explain(*statements[0]) if "traffic_exchange" in line]
    assert len(plan) == 3
    assert all(line.startswith("SEARCH traffic_exchange USING INDEX exchange_sign_in") for line in plan), plan


def test_the_latest_calls_of_sign_ins_are_those_of_the_project_without_their_legs():
    project, other = make.project(), make.project("other")
    made = [make.exchange(project, at=1_000 + n, sign_in="ab"[n % 2]).pk for n in range(12)]
    make.exchange(project, sign_in="a", kind="oauth")
    make.exchange(project, sign_in="c")
    make.exchange(project)
    make.exchange(other, sign_in="a")
    assert [row.pk for row in walking.of_sign_ins(project.pk, ["a", "b"], 8)] == made[:3:-1]
    assert walking.of_sign_ins(project.pk, [], 8) == []
