"""The whole way of a plugin: found, verified, given its secrets, installed, called; another's and one's own."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from django.conf import settings

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.simulator import automatic, keeping
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import calling, installing, judging, own, signing
from actionstudio.apps.simulator.plugins.calling import Wish
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.simulator.plugins.fake import Plugin
from tests.provider import Elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
AT = "/.well-known/ai-plugin.json"


@pytest.fixture
def other():
    with Plugin() as found:
        yield found


@pytest.fixture
def shop(ann):
    return make.project("shop", ann)


def own_plugin(ann, **fields):
    """The install of a project's own address, and the project."""
    made = make.project("mine", ann, make.contract(**fields))
    return installing.find(made, ann, own.domains(made)[0])


def said(refused) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in refused.value.problems]


def test_a_plugin_without_sign_in_is_found_installed_and_called_with_the_headers_of_2023(shop, ann, other):
    row = installing.find(shop, ann, f"http://{other.domain}/")
    found = judging.judged(row)
    assert (row.domain, found.root, found.lacks, found.flaws) == (other.domain, "127.0.0.1", (), ())
    assert found.namespace.splitlines()[:2] == ["// Plugin for managing a to-do list.", "namespace todo {"]
    with pytest.raises(Refused) as refused:
        calling.call(row, Wish("listTodos"))
    assert said(refused) == [("", "not-installed")]
    done = calling.call(installing.install(row), Wish("addTodo", '{"todo": "milk"}'))
    assert (done.performed.code, json.loads(done.performed.told)) == ("", {"added": "milk"})
    _method, _path, heads, body = other.asked("/todos")[0]
    assert heads["openai-subdivision-1-iso-code"] == "US-CA" and json.loads(body) == {"todo": "milk"}
    assert heads["openai-conversation-id"] == done.identity.conversation and "openai-gpt-id" not in heads


def test_the_document_is_asked_for_again_with_each_request_and_the_manifest_is_not(shop, ann, other):
    row = installing.install(installing.find(shop, ann, other.domain))
    other.document["paths"]["/todos"]["get"]["operationId"] = "allTodos"
    done = calling.call(row, Wish("allTodos"))
    assert done.performed.code == "" and calling.call(row, Wish("listTodos")).performed.state == "refused"
    assert (len(other.asked("/openapi.json")), len(other.asked(AT))) == (3, 1)
    assert "allTodos" in PluginInstall.objects.get().document


def test_a_document_that_broke_since_ends_the_conversation_in_the_converters_words(shop, ann, other):
    row = installing.install(installing.find(shop, ann, other.domain))
    other.document["components"] = {"schemas": []}
    told = calling.call(row, Wish("listTodos")).performed.told
    assert told.startswith('Error getting system message: {"message":"Could not parse OpenAPI spec for plugin: [')
    other.document = None
    done = calling.call(row, Wish("listTodos")).performed
    assert (done.state, done.code, other.asked("/todos")) == ("refused", "document", [])
    assert "404" in done.refusal.detail


def test_what_is_not_found_is_told_in_chatgpts_words_and_in_ours(shop, ann, other):
    for manifest, why in ((None, "404"), (b'{"a": 1,}', "no JSON"), ([], "JSON object")):
        other.manifest = manifest
        with pytest.raises(Refused) as refused:
            installing.find(shop, ann, other.domain)
        assert str(refused.value).startswith("Failed to fetch localhost manifest. Check") and why in str(refused.value)
    assert not PluginInstall.objects.exists()


def test_redirects_are_followed_within_the_host_and_never_to_another(shop, ann, other):
    other.moved[AT] = "/elsewhere.json"
    assert installing.find(shop, ann, other.domain).url == f"{other.url}/elsewhere.json"
    for there in ("http://127.0.0.1:9/x", "https://example.com/ai-plugin.json", f"{other.url}{AT}"):
        other.moved[AT] = there
        with pytest.raises(Refused) as refused:
            installing.find(shop, ann, other.domain)
        assert said(refused) == [("/domain", "PL-15")]


def test_a_manifest_with_faults_is_shown_and_not_installed(shop, ann, other):
    other.manifest |= {"name_for_model": "my list", "contact_email": "nobody"}
    row = installing.find(shop, ann, other.domain)
    assert [one.rule for one in judging.judged(row).flaws] == ["PL-03", "PL-08"]
    with pytest.raises(Refused) as refused:
        installing.install(row)
    assert said(refused) == [("/flawed", "flawed")]


