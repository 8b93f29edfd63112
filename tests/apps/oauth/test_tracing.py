"""Each leg of a sign-in finds its run and tells of itself, for one write a request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import callers, tracing
from actionstudio.apps.oauth.models import Client, EndUser, SignIn
from actionstudio.apps.replay.pruning import prune
from tests.apps.oauth import entering
from tests.apps.oauth.attacking import Target

pytestmark = pytest.mark.django_db

CALLBACK = "https://chatgpt.com/aip/g-4hJ2k/oauth/callback"


@pytest.fixture
def shop():
    return entering.shop()


@pytest.fixture
def gpt(shop):
    return Client.objects.create(project=shop, name="GPT", client_type="confidential", redirect_uris=CALLBACK)


def authorize(shop, client, state="s-1", peer="203.0.113.9", **facts):
    with entering.request(shop) as tenant:
        tenant.client = peer
        tracing.began(client.client_id, client, CALLBACK, "orders:read", state)
        tracing.leg("authorize", **facts)
    return tenant


def test_the_same_client_and_state_are_one_sign_in(shop, gpt):
    first, again, other = authorize(shop, gpt), authorize(shop, gpt), authorize(shop, gpt, state="s-2")
    assert first.sign_in == again.sign_in != other.sign_in
    assert SignIn.objects.count() == 2


def test_without_a_state_each_request_is_a_sign_in_of_its_own(shop, gpt):
    assert authorize(shop, gpt, state="").sign_in != authorize(shop, gpt, state="").sign_in


def test_the_same_state_much_later_is_another_sign_in(shop, gpt):
    first = authorize(shop, gpt)
    SignIn.objects.update(started=timezone.now() - tracing.AGAIN - timedelta(minutes=1))
    assert authorize(shop, gpt).sign_in != first.sign_in


def test_a_state_of_another_project_is_not_found(shop, gpt):
    assert authorize(shop, gpt).sign_in != authorize(entering.shop("other"), gpt).sign_in


def test_a_sign_in_goes_from_its_first_leg_to_its_token(shop, gpt):
    key = authorize(shop, gpt).sign_in
    run = SignIn.objects.get()
    assert (run.key, run.client, run.who, run.step, run.outcome) == (key, gpt, "chatgpt", "authorize", "waiting")
    mina = EndUser.objects.create(project=shop, username="mina")
    with entering.request(shop):
        tracing.began(gpt.client_id, gpt, CALLBACK, "orders:read", "s-1")
        tracing.leg("allowed", user=mina)
        tracing.leg("callback", host="chatgpt.com")
    run.refresh_from_db()
    assert (run.step, run.user, run.outcome) == ("callback", mina, "waiting")
    with entering.request(shop):
        tracing.belongs(key)
        tracing.leg("token", "failed", "redirect_mismatch", sent="a", registered=["b"])
    run.refresh_from_db()
    assert (run.step, run.outcome, run.reason) == ("token", "failed", "redirect_mismatch")
    with entering.request(shop):
        tracing.belongs(key)
        tracing.leg("token")
        tracing.leg("answer", expires_in=3600)
    run.refresh_from_db()
    assert (run.step, run.outcome, run.reason) == ("answer", "passed", "")


def test_the_log_gets_every_leg_with_its_facts(shop, gpt):
    tenant = authorize(shop, gpt, outcome="failed", code="scope", sent="x" * 900, registered={"b"})
    assert tenant.notes["leg"] == "authorize" and tenant.notes["code"] == "scope"
    (told,) = tenant.notes["legs"]
    assert told["sent"] == "x" * tracing.LONGEST and told["registered"] == ["b"]


def test_a_leg_costs_one_query_to_find_and_one_to_keep(shop, gpt, django_assert_num_queries):
    with entering.request(shop) as tenant, django_assert_num_queries(1):
        tracing.began(gpt.client_id, gpt, CALLBACK, "", "s-1")
        tracing.leg("authorize")
        tracing.leg("login", "waiting")
        tenant_run = tenant
    with django_assert_num_queries(0):
        tracing.settle(tenant_run)  # the request has kept it already
    with entering.request(shop) as tenant:
        tracing.belongs(tenant_run.sign_in)
        tracing.leg("token")
        tracing.leg("answer")
        with django_assert_num_queries(1):
            tracing.settle(tenant)


def test_a_token_request_that_says_too_little_is_taken_for_the_one_awaited(shop, gpt):
    key = authorize(shop, gpt).sign_in
    SignIn.objects.update(step="callback")
    with entering.request(shop) as tenant:
        tenant.caller = gpt
        tracing.leg("token", "failed", "code_missing")
    assert tenant.sign_in == key and tenant.notes["guessed"]


def test_it_is_not_guessed_of_a_client_that_has_not_shown_its_secret_or_is_another(shop, gpt):
    authorize(shop, gpt)
    SignIn.objects.update(step="callback")
    for caller in (None, Client.objects.create(project=shop, name="Other", client_type="confidential")):
        with entering.request(shop) as tenant:
            tenant.caller = caller
            tracing.leg("token", "failed", "code_missing")
        assert tenant.sign_in == ""
    assert SignIn.objects.get().outcome == "waiting"


def test_only_who_shows_the_secret_of_the_client_has_a_say_over_how_its_sign_in_went():
    target = Target("target", 0)
    target.code()
    before = SignIn.objects.get()
    form = {"grant_type": "authorization_code", "client_id": "no-such-client", "client_secret": "x", "code": "y"}
    for client in ("no-such-client", target.client.client_id):
        target.ask("POST", "/oauth/token", form | {"client_id": client}, peer="198.51.100.7", cookies=False)
    target.redeem("y", target.public)
    after = SignIn.objects.get()
    assert (after.outcome, after.step) == (before.outcome, before.step)
    assert target.redeem("y").status == 400
    after.refresh_from_db()
    assert (after.outcome, after.reason) == ("failed", "code_unknown")


def test_it_is_not_guessed_when_two_are_awaited(shop, gpt):
    authorize(shop, gpt), authorize(shop, gpt, state="s-2")
    SignIn.objects.update(step="callback")
    with entering.request(shop) as tenant:
        tenant.caller = gpt
        tracing.leg("token", "failed", "code_missing")
    assert tenant.sign_in == "" and SignIn.objects.filter(outcome="failed").count() == 0


def test_what_cannot_be_kept_does_not_spoil_the_answer(shop, gpt, monkeypatch):
    from django.db import OperationalError

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(SignIn.objects, "create", full)
    assert authorize(shop, gpt).notes["leg"] == "authorize"


def test_a_project_keeps_the_newest_sign_ins(shop, gpt, monkeypatch):
    monkeypatch.setattr(tracing, "KEPT", 3)
    other = SignIn.objects.create(project=entering.shop("other"), key="z")
    mina = EndUser.objects.create(project=shop, username="mina")
    for number in range(5):
        SignIn.objects.create(project=shop, key=str(number), client=gpt, user=mina)
    tracing.sweep(shop.pk)
    assert [one.key for one in shop.sign_ins.all()] == ["4", "3", "2"]
    assert SignIn.objects.filter(pk=other.pk).exists()


def test_what_strangers_begin_pushes_out_no_run_of_the_emulator_and_nothing_in_which_somebody_signed_in(
    shop, gpt, monkeypatch
):
    monkeypatch.setattr(tracing, "STRANGERS", 2), monkeypatch.setattr(tracing, "UNSIGNED", 4)
    mina = EndUser.objects.create(project=shop, username="mina")
    SignIn.objects.create(project=shop, key="played", emulator={"stage": "away"})
    SignIn.objects.create(project=shop, key="signed", client=gpt, user=mina)
    for number in range(9):
        SignIn.objects.create(project=shop, key=f"known {number}", client=gpt)
        SignIn.objects.create(project=shop, key=f"nobody {number}")
    tracing.sweep(shop.pk)
    kept = [one.key for one in shop.sign_ins.all()]
    assert kept == ["nobody 8", "known 8", "nobody 7", "known 7", "signed", "played"]


def test_runs_of_the_emulator_have_an_end_of_their_own(shop, monkeypatch):
    monkeypatch.setattr(tracing, "RUNS", 2)
    for number in range(4):
        SignIn.objects.create(project=shop, key=str(number), emulator={"stage": "done"})
    tracing.sweep(shop.pk)
    assert [one.key for one in shop.sign_ins.all()] == ["3", "2"]


def test_of_one_place_only_so_many_new_sign_ins_are_kept(shop, gpt, monkeypatch):
    monkeypatch.setattr(tracing, "NEW", 3)
    for number in range(6):
        tenant = authorize(shop, gpt, state=f"s-{number}", peer=f"2001:db8:1:2::{number}")
    assert SignIn.objects.count() == 3 and tenant.sign_in and tenant.notes["leg"] == "authorize"
    authorize(shop, gpt, state="s-0", peer="2001:db8:1:2::9", outcome="failed")
    assert SignIn.objects.filter(outcome="failed").count() == 1, "those that are there go on"
    authorize(shop, gpt, state="s-9", peer="2001:db8:1:3::1")
    authorize(entering.shop("other"), gpt, peer="2001:db8:1:2::1")
    assert SignIn.objects.count() == 5


def test_a_flood_at_the_address_leaves_the_run_of_the_emulator():
    target = Target("target", 0)
    run = SignIn.objects.create(project=target.project, key="emulated", emulator={"setup": {}, "stage": "away"})
    for number in range(210):
        target.ask("GET", target.asking(state=f"flood-{number}"), peer=f"198.51.100.{number}")
    assert SignIn.objects.filter(pk=run.pk).exists()
    assert SignIn.objects.count() <= tracing.UNSIGNED + tracing.SWEPT + 1


def test_sign_ins_are_forgotten_with_the_log(shop, monkeypatch):
    monkeypatch.setattr(tracing, "CHUNK", 2)
    for number in range(5):
        SignIn.objects.create(project=shop, key=str(number), updated=timezone.now() - timedelta(days=10 * number))
    assert prune(0) == (0, 0) and SignIn.objects.count() == 5
    prune(25)
    assert sorted(SignIn.objects.values_list("key", flat=True)) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("callback", "sent", "who"),
    [
        (CALLBACK, {}, "chatgpt"),
        ("https://chat.openai.com/aip/g-0123456789abcdef/oauth/callback", {}, "chatgpt"),
        ("https://chatgpt.com/aip/plugin-0f0e0d0c-0000-4000-8000-000000000000/oauth/callback", {}, "plugin"),
        ("https://chatgpt.com/connector_platform_oauth_redirect", {"challenge": True, "resource": True}, "connector"),
        ("https://claude.ai/api/mcp/auth_callback", {}, "claude"),
        ("https://chat.example.org/api/actions/abc123/oauth/callback", {}, "librechat"),
        ("http://127.0.0.1:33418/callback", {"challenge": True, "resource": True}, "mcp"),
        ("http://127.0.0.1:33418/callback", {}, "local"),
        ("https://chatgpt.com.evil.test/aip/g-4hJ2k/oauth/callback", {}, "client"),
        ("https://[broken", {}, "client"),
    ],
)
def test_who_signs_in_is_told_by_the_callback(callback, sent, who):
    assert callers.who(callback, **sent) == who
    assert callers.name(who)


@pytest.mark.parametrize(("step", "outcome"), [("authorize", "failed"), ("token", "failed"), ("answer", "passed")])
def test_the_same_state_after_the_end_is_another_sign_in(shop, gpt, step, outcome):
    first = authorize(shop, gpt).sign_in
    SignIn.objects.update(step=step, outcome=outcome)
    second = authorize(shop, gpt).sign_in
    assert second != first and authorize(shop, gpt).sign_in == second
    assert SignIn.objects.get(key=first).outcome == outcome


def test_a_wrong_password_and_what_the_emulator_plays_end_nothing(shop, gpt):
    first = authorize(shop, gpt).sign_in
    SignIn.objects.update(step="login", outcome="failed")
    assert authorize(shop, gpt).sign_in == first
    SignIn.objects.update(step="callback", outcome="failed", emulator={"stage": "away"})
    assert authorize(shop, gpt).sign_in == first
