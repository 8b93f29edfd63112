"""The list of projects: filtered, paged by key, the same number of queries whatever its length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from actionstudio.apps.library import configuring
from actionstudio.apps.projects import listing
from actionstudio.core.auth import AUTH_KINDS, ApiKey
from tests import make
from tests.apps.library.test_logo import image

pytestmark = pytest.mark.django_db
URL = "/projects/"


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def test_strangers_sign_in_first(client, ann):
    assert reverse("account_login") in client.get(URL)["Location"]


def test_eve_does_not_see_anns_projects(client, eve):
    make.project("secret")
    client.force_login(eve)
    assert "secret" not in client.get(URL).text


def test_a_row_says_what_is_live_and_how_callers_sign_in(signed_in):
    make.project("todo", value=make.contract(auth=ApiKey()), description="My list")
    text = signed_in.get(URL).text
    for words in ("Todo", "My list", "Live v1", "API key"):
        assert words in text


def test_a_project_with_a_logo_shows_it_to_its_owner_alone(client, signed_in, eve):
    project = make.project("todo")
    png = image("PNG")
    configuring.change_logo(project, png, project.owner)
    url = reverse("projects:logo", args=["todo", project.logos.get().digest])
    assert f'src="{url}"' in signed_in.get(URL).text
    answer = signed_in.get(url)
    assert (answer["Content-Type"], answer.content) == ("image/png", png)
    client.force_login(eve)
    assert client.get(url).status_code == 404


def test_a_pinned_project_says_so(signed_in):
    project = make.project()
    project.addresses.update(pinned=project.revisions.get())
    assert "Pinned v1" in signed_in.get(URL).text


def test_the_filter_looks_at_name_address_and_sentence(signed_in):
    make.project("todo", description="errands")
    make.project("weather")
    assert "Weather" not in signed_in.get(URL, {"q": "errand"}).text
    assert "Weather" in signed_in.get(URL, {"q": "WEATH"}).text


def test_nothing_yet_and_nothing_found_are_told_apart(signed_in):
    empty = signed_in.get(URL).text
    assert "No projects yet" in empty
    assert "Open the demo" in empty
    make.project()
    assert "No project matches" in signed_in.get(URL, {"q": "zzz"}).text


def test_htmx_gets_the_rows_alone(signed_in):
    make.project()
    answer = signed_in.get(URL, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in answer.text
    assert "Items" in answer.text
    assert "HX-Request" in answer["Vary"]


def test_pages_follow_each_other_without_gap_or_repeat(signed_in, ann, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        make.project(f"p{number}")
    seen, after = [], ""
    for _page in range(3):
        found = signed_in.get(URL, {"after": after}).context["listing"]
        seen += [row.project.slug for row in found.rows]
        after = found.after
    assert seen == ["p4", "p3", "p2", "p1", "p0"]
    assert after == ""


@pytest.mark.parametrize("after", ["x", "2020-01-01_1", "2020-01-01T00:00:00+00:00_x", "_", "9" * 99, "\x00_1"])
def test_rubbish_in_the_paging_is_ignored(signed_in, after):
    make.project()
    assert "Items" in signed_in.get(URL, {"after": after}).text


def test_rubbish_in_the_filter_is_harmless(signed_in):
    make.project()
    text = signed_in.get(URL, {"q": '"><script>%_\x00' + "x" * 500}).text
    assert escape('"><script>%_') in text


def queries(client) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(URL).status_code == 200
    return len(counted)


def test_twenty_projects_cost_as_many_queries_as_ten(signed_in):
    for number in range(10):
        make.project(f"a{number}")
    queries(signed_in)
    ten = queries(signed_in)
    for number in range(10):
        make.project(f"b{number}")
    assert queries(signed_in) == ten


def test_every_kind_of_sign_in_has_a_name():
    assert set(listing.SIGN_IN) == set(AUTH_KINDS)
