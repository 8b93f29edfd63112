"""Answers from the rows of a collection and changes them: the rows of one place, one call at a time.

All that depends on the contract is told when the responder is compiled. A list whose rows have not changed since it was
last asked for is answered with the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actionstudio.core.behaviour import Collection, Examples, Stateful
from actionstudio.core.collections import query
from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.collections.filters import Filter, Work
from actionstudio.core.collections.filters import compile as compile_filter
from actionstudio.core.problem import Refused
from actionstudio.runtime.answers import slowly
from actionstudio.runtime.arrived import pairs_of
from actionstudio.runtime.negotiation import NOTHING, wish_of
from actionstudio.runtime.partitions import partition_of
from actionstudio.runtime.ports import Full, Place, Table, Write
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders import examples
from actionstudio.runtime.rowanswers import RowAnswers
from actionstudio.runtime.rowdeeds import Bad, Deeds, Gone, Keep, Taken

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

_KEPT = 64  # answers
_SHOWN = 60  # characters of a name in the trail
_IGNORED = 20  # of them
_MANY = 500  # rows: such lists are looked through in a thread
_LARGEST = 1_000_000  # bytes of an answer that is kept
_MOST = 2_000_000  # bytes of all that are


def compile(served: Served, behaviour: Stateful) -> Any:
    """The responder of one operation."""
    house = served.house
    declared = examples.compile(served, Examples(behaviour.status))
    collection = next((one for one in house.contract.collections if one.name == behaviour.collection), None)
    if collection is None or house.store is None or house.hosted is None:
        why = "there is no such collection" if collection is None else "rows are not kept here"
        return _without(declared, behaviour, why)
    return _Responder(served, behaviour, collection, declared).respond


def _without(declared: Callable[[Visit], Prepared], behaviour: Stateful, why: str) -> Callable[[Visit], Prepared]:
    step = {"what": "fallback", "from": f"collection {behaviour.collection}", "why": why}

    def respond(visit: Visit) -> Prepared:
        reply = declared(visit)
        return reply.with_notes({**reply.notes, "trail": [step]})

    return respond


class _Responder:
    """One stateful operation."""

    def __init__(self, served: Served, behaviour: Stateful, collection: Collection, declared: Any) -> None:
        self._house = served.house
        self._store = served.house.store
        self._project = served.house.hosted.project_id
        self._collection = collection
        self._behaviour = behaviour
        self._declared = declared
        self._alone = served.operation.behaviour is behaviour  # within rules a call may have been counted already
        self._answers = RowAnswers(served, behaviour, collection)
        self._deeds = Deeds(served, behaviour, collection)
        self._kept: dict[tuple, tuple[Table, Prepared]] = {}
        self._bytes = 0
        self._act = {"list": self._list, "read": self._read}.get(behaviour.action, self._change)

    def respond(self, visit: Visit) -> Prepared:
        prefer = visit.headers.get("prefer", "")
        if (prefer or "__" in visit.call.query) and wish_of(visit.call, prefer) != NOTHING:
            return self._declared(visit)
        partition = self._collection.partition
        name = partition_of(partition, visit, self._house) if partition else ""
        return self._act(visit, Place(self._project, self._collection, name))

    def _step(self, place: Place, rows: int, key: str | None = None, found: bool = True, **more: Any) -> dict[str, Any]:
        """The trail's entry."""
        step: dict[str, Any] = {"what": "collection", "name": self._collection.name, "partition": place.partition}
        step |= {"action": self._behaviour.action, "rows": rows}
        return step | ({} if key is None else {"key": key, "found": found}) | more

    def _keep(self, key: tuple, table: Table, reply: Prepared) -> Prepared:
        """Remembers an answer for as long as the rows are the same ones; a few megabytes of them."""
        if reply.size <= _LARGEST:
            self._bytes += reply.size
            if len(self._kept) >= _KEPT or self._bytes > _MOST:
                self._kept.clear()
                self._bytes = reply.size
            self._kept[key] = table, reply
        return reply

    def _list(self, visit: Visit, place: Place) -> Prepared:
        call = visit.call
        table = self._store.read(place)
        asked_for = call.query
        if asked_for and not self._answers.links:
            asked_for = self._deeds.asking.matters(asked_for)
        key = (place.partition, call.path, asked_for, visit.headers.get("accept", ""))
        kept = self._kept.get(key)
        if kept is not None and kept[0] is table:
            return kept[1]
        chosen = self._answers.choose(visit)
        if isinstance(chosen, Prepared):
            return chosen
        pairs = pairs_of(call.query)
        asked, problems = self._deeds.asking.read(pairs)
        if problems and self._answers.strict:
            return self._answers.refused(visit, problems)
        if self._alone and len(table.rows) > _MANY:
            slowly()
        asked = replace(asked, tests=(*asked.tests, *self._parents(visit)))
        try:
            found = query.ask(asked, list(table.rows.values()), self._answers.most(chosen))
        except Refused as refused:
            return self._answers.refused(visit, refused.problems)
        step = self._step(place, found.total, filtered=found.filtered, shown=len(found.rows))
        ignored = self._ignored(asked, pairs, table)
        step |= {"ignored": ignored} if ignored else {}
        reply = self._answers.rows(chosen, found, self._deeds.link(call.path, pairs), step, problems)
        return self._keep(key, table, reply)

    def _ignored(self, asked: query.Query, pairs: Any, table: Table) -> list[list[str]]:
        """What of a question has no effect: an order by what no row has, fields that are no declared parameter."""
        rows = table.rows.values()
        nowhere = [path for path, _ in asked.sort if rows and all(at(row, path) is MISSING for row in rows)]
        told = [["sort", path[:_SHOWN]] for path in nowhere]
        return (told + [["filter", name[:_SHOWN]] for name in self._deeds.asking.ignored(pairs)])[:_IGNORED]

    def _read(self, visit: Visit, place: Place) -> Prepared:
        call = visit.call
        table = self._store.read(place)
        asked_for = "" if self._deeds.by_path else call.query
        kept_as = (place.partition, call.path, asked_for, visit.headers.get("accept", ""))
        simple = not call.body and not self._deeds.by_header
        kept = self._kept.get(kept_as) if simple else None
        if kept is not None and kept[0] is table:
            return kept[1]
        chosen = self._answers.choose(visit)
        if isinstance(chosen, Prepared):
            return chosen
        key = self._deeds.key(visit)
        found = self._deeds.find(table, key, self._parents(visit))
        if found is None and self._behaviour.missing != "keep":
            return self._answers.missing(visit, key, self._step(place, len(table.rows), key or "", False))
        row = None if found is None else table.rows[found]
        kept_on = {} if found is not None else {"kept": True}
        step = self._step(place, len(table.rows), key if key is not None else found, found is not None, **kept_on)
        reply = self._answers.row(chosen, row, step)
        return self._keep(kept_as, table, reply) if simple else reply

    def _parents(self, visit: Visit) -> tuple[Callable[[Any], bool], ...]:
        values = visit.values or {}
        return tuple(
            compile_filter(Filter(field, "eq", (values.get(name, ""),)), name, Work())
            for name, field in self._deeds.parents.items()
        )

    def _change(self, visit: Visit, place: Place) -> Prepared:
        """Create, replace, update, delete, clear: all that may go wrong with the answer is looked at before."""
        chosen = self._answers.choose(visit)
        if isinstance(chosen, Prepared):
            return chosen
        asked = self._deeds.read(visit)
        if isinstance(asked, Bad):
            return self._answers.refused(visit, asked.problems)
        parents = self._parents(visit)
        fresh = [str(uuid.uuid4()) for _ in range(max(1, len(asked.items)))]
        before = 0

        def deed(table: Table) -> tuple[Write | None, Any]:
            nonlocal before
            before = len(table.rows)
            return self._deeds.do(table, asked, parents, fresh)

        try:
            done = self._store.change(place, deed)
        except Full as full:
            return self._answers.full(str(full), self._step(place, before, full=str(full)))
        key = asked.key
        if isinstance(done, Bad):
            return self._answers.refused(visit, done.problems)
        if isinstance(done, Taken):
            return self._answers.taken(visit, done.key, self._step(place, before, done.key, True, taken=True))
        if isinstance(done, Gone):
            return self._answers.missing(visit, key, self._step(place, before, key or "", False))
        if isinstance(done, Keep):
            step = self._step(place, before, key or "", False, before=before, after=before, kept=True)
            return self._answers.row(chosen, None, step)
        named = key if self._behaviour.by == "position" and key is not None else done.key
        step = self._step(place, before, named, True, before=before, after=done.after)
        if done.created and self._behaviour.action != "create":
            chosen = self._answers.created(visit) or chosen
        return self._answers.done(chosen, done, self._deeds.link(visit.call.path, []), step)
