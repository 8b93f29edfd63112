"""Where the emulator's requests go: addresses of this studio are answered in the house, whatever a resolver knows."""

import pytest

from actionstudio.apps.oauth import providing
from actionstudio.apps.oauth.address import register
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.signin.wire import Wire
from tests import make
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db
METADATA = "/.well-known/oauth-authorization-server"


@pytest.fixture
def wire(ann, shop):
    entering.shop("second", owner=ann)
    return Wire(shop)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Nothing leaves the house here."""
    monkeypatch.setattr(Wire, "_outside", lambda self, method, url, *rest: pytest.fail(f"{url} left the house"))


@pytest.mark.parametrize(
    ("url", "issuer"),
    [
        (f"http://second.live.localhost:8000{METADATA}", "http://second.live.localhost:8000"),
        (f"http://SECOND.live.localhost:8000{METADATA}?x=1", "http://second.live.localhost:8000"),
        (f"http://localhost:8000/live/second{METADATA}", "http://localhost:8000/live/second"),
        (f"http://localhost:8000{METADATA}/live/second", "http://localhost:8000/live/second"),
    ],
)
def test_another_project_of_the_studio_is_reached_by_every_form_of_its_address(wire, settings, url, issuer):
    settings.STUDIO_PUBLIC_URL = "http://localhost:8000"
    heard = wire.send("GET", url)
    assert heard.status == 200, heard
    assert heard.json["issuer"] == issuer


def test_a_bound_domain_is_answered_here_for_its_owner_alone(ann, eve, wire, monkeypatch):
    Address.objects.filter(name="second").update(domain="id.acme.test")
    assert wire.send("GET", f"http://id.acme.test{METADATA}").json["issuer"] == "http://id.acme.test"
    out = []
    monkeypatch.setattr(Wire, "_outside", lambda self, method, url, *rest: out.append(url))
    Wire(make.project("hers", eve)).send("POST", "http://id.acme.test/oauth/token", body=b"client_secret=x")
    assert out == ["http://id.acme.test/oauth/token"], "a domain that somebody else claims may be anybody's"


def test_what_only_looks_like_an_address_goes_out(wire, monkeypatch):
    out = []
    monkeypatch.setattr(Wire, "_outside", lambda self, method, url, *rest: out.append(url))
    urls = (
        "http://nobody.live.localhost:8000/x", "https://second.live.localhost:8000/x",
        "http://second.live.localhost:8000.evil.test/x", "http://second.live.localhost:8001/x",
        "http://a@second.live.localhost:8000/x", "http://localhost:8000/projects/",
    )  # fmt: skip
    for url in urls:
        wire.send("GET", url)
    assert out == list(urls)


def test_builders_who_test_at_once_do_not_use_up_each_others_tries(ann, eve, wire, monkeypatch):
    second = Address.objects.get(name="second").project
    providing.change(second, registration=True)
    monkeypatch.setattr(register, "EACH", 1)
    sent = ("POST", "http://second.live.localhost:8000/oauth/register", [("Content-Type", "application/json")], b"{}")
    got = [one.send(*sent).status for one in (wire, wire, Wire(make.project("hers", eve)))]
    assert got == [400, 429, 400]
