"""Nothing secret stays: more than twenty kinds are planted in every place a call can carry them, then looked for in the
database files, the search, what the server prints, and everything that leaves the log."""

import base64
import contextlib
import json
import os
import re
import subprocess
import zlib

import httpx2
import pytest

from tests.runtime.upstream import Upstream, answer
from tests.stories.test_api_job import made
from tests.studio import Studio

PLANTED: dict[str, str] = {}


def plant(name: str) -> str:
    """A secret of its own: letters and digits, so that it is one word, and told apart by its first letters."""
    return PLANTED.setdefault(name, f"{zlib.crc32(name.encode()):08x}{re.sub('[^a-z]', '', name)}7qPz4WxJ2")


def jwt(name: str) -> str:
    parts = [json.dumps({"alg": "RS256"}), json.dumps({"sub": plant(name)})]
    text = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    PLANTED[f"{name} as it travels"] = text.split(".")[1]
    return f"{text}.{plant(name + ' signature')}"


def basic(name: str) -> str:
    text = base64.b64encode(f"robot:{plant(name)}".encode()).decode()
    PLANTED[f"{name} as it travels"] = text
    return text


def headers() -> dict[str, str]:
    """Headers in which credentials travel."""
    names = ("x-api-key", "api-key", "x-auth-token", "x-csrf-token", "x-amz-security-token", "x-functions-key",
             "ocp-apim-subscription-key", "x-rapidapi-key", "private-token")  # fmt: skip
    return {
        **{name: plant(f"header {name}") for name in names},
        "proxy-authorization": f"Digest {plant('digest')}",
        "cookie": f"sid={plant('cookie')}; theme=dark",
        "referer": f"https://shop.example/back?access_token={plant('referer')}",
    }


def reply(seen):
    """The upstream's answers, with secrets of their own, some of them in error pages and redirects."""
    path = seen.target.partition("?")[0]
    if path.endswith("/error"):
        told = f"connect(user=app, password={plant('error page')}, api_key: '{plant('error page 2')}')"
        page = f"<h1>Oops</h1><pre>{told}</pre>"
        return answer(page.encode(), "500 Oops", "Content-Type: text/html")
    if path.endswith("/moved"):
        return answer(
            b"", "302 Found", f"Location: /things/1?token={plant('redirect')}#access_token={plant('fragment')}"
        )
    if path.endswith("/xml"):
        page = f"<login><password>{plant('xml')}</password><token kind='a'>{plant('xml token')}</token></login>"
        return answer(page.encode(), "200 OK", "Content-Type: application/xml")
    told = {
        "access_token": plant("answer"),
        "deep": [{"client_secret": plant("answer deep")}],
        "id_token": jwt("answer jwt"),
    }
    cookie = f"Set-Cookie: s={plant('set-cookie')}"
    return answer(json.dumps(told).encode(), "200 OK", "Content-Type: application/json", cookie,
                  "Www-Authenticate: Bearer realm=x", f"X-Auth-Token: {plant('answer header')}")  # fmt: skip


@pytest.fixture(scope="module")
def studio():
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    with Studio(workers=workers, database_url=database, env={"STUDIO_ALLOW_PRIVATE_UPSTREAMS": "true"}) as running:
        yield running


@pytest.fixture(scope="module")
def api(studio):
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    with (
        Upstream(reply) as upstream,
        httpx2.Client(
            base_url=f"{studio.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=90
        ) as client,
    ):
        prepare(client, upstream.url)
        studio.settle()
        yield client


def prepare(client, url: str) -> None:
    """A project whose calls are judged, logged and handed on with a secret of the builder's."""
    schema = {
        "type": "object",
        "properties": {"password": {"type": "string", "maxLength": 3}, "n": {"type": "integer"}},
    }
    ways = {
        method: {"operationId": f"{method}Thing", "responses": {"200": {"description": "ok"}}}
        for method in ("get", "post")
    }
    ways["post"]["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    at = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "vault", "version": "1"},
        "paths": {"/things/{id}": {**at, **ways}},
    }
    made(client.post("projects/import/", json={"source": json.dumps(document), "slug": "vault"}))
    made(client.patch("projects/vault/document/", json={"validation": "report"}), 200)
    made(client.put("projects/vault/secrets/UP/", json={"text": plant("upstream secret")}), 200)
    upstream = {"name": "up", "backends": [{"url": url}], "secret": "UP", "secret_in": "header", "secret_name": "x-up"}
    made(client.post("projects/vault/upstreams/", json=upstream))
    for method in ways:
        made(client.patch(f"projects/vault/operations/{method}Thing/",
                          json={"behaviour": {"kind": "proxy", "upstream": "up", "timeout": 10}}), 200)  # fmt: skip
    made(client.patch("projects/vault/data/", json={"rules": [
        {"kind": "path", "text": "$.customer.diagnosis"}, {"kind": "email"}, {"kind": "card"},
        {"kind": "pattern", "text": "PAT-[a-zA-Z0-9]+", "where": "everywhere"}]}), 200)  # fmt: skip


