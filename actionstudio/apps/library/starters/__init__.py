"""Projects to begin from: each a readable OpenAPI document, and what the studio adds to it under ``x-studio``.

``always`` and the options there are fields of the contract as the codec writes them. ``bind`` are paths whose rows are
kept: the examples of the document are those that they begin with. ``forward`` says how operations forward: by
operationId, else by method, else as "other". ``behaviours`` are by operationId, ``hidden`` are operations that ChatGPT
does not get. An option with another sign-in may say what operations ask for, ``asks``: scopes by operationId, and of
which collections each person has a list of their own, ``each``.
"""

import dataclasses
import functools
import typing
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from actionstudio.core import codec
from actionstudio.core.auth import OAuth
from actionstudio.core.behaviour import Behaviour, Proxy, Seed
from actionstudio.core.collections import binding
from actionstudio.core.contract import Contract
from actionstudio.core.specs import text
from actionstudio.core.specs.readers import openapi

BLANK = "blank"
_FOLDER = Path(__file__).parent


@dataclasses.dataclass(frozen=True, slots=True)
class Starter:
    """One tile of the “New project” page. ``source`` names its file; ``option`` the facts under ``x-studio``.
    ``variant``: it is no tile but stands under that name on the one before of the same source."""

    key: str
    title: str
    description: str
    icon: str
    source: str = ""
    option: str = ""
    variant: str = ""


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
        _("Service token"),
    ),
    Starter(
        "todo-oauth",
        _("Todo list with sign-in"),
        _("The same list with OAuth: people sign in, and each has a list that only they see."),
        "users",
        "todo",
        "oauth",
        _("OAuth"),
    ),
    Starter(
        "items",
        _("Items shop"),
        _("Get and create items behind an API key that is sent as a Bearer token. What is added stays."),
        "store",
        "items",
    ),
    Starter(
        "items-basic",
        _("Items shop with a Basic key"),
        _("The same shop behind an API key that is sent as typed behind “Basic”."),
        "store",
        "items",
        "basic",
        _("Basic"),
    ),
    Starter(
        "items-header",
        _("Items shop with a custom header"),
        _("The same shop behind an API key in a header of its own, api-key."),
        "store",
        "items",
        "header",
        _("Custom header"),
    ),
    Starter(
        "items-oauth",
        _("Items shop with sign-in"),
        _("The same shop with OAuth: one scope, and a client that proves itself in a Basic header."),
        "users",
        "items",
        "oauth",
        _("OAuth"),
    ),
    Starter(
        "retrieval",
        _("Retrieval"),
        _("Documents put in and looked up by question, as plugins of 2023 did; nothing is understood yet."),
        "search",
        "retrieval",
    ),
    Starter(
        "retrieval-service",
        _("Retrieval with a service token"),
        _("The same documents behind one token of the service."),
        "search",
        "retrieval",
        "service",
        _("Service token"),
    ),
    Starter(
        "retrieval-user",
        _("Retrieval with a key for each person"),
        _("The same with a key for each person, who has documents of their own."),
        "search",
        "retrieval",
        "user",
        _("A key for each person"),
    ),
    Starter(
        "retrieval-oauth",
        _("Retrieval with sign-in"),
        _("The same with OAuth: one scope to look up, one to change; each person has documents of their own."),
        "search",
        "retrieval",
        "oauth",
        _("OAuth"),
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


def tiles() -> list[tuple[Starter, list[Starter]]]:
    """The tiles, each with its variants."""
    return [
        (one, [other for other in STARTERS if other.variant and other.source == one.source])
        for one in STARTERS
        if not one.variant
    ]


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
    asks, each = facts.pop("asks", {}), facts.pop("each", ())
    contract = openapi.read(document).contract
    if "auth" in facts:
        contract = _without_security(contract)
    contract = with_facts(contract, facts)
    for path in studio.get("bind", ()):
        contract = binding.apply(contract, binding.bind(contract, path))
    contract = _forwarding(contract, studio.get("forward", {}))
    contract = _behaving(contract, studio.get("behaviours", {}), studio.get("hidden", ()))
    return _for_each(_asking(contract, asks), each)


def _without_security(contract: Contract) -> Contract:
    """The contract without what its document says of security, which another sign-in takes the place of."""
    shared = {key: value for key, value in contract.extra.get("components", {}).items() if key != "securitySchemes"}
    rest = {key: value for key, value in contract.extra.items() if key != "components"}
    return dataclasses.replace(contract, security=None, extra=rest | ({"components": shared} if shared else {}))


def _behaving(contract: Contract, said: dict, hidden: Iterable[str]) -> Contract:
    made = [
        dataclasses.replace(
            op,
            behaviour=codec.value_of(Behaviour, said[op.operation_id]) if op.operation_id in said else op.behaviour,
            exposed=op.operation_id not in hidden,
        )
        for op in contract.operations
    ]
    return dataclasses.replace(contract, operations=tuple(made))


def _asking(contract: Contract, asks: dict[str, list[str]]) -> Contract:
    if not isinstance(contract.auth, OAuth):
        return contract
    name = contract.auth.scheme_name
    made = [
        dataclasses.replace(op, security=({name: asks[op.operation_id]},)) if op.operation_id in asks else op
        for op in contract.operations
    ]
    return dataclasses.replace(contract, operations=tuple(made))


def _for_each(contract: Contract, names: Iterable[str]) -> Contract:
    """The contract where these collections are a list for each person: all begin with the first list that has rows."""
    made = []
    for one in contract.collections:
        if one.name in names:
            rows = next((seed.rows for seed in one.seeds if seed.rows), ())
            one = dataclasses.replace(one, partition="user", seeds=(Seed(rows),))
        made.append(one)
    return dataclasses.replace(contract, collections=tuple(made))


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
