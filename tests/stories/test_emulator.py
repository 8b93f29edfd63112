"""The client emulator in the running product: at a provider of somebody else, at the project's own, and its review."""

from urllib.parse import urlsplit

import httpx2
import pytest

from tests.provider import Elsewhere

PASSWORD = "correct horse battery"
FORM = "/projects/orders/oauth/emulator/"
PROJECT = """
from actionstudio.apps.accounts.models import User
from actionstudio.apps.oauth import people
from actionstudio.core.auth import OAuth, Scope
from tests import make
made = make.project("orders", User.objects.get(username="ann"), make.contract(auth=OAuth((Scope("read", "Read"),))))
people.make(made, "mina", password="correct horse battery")
"""


@pytest.fixture(scope="module")
def project(studio):
    studio.user("ann", PASSWORD)
    studio.shell(PROJECT)
    studio.settle()


@pytest.fixture
def builder(studio, project, visitor):
    visitor.open("/accounts/login/")
    visitor.send(visitor.page.form("login", "password"), login="ann@example.test", password=PASSWORD)
    return visitor


@pytest.fixture
def other(studio):
    with Elsewhere(f"{studio.url}/oauth/emulator/callback") as found:
        yield found


def begin(builder, **said):
    """A run, as the form begins it; returns its path."""
    page = builder.open(FORM)
    page = builder.send(page.form("client_id"), "Begin", **said)
    return page.url.path


def elsewhere(builder, other, **more):
    return begin(
        builder, where="other", profile="gpt", authorization_url=f"{other.url}/authorize", client_id=other.client_id,
        token_url=f"{other.url}/token", client_secret=other.client_secret, other_scope="read",
        call_url=f"{other.url}/api", operation="", revocation_url=f"{other.url}/revoke", **more,
    )  # fmt: skip


def test_1_a_provider_of_somebody_elses_is_signed_in_to_as_chatgpt_does(builder, other):
    run = elsewhere(builder, other)
    page = builder.follow(f"Sign in at 127.0.0.1:{urlsplit(other.url).port}")
    assert page.url.path == run
    page = builder.wait(run, "It works.")
    assert "Ask for a fresh token" in page.text and other.client_secret not in page.html
    builder.send(page.form(button="Take the tokens back"), "Take the tokens back")
    assert "Call with the token that was taken back" in builder.wait(run, "It works.").text


def test_2_a_fault_is_named_with_its_cure(builder, other):
    other.faults.add("basic_only")
    run = elsewhere(builder, other)
    builder.follow("Sign in at 127.0.0.1")
    page = builder.wait(run, "The server wants the Basic header")
    assert "Basic authorization header" in page.text


def at_home(studio, url: str) -> str:
    """Mina signs in on the address and allows it; where she is sent then."""
    host = urlsplit(url).netloc
    with httpx2.Client(base_url=f"http://127.0.0.1:{studio.port}", trust_env=False, timeout=30) as mina:
        heads = {"host": host, "origin": f"http://{host}", "accept": "text/html"}

        def go(method: str, where: str, **fields):
            path = where.removeprefix(f"http://{host}")
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            answer = mina.request(method, path, headers={**heads, "cookie": cookies}, data=fields or None)
            jar.update(answer.cookies)
            return answer

        jar: dict[str, str] = {}
        page = go("GET", url)
        for _ in range(6):
            if page.is_redirect:
                where = page.headers["location"]
                if not where.startswith((f"http://{host}", "/")):
                    return where
                page = go("GET", where)
                continue
            csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
            here = page.request.url.raw_path.decode()
            if 'name="password"' in page.text:
                page = go("POST", here, csrf=csrf, username="mina", password=PASSWORD)
            else:
                page = go("POST", here, csrf=csrf, allow="1")
        raise AssertionError(page.text[:2000])


@pytest.mark.parametrize("profile", ["gpt", "mcp"])
def test_3_the_projects_own_provider_is_signed_in_to_and_reviewed(studio, builder, profile):
    run = begin(builder, where="ours", profile=profile, client="new", scope="read", operation="GET /items")
    page = builder.wait(run, "your browser's turn")
    back = at_home(studio, page.link("Sign in at"))
    assert back.startswith(f"{studio.url}/oauth/emulator/callback?")
    builder.open(back.removeprefix(studio.url))
    page = builder.wait(run, "It works.")
    # A real MCP client registers itself, and this provider lets nobody do so: the run says that
    assert ("One step deserves a look." if profile == "mcp" else "Nothing was odd.") in page.text, page.text
    page = builder.open(f"{FORM}review/?run={run.split('/')[-2]}")
    page = builder.send(page.form("run"), "Check it", mine="1")
    page = builder.wait(f"{FORM}review/", "0 findings", 60)
    assert "Redirect URIs are compared to the letter" in page.text


def test_4_nobody_else_can_bring_the_code(studio, builder, other):
    run = elsewhere(builder, other)
    url = builder.page.link("Sign in at 127.0.0.1")
    back = httpx2.get(url, follow_redirects=False, trust_env=False).headers["location"]
    studio.user("bob", PASSWORD)
    with httpx2.Client(base_url=studio.url, trust_env=False, cookies=dict([studio.session("bob")])) as bob:
        assert bob.get(back.removeprefix(studio.url)).status_code == 400
    assert "your browser's turn" in builder.open(run).text
