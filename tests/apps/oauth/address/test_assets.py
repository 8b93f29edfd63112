"""What the pages on an address are made of lies there under /oauth/, and nothing else of the studio's does."""

import re
from pathlib import Path

import pytest

from actionstudio.apps.oauth.address import assets
from actionstudio.apps.oauth.models import Provider
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4] / "static"


def get(path, query="", headers=()):
    return frontdoor().call_blocking("shop", Call("GET", path, query, headers)).reply


@pytest.mark.parametrize("name", sorted(assets.FILES))
def test_each_file_is_sent_as_it_is(name):
    entering.shop()
    reply = get(f"/oauth/static/{name}")
    assert reply.status == 200 and reply.body == (ROOT / name).read_bytes()
    assert reply.header("x-content-type-options") == "nosniff"
    again = get(f"/oauth/static/{name}", headers=(("if-none-match", reply.header("etag")),))
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("name", ["js/app.js", "../settings.py", "css/../js/app.js", "css", "", "css/address.css/"])
def test_no_other_file_is(name):
    entering.shop()
    assert get(f"/oauth/static/{name}").status == 404


def test_a_file_named_with_its_version_may_be_kept_for_ever():
    entering.shop()
    version = assets._file("css/address.css").digest[:12]
    assert "immutable" in get("/oauth/static/css/address.css", version).header("cache-control")
    assert "immutable" not in get("/oauth/static/css/address.css", "0" * 12).header("cache-control")


def test_what_a_style_sheet_names_is_there_too():
    named = set()
    for sheet in assets.SHEETS:
        for url in re.findall(r"url\(\"?(?!data:)([^)\"]+)", (ROOT / "css" / f"{sheet}.css").read_text()):
            named.add(url.removeprefix("../"))
    assert named and named <= assets.FILES


def test_the_theme_has_the_projects_colour():
    shop = entering.shop()
    assert get("/oauth/theme.css").body == b""
    Provider.objects.update_or_create(project=shop, defaults={"colour": "#aa0000"})
    reply = get("/oauth/theme.css")
    assert b"--accent-solid:light-dark(#aa0000,#aa0000)" in reply.body
    assert reply.header("content-type") == "text/css; charset=utf-8"
    assert get("/oauth/theme.css", headers=(("if-none-match", reply.header("etag")),)).status == 304
