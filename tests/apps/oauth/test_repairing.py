"""Every repair changes what it says, is offered where it fits, and nowhere else."""

import pytest

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import callbacks, codes, reasons, registering, repairing
from actionstudio.apps.oauth.models import Client, EndUser, Provider
from actionstudio.apps.oauth.repairing import Case
from actionstudio.core.problem import Refused
from tests.apps.oauth import entering

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

GPT = "https://chatgpt.com/aip/g-4hJ2k/oauth/callback"
TWIN = "https://chat.openai.com/aip/g-4hJ2k/oauth/callback"


@pytest.fixture
def shop():
    return entering.shop()


def client(shop, preset="gpt", **fields):
    fields.setdefault("redirect_uris", ("https://chatgpt.com/aip/g-other/oauth/callback",))
    return registering.register(shop, preset, name="GPT", **fields)


def closed(shop):
    return EndUser.objects.create(project=shop, username="mina", is_active=False)


def off(shop):
    made = client(shop)
    registering.switch(made, False)
    return Client.objects.get(pk=made.pk)


# repair: the code it cures, what was sent, the client before, and what is true afterwards
CASES = {
    "allow-callback": (
        codes.REDIRECT_MISMATCH, GPT, client, lambda c, p: {GPT, TWIN} <= set(c.uris) and c.gpt_id == "g-4hJ2k",
    ),
    "allow-both": (
        codes.REDIRECT_CHANGED, TWIN, lambda shop: client(shop, redirect_uris=(GPT,)),
        lambda c, p: {GPT, TWIN} <= set(c.uris),
    ),
    "method-as-sent": (
        codes.SECRET_METHOD_WRONG, "client_secret_basic", client, lambda c, p: c.token_method == "client_secret_basic",
    ),
    "method-any": (codes.SECRET_METHOD_WRONG, "client_secret_basic", client, lambda c, p: c.token_method == "any"),
    "pkce-optional": (
        codes.PKCE_MISSING, None, lambda shop: client(shop, pkce="required"), lambda c, p: c.pkce == "optional",
    ),
    "pkce-off": (codes.PKCE_MISSING, None, client, lambda c, p: c.pkce == "off"),
    "json-bodies": (codes.JSON_BODY, None, client, lambda c, p: c.json_bodies),
    "grant": (
        codes.GRANT_NOT_ALLOWED, "refresh_token", lambda shop: client(shop, grants=("authorization_code",)),
        lambda c, p: "refresh_token" in c.grants,
    ),
    "enable": (codes.CLIENT_DISABLED, None, off, lambda c, p: c.enabled),
    "client-scope": (
        codes.SCOPE_NOT_ALLOWED, ["orders:write"], lambda shop: client(shop, scopes=("orders:read",)),
        lambda c, p: c.scopes == ["orders:read", "orders:write"],
    ),
    "project-scope": (
        codes.SCOPE_UNKNOWN, "orders:read orders:fly", client,
        lambda c, p: [scope.name for scope in newest.contract(p).auth.scopes][-1] == "orders:fly",
    ),
    "code-longer": (codes.CODE_EXPIRED, "90", client, lambda c, p: Provider.of(p).code_seconds == 600),
    "refresh-on": (
        codes.REFRESH_EXPIRED, None, lambda shop: client(shop, grants=("authorization_code",)),
        lambda c, p: "refresh_token" in c.grants,
    ),
    "open-user": (codes.USER_DISABLED, None, client, lambda c, p: p.end_users.get().is_active),
}  # fmt: skip
PAGES = {"new-secret", "clients", "callbacks", "user", "development"}


def test_every_repair_is_tried_here():
    assert set(CASES) | PAGES == set(repairing.REPAIRS)
    used = {name for reason in reasons.REASONS.values() for name in reason.repairs}
    assert used == set(repairing.REPAIRS)


@pytest.mark.parametrize("name", CASES)
def test_a_repair_does_what_it_says_and_is_offered_no_more(shop, name):
    code, sent, before, done = CASES[name]
    facts = {"sent": sent, "registered": GPT} if name == "allow-both" else {"sent": sent}
    case = Case(shop, code, facts, before(shop), closed(shop) if name == "open-user" else None)
    assert not done(case.client, shop)
    assert name in [offer.name for offer in repairing.offers(case)]
    assert all(offer.label for offer in repairing.offers(case))
    assert repairing.run(name, case)
    case.client.refresh_from_db()
    assert done(case.client, shop)
    user = EndUser.objects.filter(pk=case.user.pk).first() if case.user else None
    again = Case(shop, code, facts, Client.objects.get(pk=case.client.pk), user)
    assert name not in [offer.name for offer in repairing.offers(again)]
    with pytest.raises(Refused):
        repairing.run(name, again)


def test_another_repair_than_the_code_calls_for_is_refused(shop):
    with pytest.raises(Refused):
        repairing.run("json-bodies", Case(shop, codes.PKCE_MISSING, {}, client(shop)))
    with pytest.raises(Refused):
        repairing.run("no-such", Case(shop, codes.PKCE_MISSING, {}, client(shop)))


def test_a_callback_that_may_not_be_registered_is_not_offered(shop):
    for uri in ("http://evil.test/cb", "https://x.test/*", "javascript:alert(1)", "x" * 5000, ""):
        assert repairing.offers(Case(shop, codes.REDIRECT_MISMATCH, {"sent": uri}, client(shop))) == []


