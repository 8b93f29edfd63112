"""Gateways in front of real servers: PowerDNS, whose own document is imported, and the admin API of Caddy."""

import os

import httpx2
import pytest

from tests import postgres, real
from tests.stories.test_api_job import made
from tests.studio import Studio

MISSING = [name for name in real.PROGRAMS if real.program(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING) and not real.CI, reason=f"not here: {', '.join(MISSING)} (make test fetches them on Debian as root)"
)
JSON = {"content-type": "application/json"}
ZONE = {"name": "example.org.", "kind": "Native", "nameservers": ["ns1.example.org."]}
RECORD = {"name": "www.example.org.", "type": "A", "ttl": 60, "changetype": "REPLACE"}
RECORDS = {"rrsets": [{**RECORD, "records": [{"content": "192.0.2.7", "disabled": False}]}]}


@pytest.fixture(scope="module")
def studio():
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    env = {**postgres.shared_cache(), "STUDIO_ALLOW_PRIVATE_UPSTREAMS": "true"}
    with Studio(workers=workers, database_url=database, env=env) as running:
        yield running


@pytest.fixture(scope="module")
def api(studio):
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{studio.url}/api/v1/", headers=headers, trust_env=False, timeout=90) as client:
        yield client


@pytest.fixture(scope="module")
def dns():
    with real.powerdns() as running:
        yield running


@pytest.fixture(scope="module")
def caddy():
    with real.caddy() as running:
        yield running


def stand_before(api, slug: str, url: str, key: str = "", **fields) -> None:
    """An upstream "real" of the project, with its key."""
    wish = {"name": "real", "backends": [{"url": url}], **fields}
    if key:
        wish |= {"secret": "key", "secret_in": "header", "secret_name": "X-API-Key"}
    made(api.post(f"projects/{slug}/upstreams/", json=wish))
    if key:
        made(api.put(f"projects/{slug}/secrets/key/", json={"text": key}), 200)


def forward(api, slug: str, *operations: str, **fields) -> None:
    for name in operations:
        wish = {"behaviour": {"kind": "proxy", "upstream": "real", **fields}}
        made(api.patch(f"projects/{slug}/operations/{name}/", json=wish), 200)


