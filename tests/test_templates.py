"""Every template compiles, and nothing in it is what the content security policy blocks."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
BLOCKED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle="),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+="),
    "hx-on": re.compile(r"hx-on[:=-]"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>"),
    "an inline style sheet": re.compile(r"<style\b"),
    "something from another host": re.compile(r"""(?:src|srcset)=["']https?://"""),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_in_it_is_blocked_by_the_csp(name):
    source = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", (ROOT / name).read_text(), flags=re.S)
    assert not [what for what, pattern in BLOCKED.items() if pattern.search(source)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_comment_ends_on_its_line(name):
    """Django shows a ``{# … #}`` of two lines to the reader of the page."""
    open_ones = [line for line in (ROOT / name).read_text().splitlines() if "{#" in line and "#}" not in line]
    assert open_ones == []
