"""Clients written for Node sign in: openid-client and oauth4webapi, and the conformance suite of MCP judges."""

import re
import threading

import httpx2
import pytest

from tests import npm, real
from tests.stories.person import Person, bases, signing_project
from tests.studio import free_port

MISSING = npm.missing()
pytestmark = [
    pytest.mark.skipif(bool(MISSING) and not real.CI, reason=f"{MISSING} (make test fetches them)"),
    pytest.mark.sqlite_alone,  # once is enough for what takes a while: the simulator signs in on both databases
]
CALLBACK = "https://client.example/callback"
SCOPE = "openid profile email groups orders:read"
MOUNTS = {"host": "alice", "path": "bert"}  # and who signs in there
SUITE = "@modelcontextprotocol/conformance/dist/index.js"


@pytest.fixture(scope="module")
def clients(studio):
    grants = ["authorization_code", "refresh_token"]
    fields = {"redirect_uris": CALLBACK, "grants": grants, "pkce": "required"}
    return signing_project(
        studio,
        "shop-node",
        registration=True,
        none={**fields, "token_method": "none"},
        client_secret_basic={**fields, "token_method": "client_secret_basic"},
        client_secret_post={**fields, "token_method": "client_secret_post"},
    )


def learned(found, issuer):
    """What every flow has to come to."""
    claims, userinfo = found["claims"], found["userinfo"]
    assert claims["iss"] == issuer
    assert userinfo == {name: claims[name] for name in userinfo}
    assert (userinfo["groups"], userinfo["plan"]) == (["staff"], "gold")
    assert found["rotated"] is True


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
@pytest.mark.parametrize(("mount", "algorithm"), [("host", "oidc"), ("path", "oauth2")])
def test_openid_client_signs_in(studio, clients, mount, method, algorithm):
    issuer = bases(studio, "shop-node")[mount]
    client_id, secret = clients[method]
    resource = f"{issuer}/mcp" if algorithm == "oauth2" else None
    found = npm.signing_in(
        "openid.mjs",
        Person(studio, MOUNTS[mount]).go,
        issuer=issuer,
        algorithm=algorithm,
        clientId=client_id,
        secret=secret,
        method=method,
        callback=CALLBACK,
        scope=SCOPE,
        resource=resource,
    )
    learned(found, issuer)
    if method != "none":
        assert found["weighed"]["aud"] == [resource or issuer]
        assert found["after"] == {"active": False}


@pytest.mark.parametrize("method", ["client_secret_basic", "none"])
def test_openid_client_registers_itself_and_signs_in(studio, clients, method):
    issuer = bases(studio, "shop-node")["path"]
    found = npm.signing_in(
        "openid.mjs",
        Person(studio, "carol").go,
        issuer=issuer,
        algorithm="oauth2",
        method=method,
        callback=CALLBACK,
        scope=SCOPE,
        register=True,
    )
    learned(found, issuer)


@pytest.mark.parametrize("mount", MOUNTS)
def test_every_document_has_the_issuer_that_it_was_found_by(studio, clients, mount):
    issuer = bases(studio, "shop-node")[mount]
    resources = [issuer, f"{issuer}/mcp", f"{issuer}/items"]
    found = npm.signing_in("discovery.mjs", None, issuer=issuer, resources=resources)
    assert found["servers"]["oauth2"] == found["servers"]["oidc"]
    assert [one["resource"] for one in found["described"]] == resources
    assert {server for one in found["described"] for server in one["authorization_servers"]} == {issuer}


@pytest.mark.parametrize(
    ("mount", "method"), [("host", "client_secret_basic"), ("path", "client_secret_post"), ("path", "none")]
)
def test_the_conformance_suite_of_mcp_finds_nothing(studio, mount, method):
    slug, port = f"mcp-{mount}-{method.replace('_', '-')}", free_port()
    callback = f"http://127.0.0.1:{port}/callback"
    fields = {"redirect_uris": callback, "grants": ["authorization_code", "refresh_token"], "pkce": "required"}
    client_id, secret = signing_project(studio, slug, people=("alice",), it={**fields, "token_method": method})["it"]
    issuer = bases(studio, slug)[mount]
    asked = ["--url", issuer, "--client-id", client_id, "--resource", f"{issuer}/mcp", "--port", str(port)]
    said = judged(studio, [*asked, *(["--client-secret", secret] if secret else [])])
    passed = re.findall(r"✓ (authorization-[a-z-]+): (\d+) passed, (\d+) failed", said)
    assert [(name, failed) for name, _passed, failed in passed] == [
        ("authorization-server-metadata-endpoint", "0"),
        ("authorization-code-grant", "0"),
    ], said


def judged(studio, asked):
    """What the suite prints, with alice as the person in front of the browser it asks for."""
    said = []
    with npm.running(SUITE, "authorization", *asked) as run:
        end = threading.Timer(60, run.child.kill)
        end.start()
        for line in run.child.stdout:
            said.append(line)
            if "/oauth/authorize?" in line and line.startswith("http"):
                back = Person(studio).go(line.strip())
                assert httpx2.get(back, trust_env=False, timeout=30).status_code == 200
        end.cancel()
        assert run.child.wait(10) == 0, "".join(said) + run.told()
    return "".join(said)
