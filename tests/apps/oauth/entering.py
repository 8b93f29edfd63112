"""Enters a project's address, as a request to its provider does."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from actionstudio.apps.oauth import tenancy, tracing
from actionstudio.apps.oauth.door import AddressProvider
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.call import Call
from actionstudio.runtime.ports import Hosted
from tests import make

ORDERS = OAuth((Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", True)))


def shop(slug="shop", **fields):
    """A project whose people sign in on its own address."""
    return make.project(slug, value=make.contract(auth=ORDERS), **fields)


@contextmanager
def request(project):
    """Inside, one request to the project's address is answered; at the end its story is kept."""
    tenant = tenancy.Tenant(DatabaseSource().load(project.slug), 0, "203.0.113.9")
    with tenancy.entered(tenant):
        yield tenant
    tracing.settle(tenant)


OWN_HOST, BELOW_LIVE = 0, -1  # indices of base URLs, where no domain is bound
_provider = AddressProvider()


@dataclass
class Said:
    """What the provider answered to one call."""

    status: int
    headers: dict[str, str]
    body: bytes
    decisions: dict

    @property
    def json(self):
        return json.loads(self.body)


def ask(project, method, path, form=None, value=None, base=OWN_HOST, client="203.0.113.9", **headers) -> Said:
    """One call to the provider of a project's address (or of a Hosted): a form, JSON or neither; header names are
    underscored."""
    pairs = {name.replace("_", "-"): text for name, text in headers.items()}
    body = b""
    if form is not None:
        body = urlencode(form).encode()
        pairs.setdefault("content-type", "application/x-www-form-urlencoded")
    elif value is not None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        pairs.setdefault("content-type", "application/json")
    path, _, query = path.partition("?")
    hosted = project if isinstance(project, Hosted) else DatabaseSource().load(project.slug)
    made = _provider.answer(hosted, Call(method, path, query, tuple(pairs.items()), body), base, client)
    return Said(made.reply.status, dict(made.reply.headers), made.reply.body, made.decisions["oauth"])