CONNECTOR = "https://chatgpt.com/connector/oauth/AbC"


@pytest.mark.parametrize(
    ("preset", "uri"),
    [
        ("gpt", "https://evil.example/steal"),
        ("plugin", "https://evil.example/steal"),
        ("gpt", CONNECTOR),
        ("gpt", "http://127.0.0.1/cb"),
        ("mcp", "https://evil.example/steal"),
        ("mcp", GPT),
        ("librechat", "https://evil.example/api/actions/x/oauth/callback"),
    ],
)
def test_a_callback_of_another_form_is_never_registered_at_one_press(shop, preset, uri):
    case = Case(shop, codes.REDIRECT_MISMATCH, {"sent": uri}, client(shop, preset))
    (offer,) = repairing.offers(case)
    assert offer.name == "callbacks" and case.client.client_id in offer.url and "Anybody" in offer.warning
    with pytest.raises(Refused):
        repairing.run("allow-callback", case)
    case.client.refresh_from_db()
    assert uri not in case.client.uris


@pytest.mark.parametrize(
    ("preset", "uri", "warned"),
    [
        ("gpt", GPT, "every GPT, whoever made it"),
        ("plugin", GPT.replace("g-4hJ2k", "plugin-" + "a" * 36), "every GPT, whoever made it"),
        ("mcp", CONNECTOR, "every connector, whoever made it"),
        ("mcp", "http://localhost:8912/other", "person's own computer"),
    ],
)
def test_one_of_the_clients_own_form_is_allowed_with_a_warning(shop, preset, uri, warned):
    case = Case(shop, codes.REDIRECT_MISMATCH, {"sent": uri}, client(shop, preset))
    (offer,) = repairing.offers(case)
    assert offer.name == "allow-callback" and warned in offer.warning
    repairing.run("allow-callback", case)
    case.client.refresh_from_db()
    assert uri in case.client.uris


def test_a_callback_that_was_refused_is_not_offered_on_either_host(shop):
    made = client(shop)
    callbacks.refuse(callbacks.noticed(made, GPT))
    for uri in (GPT, TWIN):
        (offer,) = repairing.offers(Case(shop, codes.REDIRECT_MISMATCH, {"sent": uri}, made))
        assert offer.name == "callbacks" and "You have refused this callback" in offer.warning
    callbacks.reconsider(made.callbacks.get())
    assert repairing.offers(Case(shop, codes.REDIRECT_MISMATCH, {"sent": TWIN}, made))[0].name == "allow-callback"


@pytest.mark.parametrize("sent", ["https://example.com/other", GPT.replace("4hJ2k", "else"), CONNECTOR, ""])
def test_a_code_redeemed_with_another_callback_is_no_reason_to_register_it(shop, sent):
    case = Case(shop, codes.REDIRECT_CHANGED, {"sent": sent, "registered": GPT}, client(shop, redirect_uris=(GPT,)))
    assert repairing.offers(case) == []
    with pytest.raises(Refused):
        repairing.run("allow-both", case)


def test_beside_the_button_for_both_addresses_stands_that_they_count_as_one_once_both_are_registered(shop):
    case = Case(shop, codes.REDIRECT_CHANGED, {"sent": TWIN, "registered": GPT}, client(shop, redirect_uris=(GPT,)))
    assert [offer.label for offer in repairing.offers(case)] == ["Allow both addresses"]
    for facts in ({}, case.facts):
        said = reasons.of(case.code).sentence(facts, "chatgpt")
        assert "once both are registered" in said and "Nothing has to be registered" not in said


def test_where_a_test_user_has_ended_the_settings_are_offered_while_they_say_so(shop):
    case = Case(shop, codes.DEVELOPMENT_OVER, {}, client(shop))
    assert repairing.offers(case) == []
    Provider.objects.update_or_create(project=shop, defaults={"development": False})
    (offer,) = repairing.offers(case)
    assert (offer.label, offer.url) == ("The provider's settings", f"/projects/{shop.slug}/oauth/")


def test_a_public_client_keeps_its_pkce(shop):
    public = client(shop, "mcp")
    assert repairing.offers(Case(shop, codes.PKCE_MISSING, {}, public)) == []


def test_a_challenge_of_old_does_not_undo_the_repair(shop):
    made = client(shop, pkce="required")
    Client.objects.filter(pk=made.pk).update(pkce_seen=True)
    repairing.run("pkce-optional", Case(shop, codes.PKCE_MISSING, {}, made))
    made.refresh_from_db()
    assert (made.pkce, made.pkce_seen) == ("optional", False)


def test_without_a_client_nothing_of_a_client_is_offered(shop):
    for code in reasons.REASONS:
        for offer in repairing.offers(Case(shop, code, {"sent": "https://app.test/cb"})):
            assert offer.url or offer.name == "code-longer" or offer.name == "project-scope"


def test_what_cannot_be_a_scope_is_not_added(shop):
    case = Case(shop, codes.SCOPE_UNKNOWN, {"sent": ['a"b', "é", "x" * 300]}, client(shop))
    assert repairing.offers(case) == []


def test_a_client_with_scopes_of_its_own_gets_the_new_one_as_well(shop):
    made = client(shop, scopes=("orders:read",))
    repairing.run("project-scope", Case(shop, codes.SCOPE_UNKNOWN, {"sent": "orders:fly"}, made))
    made.refresh_from_db()
    assert made.scopes == ["orders:read", "orders:fly"]
