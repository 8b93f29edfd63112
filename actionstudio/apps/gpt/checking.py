"""Any text, without a project: what ChatGPT would say to it, and what would be left to say after the repairs."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actionstudio.apps.gpt import simulating
from actionstudio.apps.library import bundle, detecting, importing
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
    the import after them at an address of ours; else why not. ``made`` is the import of the document made of what is
    no OpenAPI document itself, which ``reader`` read."""

    imported: Import
    contract: Contract | None = None
    format: str = ""
    reader: str = ""
    made: Import | None = None
    repairs: tuple[Applicable, ...] = ()
    after: Import | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def first(self) -> Import:
        """The import that is of use: of the document that ChatGPT can be given."""
        return self.made or self.imported

    @property
    def detected(self) -> str:
        """What it is when it is no OpenAPI document, in words; else ""."""
        return importing.title_of(self.reader) if self.made is not None else ""

    @cached_property
    def sight(self) -> simulating.Sight:
        """That import as a page shows it."""
        return simulating.sight(self.first, repairs=[item.code for item in self.repairs])

    @cached_property
    def will(self) -> Verdict | None:
        """What it comes to after the repairs."""
        return verdict(self.after) if self.after is not None else None


def check(data: bytes, *, origin: str = "", format: str = detecting.AUTO, fetch: bool = False) -> Checked:
    """What ChatGPT makes of ``data``, and what of a project made of it. Never raises for any text.

    ``origin`` is the address it came from, ``format`` what it is to be read as. ``fetch``: the document that a manifest
    names is fetched.
    """
    document, seen = _seen(data)
    try:
        found, report = understood(data, document, origin=origin, format=format, fetch=fetch)
    except Refused as refused:
        return Checked(seen, problems=refused.problems)
    contract, reader = found.contract, report["reader"]
    made = as_document(contract) if converted(reader) else None
    repaired = simulating.served(enabled(contract, None), base_urls(ADDRESS)[0])
    return Checked(seen, contract, report["format"], reader, made, applicable(contract), repaired)


def converted(reader: str) -> bool:
    """Whether what ``reader`` read must become an OpenAPI document before ChatGPT can be given it."""
    return reader != "openapi"


def as_document(contract: Contract) -> Import:
    """The import of the document that a project of ``contract`` would serve to ChatGPT, before any optional repair."""
    return simulating.served(contract, base_urls(ADDRESS)[0])


def imported(data: bytes) -> Import:
    """What ChatGPT makes of ``data``."""
    return _seen(data)[1]


def understood(
    data: bytes, document: JSON, *, origin: str = "", format: str = detecting.AUTO, fetch: bool = False
) -> tuple[bundle.Bundle, dict[str, Any]]:
    """What a project would be made of, and the report. ``document`` is ``data`` parsed, as far as it is one: large
    texts are parsed once. The rest is as :func:`check` takes it. Raises Refused."""
    if format in (detecting.AUTO, "openapi") and isinstance(document, dict) and "openapi" in document:
        return importing.understood(importing.Parsed(document, "openapi"))
    if fetch:
        return importing.read(data, format, origin)
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
