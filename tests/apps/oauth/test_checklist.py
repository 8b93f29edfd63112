"""What attackers try, line by line of RFC 9700 and of MCP's authorization, on both mounts of an address.

A test's name begins with the line of the checklist that it holds (C1 to C35). Lines that need threads or a browser are
held elsewhere: ELSEWHERE names those tests, and a test holds that they are there.
"""

import ast
import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.utils import timezone

from actionstudio.apps.oauth.models import EndUserSession, Grant, Provider, RefreshToken
from actionstudio.apps.traffic.models import Exchange
from tests.apps.oauth.attacking import (
    AUTH,
    CALLBACK,
    FORM,
    MOUNTS,
    PASSWORD,
    VERIFIER,
    Target,
    basic,
    challenge,
    csrf,
    never_issued,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
ELSEWHERE = {
    "C9": (
        "tests/apps/oauth/engine/test_races.py",
        ("test_of_many_who_redeem_a_code_one_gets_tokens",),
    ),
    "C16": (
        "tests/browser/test_sign_in.py",
        ("test_another_origin_can_neither_frame_the_question_nor_send_its_form",),
    ),
    "C19": (
        "tests/apps/oauth/engine/test_races.py",
        (
            "test_all_who_refresh_at_once_get_the_same_pair_and_stay_signed_in",
            "test_no_token_is_made_after_the_sweep_that_ends_a_sign_in",
            "test_a_refresh_that_was_looked_at_before_a_revocation_is_looked_at_again",
        ),
    ),
    "C32": (
        "tests/apps/oauth/address/test_register.py",
        (
            "test_it_always_uses_pkce_and_acts_for_people_only",
            "test_what_is_wrong_is_said_of_its_field_and_nothing_is_kept",
            "test_where_it_is_off_nobody_joins",
            "test_from_one_place_so_many_an_hour_and_from_all_so_many",
            "test_it_lapses_when_nobody_uses_it_and_lives_on_when_somebody_does",
            "test_nobody_else_may",
        ),
    ),
}


@pytest.fixture(params=MOUNTS, scope="function")
def shop(request):
    return Target("shop", MOUNTS[request.param])


@pytest.fixture
def beta(shop):
    """Another project on the same mount."""
    return Target("beta", shop.base)


@pytest.fixture
def pair(shop):
    return shop.tokens()


def is_page(answer):
    """A page for the person: nobody is sent anywhere."""
    return 400 <= answer.status < 500 and not answer.to and answer.header("content-type").startswith("text/html")


def functions(file):
    """The names of the test functions of a file that pytest runs: those at its top level."""
    return {one.name for one in ast.parse((ROOT / file).read_text()).body if isinstance(one, ast.FunctionDef)}


def test_every_line_of_the_checklist_is_held():
    here = {match[1].upper() for match in re.finditer(r"^def test_(c\d+)_", Path(__file__).read_text(), re.MULTILINE)}
    assert here | set(ELSEWHERE) == {f"C{number}" for number in range(1, 36)}


@pytest.mark.parametrize("line", ELSEWHERE)
def test_what_holds_a_line_elsewhere_is_there(line):
    file, names = ELSEWHERE[line]
    assert names and set(names) <= functions(file)


MUTATIONS = [
    "http://client.example/callback",
    "https://client.example:8443/callback",
    "https://client.example/callback/",
    "https://client.example/Callback",
    "https://client.example/callback/../callback2",
    "https://client.example/%63allback",
    "https://client.example/callback%2e",
    "https://client.example/callback;x",
    "https://client.example/callback?x=1",
    "https://client.example/callback?",
    "https://client.example/callback#x",
    "https://client.example//callback",
    "https://client.example./callback",
    "https://evil.client.example/callback",
    "https://client.example.evil.example/callback",
    "https://client.example@evil.example/callback",
    "https://user@client.example/callback",
    "https://client.example\\@evil.example/callback",
    "https://evil.example/callback",
    "https://client.example/callback\t",
    " https://client.example/callback",
    "//client.example/callback",
    "javascript:alert(1)",
    "client.example/callback",
    "https://client.example/callback https://evil.example/",
    "",
]


def test_c1_a_callback_is_the_registered_one_to_the_letter(shop):
    second = shop.register("Two callbacks", redirect_uris=f"{CALLBACK} https://client.example/other", pkce="optional")
    shop.signed()
    assert [uri for uri in MUTATIONS if not is_page(shop.ask("GET", shop.asking(second, redirect_uri=uri)))] == []


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "asc_000000000000000000000000"},
        {"client_id": ""},
        {"client_id": None},
        {"client_id": "https://client.example/metadata.json"},
        {"redirect_uri": "https://evil.example/"},
    ],
)
def test_c2_with_a_wrong_client_or_callback_nobody_is_sent_anywhere(shop, other):
    assert is_page(shop.ask("GET", shop.asking(**other)))


