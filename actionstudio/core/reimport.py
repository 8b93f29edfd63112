"""A document taken into a project that has grown: what the text editor saves, and what a newer source brings."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from actionstudio.core.auth import ApiKey, Auth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.merging import ABSENT, Merge
from actionstudio.core.planning import Choice, Item, Plan, Planner
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import auth as reading
from actionstudio.core.specs.readers import openapi as reader
from actionstudio.core.units import pairs, units, whole

__all__ = ["Choice", "Item", "Plan", "apply", "echo", "plan", "text_edit"]


def text_edit(current: Contract, incoming: Contract) -> Contract:
    """``current`` as the text that ``incoming`` was read from wants it.

    The text is the project's own full document after an edit (``openapi.render(current)``, without servers of ours).
    It is the truth for everything that a document can say. What it cannot say stays: behaviours, exposed, validation,
    policies, logo, manifest, repairs, waivers, and issued auth while what the document says of security stays; of an
    operation by method and path, else by its name. A text that was not changed changes nothing.
    """
    before = echo(current)
    if _same_security(before, incoming):
        incoming = dataclasses.replace(incoming, auth=before.auth)
    else:
        incoming = dataclasses.replace(incoming, auth=_still(current.auth, incoming))
        current = _as_shown(current, before)
    return _merged(before, current, incoming)


def plan(
    current: Contract, incoming: Contract, base: Contract | None = None, accept: Collection[str] | None = None
) -> Plan:
    """What would change if ``incoming`` were taken over.

    ``base`` is the document as it was imported last: what differs from it here is a hand edit and stays, unless the
    source changed the same thing. Without it every difference counts as the source's. Which operations arrive hidden
    holds for ``accept`` (None: what it suggests).
    """
    return Planner(current, incoming, base or echo(current)).plan(accept)


def apply(
    current: Contract, incoming: Contract, accept: Collection[str] | None = None, base: Contract | None = None
) -> Contract:
    """``current`` with the accepted items and choices of :func:`plan` (None: those it suggests).

    What an accepted item refers to comes with it, and what something that stays refers to does not go. Ids that are
    not in the plan are ignored. Where a person chose what ChatGPT gets, added operations arrive hidden when it would
    get more than it takes.
    """
    return Planner(current, incoming, base or echo(current)).apply(accept)


def echo(value: Contract) -> Contract:
    """``value`` as one reads it from its own full document: what a document cannot say is at its default."""
    try:
        return reader.read(openapi.full(value, ())).contract
    except Refused:  # nothing of it can be written
        return value


def _merged(base: Contract, ours: Contract, theirs: Contract) -> Contract:
    """All that changed from ``base`` to ``theirs``, done to ``ours``; where both changed the same, theirs."""
    merge = Merge(take=lambda way: True)
    found = []
    for unit in units(base, ours, theirs):
        gone = unit.theirs is ABSENT and unit.base is not ABSENT
        found.append((unit.id, ABSENT if gone else merge.of(unit.base, unit.ours, unit.theirs)))
    return whole(found)


def _same_security(before: Contract, after: Contract) -> bool:
    """Whether two documents say the same of security. Operations that came count when they ask for something new."""
    places = pairs(*({(op.method, op.path): op for op in value.operations} for value in (after, before)))
    was = {(op.method, op.path): op.security for op in before.operations}
    asked = [before.security, None, (), *was.values()]
    kept = all(
        op.security == was[places[op.method, op.path]] if (op.method, op.path) in places else op.security in asked
        for op in after.operations
    )
    return kept and before.security == after.security and _schemes(before) == _schemes(after)


def _schemes(value: Contract) -> Any:
    shared = value.extra.get("components")
    return shared.get("securitySchemes") if isinstance(shared, Mapping) else None


def _as_shown(current: Contract, before: Contract) -> Contract:
    """``current`` with the security that its document shows: what its auth hides must not come up by an edit."""
    shown = {(op.method, op.path): op.security for op in before.operations}
    operations = tuple(
        dataclasses.replace(op, security=shown.get((op.method, op.path), op.security)) for op in current.operations
    )
    return dataclasses.replace(current, operations=operations, security=before.security)


def _still(ours: Auth, read: Contract) -> Auth:
    """The auth that a document asks for. A token with verification tokens looks there like a key, and of OAuth it says
    neither which scopes change something nor how a client proves who it is: that stays."""
    found = read.auth
    if isinstance(ours, ServiceHttp | UserHttp):
        if isinstance(found, ApiKey) and found.scheme == ours.authorization_type:
            return dataclasses.replace(ours, scheme_name=found.scheme_name)
        return found
    wish = found if isinstance(found, OAuth) else reading.offered(read)
    if not isinstance(ours, OAuth) or wish is None:
        return found
    changing = {scope.name for scope in ours.scopes if scope.changes}
    return dataclasses.replace(
        ours,
        scopes=tuple(dataclasses.replace(scope, changes=scope.name in changing) for scope in wish.scopes),
        authorization_url=wish.authorization_url,
        token_url=wish.token_url,
        scheme_name=wish.scheme_name,
    )
