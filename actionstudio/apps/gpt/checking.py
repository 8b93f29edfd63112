"""Any text, without a project: what ChatGPT would say to it, and what would be left to say after the repairs."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actionstudio.apps.gpt import simulating
from actionstudio.apps.library import bundle, importing
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import, simulate_document
from actionstudio.core.importer.profile import Applicable, applicable, enabled
from actionstudio.core.importer.verdict import Verdict, verdict
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said
from actionstudio.runtime.parsing import parse_safely

ADDRESS = "your-api"  # stands for the address that a project of it would get

type JSON = Any


@dataclass(frozen=True)
class Checked:
    """``imported`` is of the text as it is. When our readers understand it: the contract, the repairs that apply and
    the import after them at an address of ours; else why not."""

    imported: Import
    contract: Contract | None = None
    format: str = ""
    repairs: tuple[Applicable, ...] = ()
    after: Import | None = None
    problems: tuple[Problem, ...] = ()

    @cached_property
    def sight(self) -> simulating.Sight:
        """The import as a page shows it."""
        return simulating.sight(self.imported, repairs=[item.code for item in self.repairs])

    @cached_property
    def will(self) -> Verdict | None:
        """What it comes to after the repairs."""
        return verdict(self.after) if self.after is not None else None


def check(data: bytes) -> Checked:
    """What ChatGPT makes of ``data``, and what of a project made of it. Never raises for any text."""
    document, seen = _seen(data)
    try:
        found, report = understood(data, document)
    except Refused as refused:
        return Checked(seen, problems=refused.problems)
    contract = found.contract
    repaired = simulating.served(enabled(contract, None), base_urls(ADDRESS)[0])
    return Checked(seen, contract, report["format"], applicable(contract), repaired)


def imported(data: bytes) -> Import:
    """What ChatGPT makes of ``data``."""
    return _seen(data)[1]


def understood(data: bytes, document: JSON) -> tuple[bundle.Bundle, dict[str, Any]]:
    """What a project would be made of, and the report. ``document`` is ``data`` parsed, as far as it is one: large
    texts are parsed once. Raises Refused."""
    if isinstance(document, dict) and "openapi" in document:
        return importing.understood(importing.Parsed(document, "openapi"))
    return importing.read_document(data)


def _seen(data: bytes) -> tuple[JSON, Import]:
    """The text parsed, under hard limits, and imported; of what is no document ours says why."""
    try:
        document = parse_safely(data)
    except Refused as refused:
        nothing = simulate_document(None)
        why = said("ChatGPT says no more than that. %(why)s", why=refused.problems[0].message)
        line = dataclasses.replace(nothing.messages[0], explanation=why, pointer=refused.problems[0].pointer)
        return None, dataclasses.replace(nothing, messages=(line,), size=len(data))
    return document, dataclasses.replace(simulate_document(document), size=len(data.decode(errors="replace")))
