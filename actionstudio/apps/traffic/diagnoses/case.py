"""A case: one logged call with all that a diagnosis may ask about it, each loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import orjson

from actionstudio.apps.design import newest
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic.decisions import About
from actionstudio.apps.traffic.diagnoses import fetches
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.importer.serving import served

MISSING = object()
HOUR = 3_600_000  # milliseconds
WALK = 20_000  # index entries that a look at earlier calls may pass


class Case:
    """``shared`` is a dictionary that cases of one page have in common: contracts by version, answers to queries."""

    def __init__(self, project, row: Exchange, shared: dict | None = None) -> None:
        self.project, self.row = project, row
        self.shared = {} if shared is None else shared
        self.about = About(project, row)

    def once(self, key, make):
        """The value of ``make()``, asked for once for all cases of a page."""
        if key not in self.shared:
            self.shared[key] = make()
        return self.shared[key]

    @property
    def from_gpt(self) -> bool:
        """Whether ChatGPT called, or the simulator in its place."""
        return self.row.source in ("gpt", "simulator")

    @property
    def is_call(self) -> bool:
        """Whether it was meant for an endpoint (no document, leg of a sign-in, or callback of the mock's own)."""
        return self.row.kind in ("mock", "refused")

    @cached_property
    def live(self) -> Contract:
        """What the project promises today."""
        return self.once("live", lambda: newest.contract(self.project))

    @cached_property
    def contract(self) -> Contract | None:
        """What it promised in the version that answered; None when that is gone."""
        number = self.row.revision

        def load() -> Contract | None:
            kept = self.project.revisions.filter(number=number).first()
            return kept.contract() if kept else None

        return self.once(("contract", number), load)

    @cached_property
    def operation(self) -> Operation | None:
        """The operation that was called, as the version that answered had it."""
        return operation_of(self.contract, self.row.operation_id)

    @property
    def imported(self) -> Import:
        """What ChatGPT's import makes of the document that is served today."""

        def load() -> Import:
            address = self.project.addresses.first()
            return served(self.live, base_urls(address.name, address.domain)[0] if address else "")

        return self.once("imported", load)

    @property
    def tool(self) -> ImportedOperation | None:
        """The called operation as the import kept it; None when it dropped it, or when it is there no more."""
        known = self.once("tools", lambda: {(op.method, op.path): op for op in self.imported.operations if op.kept})
        op = self.operation
        return known.get((op.method, op.path)) if op else None

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The request's headers; of several of one name the last."""
        return dict(self.row.headers_in)

    @cached_property
    def answered(self) -> Mapping[str, str]:
        """The answer's headers."""
        return dict(self.row.headers_out)

    @cached_property
    def sent(self) -> Any:
        """The request's body as JSON, or MISSING."""
        return _json(bytes(self.row.request_body))

    @cached_property
    def told(self) -> Any:
        """The answer's body as JSON, or MISSING."""
        return _json(bytes(self.row.response_body))

    @cached_property
    def answer_text(self) -> str:
        """The answer's body as text, as much of it as the log kept."""
        return bytes(self.row.response_body).decode("utf-8", "replace")

    @cached_property
    def wants_json(self) -> bool:
        """Whether the answer was promised as JSON, as far as the document says (JSON when it does not)."""
        op = self.operation
        kinds = [media.media_type for one in op.responses for media in one.content] if op else []
        return not kinds or any("json" in kind for kind in kinds)

    @cached_property
    def document(self) -> Exchange | None:
        """The last fetch before this call by which ChatGPT may have its document; None when the log has none nearby.

        Cases of one hour share what is read for its end; a call before all of that is looked up by itself.
        """
        address, hour = self.row.address, (self.row.id >> SHIFT) // HOUR
        shared = self.once(("fetches", hour), lambda: self._fetches((hour + 1) * HOUR << SHIFT))
        return self._last(shared, address) or self._last(self._fetches(self.row.pk) if shared else (), address)

    def _fetches(self, end: int) -> list[Exchange]:
        return fetches.before(self.project.pk, end, WALK)

    def _last(self, found: Iterable[Exchange], address: str) -> Exchange | None:
        return next((one for one in found if one.pk < self.row.pk and one.address == address), None)

    def link(self, label: str, name: str, *more: str) -> tuple[tuple[str, str], ...]:
        """A link to a page of the project, as a tuple of none or one."""
        return tuple(self.about.link(label, name, *more))

    def endpoint(self, label: str) -> tuple[tuple[str, str], ...]:
        """A link to the endpoint's own page."""
        ref = self.once(("ref", self.row.operation_id), lambda: self.about.ref)
        return self.link(label, "design:endpoint", ref) if ref else ()


def operation_of(contract: Contract | None, name: str) -> Operation | None:
    """The operation of that name (or ``METHOD /path``, as the log calls one without)."""
    operations = contract.operations if contract and name else ()
    return next((op for op in operations if name in (op.operation_id, f"{op.method} {op.path}")), None)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body) if body else MISSING
    except orjson.JSONDecodeError:
        return MISSING