def test_a_document_that_cannot_be_had_is_a_fault_of_the_plugin(shop, ann, other):
    other.document = None
    row = installing.find(shop, ann, other.domain)
    flaw = judging.judged(row).flaws[-1]
    assert (flaw.rule, flaw.level, flaw.pointer) == ("PL-07", "fatal", "/api/url") and "404" in flaw.message


def test_a_service_is_verified_by_its_token_and_gets_its_key(shop, ann, other):
    other.manifest["auth"] = {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {}}
    row = installing.find(shop, ann, other.domain)
    assert re.fullmatch("[0-9a-f]{32}", row.token) and judging.judged(row).lacks == ("token", "secret")
    with pytest.raises(Refused) as refused:
        installing.verify(row)
    assert said(refused) == [("/token", "PL-14")] and row.verified is None
    other.manifest["auth"]["verification_tokens"] = {"openai": row.token}
    installing.verify(row)
    installing.give(row, secret="service-key-1")
    other.key = "Bearer service-key-1"
    done = calling.call(installing.install(row), Wish("listTodos"))
    assert json.loads(done.performed.told) == {"todos": ["milk"]}
    kept = PluginInstall.objects.get()
    assert b"service-key-1" not in bytes(kept.sealed) and "service-key-1" not in json.dumps(done.performed.plain())


def test_a_token_that_goes_from_the_manifest_ends_the_install_at_the_next_look(shop, ann, other):
    other.manifest["auth"] = {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {}}
    row = installing.find(shop, ann, other.domain)
    other.manifest["auth"]["verification_tokens"] = {"openai": row.token}
    installing.install(installing.give(installing.verify(row), secret="service-key-1"))
    other.manifest["auth"]["verification_tokens"] = {}
    with pytest.raises(Refused):
        installing.verify(row)
    row.refresh_from_db()
    assert (row.verified, row.installed) == (None, None)


@pytest.mark.parametrize(("scheme", "sent"), [("bearer", "Bearer my-token"), ("basic", "Basic my-token")])
def test_a_user_gives_a_token_of_their_own(shop, ann, other, scheme, sent):
    other.manifest["auth"] = {"type": "user_http", "authorization_type": scheme}
    row = installing.find(shop, ann, other.domain)
    assert judging.judged(row).lacks == ("secret",)
    other.key = sent
    installing.install(installing.give(row, secret="my-token"))
    assert calling.call(row, Wish("listTodos")).performed.code == ""


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_user_signs_in_as_at_a_plugin_and_calls_have_their_token(shop, ann, other, kind):
    with Elsewhere(automatic.callback_url()) as provider:
        provider.faults.add("json_only" if kind == "application/json" else "form_only")
        other.manifest["auth"] = {
            "type": "oauth", "client_url": f"{provider.url}/authorize", "scope": "read",
            "authorization_url": f"{provider.url}/token", "authorization_content_type": kind,
        }  # fmt: skip
        row = installing.find(shop, ann, other.domain)
        other.manifest["auth"]["verification_tokens"] = {"openai": row.token}
        installing.verify(row)
        installing.give(row, client_id=provider.client_id, secret=provider.client_secret)
        installing.install(row)
        unsigned = calling.call(row, Wish("listTodos")).performed
        assert (unsigned.code, signing.needed(row)) == ("sign-in", True)
        answer = httpx2.get(signing.begin(row, "/back/"), follow_redirects=False, trust_env=False)
        asked = parse_qsl(urlsplit(provider.asked("/authorize")[0][1]).query, keep_blank_values=True)
        assert [name for name, _ in asked] == ["response_type", "client_id", "scope", "state", "redirect_uri"]
        query = urlsplit(answer.headers["location"]).query
        back = signing.returned(ann, query)
        assert (back.back, back.fault, signing.returned(ann, query)) == ("/back/", "", None)
        assert provider.asked("/token")[0][2]["Content-Type"] == kind
        row.refresh_from_db()
        other.key = f"Bearer {signing.access(row)}"
        assert not signing.needed(row) and calling.call(row, Wish("listTodos")).performed.code == ""
        PluginInstall.objects.update(expires="2020-01-01T00:00Z")
        row.refresh_from_db()
        fresh = signing.access(row)
        assert f"Bearer {fresh}" != other.key and b"refresh_token" in provider.asked("/token")[1][3]
        provider.fresh.clear()
        PluginInstall.objects.update(expires="2020-01-01T00:00Z")
        row.refresh_from_db()
        assert signing.access(row) == "" and "invalid_grant" in PluginInstall.objects.get().fault


