"""Questions to lists, case by case from Mockoon's documentation of CRUD routes; and what a document declares."""

import time
from urllib.parse import parse_qsl

import pytest

from actionstudio.core.collections import query
from actionstudio.core.collections.asking import Asking
from actionstudio.core.collections.roles import Row
from actionstudio.core.contract import Parameter
from actionstudio.core.problem import Refused

USERS = [
    {
        "id": 1,
        "name": "John Doe",
        "age": 30,
        "active": True,
        "email": "john@example.com",
        "user": {"id": 123},
        "x": None,
    },
    {"id": 2, "name": "Jane Roe", "age": 25, "active": False, "email": "jane@other.com", "user": {"id": 456}},
    {"id": 3, "name": "Ann Lee", "age": 4, "active": True, "email": "ann@example.com", "user": {"id": 78}, "x": 0},
    {"id": 4, "name": "johnny", "age": 30, "active": False, "email": "j4@Example.com", "user": {"id": 9}, "x": ""},
]
MANY = [{"id": number, "name": f"n{number:02}"} for number in range(1, 26)]
ROW = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "price": {"type": "number"},
        "status": {"type": "string"},
        "created_at": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "object", "properties": {"id": {}, "name": {"type": "string"}}}},
        "owner": {"type": "object", "properties": {"city": {"type": "string"}, "name": {"type": "string"}}},
        "petType": {"type": "string"},
        "order": {"type": "integer"},
    },
}


def asked(url, rows=USERS, *parameters, schema=None):
    asking = Asking(parameters, Row(schema, {}), {}, frozenset())
    found, problems = asking.read(parse_qsl(url, keep_blank_values=True))
    return query.ask(found, rows), problems


def ids(url, rows=USERS, *parameters, schema=None):
    found, problems = asked(url, rows, *parameters, schema=schema)
    assert problems == []
    return [row["id"] if isinstance(row, dict) else row for row in found.rows]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("name_eq=Ann Lee", [3]),
        ("name_eq=ann lee", []),
        ("age_eq=30", [1, 4]),
        ("age_eq=%2B30.00", [1, 4]),
        ("age_ne=30", [2, 3]),
        ("age_gt=25", [1, 4]),
        ("age_gte=25", [1, 2, 4]),
        ("age_lt=25", [3]),
        ("age_lte=25", [2, 3]),
        ("age_gt=4&age_lt=30", [2]),
        ("age_gt=10", [1, 2, 4]),  # as numbers: 4 is less than 10
        ("name_gt=J", [1, 2, 4]),  # as texts
        ("active_eq=true", [1, 3]),
        ("active_eq=false", [2, 4]),
        ("active_ne=true", [2, 4]),
        ("x_eq=null", [1]),
        ("x_eq=0", [3]),
        ("x_eq=", [4]),
        ("x_eq=false", []),
        ("age_eq=true", []),
        ("nothing_eq=1", []),
        ("nothing_ne=1", [1, 2, 3, 4]),
        ("name_like=ohn", [1, 4]),
        ("name_like=^JOHN", [1, 4]),
        ("name_like=^(john doe|ann lee)$", [1, 3]),
        ("age_like=^3", [1, 4]),
        ("active_like=tru", [1, 3]),
        ("name_start=john", [1, 4]),
        ("name_start=j.h", [1, 4]),
        ("name_end=doe", [1]),
        ("name_end=doe|lee", [1, 3]),
        ("email_end=@example.com", [1, 3, 4]),
        ("user.id_eq=456", [2]),
        ("user.id_like=^(123|9)$", [1, 4]),
        ("user.id_gte=100", [1, 2]),
        ("user_eq=1", []),
        ("search=john", [1, 4]),
        ("search=456", [2]),
        ("search=EXAMPLE", [1, 3, 4]),
        ("search=nobody", []),
        ("search=", [1, 2, 3, 4]),
        ("search=example&age_eq=30", [1, 4]),
        ("sort=age", [3, 2, 1, 4]),
        ("sort=age&order=desc", [1, 4, 2, 3]),
        ("sort=name&order=asc", [3, 2, 1, 4]),
        ("sort=user.id", [4, 3, 1, 2]),
        ("sort=age,name&order=desc,asc", [1, 4, 2, 3]),
        ("sort=-age", [1, 4, 2, 3]),
        ("sort=age:desc", [1, 4, 2, 3]),
        ("order=desc", [1, 2, 3, 4]),
        ("sort=nothing", [1, 2, 3, 4]),
        ("limit=2", [1, 2]),
        ("page=2&limit=3", [4]),
        ("page=3&limit=2", []),
        ("limit=0", []),
        ("sort=name&page=2&limit=2&order=desc", [2, 3]),
        ("search=e&email_end=example.com&sort=name&page=1&limit=2", [3, 1]),
        ("unknown=1&name=Ann Lee", [1, 2, 3, 4]),
        ("_page=2&_limit=3", [4]),  # json-server's names
        ("_sort=age&_order=desc&_per_page=1&_page=1", [1]),
        ("q=jane", [2]),
    ],
)
def test_what_is_asked_of_a_list(url, expected):
    assert ids(url) == expected


