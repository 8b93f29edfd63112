"""Projects to begin from: each a readable OpenAPI document, and what the studio adds to it under ``x-studio``.

``always`` and the options there are fields of the contract as the codec writes them. ``bind`` are paths whose rows are
kept: the examples of the document are those that they begin with. ``forward`` says how operations forward: by
operationId, else by method, else as "other".
"""

import dataclasses
import functools
import typing
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from actionstudio.core import codec
from actionstudio.core.behaviour import Proxy
from actionstudio.core.collections import binding
from actionstudio.core.contract import Contract
from actionstudio.core.specs import text
from actionstudio.core.specs.readers import openapi

BLANK = "blank"
_FOLDER = Path(__file__).parent


@dataclasses.dataclass(frozen=True, slots=True)
class Starter:
    """One tile of the “New project” page. ``source`` names its file; ``option`` the facts under ``x-studio``."""

    key: str
    title: str
    description: str
    icon: str
    source: str = ""
    option: str = ""


STARTERS: tuple[Starter, ...] = (
    Starter(
        "todo",
        _("Todo list"),
        _("Three operations on a list that each person has, with the texts of a plugin manifest. No sign-in."),
        "circle-check",
        "todo",
    ),
    Starter(
        "todo-token",
        _("Todo list with a token"),
        _("The same list behind one service token, as plugins of 2023 had it."),
        "shield-check",
        "todo",
        "token",
    ),
    Starter(
        "items",
        _("Items shop"),
        _("Get and create items behind an API key that is sent as a Bearer token. What is added stays."),
        "store",
        "items",
    ),
    Starter(
        "weather",
        _("Weather"),
        _("One operation with one argument: the smallest action that is of use."),
        "sun",
        "weather",
    ),
    Starter(
        "petstore",
        _("Pet store"),
        _("The classic: list, create and show pets, with a shared error answer."),
        "list",
        "petstore",
    ),
    Starter(
        "acme",
        _("Orders and refunds"),
        _("Six operations behind an API key: orders, refunds and tickets, with confirmation before changes."),
        "package",
        "acme",
    ),
    Starter(
        "conference",
        _("Conference"),
        _("The sessions and topics of a speaker: two lists that a part of the path narrows down."),
        "book-open",
        "conference",
    ),
    Starter(
        "sport",
        _("Sport stats"),
        _("Five reports forwarded to an API that you name under Upstreams; until then examples answer."),
        "activity",
        "sport",
    ),
    Starter(
        "gateway",
        _("API gateway"),
        _("The Admin API of an APISIX gateway, forwarded with a key kept under Upstreams: ChatGPT never sees it."),
        "server",
        "gateway",
    ),
    Starter(
        "versions",
        _("Two versions side by side"),
        _("A gateway before a conference's API: v1 and v2 on servers of their own, with a cache and a rate limit."),
        "git-compare",
        "versions",
    ),
    Starter(
        BLANK,
        _("Blank"),
        _("An empty project. You add the first endpoint yourself."),
        "file-code-2",
        "blank",
    ),
)


def starter(key: str) -> Contract:
    """The contract that the starter ``key`` begins with. Raises KeyError when there is no such starter."""
    chosen = next((one for one in STARTERS if one.key == key), None)
    if chosen is None:
        raise KeyError(key)
    return _contract(chosen.source, chosen.option)


@functools.cache
def _contract(source: str, option: str) -> Contract:
    document = text.parse((_FOLDER / f"{source}.yaml").read_bytes())
    studio = document.pop("x-studio", {})
    facts = {**studio.get("always", {}), **studio.get(option or "usual", {})}
    contract = with_facts(openapi.read(document).contract, facts)
    for path in studio.get("bind", ()):
        contract = binding.apply(contract, binding.bind(contract, path))
    return _forwarding(contract, studio.get("forward", {}))


def _forwarding(contract: Contract, said: dict) -> Contract:
    if not said:
        return contract
    chosen = [said.get(op.operation_id) or said.get(op.method) or said["other"] for op in contract.operations]
    made = [
        dataclasses.replace(op, behaviour=codec.value_of(Proxy, one))
        for op, one in zip(contract.operations, chosen, strict=True)
    ]
    return dataclasses.replace(contract, operations=tuple(made))


def with_facts(contract: Contract, facts: dict) -> Contract:
    """``contract`` with fields of its own that OpenAPI cannot say, written as the codec writes them."""
    kinds = typing.get_type_hints(Contract)
    return dataclasses.replace(contract, **{name: codec.value_of(kinds[name], value) for name, value in facts.items()})
