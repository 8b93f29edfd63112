"""The real product for stories: one process on SQLite, or STUDIO_WORKERS of them on the PostgreSQL of DATABASE_URL."""

import os

import pytest

from tests import postgres
from tests.stories.visitor import Visitor
from tests.studio import Studio


@pytest.fixture(scope="module")
def studio():
    """An empty installation that has just been started."""
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    with Studio(workers=workers, database_url=database, env=postgres.shared_cache()) as running:
        yield running


@pytest.fixture
def visitor(studio):
    """Somebody with a browser who has not been here before (scripts off)."""
    with Visitor(studio) as somebody:
        yield somebody


def pytest_collection_modifyitems(items):
    """Stories that choose their database whatever DATABASE_URL says: make test tells each of them once."""
    for item in items:
        chosen = item.callspec.params.get("studio") if hasattr(item, "callspec") else None
        if "stories" not in item.path.parts:
            continue
        if chosen == "postgresql" or "workers" in item.fixturenames:
            item.add_marker("postgresql_alone")
        elif chosen == "sqlite":
            item.add_marker("sqlite_alone")
