"""The emulator at the project's own provider: whole sign-ins through its pages, and a review that finds nothing."""

from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from actionstudio.apps.design import editing
from actionstudio.apps.oauth import faults, people, registering
from actionstudio.apps.oauth.models import AccessToken, Callback, Client, Grant, Provider, SignIn
from actionstudio.apps.signin import allowing, emulating, reviewing, runs, steps
from actionstudio.apps.signin.checks import FINDING, UNTRIED
from tests import make
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import Visitor, gpt
from tests.apps.signin.emulating import kinds

pytestmark = pytest.mark.django_db
FORM = "/projects/shop/oauth/emulator/"
SAID = {"where": "ours", "client": "new", "method": "post", "scope": "orders:read", "back": "studio",
        "operation": "GET /items", "base": "http://shop.live.localhost:8000"}  # fmt: skip


@pytest.fixture
def shop(ann):
    made = entering.shop(owner=ann)
    people.make(made, "mina", password="correct horse")
    return made


@pytest.fixture
def builder(ann, shop):
    page = Browser()
    page.force_login(ann)
    return page


def whole(builder, **changes) -> runs.Run:
    """A run from the form to its end: mina signs in and allows it."""
    answer = builder.post(FORM, {"profile": "gpt", **SAID, **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    where = answer.headers["location"]
    url = builder.get(where).context["url"]
    assert url, runs.of(SignIn.objects.first().project, where.split("/")[-2]).row.legs
    mina = Visitor()
    mina.sign_in()
    mina.visit(url)
    back = urlsplit(mina.send(allow="1").to)
    assert f"{back.scheme}://{back.netloc}{back.path}" == emulating.callback_url()
    assert builder.get(f"{back.path}?{back.query}").headers["location"] == where
    return runs.of(SignIn.objects.get(key=where.split("/")[-2]).project, where.split("/")[-2])


@pytest.mark.parametrize("profile", ["gpt", "plugin", "librechat", "mcp"])
def test_every_profile_signs_in_and_calls(builder, shop, profile):
    run = whole(builder, profile=profile)
    assert run.row.outcome == "passed", run.row.legs[-1]
    assert kinds(run)[-4:] == ["token", "call", "refresh", "call"]
    odd = {leg["kind"]: leg["code"] for leg in run.row.legs if leg["outcome"] not in ("ok", "waiting")}
    assert odd == ({"metadata": "registration_shut"} if profile == "mcp" else {})


def test_a_public_mcp_client_registers_itself_where_the_project_lets_it(builder, shop):
    Provider.objects.update_or_create(project=shop, defaults={"registration": True})
    run = whole(builder, profile="mcp")
    assert "register" in kinds(run) and run.row.outcome == "passed"


def test_the_test_client_may_return_to_the_emulator_alone_and_ends(builder, shop):
    run = whole(builder)
    client = Client.objects.get(pk=run.setup.client)
    assert client.uris == [emulating.callback_url()] and client.consent == "always"
    assert client.lapses is not None, "pages that offer the builder's own clients pass it over"
    real = gpt(shop)
    runs.sweep(shop)
    assert Client.objects.filter(pk=client.pk).exists()
    SignIn.objects.filter(pk=run.row.pk).update(started=run.row.started - runs.HOLDS)
    Client.objects.update(created=client.created - runs.HOLDS)
    runs.sweep()
    assert list(Client.objects.all()) == [real] and AccessToken.objects.count() == 0
    assert not runs.of(shop, run.row.key).holds


def test_a_test_client_changes_nothing_that_others_see_of_the_project(builder, shop):
    metadata = entering.ask(shop, "GET", "/.well-known/oauth-authorization-server").json
    whole(builder, profile="mcp")  # as a public client
    assert entering.ask(shop, "GET", "/.well-known/oauth-authorization-server").json == metadata
    assert b"(sign-in test)" not in builder.get("/projects/shop/oauth/clients/").content


def test_a_test_client_is_set_like_a_real_one_which_stays_as_it_is(builder, shop):
    real = gpt(shop, preset="gpt", token_method="client_secret_basic")
    run = whole(builder, client=f"like:{real.pk}")
    assert run.setup.method == "basic" and run.row.outcome == "passed"
    before = (real.uris, real.consent)
    real.refresh_from_db()
    assert (real.uris, real.consent) == before


def test_a_real_client_is_played_by_pasting_what_its_own_callback_gets(builder, shop):
    from actionstudio.apps.oauth import secrets

    real = gpt(shop, preset="gpt", token_method="client_secret_post")
    text = secrets.mint(real)
    answer = builder.post(FORM, {"profile": "gpt", **SAID, "client": f"is:{real.pk}", "client_secret": text})
    where = answer.headers["location"]
    mina = Visitor()
    mina.sign_in()
    mina.visit(builder.get(where).context["url"])
    back = mina.send(allow="1").to
    builder.post(where, {"deed": "paste", "url": back})
    run = runs.of(shop, where.split("/")[-2])
    assert run.row.outcome == "passed" and run.row.client == real


def test_the_providers_own_story_and_the_emulators_are_one_run(builder, shop):
    whole(builder)
    assert SignIn.objects.count() == 1


def test_taken_back_tokens_are_refused_at_once(builder, shop, ann, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda deed, **kwargs: deed())
    run = whole(builder)
    emulating.again(run, ann, "revoke")
    run = runs.of(shop, run.row.key)
    assert [leg["outcome"] for leg in run.row.legs[-2:]] == ["ok", "ok"], run.row.legs[-1]
    assert steps.refused(shop.pk, [run.row.key]), "the last call was refused, as it had to be"
    html = builder.get("/projects/shop/oauth/handshake/").content.decode()
    assert "then a call failed" not in html and "Passed" in html


@pytest.mark.parametrize("profile", ["gpt", "mcp"])
def test_a_review_of_our_own_provider_finds_nothing_and_leaves_nothing(builder, shop, ann, profile):
    run = whole(builder, profile=profile)
    job = reviewing.begin(run, ann)
    assert job.state == "done", job.error
    assert [one for one in job.result["results"] if one["state"] == FINDING] == []
    untried = [(one["check"], one["said"]) for one in job.result["results"] if one["state"] == UNTRIED]
    assert untried == ([("secret-checked", "no_secret")] if profile == "mcp" else [])
    assert SignIn.objects.count() == 1 and Callback.objects.count() == 0
    assert runs.of(shop, run.row.key).row.outcome == "passed"


def test_what_the_provider_knew_is_told_beside_what_the_emulator_saw(builder, shop):
    """The emulator hears invalid_grant; the picture says which rule was broken, and has the repair."""
    Provider.objects.update_or_create(project=shop, defaults={"code_seconds": 1})
    answer = builder.post(FORM, {"profile": "gpt", **SAID})
    where = answer.headers["location"]
    mina = Visitor()
    mina.sign_in()
    mina.visit(builder.get(where).context["url"])
    back = urlsplit(mina.send(allow="1").to)
    Grant.objects.update(expires=timezone.now())
    builder.get(f"{back.path}?{back.query}")
    key = where.split("/")[-2]
    html = builder.get(f"/projects/shop/oauth/handshake/{key}/").content.decode()
    assert "Let codes live 10 minutes" in html and "code_expired" in html and "Open request" in html
    assert "The code lives for 1 seconds" in html


def test_run_again_is_one_press(builder, shop):
    run = whole(builder)
    page = builder.get(f"/projects/shop/oauth/handshake/{run.row.key}/")
    again = page.context["again"]
    assert again["profile"] == "gpt" and again["client"] == "new"
    assert builder.post(FORM, again).status_code == 302 and shop.sign_ins.count() == 2
    registering.register(shop, "gpt", name="GPT", token_method="client_secret_basic")
    again = builder.get("/projects/shop/oauth/handshake/").context["again"]
    assert again["client"].startswith("like:") and again["method"] == "basic"
    assert builder.post(FORM, again).status_code == 302 and shop.sign_ins.count() == 3


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        ("token-invalid-grant", "failed", "code_refused"),
        ("token-no-expiry", "odd", "no_expires"),
        ("token-no-refresh", "odd", "no_refresh"),
        ("token-html", "failed", "page"),
        ("token-500", "failed", "server_error"),
        ("token-slow", "failed", "time"),
        ("wrong-state", "failed", "other_state"),
        ("authorize-error", "failed", "server_error"),
    ],
)
def test_failures_on_purpose_are_felt_as_a_client_feels_them(builder, shop, kind, outcome, code):
    faults.set_fault(shop, kind)
    whole(builder)
    run = runs.of(shop, SignIn.objects.get().key)
    assert (outcome, code) in [(leg["outcome"], leg["code"]) for leg in run.row.legs], run.row.legs


