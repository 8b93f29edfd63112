"""A project's first GPT is there and ready without a question, whatever its address asks of callers."""

import base64
import hashlib

import pytest

from actionstudio.apps.oauth import entering, needing
from actionstudio.apps.publishing.models import Address, Key
from actionstudio.apps.release import credentials
from actionstudio.apps.signin import runs, values
from actionstudio.apps.simulator import automatic, keeping, setting
from actionstudio.core.auth import ApiKey, NoAuth, OAuth, Scope, ServiceHttp, UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OURS = OAuth((Scope("read", "Read"),))
KINDS = {
    "none": NoAuth(), "bearer": ApiKey(), "basic": ApiKey("basic"), "header": ApiKey("header", "X-Shop"),
    "service": ServiceHttp(), "service basic": ServiceHttp("basic"),
    "user": UserHttp(), "user basic": UserHttp("basic"),
    "elsewhere": OAuth(authorization_url="https://id.acme.test/a", token_url="https://id.acme.test/t"),
}  # fmt: skip


def header(action) -> tuple[tuple[str, str], ...]:
    """The credential as ChatGPT sends it."""
    text = keeping.secrets(action).get(keeping.KEY, "")
    if action.auth["type"] == "none":
        return ()
    kind = action.auth["authorization_type"]
    return ((action.auth["custom_auth_header"].lower(), text),) if kind == "custom" else (
        ("authorization", f"{kind.title()} {text}"),
    )  # fmt: skip


def called(project, action) -> int:
    return frontdoor().call_blocking(project.slug, Call("GET", "/items", "", header(action))).reply.status


def only(project):
    return setting.first(project).actions.select_related("client", "address__project").get()


def test_the_first_gpt_has_the_projects_name_its_address_and_what_its_operations_do(ann):
    project = make.project(
        "shop", ann, make.contract(make.operation(summary="List the items."), make.operation("POST"))
    )
    gpt = setting.first(project)
    assert (gpt.name, gpt.instructions, gpt.starters) == ("Shop", "", ["List the items"])
    assert gpt.actions.get().address == project.addresses.get()
    assert setting.first(project) == gpt and gpt.actions.count() == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("issued", [False, True])
def test_its_calls_are_let_in(ann, kind, issued):
    project = make.project("shop", ann, make.contract(auth=KINDS[kind]))
    if issued:
        credentials.mint(project, "mine")
    assert called(project, only(project)) == 200


def test_no_key_is_issued_where_any_is_taken_and_others_go_on_calling(ann):
    project = make.project("shop", ann, make.contract(auth=ApiKey()))
    setting.first(project)
    assert not Key.objects.exists()
    mine = Call("GET", "/items", "", (("authorization", "Bearer whatever-i-have"),))
    assert frontdoor().call_blocking("shop", mine).reply.status == 200


def test_when_a_key_is_issued_later_its_own_is_issued_too(ann):
    project = make.project("shop", ann, make.contract(auth=ApiKey("basic")))
    before = keeping.secrets(only(project))
    credentials.mint(project, "mine")
    action = only(project)
    assert called(project, action) == 200 and keeping.secrets(action) == before
    assert sorted(Key.objects.values_list("name", flat=True)) == ["Simulator", "mine"]
    assert b":" in base64.b64decode(before[keeping.KEY])


def test_a_key_that_somebody_has_revoked_stays_revoked(ann):
    project = make.project("shop", ann, make.contract(auth=ApiKey()))
    credentials.mint(project, "mine")
    only(project)
    credentials.revoke(project, Key.objects.get(name="Simulator").pk)
    assert called(project, only(project)) == 401


def test_it_follows_the_project_to_another_kind_of_sign_in_and_back(ann):
    project = make.project("shop", ann, make.contract(auth=NoAuth()))
    assert only(project).auth == {"type": "none"}
    credentials.choose(project, OURS, ann)
    action = only(project)
    assert (action.auth["type"], action.auth["scope"]) == ("oauth", "read")
    assert action.auth["oauth_client_id"] == action.client.client_id
    client = action.client
    credentials.choose(project, ApiKey(), ann)
    action = only(project)
    assert action.client is None and not project.clients.filter(pk=client.pk).exists()
    assert list(keeping.secrets(action)) == [keeping.KEY] and called(project, action) == 200


def test_its_client_returns_to_the_simulator_alone_and_is_nobodys_but_its_own(ann):
    project = make.project("shop", ann, make.contract(auth=OURS))
    client = only(project).client
    assert client.uris == [automatic.callback_url()] and client.lapses is None
    assert entering.usual(project) is None and values.first_client(project) is None
    assert needing.need(project, make.contract(auth=OURS)) is not None
    runs.sweep(project)
    runs.tidy(project)
    assert project.clients.filter(pk=client.pk).exists()
    only(project)
    assert project.clients.count() == 1


def test_a_client_that_was_deleted_is_made_anew(ann):
    project = make.project("shop", ann, make.contract(auth=OURS))
    only(project).client.delete()
    assert only(project).client is not None


def test_the_secrets_stand_in_no_row_unsealed(ann):
    project = make.project("shop", ann, make.contract(auth=ApiKey()))
    action = only(project)
    text = keeping.secrets(action)[keeping.KEY]
    assert text.encode() not in bytes(action.sealed) and text not in str(action.auth)


def test_where_each_person_has_a_key_its_own_is_a_persons_key(ann):
    project = make.project("shop", ann, make.contract(auth=UserHttp()))
    text = keeping.secrets(only(project))[keeping.KEY]
    alice = project.end_users.get(username="alice")
    assert alice.keys.get().digest == hashlib.sha256(text.encode()).hexdigest()


def test_without_an_address_there_is_a_gpt_and_its_action_comes_with_one(ann):
    project = make.project("shop", ann)
    project.addresses.all().delete()
    assert not setting.first(project).actions.exists()
    Address.objects.create(project=project, name="again")
    assert only(project).address.name == "again"
