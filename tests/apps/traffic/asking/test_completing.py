"""Completion offers names, values, and what the project's own log holds, with few statements."""

import pytest
from django.db import router

from actionstudio.apps.traffic import asking
from actionstudio.apps.traffic.models import Exchange
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")


def offered(text, project=None, caret=None):
    return [one.text.rstrip() for one in asking.complete(text, len(text) if caret is None else caret, project)]


def test_a_beginning_is_offered_the_terms_that_begin_so():
    assert offered("st") == ["status:"]
    assert offered("milk -st") == ["milk -status:"]
    assert "status:" in offered("")
    assert '"a word" status:' in offered('"a word" ')


def test_a_term_is_offered_its_values():
    assert offered("is:re") == ["is:replay", "is:refused"]
    assert offered("auth:mis x", caret=8) == ["auth:missing x"]


def test_values_come_from_the_project():
    project = make.project(value=make.contract(make.operation(operation_id="addTodo")))
    other = make.project("other")
    for n in range(3):
        make.exchange(project, conversation_id=f"talk-{n}", user_id="one user")
    make.exchange(other, conversation_id="talk-9")
    assert offered("op:add", project) == ["op:addTodo"]
    assert offered("conversation:talk", project) == [f"conversation:talk-{n}" for n in (2, 1, 0)]
    assert offered("user:", project) == ['user:"one user"']


def test_a_header_is_offered_by_name_then_by_value_what_most_calls_have_first():
    project = make.project()
    for accept in ("text/html, */*", "application/json", "application/json"):
        headers = [["Accept", accept], ["accept-encoding", "gzip"], ["Authorization", "Bearer •••• (9 characters)"]]
        make.exchange(project, request_headers=headers, response_headers=[["content-type", "text/plain"]])
    assert offered("header:acc", project) == ["header:accept=", "header:accept-encoding="]
    assert offered("header:Accept=", project) == ["header:accept=application/json", 'header:"accept=text/html, */*"']
    assert offered('header:"accept=text/html, ', project) == ['header:"accept=text/html, */*"']
    assert offered("header:content", project) == ["header:content-type="]
    assert offered("header:auth", project) == ["header:authorization="]
    assert offered("header:authorization=", project) == [], "what is hidden is not offered"
    [name, *_] = asking.complete("header:acc", 10, project)
    assert (name.help, name.goes_on, name.caret) == ("in 3 of the latest 3 calls", True, len("header:accept="))
    for text in ("header:", "header:accept="):
        for one in asking.complete(text, len(text), project):
            assert isinstance(asking.read(one.text), asking.Asked), one.text


def test_a_part_of_any_header_is_offered_its_own_example():
    assert offered("header~", make.project()) == ["header~json"]
    assert offered("path~", make.project("other")) == ["path~orders"]


def test_a_number_is_offered_its_units():
    assert offered("took:>2") == ["took:>2s", "took:>2ms"]
    assert offered("took:1..2") == ["took:1..2s", "took:1..2ms"]


def test_what_is_offered_can_be_read_and_the_caret_stands_behind_it():
    for term in asking.HELP:
        text = f"milk {term.name}{term.signs[0]}"
        for one in asking.complete(text, len(text), make.project(f"p-{term.name}")):
            assert isinstance(asking.read(one.text), asking.Asked), one.text
            assert one.text[: one.caret].rstrip().endswith(one.label)


def test_a_thousand_calls_cost_as_much_as_ten(django_assert_num_queries):
    project = make.project()
    for n in range(40):
        make.exchange(project, user_id=f"u{n}")
    with django_assert_num_queries(1, using=router.db_for_read(Exchange)):
        assert len(offered("user:", project)) == 12
