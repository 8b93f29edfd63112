"""The actions of a GPT are added, changed, taken anew and removed as in ChatGPT's editor, with what it says."""

import json

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.release import credentials
from actionstudio.apps.simulator import actions, dialog, judging, keeping, setting
from actionstudio.apps.simulator.actions import Given
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.chatting import asking
from actionstudio.apps.simulator.models import Gpt
from actionstudio.core.auth import ApiKey, OAuth
from actionstudio.core.problem import Refused
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PATH = {"get": {"operationId": "listPets", "responses": {"200": {"description": "OK"}}}}


def spec(host: str = "pets.example.com", **paths) -> str:
    told = {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": f"https://{host}"}]}
    return json.dumps(told | {"paths": {"/pets": PATH, **paths}})


@pytest.fixture
def web(monkeypatch):
    """The documents of the internet, by their links."""
    found = {"https://pets.example.com/openapi.json": spec()}
    monkeypatch.setattr(acting, "fetched", lambda project, url: found[url])
    return found


@pytest.fixture
def gpt(ann):
    return setting.first(make.project("shop", ann))


def add(gpt, url="https://pets.example.com/openapi.json", **given):
    return actions.save(gpt, Given(url=url, **given))


def pointers(gpt, given, action=None) -> list[str]:
    with pytest.raises(Refused) as refused:
        actions.save(gpt, given, action)
    return [one.pointer for one in refused.value.problems]


def test_a_second_action_brings_its_operations(gpt, web):
    action = add(gpt, auth=dialog.key(dialog.BASIC), secret="dXNlcjpwYXNz")
    assert [op.operation_id for op in acting.of(action).imported.kept] == ["listPets"]
    assert keeping.secrets(action) == {"api_key": "dXNlcjpwYXNz"} and action.fetched
    assert b"dXNlcjpwYXNz" not in bytes(action.sealed)
    assert [host.partition(":")[0] for host in judging.hosts(gpt)] == ["shop.live.localhost", "pets.example.com"]


def test_a_gpt_has_one_action_a_host(gpt, web):
    add(gpt)
    with pytest.raises(Refused, match="Action sets cannot have duplicate domains - pets.example.com already exists"):
        add(gpt)
    assert gpt.actions.count() == 2


def test_its_own_host_is_no_duplicate_when_it_is_saved_again(gpt, web):
    action = add(gpt)
    again = actions.save(gpt, Given(url=action.url, privacy_url="https://pets.example.com/privacy"), action)
    assert again.pk == action.pk and again.privacy_url


def test_a_document_of_which_nothing_is_taken_is_refused_with_the_editors_words(gpt, web):
    web["https://pets.example.com/x"] = "not a document"
    with pytest.raises(Refused, match="Could not parse valid OpenAPI spec"):
        add(gpt, "https://pets.example.com/x")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (Given(), ["/url"]),
        (Given(url="pets"), ["/url"]),
        (Given(url="https://a:b@pets.example.com/"), ["/url"]),
        (Given(url="https://pets.example.com/openapi.json", privacy_url="x"), ["/privacy_url"]),
        (Given(url="https://pets.example.com/openapi.json", automatic=True), ["/auth"]),
        (Given(url="https://pets.example.com/openapi.json", auth={"type": "magic"}), ["/auth"]),
        (Given(url="https://pets.example.com/openapi.json", auth=dialog.key("bearer")), ["/secret"]),
        (Given(url="https://pets.example.com/openapi.json", auth=dialog.key("x"), secret="a"), ["/authorization_type"]),
        (Given(url="https://p.example.com/", auth=dialog.key("custom", "a b"), secret="a"), ["/custom_auth_header"]),
        (Given(url="https://p.example.com/", auth=dialog.key("bearer"), secret="schlüssel"), ["/secret"]),
        (Given(url="https://p.example.com/", auth=dialog.oauth("", "x", exchange="y")),
         ["/client_url", "/authorization_url", "/oauth_client_id", "/token_exchange_method"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(gpt, web, given, wrong):
    assert pointers(gpt, given) == wrong
    assert gpt.actions.count() == 1


def test_a_secret_is_kept_when_none_is_typed_and_forgotten_with_its_kind(gpt, web):
    action = add(gpt, auth=dialog.key("bearer"), secret="s3cret-text")
    again = actions.save(gpt, Given(url=action.url, auth=dialog.key("custom", "X-Key")), action)
    assert keeping.secrets(again) == {"api_key": "s3cret-text"}
    none = actions.save(gpt, Given(url=action.url), again)
    assert keeping.secrets(none) == {} and none.sealed is None
    assert pointers(gpt, Given(url=action.url, auth=dialog.key("bearer")), none) == ["/secret"]


def test_a_stored_copy_stays_until_it_is_taken_anew_which_tells_what_changed(gpt, web):
    action = add(gpt)
    web[action.url] = spec(
        **{"/pets": {"get": {**PATH["get"], "description": "All pets"}, "post": {"operationId": "add"}}}
    )
    assert len(acting.of(action).imported.kept) == 1
    actions.take(action)
    assert action.changes == [
        {"kind": "changed", "name": "listPets", "parts": ("words",)},
        {"kind": "added", "name": "add", "parts": ()},
    ]
    web[action.url] = spec()
    action.refresh_from_db()
    assert {one["kind"]: one["name"] for one in actions.take(action).changes} == {
        "changed": "listPets",
        "removed": "add",
    }


def test_an_address_is_followed_or_a_copy_of_it_kept(gpt, ann):
    action = gpt.actions.get()
    kept = actions.save(gpt, Given(address=action.address, follows=False, automatic=True), action)
    assert kept.document and kept.revision == 1 and not acting.of(kept).stale
    editing.replace(gpt.project, make.contract(make.operation(), make.operation("POST")), by=ann, note="more")
    assert acting.of(kept).stale and len(acting.of(kept).imported.kept) == 1
    actions.take(kept)
    assert (kept.revision, [one["name"] for one in kept.changes]) == (2, ["postItems"])
    live = actions.save(gpt, Given(address=action.address, automatic=True), kept)
    assert not acting.of(live).stale


def test_whoever_fills_in_the_dialog_ends_what_was_made_by_itself(ann):
    gpt = setting.first(make.project("shop", ann, make.contract(auth=OAuth())))
    action = gpt.actions.get()
    client = action.client
    mine = actions.save(gpt, Given(address=action.address, auth=dialog.key("bearer"), secret="typed-by-me"), action)
    assert mine.client is None and not gpt.project.clients.filter(pk=client.pk).exists()
    setting.ready(gpt)
    mine.refresh_from_db()
    assert keeping.secrets(mine) == {"api_key": "typed-by-me"}
    again = actions.save(gpt, Given(address=action.address, automatic=True), mine)
    assert again.auth["type"] == "oauth" and again.client is not None


def test_what_was_made_for_an_action_goes_with_it(ann):
    project = make.project("shop", ann, make.contract(auth=ApiKey()))
    credentials.mint(project, "mine")
    gpt = setting.first(project)
    assert Key.objects.filter(name="Simulator", revoked=None).exists()
    setting.delete(gpt)
    assert not Gpt.objects.exists() and not Key.objects.filter(name="Simulator", revoked=None).exists()


def test_a_workspace_that_does_not_list_the_domain_lets_nobody_call_it(gpt, web):
    action = add(gpt)
    setting.change(gpt, {"domains": ["example.com"]})
    action.refresh_from_db()
    assert acting.of(action).tools
    setting.change(gpt, {"domains": []})
    action.refresh_from_db()
    assert not acting.of(action).tools
    why = asking.deck(gpt).faults[-1]
    assert why == "The workspace does not allow pets.example.com, so the model has nothing of its action."
    said = [one.text for one in judging.of_action(action).messages]
    assert "No domains are allowed by your workspace's settings." in said


def test_sharing_wants_a_privacy_policy_and_a_category(gpt, web):
    action = add(gpt)
    setting.change(gpt, {"public": True})
    action.refresh_from_db()
    assert "Public actions require valid privacy policy URLs" in [
        one.text for one in judging.of_action(action).messages
    ]
    assert [one.text for one in judging.of_itself(action.gpt)] == ["Public GPTs must have a category"]


def test_the_fields_of_a_gpt_are_judged_in_chatgpts_words(gpt):
    with pytest.raises(Refused, match="GPT name cannot be empty"):
        setting.change(gpt, {"name": " "})
    with pytest.raises(Refused, match="GPT instructions too long"):
        setting.change(gpt, {"instructions": "x" * 8001})
    with pytest.raises(Refused, match="lines"):
        setting.change(gpt, {"starters": ["x"] * 21})
    assert Gpt.objects.get().name == "Shop"


def test_a_gpt_takes_ten_actions(gpt, web):
    for number in range(9):
        web[f"https://{number}.example.com/"] = spec(f"{number}.example.com")
        add(gpt, f"https://{number}.example.com/")
    with pytest.raises(Refused, match="at most 10 actions"):
        add(gpt)


def test_a_further_gpt_has_the_projects_address_too(gpt):
    made = setting.make(gpt.project, {"name": "Second", "instructions": "Be brief."})
    assert made.actions.get().automatic and gpt.project.gpts.count() == 2 and setting.first(gpt.project) == gpt