def test_a_wrong_state_on_purpose_is_said_to_be_one_where_the_emulator_stopped(builder, shop):
    faults.set_fault(shop, "wrong-state")
    page = builder.get(builder.post(FORM, {"profile": "gpt", **SAID}).headers["location"])
    mina = Visitor()
    mina.sign_in()
    mina.visit(page.context["url"])
    back = urlsplit(mina.send(allow="1").to)
    builder.get(f"{back.path}?{back.query}")
    html = builder.get(f"/projects/shop/oauth/handshake/{SignIn.objects.get().key}/").content.decode()
    assert "It misbehaved on purpose: The callback returned another state" in html and "and that is right" in html
    assert "did not check state" not in html


def test_who_signs_in_again_after_a_wrong_state_is_not_said_to_have_let_it_pass(builder, shop):
    faults.set_fault(shop, "wrong-state")
    where = builder.post(FORM, {"profile": "gpt", **SAID}).headers["location"]
    mina = Visitor()
    mina.sign_in()
    for _each in range(2):
        mina.visit(builder.get(where).context["url"])
        back = urlsplit(mina.send(allow="1").to)
        builder.get(f"{back.path}?{back.query}")
    run = runs.of(shop, SignIn.objects.get().key)
    assert run.row.outcome == "passed" and kinds(run).count("callback") == 2
    diagram = builder.get(f"/projects/shop/oauth/handshake/{run.row.key}/").content.decode()
    assert "did not check state" not in diagram and "Passed" in diagram
    assert "did not check state" not in builder.get("/projects/shop/oauth/handshake/").content.decode()
    assert "deserve" not in builder.get(where).content.decode(), "the emulator did what it should"