def calls(studio) -> None:
    """Everything that a caller can plant."""
    json_type = {"content-type": "application/json"}
    form = {"content-type": "application/x-www-form-urlencoded"}

    def call(method, path, more=None, **options):
        return studio.call("vault", method, path, headers={**headers(), **(more or {})}, **options)

    call("GET", "/things/1", {"authorization": f"Bearer {jwt('bearer jwt')}"})
    call("GET", "/things/1", {"authorization": f"Basic {basic('basic')}"})
    call("GET", f"/things/1?api_key={plant('query')}&access_token={plant('query token')}")
    call("GET", f"/things/1?code={plant('code')}&sig={plant('sig')}")
    call("GET", f"/things/ask_{plant('issued in path')}")
    for path in ("error", "moved", "xml"):
        call("GET", f"/things/{path}")
    told = {"password": plant("json password"), "n": "no number", "list": [{"api_key": plant("json deep")}]}
    call("POST", "/things/1", json_type, content=json.dumps(told))
    inner = json.dumps(
        {"password": plant("json in json"), "more": json.dumps({"token": plant("json in json in json")})}
    )
    call("POST", "/things/1", json_type, content=json.dumps({"payload": inner}))
    query = f'mutation {{ login(user: "a", password: "{plant("graphql")}") {{ id }} }}'
    call(
        "POST",
        "/things/1",
        json_type,
        content=json.dumps({"query": query, "variables": {"password": plant("graphql variable")}}),
    )
    call("POST", "/things/1", form, content=f"grant_type=password&username=a&password={plant('form')}"
         f"&client_secret={plant('form 2')}&code={plant('form code')}&code_verifier={plant('verifier')}"
         f"&user%5Bpassword%5D={plant('form 3')}")  # fmt: skip
    part = '--B\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = (
        part.format("password", plant("multipart"))
        + part.format("note", f"token={plant('multipart note')}")
        + "--B--\r\n"
    )
    call("POST", "/things/1", {"content-type": "multipart/form-data; boundary=B"}, content=body)
    call(
        "POST",
        "/things/1",
        {"content-type": "text/plain"},
        content=f"my password: {plant('text')} and secret={plant('text 2')}",
    )
    call(
        "POST",
        "/things/1",
        {"content-type": "application/xml"},
        content=f"<a><password>{plant('sent xml')}</password></a>",
    )
    call("POST", "/things/1", json_type, content=json.dumps({"password": plant("cut"), "x": "y"})[:-6])
    own = {
        "customer": {"diagnosis": plant("diagnosis"), "mail": f"{plant('mail')}@example.org"},
        "n": "4111 1111 1111 1111",
    }
    PLANTED["card"] = "4111 1111 1111 1111"
    call("POST", "/things/1", json_type, content=json.dumps(own))
    call("GET", f"/things/1?to={plant('mail in query')}%40example.org&x=PAT-{plant('pattern')}")
    call("GET", f"/nowhere/{plant('mail in path')}@example.org?token={plant('nowhere')}")


def walked(studio) -> dict[str, bytes]:
    """What the database holds: every value of every table, also unpacked and decoded, but for what is sealed."""
    out = studio.shell(
        "import base64, re, zlib\n"
        "from django.db import connections\n"
        "from django.conf import settings\n"
        "for alias in {'default', settings.LOG_DATABASE}:\n"
        "    with connections[alias].cursor() as c:\n"
        "        for table in connections[alias].introspection.table_names(c):\n"
        "            c.execute(f'SELECT * FROM \"{table}\"')\n"
        "            names = [one[0] for one in c.description]\n"
        "            for row in c.fetchall():\n"
        "                for name, value in zip(names, row):\n"
        "                    if isinstance(value, (bytes, memoryview)):\n"
        "                        value = bytes(value)\n"
        "                        try: value = value + zlib.decompress(value)\n"
        "                        except zlib.error: pass\n"
        "                    elif isinstance(value, (str, dict, list)): value = str(value).encode('utf-8', 'replace')\n"
        "                    else: continue\n"
        "                    more = b''.join(base64.b64decode(one + b'=' * (-len(one) % 4)) for one in\n"
        "                        re.findall(rb'[A-Za-z0-9+/]{24,}', value) if len(one) % 4 != 1)\n"
        "                    told = (value + b' ' + more).decode('utf-8', 'replace')\n"
        "                    print(table, name, told.replace(chr(10), ' '))\n"
    )
    return {"database values": out.encode()}


def files(studio) -> dict[str, bytes]:
    """Every file of the installation, and what the server printed."""
    found = {path.name: path.read_bytes() for path in studio.data.rglob("*") if path.is_file()}
    return {**found, "output": studio.output().encode()}


def leaks(places: dict[str, bytes]) -> list[tuple[str, str, str]]:
    """(secret, place, around it) wherever one stands."""
    found = []
    for place, data in places.items():
        lower = data.lower()
        for name, secret in PLANTED.items():
            at = lower.find(secret.lower().encode())
            if at >= 0:
                found.append((name, place, data[max(0, at - 80) : at + 20].decode("utf-8", "replace")))
    return found


