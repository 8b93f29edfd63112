"""Signing in on an address: who is told what, how often, and where it leads."""

import pytest

from actionstudio.apps.oauth import faults, people, providing, repairing, sessions, signing_in
from actionstudio.apps.oauth.models import Client, EndUser, EndUserSession, Grant, Provider, SignIn
from actionstudio.apps.traffic.models import Exchange
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import CALLBACK, Visitor, asking, gpt

pytestmark = pytest.mark.django_db
WRONG = "That username and password do not belong together."


@pytest.fixture
def shop():
    return entering.shop(name="Acme Orders")


@pytest.fixture
def mina(shop):
    return people.make(shop, "mina", password="correct horse", email="mina@acme.test")


@pytest.fixture
def client(shop):
    return gpt(shop)


@pytest.fixture
def visitor(shop):
    return Visitor()


def test_who_is_not_signed_in_is_shown_the_page_and_goes_on_to_what_was_asked(visitor, client, mina):
    asked = asking(client)
    first = visitor.visit(asked)
    assert first.status == 302 and first.to.startswith("/oauth/login?response_type=code&client_id=")
    page = visitor.visit(first.to)
    assert "Sign in to Items" in page.text and "to continue to Acme Support GPT" in page.text
    sent = visitor.send(username=" Mina ", password="correct horse")
    assert sent.status == 303 and sent.to.startswith(asked)
    assert "Let “Acme Support GPT” use your Items account?" in visitor.visit(sent.to).text


def test_a_page_of_ones_own_is_reached_without_a_client(visitor, mina):
    assert visitor.visit("/connected").to == "/oauth/login"
    assert visitor.sign_in().to == "/connected"
    assert "Signed in as mina" in visitor.visit("/connected").text
    assert visitor.visit("/connected/").to == "/connected"


@pytest.mark.parametrize("name", ["mina", "nobody", "nopassword"])
def test_nobody_learns_which_accounts_there_are(visitor, shop, mina, name):
    people.make(shop, "nopassword")
    page = visitor.sign_in(name, "wrong horse")
    assert page.status == 422 and WRONG in page.text
    assert f'value="{name}"' in page.html and "wrong horse" not in page.html


def test_an_email_address_will_do_where_it_is_one_persons(visitor, shop, mina):
    assert visitor.sign_in("MINA@acme.test").status == 303
    people.make(shop, "otto", password="correct horse", email="mina@acme.test")
    assert visitor.sign_in("mina@acme.test").status == 422
    people.make(shop, "otto@acme.test", password="correct horse")
    people.make(shop, "x", password="another horse", email="otto@acme.test")
    assert visitor.sign_in("otto@acme.test").status == 303, "a username comes first"


def test_an_account_has_no_more_tries_under_two_names(visitor, mina):
    names = ["mina", "mina@acme.test"] * 3
    assert [visitor.sign_in(name, "wrong").status for name in names] == [422] * 5 + [429]


def test_a_missing_account_takes_a_hash_too(visitor, mina, monkeypatch):
    hashed = []
    monkeypatch.setattr("actionstudio.apps.oauth.passwords.make_password", hashed.append)
    visitor.sign_in("nobody", "wrong horse")
    assert hashed == ["wrong horse"]


def test_each_account_has_five_tries_in_five_minutes_also_for_the_right_password(visitor, mina):
    for _ in range(5):
        assert visitor.sign_in(password="wrong").status == 422
    page = visitor.sign_in()
    assert page.status == 429 and "Too many tries. Try again in 5 minutes." in page.text
    assert page.reply.header("retry-after") == "300"
    assert visitor.sign_in("other", "wrong").status == 422, "others are not kept waiting"


def test_an_account_that_is_not_there_has_as_many(visitor, shop):
    assert [visitor.sign_in("nobody", "wrong").status for _ in range(6)] == [422] * 5 + [429]