def test_c2_another_projects_client_is_unknown(shop, beta):
    assert is_page(beta.signed().ask("GET", beta.asking(shop.client)))
    assert beta.redeem(shop.code(), shop.client).json["error"] == "invalid_client"


@pytest.mark.parametrize("name", ["next", "continue", "return_to", "signed_in"])
def test_c3_no_parameter_leads_away_after_sign_in(shop, name):
    for where in ("//evil.example", "\\\\evil.example", "https://evil.example", "%2f%2fevil.example"):
        answer = shop.sign_in(path=f"/oauth/login?{name}={where}")
        assert answer.status == 303
        assert urlsplit(answer.to).netloc in ("", urlsplit(shop.issuer).netloc)
        assert "evil" not in answer.to


@pytest.mark.parametrize(
    "other",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": challenge(), "code_challenge_method": None},
        {"code_challenge": challenge(), "code_challenge_method": "s256"},
        {"code_challenge": "short"},
        {"code_challenge": challenge() + "="},
        {"code_challenge": "x" * 128},
        {"code_challenge": None, "code_challenge_method": "S256"},
    ],
)
def test_c4_only_s256_and_only_well_formed(shop, other):
    told = shop.signed().ask("GET", shop.asking(shop.public, **other)).told
    assert (told["error"], told["state"]) == ("invalid_request", "s-1")
    assert "code" not in told


@pytest.mark.parametrize("verifier", ["w" * 43, "v" * 42, "v" * 129, "v" * 42 + "!", "", None, challenge()])
def test_c4_a_wrong_verifier_gets_nothing_and_leaves_the_code_to_its_owner(shop, verifier):
    code = shop.code(shop.public)
    assert shop.redeem(code, shop.public, code_verifier=verifier).json["error"] in ("invalid_grant", "invalid_request")
    assert shop.redeem(code, shop.public).status == 200


def test_c5_a_verifier_without_a_challenge_is_refused(shop):
    assert shop.redeem(shop.code(), code_verifier=VERIFIER).json["error"] == "invalid_grant"


def test_c5_who_has_answered_a_challenge_cannot_leave_it_out_again(shop):
    code = shop.code(code_challenge=challenge(), code_challenge_method="S256")
    assert shop.redeem(code, code_verifier=VERIFIER).status == 200
    assert shop.ask("GET", shop.asking()).told["error"] == "invalid_request"


def test_c5_a_url_that_anybody_can_write_locks_the_client_for_nobody(shop):
    shop.code(code_challenge=challenge(), code_challenge_method="S256")
    assert shop.redeem(shop.code()).status == 200


def metadata(target, name="oauth-authorization-server"):
    return target.ask("GET", f"/.well-known/{name}", cookies=False).json


def test_c6_s256_is_advertised_and_nothing_else(shop):
    assert metadata(shop)["code_challenge_methods_supported"] == ["S256"]


def test_c7_a_code_is_good_once(shop):
    code = shop.code()
    assert [shop.redeem(code).status for _ in range(2)] == [200, 400]


