"""The sign-in test's pages: the list, one run, its repairs, failures on purpose."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import faults, registering
from actionstudio.apps.oauth.models import SignIn
from actionstudio.core.auth import ApiKey, UserHttp
from tests import make
from tests.apps.oauth import entering
from tests.apps.signin import watched
from tests.apps.signin.watched import CALLBACK, KEY, TWIN, Log

pytestmark = pytest.mark.django_db
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


@pytest.fixture
def shop(ann):
    return entering.shop(owner=ann)


def url(name="handshake", *arguments):
    return reverse(f"signin:{name}", args=["shop", *arguments])


def failed(shop):
    """A run that stopped at its token request, and its client."""
    app = watched.client(shop)
    run = watched.run(shop, app, step="token", outcome="failed", reason="redirect_mismatch")
    log = Log(shop)
    log.until_code(), log.mismatch()
    return run, app


def test_the_list_says_what_to_do_and_has_the_values(page, shop):
    app = watched.client(shop)
    html = page.get(url()).content.decode()
    assert "Waiting for ChatGPT" in html and "fresh tab" in html
    assert app.client_id in html and "/oauth/authorize" in html and "/oauth/token" in html
    assert "orders:read orders:write" in html and "Default (POST request)" in html
    assert "response_type=code" in html  # the way to begin one by hand


def test_without_a_client_the_page_says_so(page, shop):
    html = page.get(url()).content.decode()
    assert "There is no client yet" in html and "response_type=code" not in html


def test_a_project_whose_people_do_not_sign_in_says_so(page, ann):
    make.project("shop", ann)
    html = page.get(url()).content.decode()
    assert "Choose OAuth" in html and "Waiting for ChatGPT" not in html


def test_a_sign_in_that_is_going_on_is_said_first(page, shop):
    watched.run(shop, watched.client(shop), step="login")
    html = page.get(url()).content.decode()
    assert "A sign-in is going on" in html and url("handshake-run", KEY) in html and "Going on" in html
    SignIn.objects.update(updated=timezone.now() - timedelta(hours=1))
    html = page.get(url()).content.decode()
    assert "A sign-in is going on" not in html and "Not finished" in html


def queries(page, address):
    """How many queries a page costs, once the session is known."""
    page.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert page.get(address).status_code == 200
    return len(asked)


def test_the_list_is_walked_newest_first_and_costs_the_same(page, shop):
    app = watched.client(shop)
    watched.run(shop, app, key="k00", outcome="passed")
    few = queries(page, url())
    for number in range(1, 27):
        watched.run(shop, app, key=f"k{number:02}", outcome="passed")
    assert queries(page, url()) == few <= 20
    first = page.get(url())
    assert [row["run"].key for row in first.context["rows"]] == [f"k{number:02}" for number in range(26, 1, -1)]
    older = page.get(f"{url()}?before={first.context['older']}")
    assert [row["run"].key for row in older.context["rows"]] == ["k01", "k00"] and older.context["older"] is None


def test_what_has_not_changed_is_not_sent_again(page, shop):
    run = watched.run(shop, watched.client(shop), step="login")
    for address in (url(), url("handshake-run", KEY)):
        seen = page.get(address).context["seen"]
        assert page.get(f"{address}?seen={seen}", **PART).status_code == 204
        SignIn.objects.filter(pk=run.pk).update(updated=timezone.now())
        fresh = page.get(f"{address}?seen={seen}", **PART)
        assert fresh.status_code == 200 and b"<html" not in fresh.content


def test_a_failed_run_says_where_why_and_what_helps(page, shop):
    failed(shop)
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "Stopped at step 7" in html and "Allow both addresses" in html
    assert f"ChatGPT sent redirect_uri {CALLBACK}, but {TWIN} is registered" in html
    assert "400 redirect_mismatch" in html and html.count('class="msg waiting"') == 2
    assert "invalid_grant" in html  # the exact answer


def test_each_step_can_be_chosen_and_shows_its_own_messages(page, shop):
    failed(shop)
    html = page.get(f"{url('handshake-run', KEY)}?step=callback").content.decode()
    assert "••••abcd (48 characters)" in html and "HTTP" not in html.split("<h2")[1][:40]
    for step in ("authorize", "login", "signed-in", "consent", "allowed", "token", "answer", "call", "x<y"):
        assert page.get(f"{url('handshake-run', KEY)}?step={step}").status_code == 200


def test_a_repair_is_done_and_said(page, shop):
    _run, app = failed(shop)
    answer = page.post(url("handshake-repair", KEY), {"step": "token", "repair": "allow-callback"})
    assert answer.status_code == 302 and answer.url.endswith("?step=token&repaired=allow-callback")
    app.refresh_from_db()
    assert app.uris == [TWIN, CALLBACK]
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "Allow both addresses" not in html
    again = page.post(url("handshake-repair", KEY), {"step": "token", "repair": "allow-callback"}, follow=True)
    assert "does not fit any more" in again.content.decode()


@pytest.mark.parametrize("given", [{}, {"step": "call", "repair": "enable"}, {"step": "token", "repair": "enable"}])
def test_a_repair_that_is_none_changes_nothing(page, shop, given):
    _run, app = failed(shop)
    assert page.post(url("handshake-repair", KEY), given).status_code == 302
    app.refresh_from_db()
    assert app.uris == [TWIN]


def test_a_silence_after_the_code_has_probable_causes(page, shop):
    watched.run(shop, watched.client(shop), step="callback")
    Log(shop).until_code()
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "OpenAI cannot reach the token URL" in html and "Waiting for step 7" in html
    assert "OpenAI cannot reach" in page.get(f"{url('handshake-run', KEY)}?step=token").content.decode()
    assert "OpenAI cannot reach" not in page.get(f"{url('handshake-run', KEY)}?step=login").content.decode()


def test_a_passed_run(page, shop):
    watched.run(shop, watched.client(shop), step="answer", outcome="passed")
    log = Log(shop)
    log.until_code(), log.token(), log.call()
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "Passed" in html and 'class="msg waiting"' not in html and "GET /items" in html


def test_a_run_costs_the_same_however_many_requests_it_has(page, shop):
    watched.run(shop, watched.client(shop), step="answer", outcome="passed")
    log = Log(shop)
    log.until_code(), log.token()
    few = queries(page, url("handshake-run", KEY))
    for _each in range(30):
        log.call()
    assert queries(page, url("handshake-run", KEY)) == few <= 20


def test_failures_are_asked_for_listed_and_taken_back(page, shop):
    page.post(url("handshake-fail"), {"kind": "token-html"})
    html = page.get(url()).content.decode()
    assert "is a web page instead of JSON" in html and "Take back" in html
    number = faults.waiting(shop)[0].pk
    assert page.post(url("handshake-fail"), {"back": number}).url == url()
    assert faults.waiting(shop) == []


@pytest.mark.parametrize("given", [{}, {"kind": "nonsense"}, {"back": "x"}, {"back": "9" * 30}, {"deed": "nonsense"}])
def test_a_failure_that_is_none_changes_nothing(page, shop, given):
    assert page.post(url("handshake-fail"), given).status_code == 302
    assert faults.waiting(shop) == []


def test_a_failure_is_of_its_own_project(page, shop, ann):
    other = faults.set_fault(entering.shop("other", owner=ann), "token-html")
    page.post(url("handshake-fail"), {"back": other.pk})
    assert faults.waiting(other.project) == [other]


@pytest.mark.parametrize("deed", faults.DEEDS)
def test_deeds_are_done_to_the_run_that_is_shown(page, shop, deed):
    watched.run(shop)
    answer = page.post(url("handshake-fail"), {"deed": deed, "key": KEY}, follow=True)
    assert answer.redirect_chain[0][0] == url("handshake-run", KEY) and "no living token" in answer.content.decode()


def test_the_log_shows_a_call_as_a_step_of_its_sign_in(page, shop):
    failed(shop)
    row = Log(shop).row("POST", "/oauth/token", 400, watched.leg("token", "failed", "code_used"))
    html = page.get(url("handshake-told", row.public_id)).content.decode()
    assert "The code was used before" in html and f"{url('handshake-run', KEY)}?step=token" in html
    alone = make.exchange(shop)
    assert page.get(url("handshake-told", alone.public_id)).content == b""
    detail = page.get(reverse("traffic:exchange", args=["shop", row.public_id])).content.decode()
    assert url("handshake-told", row.public_id) in detail


def test_a_run_of_another_project_is_not_there(page, shop, ann):
    watched.run(entering.shop("other", owner=ann))
    assert page.get(url("handshake-run", KEY)).status_code == 404
    assert page.post(url("handshake-repair", KEY)).status_code == 404
    assert page.post(url("handshake-fail"), {"key": KEY, "kind": "token-html"}).status_code == 404


def test_an_emulated_run_is_shown_by_the_legs_that_it_kept(page, shop):
    at = timezone.now().isoformat()
    request = {"method": "POST", "url": "https://id.example/token", "headers": [], "body": "grant_type=refresh_token"}
    kept = {
        "kind": "token", "at": at, "from": "client", "to": "provider", "request": request, "response": None, "ms": 9,
        "outcome": "failed", "code": "connect", "facts": {},
    }  # fmt: skip
    setup = {"setup": {"authorization_url": "https://id.example/auth"}}
    watched.run(shop, legs=[kept], emulator=setup, outcome="failed", step="token", reason="connect")
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "id.example" in html and "Stopped at step" in html and "grant_type=refresh_token" in html


@pytest.mark.parametrize("reason", ["scope_unknown", "scope_not_allowed", "response_type_unknown"])
def test_a_refused_request_is_shown_as_what_it_is(page, shop, reason):
    watched.run(shop, watched.client(shop), step="authorize", outcome="failed", reason=reason)
    where = [["location", f"{CALLBACK}?error=invalid_scope&state=s"]]
    Log(shop).row("GET", "/oauth/authorize", 302, watched.leg("authorize", "failed", reason), response_headers=where)
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "Stopped at step 1" in html and "As it should be" not in html and "Nothing comes?" not in html
    back = page.get(f"{url('handshake-run', KEY)}?step=callback").content.decode()
    assert "got the error invalid_scope" in back and "stands at step 1" in back and "As it should be" not in back


@pytest.mark.parametrize(("status", "auth"), [(401, "expired"), (403, "scope")])
def test_list_and_page_say_the_same_of_a_refused_call(page, shop, status, auth):
    watched.run(shop, watched.client(shop), step="answer", outcome="passed")
    log = Log(shop)
    log.until_code(), log.token(), log.call(status, auth)
    for address in (url(), url("handshake-run", KEY)):
        html = page.get(address).content.decode()
        assert "Signed in, then a call failed" in html and "Passed" not in html and "Stopped" not in html
    log.call()
    for address in (url(), url("handshake-run", KEY)):
        assert "Passed" in page.get(address).content.decode()


def test_a_call_after_a_code_was_used_twice_says_so(page, shop):
    watched.run(shop, watched.client(shop), step="token", outcome="failed", reason="code_used")
    log = Log(shop)
    log.until_code(), log.token()
    log.row("POST", "/oauth/token", 400, watched.leg("token", "failed", "code_used"))
    log.call(401, "revoked")
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert "The code was used before" in html and "all tokens made with it were revoked" in html
    html = page.get(f"{url('handshake-run', KEY)}?step=call").content.decode()
    assert "The code was used before" in html and "stands at step 7" in html


def test_after_a_repair_the_panel_says_so_and_offers_another_sign_in(page, shop):
    failed(shop)
    answer = page.post(url("handshake-repair", KEY), {"step": "token", "repair": "allow-callback"})
    html = page.get(answer.url).content.decode().split('id="step"')[1].split("</section>")[0]
    assert "<b>Repaired.</b>" in html and "Run again" in html and 'class="note ok"' in html
    html = page.get(f"{url('handshake-run', KEY)}?step=token&repaired=nonsense").content.decode()
    assert "<b>Repaired.</b>" not in html


def test_a_repair_that_was_not_done_is_not_said_to_be(page, shop):
    failed(shop)
    html = page.get(f"{url('handshake-run', KEY)}?step=token&repaired=allow-callback").content.decode()
    assert "<b>Repaired.</b>" not in html and "Allow both addresses" in html


def with_a_test_client(shop, **setup):
    """A run with a test client, set like the builder's own, and that one."""
    app = watched.client(shop, token_method="client_secret_basic")
    made = registering.register(shop, "other", name="Acme GPT (sign-in test)", redirect_uris=(CALLBACK,))
    made.lapses = timezone.now() + timedelta(hours=1)
    made.save()
    base = {"authorization_url": "https://a.test/", "client": made.pk, "made": True, "method": "basic", **setup}
    watched.run(shop, made, emulator={"setup": base}, step="answer", outcome="passed")
    return app, made