def test_a_stranger_s_browser_brings_nothing(shop, ann, eve, other):
    other.manifest["auth"] = {
        "type": "oauth",
        "client_url": "https://a.example/a",
        "authorization_url": "https://a.example/t",
    }
    row = installing.find(shop, ann, other.domain)
    row.oauth_client_id = "x"
    row.save()
    state = dict(parse_qsl(urlsplit(signing.begin(row, "/")).query))["state"]
    assert signing.returned(eve, f"code=1&state={state}") is None


def test_bad_secrets_are_refused_at_their_fields(shop, ann, other):
    other.manifest["auth"] = {"type": "user_http", "authorization_type": "bearer"}
    row = installing.find(shop, ann, other.domain)
    for secret in ("", " ", "a\nb", "x" * 8001, "å\u4e2d"):
        with pytest.raises(Refused) as refused:
            installing.give(row, secret=secret)
        assert refused.value.problems[0].pointer == "/secret"
    assert not keeping.held(row)


def test_found_again_it_is_to_be_installed_again_and_keeps_its_token(shop, ann, other):
    row = installing.install(installing.find(shop, ann, other.domain))
    again = installing.find(shop, ann, other.domain)
    assert (again.pk, again.token, again.installed) == (row.pk, row.token, None)


# The project's own address


def test_the_projects_own_plugin_is_found_inside_and_called_inside(ann):
    row = own_plugin(ann, auth=NoAuth())
    assert row.domain == f"mine.{settings.STUDIO_LIVE_DOMAIN}" and own.address(row) is not None
    assert [one.rule for one in judging.judged(row).flaws if one.level == "fatal"] == []
    done = calling.call(installing.install(row), Wish("getItems"))
    assert json.loads(done.performed.told) == {"ok": True}
    logged = {(one.path, one.source) for one in Exchange.objects.all()}
    assert logged == {(AT, "simulator"), ("/openapi.yaml", "simulator"), ("/items", "simulator")}
    call = Exchange.objects.get(path="/items")
    assert call.conversation_id == done.identity.conversation


@pytest.mark.parametrize("auth", [ServiceHttp("bearer"), ApiKey("bearer"), ApiKey("basic")])
def test_one_button_places_the_token_and_one_makes_the_key(ann, auth):
    row = own_plugin(ann, auth=auth)
    own.place_token(row, ann)
    assert installing.verify(row).verified is not None
    own.fill(row)
    assert calling.call(installing.install(row), Wish("getItems")).performed.code == ""


def test_a_key_that_was_made_for_an_install_ends_with_it(ann):
    row = own_plugin(ann, auth=ServiceHttp("bearer"))
    Key.mint(row.project, "The first")
    own.fill(row)
    assert row.project.keys.filter(revoked=None).count() == 2
    installing.remove(row)
    assert [key.name for key in Key.objects.filter(revoked=None)] == ["The first"]


def test_a_persons_own_key_is_made_for_user_http(ann):
    row = own.fill(own_plugin(ann, auth=UserHttp("bearer")))
    assert calling.call(installing.install(row), Wish("getItems")).performed.code == ""


def test_a_client_is_made_at_the_projects_own_provider_and_ends_with_the_install(ann):
    row = own_plugin(ann, auth=OAuth())
    own.place_token(row, ann)
    own.fill(installing.verify(row))
    assert row.client.client_id == row.oauth_client_id and judging.judged(row).lacks == ()
    assert signing.begin(installing.install(row), "/").startswith(f"http://{row.domain}/")
    project = row.project
    installing.remove(row)
    assert not project.clients.filter(registration_source="simulator").exists()


def test_what_is_not_ours_gets_no_button(shop, ann, other):
    row = installing.find(shop, ann, other.domain)
    for deed in (lambda: own.place_token(row, ann), lambda: own.fill(row)):
        with pytest.raises(Refused) as refused:
            deed()
        assert said(refused) == [("", "elsewhere")]


def test_an_address_that_is_pinned_gets_no_token(ann):
    row = own_plugin(ann, auth=ServiceHttp("bearer"))
    address = row.project.addresses.get()
    address.pinned = row.project.revisions.first()
    address.save()
    with pytest.raises(Refused) as refused:
        own.place_token(row, ann)
    assert said(refused) == [("/token", "pinned")]
