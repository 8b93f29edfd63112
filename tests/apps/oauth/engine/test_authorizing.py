"""What a client may ask at the authorize endpoint, who is told what is wrong, and the way back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from actionstudio.apps.oauth import codes, faults, registering
from actionstudio.apps.oauth.engine import authorizing
from actionstudio.apps.oauth.engine.authorizing import Asked
from actionstudio.apps.oauth.engine.refusing import Trouble
from actionstudio.apps.oauth.models import Client, Grant, SignIn
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PKCE = {"code_challenge": flows.CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def gpt(project):
    return flows.client(project)


def told(trouble: Trouble) -> dict[str, str]:
    """What the client is told at its callback."""
    assert trouble.redirect.startswith(flows.CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(trouble.redirect).query).items()}


def test_what_chatgpt_asks_is_understood(project, gpt):
    asked = flows.asked(project, gpt, scope="orders:read", state="a-b c/%")
    assert (asked.client, asked.redirect_uri, asked.scopes) == (gpt.row, flows.CALLBACK, ("orders:read",))
    assert (asked.state, asked.host, asked.loopback, asked.origin) == (
        "a-b c/%", "chatgpt.com", False, "https://chatgpt.com",
    )  # fmt: skip


@pytest.mark.parametrize("scope", [None, "", " "])
def test_who_names_no_scope_gets_those_of_the_project_that_it_may_have(project, scope):
    assert flows.asked(project, flows.client(project), scope=scope).scopes == ("orders:read", "orders:write")
    assert flows.asked(project, flows.client(project, scopes=["orders:read"]), scope=scope).scopes == ("orders:read",)


def test_the_answer_has_a_code_the_state_and_the_issuer(project, gpt):
    back = flows.allowed(project, gpt, flows.person(project), state="a b&c=d")
    assert back["state"] == "a b&c=d" and back["code"].startswith("asac_") and back["iss"] == flows.issuer(project)
    assert set(back) == {"state", "code", "iss"}


def test_the_issuer_is_the_base_url_that_was_called(project, gpt):
    below = flows.allowed(project, gpt, flows.person(project), base=-1)
    assert below["iss"].endswith("/live/shop")
    assert told(flows.asked(project, gpt, base=-1, scope="no"))["iss"] == below["iss"]


def test_a_callback_keeps_its_own_query(project):
    who = flows.client(project, redirect_uris="https://a.test/cb?x=1%202&iss2=y")
    person = flows.person(project)
    back = flows.allowed(project, who, person, redirect_uri="https://a.test/cb?x=1%202&iss2=y")
    assert back["x"] == "1 2" and back["code"]


FATAL = [
    ({"client_id": None}, codes.CLIENT_MISSING),
    ({"client_id": "asc_no"}, codes.CLIENT_UNKNOWN),
    ({"client_id": "é\U0001f600"}, codes.CLIENT_UNKNOWN),
    ({"client_id": "a\x00b"}, codes.PARAMETER_CONTROL),
    ({"client_id": "a" * 300}, codes.PARAMETER_LONG),
    ({"client_id": ["a", "b"]}, codes.PARAMETER_TWICE),
    ({"redirect_uri": "https://evil.test/cb"}, codes.REDIRECT_MISMATCH),
    ({"redirect_uri": "/relative"}, codes.REDIRECT_MISMATCH),
    ({"redirect_uri": [flows.CALLBACK, "https://evil.test"]}, codes.PARAMETER_TWICE),
    ({"state": ["a", "b"]}, codes.PARAMETER_TWICE),
    ({"state": "a\x00"}, codes.PARAMETER_CONTROL),
    ({"state": "x" * 9000}, codes.PARAMETER_LONG),
    ({"nonce": "x" * 256}, codes.PARAMETER_LONG),
]


@pytest.mark.parametrize(("sent", "code"), FATAL)
def test_nobody_is_sent_on_while_client_or_callback_are_wrong(project, gpt, sent, code):
    trouble = flows.asked(project, gpt, **sent)
    assert (trouble.code, trouble.redirect, trouble.returns_to) == (code, "", "")


TOLD = [
    ({"response_type": None}, codes.RESPONSE_TYPE_MISSING, "invalid_request"),
    ({"response_type": "token"}, codes.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type"),
    ({"response_type": "id_token"}, codes.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type"),
    ({"response_type": "code token"}, codes.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type"),
    ({"response_type": "code id_token"}, codes.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type"),
    ({"response_type": "none"}, codes.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type"),
    ({"response_mode": "fragment"}, codes.RESPONSE_MODE_UNKNOWN, "invalid_request"),
    ({"scope": "orders:read orders:delete"}, codes.SCOPE_UNKNOWN, "invalid_scope"),
    ({"scope": '"><script>'}, codes.SCOPE_UNKNOWN, "invalid_scope"),
    ({"code_challenge": flows.CHALLENGE}, codes.PKCE_METHOD_WRONG, "invalid_request"),
    ({"code_challenge": flows.CHALLENGE, "code_challenge_method": "plain"}, codes.PKCE_METHOD_WRONG, "invalid_request"),
    ({"code_challenge_method": "S256"}, codes.PKCE_MISSING, "invalid_request"),
    ({**PKCE, "code_challenge": "x" * 42}, codes.PKCE_MALFORMED, "invalid_request"),
    ({**PKCE, "code_challenge": "x" * 44}, codes.PKCE_MALFORMED, "invalid_request"),
    ({**PKCE, "code_challenge": "x" * 42 + "="}, codes.PKCE_MALFORMED, "invalid_request"),
    ({"resource": "https://elsewhere.test/"}, codes.RESOURCE_UNKNOWN, "invalid_target"),
    ({"resource": "orders"}, codes.RESOURCE_MALFORMED, "invalid_target"),
]


@pytest.mark.parametrize(("sent", "code", "error"), TOLD)
def test_the_client_is_told_at_its_callback_with_the_issuer(project, gpt, sent, code, error):
    trouble = flows.asked(project, gpt, **sent)
    assert (trouble.code, trouble.client) == (code, gpt.row)
    said = told(trouble)
    assert said["error"] == error and said["state"] == "s1" and said["iss"] == flows.issuer(project)
    assert said["error_description"].isascii() and '"' not in said["error_description"]


def test_a_client_asks_for_the_scopes_it_may_have(project):
    who = flows.client(project, scopes=["orders:read"])
    trouble = flows.asked(project, who, scope="orders:read orders:write")
    assert (trouble.code, trouble.error) == (codes.SCOPE_NOT_ALLOWED, "invalid_scope")
    assert flows.asked(project, who, scope="openid orders:read").scopes == ("openid", "orders:read")


def test_a_client_of_another_project_is_unknown_here(project):
    assert flows.asked(project, flows.client(shop("other"))).code == codes.CLIENT_UNKNOWN


def test_a_client_that_is_off_is_a_page_for_the_person(project, gpt):
    Client.objects.update(enabled=False)
    trouble = flows.asked(project, gpt)
    assert (trouble.code, trouble.redirect) == (codes.CLIENT_DISABLED, "")


def test_a_client_that_acts_for_itself_sends_nobody_here(project):
    machine = flows.client(project, grants=["client_credentials"])
    assert told(flows.asked(project, machine))["error"] == "unauthorized_client"


REGISTERED = "https://a.test/cb?x=1"
MUTATIONS = [
    "https://A.test/cb?x=1", "HTTPS://a.test/cb?x=1", "http://a.test/cb?x=1", "https://a.test:443/cb?x=1",
    "https://a.test:8443/cb?x=1", "https://a.test/cb/?x=1", "https://a.test/cb", "https://a.test/cb?x=1&y=2",
    "https://a.test/cb?x=2", "https://a.test/cb;x?x=1", "https://a.test/cb?x=1#", "https://a.test/cb?x=1#f",
    "https://u@a.test/cb?x=1", "https://a.test@evil.test/cb?x=1", "https://a.test/%63b?x=1", "https://a.test/./cb?x=1",
    "https://a.test/x/../cb?x=1", "https://a.test/x/%2e%2e/cb?x=1", "https://evil.a.test/cb?x=1",
    "https://a.test.evil.test/cb?x=1",
    "https://a.test/cb?x=1%00", "https://a.test//cb?x=1", "https://a.test\\@evil.test/cb?x=1", "//a.test/cb?x=1",
    "https://a.test/cb?x=1 ", " https://a.test/cb?x=1", "https://a.test/CB?x=1", "https://a.test./cb?x=1",
    "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("uri", MUTATIONS)
def test_a_callback_is_compared_to_the_letter(project, uri):
    who = flows.client(project, redirect_uris=REGISTERED)
    assert isinstance(flows.asked(project, who, redirect_uri=REGISTERED), Asked)
    trouble = flows.asked(project, who, redirect_uri=uri)
    assert (
        trouble.code in (codes.REDIRECT_MISMATCH, codes.PARAMETER_CONTROL, codes.PARAMETER_LONG)
        and trouble.redirect == ""
    )


@pytest.mark.parametrize(
    ("uri", "right"),
    [
        ("http://127.0.0.1/cb", True),
        ("http://127.0.0.1:51004/cb", True),
        ("http://[::1]:51004/cb", True),
        ("http://127.0.0.1:51004/other", False),
        ("http://127.0.0.1:51004/cb?x=1", False),
        ("http://127.0.0.1:99999999/cb", False),
        ("http://127.0.0.1:1@evil.test/cb", False),
        ("http://127.0.0.1.evil.test/cb", False),
        ("https://127.0.0.1:51004/cb", False),
        ("http://localhost:51004/cb", True),
        ("http://localhost:51004/other", False),
        ("http://localhost.evil.test/cb", False),
        ("http://localhost:1@evil.test/cb", False),
        ("https://localhost:51004/cb", False),
        ("http://127.0.0.2/cb", False),
    ],
)
def test_a_program_on_ones_own_machine_takes_any_port(project, uri, right):
    who = flows.client(project, redirect_uris="http://127.0.0.1/cb http://[::1]/cb http://localhost/cb")
    asked = flows.asked(project, who, redirect_uri=uri)
    assert isinstance(asked, Asked) is right
    assert not right or asked.loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_an_mcp_client_takes_any_port_of_this_computer_under_each_of_its_names(project, host):
    made = registering.register(project, "mcp", name="A program")
    assert made.redirect_uri_allowed(f"http://{host}:3333/callback")


def test_a_callback_on_one_name_of_this_computer_is_none_on_another(project):
    who = flows.client(project, redirect_uris="http://127.0.0.1/cb")
    assert not who.row.redirect_uri_allowed("http://localhost:51004/cb")


def test_callbacks_are_https_but_for_ones_own_machine(project, gpt):
    assert gpt.row.get_allowed_schemes() == ["https"]
    assert flows.client(project, redirect_uris="http://127.0.0.1/cb").row.get_allowed_schemes() == ["https", "http"]


@pytest.mark.parametrize(
    ("mode", "seen", "challenge", "right"),
    [
        ("required", False, True, True),
        ("required", False, False, False),
        ("optional", False, True, True),
        ("optional", False, False, True),
        ("optional", True, False, False),
        ("off", True, False, True),
        ("off", False, True, True),
    ],
)
def test_who_has_to_prove_that_it_asked(project, mode, seen, challenge, right):
    who = flows.client(project, pkce=mode, pkce_seen=seen)
    found = flows.asked(project, who, **(PKCE if challenge else {}))
    assert isinstance(found, Asked) is right
    assert right or told(found)["error"] == "invalid_request"


def test_once_a_client_has_answered_a_challenge_it_always_has_to(project, gpt):
    code = flows.allowed(project, gpt, flows.person(project), **PKCE)["code"]
    assert flows.redeem(project, gpt, code, code_verifier="x" * 43)[0] == 400
    assert isinstance(flows.asked(project, gpt), Asked)
    assert flows.redeem(project, gpt, code, code_verifier=flows.VERIFIER)[0] == 200
    assert flows.asked(project, gpt).code == codes.PKCE_MISSING


def test_a_url_with_a_challenge_that_anybody_can_write_binds_no_client(project, gpt):
    flows.allowed(project, gpt, flows.person(project), **PKCE)
    flows.signed_in(project, gpt)


@pytest.mark.parametrize("preset", ["gpt", "plugin"])
def test_chatgpts_clients_are_never_bound_to_a_challenge(project, preset):
    """ChatGPT sends none: whoever tries its client with one locks it for nobody."""
    who = flows.client(project, preset=preset)
    code = flows.allowed(project, who, flows.person(project), **PKCE)["code"]
    assert flows.redeem(project, who, code, code_verifier=flows.VERIFIER)[0] == 200
    flows.signed_in(project, who)


def test_only_what_was_asked_for_can_be_allowed(project, gpt):
    with pytest.raises(ValueError, match="asked for"):
        flows.allowed(project, gpt, flows.person(project), scope="orders:read", scopes=["orders:read", "orders:write"])
    flows.allowed(project, gpt, flows.person(project), scopes=["orders:read"])
    assert Grant.objects.get().scope == "orders:read"


def test_who_allows_nothing_allows_nothing(project, gpt):
    flows.allowed(project, gpt, flows.person(project), scopes=[])
    assert Grant.objects.get().scope == ""


def test_resources_are_addresses_of_the_project(project, gpt):
    base = flows.issuer(project)
    wanted = [base, f"{base}/mcp"]
    assert flows.asked(project, gpt, resource=wanted).resources == tuple(wanted)
    flows.allowed(project, gpt, flows.person(project), resource=wanted)
    assert Grant.objects.get().resource == wanted
    odd = ("http://[", "https://[::1")
    for wrong in (
        f"{base}.evil.test/",
        base.replace("://", "://u@"),
        f"{base}/#x",
        base.replace("shop", "other"),
        *odd,
    ):
        assert flows.asked(project, gpt, resource=[base, wrong]).error == "invalid_target"


def test_the_person_says_no(project, gpt):
    asked = flows.asked(project, gpt)
    with flows.at(project):
        uri = authorizing.deny(asked)
    said = {name: values[0] for name, values in parse_qs(urlsplit(uri).query).items()}
    assert said["error"] == "access_denied" and said["state"] == "s1" and said["iss"]


def test_failures_that_were_asked_for_strike_once(project, gpt):
    person = flows.person(project)
    faults.set_fault(project, "wrong-state")
    assert flows.allowed(project, gpt, person)["state"] != "s1"
    faults.set_fault(project, "authorize-error")
    assert flows.allowed(project, gpt, person)["error"] == "server_error"
    assert flows.allowed(project, gpt, person)["state"] == "s1"


def test_a_client_that_registered_itself_takes_no_failure_from_the_builder(project, gpt):
    stranger = flows.client(project, registration_source=Client.RegistrationSource.DCR)
    for kind in ("wrong-state", "authorize-error", "token-500"):
        faults.set_fault(project, kind)
    answer = flows.signed_in(project, stranger)
    assert answer["access_token"] and len(faults.waiting(project)) == 3
    stranger.row.decided = True  # the builder has saved it: it is theirs
    stranger.row.save()
    assert flows.allowed(project, stranger, flows.person(project))["state"] != "s1"
    assert flows.allowed(project, gpt, flows.person(project))["error"] == "server_error"
    code = flows.allowed(project, gpt, flows.person(project))["code"]
    assert flows.redeem(project, gpt, code)[0] == 500 and not faults.waiting(project)


def test_the_story_of_a_sign_in_goes_on_from_leg_to_leg(project, gpt):
    answer = flows.signed_in(project, gpt)
    story = SignIn.objects.get()
    assert (story.client, story.step, story.outcome, story.reason) == (gpt.row, "answer", "passed", "")
    flows.refresh(project, gpt, answer["refresh_token"])
    flows.refresh(project, gpt, "junk")
    story.refresh_from_db()
    assert (story.step, story.outcome) == ("refresh", "passed")


def test_a_refusal_is_part_of_the_story(project, gpt):
    flows.asked(project, gpt, scope="no", state="other")
    story = SignIn.objects.get()
    assert (story.step, story.outcome, story.reason) == ("authorize", "failed", codes.SCOPE_UNKNOWN)
