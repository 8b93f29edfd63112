"""Questions changed as texts: what was typed stays, one term is set, times become a span."""

import pytest
from django.http import QueryDict

from actionstudio.apps.traffic import asking, composing
from actionstudio.apps.traffic.filters import Filter, read_time
from actionstudio.apps.traffic.templatetags.traffic import examples


@pytest.mark.parametrize(
    ("text", "name", "value", "then"),
    [
        ("", "status", "4xx", "status:4xx"),
        ("milk status:404 op:a", "status", "5xx", "milk op:a status:5xx"),
        ("milk  status:404", "status", "", "milk"),
        ("-status:404 x", "status", "2xx", "-status:404 x status:2xx"),
        ('"status:404" a', "status", "2xx", '"status:404" a status:2xx'),
        ("a", "op", "GET /x", 'a op:"GET /x"'),
        ("status:4xx status:5xx", "status", "2xx", "status:2xx"),
        ("op:nonsense: zz:1", "status", "2xx", "op:nonsense: zz:1 status:2xx"),
    ],
)
def test_one_term_is_set_and_the_rest_stays_as_typed(text, name, value, then):
    assert composing.put(text, name, value) == then


def test_a_term_that_is_there_is_not_added_again():
    assert composing.add("a status:4xx", "status", "4xx") == "a status:4xx"


def test_older_parameters_become_terms():
    asked = composing.read(QueryDict("q=milk&status=4&method=get&op=addTodo&source=gpt&kind=mock&from=2026-01-02"))
    assert asked == Filter(q="milk status:4xx method:GET op:addTodo source:gpt kind:mock since:2026-01-02T00:00:00Z")
    assert not asked.problems


def test_an_exact_status_stays_one():
    assert composing.read(QueryDict("status=404")).q == "status:404"


def test_the_menu_replaces_terms_and_an_empty_field_takes_them_away():
    asked = composing.chosen(QueryDict("q=milk+status:404+op:a&status=5xx&op=&from=2h"))
    assert asked.q == "milk status:5xx since:2h"


def test_what_the_menu_cannot_mean_stays_and_is_a_problem():
    asked = composing.chosen(QueryDict("q=&from=last week"))
    assert asked.q == 'since:"last week"' and len(asked.problems) == 1


def test_a_span_is_read_from_terms_and_written_back():
    asked = composing.within(Filter(q="milk since:2h"), read_time("2026-01-02T10:00:00Z"), None)
    assert asked.q == "milk since:2026-01-02T10:00:00Z"
    assert composing.span(asked) == (read_time("2026-01-02T10:00:00Z"), None)
    both = composing.within(asked, 1_000, 2_500)
    assert composing.span(both) == (1_000, 2_500)
    assert composing.span(Filter(q="-since:2h")) == (None, None)
    assert composing.span(Filter(q="since:nonsense")) == (None, None)


@pytest.mark.parametrize("term", asking.HELP, ids=lambda term: term.name)
def test_every_example_of_the_help_can_be_asked(term):
    assert all(not Filter(q=example).problems for example in examples(term))


def test_examples_are_written_as_the_help_says():
    assert examples(asking.TERMS["path"]) == ["path:/orders/*", "path~orders"]
