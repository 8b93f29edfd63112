"""Nothing arrived: ChatGPT took the document and no call followed. What is likely, and how each can be checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.diagnoses import fetches
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.auth import OAuth
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.serving import served
from actionstudio.core.lint.hosts import is_local

WAIT = 90_000  # milliseconds after a document fetch before its silence means anything
WALK = 50_000  # index entries each look may pass


@dataclass(frozen=True, slots=True)
class Reason:
    """One likely reason: what it is, how to check it, and where. ``sure``: the studio itself has seen it."""

    title: str
    check: str
    links: tuple[tuple[str, str], ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """``kind`` is "never" (nothing of ChatGPT's ever came) or "document" (its last fetch, ``row``, was the last)."""

    kind: str
    row: Exchange | None = None
    reasons: list[Reason] = field(default_factory=list)


class Scene:
    """What the reasons look at."""

    def __init__(self, project) -> None:
        self.project = project
        self.address = project.addresses.first()

    @cached_property
    def contract(self):
        return newest.contract(self.project)

    @cached_property
    def base(self) -> str:
        """Where the project answers; "" when it has no address."""
        return base_urls(self.address.name, self.address.domain)[0] if self.address else ""

    @cached_property
    def imported(self) -> Import:
        return served(self.contract, self.base)

    @cached_property
    def fetched(self) -> Exchange | None:
        """ChatGPT's last fetch of the OpenAPI document."""
        return next((row for row in self.fetches if row.source == "gpt"), None)

    @cached_property
    def fetches(self) -> list[Exchange]:
        return fetches.before(self.project.pk, None, WALK)

    @cached_property
    def called(self) -> Exchange | None:
        """ChatGPT's last call of an endpoint, answered or refused."""
        found = [*self.last(Filter(kind="mock", source="gpt")), *self.last(Filter(kind="refused", source="gpt"))]
        return max(found, key=lambda row: row.pk, default=None)

    @cached_property
    def leg(self) -> Exchange | None:
        """The last leg of a sign-in."""
        return next(iter(self.last(Filter(kind="oauth"))), None)

    def last(self, asked: Filter, size: int = 1) -> list[Exchange]:
        ids, _end = walking.ids_before(asked.plan(self.project.pk), None, size, WALK)
        return walking.rows(ids)

    def link(self, label: str, name: str, *more: str) -> tuple[tuple[str, str], ...]:
        return ((label, reverse(name, args=[self.project.slug, *more])),)


def of(project, now: float | None = None) -> Silence | None:
    """The silence of a project; None while ChatGPT calls it, or while it has just fetched the document."""
    scene, now_ms = Scene(project), (now or time.time()) * 1000
    fetched, called = scene.fetched, scene.called
    if fetched is None:
        return None if called else Silence("never", None, list(_never(scene)))
    if (called and called.pk > fetched.pk) or now_ms - (fetched.pk >> SHIFT) < WAIT:
        return None
    found = [reason for look in REASONS for reason in look(scene)]
    return Silence("document", fetched, sorted(found, key=lambda reason: not reason.sure))


def _never(scene: Scene) -> Iterator[Reason]:
    """Before ChatGPT has fetched anything."""
    host = urlsplit(scene.base).hostname or ""
    if is_local(host):
        check = _("ChatGPT cannot reach this machine. Put the studio on a public host, or start a tunnel to it.")
        yield Reason(
            _("The address is on this machine only."), check, scene.link(_("Connect"), "gpt:connect"), sure=True
        )
    elif not scene.base.startswith("https:"):
        check = _("ChatGPT calls https addresses only. Put a proxy with a certificate before the studio.")
        yield Reason(_("The address is not https."), check, scene.link(_("Connect"), "gpt:connect"), sure=True)
    if scene.fetches:
        row = scene.fetches[0]
        check = _(
            "Version %(version)s went to a client that does not say who it is. If it was the GPT editor, press Create "
            "or Update there, and open a new chat with the GPT."
        ) % {"version": row.revision}
        links = scene.link(_("That fetch"), "traffic:exchange", row.public_id)
        yield Reason(_("The document was fetched, perhaps by the GPT editor."), check, links)
        return
    check = _("In the GPT editor, choose Create new action, then Import from URL, and paste the document's address.")
    yield Reason(_("The document was not imported yet."), check, scene.link(_("Connect"), "gpt:connect"))


def _import(scene: Scene) -> Iterator[Reason]:
    if scene.imported.fatal or not any(op.kept for op in scene.imported.operations):
        check = _("The import takes no operation of it. Its messages are listed on the page of ChatGPT's import.")
        links = scene.link(_("ChatGPT's import"), "gpt:import")
        yield Reason(_("ChatGPT's import refuses the document."), check, links, sure=True)


def _sign_in(scene: Scene) -> Iterator[Reason]:
    if not isinstance(scene.contract.auth, OAuth):
        return
    links = scene.link(_("Sign-in test"), "signin:handshake")
    leg = scene.leg
    if leg and scene.fetched and leg.pk > scene.fetched.pk:
        check = _("A sign-in was begun after the import and no call followed. The test shows at which leg it stopped.")
        yield Reason(_("The sign-in was not finished."), check, links, sure=True)
    else:
        check = _(
            "The chat shows a “Sign in with …” button before the first call. Press it; each leg then appears here."
        )
        yield Reason(_("Nobody has signed in yet."), check, links)


def _consent(scene: Scene) -> Iterator[Reason]:
    check = _("Scroll up in the chat: a spinner without a call here is most often a question with Allow or Confirm.")
    yield Reason(_("A question for approval waits in the chat."), check)


def _saved(scene: Scene) -> Iterator[Reason]:
    check = _("Press Create or Update in the GPT editor after the import, then open a new chat with the GPT.")
    yield Reason(_("The GPT was not saved after the import."), check)


def _server(scene: Scene) -> Iterator[Reason]:
    check = _("In the editor's schema, “servers” must name %(url)s. A pasted copy may name another host.")
    links = scene.link(_("Connect"), "gpt:connect")
    yield Reason(_("The copy in the editor names another server."), check % {"url": scene.base or "…"}, links)


def _chosen(scene: Scene) -> Iterator[Reason]:
    named = next((op.operation_id for op in scene.contract.operations if op.exposed and op.operation_id), "")
    check = _(
        "Ask for one of the endpoints by name: “use %(name)s”. If that works, the descriptions must say better when to "
        "use it."
    ) % {"name": named or "listOrders"}
    links = scene.link(_("What the model sees"), "gpt:model") + scene.link(_("Checks"), "design:checks")
    yield Reason(_("The model did not choose the action."), check, links)


def _stuck(scene: Scene) -> Iterator[Reason]:
    check = _("Some chats get stuck: every call fails with ClientResponseError and none arrives. A new chat cures it.")
    yield Reason(_("The chat's connection is stuck."), check)


def _model(scene: Scene) -> Iterator[Reason]:
    check = _("Pro-mode models cannot use actions. Choose another model in the chat.")
    yield Reason(_("The chat's model cannot use actions."), check)


REASONS: tuple[Callable[[Scene], Iterator[Reason]], ...] = (
    _import,
    _sign_in,
    _consent,
    _saved,
    _server,
    _chosen,
    _stuck,
    _model,
)
