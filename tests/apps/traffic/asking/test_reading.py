"""What is typed becomes a question that writes itself again, or problems that name the word, the place and the cure."""

from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actionstudio.apps.traffic import asking
from actionstudio.apps.traffic.asking.term import TERMS

PIECES = ["-", '"', "\\", ":", "~", " ", "..", ">", "=", "xx", "\0", "\ud800", "\n", "中", "404", *TERMS]
typed = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14).map("".join)


@given(typed)
@example('-"')
@example('status:"')
@example("body~\\")
@example('"\\')
@example('"a\\" -"b')
@example("took:9999999999999999999999999s")
@example("took:1.5.5s..")
@example("since:9999999999d")
@example("since:0001-01-01T00:00")
@example("since:" + "9" * 40)
def test_anything_can_be_typed_and_what_is_understood_writes_itself_again(text):
    asked = asking.read(text)
    if isinstance(asked, asking.Problems):
        assert asked.wrong
        assert all(one.message and one.start < one.end for one in asked.wrong)
    else:
        assert asking.read(str(asked)) == asked


@pytest.mark.parametrize("term", asking.HELP, ids=lambda term: term.name)
def test_every_term_reads_its_examples_and_values(term):
    assert term.typed
    for text in term.typed:
        assert isinstance(asking.read(text), asking.Asked), text
    for value, _help in term.values:
        assert isinstance(asking.read(f"{term.name}:{value}"), asking.Asked), value
    assert str(term.help).endswith(".")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("took:>2", "“took:>2” is taken for milliseconds; took:>2s asks for seconds."),
        ("took:1..2", "“took:1..2” is taken for milliseconds; took:1s..2s asks for seconds."),
        ("-took:100..", "“took:100..” is taken for milliseconds; took:100s.. asks for seconds."),
        ("took:>0", ""),
        ("took:>2s", ""),
        ("took:1..2s", ""),
        ("size:>100", ""),
    ],
)
def test_what_could_be_meant_otherwise_is_told(text, told):
    assert asking.notes(asking.read(text)) == [told] * bool(told)


@pytest.mark.parametrize(("text", "us"), [("took:1..2s", 1_500_000), ("took:1s..2", 1_500_000), ("took:>2", 2_001)])
def test_one_end_of_a_range_has_the_unit_of_the_other(text, us):
    [part] = asking.read(text).parts
    assert part.test.holds(SimpleNamespace(duration_us=us))
    assert not part.test.holds(SimpleNamespace(duration_us=1_900))


def test_help_shows_every_term_once():
    assert sorted(term.name for term in asking.HELP) == sorted(TERMS)


@pytest.mark.parametrize(
    ("text", "word", "place", "cure"),
    [
        ("op:a stat:404", "stat:404", 6, "status:"),
        ("colour:red", "colour:red", 1, "quotes"),
        ("status:teapot", "status:teapot", 1, ">=400"),
        ("is:odd", "is:odd", 1, "replay"),
        ("took:long", "took:long", 1, ">2s"),
        ("since:tomorrow-ish", "since:tomorrow-ish", 1, "2h"),
        ("milk body~", "body~", 6, "body~refund"),
        ("conversation:", "conversation:", 1, "id"),
        ("milk op:", "op:", 6, "-has:operation"),
        ('op:""', 'op:""', 1, "-has:operation"),
        ("status~404", "status~404", 1, "status:404"),
        ('milk ""', '""', 6, "quotes"),
        ("milk status>=400", "status>=400", 6, "status:>=400"),
        ("status=400", "status=400", 1, "status:400"),
        ("took>2s", "took>2s", 1, "took:>2s"),
        ("Rex OR Mia", "OR", 5, "quotes"),
        ("--status:4xx", "--status:4xx", 1, "-status:4xx"),
    ],
)
def test_a_problem_names_the_word_the_place_and_the_cure(text, word, place, cure):
    asked = asking.read(text)
    assert isinstance(asked, asking.Problems)
    assert (asked.text, str(asked)) == (text, text)
    [wrong] = asked.wrong
    assert (wrong.word, wrong.start + 1) == (word, place)
    assert word in wrong.message
    assert str(place) in wrong.message
    assert cure in wrong.message
    assert not asked
    assert asked.of("?q")[0].pointer == "?q"


def test_each_word_that_is_wrong_is_named():
    asked = asking.read("is:odd milk took:long")
    assert isinstance(asked, asking.Problems)
    assert [wrong.word for wrong in asked.wrong] == ["is:odd", "took:long"]


def test_more_words_than_a_question_may_have_are_refused():
    asked = asking.read("a " * 40)
    assert isinstance(asked, asking.Problems)
    assert "30" in asked.wrong[0].message


def test_a_question_that_is_too_long_is_refused_and_stays_as_it_was_typed():
    longest = "milk " * 30 + "x" * 850
    assert "1000" in asking.read(longest + "y").wrong[0].message
    assert (asking.read(longest + "y").text, asking.read(longest + "y").wrong[0].word) == (longest + "y", "y")
    assert isinstance(asking.read("x" * 1000), asking.Asked)


def test_an_address_and_a_time_are_words_to_look_for():
    asked = asking.read("http://example.com 12:30")
    assert isinstance(asked, asking.Asked)
    assert [part.name for part in asked.parts] == ["", ""]


def test_what_only_looks_like_a_slip_is_looked_for():
    for text in ('"OR"', "or", "a=b", "x>=1", "--dry-run", '"status>=400"'):
        assert isinstance(asking.read(text), asking.Asked), text


def test_quotes_hold_spaces_quotes_and_backslashes():
    asked = asking.read(r'body~"say \"no\" \\ here" -op:x')
    assert isinstance(asked, asking.Asked)
    assert asked.parts[0].value == 'say "no" \\ here'
    assert asked.parts[1].negated
    assert (asked.values("op"), str(asked.without("body"))) == ([], "-op:x")
