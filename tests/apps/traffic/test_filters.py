"""A filter lives in the URL and comes back out of it."""

import pytest

from actionstudio.apps.traffic.filters import Filter, read_time, write_time


def test_a_filter_survives_the_url():
    asked = {"status": "404", "method": "POST", "op": "addTodo", "source": "gpt", "kind": "mock", "q": "milk & honey"}
    asked |= {"from": "2026-11-21T09:00:00Z", "to": "2026-11-21T10:00:00.250Z"}
    assert Filter.read(asked).params() == asked


def test_what_makes_no_sense_asks_nothing():
    asked = {"status": "teapot", "method": "a b", "source": "moon", "from": "yesterday", "to": "9" * 30}
    assert not Filter.read(asked)


@pytest.mark.parametrize(("text", "status"), [("4", "4"), ("4xx", "4"), ("404", "404"), ("999", ""), ("40", "")])
def test_status_is_a_class_or_a_code(text, status):
    assert Filter.read({"status": text}).status == status


def test_a_chip_replaces_one_field_and_keeps_the_others():
    assert Filter(status="4", method="GET").query(status="") == "method=GET"


def test_times_are_utc_unless_they_say_otherwise():
    assert read_time("1970-01-01T01:00:00+01:00") == 0
    assert read_time("1970-01-01T00:00:01") == read_time("1000") == 1000
    assert write_time(1000) == "1970-01-01T00:00:01Z"