def test_where_there_is_nothing_to_call_the_diagram_awaits_nothing(builder, shop):
    faults.set_fault(shop, "token-no-expiry")
    run = whole(builder, operation="")
    page = builder.get(f"/projects/shop/oauth/handshake/{run.row.key}/")
    assert page.context["badge"].words == "Passed"
    assert [step.name for step in page.context["steps"] if step.state == "waiting"] == []


def test_the_pages_of_authentication_and_of_a_client_lead_to_the_emulator(builder, shop):
    real = gpt(shop)
    assert f'href="{FORM}"' in builder.get("/projects/shop/auth/").content.decode().partition("<main")[2]
    text = builder.get(f"/projects/shop/oauth/clients/{real.client_id}/").content.decode()
    assert f'href="{FORM}?client={real.client_id}"' in text
    assert builder.get(f"{FORM}?client={real.client_id}").context["form"]["client"].value() == f"like:{real.pk}"


def test_a_changing_call_is_made_once(builder, shop, ann):
    both = make.contract(make.operation(), make.operation("POST"), auth=entering.ORDERS)
    editing.replace(shop, both, by=ann, note="POST")
    run = whole(builder, operation="POST /items", scope="orders:read orders:write")
    assert kinds(run)[-3:] == ["token", "call", "refresh"], kinds(run)
    text = builder.get(f"{FORM}{run.row.key}/").content.decode()
    assert "POST /items may change something" in text and "Call again" in text
    emulating.again(run, ann, "call")
    assert kinds(runs.of(shop, run.row.key))[-1] == "call"
    found = {one["check"]: one for one in reviewing.begin(runs.of(shop, run.row.key), ann).result["results"]}
    assert found["token-not-in-query"]["said"] == "no_call"


def test_a_run_here_is_changed_with_the_client_that_it_played(builder, shop):
    real = gpt(shop, preset="gpt")
    run = whole(builder, client=f"like:{real.pk}")
    form = builder.get(f"{FORM}?run={run.row.key}").context["form"]
    told = [form[name].value() for name in ("where", "client", "scope", "operation", "base")]
    assert told == ["ours", f"like:{real.pk}", "orders:read", "GET /items", SAID["base"]]


def test_codes_for_a_review_are_for_the_test_client_alone(builder, shop):
    run = whole(builder)
    assert allowing.code(run).startswith("asac_")
    client = Client.objects.get(pk=run.setup.client)
    Client.objects.update(lapses=None)
    run.row.client.refresh_from_db()
    assert allowing.code(run) == "" and Grant.objects.filter(application=client, consumed=None).count() == 1


@pytest.mark.parametrize(("broken", "check"), [("redirect", "redirect-bound"), ("verifier", "pkce-downgrade")])
def test_a_review_here_would_find_what_the_provider_no_longer_checked(builder, shop, ann, monkeypatch, broken, check):
    from actionstudio.apps.oauth.engine.validator import Validator

    if broken == "redirect":
        monkeypatch.setattr(Validator, "confirm_redirect_uri", lambda self, *args, **kwargs: True)
    else:
        monkeypatch.setattr(Validator, "get_code_challenge", lambda self, *args, **kwargs: None)
    found = {one["check"]: one for one in reviewing.begin(whole(builder), ann).result["results"]}
    assert found[check]["state"] == FINDING, found[check]
