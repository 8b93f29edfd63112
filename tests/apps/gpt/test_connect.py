"""Connect to GPT: the checks, the values to enter, the light, the probe, and what became of the imported copy."""

import dataclasses
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import editing, load
from actionstudio.apps.gpt import calls, probing
from actionstudio.apps.gpt.connecting import Connection
from actionstudio.apps.oauth import people, registering, secrets
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic import walking
from actionstudio.core.auth import ApiKey, Declared, OAuth, Scope, UserHttp
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")
PUBLIC = "https://studio.acme.com"


@pytest.fixture
def project(client):
    made = make.project()
    client.force_login(made.owner)
    return made


@pytest.fixture
def public(settings):
    """The studio behind a public address."""
    settings.STUDIO_PUBLIC_URL = PUBLIC
    return f"{PUBLIC}/live/items"


def url(name="connect", slug="items"):
    return reverse(f"gpt:{name}", args=[slug])


def page(client, **query):
    return client.get(url(), query).text


def checks(project):
    """The checks by their order: documents, operations, sign-in, privacy, address, call."""
    return Connection(project, load.contract(project)).checks()


def changed(project, **fields):
    contract = dataclasses.replace(load.contract(project), **fields)
    return editing.replace(project, contract, by=project.owner, note="Changed")


@pytest.mark.parametrize("name", ["connect", "light", "probe", "document"])
def test_eve_sees_nothing(client, eve, project, name):
    client.force_login(eve)
    assert client.get(url(name)).status_code == 404
    assert client.post(url(name)).status_code in (404, 405)


# The checks


def test_a_document_without_a_message_is_fine(project):
    assert [check.kind for check in checks(project)[:2]] == ["o", "o"]


def test_a_document_that_is_refused_says_what_chatgpt_says(project):
    changed(project, operations=tuple(make.operation("GET", f"/i{n}") for n in range(31)))
    document, operations = checks(project)[:2]
    assert (document.kind, document.cure) == ("e", "OpenAPI spec can have a maximum of 30 operations")
    assert operations.kind == "e"
    assert operations.title == "31 endpoints, ChatGPT takes 30"


def test_an_operation_that_is_dropped_is_counted(project):
    body = Body(content=(Media("application/json", {"type": "array", "items": {"type": "string"}}),))
    changed(project, operations=(make.operation(), make.operation("POST", "/list", body=body)))
    document, operations = checks(project)[:2]
    assert (document.kind, operations.kind) == ("w", "w")
    assert operations.title == "1 of 30 operations"
    assert operations.cure == "1 more is dropped."


@pytest.mark.parametrize("operations", [(), (make.operation(exposed=False),)])
def test_without_an_endpoint_there_is_nothing_to_connect(project, operations):
    changed(project, operations=operations)
    assert checks(project)[1].kind == "e"


def test_sign_in_says_what_is_missing(project):
    assert checks(project)[2].title == "No sign-in is needed"
    changed(project, auth=ApiKey())
    assert checks(project)[2].title == "No key is issued"
    Key.mint(project, "GPT")
    assert checks(project)[2].kind == "o"


SCOPES = OAuth((Scope("read", "Read"),))


def test_sign_in_by_oauth_needs_a_client_and_its_callback(project):
    changed(project, auth=SCOPES)
    assert (checks(project)[2].kind, checks(project)[2].title) == ("e", "Make a client for the GPT")
    client = registering.register(project, "gpt", name="GPT")
    assert (checks(project)[2].kind, checks(project)[2].title) == ("e", "Make the client secret")
    secrets.mint(client)
    assert (checks(project)[2].kind, checks(project)[2].title) == ("w", "The client has no Callback URL yet")
    registering.change(client, redirect_uris=["https://chatgpt.com/aip/g-123/oauth/callback"])
    assert (checks(project)[2].kind, checks(project)[2].title) == ("o", "Sign-in by OAuth")
    registering.switch(client, False)
    assert checks(project)[2].kind == "e"


def test_oauth_at_ones_own_server_needs_no_client_here(client, project):
    changed(project, auth=OAuth((), "https://a.example/a", "https://a.example/t"))
    assert (checks(project)[2].kind, checks(project)[2].title) == ("o", "Sign-in by OAuth at your server")
    text = page(client)
    assert 'data-copy="https://a.example/a"' in text
    assert "Open the client" not in text


