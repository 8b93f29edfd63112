"""The threads of the worker: what they hold while they have nothing to do."""

import pytest

from actionstudio.apps.projects import jobs, leases, worker


@pytest.fixture
def seen(monkeypatch):
    """What happened, in its order."""
    found = []
    monkeypatch.setattr(worker, "close_old_connections", lambda: found.append("connection given back"))
    monkeypatch.setattr(leases, "hold", lambda name: True)
    monkeypatch.setattr(jobs, "reap", lambda: found.append("reaped"))
    return found


class Waiting(worker.EmbeddedWorker):
    """Tells when it waits instead of waiting."""

    def __init__(self, seen):
        super().__init__()
        self._over.wait = lambda seconds=None: seen.append("waits")


def test_a_thread_gives_its_connection_back_before_it_waits(seen):
    Waiting(seen)._repeat("words", 2.0, lambda: seen.append("worked"))
    assert seen == ["worked", "connection given back", "waits"]


def test_so_does_the_one_that_looks_for_the_dead(seen):
    Waiting(seen)._reap()
    assert seen == ["reaped", "connection given back", "waits"]


def test_so_does_the_one_that_waits_for_work(seen, monkeypatch):
    class Idle:
        def __init__(self, **options):
            self.running = True

        def run(self):
            seen.append("looked")

    class Bell:
        def clear(self):
            pass

        def wait(self, seconds):
            seen.append("waits")

    monkeypatch.setattr(worker, "Worker", Idle)
    monkeypatch.setitem(jobs.bells, "fast", Bell())
    worker.EmbeddedWorker()._work("fast", ["fast"])
    assert seen == ["looked", "connection given back", "waits"]
