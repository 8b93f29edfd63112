"""Templates and styles keep the rules the CSP needs: no inline script, no inline style, no evaluated attribute."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
FORBIDDEN = {
    "an inline style": r"\sstyle=[\"']",
    "a style element": r"<style[\s>]",
    "an inline handler": r"\son[a-z]+=[\"']",
    "hx-on": r"\shx-on[:=]",
    "hx-vals with js:": r"hx-vals=[\"']js:",
    "an inline script": r"<script(?![^>]*(?:src=|type=\"application/json\"))[^>]*>",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_have_nothing_that_the_policy_blocks(path):
    text = path.read_text()
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []
