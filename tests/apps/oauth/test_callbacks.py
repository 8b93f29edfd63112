"""Which callbacks can be registered, what people paste of ChatGPT's, and learning one from a refused attempt."""

from urllib.parse import urlencode

import pytest

from actionstudio.apps.oauth import callbacks, registering
from actionstudio.apps.oauth.models import Callback, Client
from actionstudio.core.auth import OAuth
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db
HEX = "0123456789abcdef0123456789abcdef01234567"
GPT = f"https://chat.openai.com/aip/g-{HEX}/oauth/callback"
TWIN = f"https://chatgpt.com/aip/g-{HEX}/oauth/callback"
PLUGIN = "plugin-8a1a62bb-4b0a-4b3c-9d0e-0f2f2f6b7c11"


@pytest.fixture
def client_row(ann):
    project = make.project(owner=ann, value=make.contract(auth=OAuth()))
    return registering.register(project, Client.Preset.GPT, name="My GPT")


@pytest.mark.parametrize(
    "uri",
    [
        GPT,
        callbacks.CONNECTOR,
        *callbacks.CLAUDE,
        "https://chat.example.com/api/actions/abc_1/oauth/callback",
        "https://example.com:8443/back?tenant=a%20b",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:3000/callback",
        "http://[::1]:3000/",
        "http://localhost:6274/oauth/callback",
        "https://xn--bcher-kva.example/",
    ],
)
def test_an_exact_https_or_loopback_url_can_be_registered(uri):
    assert callbacks.objection(uri) == ""


@pytest.mark.parametrize(
    ("uri", "word"),
    [
        ("", "whole"),
        ("example.com/callback", "whole"),
        ("/callback", "whole"),
        ("https:///callback", "whole"),
        ("javascript:alert(1)", "whole"),
        ("data:text/html,x", "whole"),
        ("com.example.app:/back", "whole"),
        ("http://example.com/callback", "Use https"),
        ("http://127.0.0.1.example.com/", "Use https"),
        ("http://127.0.0.2/", "Use https"),
        ("https://me:secret@example.com/", "password"),
        ("https://chatgpt.com@evil.example/", "password"),
        ("https://example.com/#part", "fragment"),
        ("https://example.com/#", "fragment"),
        ("https://example.com/*/callback", "to the letter"),
        ("https://*.example.com/callback", "to the letter"),
        ("https://example.com/a;b=1", "percent-encoded"),
        ("https://example.com/a\\b", "percent-encoded"),
        ('https://example.com/"><script>', "percent-encoded"),
        ("https://example.com/a/../b", "/../"),
        ("https://example.com/a/%2E%2e/b", "/../"),
        ("https://example.com/a b", "without blanks"),
        ("https://example.com/a\nb", "without blanks"),
        ("https://bücher.example/", "xn--"),
        ("https://Example.com/", "small letters"),
        ("HTTPS://example.com/", "small letters"),
        ("https://example.com:port/", "no URL"),
        ("https://[::1/", "no URL"),
        ("https://example.com/" + "a" * 500, "longer than 500"),
    ],
)
def test_whatever_else_is_refused_with_its_cure(uri, word):
    assert word in callbacks.objection(uri)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GPT, f"g-{HEX}"),
        (f"  {TWIN}/\n", f"g-{HEX}"),
        (f'"{TWIN}"', f"g-{HEX}"),
        (f"g-{HEX}", f"g-{HEX}"),
        (PLUGIN, PLUGIN),
        (f"https://chat.openai.com/aip/{PLUGIN}/oauth/callback", PLUGIN),
        ("https://chatgpt.com/g/g-abc-my-gpt", ""),
        ("https://evil.example/aip/g-1/oauth/callback", ""),
        (f"https://chatgpt.com.evil.example/aip/g-{HEX}/oauth/callback", ""),
        (f"{TWIN}?x=1", ""),
        ("g-", ""),
        ("g-a b", ""),
        ("", ""),
    ],
)
def test_the_id_is_read_from_a_whole_callback_of_either_host_or_alone(text, found):
    assert callbacks.ids(text) == found


def test_an_id_stands_for_the_callbacks_of_both_hosts():
    assert callbacks.pair(f"g-{HEX}") == [GPT, TWIN]