def document(title: str, **paths) -> str:
    import json

    return json.dumps({"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths})


def answers(description="OK"):
    return {"200": {"description": description}, "default": {"description": "Anything else"}}


@pytest.fixture(scope="module")
def zones(studio, api, dns):
    """PowerDNS behind a project made of its own document, which came through another project that holds its key."""
    paths = {"/api/docs": {"get": {"operationId": "docs", "responses": answers()}}}
    made(api.post("projects/import/", json={"source": document("Docs", **paths), "slug": "dns-docs"}))
    stand_before(api, "dns-docs", dns.url, dns.key)
    forward(api, "dns-docs", "docs")
    studio.settle()
    link = f"{studio.url}/live/dns-docs/api/docs"
    imported = made(api.post("projects/import/", json={"url": link, "slug": "dns"}))
    assert imported["report"]["format"] == "Swagger 2.0"
    assert imported["report"]["operations_kept"] >= 36
    stand_before(api, "dns", dns.url + "/api/v1", dns.key, health="/servers")
    made(api.patch("projects/dns/document/", json={"validation": "report"}), 200)
    names = ("listZones", "createZone", "listZone", "patchZone", "deleteZone", "searchData", "listServers")
    forward(api, "dns", *names)
    key = made(api.post("projects/dns/auth/keys/", json={"name": "GPT"}))["text"]
    studio.settle()
    return {"x-api-key": key}


def test_a_zone_is_made_changed_found_and_removed_through_the_studio(studio, api, dns, zones):
    def call(method, path, **options):
        headers = {**zones, **JSON, **options.pop("headers", {})}
        return studio.call("dns", method, f"/servers/localhost{path}", headers=headers, **options)

    assert studio.call("dns", "GET", "/servers/localhost/zones").status_code == 401
    assert studio.call("dns", "GET", "/servers/localhost/zones", headers={"x-api-key": dns.key}).status_code == 401
    assert call("GET", "/zones").json() == []
    created = call("POST", "/zones", json=ZONE)
    assert created.status_code == 201
    assert created.json()["name"] == "example.org."
    assert call("POST", "/zones", json=ZONE).status_code == 409
    changed = call("PATCH", "/zones/example.org.", json=RECORDS)
    assert (changed.status_code, changed.content) == (204, b"")
    shown = call("GET", "/zones/example.org.").json()
    assert "192.0.2.7" in str(shown["rrsets"])
    found = call("GET", "/search-data?q=www*&max=5").json()
    assert [one["name"] for one in found] == ["www.example.org."]
    assert call("HEAD", "/zones/example.org.").status_code in (200, 405)
    assert call("DELETE", "/zones/example.org.").status_code == 204
    gone = call("GET", "/zones/example.org.")
    assert (gone.status_code, gone.text) == (404, "Not Found")


def test_the_log_tells_of_the_upstream_and_nothing_keeps_its_key(studio, api, dns, zones):
    studio.call("dns", "GET", "/servers/localhost/zones", headers=zones)
    (newest, *_rest) = made(api.get("projects/dns/exchanges/?op=listZones"), 200)["results"]
    whole = made(api.get(f"projects/dns/exchanges/{newest['id']}/"), 200)
    (step,) = [one for one in whole["decisions"]["trail"] if one["what"] == "upstream"]
    assert (step["name"], step["status"], step["attempt"]) == ("real", 200, 1)
    assert step["url"] == f"{dns.url}/api/v1/servers/localhost/zones"
    assert dns.key not in str(whole)
    for path in [path for path in studio.data.rglob("*") if path.is_file()]:
        assert dns.key.encode() not in path.read_bytes(), path
    assert dns.key not in studio.output()
    for form in ("openapi-json", "bundle", "gpt-yaml"):
        assert dns.key.encode() not in api.get(f"projects/dns/export/?as={form}").content


def test_a_wrong_key_is_the_upstreams_own_refusal(studio, api, dns, zones):
    made(api.put("projects/dns/secrets/key/", json={"text": "a-wrong-key"}), 200)
    studio.settle()
    refused = studio.call("dns", "GET", "/servers", headers=zones)
    assert (refused.status_code, refused.text) == (401, "Unauthorized")
    assert "PowerDNS" in refused.headers["www-authenticate"]
    made(api.put("projects/dns/secrets/key/", json={"text": dns.key}), 200)
    studio.settle()
    assert studio.call("dns", "GET", "/servers", headers=zones).status_code == 200


def test_a_search_is_mapped_to_the_query_that_the_upstream_wants(studio, api, dns, zones):
    studio.call("dns", "POST", "/servers/localhost/zones", headers={**zones, **JSON}, json=ZONE)
    query = [
        {"name": name, "in": "query", "schema": {"type": kind}}
        for name, kind in (("query", "string"), ("limit", "integer"))
    ]
    paths = {"/records": {"get": {"operationId": "findRecords", "parameters": query, "responses": answers()}}}
    made(api.post("projects/import/", json={"source": document("Records", **paths), "slug": "records"}))
    stand_before(api, "records", dns.url, dns.key)
    request = {
        "path": "/api/v1/servers/localhost/search-data",
        "query": [["q", "{{ query.query }}*"], ["max", "{{ query.limit or 100 }}"]],
        "without_query": ["*"],
    }
    forward(api, "records", "findRecords", request=request)
    studio.settle()
    found = studio.call("records", "GET", "/records?query=example&ignored=1").json()
    assert {one["name"] for one in found} == {"example.org."}
    fewer = studio.call("records", "GET", "/records?query=example&limit=1").json()
    assert len(fewer) < len(found)  # its max counts zones and records each for themselves
    studio.call("dns", "DELETE", "/servers/localhost/zones/example.org.", headers=zones)


def test_the_gateway_starter_shows_its_key_to_the_upstream_alone(studio, api, dns):
    made(api.post("projects/", json={"name": "Gateway", "slug": "gateway", "template": "gateway"}))
    assert studio.call("gateway", "GET", "/apisix/admin/routes").json()["total"] == 1
    (named,) = made(api.get("projects/gateway/secrets/"), 200)["results"]
    assert (named["name"], named["set"]) == ("APISIX admin key", False)
    admin = made(api.get("projects/gateway/upstreams/admin/"), 200)
    made(api.put("projects/gateway/upstreams/admin/", json={**admin, "backends": [{"url": dns.url}]}), 200)
    made(api.put("projects/gateway/secrets/APISIX admin key/", json={"text": dns.key}), 200)
    studio.settle()
    assert studio.call("gateway", "DELETE", "/apisix/admin/routes/1").status_code == 404  # PowerDNS knows no routes
    made(api.put("projects/gateway/secrets/APISIX admin key/", json={"text": "a-wrong-key"}), 200)
    studio.settle()
    assert studio.call("gateway", "DELETE", "/apisix/admin/routes/1").status_code in (401, 404)


def test_every_method_reaches_the_admin_api_of_caddy_as_it_is(studio, api, caddy):
    place = "/config/apps/http/servers/site/routes"
    ways = {
        method: {
            "operationId": f"{method}Routes",
            "responses": answers(),
            "requestBody": {"content": {"application/json": {}}},
        }
        for method in ("post", "put", "patch")
    } | {method: {"operationId": f"{method}Routes", "responses": answers()} for method in ("get", "delete")}
    at = {"parameters": [{"name": "at", "in": "path", "required": True, "schema": {"type": "string"}}]}
    one = {f"{method}": {**way, "operationId": f"{method}Route"} for method, way in ways.items()}
    paths = {place: ways, place + "/{at}": {**at, **one}}
    made(api.post("projects/import/", json={"source": document("Caddy", **paths), "slug": "caddy"}))
    stand_before(api, "caddy", caddy.url)
    forward(api, "caddy", *(f"{method}{name}" for method in ways for name in ("Routes", "Route")))
    studio.settle()

    def call(method, below="", **options):
        return studio.call("caddy", method, place + below, headers={**JSON, **options.pop("headers", {})}, **options)

    def route(number):
        handle = [{"handler": "static_response", "body": f"answer {number}"}]
        return {"@id": f"r{number}", "match": [{"path": [f"/{number}"]}], "handle": handle}

    assert call("GET").json() == []
    assert call("POST", json=route(1)).status_code == 200
    assert call("POST", json=route(2)).status_code == 200
    assert call("PUT", "/0", json=route(0)).status_code == 200
    assert [one["@id"] for one in call("GET").json()] == ["r0", "r1", "r2"]
    assert call("PATCH", "/1", json=route(9)).status_code == 200
    assert call("DELETE", "/2").status_code == 200
    assert [one["@id"] for one in call("GET").json()] == ["r0", "r9"]
    assert call("GET", "/0").json() == route(0)
    direct = httpx2.get(caddy.url + place, trust_env=False)
    assert call("GET").content == direct.content
    wrong = call("PUT", "/0", json={"handle": [{"handler": "none_of_that_name"}]})
    assert wrong.status_code in (400, 500)
    assert "error" in wrong.json()


def test_an_upstream_that_has_gone_is_told(studio, api):
    paths = {"/x": {"get": {"operationId": "getX", "responses": answers()}}}
    made(api.post("projects/import/", json={"source": document("Gone", **paths), "slug": "gone"}))
    stand_before(api, "gone", "http://127.0.0.1:9")
    forward(api, "gone", "getX", retries=1)
    told = studio.call("gone", "GET", "/x")
    assert (told.status_code, told.headers["content-type"]) == (502, "application/problem+json")
    asked = made(api.post("projects/gone/upstreams/real/ask/", json={}), 200)
    assert (asked["status"], bool(asked["error"])) == (0, True)
