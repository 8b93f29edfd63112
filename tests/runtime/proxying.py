"""Proxied operations in a house without a database, and one call through them."""

from __future__ import annotations

from actionstudio.core.behaviour import Backend, Proxy, Upstream
from actionstudio.core.call import Call
from actionstudio.core.contract import Contract
from tests import make
from tests.runtime.house import front

SECRET = "edd1c9f034335f136f87"
JSON = "application/json"


def proxied(url: str, methods="GET HEAD POST PUT PATCH DELETE OPTIONS", path="/things/{id}", **fields) -> Contract:
    """One path that is forwarded with every method. Fields of the upstream, of the behaviour and of the contract."""
    ours = set(Upstream.__dataclass_fields__) - {"extra"}
    on_upstream = {name: fields.pop(name) for name in list(fields) if name in ours}
    on_behaviour = {name: fields.pop(name) for name in list(fields) if name in Proxy.__dataclass_fields__}
    on_upstream = {"backends": (Backend(url),), **on_upstream}
    behaviour = Proxy("up", **{"timeout": 3, "drift": False, **on_behaviour})
    operations = [make.operation(method, path, behaviour=behaviour) for method in methods.split() if method != "HEAD"]
    fields.setdefault("validation", "off")
    return make.contract(*operations, upstreams=(Upstream("up", **on_upstream),), **fields)


def door(contract: Contract, **fields):
    fields.setdefault("extra", {"private": True})
    return front(contract, **fields)


def send(where, method="GET", url="/things/1", body=b"", headers=(), **more):
    where = door(where) if isinstance(where, Contract) else where
    path, _, query = url.partition("?")
    return where.call_blocking("todo", Call(method, path, query, tuple(headers), body), source="client", **more)


def trail(made) -> list[dict]:
    return list(made.record.decisions["trail"])
