"""What a newcomer tripped over in the emulator: verdicts that disagreed, apps left over, errors out of sight."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser

from actionstudio.apps.design import editing
from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.signin import emulating, picturing, runs, verdict, words
from actionstudio.apps.signin.checks import redirect_exact
from actionstudio.apps.signin.runs import Run, Setup
from actionstudio.apps.signin.wire import Heard
from actionstudio.core.auth import OAuth
from tests import make
from tests.apps.signin import watched

pytestmark = pytest.mark.django_db
FORM = "/projects/shop/oauth/emulator/"
SETUP = Setup(
    authorization_url="https://id.acme.test/authorize", token_url="https://id.acme.test/token", client_id="c",
    redirect_uri="https://chatgpt.com/aip/g-1/oauth/callback", paste=True,
)  # fmt: skip


@pytest.fixture
def page(ann, shop):
    client = Browser()
    client.force_login(ann)
    return client


def heard(status, **headers) -> Heard:
    return Heard(status=status, headers=[(name.replace("_", "-"), value) for name, value in headers.items()])


def test_an_expired_token_is_told_as_one():
    challenge = 'Bearer error="invalid_token", error_description="The token has expired"'
    assert verdict.of_call(heard(401, www_authenticate=challenge)).code == "call_expired"
    assert verdict.of_call(heard(401, www_authenticate="Bearer")).code == "call_unknown_token"
    assert words.of("call_expired")


def test_a_url_with_another_state_stays_in_its_field_with_the_reason_and_the_page_says_so_on_top(page, ann, shop):
    run = emulating.begin(shop, ann, SETUP, "secret")
    state = parse_qs(urlsplit(emulating.authorize_url(run)).query)["state"][0]
    where = f"{FORM}{run.row.key}/"
    wrong = f"{SETUP.redirect_uri}?code=abc&state=other"
    answer = page.post(where, {"deed": "paste", "url": wrong})
    assert answer.status_code == 422 and answer.context["pasted"] == wrong
    assert answer.context["error"].startswith(str(words.of("other_state").title))
    text = page.get(where).text
    assert "A client stops here" in text and "Now it is your browser" not in text
    page.post(where, {"deed": "paste", "url": f"{SETUP.redirect_uri}?error=access_denied&state={state}"})
    assert runs.of(shop, run.row.key).row.reason == "denied"


def test_a_run_that_went_on_after_a_failed_step_does_not_say_that_nothing_was_odd(page, ann, shop):
    run = emulating.begin(shop, ann, SETUP, "secret")
    emulating.returned(run, ann, "code=abc&state=other")
    run.keep("done")
    run.end(verdict.Verdict())
    text = page.get(f"{FORM}{run.row.key}/").text
    assert "Nothing was odd" not in text and "One step deserves a look" in text


def test_test_clients_of_older_runs_are_gone_when_a_new_one_begins(ann, shop):
    for _n in range(runs.TIDY + 2):
        client, _secret = emulating.made_client(shop, Setup())
        run = emulating.begin(shop, ann, Setup(client=client.pk, made=True, authorization_url="https://x.test/a"), "")
    assert Client.objects.filter(project=shop, name__endswith="(sign-in test)").count() == runs.TIDY
    assert runs.of(shop, run.row.key).row.client_id
    first = Run(type(run.row).objects.filter(project=shop).order_by("pk").first())
    first.held["access"] = "a token"
    first.keep("done")
    assert picturing.deeds(first) == []


def test_a_run_whose_test_client_is_gone_says_so_and_leads_nowhere_false(ann, shop, page):
    client, _secret = emulating.made_client(shop, Setup())
    run = emulating.begin(shop, ann, Setup(client=client.pk, made=True, authorization_url="https://x.test/a"), "")
    assert "your browser's turn" in page.get(f"{FORM}{run.row.key}/").text
    registering.delete(client)
    text = page.get(f"{FORM}{run.row.key}/").text
    assert "The client of this run is gone" in text and "Begin a new run." in text
    assert "your browser's turn" not in text and "https://x.test/a?" not in text.split("<ol")[0]
    diagram = f"/projects/shop/oauth/handshake/{run.row.key}/"
    assert "Not finished" in page.get(diagram).text and "Waiting for step" not in page.get(diagram).text
    asked = watched.leg("authorize", "failed", "client_unknown", sent=client.client_id)
    watched.Log(shop, run.row.key).row("GET", "/oauth/authorize", 400, asked)
    text = page.get(diagram).text
    assert "The client of this run is gone" in text and "none of this project" not in text


def test_a_form_that_is_not_begun_says_on_top_what_is_wrong_and_where(page):
    told = {"profile": "gpt", "where": "other", "method": "post", "back": "studio"}
    answer = page.post(FORM, told)
    text = answer.text
    assert answer.status_code == 422
    top = text[: text.index('id="h-profile"')]
    assert "Not begun yet" in top and 'href="#id_authorization_url"' in top


def test_a_real_mcp_client_would_stop_where_registration_is_off(ann, shop):
    run = emulating.begin(shop, ann, SETUP, "secret")
    run.remark("authorize", "registration_shut")
    leg = picturing.of(run)["legs"][-1]
    assert leg["outcome"] == "odd" and "MCP client would stop" in str(leg["words"][0]["title"])


def test_what_to_do_first_is_said_until_somebody_has_come(page, ann, shop):
    editing.replace(shop, make.contract(auth=OAuth()), by=ann)
    url = "/projects/shop/oauth/handshake/"
    assert "Enter the values below in the GPT" in page.get(url).text
    emulating.begin(shop, ann, SETUP, "secret")
    assert not page.get(url).context["came"]
    runs.SignIn.objects.create(project=shop, key="a" * 20)
    assert page.get(url).context["came"]
    assert "Enter the values below in the GPT" not in page.get(url).text


def test_the_address_of_a_form_leads_to_its_page(page):
    assert page.get("/projects/shop/oauth/handshake/failures/").headers["location"] == "/projects/shop/oauth/handshake/"


@pytest.mark.parametrize(
    ("uri", "tried"),
    [
        ("http://localhost:8000/oauth/callback", False),
        ("http://127.0.0.1/callback", False),
        ("https://localhost/callback", True),
        ("https://chatgpt.com/aip/g-1/oauth/callback", True),
    ],
)
def test_the_port_of_a_program_on_ones_own_computer_is_held_against_nobody(uri, tried):
    assert any(":4444" in one for one in redirect_exact.mutations(uri)) == tried
