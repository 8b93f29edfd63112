"""The connection through which the state of mocks is written, shared by the threads of a worker."""

import sys
import threading

import pytest

from actionstudio.apps.mocking.desks import FileDesk
from actionstudio.apps.traffic import sink
from actionstudio.apps.traffic.sink import DatabaseSink


@pytest.fixture
def _restless():
    """Threads take turns as often as the interpreter lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_threads_ask_at_once_whether_somebody_else_has_committed(log_file, monkeypatch):
    """The thread that watches the log asks the same, and it too takes nobody's row."""
    monkeypatch.setattr(sink, "IDLE", 0.0)
    desk = FileDesk(DatabaseSink(str(log_file)).own)
    desk.stamp()
    failed = []

    def ask():
        try:
            for _ in range(500):
                desk.stamp()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
