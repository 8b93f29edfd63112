"""What a suite's models are offered: tools, instructions, and what they are told of a call that is not made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.publishing.source import first_url
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.models import Action, Gpt, PromptRun
from actionstudio.apps.simulator.models.prompts import packed, unpacked
from actionstudio.apps.simulator.providers.provider import Tool
from actionstudio.core.contract import Contract
from actionstudio.core.importer.serving import served
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import examples, fields
from actionstudio.core.prompting.fields import Sheet


@dataclass(frozen=True)
class Offer:
    """``sheets`` are the tools as a model reads them, ``actions`` whose each is (an Action's pk, 0: the project's own),
    ``told`` the example answer of each. ``revision`` is the version of the contract, None when it is not of ours."""

    sheets: tuple[Sheet, ...]
    instructions: str = ""
    actions: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None

    @cached_property
    def tools(self) -> tuple[Tool, ...]:
        """The tools for a prompt."""
        return tuple(
            Tool(one.name, one.description, one.parameters, one.operation, self.actions.get(one.operation, 0))
            for one in self.sheets
        )

    @cached_property
    def by_name(self) -> dict[str, Sheet]:
        """The operations by what models call them."""
        return {one.name: one for one in self.sheets}

    @property
    def operations(self) -> frozenset[str]:
        """The operationIds."""
        return frozenset(one.operation for one in self.sheets)

    @property
    def digest(self) -> str:
        """A short name of all that models read of it."""
        return fields.digest(self.sheets, self.instructions)

    def pack(self) -> bytes:
        """All of it, as a run keeps it."""
        tools = [fields.dump(one) for one in self.sheets]
        data = {"tools": tools, "instructions": self.instructions, "actions": self.actions, "told": self.told}
        return packed(data)


def of_run(run: PromptRun) -> Offer:
    """What a run was begun with, whatever has changed since."""
    data = unpacked(run.sheet)
    sheets = tuple(fields.load(one) for one in data.get("tools", ()))
    return Offer(sheets, data.get("instructions", ""), data.get("actions", {}), data.get("told", {}), run.revision)


def of(project: Project, gpt: Gpt | None = None, revision: int | None = None) -> Offer:
    """What ``gpt``, or the project's own action alone, offers: live, or with the project's contract as it was in a
    revision. Raises Refused when there is no such revision, and when nothing is offered at all."""
    number, contract = contract_of(project, revision)
    rows = list(gpt.actions.select_related("address", "gpt__project").all()) if gpt is not None else []
    own = Acting(project, served(contract, first_url(project)))
    parts = [_part(own, contract, 0)] if not rows else [_of_action(row, project, own, contract) for row in rows]
    sheets, actions, told = _together(parts)
    if not sheets:
        words = _("ChatGPT has no operation of this project, so no model could call one. See the import page.")
        raise Refused(Problem("", words, "nothing"))
    return Offer(sheets, gpt.instructions if gpt is not None else "", actions, told, number)


def contract_of(project: Project, revision: int | None = None) -> tuple[int, Contract]:
    """A version of the contract and its number: the one asked for, or what the address serves. Raises Refused."""
    rows = Revision.objects.filter(project=project)
    if revision is None:
        address = project.addresses.select_related("pinned").first()
        found = address.pinned if address is not None and address.pinned is not None else rows.first()
    else:
        found = rows.filter(number=revision).first()
    if found is None:
        words = _("This project has no version %(n)s.") % {"n": revision or ""}
        raise Refused(Problem("/revision", words, "revision"))
    return found.number, found.contract()


type Part = tuple[list[Sheet], int, dict[str, str]]


def _of_action(row: Action, project: Project, own: Acting, contract: Contract) -> Part:
    ours = row.address is not None and row.address.project_id == project.pk and row.follows
    return _part(own if ours else acting.of(row), contract if ours else None, row.pk)


def _part(one: Acting, contract: Contract | None, action: int) -> Part:
    asks = {op.operation_id: op.asks for op in one.imported.kept}
    sheets = [
        Sheet(tool.operation_id, tool.description, tool.parameters, tool.name, asks.get(tool.operation_id, False))
        for tool in one.tools
    ]
    return sheets, action, examples.answers(one.imported, contract)


def _together(parts: list[Part]) -> tuple[tuple[Sheet, ...], dict[str, int], dict[str, str]]:
    """The operations of several actions; of two of one name the first, as nobody could tell them apart."""
    sheets: dict[str, Sheet] = {}
    actions: dict[str, int] = {}
    told: dict[str, str] = {}
    for found, action, answers in parts:
        for one in found:
            if one.operation not in sheets and one.name not in {other.name for other in sheets.values()}:
                sheets[one.operation] = one
                actions[one.operation] = action
                told[one.operation] = answers.get(one.operation, examples.NOTHING)
    return tuple(sheets.values()), actions, told
