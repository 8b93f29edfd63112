"""The numbers: precision and recall, flakiness, flips, what changed."""

from itertools import product
from math import isclose

import pytest

from actionstudio.core.prompting import Called, Case, Turn, Wanted, fields, flips, numbers, score
from actionstudio.core.prompting.fields import Change, Sheet
from actionstudio.core.prompting.matrix import Trial, result


def trial(case, expected, called, time_ms=0, **more):
    wanted = tuple(Wanted(name) for name in expected)
    made = score(Case((Turn("x"),), wanted), [Called(name) for name in called])
    return Trial(case, "direct" if expected else "negative", made, str(case), ms=time_ms, **more)


def test_mcnemar_is_the_exact_test_of_all_ways_in_which_coins_may_fall():
    for flips_ in range(1, 9):
        ways = [sum(coins) for coins in product((0, 1), repeat=flips_)]
        for better in range(flips_ + 1):
            off = abs(better - flips_ / 2)
            as_uneven = sum(abs(way - flips_ / 2) >= off for way in ways) / len(ways)
            assert isclose(numbers.mcnemar(better, flips_ - better), as_uneven)


def test_mcnemar_of_known_numbers():
    assert numbers.mcnemar(0, 0) == 1.0
    assert numbers.mcnemar(6, 0) == 2 / 64
    assert numbers.mcnemar(0, 6) == 2 / 64
    assert numbers.mcnemar(5, 5) == 1.0
    assert isclose(numbers.mcnemar(9, 1), 2 * 11 / 1024)


def test_pass_k_of_known_numbers():
    assert numbers.pass_all(4, 2, 1) == 0.5
    assert isclose(numbers.pass_all(4, 2, 2), 1 / 6)
    assert numbers.pass_all(4, 2, 3) == 0.0
    assert isclose(numbers.pass_any(4, 2, 2), 5 / 6)
    assert numbers.mean_pass_all([(4, 4), (4, 0), (1, 1)], 2) == 0.5
    assert numbers.mean_pass_all([(1, 1)], 2) is None
    with pytest.raises(ValueError):
        numbers.pass_all(2, 3, 1)


def test_wilsons_interval_stays_within_bounds():
    low, high = numbers.interval(10, 10)
    assert isclose(low, 0.7225, abs_tol=1e-3) and isclose(high, 1.0)
    assert numbers.interval(0, 0) == (0.0, 1.0)


def test_the_matrix_and_what_it_says_of_each_operation():
    rows = [trial(1, ["a"], ["a"]), trial(2, ["a"], ["b"]), trial(3, ["b"], ["b"]), trial(4, ["b"], [])]
    rows += [trial(5, [], []), trial(6, [], ["a"])]
    found = result(rows, ["b", "a", "never called"])
    assert found.names == ("b", "a", "")
    assert [found.row(name) for name in found.names] == [[1, 0, 1], [1, 1, 0], [0, 1, 1]]
    b, a = found.operations
    assert (a.precision.value, a.recall.value, a.mistaken) == (0.5, 0.5, (("b", 1),))
    assert (b.precision.value, b.recall.value, b.mistaken) == (0.5, 0.5, (("", 1),))
    assert a.f1 == 0.5 and found.no_call.value == 0.5
    assert (found.passed.good, found.passed.of) == (3, 6) and found.kinds["negative"].value == 0.5


def test_what_got_no_answer_is_no_wrong_answer():
    found = result([trial(1, ["a"], ["a"]), Trial(2, "direct", None)])
    assert (found.passed.of, found.errors) == (1, 1)
    assert result([]).passed.value is None


def test_a_case_that_passes_now_and_then_is_flaky():
    rows = [trial(1, ["a"], ["a"]), trial(1, ["a"], []), trial(2, ["a"], ["a"]), trial(2, ["a"], ["a"])]
    found = result(rows)
    assert [(one.case, one.passed, one.of) for one in found.flaky] == [(1, 1, 2)]
    assert found.pass_all == {1: 0.75, 2: 0.5}


def test_tokens_and_cost_are_summed_where_they_are_told():
    rows = [trial(1, ["a"], ["a"], 30, tokens_in=10), trial(2, ["a"], ["a"], 50, tokens_in=5, dollars=0.25)]
    found = result(rows)
    assert (found.tokens_in, found.tokens_out, found.dollars, found.ms) == (15, None, 0.25, 80)
    assert found.slowest[0] == (2, 50)


