"""Sign-ins at an address of ours, watched: each leg is seen, each failure has its reason, each repair lets the next one
pass, and no secret of any leg stands in the log, in the rows or on a page."""

import base64

import pytest
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import codes, faults, registering, repairing
from actionstudio.apps.oauth.models import AccessToken, Client, Grant, SignIn
from actionstudio.apps.signin import steps
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime import tokens
from tests.apps.oauth import entering, flows
from tests.apps.signin import walking

pytestmark = pytest.mark.django_db

TWIN = flows.CALLBACK.replace("chatgpt.com", "chat.openai.com")


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch):
    """Tokens are looked at for each call: within a test's transaction nothing is committed, so nothing is forgotten."""
    monkeypatch.setattr(tokens, "FRESH", 0)


@pytest.fixture
def shop(ann):
    return entering.shop(owner=ann)


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


def gpt(shop, **fields) -> Client:
    fields.setdefault("redirect_uris", [flows.CALLBACK])
    return registering.register(shop, fields.pop("preset", "gpt"), name="Acme GPT", **fields)


def run(shop) -> SignIn:
    return shop.sign_ins.first()


def seen(shop):
    found = run(shop)
    return steps.steps(steps.of_rows(steps.rows(shop.pk, found.key)))


def states(shop):
    return {step.name: step.state for step in seen(shop)}


def test_a_whole_sign_in_is_one_run_from_its_first_request_to_the_calls_of_the_api(shop):
    walk = walking.begin(shop, gpt(shop))
    assert walk.go() and walk.call().status == 200
    assert shop.sign_ins.count() == 1
    found = run(shop)
    assert (found.outcome, found.who, str(found.user), found.client) == ("passed", "chatgpt", "Mina", walk.client)
    assert set(states(shop).values()) == {"done"} and list(states(shop)) == list(steps.EXPECTED)
    assert walk.refresh()[0] == 200 and walk.call().status == 200
    assert list(states(shop))[-3:] == ["refresh", "answer-again", "call-again"]
    assert walk.post("/oauth/revoke", {"token": walk.answer["refresh_token"]}).status == 200
    assert walk.call().status == 401
    assert states(shop)["revoke"] == "done" and states(shop)["call-again"] == "failed"


def test_a_wrong_password_does_not_end_it(shop):
    walk = walking.begin(shop, gpt(shop))
    password, walking.PASSWORD = walking.PASSWORD, "not the one"
    try:
        assert not walk.go()
    finally:
        walking.PASSWORD = password
    assert run(shop).reason == codes.PASSWORD_WRONG and states(shop)["login"] == "failed"


# What is bent: the client at first, the walk, the code at which it fails, the step, the repair
def _expired(shop):
    return lambda: Grant.objects.update(expires=timezone.now())


def _closed(shop):
    return lambda: shop.end_users.update(is_active=False)


def basic(client):
    return {"client_secret": None, "client_id": None}