def test_c7_a_code_is_for_its_own_client(shop):
    other = shop.register("Other", pkce="optional")
    code = shop.code()
    assert shop.redeem(code, other).json["error"] == "invalid_grant"


@pytest.mark.parametrize("uri", ["https://client.example/other", CALLBACK + "/", None])
def test_c7_a_code_is_for_its_own_callback(shop, uri):
    second = shop.register("Two", redirect_uris=f"{CALLBACK} https://client.example/other", pkce="optional")
    assert shop.redeem(shop.code(second), second, redirect_uri=uri).json["error"] in (
        "invalid_grant",
        "invalid_request",
    )


def test_c7_a_code_is_of_its_own_address(shop, beta):
    twin = beta.register("Twin", pkce="optional")
    assert beta.redeem(shop.code(), twin).json["error"] == "invalid_grant"


def test_c7_a_code_ends_soon(shop):
    code = shop.code()
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert shop.redeem(code).json["error"] == "invalid_grant"


def test_c8_a_replayed_code_ends_the_tokens_made_from_it(shop):
    code = shop.code()
    made = shop.redeem(code).json
    assert shop.call("GET", "/things", made["access_token"]).status == 200
    shop.redeem(code)
    assert shop.call("GET", "/things", made["access_token"]).status == 401
    assert shop.refresh(made["refresh_token"]).status == 400


