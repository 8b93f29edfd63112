"""The APIs that a project forwards to: how they are kept, who uses them, and asking one to see how it answers."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import declaring, load
from actionstudio.apps.design.editing import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import secrets
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.traffic import redaction
from actionstudio.core import codec
from actionstudio.core.answering import upstream_of
from actionstudio.core.behaviour import Upstream
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.forwarding.answer import answer_of
from actionstudio.runtime.forwarding.credentials import Secret
from actionstudio.runtime.forwarding.request import PSEUDONYM, base_path, shown
from actionstudio.runtime.outbound import OutboundRefused
from actionstudio.runtime.relaying import relay

MOST = 50
PREVIEW = 4000  # characters of an answer that the page shows
SECONDS = 10
LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking an upstream: what was sent (without the secret), and the answer or why there is none."""

    url: str
    sent: list[tuple[str, str]]
    milliseconds: int
    status: int = 0
    kind: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    error: str = ""


def users(contract: Contract) -> dict[str, list[str]]:
    """Which operations forward to which upstream, by the upstream's name."""
    found: dict[str, list[str]] = {one.name: [] for one in contract.upstreams}
    for operation in contract.operations:
        for name in dict.fromkeys(declaring.uses(operation.behaviour, "upstreams")):
            found.setdefault(name, []).append(f"{operation.method} {operation.path}")
    return found


def find(project: Project, name: str) -> Upstream | None:
    """The upstream of that name in the working copy."""
    return next((one for one in load.contract(project).upstreams if one.name == name), None)


def save(project: Project, by, data: Any, name: str = "", text: str = "") -> Revision | None:
    """Keeps an upstream (the codec's JSON): a new one, or the one called ``name`` as it is now; and the text of its
    secret when one is given. All of it or nothing. Raises Refused, its pointers into ``data``."""
    with editing(project, by, _("Upstreams")):
        contract = load.contract(project)
        value = upstream_of(data, contract)
        others = [one for one in contract.upstreams if one.name != name]
        if any(one.name == value.name for one in others):
            raise Refused(Problem("/name", _("There is one of this name already. Choose another name."), "twice"))
        if name and value.name != name:
            raise Refused(Problem("/name", _("Endpoints know an upstream by its name: it stays as it is."), "name"))
        if not name and len(others) >= MOST:
            raise Refused(Problem("/name", _("Use at most %(n)s upstreams.") % {"n": MOST}, "many"))
        if text:
            _keep(project, value.secret, text)
        wanted = [value if one.name == name else one for one in contract.upstreams]
        wanted += [] if name else [value]
        return declaring.declare(project, by, upstreams=[codec.plain(one) for one in wanted])


def _keep(project: Project, name: str, text: str) -> None:
    try:
        secrets.keep(project, name, text)
    except Refused as refused:
        named = [replace(one, pointer="/secret_new") if one.pointer == "/name" else one for one in refused.problems]
        raise Refused(*named) from None


def remove(project: Project, by, name: str) -> bool:
    """Takes an upstream away; False when there is none. Raises Refused when operations forward to it."""
    with editing(project, by, _("Upstreams")):
        contract = load.contract(project)
        left = [one for one in contract.upstreams if one.name != name]
        if len(left) == len(contract.upstreams):
            return False
        declaring.declare(project, by, upstreams=[codec.plain(one) for one in left])
    return True


def secret_users(project: Project) -> dict[str, list[str]]:
    """Which upstreams use which secret, by the secret's name: those kept, and those that are still to be filled in."""
    found: dict[str, list[str]] = {name: [] for name in project.secrets.values_list("name", flat=True)}
    for one in load.contract(project).upstreams:
        if one.secret:
            found.setdefault(one.secret, []).append(one.name)
    return found


def forget_secret(project: Project, name: str) -> bool:
    """Deletes a secret; False when there is none. Raises Refused when an upstream uses it."""
    used = secret_users(project).get(name, [])
    if used and project.secrets.filter(name=name).exists():
        message = _("“%(name)s” is used by the upstream %(upstreams)s. Choose another secret there first.")
        raise Refused(Problem("", message % {"name": name, "upstreams": ", ".join(used)}, "used"))
    return secrets.forget(project, name)


def ask(project: Project, upstream: Upstream, path: str = "/", server: int = 0) -> Asked:
    """One GET of ``path`` to a server of the upstream, with its headers and secret. Raises Refused."""
    if not path.startswith("/") or not path.isprintable() or ".." in path:
        raise Refused(Problem("/path", _("Write a path that begins with “/”, such as /health."), "path"))
    if server >= len(upstream.backends):
        raise Refused(Problem("/servers", _("There is no server to ask yet: write its base URL and save."), "none"))
    kept = secrets.texts(project)
    if upstream.secret and upstream.secret not in kept:
        message = _("The secret “%(name)s” has no text yet. Type it and save.") % {"name": upstream.secret}
        raise Refused(Problem("/secret", message, "missing"))
    secret = Secret(upstream, kept.get(upstream.secret, ""))
    base = upstream.backends[server].url
    target = base_path(base) + path
    own = [("accept", "application/json, */*;q=0.5"), ("via", f"1.1 {PSEUDONYM}")]
    own += [(name.lower(), value) for name, value in upstream.headers]
    names = {name for name, _value in secret.headers}
    sent = [*(pair for pair in own if pair[0] not in names), *secret.headers]
    told = [(name, secret.hide_text(value)) for name, value in sent]
    hidden = f"{secret.query.partition('=')[0]}=••••" if secret.query else ""
    made = Asked(secret.hide_text(shown(base, _with(target, hidden))), told, 0)
    return _answered(made, secret, base, _with(target, secret.query), sent)


def _with(target: str, more: str) -> str:
    return target + ("&" if "?" in target else "?") + more if more else target


def _answered(made: Asked, secret: Secret, base: str, target: str, sent: list[tuple[str, str]]) -> Asked:
    began = time.monotonic()
    try:
        got = relay("GET", base, target, sent, timeout=SECONDS, max_bytes=LARGEST, allow_private=private_allowed())
    except OutboundRefused as refused:
        return replace(made, milliseconds=_since(began), error=secret.hide_text(str(refused)))
    answer = answer_of(got.status, got.headers, got.body)
    kind = answer.header("content-type")
    body = redaction.body(secret.hide(answer.read or b""), kind)
    headers = redaction.headers([(name, secret.hide_text(value)) for name, value in answer.headers])
    text = body.decode("utf-8", "replace") if b"\0" not in body[:1000] else _("(%(n)s bytes)") % {"n": len(body)}
    return replace(
        made,
        milliseconds=_since(began),
        status=got.status,
        kind=kind,
        headers=list(headers),
        body=text[:PREVIEW],
    )


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
