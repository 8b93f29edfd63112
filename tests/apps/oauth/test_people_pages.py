"""The pages of connected users: the list, new accounts, one account with all that can be done to it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import assuming, minting, people
from actionstudio.apps.oauth.models import AccessToken, Client, Consent, SignIn
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import OAuth, Scope, UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ORDERS = OAuth((Scope("orders:read", "Read your orders"),))


@pytest.fixture
def shop():
    return make.project("shop", value=make.contract(auth=ORDERS))


@pytest.fixture
def ann(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def mia(shop):
    return people.make(shop, "mia", name="Mia", email="mia@example.com", password="correct horse battery")


def url(person) -> str:
    return reverse("oauth:user", args=[person.project.slug, person.sub])


def connected(person, name: str = "App", scopes=("orders:read",)) -> Client:
    """An app that the person has allowed something, and that holds a token."""
    app = Client.objects.create(project=person.project, name=name)
    Consent.objects.create(user=person, client=app, scopes=list(scopes))
    expires = timezone.now() + datetime.timedelta(hours=1)
    AccessToken.objects.create(
        user=person, application=app, token=f"asat_{app.pk}", expires=expires, scope="orders:read"
    )
    return app


def test_eve_sees_nothing(client, eve, shop, mia):
    client.force_login(eve)
    for place in (reverse("oauth:users", args=["shop"]), reverse("oauth:user-new", args=["shop"]), url(mia)):
        assert client.get(place).status_code == client.post(place, {"deed": "delete"}).status_code == 404
    assert shop.end_users.count() == 1


def test_the_list_has_the_people_of_drills_from_the_beginning(ann, shop):
    page = ann.get("/projects/shop/users/").content.decode()
    assert all(name in page for name in ("alice", "bob", "dana", "lou")) and page.count("test user") == 3
    assert "closed" in page and "denies" in page


def test_where_nobody_signs_in_the_empty_list_says_how_they_would(client):
    project = make.project("open")
    client.force_login(project.owner)
    page = client.get("/projects/open/users/").content.decode()
    assert "Nobody has an account yet" in page and "/projects/open/auth/" in page
    assert not project.end_users.exists()
    people.make(project, "mia")
    page = client.get("/projects/open/users/").content.decode()
    assert "mia" in page and "Nobody can sign in now" in page


def test_the_list_is_searched_and_walked(ann, shop):
    for n in range(60):
        people.make(shop, f"user{n:02}", email=f"u{n:02}@example.com")
    first = ann.get("/projects/shop/users/?q=user").content.decode()
    assert "user59" in first and "user09" not in first
    before = first.split("before=")[1].split('"')[0]
    assert "user09" in ann.get(f"/projects/shop/users/?q=user&before={before}").content.decode()
    assert "u07@example.com" in ann.get("/projects/shop/users/?q=U07@").content.decode()
    assert "Nobody fits “a%_b”" in ann.get("/projects/shop/users/?q=a%25_b").content.decode()
    assert ann.get("/projects/shop/users/?q=%00&before=x").status_code == 200


def test_a_part_is_the_list_alone(ann, shop):
    part = ann.get(
        "/projects/shop/users/?q=ali", HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="partial"
    ).content.decode()
    assert "alice" in part and "<html" not in part


def queries(client, place: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(place).status_code == 200
    return len(found)


def test_a_long_list_asks_no_more_of_the_database(ann, shop):
    ann.get("/projects/shop/users/")
    for n in range(10):
        connected(people.make(shop, f"user{n}"), f"App {n}")
    few = queries(ann, "/projects/shop/users/")
    for n in range(10, 30):
        connected(people.make(shop, f"user{n}"), f"App {n}")
    assert queries(ann, "/projects/shop/users/") == few


def test_an_account_is_made_with_a_form(ann, shop):
    data = {
        "username": "Mia",
        "groups": "staff\nadmins\n",
        "claims": '{"plan": "gold"}',
        "password": "correct horse battery",
    }
    answer = ann.post("/projects/shop/users/new/", data)
    mia = shop.end_users.get(username="mia")
    assert answer["Location"] == url(mia)
    assert (mia.groups, mia.claims, mia.test) == (["staff", "admins"], {"plan": "gold"}, False)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("username", "a b", "Use letters a-z"),
        ("email", "nobody", "not an e-mail address"),
        ("claims", '{"a": 1,\n oops}', "Not JSON, line 2"),
        ("claims", '{"sub": "x"}', "The provider itself says “sub”"),
        ("claims", "[1]", "Claims are a JSON object"),
        ("claims", '{"a": "\\ud800"}', "Not JSON"),
        ("password", "short", "too short"),
        ("groups", "x" * 81, "at most 80 characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(ann, shop, field, text, words):
    data = {"username": "mia", "email": "mia@example.com", "groups": "staff", "claims": "{}", field: text}
    answer = ann.post("/projects/shop/users/new/", data)
    page = answer.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    assert answer.status_code == 422 and words in page and f'id="id_{field}-err"' in page
    assert field == "password" or text in page
    assert "mia@example.com" in page or field == "email"
    assert not shop.end_users.filter(username="mia").exists()


def test_all_that_is_wrong_is_told_at_once(ann, shop, mia):
    wrong = {"username": mia.username, "email": "nobody", "groups": "x" * 81, "claims": "{oops", "password": "short"}
    fields = {"username", "email", "groups", "claims", "password"}
    told = ann.post("/projects/shop/users/new/", wrong).context["form"].errors
    assert told.keys() == fields and "too short" in told["password"][0] and "again" not in str(told["password"])
    told = ann.post("/projects/shop/users/new/", {**wrong, "claims": '{"sub": 1}'}).context["form"].errors
    assert told.keys() == fields
    zoe = people.make(shop, "zoe")
    told = ann.post(url(zoe), {"deed": "save", **wrong}).context["form"].errors
    assert told.keys() == fields - {"password"}


def test_what_is_too_long_is_told_in_the_studios_words(ann, shop):
    told = ann.post("/projects/shop/users/new/", {"username": "x" * 151}).context["form"].errors
    assert told["username"] == ["Use at most 150 characters; these are 151."]


def test_a_password_that_is_not_shown_again_is_asked_for_again(ann, shop):
    fresh = ann.get("/projects/shop/users/new/").text
    assert "Password <span" in fresh and "optional" in fresh.split("Password <span")[1][:40]
    data = {"username": "mia", "claims": "{oops", "password": "correct horse battery"}
    answer = ann.post("/projects/shop/users/new/", data)
    assert "Type the password again" in answer.context["form"].errors["password"][0]
    assert 'id="id_password-err"' in answer.text and "correct horse" not in answer.text
    refused = ann.post("/projects/shop/users/new/", {**data, "username": "a b", "claims": ""})
    assert refused.context["form"].errors.keys() == {"username", "password"}
    without = ann.post("/projects/shop/users/new/", {**data, "password": ""})
    assert without.context["form"].errors.keys() == {"claims"}


def test_an_account_is_changed(ann, mia):
    answer = ann.post(
        url(mia), {"deed": "save", "username": "mia2", "claims": '{"a": [1]}', "test": "on", "denies": "on"}
    )
    assert answer.status_code == 302
    mia.refresh_from_db()
    assert (mia.username, mia.email, mia.claims, mia.test, mia.denies) == ("mia2", "", {"a": [1]}, True, True)


def test_a_refused_change_keeps_what_was_typed_and_saves_nothing(ann, shop, mia):
    people.make(shop, "zoe")
    answer = ann.post(url(mia), {"deed": "save", "username": "zoe", "name": "Typed"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Somebody has this username already" in page and "Typed" in page
    assert '<h1 class="wrap-anywhere">Mia</h1>' in page
    mia.refresh_from_db()
    assert mia.name == "Mia"


def test_passwords_are_set_and_taken_away(ann, mia):
    assert ann.post(url(mia), {"deed": "password", "password": "mia"}).status_code == 422
    ann.post(url(mia), {"deed": "password", "password": "another horse battery"})
    mia.refresh_from_db()
    assert mia.check_password("another horse battery")
    ann.post(url(mia), {"deed": "no-password"})
    mia.refresh_from_db()
    assert mia.password == ""


def test_a_key_is_shown_once(ann, mia):
    ann.post(url(mia), {"deed": "key", "name": "curl"})
    first, second = ann.get(url(mia)), ann.get(url(mia))
    assert b"asuk_" in first.content and first["Cache-Control"] == "no-store"
    assert b"asuk_" not in second.content and b"curl" in second.content
    ann.post(url(mia), {"deed": "revoke-key", "key": mia.keys.get().pk})
    assert mia.keys.get().revoked
    assert ann.post(url(mia), {"deed": "key", "name": ""}).status_code == 422


def test_an_app_is_disconnected(ann, mia):
    app = connected(mia, "Shop GPT")
    assert "Shop GPT" in ann.get(url(mia)).content.decode()
    ann.post(url(mia), {"deed": "disconnect", "client": app.pk})
    page = ann.get(url(mia)).content.decode()
    assert "No app may use this account" in page
    assert AccessToken.objects.get().revoked and not Consent.objects.exists()
    other = Client.objects.create(project=make.project("other"), name="Theirs")
    for number in (other.pk, "x", "9" * 30):
        assert ann.post(url(mia), {"deed": "disconnect", "client": number}).status_code == 302


def test_an_app_that_was_never_allowed_anything_but_holds_a_token_is_shown(ann, mia):
    connected(mia, "Skipped")
    Consent.objects.all().delete()
    page = ann.get(url(mia)).content.decode()
    assert "Skipped" in page and "without being asked" in page


def test_an_account_is_closed_opened_signed_out_and_deleted(ann, shop, mia):
    mia.sessions.create(digest="s", agent=FIREFOX, expires=timezone.now() + datetime.timedelta(days=1))
    assert ">Firefox on Linux<" in ann.get(url(mia)).content.decode()
    ann.post(url(mia), {"deed": "sign-out"})
    assert not mia.sessions.exists()
    ann.post(url(mia), {"deed": "close"})
    mia.refresh_from_db()
    assert not mia.is_active and "Open the account again" in ann.get(url(mia)).content.decode()
    ann.post(url(mia), {"deed": "reopen"})
    mia.refresh_from_db()
    assert mia.is_active
    assert ann.post(url(mia), {"deed": "delete"})["Location"] == "/projects/shop/users/"
    assert not shop.end_users.filter(pk=mia.pk).exists()


def test_what_somebody_did_of_late_is_shown(ann, shop, mia):
    SignIn.objects.create(project=shop, key="k1", user=mia, outcome="passed")
    make.exchange(shop, path="/mine", sign_in="k1")
    make.exchange(shop, path="/oauth/token", sign_in="k1", kind="oauth")
    make.exchange(shop, path="/theirs", sign_in="k2")
    page = ann.get(url(mia)).content.decode()
    assert "passed" in page and "/projects/shop/oauth/handshake/k1/" in page
    SignIn.objects.create(project=shop, key="k3", user=mia, emulator={"as": "mcp"})
    assert "/projects/shop/oauth/emulator/k3/" in ann.get(url(mia)).content.decode()
    assert "/mine" in page and "/theirs" not in page and "/oauth/token" not in page


def test_one_account_asks_a_bounded_number_of_questions(ann, mia, shop):
    for n in range(3):
        connected(mia, f"App {n}")
        people.mint_key(mia, f"key {n}")
        SignIn.objects.create(project=shop, key=f"k{n}", user=mia)
        make.exchange(shop, sign_in=f"k{n}")
    ann.get(url(mia))
    few = queries(ann, url(mia))
    for n in range(3, 8):
        connected(mia, f"App {n}")
        people.mint_key(mia, f"key {n}")
        SignIn.objects.create(project=shop, key=f"k{n}", user=mia)
        make.exchange(shop, sign_in=f"k{n}")
    assert queries(ann, url(mia)) == few


def test_where_keys_open_nothing_none_is_issued_and_old_ones_say_so(ann, mia):
    assert "h-keys" not in ann.get(url(mia)).text
    people.mint_key(mia, "old")
    shown = ann.get(url(mia)).text
    assert "keys work with" in shown and "Issue a key" not in shown and "revoke-key" in shown


def test_user_http_says_what_its_keys_are_for(client):
    project = make.project("plugin", value=make.contract(auth=UserHttp()))
    client.force_login(project.owner)
    assert "user_http" in client.get(url(people.make(project, "mia"))).content.decode()


def test_calls_with_a_key_of_their_own_are_shown_and_are_no_sign_in(client):
    project = make.project("keys", value=make.contract(auth=UserHttp()))
    client.force_login(project.owner)
    ivy, joe = people.make(project, "ivy"), people.make(project, "joe")
    key, text = people.mint_key(ivy, "curl")
    people.mint_key(joe, "curl")
    call = Call("GET", "/items", "", (("authorization", f"Bearer {text}"),))
    made = Exchange.objects.get(pk=frontdoor().call_blocking("keys", call, source="client").record.id)
    assert (made.auth, made.sign_in, made.run) == ("ok", f"key-{key.pk}", "")
    place = reverse("traffic:exchange", args=["keys", made.public_id])
    assert place in client.get(url(ivy)).text and place not in client.get(url(joe)).text
    page = client.get(place).text
    assert "handshake/key-" not in page and reverse("signin:handshake-told", args=["keys", made.public_id]) not in page
    assert not client.get(reverse("signin:handshake-told", args=["keys", made.public_id])).content


def test_calls_in_their_name_without_a_sign_in_are_shown_at_them_alone(client):
    project = make.project("minted", value=make.contract(make.operation("GET", "/items"), auth=ORDERS))
    client.force_login(project.owner)
    ivy, joe = people.make(project, "ivy"), people.make(project, "joe")
    app = Client.objects.create(project=project, name="App")
    texts = [minting.mint(project, ivy, of, ["orders:read"], 60)[1] for of in (None, app)]
    texts.append(minting.mint(project, None, app, ["orders:read"], 60)[1])  # nobody's
    bearers = [Call("GET", "/items", "", (("authorization", f"Bearer {text}"),)) for text in texts]
    rows = [frontdoor().call_blocking("minted", call, source="client").record for call in bearers]
    chosen = assuming.token(project, str(ivy.sub))
    rows.append(frontdoor().call_blocking("minted", Call("GET", "/items"), source="try", token=chosen).record)
    made = [Exchange.objects.get(pk=row.id) for row in rows]
    assert [one.run for one in made] == [""] * 4 and made[2].sign_in == ""
    places = [reverse("traffic:exchange", args=["minted", one.public_id]) for one in made]
    page = client.get(url(ivy)).text
    assert [place in page for place in places] == [True, True, False, True]
    assert not any(place in client.get(url(joe)).text for place in places)


def test_who_looks_for_a_persons_data_is_shown_where_it_is(ann, shop):
    there = f"{reverse('traffic:data', args=['shop'])}#one"
    for name in ("mia", "tom"):
        assert there in ann.get(reverse("oauth:users", args=["shop"])).text
        people.make(shop, name)
    assert reverse("oauth:users", args=["shop"]) in ann.get(reverse("traffic:data", args=["shop"])).text
