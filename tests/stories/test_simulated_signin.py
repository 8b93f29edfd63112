"""A builder signs in at their own project from the simulator: through the browser, past the token's end, to its end."""

import httpx2
import pytest

from tests.stories.person import PASSWORD as SECRET
from tests.stories.person import Person

PASSWORD = "correct horse battery"
PROJECT = f"""
from actionstudio.apps.accounts.models import User
from actionstudio.apps.oauth import people
from actionstudio.core.auth import OAuth, Scope
from tests import make
value = make.contract(auth=OAuth((Scope("read", "Read the items"),)))
made = make.project("sim", User.objects.get(username="ann"), value)
people.make(made, "alice", password={SECRET!r})
"""
FIND = """
import datetime
from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import EndUser
from actionstudio.apps.simulator import signing
from actionstudio.apps.simulator.models import Action, Grant
action = Action.objects.select_related("client", "gpt__project", "address").get(gpt__project__slug="sim")
ann = action.gpt.project.owner
def age():
    grant = Grant.objects.get()
    Grant.objects.update(expires=grant.expires - datetime.timedelta(days=1))
"""
TOKEN = FIND + "print(getattr(signing.credential(action, ann), 'access', ''))"


class Guest(Person):
    """Stops at the simulator's callback, which is on the studio's own host: the builder's browser opens it."""

    def _ours(self, url: str) -> bool:
        return super()._ours(url) and "/simulator/callback/" not in url


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


def token(studio) -> str:
    return studio.shell(TOKEN).strip()


def called(studio, text: str) -> int:
    return studio.call("sim", "GET", "/items", headers={"authorization": f"Bearer {text}"}).status_code


def at_action(builder):
    """The page of the first GPT's action, by the links that lead there."""
    gpts = builder.open("/projects/sim/simulator/gpt/")
    gpt = builder.open(next(href for href, _words in gpts.links if "/simulator/gpt/g-" in href))
    return builder.open(next(href for href, _words in gpt.links if "/simulator/actions/g-" in href))


def signed_in(studio, builder):
    """The page of the action, after the sign-in in the browser."""
    page = at_action(builder)
    begun = builder.client.get(page.link("Sign in with"), follow_redirects=False)
    url = begun.headers["location"]
    assert "code_challenge" not in url and "scope=read" in url
    back = Guest(studio, "alice").go(url)
    assert back.startswith(f"{studio.url}/simulator/callback/?")
    return builder.open(back.removeprefix(studio.url))


def test_1_the_sign_in_goes_through_the_projects_own_provider_and_back(studio, builder):
    page = signed_in(studio, builder)
    assert page.url.path.startswith("/projects/sim/simulator/actions/") and "signed in" in page.text
    first = token(studio)
    assert first and called(studio, first) == 200 and first not in page.html


def test_2_an_expired_token_is_refreshed_and_the_fresh_one_is_let_in(studio, builder):
    before = token(studio)
    studio.shell(FIND + "age()")
    fresh = token(studio)
    assert fresh not in ("", before) and called(studio, fresh) == 200


def test_3_a_token_that_was_taken_back_is_refused_and_after_its_end_the_builder_is_asked_again(studio, builder):
    text = token(studio)
    studio.shell(FIND + "people.disconnect(EndUser.objects.get(username='alice'), action.client)")
    studio.settle()
    assert called(studio, text) == 401 and token(studio) == text, "ChatGPT, too, goes on with what it has"
    studio.shell(FIND + "age()")
    assert token(studio) == ""
    page = at_action(builder)
    assert "not signed in" in page.text
    assert "signed in" in signed_in(studio, builder).text and called(studio, token(studio)) == 200


def test_4_no_real_client_is_loosened(studio, project):
    told = FIND + "print(action.client.uris, action.gpt.project.clients.filter(registration_source='manual').count())"
    assert studio.shell(told).split() == [f"['{studio.url}/simulator/callback/']", "0"]
    answer = httpx2.get(f"{studio.url}/simulator/callback/?code=x&state=y", trust_env=False)
    assert answer.status_code == 302 and "/accounts/login/" in answer.headers["location"]
