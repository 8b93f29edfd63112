"""The emulator signs in to a provider that is not ours, as each of its profiles does, and says what is wrong there."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.signin import emulating, runs, words
from tests.apps.signin.emulating import browse, codes, kinds, leg, setup, sign_in

pytestmark = pytest.mark.django_db


def test_chatgpt_sends_its_parameters_in_its_order_and_an_empty_scope(shop, ann, other):
    run = sign_in(shop, ann, other, scope="")
    pairs = parse_qsl(urlsplit(other.asked("/authorize")[0][1]).query, keep_blank_values=True)
    assert [name for name, _ in pairs] == ["response_type", "client_id", "redirect_uri", "scope", "state"]
    assert dict(pairs)["scope"] == "" and len(dict(pairs)["state"]) == 36
    _method, _path, heads, body = other.asked("/token")[0]
    assert heads["Content-Type"] == "application/x-www-form-urlencoded"
    names = [name for name, _ in parse_qsl(body.decode())]
    assert names == ["grant_type", "client_id", "client_secret", "code", "redirect_uri"]
    assert run.row.outcome == SignIn.Outcome.PASSED
    assert kinds(run) == ["authorize", "callback", "token", "call", "refresh", "call"]


def test_basic_moves_id_and_secret_into_the_header(shop, ann, other):
    run = sign_in(shop, ann, other, method="basic")
    _method, _path, heads, body = other.asked("/token")[0]
    sent = base64.b64decode(heads["Authorization"].removeprefix("Basic ")).decode()
    assert sent == f"{other.client_id}:{other.client_secret}"
    assert b"client_secret" not in body and run.row.outcome == "passed"


def test_a_plugin_sends_json(shop, ann, other):
    run = sign_in(shop, ann, other, profile="plugin")
    _method, _path, heads, body = other.asked("/token")[0]
    assert heads["Content-Type"] == "application/json"
    assert list(json.loads(body)) == ["grant_type", "client_id", "client_secret", "code", "redirect_uri"]
    assert run.row.outcome == "passed"


def test_librechat_asks_for_offline_access_with_a_long_state(shop, ann, other):
    run = sign_in(shop, ann, other, profile="librechat")
    pairs = parse_qsl(urlsplit(other.asked("/authorize")[0][1]).query)
    assert [name for name, _ in pairs][:4] == ["client_id", "scope", "redirect_uri", "access_type"]
    assert dict(pairs)["access_type"] == "offline" and dict(pairs)["state"].count(".") == 2
    assert [name for name, _ in parse_qsl(other.asked("/token")[0][3].decode())][0] == "code"
    assert run.row.outcome == "passed"


def test_an_mcp_client_finds_the_provider_registers_and_proves_its_code(shop, ann, other):
    run = sign_in(
        shop, ann, other, profile="mcp", authorization_url="", token_url="", client_id="", scope="", secret="",
        server_url=f"{other.url}/api",
    )  # fmt: skip
    assert kinds(run)[:5] == ["challenge", "resource", "metadata", "register", "authorize"]
    asked = dict(parse_qsl(urlsplit(other.asked("/authorize")[0][1]).query))
    assert asked["code_challenge_method"] == "S256" and asked["resource"] == f"{other.url}/api"
    assert asked["client_id"].startswith("dyn-") and asked["scope"] == "read"
    sent = dict(parse_qsl(other.asked("/token")[0][3].decode()))
    assert runs.challenge(sent["code_verifier"]) == asked["code_challenge"] and "client_secret" not in sent
    assert run.row.outcome == "passed", run.row.legs[-1]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("html", "page"), ("text", "not_json"), ("error500", "server_error"), ("redirect", "redirected"),
        ("no_token", "no_access_token"), ("basic_only", "wants_basic"), ("json_only", "wants_json"),
        ("pkce", "pkce_demanded"), ("state", "other_state"), ("no_state", "no_state"), ("deny", "denied"),
    ],
)  # fmt: skip
def test_a_fault_of_the_provider_ends_the_run_with_its_reason(shop, ann, other, fault, code):
    other.faults.add(fault)
    run = sign_in(shop, ann, other)
    assert (run.row.outcome, run.row.reason) == (SignIn.Outcome.FAILED, code)
    assert words.of(code) is not None
    assert code in [leg["code"] for leg in run.row.legs]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("no_expires", "no_expires"), ("expires_text", "expires_no_number"), ("no_refresh", "no_refresh"),
        ("no_type", "no_token_type"), ("kind", "other_kind"), ("cacheable", "cacheable"),
    ],
)  # fmt: skip
def test_what_works_but_leads_to_trouble_is_said(shop, ann, other, fault, code):
    other.faults.add(fault)
    run = sign_in(shop, ann, other)
    assert leg(run, "token")["outcome"] == "odd" and codes(run, "token") == [code]
    assert run.row.outcome == SignIn.Outcome.PASSED


def test_a_good_answer_has_nothing_odd(shop, ann, other):
    run = sign_in(shop, ann, other)
    assert [one["outcome"] for one in run.row.legs[1:]] == ["ok"] * 5


def test_a_wrong_secret_is_told_from_a_wrong_way(shop, ann, other):
    run = sign_in(shop, ann, other, secret="not the secret")
    assert run.row.reason == "client_refused" and "probe" in kinds(run)
    other.faults.add("post_only")
    assert sign_in(shop, ann, other, method="basic").row.reason == "wants_post"


def test_a_server_that_reads_forms_only_says_so_to_a_plugin(shop, ann, other):
    other.faults.add("form_only")
    assert sign_in(shop, ann, other, profile="plugin").row.reason == "wants_form"


def test_a_server_that_is_gone_is_a_reason_not_an_error(shop, ann, other):
    run = emulating.begin(shop, ann, setup(other, token_url="http://127.0.0.1:9/token"), other.client_secret)
    emulating.returned(run, ann, browse(run))
    run = runs.of(shop, run.row.key)
    assert run.row.reason == "connect" and leg(run, "token")["response"] is None


def test_private_addresses_are_refused_where_the_studio_is_public(shop, ann, other, settings):
    settings.STUDIO_HOST = "0.0.0.0"
    run = emulating.begin(shop, ann, setup(other), other.client_secret)
    emulating.returned(run, ann, browse(run))
    assert runs.of(shop, run.row.key).row.reason == "private"
    assert other.asked("/token") == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("no_s256", "no_s256"), ("issuer", "metadata_issuer"), ("no_register", "register_refused"),
        ("iss", "other_issuer"), ("no_iss", "no_issuer"),
    ],
)  # fmt: skip
def test_an_mcp_client_breaks_off_where_it_must(shop, ann, other, fault, code):
    other.faults.add(fault)
    run = sign_in(
        shop, ann, other, profile="mcp", authorization_url="", token_url="", client_id="", secret="",
        server_url=f"{other.url}/api",
    )  # fmt: skip
    assert (run.row.outcome, run.row.reason) == ("failed", code)


def test_nothing_secret_is_kept_in_the_clear(shop, ann, other):
    run = sign_in(shop, ann, other)
    kept = json.dumps([run.row.legs, run.row.emulator])
    told = [other.client_secret, *other.access, *other.fresh, *other.codes]
    assert [text for text in told if text in kept] == []
    basic = sign_in(shop, ann, other, method="basic")
    assert base64.b64encode(f"{other.client_id}:{other.client_secret}".encode()).decode() not in str(basic.row.legs)


def test_tokens_are_taken_back_and_refused_then(shop, ann, other):
    run = sign_in(shop, ann, other)
    emulating.again(run, ann, "revoke")
    run = runs.of(shop, run.row.key)
    assert kinds(run)[-2:] == ["revoke", "revoked"] and run.row.legs[-1]["outcome"] == "ok"


def test_a_code_is_not_spent_twice_when_the_work_is_done_again(shop, ann, other):
    run = sign_in(shop, ann, other)
    run.keep("working")
    emulating._finish(run)
    assert runs.of(shop, run.row.key).row.reason == "interrupted"
    assert len([one for one in other.asked("/token") if b"authorization_code" in one[3]]) == 1


def test_what_a_run_holds_is_gone_after_an_hour(shop, ann, other):
    run = sign_in(shop, ann, other)
    SignIn.objects.update(started=run.row.started - runs.HOLDS)
    assert not runs.of(shop, run.row.key).holds
    runs.sweep(shop)
    assert SignIn.objects.get().emulator["sealed"] == ""


def test_legs_are_bounded(shop, ann, other):
    run = sign_in(shop, ann, other)
    for _ in range(50):
        run.add(run.row.legs[-1])
    assert len(run.row.legs) == 40


def test_only_one_of_two_at_once_goes_on_with_a_run(shop, ann, other):
    run = emulating.begin(shop, ann, setup(other), other.client_secret)
    query, first, second = browse(run), runs.of(shop, run.row.key), runs.of(shop, run.row.key)
    assert emulating.returned(first, ann, query) is not None
    assert emulating.returned(second, ann, query) is None
    first, second = runs.of(shop, run.row.key), runs.of(shop, run.row.key)
    assert first.claim("done") and not second.claim("done")
    assert len([one for one in other.asked("/token") if b"authorization_code" in one[3]]) == 1


def test_work_that_shows_no_sign_of_life_is_given_up(shop, ann, other):
    run = sign_in(shop, ann, other)
    run.claim("done")
    assert not runs.of(shop, run.row.key).stuck
    SignIn.objects.update(updated=run.row.updated - runs.PATIENCE)
    assert runs.of(shop, run.row.key).stuck
