"""The pages of clients: made by a few words, secrets shown once, callbacks pasted or learned, ended at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import callbacks, registering, secrets
from actionstudio.apps.oauth.models import AccessToken, Callback, Client, Consent, EndUser
from actionstudio.core.auth import ApiKey, OAuth, Scope
from tests import make
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db
HEX = "0123456789abcdef0123456789abcdef01234567"
GPT = f"https://chat.openai.com/aip/g-{HEX}/oauth/callback"
TWIN = f"https://chatgpt.com/aip/g-{HEX}/oauth/callback"
SCOPES = (Scope("orders.read", "Read your orders"), Scope("orders.write", "Change your orders", changes=True))
USUAL = {
    "name": "My GPT",
    "redirect_uris": "",
    "grants": ["authorization_code", "refresh_token"],
    "token_method": "client_secret_post",
    "pkce": "optional",
    "consent": "remember",
    "allowed_origins": "",
}


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project(owner=ann, value=make.contract(auth=OAuth(SCOPES)))


@pytest.fixture
def gpt(project):
    return registering.register(project, Client.Preset.GPT, name="My GPT")


def url(name, project, *more):
    return reverse(f"oauth:{name}", args=[project.slug, *more])


def do(client, row, deed, **data):
    return client.post(url("client", row.project, row.client_id), {"deed": deed, **data})


def connect(row, number=1):
    """That many people who allowed the client, each with a token."""
    for n in range(number):
        user = EndUser.objects.create(project=row.project, username=f"user{row.pk}-{n}")
        Consent.objects.create(user=user, client=row)
        ends = timezone.now() + timedelta(hours=1)
        AccessToken.objects.create(user=user, application=row, token=f"asat_{row.pk}_{n}", expires=ends)


def test_eve_sees_nothing(client, eve, gpt):
    callback = callbacks.noticed(gpt, GPT)
    client.force_login(eve)
    places = [("clients",), ("client-new",), ("client", gpt.client_id), ("waiting",), ("values",), ("provider",)]
    for name, *more in places:
        assert client.get(url(name, gpt.project, *more)).status_code == 404
        assert client.post(url(name, gpt.project, *more), {"deed": "delete"}).status_code in (404, 405)
    there = url("callback", gpt.project, gpt.client_id, callback.pk)
    assert client.post(there, {"deed": "allow"}).status_code == 404
    assert Callback.objects.get().state == Callback.State.WAITING


def test_the_client_of_another_project_is_not_there(client, gpt, ann):
    other = make.project("other", ann, make.contract(auth=OAuth()))
    assert client.get(url("client", other, gpt.client_id)).status_code == 404
    callback = callbacks.noticed(gpt, GPT)
    mine = registering.register(other, Client.Preset.GPT, name="Mine")
    for at in ((other, gpt.client_id), (other, mine.client_id)):
        assert client.post(url("callback", *at, callback.pk), {"deed": "allow"}).status_code == 404


def test_every_kind_of_program_is_offered_and_has_a_form(client, project):
    shown = client.get(url("client-new", project)).text
    for key in Client.Preset.values:
        assert f"?preset={key}#form" in shown
        assert 'name="name"' in client.get(url("client-new", project), {"preset": key}).text
    assert 'name="name"' not in client.get(url("client-new", project), {"preset": "x"}).text


def test_a_gpt_needs_a_name_and_its_secret_is_shown_once(client, project):
    answer = client.post(url("client-new", project), {**USUAL, "preset": "gpt"})
    made = Client.objects.get()
    there = url("client", project, made.client_id)
    assert (answer.status_code, answer.url) == (302, there)
    page = client.get(there)
    (text,) = set(re.findall(r"ascs_[\w-]{20,}", page.text))
    assert page["Cache-Control"] == "no-store"
    assert secrets.check(made, text) is secrets.Checked.RIGHT
    assert "waiting for its callback" in page.text
    again = client.get(there).text
    assert text not in again and f"••••{text[-4:]}" in again


@pytest.mark.parametrize("pasted", [GPT, TWIN, f"g-{HEX}", f" {TWIN}/ "])
def test_a_pasted_callback_registers_both_hosts(client, gpt, pasted):
    assert do(client, gpt, "save", **USUAL, gpt=pasted).status_code == 302
    gpt.refresh_from_db()
    assert (gpt.uris, gpt.gpt_id) == ([GPT, TWIN], f"g-{HEX}")


@pytest.mark.parametrize(
    ("pasted", "word"),
    [
        ("https://chatgpt.com/g/g-abc-my-gpt", "address of the GPT itself"),
        ("https://example.com/callback", "no Callback URL of ChatGPT"),
    ],
)
def test_what_is_no_callback_of_chatgpt_is_told_beside_the_field_and_stays_there(client, gpt, pasted, word):
    answer = do(client, gpt, "save", **{**USUAL, "name": "New name"}, gpt=pasted)
    assert answer.status_code == 422
    assert word in answer.text and pasted in answer.text and 'value="New name"' in answer.text
    gpt.refresh_from_db()
    assert (gpt.name, gpt.uris) == ("My GPT", [])


def test_wrong_callbacks_stay_as_typed_with_the_cure(client, project):
    typed = "https://example.com/ok\nhttp://example.com/back"
    answer = client.post(url("client-new", project), {**USUAL, "preset": "other", "redirect_uris": typed})
    assert answer.status_code == 422
    assert "Use https." in answer.text and "http://example.com/back</textarea>" in answer.text.replace("\r", "")
    assert answer.context["form"].errors.keys() == {"redirect_uris"}
    assert re.search(r"<textarea[^>]*name=\"redirect_uris\"[^>]*\bautofocus\b", answer.text)
    assert not Client.objects.exists()


def test_what_is_wrong_in_the_folded_part_unfolds_it(client, project):
    data = {**USUAL, "preset": "gpt", "token_method": "none"}
    answer = client.post(url("client-new", project), data)
    assert answer.status_code == 422
    assert '<details class="opens" open>' in answer.text


def test_an_mcp_client_has_no_secret(client, project):
    data = {**USUAL, "preset": "mcp", "token_method": "none", "pkce": "required", "redirect_uris": callbacks.CONNECTOR}
    answer = client.post(url("client-new", project), data)
    made = Client.objects.get()
    assert answer.url == url("client", project, made.client_id)
    assert not made.secrets.exists()
    page = client.get(answer.url).text
    assert "Make a new secret" not in page and "/mcp" in page
    assert do(client, made, "rotate").status_code == 302
    assert not made.secrets.exists()


def test_a_callback_allowed_while_the_form_was_open_survives_saving_it(client, gpt):
    callbacks.allow(callbacks.noticed(gpt, GPT))
    do(client, gpt, "save", **{**USUAL, "redirect_uris": "https://example.com/back"}, had="")
    gpt.refresh_from_db()
    assert gpt.uris == ["https://example.com/back", GPT, TWIN]
    do(client, gpt, "save", **{**USUAL, "redirect_uris": GPT}, had="\r\n".join(gpt.uris))
    gpt.refresh_from_db()
    assert gpt.uris == [GPT]


def test_everything_that_the_form_shows_can_be_changed(client, gpt):
    data = {
        "name": "Shop GPT",
        "redirect_uris": f"{GPT}\r\nhttps://example.com/back\r\n",
        "grants": ["authorization_code", "client_credentials"],
        "token_method": "client_secret_basic",
        "pkce": "required",
        "consent": "always",
        "scopes": ["orders.write"],
        "json_bodies": "on",
        "allowed_origins": "https://app.example.com/",
    }
    assert do(client, gpt, "save", **data).status_code == 302
    gpt.refresh_from_db()
    assert gpt.uris == [GPT, "https://example.com/back"]
    assert (gpt.name, gpt.grants, gpt.scopes) == ("Shop GPT", data["grants"], ["orders.write"])
    assert (gpt.token_method, gpt.pkce, gpt.consent) == ("client_secret_basic", "required", "always")
    assert (gpt.json_bodies, gpt.allowed_origins) == (True, "https://app.example.com")
    shown = client.get(url("client", gpt.project, gpt.client_id)).text
    assert "Shop GPT" in shown and "Basic authorization header" in shown


def test_what_to_enter_stands_in_chatgpts_order_for_every_address(client, gpt, settings):
    settings.STUDIO_PUBLIC_URL, settings.STUDIO_LIVE_SCHEME = "https://studio.acme.com", "https"
    settings.STUDIO_LIVE_DOMAIN = "live.acme.com"
    gpt.project.addresses.update(domain="api.acme.com")
    places = client.get(url("client", gpt.project, gpt.client_id)).context["places"]
    assert [place.base for place in places] == [
        "https://api.acme.com",
        "https://items.live.acme.com",
        "https://studio.acme.com/live/items",
    ]
    assert [place.title for place in places] == ["Own domain", "Own host", "On one host"]
    assert [(value.label, value.text) for value in places[2].values] == [
        ("Authentication Type", "OAuth"),
        ("Client ID", gpt.client_id),
        ("Client Secret", ""),
        ("Authorization URL", "https://studio.acme.com/live/items/oauth/authorize"),
        ("Token URL", "https://studio.acme.com/live/items/oauth/token"),
        ("Scope", "orders.read orders.write"),
        ("Token Exchange Method", "Default (POST request)"),
    ]


def test_a_sign_in_on_another_host_than_the_api_is_told(client, ann):
    elsewhere = OAuth(authorization_url="https://id.example.com/a", token_url="https://id.example.com/t")
    project = make.project("elsewhere", ann, make.contract(auth=elsewhere))
    client.force_login(ann)
    row = registering.register(project, Client.Preset.GPT, name="My GPT")
    assert "on another host than the API" in client.get(url("client", project, row.client_id)).text


def test_the_authentication_page_is_told_the_client_ids(client, gpt, ann):
    assert gpt.client_id in client.get(url("values", gpt.project)).text
    empty = make.project("empty", ann, make.contract(auth=OAuth()))
    assert "?preset=gpt#form" in client.get(url("values", empty)).text


@pytest.mark.parametrize("preset", ["gpt", "mcp"])
def test_the_pages_that_people_see_can_be_looked_at(client, project, preset):
    row = registering.register(project, preset, name="One")
    assert not client.get(url("client", project, row.client_id)).context["previews"] or preset == "mcp"
    registering.change(row, redirect_uris=[GPT])
    for where in (url("client", project, row.client_id), url("provider", project)):
        for title, there in client.get(where).context["previews"]:
            path = there.partition("/live/items")[2]
            said = entering.ask(project, "GET", path, base=entering.BELOW_LIVE)
            assert said.status in (200, 302), title  # the consent page asks to sign in first
            assert b"Alice" in said.body or "/oauth/login" in said.headers["location"]
    row.refresh_from_db()
    assert not row.pkce_seen  # looking binds the client to nothing


def test_all_that_is_wrong_with_a_client_is_told_at_once(client, project):
    wrong = {"preset": "gpt", "name": " ", "gpt": "https://a.example/", "allowed_origins": "x", "consent": "remember"}
    told = client.post(url("client-new", project), wrong).context["form"].errors
    assert {"name", "gpt", "allowed_origins"} <= told.keys()


def test_a_callback_that_was_pasted_stays_in_its_field_and_can_be_taken_away(client, gpt):
    registering.change(gpt, gpt_id="g-abc")
    there = url("client", gpt.project, gpt.client_id)
    shown = client.get(there)
    assert 'value="https://chat.openai.com/aip/g-abc/oauth/callback"' in shown.text
    form = shown.context["form"]
    sent = {"deed": "save", **{name: form[name].value() for name in form.fields if form[name].value()}}
    client.post(there, {**sent, "redirect_uris": "https://chatgpt.com/aip/g-abc/oauth/callback"})
    gpt.refresh_from_db()
    assert gpt.uris == ["https://chatgpt.com/aip/g-abc/oauth/callback"]  # the field's presence brings nothing back
    client.post(there, {**sent, "gpt": "g-def", "redirect_uris": "", "had": gpt.redirect_uris})
    gpt.refresh_from_db()
    assert (gpt.gpt_id, gpt.uris) == ("g-def", callbacks.pair("g-def"))


def test_every_tick_is_dressed_alike(client, gpt):
    shown = client.get(url("client", gpt.project, gpt.client_id)).text
    boxes = [tag for tag in shown.split("<input")[1:] if 'type="checkbox"' in tag.split(">")[0]]
    assert len(boxes) > 2 and all("chk" in tag.split(">")[0] for tag in boxes)


def test_a_client_that_is_bound_to_pkce_is_told_how_to_loosen_it(client, gpt):
    there = url("client", gpt.project, gpt.client_id)
    assert "signed in with PKCE" not in client.get(there).text
    Client.objects.filter(pk=gpt.pk).update(pkce_seen=True)
    assert "must send a challenge at every sign-in" in client.get(there).text
    registering.change(gpt, redirect_uris=[GPT])
    for where in (there, url("clients", gpt.project)):
        assert "ready, with PKCE only" in client.get(where).text


def test_a_client_that_registered_itself_and_was_not_used_is_told_as_ended(client, gpt):
    past = timezone.now() - timedelta(days=1)
    Client.objects.filter(pk=gpt.pk).update(lapses=past, registration_source="dcr")
    for where in (url("clients", gpt.project), url("client", gpt.project, gpt.client_id)):
        assert "registered itself" in client.get(where).text and "ended" in client.get(where).text


def test_an_address_that_chatgpt_cannot_reach_is_told(client, gpt):
    assert "cannot reach it" in client.get(url("client", gpt.project, gpt.client_id)).text


def test_a_new_secret_takes_over_and_the_one_before_lives_on_as_long_as_chosen(client, gpt):
    old = secrets.mint(gpt)
    do(client, gpt, "rotate", overlap="1")
    page = client.get(url("client", gpt.project, gpt.client_id)).text
    (new,) = set(re.findall(r"ascs_[\w-]{20,}", page))
    assert secrets.check(gpt, old) is secrets.check(gpt, new) is secrets.Checked.RIGHT
    ends = gpt.secrets.get(last4=old[-4:]).expires
    assert timedelta(minutes=59) < ends - timezone.now() <= timedelta(hours=1)
    do(client, gpt, "end", secret=gpt.secrets.get(last4=old[-4:]).pk)
    assert secrets.check(gpt, old) is secrets.Checked.EXPIRED
    assert secrets.check(gpt, new) is secrets.Checked.RIGHT


def test_a_rotation_may_end_the_old_secret_at_once(client, gpt):
    old = secrets.mint(gpt)
    do(client, gpt, "rotate", overlap="0")
    assert secrets.check(gpt, old) is secrets.Checked.EXPIRED


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30, "²"])
def test_a_secret_that_is_not_there_cannot_be_ended(client, gpt, pk):
    secrets.mint(gpt)
    assert do(client, gpt, "end", secret=pk).status_code == 302
    assert gpt.secrets.get().expires is None


def test_the_secret_of_another_client_cannot_be_ended_here(client, gpt):
    other = registering.register(gpt.project, Client.Preset.GPT, name="Other")
    secrets.mint(other)
    do(client, gpt, "end", secret=other.secrets.get().pk)
    assert other.secrets.get().expires is None


def test_a_disabled_client_is_told_as_such_and_can_be_enabled(client, gpt):
    do(client, gpt, "disable")
    gpt.refresh_from_db()
    assert not gpt.enabled
    assert "disabled" in client.get(url("clients", gpt.project)).text
    do(client, gpt, "enable")
    gpt.refresh_from_db()
    assert gpt.enabled


def test_the_page_says_how_many_are_connected_and_disconnects_them(client, gpt):
    connect(gpt, 3)
    assert "3 people are connected" in client.get(url("client", gpt.project, gpt.client_id)).text
    do(client, gpt, "disconnect")
    assert not AccessToken.objects.filter(revoked=None).exists()
    assert not gpt.consents.exists()
    assert Client.objects.filter(pk=gpt.pk).exists()


def test_deleting_takes_its_secrets_and_tokens_along(client, gpt):
    connect(gpt)
    secrets.mint(gpt)
    assert do(client, gpt, "delete").url == url("clients", gpt.project)
    assert not Client.objects.exists() and not AccessToken.objects.exists()
    assert client.get(url("client", gpt.project, gpt.client_id)).status_code == 404


def test_a_callback_asked_for_in_vain_is_shown_wherever_the_builder_looks(client, gpt):
    callbacks.noticed(gpt, GPT)
    for where in (url("clients", gpt.project), url("client", gpt.project, gpt.client_id), url("waiting", gpt.project)):
        assert "ChatGPT asked for this callback: allow it?" in client.get(where).text
        assert GPT in client.get(where).text
    other = registering.register(gpt.project, Client.Preset.GPT, name="Other")
    assert GPT not in client.get(url("client", gpt.project, other.client_id)).text
    assert GPT not in client.get(url("waiting", gpt.project), {"client": other.client_id}).text


@pytest.mark.parametrize(("deed", "uris"), [("allow", [GPT, TWIN]), ("refuse", []), ("", [])])
def test_it_is_allowed_or_refused_with_a_button(client, gpt, deed, uris):
    row = callbacks.noticed(gpt, GPT)
    there = url("callback", gpt.project, gpt.client_id, row.pk)
    assert client.get(there).status_code == 405
    answer = client.post(there, {"deed": deed})
    assert answer.url == url("client", gpt.project, gpt.client_id)
    gpt.refresh_from_db()
    assert gpt.uris == uris
    assert callbacks.waiting(gpt.project).exists() is (deed == "")


def test_on_another_page_the_part_is_answered_with_a_word(client, gpt):
    row = callbacks.noticed(gpt, GPT)
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    answer = client.post(url("callback", gpt.project, gpt.client_id, row.pk), {"deed": "allow"}, **headers)
    assert answer.status_code == 200
    assert "goes through now" in answer["HX-Trigger"] and "<html" not in answer.text and GPT not in answer.text


def test_callbacks_from_outside_are_shown_as_text(client, gpt):
    row = callbacks.noticed(gpt, GPT)
    Callback.objects.filter(pk=row.pk).update(uri="https://x/<script>alert(1)</script>")
    Client.objects.filter(pk=gpt.pk).update(name="<img src=x>")
    for where in (url("waiting", gpt.project), url("client", gpt.project, gpt.client_id)):
        assert "<script>alert" not in client.get(where).text and "<img src=x>" not in client.get(where).text


def test_a_project_without_oauth_says_how_to_turn_it_on(client, ann, project):
    keyed = make.project("keyed", ann, make.contract(auth=ApiKey()))
    for name in ("clients", "client-new", "provider"):
        assert "Choose OAuth on the page Authentication" in client.get(url(name, keyed)).text
        assert "Choose OAuth on the page Authentication" not in client.get(url(name, project)).text
    elsewhere = OAuth(authorization_url="https://id.example.com/a", token_url="https://id.example.com/t")
    project = make.project("elsewhere", ann, make.contract(auth=elsewhere))
    assert "https://id.example.com/a" in client.get(url("clients", project)).text


def test_the_list_has_pages(client, project):
    made = [registering.register(project, Client.Preset.GPT, name=f"GPT {n}") for n in range(35)]
    first = client.get(url("clients", project))
    assert len(first.context["clients"]) == 30
    second = client.get(url("clients", project), {"before": first.context["before"]})
    assert [row.pk for row, *_ in second.context["clients"]] == [row.pk for row in reversed(made[:5])]
    assert client.get(url("clients", project), {"before": "²"}).status_code == 200


def queries(client, where) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(where).status_code == 200
    return len(caught)


def test_pages_cost_the_same_for_many_rows(client, project):
    def fill(number):
        for n in range(number):
            row = registering.register(project, Client.Preset.GPT, name=f"GPT {n}")
            callbacks.noticed(row, GPT)
            connect(row, 2)
        for n in range(number):
            callbacks.noticed(row, f"https://chatgpt.com/aip/g-{n}/oauth/callback")
            secrets.mint(row)
        return [url("clients", project), url("client", project, row.client_id), url("waiting", project)]

    places = fill(10)
    client.get(places[0])  # from now on the contract is at hand
    few = [queries(client, where) for where in places]
    assert [queries(client, where) for where in fill(20)] == few


def test_the_first_secret_is_made_at_the_top_of_the_page(client, gpt):
    shown = client.get(url("client", gpt.project, gpt.client_id)).text
    assert shown.count('value="rotate"') == 1 and "Make the secret and show it" in shown
    made = client.post(url("client", gpt.project, gpt.client_id), {"deed": "rotate"}, follow=True).text
    assert "ascs_" in made and "Make the secret and show it" not in made
    assert gpt.secrets.get().expires is None


def test_a_public_client_is_not_asked_for_a_secret(client, project):
    row = registering.register(project, Client.Preset.MCP, name="Claude")
    assert "Make the secret and show it" not in client.get(url("client", project, row.client_id)).text


def test_a_refused_callback_is_listed_and_can_be_offered_again(client, gpt):
    row = callbacks.noticed(gpt, GPT)
    callbacks.refuse(row)
    there = url("client", gpt.project, gpt.client_id)
    page = client.get(there).text
    assert GPT in page and "Offer again" in page and 'value="allow"' not in page
    client.post(url("callback", gpt.project, gpt.client_id, row.pk), {"deed": "offer"})
    page = client.get(there).text
    assert "Offer again" not in page and 'value="allow"' in page
    assert not Client.objects.get().redirect_uris


def test_offering_again_takes_nothing_back_that_was_allowed(client, gpt):
    row = callbacks.noticed(gpt, GPT)
    callbacks.allow(row)
    client.post(url("callback", gpt.project, gpt.client_id, row.pk), {"deed": "offer"})
    assert Callback.objects.get().state == Callback.State.ALLOWED