BROKEN = {
    "callback-at-authorize": ({"redirect_uris": [TWIN]}, {}, codes.REDIRECT_MISMATCH, "authorize", "allow-callback"),
    "callback-at-token": (
        {}, {"token": {"redirect_uri": TWIN}}, codes.REDIRECT_CHANGED, "token", "allow-both",
    ),
    "pkce": ({"pkce": "required"}, {}, codes.PKCE_MISSING, "authorize", "pkce-optional"),
    "json": ({}, {"content_type": "application/json"}, codes.JSON_BODY, "token", "json-bodies"),
    "method": ({"token_method": "client_secret_basic"}, {}, codes.SECRET_METHOD_WRONG, "token", "method-as-sent"),
    "either": ({"token_method": "client_secret_basic"}, {}, codes.SECRET_METHOD_WRONG, "token", "method-any"),
    "project-scope": (
        {}, {"authorize": {"scope": "orders:read orders:fly"}}, codes.SCOPE_UNKNOWN, "authorize", "project-scope",
    ),
    "client-scope": (
        {"scopes": ["orders:read"]}, {"authorize": {"scope": "orders:write"}}, codes.SCOPE_NOT_ALLOWED, "authorize",
        "client-scope",
    ),
    "expired": ({}, {"before_token": _expired}, codes.CODE_EXPIRED, "token", "code-longer"),
    "closed": ({}, {"before_token": _closed}, codes.USER_DISABLED, "token", "open-user"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_repair_lets_the_next_sign_in_pass(shop, page, case):
    fields, bent, code, at, repair = BROKEN[case]
    client = gpt(shop, **fields)
    once = {name: value(shop) if name == "before_token" else value for name, value in bent.items()}
    walk = walking.begin(shop, client, **once)
    assert not walk.go()
    found = run(shop)
    assert (found.outcome, found.reason) == ("failed", code), found.step
    address = reverse("signin:handshake-run", args=["shop", found.key])
    html = page.get(f"{address}?step={at}").content.decode()
    assert f'value="{repair}"' in html
    page.post(reverse("signin:handshake-repair", args=["shop", found.key]), {"step": at, "repair": repair})
    client.refresh_from_db()
    again = walking.begin(shop, client, **{name: value for name, value in bent.items() if name != "before_token"})
    again.authorize = {"state": "s-2", **again.authorize}
    assert again.go(), again.answer
    assert run(shop).outcome == "passed" and run(shop).key != found.key


def test_a_client_that_is_switched_off_is_switched_on(shop, page):
    client = gpt(shop)
    walk = walking.begin(shop, client)
    registering.switch(client, False)
    assert not walk.go()
    found = run(shop)
    assert found.reason == codes.CLIENT_DISABLED
    page.post(reverse("signin:handshake-repair", args=["shop", found.key]), {"step": "authorize", "repair": "enable"})
    assert walking.begin(shop, client, authorize={"state": "s-2"}).go()


def test_a_client_that_may_not_refresh_is_let(shop, page):
    client = gpt(shop)
    walk = walking.begin(shop, client)
    assert walk.go()
    registering.change(client, grants=["authorization_code"])
    kept = dict(walk.answer)
    assert walk.refresh()[0] == 400
    found = run(shop)
    assert found.reason == codes.GRANT_NOT_ALLOWED
    page.post(reverse("signin:handshake-repair", args=["shop", found.key]), {"step": "refresh", "repair": "grant"})
    walk.answer = kept
    assert walk.refresh()[0] == 200


def test_a_wrong_secret_leads_to_where_a_new_one_is_made(shop, page):
    client = gpt(shop)
    walk = walking.begin(shop, client)
    walk.secret = flows.wrong_secret()
    assert not walk.go()
    found = run(shop)
    assert found.reason == codes.SECRET_WRONG and states(shop)["token"] == "failed"
    html = page.get(reverse("signin:handshake-run", args=["shop", found.key])).content.decode()
    assert reverse("oauth:client", args=["shop", client.client_id]) in html


def test_somebody_who_says_no_is_told_of_without_a_repair(shop, page):
    walk = walking.begin(shop, gpt(shop))
    visitor = walking.visiting.Visitor("shop")
    answer = visitor.visit(walking.visiting.asking(walk.client, redirect_uri=flows.CALLBACK))
    visitor.visit(answer.to)
    visitor.visit(visitor.send(username="mina", password=walking.PASSWORD).to)
    assert visitor.send(deny="1").told["error"] == "access_denied"
    html = page.get(reverse("signin:handshake-run", args=["shop", run(shop).key])).content.decode()
    assert "The person said no" in html and "handshake-repair" not in html


@pytest.mark.parametrize("kind", faults.KINDS)
def test_each_failure_happens_once_and_is_told(shop, page, kind):
    walk = walking.begin(shop, gpt(shop))
    faults.set_fault(shop, kind)
    try:
        passed = walk.go()
    except ValueError:  # a web page where JSON should be
        passed = False
    found = run(shop)
    html = page.get(reverse("signin:handshake-run", args=["shop", found.key])).content.decode()
    name = next(step.name for step in seen(shop) if (step.leg or {"facts": {}})["facts"].get("fault") == kind)
    html = page.get(f"{reverse('signin:handshake-run', args=['shop', found.key])}?step={name}").content.decode()
    struck, then = faults.KINDS[kind].struck, faults.KINDS[kind].then
    if kind == "wrong-state":  # this client does not look at it
        assert "The client did not check state" in html and "Passed" not in html
    else:
        assert f"It misbehaved on purpose: {struck} {then}" in html
    if kind == "token-no-expiry":
        assert passed and "expires_in" not in walk.answer
    elif kind == "token-no-refresh":
        assert passed and "refresh_token" not in walk.answer
    elif kind.endswith("slow"):
        assert passed and any(row.duration_us > 9_000_000 for row in Exchange.objects.all())
    elif kind == "wrong-state":
        assert walk.visitor.page.told["state"] != "s-1"
        assert passed and (found.outcome, found.reason) == ("failed", codes.STATE_UNCHECKED)
        assert "The client did not check state" in page.get(reverse("signin:handshake", args=["shop"])).content.decode()
    else:
        assert not passed
    assert faults.waiting(shop) == []
    assert walking.begin(shop, walk.client, authorize={"state": "s-2"}).go()


def test_revoke_now_and_expire_now_are_obeyed_at_once(shop, page, django_capture_on_commit_callbacks):
    walk = walking.begin(shop, gpt(shop))
    assert walk.go() and walk.call().status == 200
    key = run(shop).key
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("signin:handshake-fail", args=["shop"]), {"deed": "expire-now", "key": key})
    assert walk.call().status == 401 and states(shop)["call"] == "failed"
    assert walk.refresh()[0] == 200 and walk.call().status == 200
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("signin:handshake-fail", args=["shop"]), {"deed": "revoke-now", "key": key})
    assert walk.call().status == 401 and walk.refresh()[0] == 400
    assert AccessToken.objects.filter(revoked=None, sign_in=key, expires__gt=timezone.now()).count() == 0


