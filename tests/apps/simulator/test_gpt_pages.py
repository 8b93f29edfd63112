"""The pages of ChatGPT's editor: what is typed is kept or comes back with what is wrong, and no secret is shown."""

import json
import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.simulator import keeping, setting
from actionstudio.apps.simulator.calling import acting, by_hand
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core.auth import ApiKey, OAuth
from tests import make
from tests.apps.simulator.test_actions import spec

pytestmark = pytest.mark.django_db
LIST = "/projects/shop/simulator/gpt/"
PETS = "https://pets.example.com/openapi.json"
ACTION = {
    "source": "link", "url": PETS, "auth": "service_http", "authorization_type": "bearer", "key": "s3cret-text",
    "token_exchange_method": "default_post",
}  # fmt: skip


@pytest.fixture
def shop(ann):
    return make.project("shop", ann)


@pytest.fixture
def page(ann, shop, monkeypatch):
    monkeypatch.setattr(acting, "fetched", lambda project, url: spec(url.split("/")[2]))
    browser = Browser()
    browser.force_login(ann)
    return browser


@pytest.fixture
def gpt(page):
    page.get(LIST)
    return Gpt.objects.get()


def at(gpt) -> str:
    return f"{LIST}{gpt.key}/"


def test_the_first_gpt_stands_in_the_list_and_another_can_be_made(page, gpt):
    assert "Shop" in page.get(LIST).text
    assert page.post(LIST, {"name": " "}).status_code == 422
    made = page.post(LIST, {"name": "Second"})
    assert made.status_code == 302 and Gpt.objects.get(name="Second").actions.count() == 1


def test_what_the_builder_writes_is_kept(page, gpt):
    told = {
        "name": "Shop helper", "description": "Helps", "instructions": "Be brief.\r\nAnd kind.",
        "starters": "What is new?\n\n What is old? \n", "public": "on", "category": "Shopping", "workspace": "on",
        "domains": "Example.com\nlocalhost",
    }  # fmt: skip
    assert page.post(at(gpt), told).status_code == 302
    gpt.refresh_from_db()
    assert (gpt.name, gpt.instructions) == ("Shop helper", "Be brief.\nAnd kind.")
    assert gpt.starters == ["What is new?", "What is old?"] and gpt.domains == ["example.com", "localhost"]
    page.post(at(gpt), {"name": "Shop helper"})
    gpt.refresh_from_db()
    assert gpt.domains is None and not gpt.public


def test_what_is_wrong_is_said_and_what_was_typed_comes_back(page, gpt):
    answer = page.post(at(gpt), {"name": "", "instructions": "x" * 8001, "starters": "Mine"})
    assert answer.status_code == 422 and "Mine" in answer.text and "x" * 8001 in answer.text
    answer = page.post(at(gpt), {"name": "Shop", "instructions": "x" * 8001})
    assert "GPT instructions too long" in answer.text
    gpt.refresh_from_db()
    assert gpt.name == "Shop" and gpt.instructions == ""


def test_all_that_is_wrong_with_a_gpt_is_said_at_once(page, gpt):
    typed = {"name": "", "instructions": "x" * 8001, "description": "d" * 301, "workspace": "on", "domains": "http://x"}
    answer = page.post(at(gpt), typed)
    assert {*answer.context["form"].errors} == {"name", "instructions", "description", "domains"}
    assert "Not saved yet" in answer.text


@pytest.mark.parametrize(
    "wrong", ["not a domain!!", "http://x", "example.com/path", "example.com:443", "*.example.com"]
)
def test_what_is_no_domain_is_not_kept_in_the_list_of_those_that_are_allowed(page, gpt, wrong):
    answer = page.post(at(gpt), {"name": "Shop", "workspace": "on", "domains": f"example.com\n{wrong}"})
    assert answer.status_code == 422 and answer.context["form"].errors["domains"][0].startswith(
        f"“{wrong}” is no domain"
    )
    assert wrong in answer.text
    right = ["example.com", "localhost", "müller.example", "10.0.0.1", "my_host.internal"]
    assert page.post(at(gpt), {"name": "Shop", "workspace": "on", "domains": "\n".join(right)}).status_code == 302
    gpt.refresh_from_db()
    assert gpt.domains == right


def test_the_editor_speaks_of_sharing(page, gpt):
    page.post(at(gpt), {"name": "Shop", "public": "on"})
    assert "Public GPTs must have a category" in page.get(at(gpt)).text


