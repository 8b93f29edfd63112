"""The settings of an installation, as its environment gives them."""

import os
import subprocess
import sys

import pytest

PRINT = "from actionstudio import settings; print(settings.STUDIO_LIVE_DOMAIN)"


@pytest.mark.parametrize(
    ("given", "domain"),
    [
        ({}, "live.localhost:8123"),
        ({"STUDIO_LIVE_DOMAIN": ""}, "live.localhost:8123"),
        ({"STUDIO_LIVE_DOMAIN": " "}, "live.localhost:8123"),
        ({"STUDIO_LIVE_DOMAIN": "Live.Acme.test"}, "live.acme.test"),
    ],
)
def test_an_empty_domain_of_addresses_is_as_none(given, domain, tmp_path):
    """An empty one made addresses such as http://weather./openapi.json."""
    bare = {name: value for name, value in os.environ.items() if name != "STUDIO_LIVE_DOMAIN"}
    env = {**bare, "PORT": "8123", "STUDIO_DATA_DIR": str(tmp_path), **given}
    made = subprocess.run([sys.executable, "-c", PRINT], env=env, capture_output=True, text=True, check=True)
    assert made.stdout.strip() == domain


def test_what_the_server_makes_is_its_users_alone(tmp_path):
    home = tmp_path / "a" / "data"
    shelf = f"LiteShelf('{home}/search.sqlite3').prepare()"
    code = f"""import os; os.umask(0o022); os.environ["DJANGO_SETTINGS_MODULE"] = "actionstudio.settings"
import django; django.setup()
from django.db import connections
for one in connections.all(): one.cursor().execute("CREATE TABLE a (b)")
from actionstudio.apps.traffic.words.lite import LiteShelf
{shelf}"""
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run([sys.executable, "-c", code], env={**bare, "STUDIO_DATA_DIR": str(home)}, check=True)
    assert home.stat().st_mode & 0o777 == 0o700
    found = {file.name: file.stat().st_mode & 0o777 for file in home.glob("*.sqlite3*")}
    assert {*found.values()} == {0o600} and {"studio.sqlite3", "log.sqlite3", "search.sqlite3"} <= found.keys()


def test_an_empty_url_and_an_empty_model_are_as_none(tmp_path):
    env = {**os.environ, "PORT": "8123", "STUDIO_DATA_DIR": str(tmp_path), "STUDIO_PUBLIC_URL": "", "OPENAI_MODEL": ""}
    code = "from actionstudio import settings as s; print(s.STUDIO_PUBLIC_URL, s.OPENAI_MODEL)"
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["http://localhost:8123", "gpt-5-mini"]


def test_the_url_of_everybodys_model_without_its_scheme_stops_the_start_with_the_cure(tmp_path):
    env = {**os.environ, "STUDIO_DATA_DIR": str(tmp_path), "OPENAI_BASE_URL": "localhost:11434/v1"}
    done = subprocess.run(
        [sys.executable, "-c", "import actionstudio.settings"], env=env, capture_output=True, text=True
    )
    assert done.returncode == 1 and done.stderr.startswith("OPENAI_BASE_URL must begin with http:// or https://")
