"""What a run's calls would meet: the contract that judges them, the hosts they reach, and what needs a confirmation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from actionstudio.apps.design import newest
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import sending
from actionstudio.apps.web.telling import told
from actionstudio.core.behaviour import Proxy, inside
from actionstudio.core.call import Call
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.sendable import Sender
from actionstudio.runtime import signing
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.documents import PATHS
from actionstudio.runtime.forwarding import direct
from actionstudio.runtime.relaying import IDEMPOTENT

SHOWN = 5  # calls of a group that are named
REPEATABLE = "x-idempotent"  # how an operation of a document says that it may be sent twice


@dataclass(frozen=True, slots=True)
class Risk:
    """Calls that may change something on a server that is not ours: of one operation, to one host."""

    operation: str
    method: str
    host: str
    count: int
    first: tuple[str, ...]  # public ids of calls, names of cases


class Unconfirmed(Exception):
    """These calls may change something on somebody else's server: the person has to say that they know."""

    def __init__(self, risks: list[Risk]) -> None:
        super().__init__("not confirmed")
        self.risks = risks


def contract(project: Project, to: sending.Target) -> Contract:
    """What answers at our own address now, in the version that is asked; of other targets what is live."""
    names = project.addresses.values_list("name", flat=True)[:1]
    registry = frontdoor().registry
    for name in names:
        program = registry.at(name, to.revision) if to.revision else registry.current(name)
        if program is not None:
            return program.hosted.contract
    return newest.contract(project)


def operations(made: Contract) -> dict[str, Operation]:
    """The operations by the names that the log has for them."""
    return {one.operation_id or f"{one.method} {one.path}": one for one in made.operations}


def refusal(sender: Sender, contract: Contract, call: Call, operation_id: str) -> str:
    """Why ChatGPT would not make this call any more, "" when it would. How it was answered does not matter, nor whether
    an operation did (``operation_id`` is "" then); only what the address answers by itself, a document or a leg of a
    sign-in, is no call of an action."""
    if call.path in PATHS or signing.provides(contract, call.path):
        return ""
    found = sender.refusal(call, operation_id or sender.name_of(call))
    return told(found.message) if found is not None else ""


def may_repeat(method: str, operation: Operation | None) -> bool:
    """Whether sending a call twice does what sending it once does: its method says so (RFC 9110, section 9.2.2), or its
    operation is marked with ``x-idempotent``."""
    marked = operation is not None and operation.extra.get(REPEATABLE) is True
    return method in IDEMPOTENT or marked


def risks(
    made: Contract,
    to: sending.Target,
    calls: Iterable[Any],
    method: str = "",
    named: Callable[[Any], str] = operator.attrgetter("public_id"),
) -> list[Risk]:
    """What has to be confirmed: calls with a method that is not safe, or that the document calls consequential
    (x-openai-isConsequential), to hosts that are not the studio's own. ``calls`` are exchanges, or cases of a suite;
    ``named`` is how one of them is told. ``method`` replaces that of all calls."""
    known = operations(made)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for call in calls:
        operation, verb = known.get(call.operation_id), method or call.method
        if verb in sending.SAFE and not (operation and operation.consequential):
            continue
        for host in _hosts(made, to, operation):
            groups.setdefault((call.operation_id or call.path, verb, host), []).append(named(call))
    found = [Risk(*key, len(ids), tuple(ids[:SHOWN])) for key, ids in groups.items()]
    return sorted(found, key=lambda one: (-one.count, one.operation, one.host))


def _hosts(made: Contract, to: sending.Target, operation: Operation | None) -> list[str]:
    """The foreign hosts that a call of an operation may reach. Our own address forwards what is proxied."""
    if to.base:
        return [urlsplit(to.base).netloc]
    if operation is None:
        return _all(made) if to.upstream else []
    forwards = any(isinstance(one, Proxy) for one in inside(operation.behaviour))
    urls = direct.hosts(made, operation) if to.upstream or forwards else []
    return list(dict.fromkeys(urlsplit(url).netloc for url in urls))


def _all(made: Contract) -> list[str]:
    urls = [backend.url for one in made.upstreams for backend in one.backends] if len(made.upstreams) == 1 else []
    return list(dict.fromkeys(urlsplit(url).netloc for url in urls))


def plain(found: Iterable[Risk]) -> list[Mapping[str, object]]:
    """Risks as JSON."""
    return [
        {"operation": one.operation, "method": one.method, "host": one.host, "count": one.count, "first": [*one.first]}
        for one in found
    ]
