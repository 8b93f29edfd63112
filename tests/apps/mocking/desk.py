"""Stores to try: on a SQLite file of their own, as the product has it, and on the test's database through Django."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace

from django.apps import apps
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from actionstudio.apps.mocking.store import DatabaseStore
from actionstudio.apps.traffic.sink import DatabaseSink

MODELS = ("traffic.Exchange", "mocking.State", "mocking.Row", "mocking.Snapshot", "mocking.Counter")


def make_file(path: Path) -> Path:
    """A log file with its tables."""
    options = connections["default"].settings_dict | {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    wrapper = DatabaseWrapper({**options, "OPTIONS": {}}, "made")
    try:
        with wrapper.schema_editor(atomic=False) as editor:
            for name in MODELS:
                editor.create_model(apps.get_model(name))
    finally:
        wrapper.close()
    return path


def file_store(path: Path, **fields) -> DatabaseStore:
    """A store as a process of the product has it, on this file."""
    return DatabaseStore(DatabaseSink(str(path)), **fields)


def django_store(**fields) -> DatabaseStore:
    return DatabaseStore(SimpleNamespace(own=None), **fields)


def asked(path: Path, sql: str) -> list[tuple]:
    """What another connection finds in the file: what is committed."""
    with sqlite3.connect(path) as connection:
        return connection.execute(sql).fetchall()
