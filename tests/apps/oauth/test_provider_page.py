"""The provider's settings: kept within their bounds, the colour judged, the URLs listed."""

import pytest
from django.urls import reverse

from actionstudio.apps.oauth import providing
from actionstudio.apps.oauth.models import Provider
from actionstudio.core.auth import OAuth
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {"development": "on", "code_seconds": "60", "access_seconds": "59", "refresh_days": "0", "colour": "#4F46E5"}


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project(owner=ann, value=make.contract(auth=OAuth()))


@pytest.fixture
def page(project):
    return reverse("oauth:provider", args=[project.slug])


def test_the_form_has_every_setting_of_the_row(project):
    kept = {field.name for field in Provider._meta.fields} - {"id", "project"}
    assert kept == set(providing.FIELDS)


def test_settings_are_kept(client, page, project):
    assert client.post(page, {**GOOD, "registration": "on"}).status_code == 302
    kept = Provider.objects.get(project=project)
    assert (kept.development, kept.signup, kept.registration) == (True, False, True)
    assert (kept.code_seconds, kept.access_seconds, kept.refresh_days) == (60, 59, 0)
    assert kept.colour == "#4f46e5"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("access_seconds", "58"),
        ("access_seconds", "9999999"),
        ("access_seconds", "soon"),
        ("code_seconds", "601"),
        ("refresh_days", "-1"),
        ("refresh_days", ""),
        ("colour", "red"),
        ("colour", "#fff"),
        ("colour", "#12345g"),
    ],
)
def test_what_is_out_of_bounds_is_told_beside_its_field_and_nothing_is_kept(client, page, project, field, value):
    before = Provider.of(project)
    answer = client.post(page, {**GOOD, "signup": "on", field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert f'value="{value}"' in answer.text or not value
    assert Provider.objects.values().get(project=project) == Provider.objects.values().get(pk=before.pk)
    assert not Provider.objects.get(project=project).signup


@pytest.mark.parametrize(
    "fields", [{"colour": "red"}, {"access_seconds": True}, {"refresh_days": "7"}, {"issuer": "x"}]
)
def test_other_callers_are_refused_too(project, fields):
    with pytest.raises(Refused):
        providing.change(project, **fields)


def test_a_colour_on_which_white_cannot_be_read_is_darkened_and_told(client, page):
    fine, pale = providing.look("#4f46e5"), providing.look("#ffdd00")
    assert not fine.bent and fine.shown == "#4f46e5" and fine.contrast >= 4.5
    assert pale.bent and pale.contrast < 2 and providing.look(pale.shown).contrast >= 4.5
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    part = client.get(page, {"colour": "#ffdd00"}, **headers).text
    assert pale.shown in part and "hard to read" in part and "<html" not in part
    assert "The studio&#x27;s own colour" in client.get(page, {"colour": '"><script>'}, **headers).text.replace(
        "'", "&#x27;"
    )


def test_every_url_of_every_address_is_listed(client, page, project):
    shown = client.get(page).text
    for base in ("http://items.live.localhost:8000", "http://localhost:8000/live/items"):
        for path in ("/oauth/authorize", "/oauth/token", "/.well-known/oauth-authorization-server"):
            assert base + path in shown


def test_registration_is_listed_where_it_is_on(client, page, project):
    assert "/oauth/register" not in client.get(page).text
    providing.change(project, registration=True)
    assert "/live/items/oauth/register" in client.get(page).text


def test_all_that_is_wrong_is_told_at_once_and_the_page_is_named_once(client, page):
    answer = client.post(page, {**GOOD, "access_seconds": "58", "colour": "red"})
    assert answer.context["form"].errors.keys() == {"access_seconds", "colour"}
    assert answer.context["form"].errors["access_seconds"] == ["Use a whole number from 59 to 2592000."]
    assert "Authentication. <a" not in answer.text
