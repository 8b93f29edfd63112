"""The real product for stories: one process on SQLite, or STUDIO_WORKERS of them on the PostgreSQL of DATABASE_URL."""

import os

import pytest

from tests import postgres
from tests.stories.visitor import Visitor
from tests.studio import Studio

# Their subject is a document, a wire or another maker's client, not what a database keeps: told once is enough
ONCE = {
    "test_callbacks", "test_emulator", "test_faults", "test_gpt_shape", "test_malformed", "test_node_clients",
    "test_paste_job", "test_proxy_wire", "test_python_clients", "test_real_upstreams",
}  # fmt: skip


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
        elif chosen == "sqlite" or item.path.stem in ONCE:
            item.add_marker("sqlite_alone")