def test_the_values_of_the_client_are_on_the_page_in_chatgpts_order(client, project):
    changed(project, auth=SCOPES)
    assert "there is none yet" in page(client)
    row = registering.register(project, "gpt", name="GPT")
    text = page(client)
    labels = ["Authentication Type", "Client ID", "Client Secret", "Authorization URL", "Token URL", "Scope"]
    places = [text.index(f'<span class="lbl">{label}</span>') for label in [*labels, "Token Exchange Method"]]
    assert places == sorted(places)
    assert f'data-copy="{row.client_id}"' in text
    assert "/oauth/authorize" in text


def test_a_key_for_each_person_needs_one(project):
    changed(project, auth=UserHttp())
    assert (checks(project)[2].kind, checks(project)[2].title) == ("e", "Issue a key to a person")
    people.mint_key(people.make(project, "mia", password="correct horse battery"), "curl")
    assert checks(project)[2].kind == "w"


@pytest.mark.parametrize(
    ("outcome", "word"), [("expired", "refresh token"), ("scope", "lacks a scope"), ("missing", "anew")]
)
def test_a_token_that_is_no_good_is_told_with_its_cure(project, outcome, word):
    changed(project, auth=SCOPES)
    make.exchange(project, status=403 if outcome == "scope" else 401, source="gpt", kind="refused", auth=outcome)
    assert checks(project)[2].kind == "e"
    assert word in checks(project)[2].cure


def declared(project, *ways, repair=False, **schemes):
    extra = {"components": {"securitySchemes": schemes}}
    changed(project, auth=Declared(), security=ways, extra=extra, repairs={"one-credential": {}} if repair else {})


def test_of_several_schemes_the_one_that_is_asked_for_counts(project):
    declared(project, {"a": []}, a={"type": "http", "scheme": "bearer"}, b={"type": "http", "scheme": "basic"})
    assert checks(project)[2].title == "No key is issued"
    declared(project, a={"type": "http", "scheme": "bearer"})
    assert checks(project)[2].title == "No sign-in is needed"


def test_the_values_of_a_declared_scheme_are_on_the_page(client, project):
    declared(project, {"k": []}, k={"type": "apiKey", "in": "header", "name": "X-Mine"})
    text = page(client)
    assert "Custom Header Name" in text and "X-Mine" in text


def test_what_chatgpt_cannot_send_is_an_error_until_it_is_repaired(project):
    key = {"type": "apiKey", "in": "query", "name": "key"}
    declared(project, {"k": []}, k=key)
    assert checks(project)[2].kind == "e"
    assert "refused with 401" in checks(project)[2].title
    declared(project, {"k": []}, k=key, repair=True)
    assert checks(project)[2].title == "No key is issued"


def test_oauth_needs_no_key_of_ours(project):
    flow = {"authorizationUrl": "https://x.test/a", "tokenUrl": "https://x.test/t", "scopes": {}}
    declared(project, {"o": []}, o={"type": "oauth2", "flows": {"authorizationCode": flow}})
    assert (checks(project)[2].kind, checks(project)[2].title) == ("o", "Sign-in by OAuth")
    Key.mint(project, "GPT")
    assert checks(project)[2].kind == "w"


def test_a_refused_credential_is_named(project):
    make.exchange(project, status=401, source="gpt", kind="refused", auth="wrong")
    assert checks(project)[2].title == "ChatGPT's last call came without a valid credential"
    make.exchange(project, source="gpt", auth="ok")
    assert checks(project)[2].kind == "o"


def test_the_privacy_policy_should_be_ones_own(project):
    assert checks(project)[3].kind == "w"
    changed(project, privacy="# Ours")
    assert checks(project)[3].kind == "o"


def test_an_address_on_this_machine_is_wrong(client, project):
    assert checks(project)[4].kind == "e"
    text = page(client)
    assert "known here only" in text
    assert "cloudflared tunnel" in text
    assert "Try it as ChatGPT" not in text


def test_a_public_address_is_to_be_tried(client, project, public):
    assert checks(project)[4].title == "The address was not tried yet"
    text = page(client)
    assert "cloudflared" not in text
    assert text.count("Try it as ChatGPT</button>") == 1  # its own host below localhost is not


def test_an_address_that_chatgpt_called_is_reached(project, public):
    make.exchange(project, source="gpt")
    assert checks(project)[4].kind == "o"


def test_the_last_call_is_judged(project):
    assert checks(project)[5].kind == "w"
    make.exchange(project, source="client")
    assert checks(project)[5].kind == "w"
    make.exchange(project, source="gpt", status=500)
    assert checks(project)[5].title == "ChatGPT's last call was answered 500"
    make.exchange(project, source="gpt")
    assert checks(project)[5].kind == "o"


# What to enter