def test_a_stranger_cannot_lock_the_owner_out_of_a_browser_they_know(visitor, mina):
    assert visitor.sign_in().status == 303
    visitor.visit("/oauth/logout")
    visitor.send()
    stranger = Visitor()
    assert [stranger.sign_in("mina", "wrong").status for _ in range(6)][-1] == 429
    assert Visitor().sign_in().status == 429
    assert visitor.sign_in("mina@acme.test").status == 303


def test_a_known_browser_has_no_tries_without_end(visitor, mina):
    visitor.sign_in()
    assert [visitor.sign_in("mina", "wrong").status for _ in range(6)] == [422] * 5 + [429]
    assert visitor.sign_in().status == 429


def test_a_browser_is_known_to_those_alone_who_signed_in_there(visitor, shop, mina):
    people.make(shop, "otto", password="correct horse")
    visitor.sign_in("otto")
    assert [Visitor().sign_in("mina", "wrong").status for _ in range(5)] == [422] * 5
    assert visitor.sign_in().status == 429


@pytest.mark.parametrize("bend", [lambda text: text[:-1] + "_", lambda text: "", lambda text: "a:b:c"])
def test_a_browser_is_not_known_by_a_cookie_that_is_not_ours(visitor, mina, bend):
    visitor.sign_in()
    visitor.cookies["eu-known"] = bend(visitor.cookies["eu-known"])
    assert [Visitor().sign_in("mina", "wrong").status for _ in range(5)] == [422] * 5
    assert visitor.sign_in().status == 429


def test_a_browser_is_not_known_at_another_address(visitor, mina):
    visitor.sign_in()
    other = Visitor("other")
    people.make(entering.shop("other"), "mina", password="correct horse")
    other.cookies = {"eu-known": visitor.cookies["eu-known"]}
    assert [Visitor("other").sign_in("mina", "wrong").status for _ in range(5)] == [422] * 5
    assert other.sign_in().status == 429


def test_a_right_password_gives_the_tries_back(visitor, mina):
    for _ in range(4):
        visitor.sign_in(password="wrong")
    assert visitor.sign_in().status == 303
    assert visitor.sign_in(password="wrong").status == 422
    assert visitor.sign_in(password="wrong").status == 422


def test_an_account_of_another_project_is_none_here(visitor, mina):
    entering.shop("other")
    assert WRONG in Visitor("other").sign_in().text


def test_an_account_that_is_closed_says_so_to_its_owner_alone(visitor, mina):
    people.close(mina)
    assert "This account is closed. Ask Items." in visitor.sign_in().text
    assert WRONG in visitor.sign_in(password="wrong").text


def test_a_form_of_another_site_changes_nothing_and_keeps_what_was_typed(visitor, mina):
    visitor.visit("/oauth/login")
    page = visitor.send(username="mina", password="correct horse", headers=(("origin", "https://evil.test"),))
    assert page.status == 403 and "Nothing was done" in page.text and 'value="mina"' in page.html
    assert "correct horse" not in page.html and not EndUserSession.objects.exists()
    assert visitor.send(username="mina", password="correct horse", csrf="0" * 64).status == 403
    assert visitor.visit("/oauth/login") and visitor.send(username="mina", password="correct horse").status == 303


def test_signing_in_takes_another_cookie_than_before(visitor, mina):
    visitor.visit("/oauth/login")
    before = visitor.cookies["eu"]
    visitor.send(username="mina", password="correct horse")
    assert visitor.cookies["eu"] != before
    stranger = Visitor()
    stranger.cookies["eu"] = before
    assert stranger.visit("/connected").to == "/oauth/login"


def test_nothing_in_the_log_tells_the_password_or_the_cookie(visitor, mina):
    visitor.sign_in(password="correct horse")
    kept = " ".join(str(row) for row in Exchange.objects.values())
    assert "correct+horse" not in kept and "correct horse" not in kept
    assert visitor.cookies["eu"] not in kept and visitor.cookies["eu-known"] not in kept


