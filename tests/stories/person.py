"""A person in a browser whom an app sends to sign in: types a password, reads what they are asked, allows it.

``Person(studio).go(url)`` starts at the authorize URL that the app made and ends at the app's callback, whose URL it
returns without opening it. Works through the real pages and their forms, at an address's own host or below /live/.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx2
import pytest

from tests.stories.visitor import Form, Page
from tests.studio import Studio

PASSWORD = "correct horse battery"
PEOPLE = ("alice", "bert", "carol")  # who has allowed something is not asked again, so a story takes whom it needs
MOST_STEPS = 12


class Person:
    """``seen`` are the words of the pages on the way."""

    def __init__(self, studio: Studio, username: str = "alice", password: str = PASSWORD) -> None:
        self.studio, self.username, self.password = studio, username, password
        self.client = httpx2.Client(trust_env=False, timeout=30)
        self.seen: list[str] = []

    def go(self, url: str, allow: bool = True) -> str:
        """Signs in where asked to, answers the question of consent, and returns the URL of the callback."""
        response, steps = self._get(url), 0
        while steps < MOST_STEPS:
            steps += 1
            if response.is_redirect:
                url = urljoin(url, response.headers["location"])
                if not self._ours(url):
                    return url
                response = self._get(url)
                continue
            assert response.status_code == 200, f"{url} {response.status_code}:\n{Page(response).text[:2000]}"
            page = Page(response)
            self.seen.append(page.text)
            url, response = self._answer(page, url, allow)
        raise AssertionError(f"no callback after {MOST_STEPS} steps: {self.seen[-1][:1000]}")

    def _answer(self, page: Page, url: str, allow: bool) -> tuple[str, httpx2.Response]:
        names = {name for form in page.forms for name in form.names()}
        if "password" in names:
            form = page.form("username", "password")
            return self._post(form, url, username=self.username, password=self.password)
        form = next(form for form in page.forms if any(name == "allow" for name, _value, _text in form.buttons))
        return self._post(form, url, **{"allow" if allow else "deny": "1"})

    def _post(self, form: Form, url: str, **typed: str) -> tuple[str, httpx2.Response]:
        to = urljoin(url, form.attributes.get("action") or url)
        parts = urlsplit(url)
        headers = {"origin": f"{parts.scheme}://{parts.netloc}", "referer": url}
        return to, self._send("POST", to, headers, data={**dict(form.fields), **typed})

    def _get(self, url: str) -> httpx2.Response:
        return self._send("GET", url)

    def _send(self, method: str, url: str, headers: Mapping[str, str] = {}, **options: Any) -> httpx2.Response:
        """Browsers know that every name below localhost is this machine (RFC 6761); few systems do."""
        parts = urlsplit(url)
        here = urlunsplit(("http", f"127.0.0.1:{self.studio.port}", parts.path, parts.query, ""))
        return self.client.request(method, here, headers={"host": parts.netloc, **headers}, **options)

    def _ours(self, url: str) -> bool:
        return urlsplit(url).port == self.studio.port


@pytest.fixture
def names_of_this_machine(monkeypatch):
    """Lets libraries in this process reach hosts below localhost, as browsers do."""
    real = socket.getaddrinfo

    def known(host, *args, **kwargs):
        return real("127.0.0.1" if str(host).endswith(".localhost") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", known)


def signing_project(
    studio: Studio, slug: str, registration: bool = False, people: tuple[str, ...] = PEOPLE, **clients: dict[str, Any]
) -> dict[str, Any]:
    """A project whose people sign in on its own address; its clients' ids and secrets by name."""
    out = studio.shell(
        "import json\n"
        "from actionstudio.apps.oauth import people\n"
        "from actionstudio.apps.oauth.models import Provider\n"
        "from tests.apps.oauth import entering, flows\n"
        f"project = entering.shop({slug!r})\n"
        f"Provider.objects.update_or_create(project=project, defaults=dict(registration={registration}))\n"
        f"for name in {people!r}:\n"
        "    about = dict(name=f'{name.title()} Ng', email=f'{name}@example.test', groups=['staff'])\n"
        f"    people.make(project, name, password={PASSWORD!r}, claims=dict(plan='gold'), **about)\n"
        f"made = {{name: flows.client(project, **fields) for name, fields in {clients!r}.items()}}\n"
        "print(json.dumps({name: [one.id, one.secret] for name, one in made.items()}))"
    )
    studio.settle()
    return json.loads(out.splitlines()[-1])


def bases(studio: Studio, slug: str) -> dict[str, str]:
    """The issuers of a project: on its own host, and below /live/."""
    return {"host": studio.live(slug), "path": f"{studio.url}/live/{slug}"}
