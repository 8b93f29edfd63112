"""A project under attack, on either mount: its own host, or below /live/ on the studio's host."""

import base64
import hashlib
import json
import re
import secrets as random
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from actionstudio.apps.oauth import secrets
from actionstudio.apps.oauth.door import AddressProvider
from actionstudio.apps.oauth.models import Client, EndUser, Provider
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.call import Call
from actionstudio.runtime import tokens
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.ports import Hosted
from tests import make

FORM = "application/x-www-form-urlencoded"
CALLBACK = "https://client.example/callback"
PASSWORD = "correct horse battery"
AUTH = OAuth((Scope("read", "Read your things"), Scope("write", "Change your things", True)))
VERIFIER = "v" * 43
MOUNTS = {"own host": 0, "below live": -1}
_provider = AddressProvider()
_source = DatabaseSource()


def challenge(verifier=VERIFIER):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes
    wait: float = 0.0

    def header(self, name):
        return next((value for key, value in self.headers if key == name), "")

    @property
    def text(self):
        return unescape(self.body.decode("utf-8", "replace"))

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def to(self):
        return self.header("location")

    @property
    def told(self):
        """The query of the place it leads to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.to).query, keep_blank_values=True).items()}


@dataclass
class Target:
    """One project and its provider, as somebody outside meets them. Keeps a browser's cookies."""

    name: str
    base: int
    cookies: dict = field(default_factory=dict)
    _seat: Hosted | None = None

    def __post_init__(self):
        reads = make.operation("GET", "/things", security=({"oauth": ["read"]},))
        writes = make.operation("POST", "/things", security=({"oauth": ["write"]},))
        self.project = make.project(self.name, value=make.contract(reads, writes, auth=AUTH))
        Provider.objects.update_or_create(project=self.project, defaults={"development": False})
        self.user = EndUser(project=self.project, username="mina", email="mina@example.test")
        self.user.set_password(PASSWORD)
        self.user.save()
        self.client = self.register("Confidential", token_method="client_secret_post", pkce="optional")
        self.public = self.register("Public", token_method="none", pkce="required")

    def register(self, name, **fields):
        given = {"redirect_uris": CALLBACK, "grants": ["authorization_code", "refresh_token"], "consent": "always"}
        row = Client.objects.create(project=self.project, name=name, **given | fields)
        row.text = "" if row.token_method == "none" else secrets.mint(row)
        return row

    @property
    def hosted(self):
        """What is served now: read again when it has another version, as the front door does."""
        version = _source.version(self.name)
        if self._seat is None or self._seat.version != version:
            self._seat = _source.load(self.name)
        return self._seat

    @property
    def issuer(self):
        return self.hosted.base_urls[self.base]

    @property
    def origin(self):
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def ask(self, method, path, form=None, body=b"", peer="203.0.113.9", cookies=True, **headers):
        """One request; ``form`` is a dict, a list of pairs or bytes."""
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if form is not None:
            body = form if isinstance(form, bytes) else urlencode(form).encode()
            pairs = [("content-type", FORM), *pairs] if "content_type" not in headers else pairs
        if cookies and self.cookies:
            pairs.append(("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        path = path.removeprefix(self.issuer).removeprefix(urlsplit(self.issuer).path if self.base else "")
        where, _, query = path.partition("?")
        made = _provider.answer(self.hosted, Call(method, where, query, tuple(pairs), body), self.base, peer)
        if cookies:
            for name, value in made.reply.headers:
                if name == "set-cookie":
                    self.cookies.update({one.key: one.value for one in SimpleCookie(value).values()})
        return Answer(made.reply.status, list(made.reply.headers), made.reply.body, made.wait)

    def call(self, method, path, token="", **headers):
        """One call to an operation, as a client with that token makes it, when what was at hand of tokens is old."""
        tokens.forget(self.project.pk)
        pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        if token:
            pairs += (("authorization", f"Bearer {token}"),)
        where, _, query = path.partition("?")
        reply = frontdoor().call_blocking(self.name, Call(method, where, query, pairs)).reply
        return Answer(reply.status, list(reply.headers), reply.body)

    def asking(self, client=None, **other):
        """The path of an authorize request; None leaves a parameter out."""
        client = client or self.client
        given = {"response_type": "code", "client_id": client.client_id, "redirect_uri": CALLBACK, "scope": "read",
                 "state": "s-1"}  # fmt: skip
        if client.token_method == "none":
            given |= {"code_challenge": challenge(), "code_challenge_method": "S256"}
        pairs = [(name, value) for name, value in (given | other).items() if value is not None]
        return "/oauth/authorize?" + urlencode(pairs)

    def sign_in(self, username="mina", password=PASSWORD, path="/oauth/login", **headers):
        page = self.ask("GET", path)
        form = {"csrf": csrf(page), "username": username, "password": password}
        return self.ask("POST", path, form, **{"origin": self.origin, **headers})

    def signed(self):
        """The same browser, with mina signed in."""
        assert self.sign_in().status == 303
        return self

    def consent(self, path, allow=True):
        """What comes of the question that an authorize request shows."""
        page = self.ask("GET", path)
        assert page.status == 200, (page.status, page.to, page.text[:500])
        form = {"csrf": csrf(page), **({"allow": "1"} if allow else {})}
        return self.ask("POST", path, form, origin=self.origin)

    def code(self, client=None, **other):
        return self.signed().consent(self.asking(client, **other)).told["code"]

    def token(self, client=None, headers=None, **sent):
        client = client or self.client
        form = {"client_id": client.client_id, "client_secret": client.text or None, **sent}
        pairs = {name: value for name, value in form.items() if value is not None}
        return self.ask("POST", "/oauth/token", pairs, cookies=False, **(headers or {}))

    def redeem(self, code, client=None, **sent):
        client = client or self.client
        proof = {"code_verifier": VERIFIER} if client.token_method == "none" else {}
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **proof, **sent}
        return self.token(client, **form)

    def tokens(self, client=None, **asked):
        answer = self.redeem(self.code(client, **asked), client)
        assert answer.status == 200, answer.text
        return answer.json

    def refresh(self, text, client=None, **sent):
        return self.token(client, grant_type="refresh_token", refresh_token=text, **sent)


def csrf(page):
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    return found[1] if found else ""


def basic(client_id, secret):
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def never_issued(prefix):
    return prefix + random.token_urlsafe(32)
