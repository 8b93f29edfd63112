"""The older document by which ChatGPT called: which it is, and which faults of a call come of it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.apps.traffic.diagnoses.case import Case, operation_of
from actionstudio.core.call import Call
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.debugging.arguments import in_path
from actionstudio.core.resolve import Resolver
from actionstudio.runtime.reader import Reader
from actionstudio.runtime.sides import components_for
from actionstudio.runtime.visit import Visit

type Item = Mapping[str, Any]


def version(case: Case) -> int:
    """The version that ChatGPT imported, as far as the log tells, when it is older than what answered; else 0."""
    row = case.row
    if row.source != "gpt" or not case.is_call or not row.revision or case.document is None:
        return 0
    had = case.document.revision or 0
    return had if had < row.revision else 0


def contract(case: Case) -> Contract | None:
    """What that version promised; None without one."""
    number = version(case)

    def load() -> Contract | None:
        kept = case.project.revisions.filter(number=number).first()
        return kept.contract() if kept else None

    return case.once(("contract", number), load) if number else None


def knew(case: Case) -> bool:
    """Whether a call that no endpoint answered was right by that version."""
    then = contract(case)
    row = case.row
    return then is not None and any(op.method == row.method and fits(row.path, op.path) for op in then.operations)


def explains(case: Case, item: Item) -> bool:
    """Whether a fault that was found in a call was none by that version: the cure is to import anew, nothing else."""
    then = contract(case)
    op = operation_of(then, case.row.operation_id)
    if then is None or op is None or case.row.decided.get("translation"):
        return False
    if _in_body(item) and case.row.lacks("request"):
        return False  # the log does not hold what was sent
    found = case.once(("older", case.row.pk), lambda: {_key(one) for one in _faults(case, then, op)})
    return _key(item) not in found


def explained(case: Case) -> list[Item]:
    """The faults of a call that its older document explains."""
    return [item for item in case.row.found if item.get("side") != "response" and explains(case, item)]


def fits(path: str, template: str) -> bool:
    """Whether a path has a template's shape."""
    mine, theirs = path.split("/"), template.split("/")
    return len(mine) == len(theirs) and all(
        (there.startswith("{") and here) or here == there for here, there in zip(mine, theirs, strict=True)
    )


def _faults(case: Case, then: Contract, op: Operation) -> tuple[Item, ...]:
    """What that version would have found wrong with the call."""

    def compiled() -> Reader:
        return Reader(Resolver(then), op, components_for("request", then.schemas()))

    row = case.row
    visit = Visit(Call(row.method, row.path, row.query, tuple(case.headers.items()), bytes(row.request_body)))
    visit.values = in_path(op.path, row.path)
    reader = case.once(("reader", version(case), row.operation_id), compiled)
    return reader.read(visit).found


def _in_body(item: Item) -> bool:
    return next(iter(item.get("location", ())), "") == "body"


def _key(item: Item) -> tuple[Any, ...]:
    return (*item.get("location", ()), item.get("code"))
