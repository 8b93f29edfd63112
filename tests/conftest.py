"""Fixtures for the whole suite: the cast, and databases that are always both there."""

import os
import re
from collections import Counter, defaultdict

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection

from actionstudio.apps.design import inspecting, newest
from actionstudio.apps.replay.runs import running
from actionstudio.apps.simulator.chatting import crew, holding
from actionstudio.runtime import app as data_plane
from tests import make

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
# A busy machine is not a fault. In CI the made-up data is the same each time; elsewhere each run tries other data.
hypothesis.settings.register_profile("house", deadline=None, derandomize=CI)
hypothesis.settings.load_profile("house")
# What asks any database the same: pages, what is typed into them, texts that are read, documents and other people's
# providers. make test asks one; DATABASE_URL=… make test ARGS=tests asks PostgreSQL all of it.
ASK_ONE_DATABASE = re.compile(
    r"_pages?\.py$|/test_(odd_\w+|junk|rules|checklist|document_text|studio_check|strangers|reimports?|watching|reviewing|large)\.py$"
    r"|/apps/(design|library|gpt|signin|web|oauth/address)/"
)
make_key = rsa.generate_private_key
made_keys = defaultdict(list)  # by their size


@pytest.fixture(autouse=True)
def _plain_settings(settings):
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {
        "default": {
            "BACKEND": "django.tasks.backends.immediate.ImmediateBackend",
            "QUEUES": settings.TASKS["default"]["QUEUES"],
        }
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _one_hand(monkeypatch):
    """A run of replays sends in the test's own thread: others would not see what its transaction holds."""
    monkeypatch.setattr(running, "HANDS", 1)


@pytest.fixture(autouse=True)
def _one_crew(monkeypatch):
    """A chat's turn runs in the test's own thread, for the same reason, and none beats beside it: that thread would
    outlive the test's database."""
    monkeypatch.setattr(crew, "begin", lambda deed: deed())
    monkeypatch.setattr(holding, "_start", lambda: None)


@pytest.fixture(autouse=True)
def _no_seats():
    """Addresses of another test are not served from memory: row ids and versions repeat."""
    if data_plane._made is not None:
        data_plane._made.registry.clear()


@pytest.fixture(autouse=True)
def _no_findings():
    """What was found in a revision of another test is forgotten, for the same reason."""
    inspecting._known.clear()
    newest.forget()


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """PostgreSQL is made by the migrations. SQLite, as empty and much sooner, by what the models say now: that both are
    the same is test_migrations.py's, and the stories migrate on SQLite too."""
    return connection.vendor == "postgresql"


@pytest.fixture(autouse=True)
def _keys_made_before(monkeypatch):
    """The second key that a test makes is the one that every test has as its second: making one costs more than most
    tests, and within a test no two are the same."""
    asked = Counter()

    def key(exponent: int, bits: int) -> rsa.RSAPrivateKey:
        asked[bits] += 1
        if len(made_keys[bits]) < asked[bits]:
            made_keys[bits].append(make_key(exponent, bits))
        return made_keys[bits][asked[bits] - 1]

    monkeypatch.setattr(rsa, "generate_private_key", key)


@pytest.fixture
def ann(db):
    return make.user("ann")


@pytest.fixture
def eve(db):
    return make.user("eve")


def pytest_configure(config):
    for line in (
        "one_database: needs an account and little else of the database: make test does not repeat it on PostgreSQL",
        "sqlite_alone: a story that is told on SQLite whatever DATABASE_URL says",
        "postgresql_alone: a story that is told on PostgreSQL, if need be on a cluster of its own",
    ):
        config.addinivalue_line("markers", line)


def pytest_collection_modifyitems(items):
    """A test that uses the database may use all there are: the log has one of its own on SQLite, none on PostgreSQL."""
    for item in items:
        if ASK_ONE_DATABASE.search(item.path.as_posix()):
            item.add_marker(pytest.mark.one_database)
        mark = item.get_closest_marker("django_db")
        if mark or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            every = {**(mark.kwargs if mark else {}), "databases": "__all__"}
            item.add_marker(pytest.mark.django_db(**every), append=False)
