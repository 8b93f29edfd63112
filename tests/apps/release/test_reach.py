"""Which addresses ChatGPT can use, as far as their text tells."""

import pytest

from actionstudio.apps.release import reach
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("https://api.acme.com", ""),
        ("https://api.acme.com:443/live/items", ""),
        ("https://studio.acme.com/live/items", ""),
        ("http://api.acme.com", "http"),
        ("https://api.acme.com:8443", "port"),
        ("http://localhost:8000/live/items", "local"),
        ("http://items.live.localhost:8000", "local"),
        ("https://studio.internal", "local"),
        ("https://studio", "local"),
        ("https://192.168.1.4", "local"),
        ("https://[::1]:8000", "local"),
        ("https://8.8.8.8", "ip"),
    ],
)
def test_the_text_of_a_url_tells(url, flaw):
    assert reach.flaw(url) == flaw


def test_behind_a_tunnel_the_path_form_goes_first(settings):
    settings.STUDIO_PUBLIC_URL = "https://blue-fox.trycloudflare.com"
    project = make.project()
    assert [one.url for one in reach.of(project)][0] == "https://blue-fox.trycloudflare.com/live/items"
    assert reach.best(project) == "https://blue-fox.trycloudflare.com/live/items"


def test_a_domain_of_its_own_goes_before_all(settings):
    settings.STUDIO_PUBLIC_URL = settings.STUDIO_LIVE_DOMAIN = "https://studio.acme.com"
    settings.STUDIO_LIVE_SCHEME = "https"
    project = make.project()
    project.addresses.update(domain="api.items.com")
    assert reach.best(project) == "https://api.items.com"


def test_a_project_without_an_address_has_none():
    project = make.project()
    project.addresses.all().delete()
    assert reach.of(project) == []
    assert reach.best(project) == ""
