"""Any text, without a project: what ChatGPT would say to it, and what would be left to say after the repairs."""

from dataclasses import dataclass
from typing import Any

from actionstudio.apps.gpt import simulating
from actionstudio.apps.library import importing
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import, simulate_document, unreadable
from actionstudio.core.importer.profile import Applicable, applicable, enabled
from actionstudio.core.importer.verdict import Verdict, verdict
from actionstudio.core.problem import Problem, Refused
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

    @property
    def sight(self) -> simulating.Sight:
        """The import as a page shows it."""
        return simulating.sight(self.imported, repairs=[item.code for item in self.repairs])

    @property
    def will(self) -> Verdict | None:
        """What it comes to after the repairs."""
        return verdict(self.after) if self.after is not None else None


def check(data: bytes) -> Checked:
    """What ChatGPT makes of ``data``, and what of a project made of it. Never raises for any text."""
    seen = imported(data)
    try:
        found, report = importing.read_document(data)
    except Refused as refused:
        return Checked(seen, problems=refused.problems)
    contract = found.contract
    return Checked(
        seen,
        contract,
        report["format"],
        applicable(contract),
        simulating.served(enabled(contract, None), base_urls(ADDRESS)[0]),
    )


def imported(data: bytes) -> Import:
    """What ChatGPT makes of ``data``. It is read under hard limits; of what is no document ours says why."""
    try:
        document = parse_safely(data)
    except Refused as refused:
        return unreadable(refused.problems[0], len(data))
    return simulate_document(document, size=len(data.decode(errors="replace")))
