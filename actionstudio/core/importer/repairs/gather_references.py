"""Repair: what references point into becomes a shared schema of its own (DOC-06)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from actionstudio.core.contract import Component, Contract
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.specs import pointers
from actionstudio.core.words import said

type JSON = Any

_LONGEST = 60  # characters of a name made here
_SMALL = 20  # schemas in a schema that is written out in its place
_OURS = "gather-references"


@repair(title=said("Share what references point into"), order=15, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT follows references to shared schemas only. Here what a reference points to elsewhere, in another endpoint
    or inside another schema, becomes a shared schema of its own; what is small is written out in its place. Calls stay
    the same."""
    gatherer = _Gatherer(contract)
    made = mending.each_schema(contract, gatherer.settled)
    components = list(made.components)
    for name, schema in gatherer.waiting():
        components.append(Component(name, gatherer.settled(schema, f"/components/schemas/{refs.escape(name)}")))
    if gatherer.notes:
        made = replace(made, components=tuple(components))
    return Mended(made, tuple(gatherer.notes))


class _Gatherer:
    def __init__(self, contract: Contract) -> None:
        self._resolver = Resolver(contract)
        self._found: dict[str, JSON] = {}  # what is behind each reference
        self._names: dict[int, str] = {}  # by what is referred to, which _found keeps
        self._taken = set(self._resolver.components)
        self._queue: list[tuple[str, JSON]] = []
        self.notes: list[Note] = []

    def waiting(self) -> Iterator[tuple[str, JSON]]:
        """The schemas found so far, one after another, as long as there are any; each by its new name."""
        while self._queue:
            yield self._queue.pop(0)

    def settled(self, schema: JSON, at: str) -> JSON:
        """``schema`` with its references to shared schemas."""

        def change(node: dict[str, JSON], way: mending.Way) -> dict[str, JSON]:
            target = self._target(node.get("$ref"))
            if target is None:
                return node
            if _is_small(target):
                words = said("What a reference points into was written out in its place.")
                made = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
            else:
                name = self._shared(node["$ref"], target)
                words = said("What a reference points into became the shared schema %(name)s.", name=name)
                made = {**node, "$ref": refs.ref_to(name)}
            self.notes.append(Note(_OURS, mending.pointer_of(at, way), words))
            return made

        return mending.rebuilt(schema, change)

    def _target(self, ref: JSON) -> dict[str, JSON] | None:
        """What ``ref`` leads to; None when that is a shared schema already, or nothing."""
        if not isinstance(ref, str) or not pointers.is_local(ref):
            return None
        name = refs.name_of(ref)
        if name is not None and (refs.ref_to(name) == ref or "/" not in ref.removeprefix(refs.PREFIX)):
            return None
        if ref not in self._found:
            found = self._resolver.find(ref)
            self._found[ref] = ({} if found else {"not": {}}) if isinstance(found, bool) else found
        target = self._found[ref]
        return target if isinstance(target, dict) else None

    def _shared(self, ref: str, target: dict[str, JSON]) -> str:
        """The name of the shared schema that ``target`` became; it waits to be settled itself."""
        if id(target) not in self._names:
            name = mending.fresh(_said_of(ref), self._taken)
            self._taken.add(name)
            self._names[id(target)] = name
            self._queue.append((name, target))
        return self._names[id(target)]


def _is_small(schema: dict[str, JSON]) -> bool:
    """Whether a schema refers to nothing and has little in it."""
    nodes = list(islice(refs.walk(schema), _SMALL + 1))
    return len(nodes) <= _SMALL and not any(key in node for node in nodes for key in refs.REFERENCES)


def _said_of(ref: str) -> str:
    """A name that tells where it was: the last steps of the way, as letters and digits."""
    words = re.findall(r"[A-Za-z0-9]+", "_".join(refs.unescape(step) for step in ref.split("/")[1:]))
    told = [word for word in words if word not in ("components", "schemas", "properties", "paths", "content", "schema")]
    while len(told) > 1 and len("_".join(told)) > _LONGEST:
        del told[0]
    return "_".join(told)[:_LONGEST] or "Shared"
