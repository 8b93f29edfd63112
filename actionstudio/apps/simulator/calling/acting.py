"""Acting: one action set as ChatGPT has it after its import, ready to be called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.simulator import places
from actionstudio.apps.simulator.calling.rooting import root_of
from actionstudio.apps.simulator.calling.sending import Line
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.apps.simulator.providers.provider import Tool
from actionstudio.core.chatgpt import files
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import, simulate_document, unreadable
from actionstudio.core.importer.checks.browser import allows
from actionstudio.core.importer.serving import document as served_document
from actionstudio.core.importer.serving import served
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import text as texts
from actionstudio.core.specs import tools
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.ports import Hosted

type JSON = Any

ACCEPTED = (("accept", "application/json, application/yaml, text/yaml, */*"),)
FETCH_SECONDS = 20.0


@dataclass(frozen=True)
class Acting:
    """``project`` is whose calls these are. ``base`` is the server that is called, without a slash at its end;
    ``domain`` its host. ``auth`` is the dialog's stored form, without secrets. ``key`` is the action's id as ChatGPT
    names it. ``stale``: what is served now is newer than the copy that was taken. ``open`` are the operations that need
    no credential and get none (AK-05). ``row`` is the Action, None when there is none. ``contract`` is what the import
    comes from, where it is what an address of this studio serves."""

    project: Project
    imported: Import
    auth: Mapping[str, JSON] = field(default_factory=dict)
    key: str = ""
    stale: bool = False
    open: frozenset[str] = frozenset()
    row: Action | None = None
    gpt: str = ""
    contract: Contract | None = field(default=None, repr=False)

    @property
    def base(self) -> str:
        return self.imported.server.rstrip("/")

    @property
    def domain(self) -> str:
        return self.imported.host

    @cached_property
    def tools(self) -> tuple[Tool, ...]:
        """The operations as a model is offered them; no name twice in this action."""
        return tuple(_tool(one, self.row.pk if self.row else 0) for one in tools.of_import(self.imported))


def _tool(one: tools.Tool, action: int) -> Tool:
    schema = one.schema
    argument = schema["properties"].get(files.ARGUMENT)
    if isinstance(argument, dict) and one.method == "POST":
        argument = {**argument, "description": files.described(str(argument.get("description", "")))}
        schema = {**schema, "properties": {**schema["properties"], files.ARGUMENT: argument}}
    return Tool(one.name, one.description, schema, one.original, action, summary=one.summary)


def of_project(project: Project) -> Acting:
    """The action that the project's own address makes, signed in by nothing. Raises Refused when it has no address."""
    address = project.addresses.first()
    if address is None:
        words = _("This project has no address, so there is nothing to call. Give it one under Connect to GPT.")
        raise Refused(Problem("", words, "no-address"))
    imported, open_ = _live(address)
    return Acting(project, imported, open=open_, gpt=project.name, contract=_hosted(address).contract)


def of_document(project: Project, text: str | bytes, url: str = "", auth: Mapping[str, JSON] | None = None) -> Acting:
    """The action that any document makes. ``url`` is where it was found."""
    text = texts_of(text)
    imported, open_ = _read(text, root_of(project, text, url))
    key = f"g-{hashlib.sha1((url or text).encode(), usedforsecurity=False).hexdigest()}"  # as one of a GPT would have
    return Acting(project, imported, auth or {}, key, open=open_, gpt=project.name)


def of(action: Action) -> Acting:
    """The action set of a GPT. With ``follows``, that of a studio's address is always what is served now."""
    project, stale, contract = action.gpt.project, False, None
    if action.address is not None and (action.follows or not action.document):
        imported, open_ = _live(action.address)
        contract = _hosted(action.address).contract
    else:
        imported, open_ = _read(action.document, root_of(project, action.document, action.url, action.address))
        stale = action.address is not None and _hosted(action.address).revision != action.revision
    if barred(action.gpt, imported.host):
        imported = _stopped(imported)
    return Acting(project, imported, action.auth, action.key, stale, open_, action, action.gpt.name, contract)


def barred(gpt: Gpt, host: str) -> bool:
    """Whether the workspace lets nobody of this GPT call a host (DOM-03)."""
    return gpt.domains is not None and not allows(gpt.domains, host)


def _stopped(imported: Import) -> Import:
    """An action that the workspace lets nobody call: the model has nothing of it (DOM-03)."""
    return replace(imported, fatal=True, operations=tuple(replace(op, kept=False) for op in imported.operations))


def take(action: Action) -> Acting:
    """Fetches the document of an action and keeps the copy (the row is saved). Raises Refused when there is none."""
    if action.address is not None:
        hosted = _hosted(action.address)
        document = served_document(hosted.contract, places.base_of(action.address))
        action.document, action.revision = orjson.dumps(document).decode(), hosted.revision
    else:
        action.document = fetched(action.gpt.project, action.url)
    action.fetched = timezone.now()
    action.save(update_fields=["document", "revision", "fetched"])
    return of(action)


def fetched(project: Project, url: str) -> str:
    """The text of a document behind a link, from inside the studio or outside. Raises Refused."""
    got = Line(project).send("GET", url, ACCEPTED, seconds=FETCH_SECONDS, redirects=3)
    if got.error:
        words = _("The document could not be fetched: %(why)s") % {"why": got.detail or got.error}
        raise Refused(Problem("/url", words, "fetch"))
    if got.status != 200:
        words = _("The server answered %(status)s instead of the document.") % {"status": got.status}
        raise Refused(Problem("/url", words, "fetch"))
    return texts_of(got.body)


def texts_of(data: str | bytes) -> str:
    """A document's bytes as text. Raises Refused with what they are instead."""
    try:
        return data if isinstance(data, str) else texts.decode(data)
    except Refused as refused:
        raise Refused(*(Problem("/url", one.message, one.code) for one in refused.problems)) from None


def _hosted(address: Address) -> Hosted:
    program = frontdoor().registry.current(address.name)
    if program is None:
        words = _("The address “%(name)s” no longer answers.") % {"name": address.name}
        raise Refused(Problem("", words, "no-address"))
    return program.hosted


def _live(address: Address) -> tuple[Import, frozenset[str]]:
    """The import of what an address serves now."""
    hosted = _hosted(address)
    imported = served(hosted.contract, places.base_of(address))
    return imported, _open(imported, None)  # our own document says it at each operation


@lru_cache(16)
def _read(text: str, root: str) -> tuple[Import, frozenset[str]]:
    """The import of a text, as core/importer/simulate.py simulate does it."""
    try:
        document = texts.parse(text)
    except Refused as refused:
        return unreadable(refused.problems[0], len(text)), frozenset()
    imported = simulate_document(document, root, size=len(text))
    return imported, _open(imported, document.get("security") if isinstance(document, dict) else None)


def _open(imported: Import, usual: JSON) -> frozenset[str]:
    """The operations that say, or inherit, that they need no credential: ``security: []`` (SEC-02, AK-05)."""
    return frozenset(
        op.operation_id for op in imported.kept if imported.sources.get(op.pointer, {}).get("security", usual) == []
    )