def test_a_refused_callback_of_chatgpt_is_remembered_and_nothing_is_allowed_by_it(client_row):
    assert callbacks.noticed(client_row, GPT).times == 1
    assert callbacks.noticed(client_row, GPT).times == 2
    client_row.refresh_from_db()
    assert client_row.uris == []
    assert [row.uri for row in callbacks.waiting(client_row.project)] == [GPT]


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        f"https://chatgpt.com/aip/g-{HEX}/oauth/callback/../../x",
        f"https://chatgpt.com/aip/g-{HEX}/oauth/callback\n",
        f"http://chatgpt.com/aip/g-{HEX}/oauth/callback",
        "https://chatgpt.com/aip/g-" + "a" * 65 + "/oauth/callback",
        "https://chatgpt.com/aip/plugin-XYZ/oauth/callback",
    ],
)
def test_a_callback_that_is_not_chatgpts_is_not_offered(client_row, uri):
    assert callbacks.noticed(client_row, uri) is None
    assert not client_row.callbacks.exists()


def test_many_made_up_callbacks_leave_a_bounded_number_behind_the_newest_among_them(client_row):
    for number in range(30):
        callbacks.noticed(client_row, f"https://chatgpt.com/aip/g-{number}/oauth/callback")
    uris = [row.uri for row in callbacks.waiting(client_row.project)]
    assert len(uris) == callbacks.NOTICED_MOST
    assert uris[0].endswith("/g-29/oauth/callback")


def test_made_up_callbacks_push_out_neither_the_first_nor_the_one_that_is_asked_for_most(client_row):
    often = f"https://chatgpt.com/aip/g-{'f' * 40}/oauth/callback"
    callbacks.noticed(client_row, GPT)
    for number in range(30):
        callbacks.noticed(client_row, f"https://chatgpt.com/aip/g-{number}/oauth/callback")
        if number in (10, 11):
            callbacks.noticed(client_row, often)
    kept = {row.uri for row in callbacks.waiting(client_row.project)}
    assert {GPT, often} < kept and len(kept) == callbacks.NOTICED_MOST


def test_strangers_at_the_address_do_not_push_out_the_callback_that_chatgpt_asked_for(client_row):
    sign_in(client_row, GPT)
    for number in range(12):
        sign_in(client_row, f"https://chatgpt.com/aip/g-fake{number}/oauth/callback")
    assert Callback.objects.filter(uri=GPT).exists()


def test_allowing_registers_both_hosts_and_settles_both(client_row):
    asked, twin = callbacks.noticed(client_row, GPT), callbacks.noticed(client_row, TWIN)
    assert callbacks.allow(asked) == [GPT, TWIN]
    client_row.refresh_from_db()
    assert (client_row.uris, client_row.gpt_id) == ([GPT, TWIN], f"g-{HEX}")
    twin.refresh_from_db()
    assert twin.state == Callback.State.ALLOWED
    assert not callbacks.waiting(client_row.project)


def test_a_connectors_callback_is_allowed_alone(client_row):
    uri = "https://chatgpt.com/connector/oauth/AbC_1-x"
    assert callbacks.allow(callbacks.noticed(client_row, uri)) == [uri]


def sign_in(client_row, uri):
    """What the project's address answers to a GPT that begins a sign-in."""
    sent = {"response_type": "code", "client_id": client_row.client_id, "redirect_uri": uri, "scope": "", "state": "s"}
    return entering.ask(client_row.project, "GET", f"/oauth/authorize?{urlencode(sent)}")


def test_a_gpt_whose_callback_is_unknown_is_refused_and_once_allowed_goes_on(client_row):
    refused = sign_in(client_row, GPT)
    assert (refused.status, refused.decisions["code"]) == (400, "redirect_mismatch")
    assert "location" not in refused.headers
    assert b"asked whether it is theirs" in refused.body
    callbacks.allow(callbacks.waiting(client_row.project).get())
    for uri in (GPT, TWIN):
        assert sign_in(client_row, uri).decisions.get("code", "") != "redirect_mismatch"


def test_a_callback_that_was_refused_for_good_is_not_offered_again(client_row):
    sign_in(client_row, GPT)
    callbacks.refuse(callbacks.waiting(client_row.project).get())
    assert b"asked whether it is theirs" not in sign_in(client_row, GPT).body
    assert not callbacks.waiting(client_row.project)


