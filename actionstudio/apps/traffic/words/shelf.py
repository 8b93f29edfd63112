"""The word index of this installation."""

from __future__ import annotations

from django.conf import settings
from django.db import connections

from actionstudio.apps.traffic.words.lite import LiteShelf
from actionstudio.apps.traffic.words.postgres import PostgresShelf
from actionstudio.apps.traffic.words.segments import Shelf

NAME = "search.sqlite3"
_made: Shelf | None = None


def open_shelf() -> Shelf:
    """The index of the log's database. A log in memory has none unless it is told one."""
    global _made
    if _made is None:
        connection = connections[settings.LOG_DATABASE]
        if connection.vendor == "postgresql":
            _made = PostgresShelf()
        else:
            _made = LiteShelf("/nowhere" if connection.is_in_memory_db() else settings.STUDIO_DATA_DIR / NAME)
    return _made


def use(shelf: Shelf | None) -> None:
    """Another index, for tests; None for the usual one."""
    global _made
    _made = shelf
