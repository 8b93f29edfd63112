"""A whole sign-in at an address of ours, as ChatGPT and a person's browser make it, with one thing bent at will."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from actionstudio.apps.oauth import people, secrets
from actionstudio.apps.oauth.models import Client
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests.apps.oauth import flows
from tests.apps.oauth.address import visiting

PASSWORD = "correct horse battery"


@dataclass
class Walk:
    """One sign-in: ``authorize`` and ``token`` are parameters that differ. ``secrets`` gathers what nobody may see."""

    project: object
    client: Client
    secret: str = ""
    authorize: dict = field(default_factory=dict)
    token: dict = field(default_factory=dict)
    headers: tuple = ()
    content_type: str = flows.FORM
    before_token: object = None
    secrets: set = field(default_factory=set)
    answer: dict = field(default_factory=dict)

    def through_the_browser(self) -> str:
        """The code that comes back, "" when none does."""
        visitor = self.visitor = visiting.Visitor(self.project.slug)
        page = visitor.visit(visiting.asking(self.client, **{"redirect_uri": flows.CALLBACK, **self.authorize}))
        for _each in range(6):
            self.secrets |= set(visitor.cookies.values())
            if "/oauth/callback" in urlsplit(page.to).path:
                break
            if page.to:
                page = visitor.visit(page.to)
            elif 'name="password"' in page.html:
                page = visitor.send(username="mina", password=PASSWORD)
            elif 'name="allow"' in page.html:
                page = visitor.send(allow="1")
            else:
                return ""
        return page.told.get("code", "")

    def go(self) -> bool:
        """Whether it ended with a token."""
        self.secrets |= {PASSWORD, self.secret}
        code = self.through_the_browser()
        if not code:
            return False
        self.secrets.add(code)
        if self.before_token:
            self.before_token()
        who = flows.Registered(self.client, self.secret)
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": flows.CALLBACK, **self.token}
        status, self.answer = flows.token(self.project, who, self.headers, self.content_type, **sent)
        self.secrets |= {self.answer[name] for name in ("access_token", "refresh_token") if name in self.answer}
        return status == 200

    def call(self, path="/items"):
        """A call of the API with the token."""
        bearer = ("authorization", f"Bearer {self.answer['access_token']}")
        return frontdoor().call_blocking(self.project.slug, Call("GET", path, "", (bearer,))).reply

    def post(self, path, sent, headers=(), **more):
        """A POST to an endpoint of the provider with the client's credentials; a body of bytes goes as it is."""
        if isinstance(sent, bytes):
            return flows.post(self.project, path, sent, headers, **more)
        sent = {"client_id": self.client.client_id, "client_secret": self.secret or None, **sent}
        return flows.post(self.project, path, sent, headers, **more)

    def refresh(self) -> tuple[int, dict]:
        reply = self.post(
            "/oauth/token", {"grant_type": "refresh_token", "refresh_token": self.answer["refresh_token"]}
        )
        self.answer = json.loads(reply.body)
        self.secrets |= {self.answer[name] for name in ("access_token", "refresh_token") if name in self.answer}
        return reply.status, self.answer


def begin(project, client: Client, **bent) -> Walk:
    """A walk for mina, who has an account."""
    if not project.end_users.filter(username="mina").exists():
        people.make(project, "mina", name="Mina", password=PASSWORD)
    public = client.token_method == Client.Method.NONE
    return Walk(project, client, "" if public else secrets.mint(client), **bent)
