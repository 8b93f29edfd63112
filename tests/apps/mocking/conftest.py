"""A log file with its tables, copied for each test."""

import shutil

import pytest

from tests.apps.mocking import desk


@pytest.fixture(scope="session")
def _made_file(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock():
        return desk.make_file(tmp_path_factory.mktemp("log") / "log.sqlite3")


@pytest.fixture
def log_file(_made_file, tmp_path):
    return shutil.copy(_made_file, tmp_path / "log.sqlite3")