def test_nobodys_callback_is_remembered_of_strangers(client_row):
    assert sign_in(client_row, "https://evil.example/aip/g-1/oauth/callback").status == 400
    assert not Callback.objects.exists()


def test_refusing_holds_for_both_hosts_and_for_later_attempts(client_row):
    callbacks.noticed(client_row, TWIN)
    callbacks.refuse(callbacks.noticed(client_row, GPT))
    assert callbacks.noticed(client_row, GPT).state == Callback.State.REFUSED
    assert not callbacks.waiting(client_row.project)


def test_a_callback_that_is_registered_in_another_way_waits_no_more_and_cannot_be_refused(client_row):
    row = callbacks.noticed(client_row, GPT)
    registering.change(client_row, redirect_uris=[GPT, TWIN])
    assert not callbacks.waiting(client_row.project).exists()
    row.refresh_from_db()
    with pytest.raises(Refused, match="registered"):
        callbacks.refuse(row)
    assert row.state == Callback.State.ALLOWED


def test_a_client_that_is_switched_off_asks_for_nothing(client_row):
    callbacks.noticed(client_row, GPT)
    registering.switch(client_row, enabled=False)
    assert not callbacks.waiting(client_row.project).exists()
    registering.switch(client_row, enabled=True)
    assert callbacks.waiting(client_row.project).exists()


def test_a_callback_that_was_allowed_and_is_asked_for_in_vain_again_waits_again(client_row):
    callbacks.allow(callbacks.noticed(client_row, GPT))
    registering.change(client_row, redirect_uris=[])
    assert callbacks.noticed(client_row, GPT).state == Callback.State.WAITING


def test_a_client_full_of_callbacks_takes_no_more(client_row):
    many = [f"https://example.com/{number}" for number in range(callbacks.MOST - 1)]
    registering.change(client_row, redirect_uris=many)
    with pytest.raises(Refused, match="at most 20 callbacks"):
        callbacks.allow(callbacks.noticed(client_row, GPT))
    client_row.refresh_from_db()
    assert client_row.uris == many


@pytest.mark.parametrize(
    ("uri", "other", "registered", "same"),
    [
        (GPT, GPT, [], True),
        (GPT, TWIN, [GPT, TWIN], True),
        (GPT, TWIN, [GPT], False),
        (GPT, TWIN.replace("g-", "g-x"), [GPT, TWIN, TWIN.replace("g-", "g-x")], False),
        ("https://a.test/cb", "https://b.test/cb", ["https://a.test/cb", "https://b.test/cb"], False),
    ],
)
def test_only_the_two_callbacks_of_one_gpt_count_as_one_and_only_when_both_are_registered(uri, other, registered, same):
    assert callbacks.same(uri, other, registered) is same


LIBRE = "https://chat.example.com/api/actions/abc_1/oauth/callback"


@pytest.fixture
def libre(client_row):
    return registering.register(client_row.project, Client.Preset.LIBRECHAT, name="LibreChat")


def test_a_client_of_librechat_learns_its_callback_from_the_first_attempt_once_that_is_allowed(libre):
    seen = callbacks.noticed(libre, LIBRE)
    assert seen.state == Callback.State.WAITING and not libre.redirect_uri_allowed(LIBRE)
    assert callbacks.allow(seen) == [LIBRE]
    libre.refresh_from_db()
    assert libre.uris == [LIBRE]


BENT = ("https://evil.example/cb", f"{LIBRE}?to=evil", LIBRE.replace("https", "http"), f"{LIBRE}/x")


@pytest.mark.parametrize("uri", BENT)
def test_what_has_not_librechats_form_is_not_worth_offering(libre, client_row, uri):
    assert callbacks.noticed(libre, uri) is None
    assert callbacks.noticed(client_row, LIBRE) is None, "a GPT has no such callback"


def test_the_question_names_librechat_and_whose_host_it_has_to_be(client, libre):
    callbacks.noticed(libre, LIBRE)
    client.force_login(libre.project.owner)
    page = client.get(f"/projects/{libre.project.slug}/oauth/waiting/").text
    assert "LibreChat asked for this callback" in page and LIBRE in page
    assert "the host is your own LibreChat" in page and "your own GPT" not in page