def test_test_users_are_offered_in_development_and_need_no_password(visitor, shop, client):
    page = visitor.visit(asking(client))
    page = visitor.visit(page.to)
    alice = EndUser.objects.get(username="alice")
    assert "Use this one : Alice" in page.text
    assert visitor.send(test_user=alice.sub).status == 303
    assert EndUserSession.objects.get().user == alice


def test_once_it_is_not_nobody_can_be_them(visitor, shop, client):
    provider = Provider.of(shop)
    alice = EndUser.objects.get(username="alice")
    visitor.visit("/oauth/login")
    provider.development = False
    provider.save()
    page = visitor.send(test_user=alice.sub)
    assert page.status == 422 and not EndUserSession.objects.exists() and "Test users" not in page.text
    assert "The test users have ended" in page.text


def test_who_is_a_test_user_no_longer_is_once_it_is_not(visitor, shop, client):
    visitor.visit(visitor.visit(asking(client)).to)
    alice = EndUser.objects.get(username="alice")
    visitor.visit(visitor.send(test_user=alice.sub).to)
    assert "code" in visitor.send(allow="1").told
    providing.change(shop, development=False)
    assert visitor.visit("/connected").to == "/oauth/login"
    assert visitor.visit(asking(client)).to.startswith("/oauth/login?")
    assert Grant.objects.get().consumed, "a code under way ends too"


def test_a_test_user_is_signed_in_in_so_many_browsers_at_most(shop, monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 3)
    Provider.of(shop)
    alice = EndUser.objects.get(username="alice")
    for _ in range(5):
        browser = Visitor()
        browser.visit("/oauth/login")
        assert browser.send(test_user=alice.sub).status == 303
    assert EndUserSession.objects.filter(user=alice).count() == 3


def test_nobody_is_a_test_user_who_is_none(visitor, mina):
    visitor.visit("/oauth/login")
    assert visitor.send(test_user=mina.sub).status == 422
    assert not EndUserSession.objects.exists()


def test_the_drill_of_a_locked_account(visitor, shop):
    Provider.of(shop)
    visitor.visit("/oauth/login")
    page = visitor.send(test_user=EndUser.objects.get(username="lou").sub)
    assert page.status == 403 and "This account is closed." in page.text


def test_the_builder_is_told_whose_closed_account_it_was(visitor, client, mina):
    people.close(mina)
    visitor.sign_in(path=asking(client).replace("authorize", "login"))
    run = SignIn.objects.get()
    assert (run.reason, run.user) == ("user_disabled", mina)
    offers = repairing.offers(repairing.Case(client.project, run.reason, {}, client, run.user))
    assert [offer.name for offer in offers] == ["open-user", "user"] and str(mina.sub) in offers[1].url


def test_head_spends_no_failure_and_tells_no_leg(visitor, shop, client):
    faults.set_fault(shop, "login-slow")
    path = visitor.visit(asking(client)).to
    assert visitor.visit(path, "HEAD").status == 200
    assert faults.waiting(shop) and SignIn.objects.get().step == "authorize"
    visitor.visit(path)
    assert not faults.waiting(shop) and SignIn.objects.get().step == "login"


def test_a_failure_that_was_asked_for_waits_for_a_sign_in_of_a_client_that_the_builder_registered(shop, client):
    stranger = gpt(shop, name="Stranger", registration_source=Client.RegistrationSource.DCR)
    faults.set_fault(shop, "login-slow")
    path = entering.ask(shop, "GET", asking(client)).headers["location"]
    entering.ask(shop, "GET", "/oauth/login")
    entering.ask(shop, "GET", path.replace(client.client_id, "asc_made-up"))
    entering.ask(shop, "GET", path.replace("scope=orders", "scope=nothing"))
    entering.ask(shop, "GET", entering.ask(shop, "GET", asking(stranger)).headers["location"])
    assert faults.waiting(shop)