def exports(studio, api) -> dict[str, bytes]:
    """All forms in which calls leave."""
    found = {"har": api.get("projects/vault/exchanges.har").content}
    page = made(api.get("projects/vault/exchanges/?limit=200"), 200)
    found["list"] = json.dumps(page).encode()
    for one in page["results"]:
        for form in ("", "curl/", "hurl/", "python/", "postman/", "adopt/"):
            found[f"{one['id']} {form}"] = api.get(f"projects/vault/exchanges/{one['id']}/{form}").content
    with studio.client("robot@example.test") as browser:
        for form in ("hurl", "py", "postman", "sh", "curl", "python", "har"):
            found[f"export {form}"] = browser.get(f"/projects/vault/log/export.{form}").content
    return found


def replay(studio, api, ids: list[str]) -> list[str]:
    """All of them as a run with a typed header; one with a header typed on its page; the first are kept as cases,
    whose variables' values are returned as options."""
    wish = {
        "exchanges": ids,
        "target": "live",
        "confirm": True,
        "header": {"name": "x-typed", "value": plant("typed header")},
    }
    begun = api.post("projects/vault/replays/", json=wish)
    assert begun.status_code in (200, 201, 202), begun.text
    with studio.client("robot@example.test") as browser:
        page = browser.get(f"/projects/vault/log/{ids[0]}/resend/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "target": "live", "credential": "none", "typed_name": "x-by-hand",
                "typed_value": plant("typed by hand")}  # fmt: skip
        sent = browser.post(f"/projects/vault/log/{ids[0]}/replay/", data=form)
        assert sent.status_code in (200, 204, 302), sent.text
    told = studio.shell(
        "from actionstudio.apps.projects.models import Project\n"
        "from actionstudio.apps.traffic.models import Exchange\n"
        "from actionstudio.apps.accounts.models import User\n"
        "from actionstudio.apps.replay.suites import saving\n"
        f"ids = [Exchange.private_id(one) for one in {ids[:20]!r}]\n"
        "project = Project.objects.get(slug='vault')\n"
        "suite = saving.create(project, 'Kept', User.objects.first())\n"
        "saving.add(suite, saving.proposed(project, saving.calls(project, ids))[0])\n"
        "assert suite.cases.count() > 5\n"
        "suite.refresh_from_db(); print('names', *(one['name'] for one in suite.variables))\n"
    )
    names = told.splitlines()[-1].split()[1:]
    return [f"--variable={name}={plant('suite variable ' + name)}" for name in names]


def test_secrets_are_in_no_row_file_search_or_export(studio, api):
    calls(studio)
    ids = [one["id"] for one in made(api.get("projects/vault/exchanges/?limit=200&source=client"), 200)["results"]]
    assert len(ids) > 15
    values = replay(studio, api, ids)
    pasted = f'[debug] Calling HTTP endpoint\n{{"password": "{plant("pasted")}"}}\ntoken={plant("pasted 2")}'
    pasted += f" {plant('pasted mail')}@example.org"
    studio.shell(
        "from actionstudio.apps.traffic.words import feeding\nimport time\n"
        "while feeding.feed(0, time.time() + 60): pass\n"
        "from actionstudio.apps.projects.models import Project\n"
        "from actionstudio.apps.accounts.models import User\n"
        "from actionstudio.apps.traffic.models import Conversation\n"
        "from actionstudio.apps.traffic.conversations import debugging\n"
        "project = Project.objects.get(slug='vault')\n"
        "talk = Conversation(project_id=project.pk, key='k')\n"
        f"text = {pasted!r}\n"
        "debugging.keep(project, talk, text, User.objects.first())\n"
    )
    assert len(PLANTED) > 50
    junit = studio.folder / "junit.xml"
    with contextlib.suppress(subprocess.CalledProcessError):  # cases may fail: what they say of it is looked at
        studio.manage("studio_replay", "vault", "kept", "--confirm", "--junit", str(junit), *values)
    assert junit.exists()
    places = {"junit": junit.read_bytes(), **exports(studio, api), **walked(studio), **files(studio)}
    places["project"] = api.get("projects/vault/export/?as=bundle").content
    found = leaks(places)
    assert found == [], "\n".join(sorted({f"{name} in {place}: {around}" for name, place, around in found}))[:20_000]
    for name, secret in PLANTED.items():
        found = api.get("projects/vault/exchanges/", params={"q": f'"{secret}"'})
        assert found.status_code == 200 and found.json()["results"] == [], name


def test_the_database_is_looked_at_in_earnest(studio, api):
    """The same search finds what is no secret."""
    studio.call(
        "vault", "POST", "/things/1", headers={"content-type": "application/json"}, content='{"note": "notHidden7qPz"}'
    )
    PLANTED["no secret"] = "notHidden7qPz"
    try:
        places = {place for _name, place, _around in leaks({**walked(studio), **exports(studio, api)})}
        assert {"database values", "har"} <= places
        assert os.environ.get("DATABASE_URL") or leaks(files(studio))
    finally:
        del PLANTED["no secret"]
