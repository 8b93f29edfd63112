"""Windows of rate limits are removed when they are long over."""

import time

import pytest

from actionstudio.apps.mocking import rows
from actionstudio.apps.mocking.models import Counter
from actionstudio.apps.replay import pruning


@pytest.mark.django_db
def test_old_windows_go_and_numbers_of_calls_stay(monkeypatch):
    store = rows.store()
    monkeypatch.setattr(store, "_clock", lambda: time.time() - 3 * 86_400)
    store.take(7, "old", 5, 60)
    monkeypatch.setattr(store, "_clock", time.time)
    store.take(7, "new", 5, 60)
    store.count(7, "calls")
    pruning.prune(0)
    assert set(Counter.objects.values_list("name", flat=True)) == {"new", "calls"}
    assert store.take(7, "old", 5, 60).left == 4