def test_a_run_with_a_test_client_shows_the_values_of_the_builders_own_and_says_what_it_does_not_prove(page, shop):
    app, made = with_a_test_client(shop)
    answer = page.get(url("handshake-run", KEY))
    html = answer.content.decode()
    values = html.split('id="h-values"')[1].split("</section>")[0]
    assert app.client_id in values and made.client_id not in values
    assert "Authentication Type" in values and "Basic authorization header" in values
    assert "nothing about the secret and the callback" in html and "Sign in as “Acme GPT” itself" in html
    assert answer.context["again"]["client"] == "new"


def test_another_run_is_with_a_client_set_like_the_same_one(page, shop):
    app, _made = with_a_test_client(shop)
    run = SignIn.objects.get()
    run.emulator["setup"]["like"] = app.pk
    run.save()
    assert page.get(url("handshake-run", KEY)).context["again"]["client"] == f"like:{app.pk}"


def test_the_link_to_play_the_own_client_fills_the_emulator_in(page, shop):
    app, _made = with_a_test_client(shop)
    address = f"{reverse('signin:emulator', args=['shop'])}?itself={app.client_id}"
    assert address in page.get(url("handshake-run", KEY)).content.decode()
    form = page.get(address).context["form"]
    assert form["client"].value() == f"is:{app.pk}" and form["redirect_uri"].value() == TWIN
    strange = page.get(f"{reverse('signin:emulator', args=['shop'])}?itself=asc_none").context["form"]
    assert strange["client"].value() == "new"


