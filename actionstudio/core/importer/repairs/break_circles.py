"""Repair: shared schemas do not go in circles (DOC-05)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any
type Names = Mapping[tuple[str, int], str]

DEPTH = 3
_DEEPEST = 6
_CUT = {"description": "Deeper levels are left out."}


@repair(title=said("Break circles of schemas"), order=44)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT refuses a document whose shared schemas lead back to themselves, such as a comment with answers that are
    comments. Here they are written out some levels deep (three, unless you choose another depth); below, any value
    of that kind is allowed. Calls stay the same."""
    shared = mending.used(contract)
    circles = _Circles.of(contract, shared)
    if not circles.group:
        return Mended(contract)
    depth = options.get("depth") if isinstance(options, Mapping) else None
    depth = depth if isinstance(depth, int) and 1 <= depth <= _DEEPEST else DEPTH
    made = circles.unrolled(depth)
    while depth > 1 and len(orjson.dumps(made)) > limits.DOCUMENT_BYTES:
        depth -= 1
        made = circles.unrolled(depth)
    out = mending.components(contract, made)
    out = mending.components(out, mending.used(out))
    notes = tuple(
        Note("break-circles", f"/components/schemas/{refs.escape(name)}", _told(name, depth)) for name in circles.group
    )
    return Mended(out, notes)


def _told(name: str, depth: int) -> str:
    return said("“%(name)s” leads back to itself; it is written out %(depth)s levels deep.", name=name, depth=depth)


@dataclass
class _Circles:
    """The shared schemas, ``group`` the circle that each belongs to, ``order`` who is met first."""

    shared: Mapping[str, JSON]
    order: dict[str, int]
    group: dict[str, int]

    @classmethod
    def of(cls, contract: Contract, shared: Mapping[str, JSON]) -> _Circles:
        ways = {name: sorted(refs.refs(schema) & shared.keys()) for name, schema in shared.items()}
        starts = [name for root in mending.roots(contract) for name in sorted(refs.refs(root)) if name in shared]
        order, finished = _met([*starts, *shared], ways)
        back: dict[str, list[str]] = {name: [] for name in shared}
        for name, targets in ways.items():
            for target in targets:
                back[target].append(name)
        group: dict[str, int] = {}
        for name in reversed(finished):  # Kosaraju's way to strongly connected components
            if name not in group:
                todo, number = [name], order[name]
                while todo:
                    one = todo.pop()
                    if one not in group:
                        group[one] = number
                        todo += back[one]
        sizes: dict[int, int] = {}
        for number in group.values():
            sizes[number] = sizes.get(number, 0) + 1
        circular = {name: n for name, n in group.items() if sizes[n] > 1 or name in ways[name]}
        return cls(shared, order, {name: circular[name] for name in shared if name in circular})

    def unrolled(self, depth: int) -> dict[str, JSON]:
        """The shared schemas, those in circles once per level."""
        taken = set(self.shared)
        names: dict[tuple[str, int], str] = {}
        for level in range(1, depth + 1):
            for name in self.group:
                made = name if level == 1 else mending.fresh(f"{name}_{level}", taken)
                taken.add(made)
                names[name, level] = made
        out = {name: schema for name, schema in self.shared.items() if name not in self.group}
        for (name, level), made in names.items():
            out[made] = mending.rebuilt(self.shared[name], self._leader(name, level, names))
        return out

    def _leader(self, name: str, level: int, names: Names) -> Callable[[dict[str, JSON], mending.Way], dict[str, JSON]]:
        return lambda node, way: self._led(node, name, level, names)

    def _led(self, node: dict[str, JSON], name: str, level: int, names: Names) -> dict[str, JSON]:
        """The references of one schema object led to the right level."""
        for key in refs.REFERENCES:
            target = refs.name_of(node.get(key))
            if target is None or self.group.get(target) != self.group[name]:
                continue
            below = level if self.order[target] > self.order[name] else level + 1
            led = names.get((target, below))
            if led is None:
                node = {**self._cut(target), **{word: value for word, value in node.items() if word != key}}
            elif led != target:
                node = {**node, key: refs.ref_to(led)}
        return node

    def _cut(self, target: str) -> dict[str, JSON]:
        """What stands for a schema that is not written out any more: an object where that is one, else any value."""
        if mending.types_of(self.shared[target]) != ("object",):
            return _CUT
        return {"type": "object", "description": f"A deeper {target}, whose fields are not written out."}


def _met(starts: list[str], ways: Mapping[str, list[str]]) -> tuple[dict[str, int], list[str]]:
    """Depth first: when each schema is met, and in which order they are finished."""
    order: dict[str, int] = {}
    finished: list[str] = []
    for start in starts:
        if start in order:
            continue
        order[start] = len(order)
        stack = [(start, iter(ways[start]))]
        while stack:
            name, rest = stack[-1]
            target = next((one for one in rest if one not in order), None)
            if target is None:
                finished.append(name)
                stack.pop()
                continue
            order[target] = len(order)
            stack.append((target, iter(ways[target])))
    return order, finished
