"""What ChatGPT's editor says of a GPT: of each action in the company of the others, and of the GPT itself."""

from __future__ import annotations

from collections.abc import Iterable

from actionstudio.apps.simulator import places
from actionstudio.apps.simulator.calling.rooting import root_of
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core.importer import Import, Message, simulate, simulate_document
from actionstudio.core.importer.checks.browser import of_gpt, of_workspace
from actionstudio.core.importer.reading import Reading
from actionstudio.core.importer.serving import document
from actionstudio.core.problem import Problem, Refused

DUPLICATE = "DOM-01"


def of_action(action: Action, domains: Iterable[str] = ()) -> Import:
    """The import of an action as the editor shows it. ``domains`` are the hosts of the GPT's other actions."""
    gpt = action.gpt
    told = {"domains": tuple(domains), "allowed": gpt.domains, "public": gpt.public, "privacy_url": action.privacy_url}
    root = root_of(gpt.project, action.document, action.url, action.address)
    if action.address is not None and (action.follows or not action.document):
        contract, _number = places.served(action.address)
        return simulate_document(document(contract, root), root, **told)
    return simulate(action.document, root, **told)


def of_itself(gpt: Gpt) -> tuple[Message, ...]:
    """What the editor says of the GPT's name, instructions and category, and of a workspace that allows no domain."""
    reading = Reading({}, public=gpt.public, allowed=gpt.domains)
    of_gpt(reading, {"name": gpt.name, "instructions": gpt.instructions, "category": gpt.category})
    of_workspace(reading)
    return tuple(reading.messages)


def hosts(gpt: Gpt, but: Action | None = None) -> list[str]:
    """The hosts of the GPT's actions, without one of them, in their order."""
    found = []
    for action in gpt.actions.select_related("address__project", "address__pinned", "gpt__project"):
        if but is None or action.pk != but.pk:
            found.append(of_action(action).host)
    return [host for host in found if host]


def duplicate(imported: Import, field: str) -> Problem | None:
    """ChatGPT's refusal of an action whose host another one has, at a form's field."""
    said = next((one for one in imported.messages if one.rule == DUPLICATE), None)
    return Problem(field, f"{said.text}. {said.explanation}", "duplicate") if said else None


def unusable(imported: Import, field: str) -> Problem | None:
    """Why nothing of a document is taken: the editor's own words, and what they mean."""
    said = next((one for one in imported.messages if one.level == "fatal"), None)
    return Problem(field, f"{said.text}. {said.explanation}", said.rule) if said else None


def refuse(*problems: Problem | None) -> None:
    """Raises Refused when there is any."""
    if found := [one for one in problems if one is not None]:
        raise Refused(*found)