def test_an_action_is_added_with_its_key_which_is_never_shown_again(page, gpt):
    new = f"{at(gpt)}actions/new/"
    answer = page.post(new, ACTION)
    assert answer.status_code == 302
    action = Action.objects.get(url=PETS)
    assert keeping.secrets(action) == {"api_key": "s3cret-text"}
    there = f"/projects/shop/simulator/actions/{action.key}/"
    assert answer.headers["location"] == there
    shown = page.get(there).text
    assert "s3cret-text" not in shown and "listPets" in shown and "One is kept" in shown
    assert "s3cret-text" not in page.get(at(gpt)).text
    assert page.post(there, ACTION | {"key": "", "authorization_type": "basic"}).status_code == 302
    action.refresh_from_db()
    assert keeping.secrets(action) == {"api_key": "s3cret-text"} and action.auth["authorization_type"] == "basic"


def test_the_same_domain_twice_is_refused_in_chatgpts_words_and_the_key_has_to_be_typed_again(page, gpt):
    new = f"{at(gpt)}actions/new/"
    page.post(new, ACTION)
    answer = page.post(new, ACTION)
    assert answer.status_code == 422 and "s3cret-text" not in answer.text
    assert "Action sets cannot have duplicate domains - pets.example.com already exists" in answer.text
    assert "Type it again" in answer.text and Action.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": ""}, "Type the key"),
        ({"url": ""}, "write the link"),
        ({"authorization_type": "custom", "custom_auth_header": "a b"}, "name of a header"),
        ({"auth": "oauth"}, "Client ID"),
        ({"auth": "oauth"}, "such as https://id.example.com/oauth/authorize"),
        ({"auth": "oauth"}, "such as https://id.example.com/oauth/token"),
        ({"privacy_url": "ours"}, "such as https://api.example.com/privacy"),
        ({"auth": "auto"}, "Only an address of this studio"),
        ({"source": "999"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_an_action_is_said(page, gpt, changes, words):
    answer = page.post(f"{at(gpt)}actions/new/", ACTION | changes)
    assert answer.status_code == 422 and words in answer.text and Action.objects.count() == 1


def test_a_copy_is_imported_again_and_the_page_tells_what_changed(page, gpt, monkeypatch):
    page.post(f"{at(gpt)}actions/new/", ACTION)
    action = Action.objects.get(url=PETS)
    more = json.loads(spec())
    more["paths"]["/pets"]["post"] = {"operationId": "addPet"}
    monkeypatch.setattr(acting, "fetched", lambda project, url: json.dumps(more))
    there = f"/projects/shop/simulator/actions/{action.key}/"
    assert page.post(f"{there}import/").headers["location"] == there
    assert "addPet" in page.get(there).text and "What the last import changed" in page.get(there).text
    page.post(f"{there}remove/")
    assert not Action.objects.filter(pk=action.pk).exists()


def test_only_addresses_of_ones_own_projects_are_offered(page, gpt, eve):
    make.project("hers", eve)
    other = make.project("other", gpt.project.owner)
    shown = page.get(f"{at(gpt)}actions/new/").text
    assert "other.live.localhost" in shown and "hers.live" not in shown
    mine = ACTION | {"source": str(other.addresses.get().pk), "auth": "auto"}
    assert page.post(f"{at(gpt)}actions/new/", mine).status_code == 302
    hers = ACTION | {"source": str(eve.projects.get().addresses.get().pk), "auth": "auto"}
    assert page.post(f"{at(gpt)}actions/new/", hers).status_code == 422


def test_an_address_gets_what_it_asks_for_where_nobody_has_chosen_the_sign_in(ann, page, gpt):
    keyed = make.project("keyed", ann, make.contract(auth=ApiKey())).addresses.get()
    new = f"{at(gpt)}actions/new/"
    assert not re.search(r'name="auth"[^>]* checked', page.get(new).text)
    unsaid = {"source": str(keyed.pk), "auth": "", "authorization_type": "basic", "follows": "on"}
    assert page.post(new, unsaid).status_code == 302
    made = Action.objects.get(address=keyed)
    assert made.automatic and made.auth["authorization_type"] == "bearer" and keeping.secrets(made)
    assert page.post(new, ACTION | {"auth": "", "key": ""}).status_code == 302
    assert Action.objects.get(url=PETS).auth == {"type": "none"}


def test_an_action_without_the_credential_that_its_address_asks_for_is_warned_of(ann, page, gpt):
    keyed = make.project("keyed", ann, make.contract(auth=ApiKey())).addresses.get()
    page.post(f"{at(gpt)}actions/new/", {"source": str(keyed.pk), "auth": "none", "follows": "on"})
    there = f"/projects/shop/simulator/actions/{Action.objects.get(address=keyed).key}/"
    warning = "will be refused with 401"
    assert page.get(at(gpt)).text.count(warning) == 1 and warning in page.get(there).text
    page.post(there, {"source": str(keyed.pk), "auth": "auto", "follows": "on"})
    assert warning not in page.get(at(gpt)).text and warning not in page.get(there).text


def test_the_page_says_how_the_reader_stands_with_the_sign_in(ann, page):
    gpt = setting.first(make.project("signs", ann, make.contract(auth=OAuth())))
    shown = page.get(f"/projects/signs/simulator/actions/{gpt.actions.get().key}/").text
    assert "not signed in" in shown and "Sign in with signs.live.localhost" in shown


def test_always_allow_is_shown_to_whom_has_chosen_it_and_can_be_taken_back(ann, eve, page, gpt):
    for user, domain in ((ann, "pets.example.com"), (ann, "shop.live.localhost"), (eve, "pets.example.com")):
        by_hand.allow(gpt, user, domain)
    shown = page.get(at(gpt)).text
    assert shown.count("Ask again before calls to") == 2
    assert page.post(f"{at(gpt)}ask-again/", {"domain": "pets.example.com"}).headers["location"] == at(gpt)
    assert [row.domain for row in by_hand.allowed(gpt, ann)] == ["shop.live.localhost"]
    assert by_hand.is_allowed(gpt, eve, "pets.example.com")
    page.post(f"{at(gpt)}ask-again/", {"domain": "shop.live.localhost"})
    assert "You always allow" not in page.get(at(gpt)).text


def test_the_last_gpt_comes_back_fresh_when_it_is_deleted(page, gpt):
    page.post(at(gpt), {"name": "Other"})
    page.post(f"{at(gpt)}delete/")
    assert not Gpt.objects.exists()
    assert "Shop" in page.get(LIST).text and Gpt.objects.get().name == "Shop"


def test_a_stranger_finds_none_of_it(page, gpt, eve):
    action = gpt.actions.get()
    browser = Browser()
    browser.force_login(eve)
    make.project("hers", eve)
    for slug in ("shop", "hers"):
        places = [
            f"/projects/{slug}/simulator/gpt/{gpt.key}/",
            f"/projects/{slug}/simulator/gpt/{gpt.key}/actions/new/",
        ]
        places += [f"/projects/{slug}/simulator/actions/{action.key}/"]
        places += [f"/projects/{slug}/simulator/actions/{action.key}/sign-in/"]
        assert [browser.get(one).status_code for one in places] == [404] * 4
        for deed in ("import", "remove", "sign-out"):
            assert browser.post(f"/projects/{slug}/simulator/actions/{action.key}/{deed}/").status_code == 404
        for deed in ("delete", "ask-again"):
            assert browser.post(f"/projects/{slug}/simulator/gpt/{gpt.key}/{deed}/").status_code == 404
    assert Action.objects.filter(pk=action.pk).exists()


def test_many_actions_and_gpts_cost_no_more_queries(ann, page, gpt):
    def queries(url: str) -> int:
        page.get(url)
        with CaptureQueriesContext(connection) as found:
            page.get(url)
        return len(found)

    page.post(f"{at(gpt)}actions/new/", ACTION)
    one, first = queries(at(gpt)), queries(LIST)
    for number in range(5):
        page.post(f"{at(gpt)}actions/new/", ACTION | {"url": f"https://{number}.example.com/"})
        page.post(LIST, {"name": f"GPT {number}"})
    assert queries(at(gpt)) == one and queries(LIST) == first


def test_the_automatic_dialog_says_so(ann, page):
    gpt = setting.first(make.project("keyed", ann, make.contract(auth=ApiKey())))
    shown = page.get(f"/projects/keyed/simulator/gpt/{gpt.key}/").text
    assert "as the address asks" in shown and keeping.secrets(gpt.actions.get())["api_key"] not in shown
