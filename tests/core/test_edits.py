"""Calls are edited before they are sent again: headers, base path, dates, values; what is wrong has its cure."""

from datetime import datetime

import pytest

from actionstudio.core.call import Call
from actionstudio.core.edits import Edits, apply, problems

JSON = (("content-type", "application/json"),)


def test_no_edits_leave_a_call_as_it_is():
    call = Call("POST", "/a", "x=%41&y", JSON, b'{ "n": 1 }')
    assert apply(call, Edits()) == call


def test_headers_are_set_and_removed_whatever_their_case():
    call = Call("GET", "/", "tag=a%20b", (("accept", "*/*"), ("x-old", "1"), ("x-tenant", "old")))
    edits = Edits(set_headers=(("X-Tenant", "{{query.tag}}"),), remove_headers=("X-Old",))
    assert apply(call, edits).headers == (("accept", "*/*"), ("x-tenant", "a b"))


@pytest.mark.parametrize(
    ("path", "base", "expected"),
    [
        ("/v1/orders", ("/v1", "/v2"), "/v2/orders"),
        ("/v1/orders", ("/v1", ""), "/orders"),
        ("/v1", ("/v1", ""), "/"),
        ("/v11/orders", ("/v1", "/v2"), "/v11/orders"),
        ("/orders", ("", "/api/"), "/api/orders"),
    ],
)
def test_a_path_gets_another_base(path, base, expected):
    assert apply(Call("GET", path), Edits(base_path=base)).path == expected


def test_dates_move_and_keep_their_notation():
    call = Call(
        "POST",
        "/free/2026-01-30",
        "from=2026-01-31T10%3A00%3A00%2B02%3A00&ts=1767225600&phone=1767225600&q=a+b",
        JSON,
        b'{"day":"2026-02-28","at":"2026-02-28 10:00","expires_at":1767225600000,"note":"since 2026-02-28","n":[1]}',
    )
    made = apply(call, Edits(shift_days=1))
    assert made.path == "/free/2026-01-31"
    assert made.query == "from=2026-02-01T10:00:00%2B02:00&ts=1767312000&phone=1767225600&q=a+b"
    assert made.body == (
        b'{"day":"2026-03-01","at":"2026-03-01 10:00","expires_at":1767312000000,"note":"since 2026-02-28","n":[1]}'
    )


def test_dates_move_to_now_by_as_many_days_as_the_call_is_old():
    edits = Edits(shift_to_now=True)
    made = apply(Call("GET", "/", "day=2026-01-05"), edits, datetime(2026, 1, 2, 23), datetime(2026, 1, 12, 1))
    assert made.query == "day=2026-01-15"


def test_values_are_set_by_their_place():
    call = Call("POST", "/", "limit=5&limit=6", JSON, b'{"items":[{"sku":"a"},{"sku":"b"}],"n":1}')
    values = (
        ("$.items[*].sku", "x-{{query.limit}}"),
        ("$.n", "5"),
        ("$.text", '"5"'),
        ("$.copy", "{{body.items}}"),
        ("$.no.such", "1"),
        ("query.limit", "9"),
        ("query.new", "a b"),
    )
    made = apply(call, Edits(set_values=values))
    assert made.query == "limit=9&new=a+b"
    assert made.body == (b'{"items":[{"sku":"x-5"},{"sku":"x-5"}],"n":5,"text":"5","copy":[{"sku":"a"},{"sku":"b"}]}')


@pytest.mark.parametrize(
    ("edits", "pointer"),
    [
        (Edits(set_headers=(("X T", "1"),)), "/set_headers/0"),
        (Edits(set_headers=(("Host", "x"),)), "/set_headers/0"),
        (Edits(set_headers=(("X-A", "{{nope}}"),)), "/set_headers/0"),
        (Edits(set_headers=(("X-A", "a\r\nb: c"),)), "/set_headers/0"),
        (Edits(remove_headers=("",)), "/remove_headers/0"),
        (Edits(base_path=("v1", "")), "/base_path/0"),
        (Edits(base_path=("", "https://x")), "/base_path/1"),
        (Edits(shift_days=99_999), "/shift_days"),
        (Edits(set_values=(("items", "1"),)), "/set_values/0"),
        (Edits(set_values=(("$.a", "{{"),)), "/set_values/0"),
    ],
)
def test_what_is_wrong_with_edits_is_told_beside_its_field(edits, pointer):
    assert [one.pointer for one in problems(edits)] == [pointer]


def test_right_edits_have_no_problems():
    assert (
        problems(Edits((("X-A", "{{uuid}}"),), ("b",), ("/v1", ""), -7, True, (("$.a[0]", "1"), ("query.q", "")))) == []
    )
