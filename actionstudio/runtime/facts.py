"""What responders may ask about a visit: what the call says, and what stands behind it (core/rules/facts.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from actionstudio.core.rules import Facts
from actionstudio.core.templating import Scope
from actionstudio.runtime.partitions import partition_of
from actionstudio.runtime.ports import Place

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit


def facts_of(served: Served, visit: Visit) -> Facts:
    """The facts of a visit: made when they are first asked for, the same for all responders."""
    facts = visit.facts
    if facts is None:
        facts = visit.facts = Facts(visit.call, visit.values, visit.headers, served.behind)
        facts.key_id = visit.key_id
        token = visit.token
        if token is not None:
            facts.caller = {"sub": token.user, "name": token.who, "app": token.app, "scopes": sorted(token.scopes)}
    return facts


class Behind:
    """What stands behind the calls of one operation."""

    __slots__ = ("_served",)

    def __init__(self, served: Served) -> None:
        self._served = served

    def count(self, what: str = "") -> int:
        """Counts a call of the operation, or something else that happens with its calls. Without a store every call
        is the first."""
        served, house = self._served, self._served.house
        if house.store is None:
            return 1
        return house.store.count(house.hosted.project_id, f"calls {served.method} {served.path}{what}")

    def rows(self, name: str, facts: Facts) -> Mapping[str, Any] | None:
        """The rows of a collection that a call means."""
        house = self._served.house
        collection = next((one for one in house.contract.collections if one.name == name), None)
        if collection is None or house.store is None:
            return None
        partition = partition_of(collection.partition, facts, house)
        return house.store.read(Place(house.hosted.project_id, collection, partition)).rows

    def scope(self, facts: Facts) -> Scope:
        """What templates read of a call."""
        from actionstudio.runtime.scope import CallScope

        return CallScope(self._served, cast(Any, _Seen(facts, self._served)))


class _Seen:
    """As much of a visit as templates need."""

    __slots__ = ("call", "facts", "headers", "key_id", "operation", "user", "values")

    def __init__(self, facts: Facts, served: Served) -> None:
        self.call = facts.call
        self.facts = facts
        self.headers = facts.headers
        self.key_id = facts.key_id
        self.user = facts.user
        self.operation = served
        self.values = facts.values
