"""When ChatGPT holds back after failures, and how long it waits before it calls again."""

import pytest

from actionstudio.core.chatgpt import pacing


@pytest.mark.parametrize(("status", "fails"), [(200, False), (404, False), (429, True), (500, True), (503, True)])
def test_429_and_5xx_are_failures(status, fails):
    assert pacing.failing(status) is fails


@pytest.mark.parametrize(("failures", "now", "wanted"), [
    ([], 100, 0),
    ([90, 95], 100, 0),
    ([80, 90, 100], 100, 10),
    ([80, 90, 100], 104, 6),
    ([80, 90, 100], 111, 0),
    ([70, 80, 90, 100], 100, 20),
    ([30, 90, 100], 100, 0),  # the first is more than a minute ago
    ([100] * 15, 100, 60),
])  # fmt: skip
def test_after_three_failures_in_a_minute_calls_are_held_back_longer_each_time(failures, now, wanted):
    assert pacing.hold(failures, now) == wanted


@pytest.mark.parametrize(
    ("tries", "after", "seconds"), [(1, "", 0.5), (2, "", 1), (9, "", 8), (1, "7", 7), (1, "x", 0.5)]
)
def test_between_two_tries_the_pause_doubles_unless_the_server_names_one(tries, after, seconds):
    assert pacing.pause(tries, after) == seconds