def test_every_value_of_the_panel_is_there_to_copy(client, project, public):
    text = page(client)
    for value in (f"{public}/openapi.json", f"{public}/privacy", "None"):
        assert f'data-copy="{value}"' in text
    assert f'data-copy-from="{url("document")}"' in text
    order = ["Instructions", "Conversation starters", "Authentication", "Import from URL", "Privacy policy", "Callback"]
    places = [text.index(f"<h3>{words}") if f"<h3>{words}" in text else text.index(words) for words in order[:2]]
    places += [text.index(words, places[-1]) for words in order[2:]]
    assert places == sorted(places)


def test_the_document_to_paste_names_the_address_that_chatgpt_reaches(client, project, public):
    assert f"servers:\n  - url: {public}\n" in client.get(url("document")).text


def test_a_keys_kind_is_what_the_dialog_asks_for(client, project):
    changed(project, auth=ApiKey("header", "X-Acme-Key"))
    text = page(client)
    assert 'data-copy="X-Acme-Key"' in text
    assert 'data-copy="Custom"' in text


def test_texts_of_the_project_are_shown_as_text(client, project):
    changed(project, title="<b>Acme</b>", operations=(make.operation(summary="<i>List</i>"),))
    text = page(client)
    assert "<b>Acme</b>" not in text
    assert "<i>List</i>" not in text


# The light


def test_the_light_waits_and_asks_again(client, project):
    part = client.get(url("light")).text
    assert 'hx-trigger="every 2s"' in part
    assert "Waiting for ChatGPT" in part
    assert "<html" not in part


def test_the_first_call_turns_it_on_and_ends_the_asking(client, project):
    make.exchange(project, source="client")
    make.exchange(project, source="gpt", kind="document", path="/openapi.json")
    assert "every 2s" in client.get(url("light")).text
    call = make.exchange(project, source="gpt", operation_id="getItems")
    part = client.get(url("light")).text
    assert "every 2s" not in part
    assert "ChatGPT called getItems" in part
    assert reverse("traffic:exchange", args=["items", call.public_id]) in part


def test_one_can_wait_for_the_next_call(client, project):
    call = make.exchange(project, source="gpt")
    assert f"?after={call.pk}" in client.get(url("light")).text
    waiting = client.get(url("light"), {"after": call.pk}).text
    assert f'hx-get="{url("light")}?after={call.pk}"' in waiting
    make.exchange(project, source="gpt", at=(call.pk >> 20) + 1000)
    assert "every 2s" not in client.get(url("light"), {"after": call.pk}).text


@pytest.mark.parametrize("after", ["x", "-1", "9" * 19, "9" * 40, "²"])
def test_rubbish_is_waited_for_as_nothing(client, project, after):
    assert client.get(url("light"), {"after": after}).status_code == 200
    assert client.get(url(), {"after": after}).status_code == 200


def test_a_call_of_another_project_is_not_ours(client, project):
    make.exchange(make.project("other"), source="gpt")
    assert "every 2s" in client.get(url("light")).text


def test_the_log_is_read_by_index_and_a_bounded_way(project):
    for n in range(5):
        make.exchange(project, source="gpt" if n == 0 else "client", at=1_700_000_000_000 + n)
    assert calls.newest_call(project, walk=4) is None
    assert calls.newest_call(project, walk=5) is not None
    sql = f"{walking.ENTRY} WHERE project_id = %s AND id > %s ORDER BY id DESC LIMIT %s"
    plan = " ".join(walking.explain(sql, [project.pk, 0, 5]))
    assert "exchange_newest" in plan or "Scan" in plan  # PostgreSQL reads a table of five rows without its index
    assert "TEMP B-TREE" not in plan


# What ChatGPT imported


def test_a_document_never_fetched_is_said_to_be_so(client, project):
    assert "The log knows of no fetch of the document yet" in page(client)


def test_an_unchanged_document_is_said_to_be_the_same(client, project):
    make.exchange(project, source="gpt", kind="document", path="/openapi.json", revision=1)
    text = page(client)
    assert "ChatGPT fetched your document" in text
    assert "It still says the same." in text


def test_changes_since_the_import_are_counted_and_compared(client, project):
    make.exchange(project, source="gpt", kind="document", path="/openapi.yaml", revision=1)
    changed(project, title="New", operations=(make.operation(summary="New"),))
    text = page(client)
    assert "It has changed since: 2 changes." in text
    assert reverse("release:compare", args=["items", 1, 2]) in text
    assert "import it again" in text


def test_changes_that_chatgpt_would_not_see_are_none(client, project):
    make.exchange(project, source="gpt", kind="document", path="/openapi.json", revision=1)
    changed(project, privacy="# Ours", contact_email="a@b.example")
    assert "It still says the same." in page(client)


