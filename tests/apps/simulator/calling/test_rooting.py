"""A server without https counts in one's own network, wherever its document was found."""

import json

import pytest

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling import acting
from tests import make
from tests.apps.simulator.calling.test_making import DOCUMENT

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def taken(found_at: str, *servers: str) -> str:
    """The server that is called by the import of a document with these servers; "" when nothing is taken."""
    text = json.dumps(DOCUMENT | {"servers": [{"url": url} for url in servers]})
    imported = acting.of_document(Project.objects.first() or make.project(), text, found_at).imported
    return "" if imported.fatal else imported.server


@pytest.mark.parametrize(
    "server",
    [
        "http://127.0.0.1:8431/v1",
        "http://localhost:8431",
        "http://[::1]:8431",
        "http://todo.live.localhost:8421",
        "http://10.1.2.3/v1",
        "https://10.1.2.3:8443",
    ],
)
@pytest.mark.parametrize("found_at", ["http://127.0.0.1:8433/s.json", "https://docs.example.com/s.json"])
def test_a_server_of_ones_own_network_counts_wherever_the_document_is(settings, server, found_at):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    assert taken(found_at, server) == server


def test_a_server_whose_name_does_not_tell_counts_where_the_document_is_its_own(settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    assert taken("http://shop.lan:8080/s.json", "http://shop.lan:8080/v1") == "http://shop.lan:8080/v1"
    assert taken("http://docs.lan/s.json", "http://shop.lan:8080/v1") == ""
    assert taken("http://docs.lan/s.json", "http://8.8.8.8/v1") == ""


def test_a_studio_that_calls_no_private_network_takes_none(settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS, settings.STUDIO_HOST = False, "0.0.0.0"
    assert taken("http://127.0.0.1:8433/s.json", "http://127.0.0.1:8433/v1") == ""


def test_the_first_server_decides_as_at_chatgpt(settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    both = ("https://api.example.com", "http://127.0.0.1:8431")
    assert taken("http://127.0.0.1:8433/s.json", *both) == both[0]