def test_c10_every_answer_at_the_callback_names_the_issuer(shop):
    issuer = metadata(shop)["issuer"]
    assert metadata(shop)["authorization_response_iss_parameter_supported"] is True
    shop.signed()
    told = [
        shop.consent(shop.asking()).told,
        shop.consent(shop.asking(), allow=False).told,
        shop.ask("GET", shop.asking(scope="nothing")).told,
        shop.ask("GET", shop.asking(response_type="token")).told,
        shop.ask("GET", shop.asking(prompt="none")).told,
        shop.ask("GET", shop.asking(resource="https://elsewhere.example")).told,
    ]
    assert [one.get("iss") for one in told] == [issuer] * 6
    assert [one.get("state") for one in told] == ["s-1"] * 6
    assert [one.get("error", "") for one in told] == [
        "", "access_denied", "invalid_scope", "unsupported_response_type", "consent_required", "invalid_target",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
def test_c11_the_metadata_is_that_of_the_url_asked(shop, name):
    found = metadata(shop, name)
    assert found["issuer"] == shop.issuer
    ends = [value for key, value in found.items() if key.endswith(("_endpoint", "_uri"))]
    assert ends and all(value.startswith(shop.issuer + "/") for value in ends)
    assert metadata(shop, "oauth-protected-resource")["authorization_servers"] == [shop.issuer]


@pytest.mark.parametrize(
    "kind",
    ["token", "id_token", "id_token token", "code token", "code id_token", "code id_token token", "none", "", None],
)
def test_c12_no_token_ever_comes_through_the_browser(shop, kind):
    answer = shop.signed().ask("GET", shop.asking(response_type=kind))
    assert answer.told.get("error") in ("unsupported_response_type", "invalid_request")
    assert "token=" not in answer.to and "code=" not in answer.to


@pytest.mark.parametrize(
    "grant", ["password", "implicit", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code",
              "urn:ietf:params:oauth:grant-type:jwt-bearer", "", "AUTHORIZATION_CODE"],
)  # fmt: skip
def test_c12_no_other_grant_is_taken(shop, grant):
    answer = shop.token(grant_type=grant, username="mina", password=PASSWORD, device_code="x", assertion="x")
    assert answer.json["error"] in ("unsupported_grant_type", "unauthorized_client", "invalid_request")
    assert shop.ask("POST", "/oauth/device-authorization", {"client_id": shop.client.client_id}).status == 404


def test_c13_a_token_in_a_url_or_a_form_is_none(shop, pair):
    text = pair["access_token"]
    assert shop.call("GET", f"/things?access_token={text}").status == 401
    assert shop.ask("GET", f"/oauth/userinfo?access_token={text}", cookies=False).status == 401
    assert shop.ask("POST", "/oauth/token?grant_type=refresh_token", {}, cookies=False).status == 400


def test_c14_pages_tell_no_other_site_where_they_were(shop):
    for path in ("/oauth/login", shop.asking(), "/connected"):
        page = shop.ask("GET", path)
        if page.status != 200:
            page = shop.signed().ask("GET", path)
        assert page.header("referrer-policy") == "same-origin"
        assert "no-store" in page.header("cache-control")
        found = re.findall(r'(?:src|href|action)="(?:https?:)?//([^/"]+)', page.text)
        assert set(found) <= {urlsplit(shop.issuer).netloc, "localhost:8000"}
        assert "<script" not in re.sub(r'<script src="/[^"]*"( defer| type="module")?></script>', "", page.text)


def test_c15_a_consent_that_the_page_did_not_send_is_none(shop, beta):
    path = shop.signed().asking()
    page = shop.ask("GET", path)
    other = Target.__new__(Target)
    other.__dict__ |= {**shop.__dict__, "cookies": {}}
    strange = csrf(other.ask("GET", "/oauth/login"))
    for form, origin in (
        ({"allow": "1"}, shop.origin),
        ({"allow": "1", "csrf": "0" * 64}, shop.origin),
        ({"allow": "1", "csrf": strange}, shop.origin),
        ({"allow": "1", "csrf": csrf(page)}, "https://evil.example"),
        ({"allow": "1", "csrf": csrf(page)}, "null"),
    ):
        answer = shop.ask("POST", path, form, origin=origin)
        assert answer.status == 403 and not answer.to, (form, origin)
    assert not Grant.objects.exists()


def test_c15_nobody_is_signed_in_by_another_site(shop):
    form = {"username": "mina", "password": PASSWORD, "csrf": csrf(shop.ask("GET", "/oauth/login"))}
    assert shop.ask("POST", "/oauth/login", form, origin="https://evil.example").status == 403
    assert shop.ask("POST", "/oauth/login", form | {"csrf": ""}, origin=shop.origin).status == 403
    assert not EndUserSession.objects.exists()


def test_c15_signing_in_gives_the_browser_another_cookie(shop):
    shop.ask("GET", "/oauth/login")
    planted = dict(shop.cookies)
    shop.signed()
    assert shop.cookies and set(planted.values()).isdisjoint(shop.cookies.values())
    other = Target.__new__(Target)
    other.__dict__ |= {**shop.__dict__, "cookies": planted}
    assert other.ask("GET", "/connected").status in (302, 303)


@pytest.mark.parametrize("path", ["/oauth/login", "/oauth/authorize", "/connected"])
def test_c16_no_page_can_be_framed(shop, path):
    page = shop.signed().ask("GET", shop.asking() if path == "/oauth/authorize" else path)
    assert "frame-ancestors 'none'" in page.header("content-security-policy")
    assert page.header("x-frame-options") == "DENY"


def test_c17_a_form_is_never_sent_on_to_the_client(shop):
    assert shop.sign_in().status == 303
    assert shop.consent(shop.asking()).status == 303
    assert shop.consent(shop.asking(), allow=False).status == 303


def reuse_later(shop, text):
    """The refresh token is shown again when the time for a retry is over."""
    RefreshToken.objects.exclude(revoked=None).update(revoked=timezone.now() - timedelta(minutes=5))
    return shop.refresh(text)


def test_c18_a_reused_refresh_token_ends_the_family(shop, pair):
    second = shop.refresh(pair["refresh_token"]).json
    assert reuse_later(shop, pair["refresh_token"]).json["error"] == "invalid_grant"
    assert shop.refresh(second["refresh_token"]).status == 400
    assert shop.call("GET", "/things", second["access_token"]).status == 401


def test_c18_a_refresh_never_gives_more_than_was_granted(shop, pair):
    assert shop.refresh(pair["refresh_token"], scope="read write").json["error"] == "invalid_scope"


def test_c18_a_refresh_token_is_for_its_own_client(shop, pair):
    other = shop.register("Other", pkce="optional")
    assert shop.refresh(pair["refresh_token"], other).json["error"] == "invalid_grant"
    assert shop.refresh(pair["refresh_token"]).status == 200


def test_c18_a_public_clients_refresh_tokens_rotate(shop):
    first = shop.tokens(shop.public)
    second = shop.refresh(first["refresh_token"], shop.public).json
    assert second["refresh_token"] != first["refresh_token"]


def test_c19_a_retry_gets_the_same_pair(shop, pair):
    answers = [shop.refresh(pair["refresh_token"]).json for _ in range(3)]
    assert len({(one["access_token"], one["refresh_token"]) for one in answers}) == 1
    assert shop.refresh(answers[0]["refresh_token"]).status == 200


def test_c20_a_token_of_one_project_is_nothing_at_another(shop, beta, pair):
    text = pair["access_token"]
    assert beta.call("GET", "/things", text).status == 401
    assert beta.ask("GET", "/oauth/userinfo", authorization=f"Bearer {text}", cookies=False).status == 401
    asked = {"client_id": beta.client.client_id, "client_secret": beta.client.text, "token": text}
    assert beta.ask("POST", "/oauth/introspect", asked, cookies=False).json == {"active": False}
    assert beta.ask("POST", "/oauth/revoke", asked, cookies=False).status == 200
    assert beta.refresh(pair["refresh_token"]).status == 400
    assert shop.call("GET", "/things", text).status == 200


def test_c20_a_browser_of_one_project_is_nobody_at_another(shop, beta):
    shop.signed()
    name = next(iter(beta.ask("GET", "/oauth/login") and beta.cookies))
    beta.cookies = {name: next(iter(shop.cookies.values()))}
    assert beta.ask("GET", "/connected").status in (302, 303)


@pytest.mark.parametrize("resource", ["https://elsewhere.example", "not a url", "https://shop.example/#part"])
def test_c20_a_token_is_issued_for_this_address_alone(shop, resource):
    assert shop.signed().ask("GET", shop.asking(resource=resource)).told["error"] == "invalid_target"


def test_c20_a_token_for_a_part_is_not_taken_elsewhere(shop):
    made = shop.tokens(resource=f"{shop.issuer}/mcp")
    assert shop.call("GET", "/things", made["access_token"]).status == 401


def test_c21_an_id_token_is_no_access_token(shop, beta):
    made = shop.tokens(scope="openid read")
    for target in (shop, beta):
        assert target.call("GET", "/things", made["id_token"]).status == 401
        bearer = f"Bearer {made['id_token']}"
        assert target.ask("GET", "/oauth/userinfo", authorization=bearer, cookies=False).status == 401
    asked = {"client_id": shop.client.client_id, "client_secret": shop.client.text, "token": made["id_token"]}
    assert shop.ask("POST", "/oauth/introspect", asked, cookies=False).json == {"active": False}


def test_c22_a_client_proves_itself_in_one_way(shop):
    code, client = shop.code(), shop.client
    for sent, headers in (
        ({}, {"authorization": basic(client.client_id, client.text)}),
        ({"client_secret": never_issued("ascs_")}, {}),
        ({"client_secret": ""}, {}),
        ({"client_secret": None}, {}),
        ({"client_secret": None}, {"authorization": basic(client.client_id, client.text)}),
        ({"client_secret": None}, {"authorization": basic(client.client_id, "wrong")}),
        ({"client_secret": None}, {"authorization": "Basic ###"}),
        ({"client_secret": None}, {"authorization": f"Bearer {client.text}"}),
        ({"client_id": shop.public.client_id}, {}),
    ):
        answer = shop.redeem(code, **sent, headers=headers)
        assert answer.json["error"] in ("invalid_client", "invalid_request"), (sent, headers)
        assert answer.status in (400, 401)
    assert shop.redeem(code).status == 200


@pytest.mark.parametrize("secret", ["a:b", "100%", "ü", "a b", ":", "%zz"])
def test_c22_odd_signs_in_basic_credentials_are_no_error_of_ours(shop, secret):
    client = shop.register("Basic", token_method="client_secret_basic", pkce="optional")
    answer = shop.token(client, client_secret=None, grant_type="authorization_code", code="x", redirect_uri=CALLBACK,
                        headers={"authorization": basic(client.client_id, secret)})  # fmt: skip
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert answer.header("www-authenticate").startswith("Basic")


def test_c23_only_a_client_of_the_project_may_look_into_a_token(shop, pair):
    text, client = pair["access_token"], shop.client
    good = {"client_id": client.client_id, "client_secret": client.text, "token": text}
    assert shop.ask("POST", "/oauth/introspect", good, cookies=False).json["active"] is True
    public = {"client_id": shop.public.client_id, "token": text}
    assert shop.ask("POST", "/oauth/introspect", public, cookies=False).status == 401
    assert shop.ask("POST", "/oauth/introspect", {"token": text}, cookies=False).status in (400, 401)
    assert shop.ask("GET", f"/oauth/introspect?token={text}", cookies=False).status == 405


def test_c24_only_its_own_client_revokes_a_token_and_all_are_told_200(shop, pair):
    other = shop.register("Other", pkce="optional")
    for client, token in ((other, pair["access_token"]), (shop.client, never_issued("asat_")), (shop.client, "junk")):
        sent = {"client_id": client.client_id, "client_secret": client.text, "token": token}
        assert shop.ask("POST", "/oauth/revoke", sent, cookies=False).status == 200
    assert shop.call("GET", "/things", pair["access_token"]).status == 200
    own = {"client_id": shop.client.client_id, "client_secret": shop.client.text, "token": pair["refresh_token"]}
    shop.ask("POST", "/oauth/revoke", own, cookies=False)
    assert shop.call("GET", "/things", pair["access_token"]).status == 401
    assert shop.refresh(pair["refresh_token"]).status == 400


def test_c25_who_is_refused_learns_where_to_sign_in_and_what_lacks(shop, pair):
    bare = shop.call("GET", "/things").header("www-authenticate")
    assert bare.startswith("Bearer ") and "resource_metadata=" in bare and "error=" not in bare
    wrong = shop.call("GET", "/things", never_issued("asat_"))
    assert wrong.status == 401 and 'error="invalid_token"' in wrong.header("www-authenticate")
    less = shop.call("POST", "/things", pair["access_token"])
    assert less.status == 403
    assert 'error="insufficient_scope"' in less.header("www-authenticate")
    assert 'scope="write"' in less.header("www-authenticate")
    userinfo = shop.ask("GET", "/oauth/userinfo", cookies=False)
    assert userinfo.status == 401 and userinfo.header("www-authenticate").startswith("Bearer")


@pytest.mark.parametrize("more", [{"approval_prompt": "auto"}, {"skip_authorization": "1"}, {"allow": "1"}])
def test_c26_no_parameter_skips_the_question(shop, more):
    page = shop.signed().ask("GET", shop.asking(**more))
    assert page.status == 200 and 'name="allow"' in page.text


def test_c26_what_is_new_is_asked_again(shop):
    client = shop.register("Remembered", consent="remember", pkce="optional",
                           redirect_uris=f"{CALLBACK} https://client2.example/callback")  # fmt: skip
    shop.code(client)
    assert "code" in shop.ask("GET", shop.asking(client)).told
    assert shop.ask("GET", shop.asking(client, scope="read write")).status == 200
    assert shop.ask("GET", shop.asking(client, redirect_uri="https://client2.example/callback")).status == 200
    assert shop.ask("GET", shop.asking(client, prompt="consent")).status == 200


def test_c26_the_form_cannot_widen_what_is_allowed(shop):
    path = shop.signed().asking()
    page = shop.ask("GET", path)
    form = [("csrf", csrf(page)), ("allow", "1"), ("scope", "read write"), ("redirect_uri", "https://evil.example/"),
            ("client_id", shop.public.client_id)]  # fmt: skip
    answer = shop.ask("POST", path, form, origin=shop.origin)
    assert answer.to.startswith(CALLBACK + "?")
    assert shop.redeem(answer.told["code"]).json["scope"] == "read"


def test_c27_the_question_names_the_host_and_warns_of_this_computer(shop):
    assert "client.example" in shop.signed().ask("GET", shop.asking()).text
    local = shop.register("Local", redirect_uris="http://127.0.0.1:7777/cb", token_method="none", consent="remember")
    asked = shop.asking(local, redirect_uri="http://127.0.0.1:9999/cb")
    page = shop.ask("GET", asked)
    assert "127.0.0.1:9999" in page.text and "computer" in page.text
    shop.consent(asked)
    assert shop.ask("GET", asked).status == 200  # asked every time


def test_c28_nothing_in_the_database_can_be_used(shop):
    code = shop.code(scope="openid read write")
    made = shop.redeem(code).json
    again = shop.refresh(made["refresh_token"]).json
    cookie = next(iter(shop.cookies.values()))
    texts = [code, PASSWORD, shop.client.text, cookie, *(one[key] for one in (made, again)
             for key in ("access_token", "refresh_token"))]  # fmt: skip
    rows = [str(row) for model in apps.get_app_config("oauth").get_models() for row in model.objects.values()]
    rows += [str(row) for row in Exchange.objects.values()]
    assert [text for text in texts if any(text in row for row in rows)] == []


def test_c29_nothing_in_the_log_can_be_used(shop):
    """The same legs through the front door, which writes the log."""
    if shop.base:
        pytest.skip("the front door's callers inside the house come by the own host")
    from actionstudio.core.call import Call
    from actionstudio.runtime.app import frontdoor

    code = shop.code()
    form = f"grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&client_id={shop.client.client_id}"
    body = f"{form}&client_secret={shop.client.text}".encode()
    reply = frontdoor().call_blocking("shop", Call("POST", "/oauth/token", "", (("content-type", FORM),), body)).reply
    made = json.loads(reply.body)
    shop.call("GET", "/things", made["access_token"])
    told = "".join(str(row) for row in Exchange.objects.values())
    assert Exchange.objects.filter(kind="oauth").exists()
    secret = [code, shop.client.text, made["access_token"], made["refresh_token"]]
    assert [text for text in secret if text in told] == []


@pytest.mark.parametrize(
    "uri",
    ["http://client.example/cb", "ftp://client.example/cb", "javascript:alert(1)", "https://client.example/#x",
     "myapp:cb", "https://*.example/cb", "https://a@client.example/cb"],
)  # fmt: skip
def test_c30_a_callback_is_https_or_on_this_computer(shop, uri):
    Provider.objects.update(registration=True)
    sent = json.dumps({"redirect_uris": [uri], "token_endpoint_auth_method": "none"}).encode()
    answer = shop.ask("POST", "/oauth/register", body=sent, content_type="application/json", cookies=False)
    assert (answer.status, answer.json["error"]) == (400, "invalid_redirect_uri")


def test_c31_passwords_cannot_be_tried_for_long(shop):
    statuses = [shop.sign_in(password=f"guess number {number}").status for number in range(21)]
    assert 429 in statuses and statuses[0] != 429
    last = shop.sign_in()
    assert last.status == 429 and int(last.header("retry-after")) > 0
    assert not EndUserSession.objects.exists()


def test_c31_whether_there_is_such_an_account_is_not_told(shop):
    wrong, nobody = shop.sign_in(password="wrong password!"), shop.sign_in(username="nobody-at-all")
    plain = [re.sub(r"mina|nobody-at-all|[0-9a-f]{64}", "", page.text) for page in (wrong, nobody)]
    assert wrong.status == nobody.status and plain[0] == plain[1]


def test_c31_secrets_cannot_be_tried_for_long(shop):
    sent = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}
    answers = [shop.token(client_secret=never_issued("ascs_"), **sent) for _ in range(40)]
    assert answers[-1].status == 429 and int(answers[-1].header("retry-after")) > 0


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "response_type", "scope", "code_challenge"])
def test_c33_a_parameter_comes_once_at_the_authorize_endpoint(shop, name):
    answer = shop.signed().ask("GET", shop.asking() + f"&{name}=x&{name}=y")
    assert answer.told.get("error") == "invalid_request" or is_page(answer)
    assert "code=" not in answer.to and "evil" not in answer.to


