"""A browser without a window: keeps cookies, sends forms with their token, goes on only when it is told to."""

import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from actionstudio.apps.oauth.models import Client
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor

CALLBACK = "https://chatgpt.com/aip/g-4hJ2k/oauth/callback"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def gpt(shop, **fields) -> Client:
    """A GPT's client of that project."""
    fields.setdefault("redirect_uris", CALLBACK)
    fields.setdefault("grants", ["authorization_code", "refresh_token"])
    fields.setdefault("pkce", "optional")
    return Client.objects.create(
        project=shop,
        name=fields.pop("name", "Acme Support GPT"),
        client_type=fields.pop("client_type", "confidential"),
        authorization_grant_type="authorization-code",
        hash_client_secret=False,
        **fields,
    )


def asking(client: Client, **other) -> str:
    """The path of an authorize request."""
    given = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "scope": "orders:read",
        "state": "s-1",
        **other,
    }
    return "/oauth/authorize?" + urlencode({name: value for name, value in given.items() if value is not None})


class Page:
    """An answer."""

    def __init__(self, reply) -> None:
        self.reply, self.status, self.headers = reply, reply.status, reply.headers
        self.html = reply.body.decode()

    @property
    def to(self) -> str:
        """Where it leads, "" for nowhere."""
        return self.reply.header("location")

    @property
    def told(self) -> dict:
        """What the query of that place says."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.to).query).items()}

    @property
    def text(self) -> str:
        """What somebody reads."""
        return " ".join(_Words.of(self.html).split())

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.html)
        return found[1] if found else ""


class Visitor:
    """``visit`` goes to a path of the address; ``send`` sends the form of the page that was shown last."""

    def __init__(self, address="shop", language="en") -> None:
        self.address, self.language = address, language
        self.cookies: dict[str, str] = {}
        self.page: Page | None = None
        self.path = ""
        self.origin = f"http://{address}.live.localhost:8000"

    def visit(self, path: str, method: str = "GET", body: bytes = b"", headers=()) -> Page:
        path = path.removeprefix(self.origin)
        given = [("accept", "text/html"), ("accept-language", self.language), *headers]
        if self.cookies:
            given.append(("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        where, _, query = path.partition("?")
        answer = frontdoor().call_blocking(self.address, Call(method, where, query, tuple(given), body))
        self.record = answer.record
        self.page, self.path = Page(answer.reply), path
        for name, value in answer.reply.headers:
            if name == "set-cookie":
                self.cookies.update({morsel.key: morsel.value for morsel in SimpleCookie(value).values()})
        return self.page

    def send(self, path: str = "", headers=None, csrf: str | None = None, **fields) -> Page:
        """A form of the last page."""
        fields["csrf"] = self.page.token if csrf is None else csrf
        kind = ("content-type", "application/x-www-form-urlencoded")
        return self.visit(
            path or self.path,
            "POST",
            urlencode(fields).encode(),
            (kind, *([("origin", self.origin)] if headers is None else headers)),
        )

    def sign_in(self, username="mina", password="correct horse", path="/oauth/login") -> Page:
        self.visit(path)
        return self.send(username=username, password=password)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> str:
        reader = cls()
        reader.feed(html)
        return " ".join(reader.found)

    def handle_data(self, data: str) -> None:
        self.found.append(data)
