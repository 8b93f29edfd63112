"""Vendored browser files are what their manifests say; every licence is there."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_vendored_files_are_what_the_manifest_says(folder):
    shelf = ROOT / folder
    entries = json.loads((shelf / "VENDOR.json").read_text())
    assert {entry["file"]: entry["sha256"] for entry in entries} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in shelf.iterdir()
        if path.is_file() and path.name != "VENDOR.json"
    }


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_every_vendored_package_has_its_licence(folder):
    shelf = ROOT / folder
    for entry in json.loads((shelf / "VENDOR.json").read_text()):
        for origin in entry["from"]:
            package = origin.rsplit("@", 1)[0]
            assert (shelf / "licenses" / (package.replace("@", "_").replace("/", "_") + ".txt")).stat().st_size


def test_every_icon_that_templates_and_scripts_name_is_in_the_sprite():
    import re

    sprite = (ROOT / "static/vendor/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = set()
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/js/*.js")]:
        used |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", path.read_text()))
        used |= set(re.findall(r"""icon_name=["']([a-z0-9-]+)["']""", path.read_text()))
    assert used - known == set()