@pytest.mark.parametrize("name", ["client_id", "client_secret", "code", "redirect_uri", "grant_type"])
def test_c33_a_parameter_comes_once_at_the_token_endpoint(shop, name):
    given = [("grant_type", "authorization_code"), ("code", shop.code()), ("redirect_uri", CALLBACK),
             ("client_id", shop.client.client_id), ("client_secret", shop.client.text)]  # fmt: skip
    answer = shop.ask("POST", "/oauth/token", [*given, (name, "x")], cookies=False)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://client.example.evil.example"])
def test_c34_pages_of_strangers_get_documents_but_never_tokens(shop, origin):
    for method in ("POST", "OPTIONS"):
        answer = shop.ask(method, "/oauth/token", {} if method == "POST" else None, origin=origin, cookies=False)
        assert answer.header("access-control-allow-origin") == ""
    document = shop.ask("GET", "/.well-known/oauth-authorization-server", origin=origin, cookies=False)
    assert document.header("access-control-allow-origin") == "*"
    for page in (document, shop.ask("GET", "/oauth/login", origin=origin)):
        assert page.header("access-control-allow-credentials") == ""


JUNK = [
    "\0",
    "a\0b",
    "x" * 5000,
    "ü😀",
    "ey.ey.ey",
    "ey" + "A" * 900,
    "%00",
    "' OR 1=1 --",
    "\r\nset-cookie: a=b",
    "{}",
]
ENDPOINTS = ["authorize", "token", "refresh", "revoke", "introspect", "userinfo", "login", "mock", "register"]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_c35_junk_is_refused_and_never_an_error_of_ours(shop, endpoint):
    for junk in JUNK:
        answer = junk_at(shop, endpoint, junk)
        assert answer.status < 500, junk
        assert all("\r" not in value and "\n" not in value for _name, value in answer.headers), junk