@pytest.mark.parametrize(
    ("url", "first", "count"),
    [
        ("", 1, 25),
        ("page=1", 1, 10),
        ("page=2", 11, 10),
        ("page=3", 21, 5),
        ("limit=20", 1, 20),
        ("page=2&limit=20", 21, 5),
    ],
)
def test_a_page_has_ten_rows_unless_told_otherwise(url, first, count):
    found = ids(url, MANY)
    assert (found[0], len(found)) == (first, count)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("_gte=10", [10, 30, "b", "a"]),
        ("_eq=4", [4]),
        ("sort&order=desc", [30, 10, 4, "b", "a"]),
        ("sort", [4, 10, 30, "a", "b"]),
        ("search=a", ["a"]),
        ("_like=^[ab]$", ["b", "a"]),
        ("limit=2&page=2", [4, "b"]),
    ],
)
def test_lists_of_simple_values(url, expected):
    rows = [10, 30, 4, "b", "a"]
    found = ids(url, rows)
    assert sorted(map(str, found)) == sorted(map(str, expected)) if "sort" in url else found == expected


def test_texts_are_in_order_whatever_their_case_and_equal_ones_stay_as_they_were():
    rows = [{"id": number, "name": name} for number, name in enumerate(["b", "A", "B", "a", "c"])]
    assert ids("sort=name", rows) == [1, 3, 0, 2, 4]
    assert ids("sort=name&order=desc", rows) == [4, 0, 2, 1, 3]


def test_the_counts_tell_all_rows_and_those_that_a_filter_left():
    found, _ = asked("age_eq=30&limit=1")
    assert (len(found.rows), found.total, found.filtered) == (1, 4, 2)


@pytest.mark.parametrize(
    ("url", "pointer", "words"),
    [
        ("page=0", "/query/page", "must be a whole number from 1 on, not “0”"),
        ("page=two", "/query/page", "must be a whole number from 1 on, not “two”"),
        ("limit=-1", "/query/limit", "must be a whole number from 0 on, not “-1”"),
        ("limit=1.5", "/query/limit", "must be a whole number"),
        ("sort=name&order=upwards", "/query/order", "must be asc or desc, not “upwards”"),
        ("name_like=(", "/query/name_like", "is not a regular expression that can be used"),
        ("name_like=" + "x" * 1001, "/query/name_like", "must not be longer than 1000 characters"),
        ("&".join(f"a{n}_eq=1" for n in range(60)), "/query/a25_eq", "is one condition too many"),
    ],
)
def test_a_value_that_cannot_be_used_is_a_problem(url, pointer, words):
    _, problems = asked(url)
    assert problems[0].pointer == pointer
    assert words in problems[0].message


def test_a_pattern_of_ill_intent_takes_no_time():
    rows = [{"name": "a" * 20_000 + "!"}] * 20
    found, problems = asked("name_like=^(a%2B)%2B$", rows)
    assert (list(found.rows), problems) == ([], [])
    _, problems = asked("name_like=" + "(a{1000}){1000}", rows)
    assert problems[0].code == "pattern"


def test_what_costs_too_much_is_refused_in_time():
    rows = [{"name": "ab" * 5_000, "other": "ab" * 5_000}] * 1_000
    began = time.monotonic()
    asking = Asking((), Row(None, {}), {}, frozenset())
    found, problems = asking.read([("name_like", "[ab]*a[ab]{60}c")])
    assert problems == []
    with pytest.raises(Refused) as refused:
        query.ask(found, rows)
    assert "asks for more work than one call may cost" in str(refused.value)
    assert time.monotonic() - began < 3
    found, _ = asking.read([("search", "nowhere")])
    assert query.ask(found, rows).filtered == 0