@pytest.mark.parametrize("ahead", [{"sec_purpose": "prefetch;prerender"}, {"purpose": "prefetch"}])
def test_a_failure_is_not_spent_on_a_page_that_is_fetched_ahead(shop, client, ahead):
    faults.set_fault(shop, "login-slow")
    path = entering.ask(shop, "GET", asking(client)).headers["location"]
    assert entering.ask(shop, "GET", path, **ahead).status == 200
    assert faults.waiting(shop)
    entering.ask(shop, "GET", path)
    assert not faults.waiting(shop)


def test_each_leg_is_told_to_the_sign_in(visitor, client, mina):
    visitor.visit(visitor.visit(asking(client)).to)
    assert SignIn.objects.get().step == "login"
    visitor.send(username="mina", password="wrong")
    run = SignIn.objects.get()
    assert (run.step, run.outcome, run.reason) == ("login", "failed", "password_wrong")
    visitor.send(username="mina", password="correct horse")
    run.refresh_from_db()
    assert (run.step, run.outcome, run.user) == ("signed-in", "waiting", mina)


def test_a_link_names_no_place_to_go_on_to(visitor, mina):
    for query in ("next=https://evil.test", "next=//evil.test", "redirect_uri=https://evil.test"):
        assert visitor.sign_in(path=f"/oauth/login?{query}").to == "/connected"


def test_a_client_that_is_wrong_is_told_before_anybody_types_a_password(visitor, client, mina):
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/").replace("authorize", "login"))
    assert page.status == 400 and "not registered" in page.text and page.to == ""


def test_the_name_that_the_client_knows_is_filled_in(visitor, client):
    page = visitor.visit(visitor.visit(asking(client, login_hint="mina@acme.test")).to)
    assert 'value="mina@acme.test"' in page.html


def test_who_is_signed_in_goes_on_or_becomes_somebody_else(visitor, client, shop, mina):
    people.make(shop, "otto", password="correct horse")
    visitor.sign_in()
    page = visitor.visit(asking(client).replace("authorize", "login"))
    assert "Signed in as mina" in page.text and "Continue" in page.text
    visitor.send(username="otto", password="correct horse")
    assert EndUserSession.objects.get().user.username == "otto"


def test_signing_out_asks_first(visitor, mina):
    visitor.sign_in()
    assert "Sign out of Items?" in visitor.visit("/oauth/logout").text
    assert EndUserSession.objects.exists()
    assert visitor.send(csrf="0").status == 403
    visitor.visit("/oauth/logout")
    assert visitor.send().to == "/oauth/login"
    assert not EndUserSession.objects.exists() and visitor.visit("/connected").to == "/oauth/login"


def test_only_where_the_project_lets_people_make_accounts(visitor, shop):
    assert visitor.visit("/oauth/signup").status == 404
    assert "Create an account" not in visitor.visit("/oauth/login").text


@pytest.fixture
def open_shop(shop):
    provider = Provider.of(shop)
    provider.signup = True
    provider.save()
    return shop


def test_somebody_makes_an_account_and_goes_on(visitor, open_shop, client):
    page = visitor.visit(asking(client).replace("authorize", "login"))
    assert "/oauth/signup?response_type=code" in page.html
    visitor.visit(asking(client).replace("authorize", "signup"))
    sent = visitor.send(username="Nora", name="Nora N", email="nora@acme.test", password="quite a long one")
    assert sent.status == 303 and sent.to.startswith("/oauth/authorize?")
    nora = EndUser.objects.get(username="nora")
    assert nora.check_password("quite a long one") and not nora.test and EndUserSession.objects.get().user == nora


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "mina", "Somebody has this username already."),
        ("username", "no spaces here", "Use letters a-z"),
        ("email", "nope", "This is not an e-mail address"),
        ("password", "short", "too short"),
        ("password", "password123", "too common"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visitor, open_shop, mina, field, value, words):
    visitor.visit("/oauth/signup")
    given = {"username": "nora", "email": "nora@acme.test", "password": "quite a long one", field: value}
    page = visitor.send(**given)
    assert page.status == 422 and words in page.text
    assert f'value="{given["email"]}"' in page.html and not EndUser.objects.filter(username="nora").exists()