def test_flips_are_counted_case_by_case_and_those_of_one_run_alone_not():
    before = [trial(1, ["a"], []), trial(2, ["a"], ["a"]), trial(3, ["a"], ["a"]), trial(9, ["a"], [])]
    after = [trial(1, ["a"], ["a"]), trial(2, ["a"], []), trial(3, ["a"], ["a"])]
    found = flips.compare(before, after)
    assert [(one.case, one.better) for one in found.flips] == [(2, False), (1, True)]
    assert (found.both, found.passed_before, found.passed_after, found.alone) == (3, 2, 2, 1)
    assert found.p == 1.0 and not found.sure


def test_a_case_with_several_trials_passes_by_the_majority():
    before = [trial(1, ["a"], ["a"]), trial(1, ["a"], []), trial(1, ["a"], [])]
    after = [trial(1, ["a"], ["a"]), trial(1, ["a"], ["a"]), trial(1, ["a"], [])]
    found = flips.compare(before, after)
    assert [(one.before, one.after) for one in found.flips] == [((1, 3), (2, 3))]


def sheet(operation="add", description="Adds a todo", **properties):
    return Sheet(operation, description, {"type": "object", "properties": properties, "required": []}, operation)


def test_changes_are_told_field_by_field():
    before = [sheet(title={"type": "string", "description": "What"}), sheet("old")]
    after = [sheet(description="Adds one", title={"type": "string", "description": "Text"}, n={}), sheet("new")]
    assert [(one.operation, one.field) for one in fields.changes(before, after)] == [
        ("add", "description"),
        ("add", "description of title"),
        ("add", "n"),
        ("old", "operation"),
        ("new", "operation"),
    ]
    assert fields.changes(before, before) == []


def test_more_than_one_field_at_once_is_warned_of():
    one = Change("add", "description", "a", "b")
    assert fields.hint([]) == fields.hint([one]) == ""
    assert "2 fields changed at once (add: description, instructions)" in fields.hint([one, Change("", "instructions")])


def test_a_change_touches_the_cases_that_speak_of_it_and_those_that_call_nothing():
    expects, forbids = Case((Turn("x"),), (Wanted("a"),)), Case((Turn("x"),), (Wanted("b"),), never=("a",))
    negative, other = Case((Turn("x"),)), Case((Turn("x"),), (Wanted("b"),))
    touched = frozenset({"a"})
    assert [fields.affected(case, (), touched) for case in (expects, forbids, negative, other)] == [
        "expects", "forbids", "negative", "",
    ]  # fmt: skip
    assert fields.affected(other, ("a",), touched) == "called"
    assert fields.affected(other, (), None) == "expects"
    assert fields.touched([Change("a", "name"), Change("b", "name")]) == {"a", "b"}
    assert fields.touched([Change("", "instructions")]) is None


def test_the_digest_changes_with_what_a_model_reads_alone():
    assert fields.digest([sheet()]) == fields.digest([sheet()])
    assert fields.digest([sheet()]) != fields.digest([sheet(description="x")])
    assert fields.digest([sheet()]) != fields.digest([sheet()], "Be kind.")
    assert fields.load(fields.dump(sheet())) == sheet()


def test_a_call_too_many_where_another_was_expected_is_no_prompt_that_should_call_nothing():
    found = result([trial(1, ["a"], ["a", "b"])])
    assert (found.no_call.good, found.no_call.of) == (0, 0) and found.cells["", "b"] == 1
    found = result([trial(1, [], ["a", "b"]), trial(2, [], [])])
    assert (found.no_call.good, found.no_call.of) == (1, 2), "two calls are one time"


def test_a_case_that_became_flaky_is_told_although_most_of_it_still_passes():
    good, bad = trial(1, ["a"], ["a"]), trial(1, ["a"], [])
    found = flips.compare([good] * 3, [good, good, bad])
    assert not found.flips and [(one.before, one.after) for one in found.unsteady] == [((3, 3), (2, 3))]
    assert not flips.compare([good, good, bad], [good, bad, good]).unsteady, "it was so before"