def declared(name, schema=None, **fields):
    return Parameter(name, "query", schema=schema or {"type": "string"}, **fields)


INTEGER = {"type": "integer"}
TEXTS = {"type": "array", "items": {"type": "string"}}
THINGS = [
    {"id": 1, "name": "A", "price": 5, "status": "new", "created_at": "2026-01-01T00:00:00Z", "order": 2,
     "tags": [{"id": 1, "name": "red"}], "owner": {"city": "Oslo", "name": "Ann"}, "petType": "cat"},
    {"id": 2, "name": "B", "price": 50, "status": "sold", "created_at": "2026-02-01T00:00:00Z", "order": 1,
     "tags": [{"id": 2, "name": "blue"}, {"id": 1, "name": "red"}], "owner": {"city": "Bern", "name": "Bob"}},
    {"id": 3, "name": "C", "price": 500, "status": "new", "tags": []},
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "parameter", "expected"),
    [
        ("status=new", declared("status"), [1, 3]),
        ("status=new&status=sold", declared("status", TEXTS), [1, 2, 3]),
        (
            "status=new,sold",
            declared("status", TEXTS, explode=False),
            [1, 2, 3],
        ),
        ("", declared("status", {"type": "string", "default": "sold"}), [2]),
        ("status=new", declared("status", {"type": "string", "default": "sold"}), [1, 3]),
        ("tags=blue", declared("tags", TEXTS), [2]),
        ("tag=red", declared("tag"), [1, 2]),
        ("tags[]=red", declared("tags[]", TEXTS), [1, 2]),
        ("pet_type=cat", declared("pet_type"), [1]),
        ("owner=Bob", declared("owner"), [2]),
        ("owner.city=Oslo", declared("owner.city"), [1]),
        ("min_price=50", declared("min_price", {"type": "number"}), [2, 3]),
        ("maxPrice=50", declared("maxPrice", {"type": "number"}), [1, 2]),
        ("price_from=6", declared("price_from", {"type": "number"}), [2, 3]),
        ("created_after=2026-01-15", declared("created_after"), [2]),
        ("q=blue", declared("q"), [2]),
        ("query=Oslo", declared("query"), [1]),
        ("per_page=2", declared("per_page", INTEGER), [1, 2]),
        ("pageSize=1", declared("pageSize", INTEGER), [1]),
        ("offset=1", declared("offset", INTEGER), [2, 3]),
        ("", declared("limit", {"type": "integer", "default": 2}), [1, 2]),
        ("page=1&limit=2", declared("page", {"type": "integer", "minimum": 0}), [3]),
        ("page=0&limit=2", declared("page", {"type": "integer", "default": 0}), [1, 2]),
        ("sort_by=price_desc", declared("sort_by"), [3, 2, 1]),
        ("orderBy=-price", declared("orderBy"), [3, 2, 1]),
        ("order=price", declared("order"), [1, 2, 3]),
        ("order=1", declared("order", INTEGER), [2]),
        ("filter[status]=sold", declared("filter", {"type": "object"}, style="deepObject"), [2]),
        ("price_gt=5", declared("price_gt"), [2, 3]),
        ("verbose=true", declared("verbose"), [1, 2, 3]),
    ],
)
def test_a_declared_parameter_does_what_its_name_says(url, parameter, expected):
    assert ids(url, THINGS, parameter, schema=ROW) == expected


def test_which_parts_of_a_query_matter():
    asking = Asking((declared("status"), declared("verbose")), Row(ROW, {}), {}, frozenset(("team",)))
    sent = "n=5&status=new&verbose=1&team=a&page=2&age_gt=3&a%5Bb%5D=1&_eq=1&x.y=2&limit=1"
    assert asking.matters(sent) == "status=new&page=2&age_gt=3&a%5Bb%5D=1&_eq=1&x.y=2&limit=1"
    assert asking.matters("n=5") == ""


def test_offset_and_limit_together_are_a_page():
    found, _ = asked("offset=2&limit=1", THINGS, declared("offset", INTEGER), schema=ROW)
    assert ([row["id"] for row in found.rows], found.page, found.offset) == ([3], 3, 2)
