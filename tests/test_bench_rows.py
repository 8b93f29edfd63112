"""The benchmark's made-up log has the columns that the log has."""

from actionstudio.apps.traffic.sink import COLUMNS
from bench import log_search


def test_a_made_up_call_has_a_value_for_each_column_of_the_log():
    assert len(next(log_search.calls(100))) == len(COLUMNS)
