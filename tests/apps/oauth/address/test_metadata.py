"""What the provider says of itself: the same under every name it goes by, and nothing that nobody can use."""

import pytest

from actionstudio.apps.oauth.models import Client, Provider
from actionstudio.apps.publishing.models import Address
from actionstudio.core.auth import NoAuth, UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.oauth.entering import BELOW_LIVE, OWN_HOST, ask, shop

pytestmark = pytest.mark.django_db
SERVER, OPENID = "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"
RESOURCE = "/.well-known/oauth-protected-resource"
BASES = {OWN_HOST: "http://shop.live.localhost:8000", BELOW_LIVE: "http://localhost:8000/live/shop"}


def client(project, method="client_secret_post", grants=("authorization_code", "refresh_token"), **fields):
    return Client.objects.create(project=project, name="GPT", token_method=method, grants=list(grants), **fields)


@pytest.mark.parametrize("base", BASES)
def test_every_url_is_the_issuers_own(base):
    said = ask(shop(), "GET", SERVER, base=base).json
    assert said["issuer"] == BASES[base]
    urls = [value for name, value in said.items() if name.endswith(("_endpoint", "_uri", "_documentation"))]
    assert len(urls) == 9
    assert all(url.startswith(BASES[base] + "/") for url in urls)


@pytest.mark.parametrize("base", BASES)
def test_both_documents_are_one(base):
    project = shop()
    assert ask(project, "GET", SERVER, base=base).body == ask(project, "GET", OPENID, base=base).body


def test_a_bound_domain_is_the_issuer_for_those_who_come_by_it():
    project = shop()
    Address.objects.filter(project=project).update(domain="api.example.com")
    assert ask(project, "GET", SERVER, base=0).json["issuer"] == "http://api.example.com"
    assert ask(project, "GET", SERVER, base=-2).json["issuer"] == BASES[OWN_HOST]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", ["", "/mcp", "/items/a%20b"])
def test_a_resource_is_what_its_path_says_and_its_server_is_the_issuer(base, path):
    said = ask(shop(), "GET", RESOURCE + path, base=base).json
    assert said["resource"] == BASES[base] + path
    assert said["authorization_servers"] == [BASES[base]]
    assert said["scopes_supported"] == ["orders:read", "orders:write"]
    assert said["bearer_methods_supported"] == ["header"]


def test_the_front_door_answers_with_the_same_issuer():
    shop()
    said = frontdoor().call_blocking("shop", Call("GET", SERVER))
    assert b'"issuer": "http://shop.live.localhost:8000"' in said.reply.body
    assert said.record.kind == "oauth"


@pytest.mark.parametrize(
    ("methods", "listed"),
    [
        ((), ["client_secret_basic", "client_secret_post"]),
        (("client_secret_post",), ["client_secret_post"]),
        (("client_secret_basic",), ["client_secret_basic"]),
        (("any",), ["client_secret_basic", "client_secret_post"]),
        (("none",), ["none"]),
        (("none", "client_secret_post"), ["client_secret_post", "none"]),
    ],
)
def test_only_methods_that_a_client_of_the_project_uses_are_offered(methods, listed):
    project = shop()
    client(make.project("other"), "none")
    client(project, "none", enabled=False)
    for method in methods:
        client(project, method)
    said = ask(project, "GET", SERVER).json
    assert said["token_endpoint_auth_methods_supported"] == listed
    assert "none" not in said["introspection_endpoint_auth_methods_supported"]


def test_only_grants_that_a_client_of_the_project_uses_are_offered():
    project = shop()
    client(project, grants=["authorization_code"])
    assert ask(project, "GET", SERVER).json["grant_types_supported"] == ["authorization_code"]
    client(project, grants=["client_credentials"])
    assert ask(project, "GET", SERVER).json["grant_types_supported"] == ["authorization_code", "client_credentials"]


def test_no_refresh_is_offered_where_none_is_issued():
    project = shop()
    client(project)
    Provider.objects.create(project=project, refresh_days=0)
    assert ask(project, "GET", SERVER).json["grant_types_supported"] == ["authorization_code"]


def test_registration_is_offered_while_it_is_on_with_what_may_be_registered():
    project = shop()
    client(project)
    assert "registration_endpoint" not in ask(project, "GET", SERVER).json
    Provider.objects.update(registration=True)
    said = ask(project, "GET", SERVER).json
    assert said["registration_endpoint"] == BASES[OWN_HOST] + "/oauth/register"
    assert said["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post", "none"]


def test_what_mcp_clients_insist_on_is_said():
    said = ask(shop(), "GET", OPENID).json
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert said["client_id_metadata_document_supported"] is False
    assert said["request_uri_parameter_supported"] is False
    assert {"orders:read", "openid", "groups"} <= set(said["scopes_supported"])


@pytest.mark.parametrize("path", [SERVER, OPENID, RESOURCE, RESOURCE + "/mcp"])
def test_where_people_have_keys_no_app_is_sent_to_sign_in(path):
    said = ask(make.project("keys", value=make.contract(auth=UserHttp())), "GET", path)
    assert (said.status, said.json["title"]) == (404, "No app signs in here")


def test_where_nobody_signs_in_the_path_is_an_operations_like_any_other():
    make.project("open", value=make.contract(auth=NoAuth()))
    assert frontdoor().call_blocking("open", Call("GET", SERVER)).record.kind == "refused"


@pytest.mark.parametrize("path", [SERVER, OPENID, RESOURCE, RESOURCE + "/mcp", "/oauth/jwks"])
def test_any_page_may_read_it_and_a_known_answer_is_not_sent_again(path):
    project = shop()
    said = ask(project, "GET", path, origin="https://inspector.example")
    assert said.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in said.headers
    again = ask(project, "GET", path, if_none_match=said.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = frontdoor().call_blocking(project.slug, Call("HEAD", path)).reply
    assert (head.status, head.body, dict(head.headers)["etag"]) == (200, b"", said.headers["etag"])


@pytest.mark.parametrize("path", [SERVER, RESOURCE + "/mcp", "/oauth/jwks"])
def test_browsers_may_ask_with_the_headers_of_mcp(path):
    headers = {"access_control_request_headers": "mcp-protocol-version", "origin": "https://inspector.example"}
    said = ask(shop(), "OPTIONS", path, **headers)
    assert (said.status, said.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "mcp-protocol-version" in said.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("path", [SERVER, RESOURCE, "/oauth/jwks"])
def test_other_methods_are_refused_with_those_that_are_answered(path):
    said = ask(shop(), "POST", path, form={})
    assert (said.status, said.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_ten_clients_cost_as_much_as_twenty(django_assert_num_queries):
    project = shop()
    for _ in range(10):
        client(project)
    ask(project, "GET", SERVER)
    with django_assert_num_queries(9) as first:
        ask(project, "GET", SERVER)
    for _ in range(10):
        client(project)
    with django_assert_num_queries(len(first)):
        ask(project, "GET", SERVER)
