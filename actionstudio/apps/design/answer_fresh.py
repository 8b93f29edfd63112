"""What a row of the page "Answer" that was just made begins with: what the operation has, and what fits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import answer_form
from actionstudio.apps.design.answer_offers import offers
from actionstudio.apps.web.telling import told
from actionstudio.core.behaviour import Stateful
from actionstudio.core.collections import binding, family, reading
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import Resolver

type Row = dict[str, Any]
PROPOSED = ("action", "key", "by", "item", "missing")


class Beginning:
    """Fills in what is new in a state. ``whole`` reads the contract with all operations: asked for only when needed."""

    def __init__(self, contract: Contract, op: Operation, whole: Callable[[], Contract]) -> None:
        self._contract, self._op, self._whole = contract, op, whole

    def fill(self, state: Row, before: Row) -> None:
        """A new condition asks for something that the operation has; a new callback is the first one declared; where
        there is one collection or upstream, it is meant. What a call does with rows follows from method and path, also
        when another collection is chosen, until it is chosen by hand."""
        old = answer_form.rows(before)
        for key, row in answer_form.rows(state).items():
            if key not in old:
                self._begin(row)
            if "rows_at" in row and row["collection"] != old.get(key, {}).get("collection", ""):
                self._propose(row, old.get(key))

    def _begin(self, row: Row) -> None:
        offered = offers(self._contract, self._op) if "operator" in row else {}
        first = next(((place, offered[place][0]) for place in ("query", "body", "path") if offered.get(place)), None)
        if first and not row["name"] and row["target"] == "query":
            row["target"], row["name"] = first
        elif "send" in row and not row["name"]:
            row["name"] = next(iter(self._op.extra.get("callbacks") or ()), "")
        for name, there in (("collection", self._contract.collections), ("upstream", self._contract.upstreams)):
            if row.get(name) == "" and len(there) == 1:
                row[name] = there[0].name

    def _propose(self, row: Row, old: Row | None) -> None:
        """Puts what fits the operation into the row of a stateful answer, unless a person chose something else."""
        plain = _proposed(Stateful(""))
        before = self._fitting(old["collection"]) if old and old["collection"] else plain
        found = self._fitting(row["collection"])
        if found and _shown(row) in (plain, before):
            row.update(found)

    def _fitting(self, name: str) -> Row | None:
        collection = next((one for one in self._contract.collections if one.name == name), None)
        value = binding.fitting(self._whole(), self._op, collection) if collection else None
        return _proposed(value) if value else None


def _proposed(value: Stateful) -> Row:
    return {name: getattr(value, name) for name in PROPOSED}


def _shown(row: Row) -> Row:
    return {name: row[name].strip() for name in PROPOSED}


def warnings(state: Row, contract: Contract, op: Operation) -> dict[str, str]:
    """By field of stateful answers: what can be saved, and will not do what is meant."""
    found: dict[str, str] = {}
    resolver, collections = Resolver(contract), {one.name: one for one in contract.collections}
    for node in answer_form.rows(state).values():
        row = node["of"]["collection"] if node.get("kind") == "collection" and "of" in node else None
        if row is None or row["collection"] not in collections:
            continue
        texts = {name: row[name].strip() for name in ("answer", "rows_at", "total_at", "status")}
        value, collection = Stateful(row["collection"], row["action"], **texts), collections[row["collection"]]
        if why := family.misfit(resolver, op, value, collection):
            found[f"{row['k']}.action"] = _("The answer cannot show this: %(why)s.") % {"why": told(why)}
        for field, sources in (("collection", reading.partitions(collection)), ("key", [row["key"].strip()])):
            if absent := reading.absent(resolver, op, sources):
                found[f"{row['k']}.{field}"] = _("This endpoint has no %(names)s.") % {"names": ", ".join(absent)}
    return found


def unchosen(state: Row) -> set[str]:
    """The fields in which a collection or an upstream is still to be chosen: no fault before one saves."""
    if state["mode"] != "form":
        return set()
    rows = answer_form.rows(state).items()
    return {f"{key}.{name}" for key, row in rows for name in ("collection", "upstream") if row.get(name) == ""}
