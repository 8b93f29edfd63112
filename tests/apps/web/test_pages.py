"""Landing, guides, errors, theme, language, zone, navigation."""

import pytest
from django.test import override_settings
from django.urls import path

from actionstudio.apps.web import guides, navigation
from tests import make


def boom(request):
    raise RuntimeError("secret detail")


urlpatterns = [path("boom/", boom), *__import__("actionstudio.urls", fromlist=["urlpatterns"]).urlpatterns]
handler404 = "actionstudio.apps.web.errors.not_found"
handler500 = "actionstudio.apps.web.errors.server_error"


def test_the_landing_page_leads_signed_in_people_to_their_projects(client, ann):
    assert client.get("/").status_code == 200
    client.force_login(ann)
    assert client.get("/").url == "/projects/"


@pytest.mark.parametrize("guide", guides.GUIDES, ids=lambda guide: guide.key)
def test_every_guide_has_its_text_and_page(client, ann, guide):
    answer = client.get(f"/help/{guide.key}/")
    assert answer.status_code == 200 and b"<h1>" in answer.content


def test_an_unknown_guide_is_404(client, ann):
    assert client.get("/help/no-such-guide/").status_code == 404


def test_errors_have_our_page_with_the_request_id(client, ann):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert answer["X-Request-Id"] in answer.content.decode()
    assert "Error: " in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_crash_shows_our_page_and_no_detail(client, ann):
    client.raise_request_exception = False
    answer = client.get("/boom/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert answer["X-Request-Id"] in text and "secret detail" not in text


def test_a_form_without_its_token_gets_our_page(ann):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    answer = client.post("/account/", {})
    assert answer.status_code == 403 and "expired" in answer.content.decode()


def test_the_theme_is_in_the_first_byte_of_the_page(client, ann):
    client.force_login(ann)
    assert b"data-theme=" not in client.get("/help/").content
    ann.theme = "light"
    ann.save()
    assert b'data-theme="light"' in client.get("/help/").content
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/help/").content
    client.cookies["theme"] = '"><script>'
    assert b"<script>" not in client.get("/help/").content.split(b"</head>")[0]


def test_language_comes_from_the_profile_then_the_cookie(client, ann):
    client.post("/language/", {"language": "fr", "next": "/help/"})
    assert b'<html lang="fr"' in client.get("/help/").content
    ann.language = "ko"
    ann.save()
    client.force_login(ann)
    assert b'<html lang="ko"' in client.get("/help/").content


def test_times_are_in_the_readers_zone(client, ann):
    ann.timezone = "Asia/Seoul"
    ann.save()
    from actionstudio.apps.accounts.models import ApiToken

    ApiToken.mint(ann, "script")
    client.force_login(ann)
    assert b"KST" in client.get("/account/tokens/").content


def test_an_unknown_zone_is_utc_and_no_error(client, ann):
    ann.timezone = "Mars/Olympus"
    ann.save()
    client.force_login(ann)
    assert client.get("/account/").status_code == 200


def test_the_sidebar_has_only_pages_that_exist(ann, db):
    items = [item for section in navigation.sections(make.project("items", ann)) for item in section.items]
    assert all(item.url.startswith("/projects/items/") for item in items)
    assert len({item.key for item in items}) == len(items)


def test_the_palette_makes_endpoints_and_names_nothing_twice(ann, db):
    commands = navigation.commands(make.project("items", ann))
    urls = [command["url"] for command in commands]
    assert "/projects/items/endpoints/new/" in urls
    assert len(urls) == len(set(urls))


def test_help_is_two_things_guides_and_shortcuts(client, ann):
    client.force_login(ann)
    make.project("items", ann)
    text = client.get("/projects/items/").text
    assert 'href="/help/"' in text
    assert 'href="/help/#shortcuts-list" data-dialog="#shortcuts"' in text


def test_the_palette_knows_the_projects_pages_and_the_pages_own_commands(ann, db):
    more = [{"group": "Endpoints", "title": "GET /items", "url": "/x/"}]
    commands = navigation.commands(make.project("items", ann), more)
    assert more[0] in commands
    assert all({"group", "title", "url"} <= set(command) for command in commands)
