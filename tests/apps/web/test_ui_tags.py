"""The kit's tags and filters: numbers, times, charts, trees; nothing of a stranger's text becomes markup."""

import datetime

import pytest
from django.utils import timezone

from actionstudio.apps.web import charts, highlight, json_tree
from actionstudio.apps.web.templatetags import ui

EVIL = "<img src=x onerror=alert(1)>\"'"


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (250_000, "250 kB"), (3_400_000, "3.4 MB")]
)
def test_sizes_are_in_powers_of_ten(size, text):
    assert ui.byte_size(size) == text


@pytest.mark.parametrize(
    ("microseconds", "text"), [(0, "0 ms"), (400, "0.4 ms"), (12_300, "12 ms"), (1_204_000, "1,204 ms")]
)
def test_durations_are_in_milliseconds(microseconds, text):
    assert ui.ms(microseconds) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"),
        (2.5, "$2.50"),
        (1234.5, "$1,234.50"),
        (0.52, "$0.52"),
        (0.0213, "$0.0213"),
        (0.000213, "$0.000213"),
        (None, "–"),
    ],
)
def test_small_sums_of_dollars_keep_their_digits(amount, text):
    assert ui.dollars(amount) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "just now"), (90, "2 min ago"), (3700, "1 hour ago"), (90_000, "1 day ago"), (200_000, "2 days ago")],
)
def test_times_are_relative_and_keep_the_exact_one(seconds, text):
    moment = timezone.now() - datetime.timedelta(seconds=seconds)
    shown = ui.ago(moment)
    assert f">{text}<" in shown and moment.isoformat() in shown


def test_nothing_evil_survives_highlighting_trees_and_charts():
    for shown in (
        highlight.json_html({EVIL: [EVIL]}),
        highlight.json_html(EVIL),
        highlight.yaml_html(f"{EVIL}: {EVIL} # {EVIL}"),
        json_tree.json_tree({EVIL: [EVIL, {EVIL: EVIL}]}),
        charts.sparkline([1, 2], label=EVIL),
        charts.histogram([1], [0], [EVIL], EVIL),
        ui.copy_button(EVIL),
    ):
        assert "<img" not in shown


def test_highlighting_tells_keys_from_values():
    shown = highlight.json_html('{"a": "b", "n": -1.5e3, "t": true}')
    assert shown.count("t-key") == 3 and shown.count("t-str") == 1 and "t-num" in shown and "t-lit" in shown


def test_a_tree_of_a_long_list_says_how_much_is_left():
    assert "and 50 more" in json_tree.json_tree(list(range(250)))


def test_charts_of_nothing_are_empty_and_not_an_error():
    assert "<rect" not in charts.sparkline([])
    assert 'class="ok"' not in charts.histogram([0, 0], [0, 0])


@pytest.mark.parametrize(("p", "text"), [(0.0316, "p = 0.032"), (0.0004, "p < 0.001"), (1.0, "p = 1.000")])
def test_what_three_digits_would_call_impossible_is_told_as_less_than_they_tell(p, text):
    assert ui.chance(p) == text
