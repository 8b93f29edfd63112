"""The store in a database: on a SQLite file with the log, and through Django (PostgreSQL, or a test's SQLite)."""

import pytest

from tests.apps.mocking import desk
from tests.runtime.promises import Clock, Promises


@pytest.fixture
def clock():
    return Clock()


class TestFile(Promises):
    @pytest.fixture
    def store(self, log_file, clock):
        return desk.file_store(log_file, clock=clock)


@pytest.mark.django_db
class TestDjango(Promises):
    @pytest.fixture
    def store(self, clock):
        return desk.django_store(clock=clock)
