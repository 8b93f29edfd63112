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