def test_a_run_of_a_real_client_has_its_own_values(page, shop):
    _run, app = failed(shop)
    watched.client(shop)
    html = page.get(url("handshake-run", KEY)).content.decode()
    assert app.client_id in html.split('id="h-values"')[1] and "was a test client" not in html


def test_a_sign_in_that_is_left_behind_is_not_said_to_go_on(page, shop):
    app = watched.client(shop)
    old = watched.run(shop, app, key="old", step="login", updated=timezone.now() - timedelta(minutes=5))
    watched.run(shop, app, key="new", step="authorize", outcome="failed", reason="scope_unknown")
    assert "A sign-in is going on" not in page.get(url()).content.decode()
    SignIn.objects.filter(pk=old.pk).update(updated=timezone.now(), client=None, who="librechat")
    going = page.get(url()).content.decode().split("A sign-in is going on")[1].split("</section>")[0]
    assert "LibreChat" in going and url("handshake-run", "old") in going


def test_a_row_names_the_client_first_and_on_a_phone_all_that_it_says(page, shop):
    failed(shop)
    row = page.get(url()).content.decode().split("<tbody>")[1].split("</td>")[0]
    assert row.index("Acme GPT") < row.index("ChatGPT")
    small = row.split("only-m")[1]
    assert "mina" in small and "redirect_mismatch" in small and "Exchange the code" in small


@pytest.mark.parametrize("auth", [UserHttp(), ApiKey()], ids=["people's keys", "one key"])
def test_where_oauth_is_off_nothing_is_awaited(page, ann, auth):
    make.project("shop", ann, make.contract(auth=auth))
    html = page.get(url()).content.decode()
    assert "OAuth is off" in html and reverse("release:auth", args=["shop"]) in html
    assert "Waiting for ChatGPT" not in html and "Let it fail once" not in html
