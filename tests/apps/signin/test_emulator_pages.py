"""The emulator's pages: what was typed stays, a run is followed, and a callback counts in its own browser only."""

from urllib.parse import urlsplit

import httpx2
import pytest
from django.test import Client

from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.signin import emulating, runs
from actionstudio.core.auth import OAuth, Scope
from tests import make
from tests.apps.signin.emulating import browse, sign_in

pytestmark = pytest.mark.django_db
FORM = "/projects/shop/oauth/emulator/"


@pytest.fixture
def page(ann, shop):
    client = Client()
    client.force_login(ann)
    return client


def typed(other, **changes) -> dict:
    told = {
        "profile": "gpt", "where": "other", "authorization_url": f"{other.url}/authorize",
        "token_url": f"{other.url}/token", "client_id": other.client_id, "client_secret": other.client_secret,
        "method": "post", "other_scope": "read", "back": "studio", "call_url": f"{other.url}/api", "operation": "",
    }  # fmt: skip
    return told | changes


def begin(page, other, **changes):
    answer = page.post(FORM, typed(other, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.headers["location"]


def link(page, where: str) -> str:
    """The URL that the builder's browser is to open."""
    return page.get(where).context["url"]


def test_the_form_is_there_and_offers_every_client(page):
    text = page.get(FORM).content.decode()
    for words in ("ChatGPT (GPT action)", "A plugin of 2023", "LibreChat", "An MCP client"):
        assert words in text
    assert emulating.callback_url() in text


def test_it_is_filled_in_from_the_providers_that_the_project_names(page, ann):
    auth = OAuth(
        (Scope("read"), Scope("write")), "https://id.acme.test/a", "https://id.acme.test/t", "basic_auth_header"
    )
    make.project("elsewhere", ann, make.contract(auth=auth))
    form = page.get("/projects/elsewhere/oauth/emulator/").context["form"]
    assert form["authorization_url"].value() == "https://id.acme.test/a"
    assert (form["method"].value(), form["other_scope"].value()) == ("basic", "read write")


def test_a_whole_run_through_the_pages(page, other):
    where = begin(page, other)
    back = httpx2.get(link(page, where), follow_redirects=False, trust_env=False).headers["location"]
    answer = page.get(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert answer.headers["location"] == where
    text = page.get(where).content.decode()
    assert "It works." in text and "Nothing was odd." in text
    assert other.client_secret not in text and not [token for token in other.access if token in text]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(page, other):
    answer = page.post(FORM, typed(other, authorization_url="ftp://x", client_secret="", other_scope="read write"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"authorization_url", "client_secret"}
    assert b"read write" in answer.content and b"ftp://x" in answer.content
    assert SignIn.objects.count() == 0


def test_a_plugin_sends_what_its_manifest_says(page, other, ann):
    form = "application/x-www-form-urlencoded"
    for kind in ("application/json", form):
        where = begin(page, other, profile="plugin", content_type=kind)
        page.get(
            urlsplit(httpx2.get(link(page, where), trust_env=False).headers["location"])
            ._replace(netloc="", scheme="")
            .geturl()
        )
        assert [one for one in other.asked("/token") if b"authorization_code" in one[3]][-1][2]["Content-Type"] == kind
    begin(page, other, profile="gpt", content_type="application/json")
    assert SignIn.objects.first().emulator["setup"]["content_type"] == ""


def test_a_secret_is_never_sent_back(page, other):
    answer = page.post(FORM, typed(other, token_url=""))
    assert other.client_secret.encode() not in answer.content
    assert "client_secret" in answer.context["form"].errors


def test_another_browser_cannot_bring_the_code(page, other, ann, eve):
    where = begin(page, other)
    back = urlsplit(httpx2.get(link(page, where), follow_redirects=False, trust_env=False).headers["location"])
    for user in (ann, eve):
        stranger = Client()
        stranger.force_login(user)
        answer = stranger.get(f"{back.path}?{back.query}")
        assert answer.status_code == 400
    assert other.asked("/token") == [] and SignIn.objects.get().step == "authorize"


def test_a_callback_counts_once(page, other):
    where = begin(page, other)
    back = urlsplit(httpx2.get(link(page, where), follow_redirects=False, trust_env=False).headers["location"])
    page.get(f"{back.path}?{back.query}")
    assert page.get(f"{back.path}?{back.query}").status_code == 400
    assert len([one for one in other.asked("/token") if b"authorization_code" in one[3]]) == 1


def test_a_state_that_was_lost_is_told_on_the_run_that_waits(page, other):
    other.faults.add("no_state")
    where = begin(page, other)
    back = urlsplit(httpx2.get(link(page, where), follow_redirects=False, trust_env=False).headers["location"])
    assert page.get(f"{back.path}?{back.query}").headers["location"] == where
    assert "state did not come back" in page.get(where).content.decode()
    assert other.asked("/token") == []


def test_a_callback_that_nobody_waits_for_explains_itself(page):
    answer = page.get("/oauth/emulator/callback?code=x&state=y")
    assert answer.status_code == 400 and b"belongs to no sign-in here" in answer.content


def test_the_url_can_be_pasted_where_only_chatgpts_callback_is_allowed(page, other):
    chatgpts = "https://chatgpt.com/aip/g-1/oauth/callback"
    other.redirect_uris[:] = [chatgpts]
    where = begin(page, other, back="paste", redirect_uri=chatgpts)
    back = httpx2.get(link(page, where), follow_redirects=False, trust_env=False).headers["location"]
    wrong = page.post(where, {"deed": "paste", "url": "https://example.org/?code=1"})
    assert wrong.status_code == 422 and b"https://example.org/?code=1" in wrong.content
    assert page.post(where, {"deed": "paste", "url": back}).status_code == 302
    assert SignIn.objects.get().outcome == "passed"


def test_deeds_come_after_the_run_and_say_when_they_cannot(page, other, shop, ann):
    run = sign_in(shop, ann, other)
    where = f"{FORM}{run.row.key}/"
    for deed in ("refresh", "call", "revoke"):
        assert page.post(where, {"deed": deed}).status_code == 302
    assert page.post(where, {"deed": "format"}).status_code == 422
    SignIn.objects.update(started=run.row.started - runs.HOLDS)
    assert page.post(where, {"deed": "call"}).status_code == 422


def test_the_page_costs_the_same_for_many_runs(page, other, shop, ann, django_assert_max_num_queries):
    for _ in range(3):
        emulating.begin(shop, ann, runs.Setup(authorization_url=f"{other.url}/authorize", client_id="x"))
    page.get(FORM)
    with django_assert_max_num_queries(15):
        page.get(FORM)
    for _ in range(10):
        emulating.begin(shop, ann, runs.Setup(authorization_url=f"{other.url}/authorize", client_id="x"))
    with django_assert_max_num_queries(15):
        page.get(FORM)


def test_a_stranger_finds_no_run(other, shop, ann, eve):
    run = sign_in(shop, ann, other)
    client = Client()
    client.force_login(eve)
    for url in (FORM, f"{FORM}{run.row.key}/", f"{FORM}{run.row.key}/legs/", f"{FORM}review/"):
        assert client.get(url).status_code == 404
    make.project("hers", eve)
    assert client.get(f"/projects/hers/oauth/emulator/{run.row.key}/").status_code == 404
    assert browse(run)


def test_the_diagram_tells_an_emulated_run_in_the_same_words(page, other, shop, ann):
    other.faults.add("basic_only")
    run = sign_in(shop, ann, other)
    text = page.get(f"/projects/shop/oauth/handshake/{run.row.key}/?step=token").content.decode()
    assert "The server wants the Basic header" in text and f"{FORM}{run.row.key}/" in text
    other.faults.clear()
    other.faults.add("no_expires")
    text = page.get(f"/projects/shop/oauth/handshake/{sign_in(shop, ann, other).row.key}/?step=token").content.decode()
    assert "expires_in is missing" in text


def test_what_strangers_answer_can_always_be_kept(page, other, shop, ann):
    other.faults.add("nul")
    run = sign_in(shop, ann, other)
    assert run.row.reason == "token_refused" and "\0" not in str(run.row.legs)
    assert page.get(f"{FORM}{run.row.key}/").status_code == 200


def test_the_emulator_is_found_from_everywhere(page, shop):
    from actionstudio.apps.web import navigation

    said = {one["title"]: one["url"] for one in navigation.commands(shop)}
    assert said["Client emulator"] == FORM and said["Review a provider"] == f"{FORM}review/"
    emulator = next(item for section in navigation.sections(shop) for item in section.items if item.key == "emulator")
    assert emulator.url == FORM and page.get(FORM).context["nav"] == "emulator"
    assert f'href="{FORM}"' in page.get("/projects/shop/oauth/handshake/").content.decode().partition("<main")[2]
    assert f'href="{FORM}review/"' in page.get(FORM).content.decode()


def test_another_provider_starts_empty_and_its_token_stays_away_from_the_address(page, other, ann):
    make.project("own", ann, make.contract(auth=OAuth((Scope("orders"),))))
    form = page.get("/projects/own/oauth/emulator/").context["form"]
    assert (form["scope"].value(), form["other_scope"].value()) == ("orders", None)
    said = typed(other, scope="orders", other_scope="", operation="GET /items", call_url="")
    where = page.post("/projects/own/oauth/emulator/", said).headers["location"]
    setup = runs.of(ann.projects.get(slug="own"), where.split("/")[-2]).setup
    assert (setup.scope, setup.operation) == ("", "")


def test_a_foreign_token_goes_to_the_address_only_where_the_contract_names_the_provider(page, other, ann):
    auth = OAuth((Scope("read"),), "https://id.acme.test/a", "https://id.acme.test/t")
    acme = make.project("acme", ann, make.contract(auth=auth))
    answer = page.post("/projects/acme/oauth/emulator/", typed(other, operation="GET /items", call_url=""))
    assert answer.status_code == 422 and "operation" in answer.context["form"].errors
    run = sign_in(acme, ann, other, call_url="", operation="GET /items")
    assert run.row.outcome == "passed" and "call" not in [leg["kind"] for leg in run.row.legs]
    named = OAuth((Scope("read"),), f"{other.url}/authorize", f"{other.url}/token")
    home = make.project("home", ann, make.contract(auth=named))
    run = sign_in(home, ann, other, call_url="", operation="GET /items")
    assert "call" in [leg["kind"] for leg in run.row.legs]


def test_a_changing_call_to_a_real_api_wants_a_tick(page, other, ann):
    named = OAuth((Scope("read"),), f"{other.url}/authorize", f"{other.url}/token")
    make.project("home", ann, make.contract(make.operation(), make.operation("POST"), auth=named))
    url, said = "/projects/home/oauth/emulator/", typed(other, operation="POST /items", call_url="")
    answer = page.post(url, said)
    assert answer.status_code == 422 and b'name="anyway"' in answer.content
    assert page.post(url, said | {"anyway": "on"}).status_code == 302
    assert b'name="anyway"' not in page.get(url).content


def test_a_run_is_changed_and_run_again_with_all_but_its_secret(page, other, shop, ann):
    other.faults.add("deny")
    changes = {"method": "basic", "scope": "read write", "paste": True}
    run = sign_in(shop, ann, other, **changes)
    assert run.row.outcome == "failed"
    link = f"{FORM}?run={run.row.key}"
    assert f'href="{link}"' in page.get(f"{FORM}{run.row.key}/").content.decode()
    answer = page.get(link)
    form = answer.context["form"]
    for name in ("authorization_url", "token_url", "revocation_url", "client_id", "method", "call_url", "redirect_uri"):
        assert form[name].value() == getattr(run.setup, name), name
    told = [form[name].value() for name in ("other_scope", "where", "back")]
    assert told == ["read write", "other", "paste"]
    assert other.client_secret.encode() not in answer.content
    assert page.get(f"{FORM}?run=%00").status_code == 200


def test_it_calls_first_what_asks_for_a_token_that_it_can_get(page, ann):
    operations = [
        make.operation("GET", "/health", operation_id="health", security=()),
        make.operation("GET", "/fly", operation_id="fly", security=({"oauth": ["fly"]},)),
        make.operation("POST", "/read", operation_id="write", security=({"oauth": ["read"]},)),
        make.operation("GET", "/read", operation_id="read", security=({"oauth": ["read"]},)),
    ]
    make.project("signing", ann, make.contract(*operations, auth=OAuth((Scope("read"),))))
    form = page.get("/projects/signing/oauth/emulator/").context["form"]
    assert form["operation"].value() == "GET /read"
    told = {"profile": "mcp", "where": "ours", "client": "new", "method": "post", "back": "studio"}
    answer = page.post("/projects/signing/oauth/emulator/", told | {"operation": "GET /health"})
    assert answer.status_code == 422 and "needs no sign-in" in answer.context["form"].errors["operation"][0]
    assert page.post("/projects/signing/oauth/emulator/", told | {"operation": "GET /read"}).status_code == 302