def test_no_secret_of_any_leg_is_kept_or_shown(shop, page):
    walk = walking.begin(shop, gpt(shop, token_method="any", json_bodies=True))
    verifier = flows.VERIFIER
    walk.authorize = {"code_challenge": flows.CHALLENGE, "code_challenge_method": "S256", "scope": "openid orders:read"}
    walk.token = {"code_verifier": verifier}
    assert walk.go(), walk.answer
    walk.secrets |= {verifier, walk.answer.get("id_token", "")}
    assert walk.call().status == 200 and walk.refresh()[0] == 200
    misplaced(walk)
    walk.post("/oauth/introspect", {"token": walk.answer["access_token"]})
    walk.post("/oauth/revoke", {"token": walk.answer["refresh_token"]})
    text = kept(shop) + shown(shop, page)
    found = {secret for secret in walk.secrets - {""} if secret in text}
    assert found == set()
    assert "••••" in text


def misplaced(walk):
    """Secrets where no program should put them."""
    secret, token, refresh = walk.secret, walk.answer["access_token"], walk.answer["refresh_token"]
    pair = base64.b64encode(f"{walk.client.client_id}:{secret}".encode()).decode()
    walk.secrets.add(pair)
    post = walk.post
    post("/oauth/token", {"grant_type": "refresh_token"}, query=f"client_secret={secret}&refresh_token={refresh}")
    post("/oauth/token", {"grant_type": "refresh_token", "note": f"it is {refresh}"}, content_type="application/json")
    post("/oauth/token", b'{"refresh_token": "' + refresh.encode() + b'", "cut', content_type="application/json")
    post("/oauth/token", f"grant_type=refresh_token&refresh_token={refresh}".encode(), content_type="text/plain")
    post("/oauth/token", {"grant_type": refresh}, (("authorization", f"Basic {pair}"),))
    post("/oauth/token", {"grant_type": "authorization_code", "code": token, "client_id": secret})
    walk.visitor.visit(f"/oauth/authorize?client_id={secret}&state=s-9&redirect_uri=https://a.test/{token}")
    walk.visitor.visit(f"/oauth/{token}")
    walk.visitor.visit(f"/oauth/userinfo?access_token={token}")
    walk.visitor.visit("/oauth/userinfo", headers=(("authorization", f"Bearer {token}"), ("x-note", refresh)))
    walk.visitor.visit(f"/oauth/login?next=/oauth/authorize%3Fnote%3D{token}")
    walk.visitor.send("/oauth/login", username=refresh, password=walking.PASSWORD)


def kept(shop) -> str:
    """Everything that the log and the runs hold."""
    logged = [value for row in Exchange.objects.values_list() for value in row]
    runs = [value for row in SignIn.objects.values_list() for value in row]
    return "\n".join(bytes(one).decode("utf-8", "replace") if isinstance(one, bytes | memoryview) else str(one)
                     for one in (*logged, *runs))  # fmt: skip


def shown(shop, page) -> str:
    """Every page about the sign-ins."""
    found = [page.get(reverse("signin:handshake", args=["shop"]))]
    for row in shop.sign_ins.all():
        address = reverse("signin:handshake-run", args=["shop", row.key])
        found += [page.get(f"{address}?step={name}") for name in steps.ORDER]
    for row in Exchange.objects.filter(project_id=shop.pk):
        found.append(page.get(reverse("traffic:exchange", args=["shop", row.public_id])))
        found.append(page.get(reverse("signin:handshake-told", args=["shop", row.public_id])))
    return "\n".join(answer.content.decode() for answer in found)


def test_every_repair_with_a_deed_is_walked_here_or_cures_what_only_time_breaks():
    walked = {case[4] for case in BROKEN.values()} | {"enable", "grant"}
    deeds = {name for name, repair in repairing.REPAIRS.items() if repair.deed}
    assert deeds - walked == {"pkce-off", "refresh-on"}


def test_a_client_that_stops_at_a_wrong_state_is_not_blamed(shop, page):
    walk = walking.begin(shop, gpt(shop))
    faults.set_fault(shop, "wrong-state")
    assert walk.through_the_browser()
    html = page.get(reverse("signin:handshake-run", args=["shop", run(shop).key])).content.decode()
    assert "no token request follows, and that is right" in html and run(shop).outcome == "waiting"
    html += page.get(reverse("signin:handshake", args=["shop"])).content.decode()
    assert "did not check state" not in html and "state_unchecked" not in html


def test_what_deeds_did_is_said(shop, page):
    walk = walking.begin(shop, gpt(shop))
    assert walk.go()
    key = run(shop).key
    for deed, words in (("expire-now", "1 token has expired now"), ("revoke-now", "1 token was revoked")):
        answer = page.post(reverse("signin:handshake-fail", args=["shop"]), {"deed": deed, "key": key}, follow=True)
        assert words in answer.content.decode()
