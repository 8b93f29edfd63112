"""Sign-ins without a browser: a client, a person, a code that the person allowed, and requests to the endpoints."""

import base64
import hashlib
import itertools
import json
import secrets as random
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import RequestFactory

from actionstudio.apps.oauth import secrets, tenancy, tracing
from actionstudio.apps.oauth.engine import authorizing
from actionstudio.apps.oauth.engine.authorizing import Asked
from actionstudio.apps.oauth.models import Client, EndUser
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.call import Call, Reply
from actionstudio.runtime.app import frontdoor

FORM = "application/x-www-form-urlencoded"
CALLBACK = "https://chatgpt.com/aip/g-1/oauth/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
_names = itertools.count()


@dataclass
class Registered:
    """A client and the text of its secret, "" for a public one."""

    row: Client
    secret: str = ""

    @property
    def id(self) -> str:
        return self.row.client_id


def client(project, **fields) -> Registered:
    """A client as ChatGPT is one, unless ``fields`` say otherwise."""
    fields = {
        "name": "GPT",
        "redirect_uris": CALLBACK,
        "grants": ["authorization_code", "refresh_token"],
        "token_method": "client_secret_post",
        "pkce": "optional",
        **fields,
    }
    row = Client.objects.create(project=project, **fields)
    return Registered(row, "" if row.token_method == "none" else secrets.mint(row))


def person(project, name="", **fields) -> EndUser:
    """An end user of the project."""
    return EndUser.objects.create(project=project, username=name or f"p{next(_names)}", **fields)


def asked(project, who, base=0, method="get", **parameters) -> Asked | authorizing.Trouble:
    """What the authorize endpoint understands of these parameters; None leaves one out."""
    sent = {"response_type": "code", "client_id": who.id, "redirect_uri": CALLBACK, "state": "s1", **parameters}
    with at(project, base) as request_to:
        return authorizing.request_of(request_to(method, sent))


def allowed(project, who, user, base=0, scopes=None, **parameters) -> dict[str, str]:
    """The parameters that come to the callback when the person allows what these parameters ask."""
    sent = {"response_type": "code", "client_id": who.id, "redirect_uri": CALLBACK, "state": "s1", **parameters}
    with at(project, base) as request_to:
        request = request_to("post", sent)
        found = authorizing.request_of(request)
        assert isinstance(found, Asked), found
        uri = authorizing.allow(request, found, user, found.scopes if scopes is None else scopes)
    return {name: values[0] for name, values in parse_qs(urlsplit(uri).query).items()}


def issuer(project, base=0) -> str:
    """The provider's name at one of the project's base URLs."""
    return at(project, base).tenant.issuer


class at:
    """Inside, the address of a project is being answered; gives a function that makes requests to it."""

    def __init__(self, project, base=0):
        self.tenant = tenancy.Tenant(DatabaseSource().load(project.slug), base, "203.0.113.9")

    def __enter__(self):
        self.entered = tenancy.entered(self.tenant)
        self.entered.__enter__()
        return self.request

    def __exit__(self, *error):
        tracing.settle(self.tenant)
        return self.entered.__exit__(*error)

    def request(self, method, sent):
        pairs = [(name, one) for name, value in sent.items() if value is not None for one in _many(value)]
        return getattr(RequestFactory(), method)(f"/oauth/authorize?{urlencode(pairs)}")


def post(project, path, sent, headers=(), content_type=FORM, query="") -> Reply:
    """A POST to an endpoint of the project, through the front door."""
    if isinstance(sent, dict) and content_type == FORM:
        pairs = [(name, one) for name, value in sent.items() if value is not None for one in _many(value)]
        sent = urlencode(pairs).encode()
    elif isinstance(sent, dict):
        sent = json.dumps(sent).encode()
    typed = (("content-type", content_type),) if content_type else ()
    return frontdoor().call_blocking(project.slug, Call("POST", path, query, (*typed, *headers), sent)).reply


def token(project, who, headers=(), content_type=FORM, query="", **sent) -> tuple[int, dict]:
    """A token request with the client's credentials in its body; status and answer."""
    sent = {"client_id": who.id, "client_secret": who.secret or None, **sent}
    reply = post(project, "/oauth/token", sent, headers, content_type, query)
    return reply.status, json.loads(reply.body)


def redeem(project, who, code, **sent) -> tuple[int, dict]:
    """A code becomes tokens."""
    return token(project, who, grant_type="authorization_code", code=code, **{"redirect_uri": CALLBACK, **sent})


def refresh(project, who, text, **sent) -> tuple[int, dict]:
    """A refresh token becomes a new pair."""
    return token(project, who, grant_type="refresh_token", refresh_token=text, **sent)


def signed_in(project, who, user=None, **parameters) -> dict:
    """The tokens of a person who has just signed in."""
    code = allowed(project, who, user or person(project), **parameters)["code"]
    status, answer = redeem(project, who, code)
    assert status == 200, answer
    return answer


def basic(who, secret=None) -> tuple[str, str]:
    """The header of client_secret_basic."""
    text = f"{who.id}:{who.secret if secret is None else secret}"
    return "authorization", "Basic " + base64.b64encode(text.encode()).decode()


def wrong_secret() -> str:
    return "ascs_" + random.token_urlsafe(32)


def _many(value):
    return value if isinstance(value, list) else [value]
