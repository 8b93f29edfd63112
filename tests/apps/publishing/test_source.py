"""Which URLs are addresses of this studio."""

import pytest

from actionstudio.apps.publishing.source import base_urls, is_ours
from tests import make

pytestmark = pytest.mark.django_db


def test_every_url_of_an_address_is_ours():
    project = make.project("todo")
    project.addresses.update(domain="api.acme.example")
    for url in base_urls("todo", "api.acme.example"):
        assert is_ours(url)


@pytest.mark.parametrize(
    "path",
    ["", "/live", "/live/a/b", "https://todo.live.localhost:8000/x", "https://elsewhere.example", "live/todo", "x"],
)
def test_others_are_not(path, settings):
    settings.STUDIO_LIVE_DOMAIN = "live.localhost:8000"
    assert not is_ours(f"{settings.STUDIO_PUBLIC_URL}{path}" if path.startswith("/") else path)