def test_what_a_pinned_address_serves_is_compared(client, project):
    make.exchange(project, source="gpt", kind="document", path="/openapi.json", revision=1)
    changed(project, title="New")
    project.addresses.update(pinned=project.revisions.get(number=1))
    assert "It still says the same." in page(client)


def test_another_clients_fetch_is_not_chatgpts(client, project):
    make.exchange(project, source="client", kind="document", path="/openapi.json", revision=1)
    text = page(client)
    assert "no fetch by ChatGPT. Somebody else fetched" in text
    assert "ChatGPT fetched your document" not in text


@pytest.mark.parametrize(
    "fields",
    [{"path": "/privacy"}, {"path": "/openapi.json", "status": 404}, {"path": "/openapi.json", "query": "revision=3"}],
)
def test_other_documents_are_no_import(client, project, fields):
    make.exchange(project, source="gpt", kind="document", revision=1, **fields)
    assert calls.newest_fetch(project) is None


# The probe


def test_the_probe_says_what_came(client, project, public, monkeypatch):
    document = b'{"openapi": "3.1.0", "servers": [{"url": "%s"}]}' % public.encode()
    answer = Fetched(200, (("content-type", "application/json"),), document, public, 20_000)
    monkeypatch.setattr(probing.outbound, "fetch", lambda *a, **k: answer)
    response = client.post(url("probe"), {"url": public})
    assert response["Location"] == f"{url()}#address"
    text = page(client)
    assert "The document arrives." in text
    assert checks(project)[4].kind == "o"


def test_htmx_gets_the_result_alone(client, project, public, monkeypatch):
    def fetch(*args, **options):
        raise OutboundRefused("the certificate <expired>", "tls")

    monkeypatch.setattr(probing.outbound, "fetch", fetch)
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    text = client.post(url("probe"), {"url": public}, **asked).text
    assert text.strip().startswith('<div id="probed"')
    assert "The certificate is not accepted." in text
    assert "&lt;expired&gt;" in text
    assert "every 1s" not in text
    assert checks(project)[4].kind == "e"


def test_a_probe_under_way_is_asked_for_again(client, project, public):
    project.jobs.create(owner=project.owner, kind="actionstudio.apps.gpt.probing.work", input={"address": public})
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    assert "every 1s" in client.get(url("probe"), **asked).text
    assert checks(project)[4].title == "The address was not tried yet"


def test_what_was_found_at_another_address_says_nothing_of_this_one(client, project, public):
    work = {"kind": "actionstudio.apps.gpt.probing.work", "state": "done", "result": {"code": "ok"}}
    project.jobs.create(owner=project.owner, input={"address": "https://former.acme.com"}, **work)
    assert checks(project)[4].title == "The address was not tried yet"
    assert "https://former.acme.com" in page(client)
    project.jobs.create(owner=project.owner, input={"address": public}, **work)
    assert checks(project)[4].kind == "o"


@pytest.mark.parametrize("elsewhere", ["https://evil.example.com", "http://items.live.localhost:8000", ""])
def test_only_the_projects_own_usable_addresses_are_tried(client, project, public, monkeypatch, elsewhere):
    monkeypatch.setattr(probing.outbound, "fetch", lambda *a, **k: pytest.fail("called"))
    client.post(url("probe"), {"url": elsewhere})
    assert project.jobs.count() == 0


def test_reading_the_probes_address_leads_to_the_page(client, project):
    assert client.get(url("probe"))["Location"] == f"{url()}#address"


# Around it


def test_the_page_costs_the_same_queries_for_one_and_many(client, project):
    make.exchange(project, source="gpt", kind="document", path="/openapi.json", revision=1)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    many = tuple(make.operation("GET", f"/i{n}", parameters=(Parameter("q"),)) for n in range(30))
    big = make.project("big", value=make.contract(*many))
    for n in range(50):
        make.exchange(big, source="gpt" if n else "client", kind="document", path="/openapi.json", revision=1)
    client.get(url(slug="big"))
    with CaptureQueriesContext(connection) as more:
        client.get(url(slug="big"))
    assert len(more) == len(few) <= 26


def test_it_works_without_an_address(client, project):
    project.addresses.all().delete()
    assert "The project has no address." in page(client)


def test_it_is_linked_from_where_one_looks(client, project):
    overview = client.get(reverse("library:overview", args=["items"])).text
    assert re.search(f'<a class="btn primary" href="{url()}"', overview)
    assert re.search(f'<a class="link" href="{url()}"', overview)  # the first steps
