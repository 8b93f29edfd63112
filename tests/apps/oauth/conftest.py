"""What tests of many at once need."""

import pytest
from django.db import connection


@pytest.fixture
def sqlite_file(transactional_db, tmp_path):
    """SQLite in a file, as in real life: in memory, threads do not wait for each other but fail at once."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, settings = connection.connection, connection.settings_dict
    name = settings["NAME"]
    memory.execute(f"VACUUM INTO '{tmp_path / 'studio.sqlite3'}'")
    connection.connection, settings["NAME"] = None, tmp_path / "studio.sqlite3"
    yield
    connection.close()
    connection.connection, settings["NAME"] = memory, name