def junk_at(shop, endpoint, junk):
    own = {"client_id": shop.client.client_id, "client_secret": shop.client.text, "token": junk}
    bearer = f"Bearer {junk}".encode("utf-8", "replace").decode("latin-1").replace("\r", "").replace("\n", "")
    asked = {
        "authorize": lambda: shop.ask("GET", shop.asking(state=junk, scope=junk, nonce=junk, code_challenge=junk)),
        "token": lambda: shop.redeem(junk, code_verifier=junk),
        "refresh": lambda: shop.refresh(junk, scope=junk),
        "revoke": lambda: shop.ask("POST", "/oauth/revoke", own, cookies=False),
        "introspect": lambda: shop.ask("POST", "/oauth/introspect", own, cookies=False),
        "userinfo": lambda: shop.ask("GET", "/oauth/userinfo", authorization=bearer, cookies=False),
        "login": lambda: shop.sign_in(username=junk, password=junk),
        "mock": lambda: shop.call("GET", "/things", bearer[7:]),
        "register": lambda: shop.ask("POST", "/oauth/register", body=junk.encode(), cookies=False),
    }
    return asked[endpoint]()


def test_the_projects_scopes_are_what_these_tests_think():
    assert [scope.name for scope in AUTH.scopes] == ["read", "write"]