def test_all_that_is_wrong_with_a_new_account_is_told_at_once(visitor, open_shop, mina):
    visitor.visit("/oauth/signup")
    page = visitor.send(username="mina", email="nope", password="short")
    for words in ("Somebody has this username", "not an e-mail address", "too short"):
        assert words in page.text, words
    page = visitor.send(username="x" * 151, email="nope", password="quite a long one")
    for words in ("at most 150 characters", "not an e-mail address", "Type the password again"):
        assert words in page.text, words


def test_who_signs_up_takes_nobodys_sign_in_by_mail(visitor, open_shop, mina):
    def made(username, email):
        stranger = Visitor()
        stranger.visit("/oauth/signup")
        return stranger.send(username=username, name="", email=email, password="another long password")

    assert made("eve", "Mina@acme.test").status == 303
    assert Visitor().sign_in("mina@acme.test").status == 303
    named = made("mina@acme.test", "")
    assert named.status == 422 and "Somebody has this username already." in named.text
    assert made("mia@acme.test", "mia@acme.test").status == 303, "their own address will do"
    assert made("eva", "eva@acme.test").status == made("ida", "eva@acme.test").status == 303
    assert Visitor().sign_in("eva@acme.test", "another long password").status == 422, "neither has proved it"


def test_one_place_makes_ten_accounts_an_hour(open_shop):
    assert [signing_in.signing_up(open_shop.pk, "203.0.113.9") for _ in range(10)] == [0] * 10
    assert signing_in.signing_up(open_shop.pk, "203.0.113.9") > 0
    assert signing_in.signing_up(open_shop.pk, "203.0.113.10") == 0


def test_the_pages_speak_the_readers_language(visitor, shop):
    assert visitor.visit("/oauth/login").reply.header("content-language") == "en"
    page = visitor.visit("/oauth/login?lang=fr")
    assert page.reply.header("content-language") == "fr" and visitor.cookies["eu-lang"] == "fr"
    assert visitor.visit("/oauth/login").reply.header("content-language") == "fr"
    assert Visitor(language="ko").visit("/oauth/login").reply.header("content-language") == "ko"
    assert Visitor(language="ko").visit("/oauth/login?ui_locales=xx+fr").reply.header("content-language") == "fr"


def test_pages_are_kept_nowhere_and_shown_in_no_frame(visitor, client):
    page = visitor.visit(visitor.visit(asking(client)).to)
    said = {name: page.reply.header(name) for name in ("cache-control", "x-frame-options", "referrer-policy")}
    assert "no-store" in said["cache-control"]
    assert (said["x-frame-options"], said["referrer-policy"]) == ("DENY", "same-origin")
    policy = page.reply.header("content-security-policy")
    assert "frame-ancestors 'none'" in policy and "form-action 'self' https:;" in policy + ";"
    assert page.reply.header("cross-origin-opener-policy") == "unsafe-none"


def test_a_program_on_the_readers_own_computer_may_be_returned_to(visitor, shop):
    local = gpt(shop, redirect_uris="http://127.0.0.1/callback", client_type="public", token_method="none")
    there = asking(local, redirect_uri="http://127.0.0.1:51004/callback", code_challenge="x" * 43,
                   code_challenge_method="S256")  # fmt: skip
    page = visitor.visit(visitor.visit(there).to)
    assert "form-action 'self' https: http://127.0.0.1:51004;" in page.reply.header("content-security-policy") + ";"
    assert CALLBACK not in page.html
